// What a proposal of tile, split-K and launch mode comes to: the share of the overhead against its threshold.
import gauges from "#instruments/gauges";
import law from "#instruments/law";
import mathPeek from "#instruments/math_peek";
import { percent } from "../instruments/shared/format";
import { h, setAttribute, setText } from "../instruments/shared/html";
import { mount, type Mounted } from "../picture_model";
import type { Message, TilingBench } from "../protocol";
import { rich, tied } from "../rich";
import { Controls, type Turn } from "./controls";
import { kernelTable } from "./kernel_table";

/** A share on a line, with the threshold that it has to come under and where it was at the start. */
class Threshold {
  readonly element: HTMLElement;
  private readonly value = h("b", {});
  private readonly limit = h("span", {});
  private readonly fill = h("i", { class: "th-fill" });
  private readonly mark = h("i", { class: "th-mark" });
  private readonly start = h("i", { class: "th-start" });
  private readonly words = h("p", { class: "th-words" });
  private readonly meter = h("div", { class: "th-bar", role: "meter", "aria-label": "Overhead share of the step", "aria-valuemin": 0, "aria-valuemax": 100 }, this.fill, this.start, this.mark);

  constructor() {
    this.element = h("section", { class: "threshold", "aria-label": "Overhead share" }, h("p", { class: "th-top" }, h("span", {}, "Overhead share of the step"), this.value), this.meter, h("div", { class: "th-scale", "aria-hidden": "true" }, this.limit), this.words);
  }

  paint(bench: TilingBench): void {
    const { overhead_share: now, start_overhead_share: start, threshold } = bench;
    const full = Math.max(now, start, Math.min(threshold * 2, 1)); // of the line
    const at = (share: number): string => `${(share / full) * 100}%`;
    const under = now <= threshold;
    this.element.dataset.under = String(under);
    setText(this.value, percent(now));
    this.fill.style.width = at(now);
    this.mark.style.left = at(threshold);
    this.limit.style.left = at(threshold);
    this.start.style.left = at(start);
    setText(this.limit, `under ${percent(threshold)}`);
    setText(this.words, `${under ? "✓ Under the threshold." : "▲ Over the threshold."} At the start it was ${percent(start)}.`);
    setAttribute(this.meter, "aria-valuenow", (now * 100).toFixed(1));
    setAttribute(this.meter, "aria-valuetext", `${percent(now)}; it has to come under ${percent(threshold)}`);
  }
}

export class TilingBenchView {
  readonly element: HTMLElement;
  readonly gauges = h("div", { class: "gauges" });
  private readonly claim = h("h2", {});
  private readonly configuration = h("p", { class: "configuration" });
  private readonly threshold = new Threshold();
  private readonly figures = h("table", { class: "before-now" });
  private readonly gemms = h("div", {});
  private readonly notes = h("div", { class: "notes-of-bench" });
  private readonly law = h("div", { class: "law" });
  private readonly peeks = h("div", {});
  private readonly controls: Controls;
  private readonly mounted: { law: Mounted; gauges: Mounted; peeks: Mounted };
  private shown = "";

  constructor(send: (message: Message) => void) {
    const turn: Turn = (knobs, settled) => send({ type: "turn", knobs, settled });
    this.controls = new Controls(turn, "detailed");
    const words = h("div", { class: "claim", "aria-live": "polite" }, this.claim);
    const head = h("div", { class: "heading" }, words, this.configuration);
    const figure = h("figure", { class: "tiling-figure" }, this.threshold.element, this.figures);
    const table = h("details", { class: "more" }, h("summary", {}, "The GEMMs, tile by tile"), this.gemms);
    const peek = h("details", { class: "more" }, h("summary", {}, "Math Peek"), this.peeks);
    this.element = h("div", { class: "bench tiling-bench" }, head, this.controls.element, figure, this.law, this.notes, table, peek);
    this.mounted = { law: mount(law, this.law), gauges: mount(gauges, this.gauges), peeks: mount(mathPeek, this.peeks) };
  }

  /** Puts another block under the Iron Law. */
  after(block: HTMLElement): void {
    this.law.after(block);
  }

  paint(bench: TilingBench, last: boolean): void {
    setText(this.claim, tied(bench.claim));
    setText(this.configuration, tied(bench.configuration));
    this.threshold.paint(bench);
    this.controls.paint(bench.controls, last);
    this.mounted.law.show(bench.law);
    this.mounted.gauges.show(bench.gauges);
    this.mounted.peeks.show(bench.peeks);
    const now = JSON.stringify([bench.figures, bench.gemms, bench.notes]);
    if (now === this.shown) return;
    this.shown = now;
    this.paintTables(bench);
  }

  refuse(field: string, message: string): boolean {
    return this.controls.refuse(field, message);
  }

  stop(): void {
    for (const one of Object.values(this.mounted)) one.stop();
  }

  private paintTables(bench: TilingBench): void {
    const head = h("tr", {}, h("td", {}), h("th", { scope: "col", class: "num" }, "at the start"), h("th", { scope: "col", class: "num" }, "now"));
    const rows = bench.figures.map(({ label, before, now }) => h("tr", {}, h("th", { scope: "row" }, label), h("td", { class: "num" }, tied(before)), h("td", { class: "num now" }, tied(now))));
    this.figures.replaceChildren(h("caption", { class: "sr" }, "At the start and now"), h("thead", {}, head), h("tbody", {}, ...rows));
    this.gemms.replaceChildren(kernelTable(bench.gemms, "GEMMs of one step"));
    this.notes.replaceChildren(...bench.notes.map((note) => h("p", {}, ...rich(note))));
  }
}
