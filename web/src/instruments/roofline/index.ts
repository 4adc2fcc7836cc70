// The roofline as an anywidget: a picture in, an SVG out, and the layer of a clicked dot as `select`.
import type { WidgetModel } from "../shared/anywidget";
import { widget } from "../shared/mount";
import { Sized } from "../shared/sized";
import { layered, svgElement } from "../shared/svg";
import { drawAxes } from "./axes";
import { describe } from "./describe";
import { drawDots, labelDots } from "./dots";
import { frameFor } from "./frame";
import { Board } from "./labels";
import css from "./roofline.css?inline";
import { drawRoofs } from "./roofs";
import { drawGap, drawSelected, labelSelected, remarks } from "./selected";
import type { Roofline } from "./types";
import { wordsOf } from "./words";

class RooflinePainter extends Sized<Roofline> {
  private readonly svg = svgElement("svg", { class: "il-chart il-roofline", role: "img" });
  private readonly below = Object.assign(document.createElement("p"), { className: "il-below", hidden: true });
  private readonly key = Object.assign(document.createElement("p"), { className: "il-key" });
  private readonly pens = layered(this.svg, ["grid", "roofs", "dots", "trace", "labels"]);

  constructor(root: HTMLElement, model: WidgetModel) {
    super(root);
    root.append(this.svg, this.below, this.key);
    this.svg.addEventListener("click", (event) => {
      const layer = (event.target as Element).closest("[data-layer]")?.getAttribute("data-layer");
      if (!layer) return;
      model.set("select", layer);
      model.save_changes();
    });
  }

  protected draw(picture: Roofline): void {
    const { family } = this;
    const frame = frameFor(picture, this.width);
    const board = new Board(frame);
    const { grid, roofs, trace, dots, labels } = this.pens;
    this.svg.setAttribute("viewBox", `0 0 ${frame.width} ${frame.height}`);
    this.svg.setAttribute("aria-label", describe(picture));
    this.svg.style.setProperty("--il-font", `${frame.font}px`);
    drawAxes(grid, frame, picture);
    drawRoofs(roofs, labels, frame, picture, board, family);
    const placed = drawDots(dots, frame, picture, board);
    const { selected } = picture;
    const red = drawSelected(trace, frame, picture, placed, board);
    const inChart = selected?.gap?.length ? drawGap(labels, frame, selected, board, family) : true;
    if (selected && red) labelSelected(labels, frame, selected, red, board, family);
    labelDots(labels, trace, frame, placed, board, family, selected && red ? { label: selected.label, ...red } : null);
    for (const pen of Object.values(this.pens)) pen.sweep();
    this.below.textContent = selected ? remarks(selected, frame.narrow, inChart) : "";
    this.below.hidden = this.below.textContent === "";
    this.caption(picture);
  }

  private caption(picture: Roofline): void {
    const { whole, roof } = wordsOf(picture);
    const key = [`Area: share of the ${whole}`];
    if (picture.selected) key.push(`red: ${picture.profiler ? "as silicon runs it" : `on the ${roof}`}`);
    if (picture.selected?.ghost_rate != null) key.push(`dashed: the ${roof}`);
    const compared = picture.dots.some((dot) => dot.ghost_rate != null);
    if (compared) key[0] = "Area: share of the frame";
    if (compared) key.push("dashed: the same kernel in the median frame");
    const text = `${key.join(" · ")}.${picture.source ? ` Source: ${picture.source}` : ""}`;
    if (this.key.textContent !== text) this.key.textContent = text;
  }
}

export default widget<Roofline>(css, (root, model) => new RooflinePainter(root, model));
