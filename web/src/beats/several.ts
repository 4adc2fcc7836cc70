// Several options and what the engine says of each: what was said, what is so, the most it can add, and why.
import { time } from "../instruments/shared/format";
import { h } from "../instruments/shared/html";
import type { Several } from "../protocol";
import { capital, rich } from "../rich";

const said = (yes: boolean): string => (yes ? "yes" : "no");

function item({ text, yours, correct, reach, why }: Several["rows"][number]): HTMLElement {
  const right = yours === correct;
  const icon = h("span", { class: "icon", "aria-hidden": "true" }, right ? "✓" : "✕");
  const most = reach === null ? "" : `, at most ${time(reach)} more`;
  const small = h("small", {}, `${right ? "" : "Not so: "}you said ${said(yours)}, the engine says ${said(correct)}${most}`);
  return h("li", { class: "answer", "data-right": String(right) }, icon, h("div", {}, h("p", {}, h("b", {}, ...rich(capital(text)))), small, h("p", { class: "why" }, ...rich(capital(why)), /[.!?]$/.test(why) ? "" : ".")));
}

export function severalSection(several: Several): HTMLElement {
  const right = several.rows.filter((row) => row.yours === row.correct).length;
  const tally = h("p", { class: "eyebrow" }, `${right} of ${several.rows.length} told apart`);
  return h("section", { class: "reveal-block several" }, tally, h("h2", {}, ...rich(several.question)), h("ul", { class: "answers", role: "list" }, ...several.rows.map(item)), h("p", { class: "feedback" }, ...rich(several.feedback)));
}
