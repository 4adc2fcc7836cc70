// The bench: built once, then patched with each view, so that focus and sliders are never disturbed.
import gauges from "#instruments/gauges";
import law from "#instruments/law";
import roofline from "#instruments/roofline";
import { h, setText } from "../instruments/shared/html";
import type { Bench, KnobValue, Message } from "../protocol";
import { mount, type Mounted } from "../picture_model";
import { tied } from "../rich";
import { Controls } from "./controls";
import { FigurePanels } from "./figure_panels";
import { kernelTable } from "./kernel_table";

export class BenchView {
  readonly element: HTMLElement;
  readonly gauges = h("div", { class: "gauges" });
  private readonly claim: HTMLElement;
  private readonly configuration = h("p", { class: "configuration" });
  private readonly infeasible = h("p", { class: "infeasible", role: "status", hidden: true });
  private readonly law = h("div", { class: "law" });
  private readonly controls: Controls;
  private readonly panels: FigurePanels;
  private readonly mounted: { roofline: Mounted; law: Mounted; gauges: Mounted };

  constructor(send: (message: Message) => void, heading: "h1" | "h2") {
    const turn = (knobs: Record<string, KnobValue>, settled: boolean): void => send({ type: "turn", knobs, settled });
    this.claim = h(heading, { tabindex: heading === "h1" ? "-1" : null });
    this.controls = new Controls(turn);
    const chart = h("div", { class: "chart" });
    this.panels = new FigurePanels(chart, "roofline", "The kernels behind the chart");
    const figure = h("figure", {}, chart, this.panels.caption);
    const words = h("div", { class: "claim", "aria-live": "polite" }, this.claim);
    const head = h("div", { class: "heading" }, words, this.configuration, this.infeasible);
    this.element = h("div", { class: "bench" }, head, figure, this.panels.element, this.law, this.controls.element);
    this.mounted = {
      roofline: mount(roofline, chart, (model) => turn({ layer: String(model.get("select")) }, true)),
      law: mount(law, this.law),
      gauges: mount(gauges, this.gauges),
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
    this.mounted.roofline.show(bench.roofline);
    this.mounted.law.show(bench.law);
    this.mounted.gauges.show(bench.gauges);
    this.controls.paint(bench.controls, last);
    this.panels.paint({ peeks: bench.peeks, description: bench.configuration, table: () => kernelTable(bench.kernels, "Kernels of one step") });
  }

  refuse(field: string, message: string): boolean {
    return this.controls.refuse(field, message);
  }

  stop(): void {
    for (const one of Object.values(this.mounted)) one.stop();
    this.panels.stop();
  }
}
