// The ledger: what was said and done, verified, to take away or print.
import optimizations from "#instruments/optimizations";
import { optimizationsTable, owedTitle } from "../bench/algorithm_tables";
import { Figure } from "../bench/figure";
import { triesTable } from "../bench/tries";
import { download } from "../download";
import { h } from "../instruments/shared/html";
import { runsTable } from "../bench/runs_table";
import type { LedgerContent, LedgerEvent, LedgerSection, Message, ViewOf } from "../protocol";
import type { ScreenKind } from "../screen";
import { NextStep } from "../shell/next_step";

function clockTime(when: LedgerEvent["time"]): string {
  const date = new Date(typeof when === "number" ? when * 1000 : when);
  return Number.isNaN(date.getTime()) ? String(when) : date.toLocaleTimeString("en-GB");
}

function row(event: LedgerEvent): HTMLElement {
  return h(
    "tr",
    {},
    h("td", { class: "num" }, String(event.seq)),
    h("td", { class: "when" }, clockTime(event.time)),
    h("td", {}, h("span", { class: "kind" }, event.kind)),
    h("td", { class: "what" }, event.summary),
    h("td", {}, h("code", {}, event.hash.slice(0, 8))),
  );
}

function table(events: LedgerEvent[]): HTMLElement {
  const head = ["#", "Time", "Kind", "What", "Hash"].map((title) => h("th", { scope: "col", class: title === "#" ? "num" : null }, title));
  const grid = h("table", { class: "events" }, h("caption", { class: "sr" }, "Events of this ledger"), h("thead", {}, h("tr", {}, ...head)), h("tbody", {}, ...events.map(row)));
  return h("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "Events of this ledger" }, grid);
}

function badge(verified: boolean): HTMLElement {
  const words = verified ? "Chain verified: no event was changed after it was written." : "The chain is broken: an event was changed after it was written.";
  return h("p", { class: "badge", "data-verified": String(verified) }, h("span", { class: "icon", "aria-hidden": "true" }, verified ? "✓" : "▲"), words);
}

/** "Start over", which asks once before it does so. */
function startOver(send: (message: Message) => void): HTMLElement {
  const ask = h("button", { type: "button", class: "quiet", "data-action": "restart" }, "Start over");
  const yes = h("button", { type: "button", class: "quiet", "data-action": "restart-confirm" }, "Yes, start a new ledger");
  const no = h("button", { type: "button", class: "quiet" }, "No, stay here");
  const question = h("div", { class: "confirm", role: "group", "aria-label": "Start over?", hidden: true }, h("p", {}, "Start over in a new ledger? This one is kept as it is."), yes, no);
  const toggle = (asking: boolean): void => {
    question.hidden = !asking;
    ask.hidden = asking;
    (asking ? yes : ask).focus();
  };
  ask.addEventListener("click", () => toggle(true));
  no.addEventListener("click", () => toggle(false));
  yes.addEventListener("click", () => send({ type: "restart" }));
  return h("div", { class: "restart" }, ask, question);
}

function tools(content: LedgerContent, id: string, send: (message: Message) => void): HTMLElement {
  const save = h("button", { type: "button", class: "quiet", "data-action": "download" }, "Download as JSON");
  const print = h("button", { type: "button", class: "quiet" }, "Print");
  save.addEventListener("click", () => download(`ironlaw-${id.slice(0, 8)}.json`, "application/json", JSON.stringify(content.export, null, 1)));
  print.addEventListener("click", () => window.print());
  return h("div", { class: "ledger-tools" }, save, print, startOver(send));
}

type Stops = (() => void)[];

/** The mission taken apart, as the part left it. */
function pictureOf({ title, optimizations: picture }: LedgerSection, index: number, stops: Stops): HTMLElement | null {
  if (!picture) return null;
  const figure = new Figure({ id: `optimizations-${index + 1}`, title: owedTitle, widget: optimizations });
  figure.show(picture, { peeks: picture.peek ? [picture.peek] : [], description: title, table: () => optimizationsTable(picture) });
  stops.push(() => figure.stop());
  return figure.element;
}

function section(part: LedgerSection, index: number, stops: Stops): HTMLElement {
  const { title, summary, runs, tries } = part;
  const facts = summary.map(({ label, value }) => {
    const letters = String(value).length;
    return h("div", { class: letters > 64 ? "sentence" : letters > 26 ? "phrase" : null }, h("dt", {}, label), h("dd", {}, String(value)));
  });
  const table = runs?.rows.length ? runsTable(runs) : null;
  const attempts = tries?.length ? triesTable(tries) : null;
  return h("section", { class: "ledger-part", "aria-label": title }, h("h2", {}, title), h("dl", { class: "summary" }, ...facts), table, attempts, pictureOf(part, index, stops));
}

function page(view: ViewOf<"ledger">, send: (message: Message) => void, stops: Stops): HTMLElement {
  const { content } = view;
  return h(
    "div",
    { class: "ledger" },
    h("p", { class: "eyebrow" }, `Ledger ${view.ledger.id.slice(0, 8)}`),
    h("h1", { tabindex: "-1" }, content.heading),
    badge(content.verified),
    ...content.sections.map((part, i) => section(part, i, stops)),
    h("h2", {}, "What happened"),
    table(content.events),
    tools(content, view.ledger.id, send),
  );
}

export const ledger: ScreenKind<"ledger"> = {
  key: (view) => `${view.ledger.id}|${view.ledger.head}|${view.content.events.length}`,
  open(view, stage) {
    const next = new NextStep(stage.send);
    const stops: Stops = [];
    stage.main.append(page(view, stage.send, stops), next.element);
    return { paint: (now) => next.paint(now.next), stop: () => stops.forEach((stop) => stop()) };
  },
};
