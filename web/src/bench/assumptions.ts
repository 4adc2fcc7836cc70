// What decides the answer and nobody has measured: value, reason and source of each, and the control that changes it.
import { amount } from "../instruments/shared/format";
import { h, setText } from "../instruments/shared/html";
import type { Assumption, Assumptions, Control } from "../protocol";
import { rich, tied } from "../rich";
import { Controls, type Turn } from "./controls";

const few = 3; // names that the closed summary has room for

function valueOf({ value, unit }: Assumption): string {
  return typeof value === "number" ? amount(value, unit) : tied(value);
}

/** A control that stands elsewhere: brought into sight and into the hand. */
function goTo(knob: string): void {
  const input = document.querySelector<HTMLElement>(`[data-control="${CSS.escape(knob)}"]`);
  input?.scrollIntoView({ block: "center" });
  input?.focus({ preventScroll: true });
}

/** One assumption; built once, so that its control is never moved under the hand. */
class Row {
  readonly element: HTMLElement;
  readonly knob = h("td", { class: "assumed-knob" });
  private readonly value = h("span", {});
  private readonly mark = h("span", { class: "changed" }, "changed");
  private readonly why = h("td", { class: "why" });
  private said = "";

  constructor(row: Assumption) {
    this.element = h("tr", { "data-assumption": row.id }, h("th", { scope: "row" }, row.label), h("td", { class: "value" }, this.value, this.mark), this.knob, this.why);
  }

  paint(row: Assumption, control: HTMLElement | null): void {
    setText(this.value, valueOf(row));
    this.mark.hidden = !row.changed;
    const now = `${row.why}|${row.source}`;
    if (now !== this.said) this.why.replaceChildren(...rich(row.why), h("span", { class: "source-of" }, row.source));
    this.said = now;
    if (control && control.parentElement !== this.knob) this.knob.replaceChildren(control);
    else if (!control && row.knob && !this.knob.firstChild) this.knob.append(this.link(row.label, row.knob));
  }

  private link(label: string, knob: string): HTMLElement {
    const button = h("button", { type: "button", class: "quiet small", "aria-label": `Change ${label}` }, "Change");
    button.addEventListener("click", () => goTo(knob));
    return button;
  }
}

export class AssumptionsView {
  readonly element: HTMLDetailsElement;
  private readonly title = h("span", { class: "assumed-title" });
  private readonly names = h("span", { class: "assumed-names" });
  private readonly body = h("tbody", {});
  private readonly caption = h("caption", { class: "sr" });
  private readonly controls: Controls;
  private rows = new Map<string, Row>();

  constructor(turn: Turn) {
    this.controls = new Controls(turn);
    const head = ["What is assumed", "Value", "Change it", "Why, and after whom"].map((words) => h("th", { scope: "col" }, words));
    const grid = h("table", { class: "assumed" }, this.caption, h("thead", {}, h("tr", {}, ...head)), this.body);
    this.element = h("details", { class: "assumptions", "data-assumptions": "true" }, h("summary", {}, this.title, " ", this.names), grid);
  }

  /** `controls`: those of the assumptions alone; each stands in the row that it changes. */
  paint(assumptions: Assumptions | null, controls: Control[], last: boolean): void {
    this.element.hidden = assumptions === null;
    if (!assumptions) return;
    this.controls.paint(controls, last);
    const { title, rows } = assumptions;
    if (rows.map(({ id }) => id).join(" ") !== [...this.rows.keys()].join(" ")) this.build(assumptions);
    for (const row of rows) this.rows.get(row.id)?.paint(row, row.knob ? this.controls.elementOf(row.knob) : null);
    setText(this.title, title);
    setText(this.caption, title);
    setText(this.names, summary(rows));
  }

  refuse(field: string, message: string): boolean {
    return this.controls.refuse(field, message);
  }

  private build({ rows }: Assumptions): void {
    this.rows = new Map(rows.map((row) => [row.id, new Row(row)]));
    this.body.replaceChildren(...[...this.rows.values()].map((row) => row.element));
  }
}

function summary(rows: Assumption[]): string {
  const changed = rows.filter((row) => row.changed).length;
  const named = rows.slice(0, few).map((row) => `${row.label} ${valueOf(row)}`);
  const more = rows.length > few ? ` and ${rows.length - few} more` : "";
  return `${named.join(", ")}${more}${changed ? `; ${changed} changed` : ""}`;
}
