// The bench: built once, then patched with each view, so that focus and sliders are never disturbed.
import gauges from "#instruments/gauges";
import law from "#instruments/law";
import roofline from "#instruments/roofline";
import { h, setText } from "../instruments/shared/html";
import type { Bench, KnobValue, Message } from "../protocol";
import { mount, type Mounted } from "../picture_model";
import { tied } from "../rich";
import { ComparisonView } from "./comparison";
import { Controls, mainOf } from "./controls";
import { ExtraViews } from "./extras";
import { Figure } from "./figure";
import { kernelTable } from "./kernel_table";
import { Tabs } from "./tabs";

export class BenchView {
  readonly element: HTMLElement;
  readonly gauges = h("div", { class: "gauges" });
  private readonly claim: HTMLElement;
  private readonly configuration = h("p", { class: "configuration" });
  private readonly infeasible = h("p", { class: "infeasible", role: "status", hidden: true });
  private readonly law = h("div", { class: "law" });
  private readonly comparison = new ComparisonView();
  private readonly controls: Controls;
  private readonly roofline: Figure;
  private readonly extras: ExtraViews;
  private readonly tabs: Tabs;
  private readonly mounted: { law: Mounted; gauges: Mounted };

  constructor(send: (message: Message) => void, heading: "h1" | "h2") {
    const turn = (knobs: Record<string, KnobValue>, settled: boolean): void => send({ type: "turn", knobs, settled });
    this.claim = h(heading, { tabindex: heading === "h1" ? "-1" : null });
    this.controls = new Controls(turn);
    this.extras = new ExtraViews(turn);
    this.roofline = new Figure({
      id: "roofline", title: "The kernels behind the chart", widget: roofline, chosen: (model) => turn({ layer: String(model.get("select")) }, true),
    });
    this.tabs = new Tabs("Instruments", [{ id: "roofline", label: "Roofline", panel: this.roofline.element }, ...this.extras.tabs]);
    const bars = h("div", {});
    this.gauges.append(bars, this.extras.meter);
    const words = h("div", { class: "claim", "aria-live": "polite" }, this.claim);
    const head = h("div", { class: "heading" }, words, this.configuration, this.infeasible);
    this.element = h("div", { class: "bench" }, head, this.tabs.list, this.roofline.element, ...this.extras.panels, this.law, this.comparison.element, this.controls.element, this.extras.assumptions.element);
    this.mounted = {
      law: mount(law, this.law),
      gauges: mount(gauges, bars),
    };
  }

  /** Puts another block under the Iron Law. */
  after(block: HTMLElement): void {
    this.law.after(block);
  }

  paint(bench: Bench, last: boolean): void {
    setText(this.claim, tied(bench.claim));
    setText(this.configuration, tied(bench.configuration));
    // It takes the place of the configuration, so that nothing moves under the hand that turned too far.
    this.configuration.hidden = bench.infeasible !== null;
    this.infeasible.hidden = bench.infeasible === null;
    setText(this.infeasible, bench.infeasible ? `▲ ${tied(bench.infeasible)}` : "");
    this.mounted.law.show(bench.law);
    this.mounted.gauges.show(bench.gauges);
    const behind = { peeks: bench.peeks, description: bench.configuration };
    this.roofline.show(bench.roofline, { ...behind, table: () => kernelTable(bench.kernels, "Kernels of one step") });
    this.extras.paint(bench, this.tabs, behind);
    this.comparison.paint(bench.comparison ?? null);
    this.controls.paint(mainOf(bench.controls), last);
    this.extras.paintAssumptions(bench, bench.controls, last);
  }

  refuse(field: string, message: string): boolean {
    return this.controls.refuse(field, message) || this.extras.assumptions.refuse(field, message);
  }

  stop(): void {
    for (const one of Object.values(this.mounted)) one.stop();
    this.roofline.stop();
    this.extras.stop();
  }
}
