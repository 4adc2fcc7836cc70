// What decides the answer and nobody has measured: value, reason and source of each, and the control that changes it.
import { si } from "../instruments/shared/format";
import { h, setText } from "../instruments/shared/html";
import type { Assumption, Assumptions, Control } from "../protocol";
import { rich, tied } from "../rich";
import { Controls, type Turn } from "./controls";

const few = 3; // names that the closed summary has room for

function valueOf({ value, unit }: Assumption): string {
  return typeof value === "number" ? si(value, unit) : tied(value);
}

/** The control of an assumption: brought into sight and into the hand. */
function goTo(knob: string): void {
  const input = document.querySelector<HTMLElement>(`[data-control="${CSS.escape(knob)}"]`);
  input?.closest("details")?.setAttribute("open", "");
  input?.scrollIntoView({ block: "center" });
  input?.focus({ preventScroll: true });
}

export class AssumptionsView {
  readonly element: HTMLDetailsElement;
  private readonly title = h("span", { class: "assumed-title" });
  private readonly names = h("span", { class: "assumed-names" });
  private readonly rows = h("tbody", {});
  private readonly caption = h("caption", { class: "sr" });
  private readonly region: HTMLElement;
  private readonly controls: Controls;
  private shown = "";

  constructor(turn: Turn) {
    this.controls = new Controls(turn, "short");
    this.controls.element.classList.add("assumed-controls");
    const head = h("tr", {}, ...["What is assumed", "Value", "Why it is assumed, and after whom", ""].map((words) => (words ? h("th", { scope: "col" }, words) : h("td", {}))));
    this.region = h("div", { class: "scroll", tabindex: "0", role: "region" }, h("table", { class: "assumed" }, this.caption, h("thead", {}, head), this.rows));
    this.element = h("details", { class: "assumptions", "data-assumptions": "true" }, h("summary", {}, this.title, " ", this.names), this.controls.element, this.region);
    this.rows.addEventListener("click", (event) => {
      const knob = (event.target as Element).closest<HTMLElement>("[data-knob]")?.dataset["knob"];
      if (knob) goTo(knob);
    });
  }

  /** `controls`: those of the assumptions alone. */
  paint(assumptions: Assumptions | null, controls: Control[], last: boolean): void {
    this.element.hidden = assumptions === null;
    if (!assumptions) return;
    this.controls.element.hidden = controls.length === 0;
    this.controls.paint(controls, last);
    const now = JSON.stringify(assumptions);
    if (now === this.shown) return;
    this.shown = now;
    this.paintRows(assumptions);
  }

  refuse(field: string, message: string): boolean {
    return this.controls.refuse(field, message);
  }

  private paintRows({ title, rows }: Assumptions): void {
    const changed = rows.filter((row) => row.changed).length;
    setText(this.title, title);
    setText(this.caption, title);
    this.region.setAttribute("aria-label", `${title}, scrolls sideways`);
    const named = rows.slice(0, few).map((row) => `${row.label} ${valueOf(row)}`);
    const more = rows.length > few ? `, and ${rows.length - few} more` : "";
    setText(this.names, `${named.join(", ")}${more}${changed ? `; ${changed} changed by you` : ""}`);
    this.rows.replaceChildren(...rows.map((row) => this.row(row)));
  }

  private row(row: Assumption): HTMLElement {
    const mark = row.changed ? h("span", { class: "changed" }, "changed") : null;
    const change = row.knob ? h("button", { type: "button", class: "quiet small", "data-knob": row.knob, "aria-label": `Change ${row.label}` }, "Change") : null;
    const why = h("td", { class: "why" }, ...rich(row.why), h("span", { class: "source-of" }, row.source));
    return h("tr", { "data-assumption": row.id, class: row.changed ? "is-changed" : null }, h("th", { scope: "row" }, row.label), h("td", { class: "value" }, valueOf(row), mark), why, h("td", {}, change));
  }
}
