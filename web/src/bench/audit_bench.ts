// The workbench over recorded frames: their distribution, one of them beside the median frame, and what is late in it.
import framesInstrument from "#instruments/frames";
import gauges from "#instruments/gauges";
import lanes from "#instruments/lanes";
import roofline from "#instruments/roofline";
import { h, setText } from "../instruments/shared/html";
import { mount, type Mounted } from "../picture_model";
import type { AuditBench, Message } from "../protocol";
import { tied } from "../rich";
import { ClosingView } from "./closing";
import { Controls, type Turn } from "./controls";
import { dotsTable } from "./dots_table";
import { EventsTable } from "./events_table";
import { Figure } from "./figure";
import { kernelTable } from "./kernel_table";
import { SourceNote } from "./source_note";
import { Tabs } from "./tabs";
import { spikesTable } from "./spikes_table";
import { TraceDrop } from "./trace_drop";

/** What was read, without where. */
const valueOf = (text: string): string => text.split(", ")[0] ?? "";

export class AuditBenchView {
  readonly element: HTMLElement;
  readonly gauges = h("div", { class: "gauges" });
  readonly closing = new ClosingView();
  private readonly claim: HTMLElement;
  private readonly configuration = h("p", { class: "configuration" });
  private readonly source: SourceNote;
  private readonly drop: TraceDrop;
  private readonly controls: Controls;
  private readonly events: EventsTable;
  private readonly read = h("div", { class: "read-off" });
  private readonly figures: { frames: Figure; lanes: Figure; roofline: Figure };
  private readonly mounted: Mounted;
  private readonly none = h("p", { class: "configuration" }, "No kernel of this frame has both operations and bytes that can be derived.");
  private readonly below = h("div", {});
  private figuresShown = "";

  constructor(send: (message: Message) => void, heading: "h1" | "h2") {
    const turn: Turn = (knobs, settled) => send({ type: "turn", knobs, settled });
    this.claim = h(heading, { tabindex: heading === "h1" ? "-1" : null });
    this.controls = new Controls(turn);
    this.controls.element.classList.add("looks");
    this.events = new EventsTable(turn);
    this.source = new SourceNote(send);
    this.drop = new TraceDrop(send);
    this.drop.element.hidden = heading === "h2";
    if (heading === "h1") this.below.append(this.closing.element); // beside a verdict it stands under the form
    this.figures = {
      frames: new Figure({ id: "frames", title: "Frames that stand out", widget: framesInstrument, chosen: (model) => turn({ frame: String(model.get("frame")) }, true) }),
      lanes: new Figure({ id: "lanes", title: "Events of the frame", widget: lanes, chosen: (model) => turn({ event: String(model.get("event")) }, true) }),
      roofline: new Figure({ id: "roofline", title: "The kernels of the frame", widget: roofline }),
    };
    const { frames: { element: series }, lanes: { element: beside } } = this.figures;
    const roofs = h("div", {}, this.figures.roofline.element, this.none);
    const tabs = new Tabs("One frame", [{ id: "lanes", label: "Beside the median frame", panel: beside }, { id: "roofline", label: "Roofline", panel: roofs }]);
    const late = h("div", {}, this.events.element);
    const facts = h("div", {}, this.read);
    const tables = new Tabs("Tables of the frame", [{ id: "late", label: "Events, most excess first", panel: late }, { id: "facts", label: "Read off both frames", panel: facts }]);
    const one = h("section", { class: "one-frame", "aria-label": "One frame" }, h("div", { class: "result-head" }, tabs.list), this.controls.element, beside, roofs);
    const lists = h("section", { class: "frame-tables", "aria-label": "What was recorded" }, h("div", { class: "result-head" }, tables.list), late, facts);
    const words = h("div", { class: "claim", "aria-live": "polite" }, this.claim);
    const head = h("div", { class: "heading" }, words, this.configuration);
    const order = heading === "h1" ? [series, one, lists] : [one, lists, series]; // a verdict is about one frame
    this.element = h("div", { class: "bench audit-bench" }, head, this.source.element, ...order, this.below, this.drop.element);
    this.mounted = mount(gauges, this.gauges);
  }

  /** Puts another block under the tables. */
  after(block: HTMLElement): void {
    this.below.append(block);
  }

  paint(bench: AuditBench, last: boolean): void {
    setText(this.claim, tied(bench.claim));
    setText(this.configuration, tied(bench.configuration));
    this.source.paint(bench);
    this.drop.paint(bench);
    this.figures.roofline.element.hidden = bench.roofline === null;
    this.none.hidden = bench.roofline !== null;
    this.mounted.show(bench.gauges);
    this.controls.paint(bench.controls, last);
    this.events.paint(bench.events, bench.lanes.selected);
    this.paintFigures(bench);
    this.closing.paint(bench.closing ?? null);
    const { peeks, configuration: description } = bench;
    this.figures.frames.show(bench.frames, { peeks, description, table: () => kernelTable(spikesTable(bench.frames), "Frames that stand out") });
    this.figures.lanes.show(bench.lanes, { peeks, description, table: () => kernelTable({ columns: bench.events.columns, rows: bench.events.rows }, "Events of the frame") });
    this.figures.roofline.show(bench.roofline, { peeks, description, table: () => kernelTable(dotsTable(bench.roofline), "Kernels of the frame") });
  }

  refuse(field: string, message: string): boolean {
    return this.drop.refuse(field, message) || this.controls.refuse(field, message);
  }

  stop(): void {
    this.drop.stop();
    this.mounted.stop();
    for (const one of Object.values(this.figures)) one.stop();
  }

  private paintFigures({ figures }: AuditBench): void {
    const now = JSON.stringify(figures);
    if (now === this.figuresShown) return;
    this.figuresShown = now;
    const head = h("tr", {}, h("td", {}), h("th", { scope: "col" }, "this frame"), h("th", { scope: "col" }, "median frame"));
    const rows = figures.map(({ label, frame, median }) => h("tr", { class: valueOf(frame) === valueOf(median) ? null : "differs" }, h("th", { scope: "row" }, tied(label)), h("td", {}, tied(frame)), h("td", {}, tied(median))));
    const grid = h("table", { class: "both-frames" }, h("caption", { class: "sr" }, "Read off both frames"), h("thead", {}, head), h("tbody", {}, ...rows));
    this.read.replaceChildren(figures.length ? grid : h("p", { class: "configuration" }, "Nothing else was recorded of these frames."));
  }
}
