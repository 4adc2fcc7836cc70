// What stands behind the chart: its equations, its data table, and the chart itself as a file.
import mathPeek from "#instruments/math_peek";
import { download } from "../download";
import { h } from "../instruments/shared/html";
import { mount, type Mounted } from "../picture_model";
import type { Equation } from "../instruments/math_peek/types";
import { standaloneSvg } from "./svg_export";

type Panel = "peek" | "table";

export interface Behind {
  peeks: Equation[];
  description: string; // of the chart as a file
  table(): HTMLElement;
}

function tool(name: string, label: string, panel?: string): HTMLButtonElement {
  const expands = panel ? { "aria-expanded": "false", "aria-controls": panel } : {};
  return h("button", { type: "button", class: "quiet small", "data-tool": name, ...expands }, label);
}

export class FigurePanels {
  readonly caption: HTMLElement;
  readonly element: HTMLElement;
  private readonly buttons: Record<Panel, HTMLButtonElement>;
  private readonly bodies = { peek: h("div", {}), table: h("div", {}) };
  private readonly sections: Record<Panel, HTMLElement>;
  private readonly peek: Mounted;
  private behind: Behind | null = null;
  private readonly stale = new Set<Panel>();

  /** `name` tells the figures of a page apart; `title` heads the table. */
  constructor(private readonly chart: HTMLElement, private readonly name: string, title: string) {
    this.buttons = { peek: tool("peek", "Math Peek", `${name}-peek`), table: tool("table", "Table", `${name}-table`) };
    const svg = tool("svg", "SVG");
    svg.setAttribute("aria-label", "Download the chart as SVG");
    svg.addEventListener("click", () => this.save());
    this.caption = h("figcaption", {}, this.buttons.peek, this.buttons.table, svg);
    const section = (panel: Panel, words: string): HTMLElement =>
      h("section", { class: "panel", id: `${name}-${panel}`, "aria-label": words, hidden: true }, h("h2", {}, words), this.bodies[panel]);
    this.sections = { peek: section("peek", "Math Peek"), table: section("table", title) };
    this.element = h("div", { class: "panels" }, this.sections.peek, this.sections.table);
    this.peek = mount(mathPeek, this.bodies.peek);
    for (const panel of ["peek", "table"] as const) this.buttons[panel].addEventListener("click", () => this.toggle(panel));
  }

  paint(behind: Behind): void {
    this.behind = behind;
    for (const panel of ["peek", "table"] as const) {
      this.stale.add(panel);
      if (!this.sections[panel].hidden) this.fill(panel);
    }
  }

  stop(): void {
    this.peek.stop();
  }

  private toggle(panel: Panel): void {
    const open = this.sections[panel].hidden;
    this.sections[panel].hidden = !open;
    this.buttons[panel].setAttribute("aria-expanded", String(open));
    if (open) this.fill(panel);
  }

  private fill(panel: Panel): void {
    if (!this.behind || !this.stale.has(panel)) return;
    this.stale.delete(panel);
    if (panel === "peek") this.peek.show(this.behind.peeks);
    else this.fillTable(this.behind);
  }

  private fillTable(behind: Behind): void {
    const scrolled = this.bodies.table.querySelector(".scroll");
    const [left, focused] = [scrolled?.scrollLeft ?? 0, scrolled === document.activeElement];
    this.bodies.table.replaceChildren(behind.table());
    const region = this.bodies.table.querySelector<HTMLElement>(".scroll");
    if (region) region.scrollLeft = left;
    if (focused) region?.focus({ preventScroll: true });
  }

  private save(): void {
    const svg = this.chart.querySelector("svg");
    if (svg && this.behind) download(`ironlaw-${this.name}.svg`, "image/svg+xml", standaloneSvg(svg, this.behind.description));
  }
}
