// The answer of the last run: an instrument a tab, the waterfall of bytes first, and the Iron Law under them.
import framesInstrument from "#instruments/frames";
import law from "#instruments/law";
import roofline from "#instruments/roofline";
import waterfall from "#instruments/waterfall";
import { h, setText } from "../instruments/shared/html";
import { mount, type Mounted } from "../picture_model";
import type { FusionBench, FusionResult } from "../protocol";
import { Controls, type Turn } from "./controls";
import { dotsTable } from "./dots_table";
import { ExtraViews } from "./extras";
import { Figure } from "./figure";
import { kernelTable } from "./kernel_table";
import { spikesTable } from "./spikes_table";
import { Tabs } from "./tabs";
import { waterfallTable } from "./waterfall_table";

const leading = ["frames", "thermal", "cache"]; // what a run is about, where it has one of them

export class ResultView {
  readonly element: HTMLElement;
  readonly extras: ExtraViews;
  private readonly law = h("div", { class: "law" });
  private readonly stale = h("p", { class: "stale", role: "status" });
  private readonly looks: Controls;
  private readonly figures: { waterfall: Figure; roofline: Figure; frames: Figure };
  private readonly mounted: Mounted;
  private readonly tabs: Tabs;
  private led = false; // whether the tab that a run is about was brought into sight once

  constructor(turn: Turn) {
    this.extras = new ExtraViews(turn);
    this.figures = {
      waterfall: new Figure({ id: "waterfall", title: "Every fusion of the run", widget: waterfall }),
      roofline: new Figure({ id: "roofline", title: "The kernels behind the chart", widget: roofline, chosen: (model) => turn({ layer: String(model.get("select")) }, true) }),
      frames: new Figure({ id: "frames", title: "Frames that stand out", widget: framesInstrument }),
    };
    this.looks = new Controls(turn);
    this.looks.element.classList.add("looks");
    const { waterfall: { element: traffic }, roofline: { element: roofs }, frames: { element: series } } = this.figures;
    roofs.append(this.looks.element);
    this.tabs = new Tabs("Instruments", [{ id: "waterfall", label: "Data traffic", panel: traffic }, { id: "roofline", label: "Roofline", panel: roofs }, { id: "frames", label: "Frames in time", panel: series }, ...this.extras.tabs]);
    this.element = h("section", { class: "result", "aria-label": "The last run" }, h("div", { class: "result-head" }, this.tabs.list, this.stale), traffic, roofs, series, ...this.extras.panels, this.law);
    this.mounted = mount(law, this.law);
  }

  paint(bench: FusionBench, last: boolean): void {
    const { result } = bench;
    if (!result) {
      this.element.hidden = true;
      return;
    }
    const shown = this.paintFigures(result, bench.configuration);
    this.element.hidden = shown.size === 0;
    const number = bench.runs.rows.length;
    setText(this.stale, bench.stale ? `Knobs were turned since run ${number}${bench.runs.left ? "; press Run" : ""}.` : "");
    this.element.dataset.stale = String(bench.stale);
    this.law.hidden = result.law === null;
    if (result.law) this.mounted.show(result.law);
    const looks = this.extras.paintLooks(result.looks, last);
    this.looks.element.hidden = looks.length === 0;
    this.looks.paint(looks, last);
    this.lead(shown);
  }

  refuse(field: string, message: string): boolean {
    return this.looks.refuse(field, message);
  }

  stop(): void {
    this.mounted.stop();
    this.extras.stop();
    for (const one of Object.values(this.figures)) one.stop();
  }

  /** Paints what the run answered; gives the tabs that are there. */
  private paintFigures(result: FusionResult, description: string): Set<string> {
    const { waterfall: traffic, roofline: roofs, frames, kernels, peeks } = result;
    const behind = { peeks, description };
    const shown = this.extras.paint(result, this.tabs, behind);
    const offered = { waterfall: traffic, roofline: roofs, frames: frames ?? null };
    for (const [id, picture] of Object.entries(offered)) {
      this.tabs.offer(id, picture !== null);
      if (picture) shown.add(id);
    }
    if (traffic) this.figures.waterfall.show(traffic, { description, peeks: traffic.peek ? [traffic.peek] : peeks, table: () => waterfallTable(traffic) });
    if (roofs) this.figures.roofline.show(roofs, { ...behind, table: () => kernelTable(kernels ?? dotsTable(roofs), "Kernels of one step") });
    if (frames) this.figures.frames.show(frames, { ...behind, table: () => kernelTable(spikesTable(frames), "Frames that stand out") });
    return shown;
  }

  /** Brings what a run is about into sight, once; later the tab that the learner chose stays. */
  private lead(shown: Set<string>): void {
    if (this.led || shown.size === 0) return;
    this.led = true;
    const first = [...leading, "waterfall"].find((id) => shown.has(id));
    if (first) this.tabs.open(first);
  }
}
