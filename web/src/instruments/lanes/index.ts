// The rows of a frame over the median frame's, on one scale, as an anywidget; the slice that is chosen comes out as `event`.
import type { WidgetModel } from "../shared/anywidget";
import { h, setText } from "../shared/html";
import { widget } from "../shared/mount";
import { Sized } from "../shared/sized";
import { layered, type Pen, svgElement } from "../shared/svg";
import { Tip } from "../shared/tip";
import { describe, linesOf, spoken } from "./describe";
import { drawAxis, drawBands } from "./draw";
import { at, type Band, foldedWords, type Frame, inSight, layout, type Place, timeOf, xOf } from "./layout";
import { kinds, Patterns } from "./patterns";
import css from "./lanes.css?inline";
import type { Kind, Lanes } from "./types";
import { Window } from "./window";

const drag = 8; // px from which a press is a choice of what is in sight

class LanesPainter extends Sized<Lanes> {
  private readonly svg = svgElement("svg", { class: "il-chart il-ln", role: "img" });
  private readonly stage = h("div", { class: "il-stage il-ln-stage", tabindex: "0", role: "application", "aria-roledescription": "timeline", "aria-label": "Events of both frames. Left and right: from event to event; up and down: from row to row; Enter: look at it; plus and minus: nearer and further." });
  private readonly said = h("p", { class: "il-sr", "aria-live": "polite" });
  private readonly legend = h("p", { class: "il-legend" });
  private readonly tip = new Tip();
  private readonly patterns = new Patterns();
  private readonly pens: { axis: Pen; slices: Pen; picked: Pen; words: Pen; mark: Pen };
  private readonly window = new Window(() => this.redraw());
  private title = "";
  private frame: Frame | null = null;
  private here: { band: string; id: string } | null = null; // where the keyboard is
  private pressed: number | null = null;

  constructor(root: HTMLElement, private readonly model: WidgetModel) {
    super(root);
    this.svg.append(this.patterns.defs);
    this.pens = layered(this.svg, ["axis", "slices", "picked", "words", "mark"], "il-ln-g-");
    this.stage.append(this.svg, this.tip.element);
    root.append(this.window.element, this.stage, this.said, this.legend);
    this.listen();
  }

  /** What a new picture changes around the drawing: the keyboard's place, the part in sight, the legend. */
  private take(picture: Lanes): void {
    if (this.title !== picture.title) this.here = null;
    this.title = picture.title;
    this.window.paint(picture);
    const chosen = picture.rows.flatMap((row) => row.frame).find((slice) => slice.id === picture.selected);
    if (chosen) this.window.reach(chosen);
    this.drawLegend(picture);
  }

  protected draw(picture: Lanes, fresh: boolean): void {
    const { family } = this;
    this.tip.hide();
    if (fresh) this.take(picture);
    const frame = layout(picture, this.width, this.window);
    this.frame = frame;
    const chosen = frame.bands.flatMap((band) => band.places.map((place) => ({ band, place }))).find(({ band, place }) => band.which === "frame" && place.slice.id === picture.selected);
    drawAxis(this.pens.axis, frame, picture, family);
    drawBands({ pens: this.pens, frame, patterns: this.patterns, family, selected: chosen?.place.key ?? null, row: chosen?.band.row.id ?? null });
    for (const pen of [this.pens.axis, this.pens.slices, this.pens.picked, this.pens.words]) pen.sweep();
    this.svg.setAttribute("viewBox", `0 0 ${this.width} ${Math.round(frame.bottom + 22)}`);
    this.svg.setAttribute("aria-label", describe(picture));
    this.drawMark();
  }

  private drawLegend(picture: Lanes): void {
    const seen = new Set(picture.rows.flatMap((row) => [...row.frame, ...row.median].map((slice) => slice.kind)));
    const folded = foldedWords(picture);
    const key = [...seen, folded].join(" ");
    if (this.legend.dataset.kinds === key) return;
    this.legend.dataset.kinds = key;
    const entry = (sample: SVGElement, words: string): HTMLElement => h("span", {}, sample as unknown as Node, words);
    const box = (kind: Kind): SVGElement => {
      const svg = svgElement("svg", { class: "il-ln-sample", viewBox: "0 0 22 12", width: 22, height: 12, "aria-hidden": "true" });
      const fill = this.patterns.fill(kind);
      svg.append(svgElement("rect", { class: `il-ln-slice il-ln-${kind}`, x: 0.5, y: 0.5, width: 21, height: 11, rx: 2.5, ...(fill ? { style: `fill:${fill}` } : {}) }));
      return svg;
    };
    const late = svgElement("svg", { class: "il-ln-sample", viewBox: "0 0 22 12", width: 22, height: 12, "aria-hidden": "true" });
    late.append(svgElement("path", { class: "il-ln-late", d: "M1,9v-4H21v4" }));
    const shown = (Object.keys(kinds) as Kind[]).filter((kind) => seen.has(kind));
    this.legend.replaceChildren(...shown.map((kind) => entry(box(kind), kinds[kind])), entry(late, "later or longer than in the median frame"), ...(folded ? [h("span", { class: "il-ln-folded" }, folded)] : []));
  }

  private listen(): void {
    const place = (event: PointerEvent | MouseEvent): { x: number; y: number } => {
      const box = this.svg.getBoundingClientRect();
      return { x: event.clientX - box.left, y: event.clientY - box.top };
    };
    this.svg.addEventListener("pointermove", (event) => this.hover(place(event).x, place(event).y));
    this.svg.addEventListener("pointerleave", () => this.leave());
    this.svg.addEventListener("pointerdown", (event) => (this.pressed = event.pointerType === "mouse" ? place(event).x : null));
    this.svg.addEventListener("click", (event) => this.click(place(event).x, place(event).y));
    this.svg.addEventListener("dblclick", () => this.window.show(0, Infinity));
    this.stage.addEventListener("keydown", (event) => this.key(event));
    this.stage.addEventListener("focus", () => this.stage.matches(":focus-visible") && this.land());
    this.stage.addEventListener("blur", () => this.leave());
  }

  private hover(x: number, y: number): void {
    if (!this.frame) return;
    const dragged = this.pressed !== null && Math.abs(x - this.pressed) > drag;
    if (dragged && this.pressed !== null) {
      const [from, to] = [Math.min(x, this.pressed), Math.max(x, this.pressed)];
      this.pens.mark.put("brush", "rect", { class: "il-ln-brush", x: from, y: this.frame.top, width: to - from, height: this.frame.bottom - this.frame.top });
      this.pens.mark.sweep();
      return this.tip.hide();
    }
    const found = at(this.frame, x, y);
    this.svg.style.cursor = found ? "pointer" : "";
    if (found) this.explain(found.band, found.place, x);
    else this.tip.hide();
  }

  private leave(): void {
    this.pressed = null;
    this.tip.hide();
    this.drawMark();
  }

  private click(x: number, y: number): void {
    const { pressed, frame } = this;
    this.pressed = null;
    if (!frame) return;
    if (pressed !== null && Math.abs(x - pressed) > drag) return this.window.show(timeOf(frame, Math.min(x, pressed)), timeOf(frame, Math.max(x, pressed)));
    const found = at(frame, x, y);
    if (found) this.choose(found.band, found.place);
  }

  /** A slice of the median frame stands for its like in the frame that is looked at. */
  private choose(band: Band, place: Place): void {
    const own = band.which === "frame" ? place : this.frame?.bands.find((one) => one.row.id === band.row.id && one.which === "frame")?.places.find((one) => one.key === place.key);
    if (!own) return;
    this.model.set("event", own.slice.id === this.picture?.selected ? "none" : own.slice.id);
    this.model.save_changes();
  }

  private explain(band: Band, place: Place, x?: number): void {
    if (!this.frame) return;
    const middle = xOf(this.frame, place.slice.start + place.slice.duration / 2);
    const top = band.top + place.level * (band.height + 1);
    this.tip.show(place.slice.label, linesOf(place.slice, band), { x: x ?? Math.min(Math.max(middle, this.frame.left), this.frame.right), top, bottom: top + band.height, width: this.width });
  }

  private found(): { band: Band; place: Place } | null {
    const band = this.frame?.bands.find((one) => `${one.row.id} ${one.which}` === this.here?.band);
    const place = band?.places.find((one) => one.slice.id === this.here?.id);
    return band && place ? { band, place } : null;
  }

  /** The keyboard comes to the slice that is looked at, or to the latest one. */
  private land(): void {
    if (!this.frame || !this.picture) return;
    if (this.found()) return this.moved();
    const all = this.frame.bands.filter((band) => band.which === "frame").flatMap((band) => band.places.map((place) => ({ band, place })));
    const first = all.find(({ place }) => place.slice.id === this.picture?.selected) ?? all.sort((a, b) => b.place.slice.excess - a.place.slice.excess)[0];
    if (first) this.go(first.band, first.place);
  }

  private go(band: Band, place: Place): void {
    this.here = { band: `${band.row.id} ${band.which}`, id: place.slice.id };
    this.window.reach(place.slice);
    this.moved();
  }

  private moved(): void {
    const now = this.found();
    this.drawMark();
    if (!now) return;
    this.explain(now.band, now.place);
    setText(this.said, spoken(now.place.slice, now.band));
  }

  private drawMark(): void {
    const now = document.activeElement === this.stage || this.root.getRootNode() instanceof ShadowRoot ? this.found() : null;
    if (now && this.frame && inSight(now.place.slice, this.frame) && this.stage.matches(":focus-visible")) {
      const from = Math.max(xOf(this.frame, now.place.slice.start), this.frame.left);
      const to = Math.min(xOf(this.frame, now.place.slice.start + now.place.slice.duration), this.frame.right);
      const y = now.band.top + now.place.level * (now.band.height + 1);
      this.pens.mark.put("focus", "rect", { class: "il-ln-focus", x: from - 4, y: y - 4, width: Math.max(to - from, 1.4) + 8, height: now.band.height + 8, rx: 5 });
    }
    this.pens.mark.sweep();
  }

  private key(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const now = this.found();
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    const row = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.key === "+" || event.key === "=") this.window.scale(0.5);
    else if (event.key === "-") this.window.scale(2);
    else if (event.key === "Escape") this.tip.hide();
    else if (!now) return this.land();
    else if (step) this.along(now, step);
    else if (row) this.across(now, row);
    else if (event.key === "Enter" || event.key === " ") this.choose(now.band, now.place);
    else return;
    event.preventDefault();
  }

  private along({ band, place }: { band: Band; place: Place }, step: number): void {
    const next = band.places[band.places.indexOf(place) + step];
    if (next) this.go(band, next);
  }

  /** To the slice of the next band that is nearest in time. */
  private across({ band, place }: { band: Band; place: Place }, step: number): void {
    const bands = this.frame?.bands ?? [];
    for (let i = bands.indexOf(band) + step; i >= 0 && i < bands.length; i += step) {
      const other = bands[i];
      if (!other?.places.length) continue;
      const away = (one: Place): number => Math.max(one.slice.start - place.slice.start, place.slice.start - one.slice.start - one.slice.duration, 0);
      return this.go(other, other.places.reduce((best, one) => (away(one) < away(best) ? one : best)));
    }
  }
}

export default widget<Lanes>(css, (root, model) => new LanesPainter(root, model));
