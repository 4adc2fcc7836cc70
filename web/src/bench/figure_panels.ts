// What stands behind the chart: its equations, its data table, and the chart itself as a file.
import mathPeek from "#instruments/math_peek";
import { download } from "../download";
import { h } from "../instruments/shared/html";
import { mount, type Mounted } from "../picture_model";
import type { Bench } from "../protocol";
import { kernelTable } from "./kernel_table";
import { standaloneSvg } from "./svg_export";

type Panel = "peek" | "table";

function tool(name: string, label: string, panel?: Panel): HTMLButtonElement {
  const expands = panel ? { "aria-expanded": "false", "aria-controls": `panel-${panel}` } : {};
  return h("button", { type: "button", class: "quiet small", "data-tool": name, ...expands }, label);
}

export class FigurePanels {
  readonly caption: HTMLElement;
  readonly element: HTMLElement;
  private readonly buttons = { peek: tool("peek", "Math Peek", "peek"), table: tool("table", "Table", "table") };
  private readonly bodies = { peek: h("div", {}), table: h("div", {}) };
  private readonly sections: Record<Panel, HTMLElement>;
  private readonly peek: Mounted;
  private bench: Bench | null = null;
  private readonly stale = new Set<Panel>();

  constructor(private readonly chart: HTMLElement) {
    const svg = tool("svg", "SVG");
    svg.setAttribute("aria-label", "Download the chart as SVG");
    svg.addEventListener("click", () => this.save());
    this.caption = h("figcaption", {}, this.buttons.peek, this.buttons.table, svg);
    const section = (panel: Panel, title: string): HTMLElement =>
      h("section", { class: "panel", id: `panel-${panel}`, "aria-label": title, hidden: true }, h("h2", {}, title), this.bodies[panel]);
    this.sections = { peek: section("peek", "Math Peek"), table: section("table", "The kernels behind the chart") };
    this.element = h("div", { class: "panels" }, this.sections.peek, this.sections.table);
    this.peek = mount(mathPeek, this.bodies.peek);
    for (const panel of ["peek", "table"] as const) this.buttons[panel].addEventListener("click", () => this.toggle(panel));
  }

  paint(bench: Bench): void {
    this.bench = bench;
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
    if (!this.bench || !this.stale.has(panel)) return;
    this.stale.delete(panel);
    if (panel === "peek") this.peek.show(this.bench.peeks);
    else this.fillTable(this.bench);
  }

  private fillTable(bench: Bench): void {
    const scrolled = this.bodies.table.querySelector(".scroll");
    const [left, focused] = [scrolled?.scrollLeft ?? 0, scrolled === document.activeElement];
    this.bodies.table.replaceChildren(kernelTable(bench.kernels));
    const region = this.bodies.table.querySelector<HTMLElement>(".scroll");
    if (region) region.scrollLeft = left;
    if (focused) region?.focus({ preventScroll: true });
  }

  private save(): void {
    const svg = this.chart.querySelector("svg");
    if (svg && this.bench) download("ironlaw-roofline.svg", "image/svg+xml", standaloneSvg(svg, this.bench.configuration));
  }
}
