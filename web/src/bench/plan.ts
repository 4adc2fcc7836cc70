// What is done to each layer: networks and their blocks, a switch for each layer and column, and why some are locked.
import { h, setAttribute, setText } from "../instruments/shared/html";
import type { Plan, PlanCell, PlanRow } from "../protocol";
import { capital, rich } from "../rich";
import type { Turn } from "./controls";
import { type Reasons, RowView, reasonsOf } from "./plan_rows";

/** "filter, block 1": the network, and the block in it. */
function placeOf({ group }: PlanRow): [string, string] {
  const [network = "", ...block] = group.split(", ");
  return [network, block.join(", ")];
}

const few = 12; // layers that are all in sight at once

type Column = Plan["columns"][number];

const cellsOf = (rows: PlanRow[], { id }: Column): PlanCell[] => rows.flatMap((row) => row.cells.flatMap((cell) => (cell?.column === id ? [cell] : [])));
const tallyOf = (cells: PlanCell[]): string => `${cells.filter((cell) => cell.on).length} of ${cells.length}`;

/** One column of a network: how many of its switches are on, and all of them at once. */
class ColumnHead {
  readonly element: HTMLElement;
  private readonly tally = h("b", {});
  private readonly button = h("button", { type: "button", class: "quiet small plan-all" });
  private knobs: Record<string, boolean> = {};

  constructor(private readonly network: string, private readonly column: Column, turn: Turn) {
    this.element = h("span", { class: "plan-column" }, h("span", {}, column.label), this.tally, this.button);
    this.button.addEventListener("click", () => turn(this.knobs, true));
  }

  paint(rows: PlanRow[]): void {
    const cells = cellsOf(rows, this.column);
    const free = cells.filter((cell) => cell.free);
    const on = free.every((cell) => cell.on);
    this.knobs = Object.fromEntries(free.filter((cell) => cell.on === on).map((cell) => [cell.knob, !on]));
    this.button.hidden = free.length < 2;
    setText(this.tally, cells.length ? tallyOf(cells) : "–");
    setText(this.button, on ? "none" : "all");
    setAttribute(this.button, "aria-label", `${this.column.label}: ${on ? "none" : "all"} of ${this.network}`);
  }
}

/** One network: its columns at once, and under them, open or closed, its layers. */
class Network {
  readonly element: HTMLElement;
  private readonly heads: ColumnHead[];
  private readonly rows: Map<string, RowView>;
  private readonly layers: HTMLElement;
  private readonly button: HTMLButtonElement;

  constructor(private readonly name: string, plan: Plan, turn: Turn) {
    const rows = this.own(plan);
    this.heads = plan.columns.map((column) => new ColumnHead(name, column, turn));
    this.rows = new Map(rows.map((row) => [row.id, new RowView(row, plan, turn)]));
    const blocks = [...new Set(rows.map((row) => placeOf(row)[1]))].map((block) => {
      const members = rows.filter((row) => placeOf(row)[1] === block).map((row) => this.rows.get(row.id)?.element);
      const list = h("ul", { role: "list", "aria-label": [name, block].filter(Boolean).join(", ") }, ...members);
      return h("div", { class: block ? "plan-block" : "plan-block plan-whole" }, block ? h("p", { class: "plan-block-name" }, block) : null, list);
    });
    this.layers = h("div", { id: `plan-${name.replace(/\W+/g, "-")}` }, ...blocks);
    this.button = h("button", { type: "button", class: "plan-open", "aria-controls": this.layers.id, "data-network": name }, capital(name), h("small", {}, `${rows.length} layers`));
    this.button.addEventListener("click", () => this.open(this.layers.hidden));
    this.element = h("div", { class: "plan-network" }, h("div", { class: "plan-head" }, h("h4", {}, this.button), ...this.heads.map((one) => one.element)), this.layers);
  }

  open(open: boolean): void {
    this.layers.hidden = !open;
    setAttribute(this.button, "aria-expanded", String(open));
  }

  paint(plan: Plan, reasons: Reasons): void {
    const rows = this.own(plan);
    for (const row of rows) this.rows.get(row.id)?.paint(row, reasons);
    for (const one of this.heads) one.paint(rows);
  }

  refuse(knob: string, message: string): boolean {
    const refused = [...this.rows.values()].some((row) => row.refuse(knob, message));
    if (refused) this.open(true);
    return refused;
  }

  private own({ rows }: Plan): PlanRow[] {
    return rows.filter((row) => placeOf(row)[0] === this.name);
  }
}

export class PlanView {
  readonly element = h("section", { class: "plan", "aria-labelledby": "plan-title", hidden: true });
  private readonly title = h("h3", { id: "plan-title" });
  private readonly tally = h("p", { class: "plan-tally", role: "status" });
  private readonly body = h("div", {});
  private readonly notes = h("ol", { class: "plan-notes" });
  private networks: Network[] = [];
  private shape = "";

  constructor(private readonly turn: Turn) {
    this.element.append(h("div", { class: "plan-top" }, this.title, this.tally), this.body, this.notes);
  }

  paint(plan: Plan | null): void {
    this.element.hidden = plan === null;
    if (!plan) return;
    this.build(plan);
    setText(this.title, plan.title);
    const reasons = reasonsOf(plan);
    for (const network of this.networks) network.paint(plan, reasons);
    setText(this.tally, plan.columns.map((column) => `${column.label}: ${tallyOf(cellsOf(plan.rows, column))}`).join(" · "));
    this.notes.hidden = reasons.size === 0;
    this.notes.replaceChildren(...[...reasons].map(([why, number]) => h("li", { id: `plan-why-${number}` }, ...rich(capital(why)))));
  }

  refuse(field: string, message: string): boolean {
    const knob = field.replace(/^knobs\./, "");
    return this.networks.some((network) => network.refuse(knob, message));
  }

  /** The elements are kept while the layers stay, so that focus stays on the switch that was turned. */
  private build(plan: Plan): void {
    const shape = JSON.stringify([plan.columns, plan.rows.map(({ id, group, cells }) => [id, group, cells.map((cell) => cell?.knob)])]);
    if (shape === this.shape) return;
    this.shape = shape;
    this.element.style.setProperty("--plan-columns", String(plan.columns.length));
    const names = [...new Set(plan.rows.map((row) => placeOf(row)[0]))];
    this.networks = names.map((name) => new Network(name, plan, this.turn));
    this.networks.forEach((network, i) => network.open(i === 0 || plan.rows.length <= few));
    this.body.replaceChildren(...this.networks.map((network) => network.element));
  }
}
