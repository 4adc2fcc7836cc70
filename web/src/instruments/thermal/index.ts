// The thermal trace as an anywidget: junction and skin against the limit, and under them what the governor lets run.
import { celsius } from "../shared/format";
import { Figures } from "../shared/figures";
import { Hatch } from "../shared/hatch";
import { h, setText } from "../shared/html";
import { widget } from "../shared/mount";
import { type Place, Reader } from "../shared/reader";
import { Sized } from "../shared/sized";
import { layered, svgElement } from "../shared/svg";
import { describe, figures, placesOf } from "./describe";
import { drawAxes, drawNames, drawReached, drawSeries } from "./draw";
import { named, type Scene, sceneFor } from "./scene";
import { drawStrip, shares, shareWords } from "./strip";
import css from "./thermal.css?inline";
import type { ThermalTrace } from "./types";

const lines: Record<string, string> = { skin: "il-th-line il-th-skin", junction: "il-th-line il-th-junction", limit: "il-chart-limit", ambient: "il-th-ambient" };

class ThermalPainter extends Sized<ThermalTrace> {
  private readonly svg = svgElement("svg", { class: "il-chart il-th", role: "img" });
  private readonly figures = new Figures("il-th-figures");
  private readonly legend = h("ul", { class: "il-legend", role: "list" });
  private readonly note = h("p", { class: "il-key" });
  private readonly hatch = new Hatch("il-th-hatch");
  private readonly pens = layered(this.svg, ["axes", "series", "strip", "words", "read"], "il-th-g-");
  private readonly reader = new Reader(this.svg, "Temperatures in time", (place) => this.mark(place));
  private scene: Scene | null = null;

  constructor(root: HTMLElement) {
    super(root);
    this.svg.prepend(this.hatch.defs);
    root.append(this.figures.element, this.reader.element, this.legend, this.note);
  }

  protected draw(picture: ThermalTrace): void {
    const scene = sceneFor(picture, this.width, this.family);
    this.scene = scene;
    const { axes, series, strip, words } = this.pens;
    drawAxes(axes, scene, picture);
    drawSeries(series, scene, picture);
    drawStrip(strip, scene, picture, this.hatch.fill, this.family);
    drawReached(words, scene, picture, this.family);
    drawNames(words, scene, picture);
    for (const pen of [axes, series, strip, words]) pen.sweep();
    this.svg.setAttribute("viewBox", `0 0 ${this.width} ${scene.height}`);
    this.svg.setAttribute("aria-label", describe(picture));
    this.figures.paint(figures(picture));
    this.drawLegend(picture, scene);
    setText(this.note, picture.note);
    this.reader.show(placesOf(picture, scene), this.width);
  }

  /** What has no room in the drawing: on a narrow page the lines, always the band and the operating points. */
  private drawLegend(picture: ThermalTrace, { plane }: Scene): void {
    const { limit, hysteresis } = picture;
    const own = plane.narrow ? named(picture).map(({ id, words }) => this.entry("line", { class: lines[id] ?? "", x1: 0, x2: 24, y1: 6, y2: 6 }, words)) : [];
    const band = hysteresis > 0 ? [this.entry("rect", { class: "il-th-band", width: 24, height: 12 }, `the governor waits for ${celsius(limit - hysteresis)}`)] : [];
    const points = shares(picture).map((one) => {
      const held = one.level.held_back;
      return this.entry("rect", { class: held ? "il-th-level il-th-held" : "il-th-level", x: 0.5, y: 0.5, width: 23, height: 11, ...(held ? { style: `fill:${this.hatch.fill}` } : {}) }, shareWords(one));
    });
    this.legend.replaceChildren(...own, ...band, ...points);
  }

  private entry(tag: string, attributes: Record<string, string | number>, words: string): HTMLElement {
    const sample = svgElement("svg", { viewBox: "0 0 24 12", width: 24, height: 12, "aria-hidden": "true" });
    sample.append(svgElement(tag, attributes));
    return h("li", {}, sample as unknown as Node, words);
  }

  private mark(place: Place | null): void {
    const { scene } = this;
    const x = place?.at?.x;
    if (x !== undefined && scene) this.pens.read.put("at", "line", { class: "il-th-read", x1: x, x2: x, y1: scene.plane.top, y2: scene.strip.bottom });
    this.pens.read.sweep();
  }
}

export default widget<ThermalTrace>(css, (root) => new ThermalPainter(root));
