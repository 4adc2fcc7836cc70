// The events of the frame by their excess; each is a button that has the timeline look at it.
import { digits, si } from "../instruments/shared/format";
import { signed } from "../instruments/lanes/describe";
import { h } from "../instruments/shared/html";
import type { KernelTable } from "../protocol";
import type { Turn } from "./controls";

const first = 8; // rows that are shown at once

type Row = KernelTable["rows"][number];

function cell(row: Row, { id, unit }: KernelTable["columns"][number]): HTMLElement {
  const value = row[id];
  if (typeof value === "number") {
    const text = id === "excess" ? signed(value) : value === 0 && id === "median" ? "–" : unit ? si(value, unit) : digits(value, 6);
    return h("td", { class: id === "excess" ? "num excess" : "num" }, text);
  }
  return h("td", {}, value === null || value === undefined ? "" : String(value));
}

export class EventsTable {
  readonly element = h("div", { class: "events-of-frame" });
  private readonly more = h("button", { type: "button", class: "quiet small", "data-action": "all-events" });
  private all = false;
  private shown = "";
  private table: KernelTable | null = null;
  private selected: string | null = null;

  constructor(private readonly turn: Turn) {
    this.more.addEventListener("click", () => {
      this.all = !this.all;
      this.draw();
    });
  }

  paint(table: KernelTable, selected: string | null): void {
    const now = JSON.stringify([table, selected]);
    if (now === this.shown) return;
    this.shown = now;
    [this.table, this.selected] = [table, selected];
    this.draw();
  }

  private draw(): void {
    const { table } = this;
    if (!table) return;
    const scrolled = this.element.querySelector(".scroll")?.scrollLeft ?? 0;
    const focused = document.activeElement?.getAttribute("data-event") ?? null;
    const columns = table.columns.filter(({ id }) => id !== "name" && id !== "detail");
    const order = ["excess", "time", "median", "start", "row", "stage"];
    columns.sort((a, b) => order.indexOf(a.id) - order.indexOf(b.id));
    const name = table.columns.find(({ id }) => id === "name")?.label ?? "event";
    const numeric = new Set(["excess", "time", "median", "start"]);
    const head = h("tr", {}, h("th", { scope: "col" }, name), ...columns.map(({ id, label }) => h("th", { scope: "col", class: numeric.has(id) ? "num" : null }, label)));
    const rows = table.rows.slice(0, this.all ? table.rows.length : first).map((row) => this.row(row, columns));
    const grid = h("table", {}, h("caption", { class: "sr" }, "Events of the frame, the most excess first"), h("thead", {}, head), h("tbody", {}, ...rows));
    const region = h("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "Events of the frame, scrolls sideways" }, grid);
    this.more.textContent = this.all ? `Only the first ${first}` : `All ${table.rows.length} that are listed`;
    this.element.replaceChildren(region, ...(table.rows.length > first ? [this.more] : []));
    region.scrollLeft = scrolled;
    if (focused !== null) [...region.querySelectorAll<HTMLElement>("[data-event]")].find((button) => button.dataset.event === focused)?.focus({ preventScroll: true });
  }

  private row(row: Row, columns: KernelTable["columns"]): HTMLElement {
    const id = String(row.id);
    const picked = id === this.selected;
    const button = h("button", { type: "button", class: "event", "data-event": id, "aria-pressed": String(picked) }, String(row.name));
    button.addEventListener("click", () => this.turn({ event: picked ? "none" : id }, true));
    const detail = row.detail ? [h("small", {}, String(row.detail))] : [];
    return h("tr", { class: picked ? "picked" : null }, h("th", { scope: "row" }, button, ...detail), ...columns.map((column) => cell(row, column)));
  }
}
