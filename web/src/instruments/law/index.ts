// The Iron Law as one bar: the terms of the step, which add up to the number beside it.
import { digits, roundedParts, timeUnit } from "../shared/format";
import { h, setAttribute, setText } from "../shared/html";
import { type Painter, widget } from "../shared/mount";
import css from "./law.css?inline";
import type { Law } from "./types";

// A term keeps its pattern whatever its place in the bar.
const known: Record<string, number> = { memory: 0, compute: 1, link: 2, launch: 3, dispatch: 4 };

interface Term {
  segment: HTMLElement;
  item: HTMLElement;
  value: HTMLElement;
}

function termOf(id: string, label: string, pattern: number): Term {
  const segment = h("i", { class: `il-law-${pattern}` });
  const value = h("b");
  const swatch = h("span", { class: `il-law-swatch il-law-${pattern}`, "aria-hidden": "true" });
  const item = h("li", { "data-term": id }, swatch, h("span", {}, label), value);
  return { segment, item, value };
}

function numbers(law: Law): { total: string; unit: string; parts: string[]; range: string } {
  const { scale, unit } = timeUnit(law.total);
  const whole = law.total / scale;
  const decimals = whole >= 100 ? 0 : whole >= 10 ? 1 : 2;
  const parts = roundedParts(law.terms.map((term) => term.time / scale), whole, decimals);
  const inUnit = (time: number): string => (time / scale).toFixed(decimals);
  const range = law.low !== undefined && law.high !== undefined ? `${inUnit(law.low)} and ${inUnit(law.high)}` : "";
  return { total: whole.toFixed(decimals), unit, parts: parts.map((part) => part.toFixed(decimals)), range };
}

class LawPainter implements Painter<Law> {
  private readonly total = h("b", { class: "il-law-total" });
  private readonly bar = h("div", { class: "il-law-bar", role: "img" });
  private readonly legend = h("ul", { class: "il-law-legend", role: "list" });
  private readonly range = h("span", { class: "il-law-range" });
  private terms = new Map<string, Term>();

  constructor(root: HTMLElement) {
    root.classList.add("il-law");
    const head = h("div", { class: "il-law-head" }, this.total, h("span", { class: "il-law-what" }, "a step"));
    root.append(head, this.bar, h("div", { class: "il-law-foot" }, this.legend, this.range));
  }

  paint(law: Law): void {
    this.build(law);
    const { total, unit, parts, range } = numbers(law);
    setText(this.total, `${total}\u202f${unit}`);
    setText(this.range, range ? `${law.rests_on ?? ""} between ${range}\u202f${unit}` : "");
    const spoken = law.terms.map((term, i) => `${term.label} ${parts[i]}`).join(", ");
    setAttribute(this.bar, "aria-label", `One step takes ${total} ${unit}: ${spoken} ${unit}`);
    law.terms.forEach((term, i) => {
      const { segment, item, value } = this.terms.get(term.id) as Term;
      const share = law.total > 0 ? term.time / law.total : 0;
      segment.style.flexGrow = String(Math.max(share, 0));
      segment.hidden = share <= 0;
      item.title = `${digits(share * 100)} % of the step`;
      setText(value, `${parts[i]}\u202f${unit}`);
    });
  }

  private build(law: Law): void {
    const ids = law.terms.map((term) => term.id).join(" ");
    if (ids === [...this.terms.keys()].join(" ")) return;
    const free = [5, 6, 2, 3, 4].filter((pattern) => !law.terms.some((term) => known[term.id] === pattern));
    const pattern = (id: string): number => known[id] ?? free.shift() ?? 5;
    const made = law.terms.map((term) => [term.id, this.terms.get(term.id) ?? termOf(term.id, term.label, pattern(term.id))] as const);
    this.terms = new Map(made);
    const terms = [...this.terms.values()];
    this.bar.replaceChildren(...terms.map((term) => term.segment));
    this.legend.replaceChildren(...terms.map((term) => term.item));
  }
}

export default widget<Law>(css, (root) => new LawPainter(root));
