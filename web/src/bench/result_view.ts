// The answer of the last run: the waterfall first, the roofline behind it, and the Iron Law under both.
import law from "#instruments/law";
import roofline from "#instruments/roofline";
import waterfall from "#instruments/waterfall";
import { h, setText } from "../instruments/shared/html";
import { mount, type Mounted } from "../picture_model";
import type { FusionBench, FusionResult } from "../protocol";
import { Controls, type Turn } from "./controls";
import { FigurePanels } from "./figure_panels";
import { kernelTable } from "./kernel_table";
import { Tabs } from "./tabs";
import { waterfallTable } from "./waterfall_table";

function figureOf(chart: HTMLElement, panels: FigurePanels): HTMLElement {
  return h("div", {}, h("figure", {}, chart, panels.caption), panels.element);
}

export class ResultView {
  readonly element: HTMLElement;
  private readonly law = h("div", { class: "law" });
  private readonly stale = h("p", { class: "stale", role: "status" });
  private readonly looks: Controls;
  private readonly panels: { waterfall: FigurePanels; roofline: FigurePanels };
  private readonly mounted: { waterfall: Mounted; roofline: Mounted; law: Mounted };

  constructor(turn: Turn) {
    const charts = { waterfall: h("div", { class: "chart" }), roofline: h("div", { class: "chart" }) };
    this.panels = {
      waterfall: new FigurePanels(charts.waterfall, "waterfall", "Every fusion of the run"),
      roofline: new FigurePanels(charts.roofline, "roofline", "The kernels behind the chart"),
    };
    this.looks = new Controls(turn);
    this.looks.element.classList.add("looks");
    const traffic = figureOf(charts.waterfall, this.panels.waterfall);
    const roofs = figureOf(charts.roofline, this.panels.roofline);
    roofs.append(this.looks.element);
    const tabs = new Tabs("Instruments", [{ id: "waterfall", label: "Data traffic", panel: traffic }, { id: "roofline", label: "Roofline", panel: roofs }]);
    this.element = h("section", { class: "result", "aria-label": "The last run" }, h("div", { class: "result-head" }, tabs.list, this.stale), traffic, roofs, this.law);
    this.mounted = {
      waterfall: mount(waterfall, charts.waterfall),
      roofline: mount(roofline, charts.roofline, (model) => turn({ layer: String(model.get("select")) }, true)),
      law: mount(law, this.law),
    };
  }

  paint(bench: FusionBench, last: boolean): void {
    const { result } = bench;
    const shown = result?.waterfall && result.roofline && result.law && result.kernels ? result : null;
    this.element.hidden = shown === null;
    if (!shown) return;
    const number = bench.runs.rows.length;
    setText(this.stale, bench.stale ? `Knobs were turned since run ${number}${bench.runs.left ? "; press Run" : ""}.` : "");
    this.element.dataset.stale = String(bench.stale);
    this.paintCharts(shown, bench.configuration);
    this.looks.paint(shown.looks, last);
  }

  refuse(field: string, message: string): boolean {
    return this.looks.refuse(field, message);
  }

  stop(): void {
    for (const one of Object.values(this.mounted)) one.stop();
    for (const one of Object.values(this.panels)) one.stop();
  }

  private paintCharts(result: FusionResult, configuration: string): void {
    const { waterfall: traffic, kernels, peeks } = result;
    this.mounted.waterfall.show(traffic);
    this.mounted.roofline.show(result.roofline);
    this.mounted.law.show(result.law);
    if (!traffic || !kernels) return;
    const own = traffic.peek ? [traffic.peek] : [];
    this.panels.waterfall.paint({ peeks: own.length ? own : peeks, description: configuration, table: () => waterfallTable(traffic) });
    this.panels.roofline.paint({ peeks, description: configuration, table: () => kernelTable(kernels, "Kernels of one step") });
  }
}
