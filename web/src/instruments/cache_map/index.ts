// The cache map as an anywidget: lines fetched once and again, by set and by gate, and the streams that share a set.
import { Figures } from "../shared/figures";
import type { Box } from "../shared/geometry";
import { Hatch } from "../shared/hatch";
import { h, setText } from "../shared/html";
import { widget } from "../shared/mount";
import { type Place, Reader } from "../shared/reader";
import { Sized } from "../shared/sized";
import { layered, svgElement } from "../shared/svg";
import { swatch } from "../shared/swatch";
import css from "./cache_map.css?inline";
import { describe, figures, linesOf, setsOf, streamsOf } from "./describe";
import { drawMap, setHeight } from "./draw";
import { layout, type Layout } from "./layout";
import type { CacheMap } from "./types";

/** The sets from left to right, then the gates from top to bottom. */
function placesOf(picture: CacheMap, frame: Layout): Place[] {
  const y = setHeight(picture, frame);
  const sets = picture.bins.map((bin) => {
    const [from, to] = [frame.x(bin.first), frame.x(bin.last + 1)];
    const box: Box = { x: from, y: frame.sets.top, w: to - from, h: frame.streams.bottom - frame.sets.top };
    const at = { x: (from + to) / 2, top: y(bin.fetched), bottom: frame.streams.bottom };
    return { box, at, name: setsOf(bin), lines: [linesOf(bin), streamsOf(bin, picture.ways)] };
  });
  const { top, pitch } = frame.gates;
  const gates = picture.rows.map((row, i) => ({ box: { x: 0, y: top + i * pitch - 3, w: frame.width, h: pitch - 2 }, name: row.label, lines: [linesOf(row)] }));
  return [...sets, ...gates];
}

class CacheMapPainter extends Sized<CacheMap> {
  private readonly figures = new Figures();
  private readonly svg = svgElement("svg", { class: "il-chart il-cm", role: "img" });
  private readonly hatch = new Hatch("il-cm-hatch");
  private readonly pens = layered(this.svg, ["map", "mark"], "il-cm-");
  private readonly reader = new Reader(this.svg, "Sets and gates of the cache map", (place) => this.mark(place));
  private readonly note = h("p", { class: "il-key" });

  constructor(root: HTMLElement) {
    super(root);
    this.svg.prepend(this.hatch.defs);
    const legend = h("ul", { class: "il-legend", role: "list" },
      h("li", {}, swatch("il-cm-once"), "a line fetched once"),
      h("li", {}, swatch("il-cm-again", this.hatch.fill), "fetched again, or a stream without a way"),
      h("li", {}, swatch("il-cm-held"), "a stream that has a way"));
    root.append(this.figures.element, this.reader.element, legend, this.note);
  }

  protected draw(picture: CacheMap): void {
    const frame = layout(picture, this.width, this.family);
    drawMap(this.pens.map, frame, picture, this.hatch.fill);
    this.pens.map.sweep();
    this.svg.setAttribute("viewBox", `0 0 ${frame.width} ${Math.round(frame.height)}`);
    this.svg.setAttribute("aria-label", describe(picture));
    this.reader.show(placesOf(picture, frame), this.width);
    this.figures.paint(figures(picture));
    this.root.dataset.again = String(picture.misses > picture.distinct);
    setText(this.note, picture.note);
  }

  private mark(place: Place | null): void {
    if (place) {
      const { x, y, w, h: high } = place.box;
      this.pens.mark.put("here", "rect", { class: "il-cm-here", x: x - 1, y: y - 2, width: w + 2, height: high + 4, rx: 3 });
    }
    this.pens.mark.sweep();
  }
}

export default widget<CacheMap>(css, (root) => new CacheMapPainter(root));
