// The answer of the last run: the waterfall first, the roofline behind it, and the Iron Law under both.
import framesInstrument from "#instruments/frames";
import law from "#instruments/law";
import roofline from "#instruments/roofline";
import waterfall from "#instruments/waterfall";
import { h, setText } from "../instruments/shared/html";
import { mount, type Mounted } from "../picture_model";
import type { FusionBench, FusionResult } from "../protocol";
import { Controls, type Turn } from "./controls";
import { dotsTable } from "./dots_table";
import { FigurePanels } from "./figure_panels";
import { kernelTable } from "./kernel_table";
import { spikesTable } from "./spikes_table";
import { Tabs } from "./tabs";
import { waterfallTable } from "./waterfall_table";

const timed = 2; // the tab of the frames

function figureOf(chart: HTMLElement, panels: FigurePanels): HTMLElement {
  return h("div", {}, h("figure", {}, chart, panels.caption), panels.element);
}

export class ResultView {
  readonly element: HTMLElement;
  private readonly law = h("div", { class: "law" });
  private readonly stale = h("p", { class: "stale", role: "status" });
  private readonly looks: Controls;
  private readonly panels: { waterfall: FigurePanels; roofline: FigurePanels; frames: FigurePanels };
  private readonly mounted: { waterfall: Mounted; roofline: Mounted; law: Mounted; frames: Mounted };
  private readonly tabs: Tabs;
  private timed = false; // whether a run was of many frames

  constructor(turn: Turn) {
    const charts = { waterfall: h("div", { class: "chart" }), roofline: h("div", { class: "chart" }), frames: h("div", { class: "chart" }) };
    this.panels = {
      waterfall: new FigurePanels(charts.waterfall, "waterfall", "Every fusion of the run"),
      roofline: new FigurePanels(charts.roofline, "roofline", "The kernels behind the chart"),
      frames: new FigurePanels(charts.frames, "frames", "Frames that stand out"),
    };
    this.looks = new Controls(turn);
    this.looks.element.classList.add("looks");
    const traffic = figureOf(charts.waterfall, this.panels.waterfall);
    const roofs = figureOf(charts.roofline, this.panels.roofline);
    roofs.append(this.looks.element);
    const series = figureOf(charts.frames, this.panels.frames);
    const tabs = new Tabs("Instruments", [{ id: "waterfall", label: "Data traffic", panel: traffic }, { id: "roofline", label: "Roofline", panel: roofs }, { id: "frames", label: "Frames in time", panel: series }]);
    tabs.offer(timed, false);
    this.tabs = tabs;
    this.element = h("section", { class: "result", "aria-label": "The last run" }, h("div", { class: "result-head" }, tabs.list, this.stale), traffic, roofs, series, this.law);
    this.mounted = {
      waterfall: mount(waterfall, charts.waterfall),
      roofline: mount(roofline, charts.roofline, (model) => turn({ layer: String(model.get("select")) }, true)),
      law: mount(law, this.law),
      frames: mount(framesInstrument, charts.frames),
    };
  }

  paint(bench: FusionBench, last: boolean): void {
    const { result } = bench;
    const shown = result?.waterfall && result.roofline ? result : null;
    this.element.hidden = shown === null;
    if (!shown) return;
    const number = bench.runs.rows.length;
    setText(this.stale, bench.stale ? `Knobs were turned since run ${number}${bench.runs.left ? "; press Run" : ""}.` : "");
    this.element.dataset.stale = String(bench.stale);
    this.paintCharts(shown, bench.configuration);
    this.looks.element.hidden = shown.looks.length === 0;
    this.looks.paint(shown.looks, last);
    this.paintFrames(shown, bench.configuration);
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
    this.law.hidden = result.law === null;
    if (result.law) this.mounted.law.show(result.law);
    if (!traffic) return;
    const own = traffic.peek ? [traffic.peek] : [];
    this.panels.waterfall.paint({ peeks: own.length ? own : peeks, description: configuration, table: () => waterfallTable(traffic) });
    this.panels.roofline.paint({ peeks, description: configuration, table: () => kernelTable(kernels ?? dotsTable(result.roofline), "Kernels of one step") });
  }

  /** Where a run is of many frames, their times are what it is about. */
  private paintFrames({ frames, peeks }: FusionResult, description: string): void {
    this.tabs.offer(timed, frames != null);
    if (!frames) return;
    this.mounted.frames.show(frames);
    this.panels.frames.paint({ peeks, description, table: () => kernelTable(spikesTable(frames), "Frames that stand out") });
    if (!this.timed) this.tabs.show(timed);
    this.timed = true;
  }
}
