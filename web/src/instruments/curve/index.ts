// Lines over one quantity as an anywidget: what they must stay under, where one stands, and each value under the pointer.
import { amount } from "../shared/format";
import { h, setText } from "../shared/html";
import { widget } from "../shared/mount";
import { drawPlane, type Plane, planeFor } from "../shared/plane";
import { type Place, Reader } from "../shared/reader";
import { Sized } from "../shared/sized";
import { layered, svgElement } from "../shared/svg";
import css from "./curve.css?inline";
import { describe, placeName } from "./describe";
import { drawCurve, strokes } from "./draw";
import type { Curve } from "./types";

const sizes = { wide: 340, narrow: 290 };

/** Each x that has a point, with what the lines are there. */
function placesOf({ series, x, y }: Curve, plane: Plane): Place[] {
  const all = [...new Set(series.flatMap((one) => one.points.map((point) => point[0])))].sort((a, b) => a - b);
  const middle = (a: number, b: number): number => (plane.x(a) + plane.x(b)) / 2;
  return all.map((value, i) => {
    const [before, after] = [all[i - 1], all[i + 1]];
    const from = before === undefined ? plane.left : middle(before, value);
    const to = after === undefined ? plane.right : middle(value, after);
    const here = series.flatMap(({ label, points }) => points.filter((point) => point[0] === value).map((point) => ({ label, value: point[1] })));
    const heights = here.map((one) => plane.y(one.value));
    const at = { x: plane.x(value), top: Math.min(...heights) - 6, bottom: Math.max(...heights) + 6 };
    const box = { x: from, y: plane.top, w: Math.max(to - from, 1), h: plane.bottom - plane.top };
    return { box, at, name: placeName(x, value), lines: here.map((one) => `${one.label}: ${amount(one.value, y.unit, 4)}`) };
  });
}

class CurvePainter extends Sized<Curve> {
  private readonly svg = svgElement("svg", { class: "il-chart il-cv", role: "img" });
  private readonly legend = h("ul", { class: "il-legend", role: "list" });
  private readonly note = h("p", { class: "il-key" });
  private readonly pens = layered(this.svg, ["plane", "read", "lines", "words"], "il-cv-");
  private readonly reader = new Reader(this.svg, "Values of the curve", (place) => this.mark(place));
  private plane: Plane | null = null;

  constructor(root: HTMLElement) {
    super(root);
    root.append(this.reader.element, this.legend, this.note);
  }

  protected draw(picture: Curve): void {
    const plane = planeFor(this.width, picture, sizes, this.family);
    this.plane = plane;
    drawPlane(this.pens.plane, plane, picture);
    drawCurve(this.pens, plane, picture, this.family);
    for (const pen of [this.pens.plane, this.pens.lines, this.pens.words]) pen.sweep();
    this.svg.setAttribute("viewBox", `0 0 ${plane.width} ${plane.height}`);
    this.svg.setAttribute("aria-label", describe(picture));
    this.reader.show(placesOf(picture, plane), this.width);
    this.drawLegend(picture);
    setText(this.note, picture.note);
  }

  /** A line needs a name where there is more than one. */
  private drawLegend({ series }: Curve): void {
    this.legend.hidden = series.length < 2;
    const entries = series.map(({ label, sparse }, i) => {
      const look = i % strokes.length;
      const sample = svgElement("svg", { class: "il-cv-sample", viewBox: "0 0 30 10", width: 30, height: 10, "aria-hidden": "true" });
      if (sparse) sample.append(svgElement("circle", { class: `il-cv-dot il-cv-${look}`, cx: 15, cy: 5, r: 4 }));
      else sample.append(svgElement("line", { class: `il-cv-line il-cv-${look}`, x1: 0, x2: 30, y1: 5, y2: 5, "stroke-dasharray": strokes[look] || "none" }));
      return h("li", {}, sample as unknown as Node, label);
    });
    this.legend.replaceChildren(...entries);
  }

  private mark(place: Place | null): void {
    const { plane, picture } = this;
    const at = place?.at?.x;
    if (at !== undefined && plane && picture) this.pens.read.put("at", "line", { class: "il-cv-read-at", x1: at, x2: at, y1: plane.top, y2: plane.bottom });
    this.pens.read.sweep();
  }
}

export default widget<Curve>(css, (root) => new CurvePainter(root));
