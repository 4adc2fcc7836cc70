// What a proposal of tile, split-K and launch mode comes to: the share of the overhead against its threshold.
import law from "#instruments/law";
import mathPeek from "#instruments/math_peek";
import { percent, time } from "../instruments/shared/format";
import { h, setText } from "../instruments/shared/html";
import { mount, type Mounted } from "../picture_model";
import type { Message, TilingBench } from "../protocol";
import { rich, tied } from "../rich";
import { Controls, type Turn } from "./controls";
import { kernelTable } from "./kernel_table";
import { Limit } from "./limit";

export class TilingBenchView {
  readonly element: HTMLElement;
  private readonly claim = h("h2", {});
  private readonly configuration = h("p", { class: "configuration" });
  private readonly limits = { share: new Limit("overhead", "Overhead share", percent), time: new Limit("time", "Time of the step", time) };
  private readonly figures = h("table", { class: "before-now" });
  private readonly gemms = h("div", {});
  private readonly tiles = h("details", { class: "more" }, h("summary", {}, "The GEMMs, tile by tile"), this.gemms);
  private readonly notes = h("div", { class: "notes-of-bench" });
  private readonly law = h("div", { class: "law" });
  private readonly peeks = h("div", {});
  private readonly controls: Controls;
  private readonly mounted: { law: Mounted; peeks: Mounted };
  private shown = "";

  constructor(send: (message: Message) => void) {
    const turn: Turn = (knobs, settled) => send({ type: "turn", knobs, settled });
    this.controls = new Controls(turn, "detailed");
    const words = h("div", { class: "claim", "aria-live": "polite" }, this.claim);
    const head = h("div", { class: "heading" }, words, this.configuration);
    const figure = h("figure", { class: "tiling-figure" }, h("div", { class: "limits" }, this.limits.share.element, this.limits.time.element), this.figures);
    const table = this.tiles;
    const peek = h("details", { class: "more" }, h("summary", {}, "Math Peek"), this.peeks);
    this.element = h("div", { class: "bench tiling-bench" }, head, this.controls.element, figure, this.law, this.notes, table, peek);
    this.mounted = { law: mount(law, this.law), peeks: mount(mathPeek, this.peeks) };
  }

  paint(bench: TilingBench, last: boolean): void {
    setText(this.claim, tied(bench.claim));
    setText(this.configuration, tied(bench.configuration));
    this.limits.share.paint({ now: bench.overhead_share, start: bench.start_overhead_share, limit: bench.threshold, most: 1 });
    this.limits.time.paint({ now: bench.time, start: bench.start_time, limit: bench.time_limit, most: Infinity });
    this.controls.paint(bench.controls, last);
    this.law.hidden = bench.law === null;
    if (bench.law) this.mounted.law.show(bench.law);
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
    this.tiles.hidden = bench.gemms.rows.length === 0;
    this.gemms.replaceChildren(kernelTable(bench.gemms, "GEMMs of one step"));
    this.notes.replaceChildren(...bench.notes.map((note) => h("p", {}, ...rich(note))));
  }
}
