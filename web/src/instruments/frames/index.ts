// Latencies as an anywidget: their histogram, and below it their run in time; the frame that is chosen comes out as `frame`.
import type { WidgetModel } from "../shared/anywidget";
import { digits, time } from "../shared/format";
import { Figures } from "../shared/figures";
import { h, setText } from "../shared/html";
import { widget } from "../shared/mount";
import { Sized } from "../shared/sized";
import { layered, Pen, svgElement } from "../shared/svg";
import { Tip } from "../shared/tip";
import { describe, figures, seriesWords } from "./describe";
import css from "./frames.css?inline";
import { drawHistogram, markRows, type Plot } from "./histogram";
import { scaleOf } from "./scale";
import { type Dot, drawSeries, frameAt, xOfFrame } from "./series";
import type { Frames } from "./types";

const reach = 14; // px around a spike that still mean it

class FramesPainter extends Sized<Frames> {
  private readonly chart = svgElement("svg", { class: "il-chart il-fr", role: "img" });
  private readonly run = svgElement("svg", { class: "il-chart il-fr il-fr-run", role: "img" });
  private readonly figures = new Figures("il-fr-figures");
  private readonly note = h("p", { class: "il-fr-note" });
  private readonly said = h("p", { class: "il-sr", "aria-live": "polite" });
  private readonly stage = h("div", { class: "il-stage il-fr-stage", tabindex: "0", role: "application", "aria-roledescription": "timeline", "aria-label": "Frames in time. Left and right: from one that stands out to the next; Enter: look at it." });
  private readonly tip = new Tip();
  private readonly pens: { chart: Pen; run: Pen; mark: Pen };
  private dots: Dot[] = [];
  private plot: Plot | null = null;
  private here: number | null = null; // the spike where the keyboard is

  constructor(root: HTMLElement, private readonly model: WidgetModel) {
    super(root);
    this.pens = { chart: new Pen(this.chart), ...layered(this.run, ["run", "mark"]) };
    this.stage.append(this.run, this.tip.element);
    root.append(this.figures.element, this.chart, this.stage, this.said, this.note);
    this.listen();
  }

  private say(picture: Frames): void {
    this.figures.paint(figures(picture));
    const tail = picture.tail ? picture.tail.text : picture.tail_note;
    setText(this.note, tail ? `${tail.charAt(0).toUpperCase()}${tail.slice(1).replace(/\.$/, "")}.` : "");
  }

  protected draw(picture: Frames, fresh: boolean): void {
    const { width, family } = this;
    this.tip.hide();
    if (fresh) this.say(picture);
    const narrow = width < 560;
    const [left, right] = [narrow ? 36 : 42, width - 8];
    const top = 34;
    const plot: Plot = { left, right, narrow, family, top: top + markRows * 16 - 10, bottom: top + markRows * 16 + (narrow ? 116 : 132) };
    drawHistogram(this.pens.chart, picture, plot, scaleOf(picture.bins, left, right, narrow ? 40 : 52), top);
    this.pens.chart.put("title", "text", { class: "il-fr-tick", x: 0, y: 11 }, "frames, counted on a logarithmic scale");
    this.pens.chart.sweep();
    this.chart.setAttribute("viewBox", `0 0 ${width} ${plot.bottom + 40}`);
    this.chart.setAttribute("aria-label", describe(picture));
    this.plot = { left, right, narrow, family, top: 38, bottom: narrow ? 138 : 150 };
    this.dots = drawSeries(this.pens.run, picture, this.plot);
    this.pens.run.put("frames", "text", { class: "il-fr-tick", x: right, y: this.plot.bottom + 32, "text-anchor": "end" }, "frame");
    this.pens.run.sweep();
    this.run.setAttribute("viewBox", `0 0 ${width} ${this.plot.bottom + 38}`);
    this.run.setAttribute("aria-label", seriesWords(picture));
    this.drawMark();
  }

  private listen(): void {
    this.run.addEventListener("pointermove", (event) => this.hover(event));
    this.run.addEventListener("pointerleave", () => this.tip.hide());
    this.run.addEventListener("click", (event) => {
      const frame = this.under(event);
      if (frame !== null) this.choose(frame);
    });
    this.stage.addEventListener("keydown", (event) => this.key(event));
    this.stage.addEventListener("focus", () => this.stage.matches(":focus-visible") && this.go(this.here ?? Math.max(this.dots.findIndex((dot) => dot.frame === this.picture?.selected), 0)));
    this.stage.addEventListener("blur", () => {
      this.tip.hide();
      this.drawMark();
    });
  }

  /** The spike near the pointer, or the frame under it. */
  private under(event: MouseEvent): number | null {
    const { picture, plot } = this;
    if (!picture || !plot) return null;
    const box = this.run.getBoundingClientRect();
    const [x, y] = [event.clientX - box.left, event.clientY - box.top];
    if (x < plot.left - reach || x > plot.right + reach || y > plot.bottom + 4) return null;
    const near = this.dots.map((dot) => ({ dot, away: Math.hypot(dot.x - x, dot.y - y) })).sort((a, b) => a.away - b.away)[0];
    return near && near.away <= reach ? near.dot.frame : frameAt(picture, plot, x);
  }

  private hover(event: PointerEvent): void {
    const frame = this.under(event);
    if (frame === null) return this.tip.hide();
    this.explain(frame);
  }

  private explain(frame: number): void {
    const { picture, plot } = this;
    if (!picture || !plot) return;
    const dot = this.dots.find((one) => one.frame === frame);
    const span = picture.series.find((one) => one.first <= frame && frame <= one.last);
    const usual = !span ? "" : span.first === span.last ? time(span.high) : `frames ${digits(span.first, 7)} to ${digits(span.last, 7)}: ${time(span.low)} to ${time(span.high)}`;
    const x = dot?.x ?? xOfFrame(picture, plot, frame);
    const y = dot?.y ?? plot.bottom - 30;
    this.tip.show(`frame ${digits(frame, 7)}`, [dot ? time(dot.latency) : usual, frame === picture.selected ? "is looked at" : "click to look at it"], { x, top: y - 8, bottom: y + 8, width: this.width });
  }

  private choose(frame: number): void {
    if (frame === this.picture?.selected) return;
    this.model.set("frame", frame);
    this.model.save_changes();
  }

  private go(index: number): void {
    const dot = this.dots[index];
    if (!dot) return;
    this.here = index;
    this.drawMark();
    this.explain(dot.frame);
    setText(this.said, `Frame ${digits(dot.frame, 7)}, ${time(dot.latency)}${dot.frame === this.picture?.selected ? ", is looked at" : ""}.`);
  }

  private drawMark(): void {
    const dot = this.here === null ? null : this.dots[this.here];
    if (dot && this.stage.matches(":focus-visible")) this.pens.mark.put("focus", "circle", { class: "il-fr-focus", cx: dot.x, cy: dot.y, r: 12 });
    this.pens.mark.sweep();
  }

  private key(event: KeyboardEvent): void {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    const now = this.here ?? 0;
    if (step) this.go(Math.min(Math.max(now + step, 0), this.dots.length - 1));
    else if (event.key === "Home") this.go(0);
    else if (event.key === "End") this.go(this.dots.length - 1);
    else if (event.key === "Escape") this.tip.hide();
    else if (event.key === "Enter" || event.key === " ") {
      const dot = this.dots[now];
      if (dot) this.choose(dot.frame);
    } else return;
    event.preventDefault();
  }
}

export default widget<Frames>(css, (root, model) => new FramesPainter(root, model));
