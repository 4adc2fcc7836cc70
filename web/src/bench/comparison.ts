// A small table in words: what stood before beside what stands now, and the change.
import { h } from "../instruments/shared/html";
import type { Comparison } from "../protocol";
import { rich, tied } from "../rich";

export function comparisonTable({ title, columns, rows }: Comparison): HTMLElement {
  const changes = rows.some(({ change }) => change);
  const head = [...columns.map(({ label }) => tied(label)), ...(changes ? ["Change"] : [])].map((label) => h("th", { scope: "col", class: "num" }, label));
  const body = rows.map(({ id, label, cells, change }) => {
    const values = cells.map((cell) => h("td", { class: "num" }, tied(cell)));
    return h("tr", { "data-row": id }, h("th", { scope: "row" }, ...rich(label)), ...values, changes ? h("td", { class: "num change" }, tied(change ?? "")) : null);
  });
  const grid = h("table", {}, h("caption", { class: "sr" }, title), h("thead", {}, h("tr", {}, h("td", {}), ...head)), h("tbody", {}, ...body));
  return h("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": title }, grid);
}

export class ComparisonView {
  readonly element = h("section", { class: "comparison", hidden: true });
  private shown = "";

  paint(comparison: Comparison | null): void {
    const now = JSON.stringify(comparison);
    if (now === this.shown) return;
    this.shown = now;
    this.element.hidden = comparison === null;
    if (!comparison) return;
    const note = comparison.note ? h("p", { class: "comparison-note" }, ...rich(comparison.note)) : null;
    this.element.replaceChildren(h("h2", {}, comparison.title), comparisonTable(comparison), note ?? "");
  }
}
