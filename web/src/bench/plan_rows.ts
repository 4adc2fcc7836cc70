// One layer of a plan: its name, and a switch for each thing that may be done to it.
import { h, setAttribute, setText } from "../instruments/shared/html";
import type { Plan, PlanCell, PlanRow } from "../protocol";
import { rich } from "../rich";
import type { Turn } from "./controls";

export type Reasons = Map<string, number>; // why something is locked, and the number of its note

/** Each reason once, numbered in the order of the rows. */
export function reasonsOf({ rows }: Plan): Reasons {
  const locked = rows.flatMap(({ cells }) => cells.flatMap((cell) => (cell && !cell.free && cell.why ? [cell.why] : [])));
  return new Map([...new Set(locked)].map((why, i) => [why, i + 1]));
}

class Switch {
  readonly element: HTMLElement;
  private readonly input: HTMLInputElement;
  private readonly note = h("sup", { "aria-hidden": "true" });
  private cell: PlanCell;

  constructor(cell: PlanCell, label: string, turn: Turn) {
    this.cell = cell;
    this.input = h("input", { type: "checkbox", role: "switch", "aria-label": label, "data-plan": cell.knob });
    this.element = h("span", { class: "plan-cell" }, this.input, this.note);
    this.input.addEventListener("click", (event) => !this.cell.free && event.preventDefault());
    this.input.addEventListener("change", () => turn({ [cell.knob]: this.input.checked }, true));
  }

  paint(cell: PlanCell, reasons: Reasons): void {
    this.cell = cell;
    this.input.checked = cell.on;
    const number = cell.free || !cell.why ? undefined : reasons.get(cell.why);
    setAttribute(this.input, "aria-disabled", String(!cell.free));
    if (number) this.input.setAttribute("aria-describedby", `plan-why-${number}`);
    else this.input.removeAttribute("aria-describedby");
    setText(this.note, number ? String(number) : "");
    this.input.title = cell.why ?? "";
  }

  /** Puts the switch back to where the engine has it. */
  restore(): void {
    this.input.checked = this.cell.on;
  }
}

export class RowView {
  readonly element: HTMLElement;
  private readonly switches = new Map<string, Switch>();
  private readonly detail = h("small", {});
  private readonly problem = h("p", { class: "problem", role: "alert" });
  private said = "";

  constructor(row: PlanRow, { columns }: Plan, turn: Turn) {
    const cells = columns.map(({ id, label }) => {
      const cell = row.cells.find((one) => one?.column === id);
      if (!cell) return h("span", { class: "plan-cell", "aria-hidden": "true" }, "–");
      const one = new Switch(cell, `${row.group}, ${row.label}: ${label}`, turn);
      this.switches.set(cell.knob, one);
      return one.element;
    });
    this.element = h("li", { class: "plan-row", "data-plan-row": row.id }, h("span", { class: "plan-name" }, h("span", {}, row.label), this.detail), ...cells, this.problem);
  }

  paint(row: PlanRow, reasons: Reasons): void {
    for (const cell of row.cells) if (cell) this.switches.get(cell.knob)?.paint(cell, reasons);
    if (this.said !== row.detail) this.detail.replaceChildren(...rich(row.detail));
    this.said = row.detail;
    setText(this.problem, "");
  }

  refuse(knob: string, message: string): boolean {
    const one = this.switches.get(knob);
    one?.restore();
    if (one) setText(this.problem, message);
    return one !== undefined;
  }
}
