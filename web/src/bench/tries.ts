// The attempts at a challenge: where each was made, and the number that refuted or carried it.
import { h } from "../instruments/shared/html";
import type { Try } from "../protocol";
import { capital, rich, tied } from "../rich";

const verdictOf = (proved: boolean): string => (proved ? "proved" : "refused");

/** One attempt a line, the last first. */
export function triesList(tries: Try[]): HTMLElement {
  const items = [...tries].reverse().map(({ number, label, proved, text }) => {
    const icon = h("span", { class: "icon", "aria-hidden": "true" }, proved ? "✓" : "✕");
    const head = h("small", {}, `Attempt ${number}, ${verdictOf(proved)}: ${tied(label)}`);
    return h("li", { "data-try": number, "data-proved": String(proved), "data-right": String(proved), class: "answer" }, icon, h("div", {}, head, h("p", {}, ...rich(capital(text)))));
  });
  return h("ol", { class: "answers tries", role: "list" }, ...items);
}

export function triesTable(tries: Try[]): HTMLElement {
  const head = ["#", "Where", "Verdict", "What decided it"].map((title, i) => h("th", { scope: "col", class: i ? null : "num" }, title));
  const rows = tries.map(({ number, label, proved, text }) => {
    const verdict = h("td", {}, h("span", { "aria-hidden": "true" }, proved ? "✓ " : "✕ "), verdictOf(proved));
    return h("tr", { "data-try": number, "data-proved": String(proved) }, h("th", { scope: "row", class: "num" }, String(number)), h("td", {}, tied(label)), verdict, h("td", { class: "what" }, ...rich(capital(text))));
  });
  const grid = h("table", { class: "tries-table" }, h("caption", { class: "sr" }, "Attempts at the challenge"), h("thead", {}, h("tr", {}, ...head)), h("tbody", {}, ...rows));
  return h("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "Attempts at the challenge" }, grid);
}
