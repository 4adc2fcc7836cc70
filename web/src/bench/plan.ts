// What is done to each layer: networks and their blocks, a switch for each layer and column, and why some are locked.
import { h, setAttribute, setText } from "../instruments/shared/html";
import type { Plan, PlanRow } from "../protocol";
import { capital, rich } from "../rich";
import type { Turn } from "./controls";
import { RowView, reasonsOf } from "./plan_rows";

/** "filter, block 1": the network, and the block in it. */
function placeOf({ group }: PlanRow): [string, string] {
  const [network = "", ...block] = group.split(", ");
  return [network, block.join(", ")];
}

/** Switches of one network and column: all of them, or none when all are on. */
class All {
  readonly element = h("button", { type: "button", class: "quiet small plan-all" });
  private knobs: Record<string, boolean> = {};

  constructor(private readonly network: string, private readonly column: Plan["columns"][number], turn: Turn) {
    this.element.addEventListener("click", () => turn(this.knobs, true));
  }

  paint(rows: PlanRow[]): void {
    const cells = rows.flatMap(({ cells: all }) => all.filter((cell) => cell?.column === this.column.id && cell.free)).filter((cell) => cell !== null);
    const on = cells.every((cell) => cell.on);
    this.knobs = Object.fromEntries(cells.filter((cell) => cell.on === on).map((cell) => [cell.knob, !on]));
    this.element.hidden = cells.length < 2;
    setText(this.element, on ? "none" : "all");
    setAttribute(this.element, "aria-label", `${this.column.label}: ${on ? "none" : "all"} of ${this.network}`);
  }
}

export class PlanView {
  readonly element = h("section", { class: "plan", "aria-labelledby": "plan-title", hidden: true });
  private readonly title = h("h3", { id: "plan-title" });
  private readonly tally = h("p", { class: "plan-tally", role: "status" });
  private readonly body = h("div", {});
  private readonly notes = h("ol", { class: "plan-notes" });
  private rows = new Map<string, RowView>();
  private all: { network: string; one: All }[] = [];
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
    for (const row of plan.rows) this.rows.get(row.id)?.paint(row, reasons);
    for (const { network, one } of this.all) one.paint(plan.rows.filter((row) => placeOf(row)[0] === network));
    setText(this.tally, plan.columns.map((column) => counted(plan, column)).join(" · "));
    this.notes.hidden = reasons.size === 0;
    this.notes.replaceChildren(...[...reasons].map(([why, number]) => h("li", { id: `plan-why-${number}` }, ...rich(capital(why)))));
  }

  refuse(field: string, message: string): boolean {
    const knob = field.replace(/^knobs\./, "");
    return [...this.rows.values()].some((row) => row.refuse(knob, message));
  }

  /** The elements are kept while the layers stay, so that focus stays on the switch that was turned. */
  private build(plan: Plan): void {
    const shape = JSON.stringify([plan.columns, plan.rows.map(({ id, group, cells }) => [id, group, cells.map((cell) => cell?.knob)])]);
    if (shape === this.shape) return;
    this.shape = shape;
    this.element.style.setProperty("--plan-columns", String(plan.columns.length));
    this.rows = new Map(plan.rows.map((row) => [row.id, new RowView(row, plan, this.turn)]));
    const networks = [...new Set(plan.rows.map((row) => placeOf(row)[0]))];
    this.all = networks.flatMap((network) => plan.columns.map((column) => ({ network, one: new All(network, column, this.turn) })));
    this.body.replaceChildren(...networks.map((network) => this.network(network, plan)));
  }

  private network(network: string, plan: Plan): HTMLElement {
    const rows = plan.rows.filter((row) => placeOf(row)[0] === network);
    const heads = plan.columns.map(({ label }, i) => h("span", { class: "plan-column" }, h("span", {}, label), this.all.filter((one) => one.network === network)[i]?.one.element));
    const blocks = [...new Set(rows.map((row) => placeOf(row)[1]))].map((block) => {
      const members = rows.filter((row) => placeOf(row)[1] === block).map((row) => this.rows.get(row.id)?.element);
      const list = h("ul", { role: "list", "aria-label": [network, block].filter(Boolean).join(", ") }, ...members);
      return h("div", { class: block ? "plan-block" : "plan-block plan-whole" }, block ? h("p", { class: "plan-block-name" }, block) : null, list);
    });
    return h("div", { class: "plan-network" }, h("div", { class: "plan-head" }, h("h4", {}, capital(network)), ...heads), ...blocks);
  }
}

function counted({ rows }: Plan, { id, label }: Plan["columns"][number]): string {
  const cells = rows.flatMap((row) => row.cells.filter((cell) => cell?.column === id));
  return `${label}: ${cells.filter((cell) => cell?.on).length} of ${cells.length}`;
}
