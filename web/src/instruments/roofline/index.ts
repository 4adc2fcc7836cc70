// The roofline as an anywidget: a picture in, an SVG out, and the layer of a clicked dot as `select`.
import type { WidgetModel } from "../shared/anywidget";
import { type Painter, widget } from "../shared/mount";
import { Pen, svgElement } from "../shared/svg";
import { drawAxes } from "./axes";
import { describe } from "./describe";
import { drawDots, labelDots } from "./dots";
import { frameFor } from "./frame";
import { Board } from "./labels";
import css from "./roofline.css?inline";
import { drawRoofs } from "./roofs";
import { drawGap, drawSelected, labelSelected, remarks } from "./selected";
import type { Roofline } from "./types";

const layerNames = ["grid", "roofs", "dots", "trace", "labels"] as const;
type Pens = Record<(typeof layerNames)[number], Pen>;

class RooflinePainter implements Painter<Roofline> {
  private readonly svg = svgElement("svg", { class: "il-roofline", role: "img" });
  private readonly below = Object.assign(document.createElement("p"), { className: "il-below", hidden: true });
  private readonly key = Object.assign(document.createElement("p"), { className: "il-key" });
  private readonly pens: Pens;
  private family = "";
  private readonly observer: ResizeObserver;
  private picture: Roofline | null = null;
  private width = 0;

  constructor(private readonly root: HTMLElement, model: WidgetModel) {
    const groups = layerNames.map((name) => svgElement("g", { class: `il-${name}` }));
    this.svg.append(...groups);
    this.pens = Object.fromEntries(layerNames.map((name, i) => [name, new Pen(groups[i] as Element)])) as Pens;
    root.append(this.svg, this.below, this.key);
    this.svg.addEventListener("click", (event) => {
      const layer = (event.target as Element).closest("[data-layer]")?.getAttribute("data-layer");
      if (!layer) return;
      model.set("select", layer);
      model.save_changes();
    });
    this.observer = new ResizeObserver(() => this.resize());
    this.observer.observe(root);
  }

  paint(picture: Roofline): void {
    this.picture = picture;
    if (this.width === 0) this.width = this.root.clientWidth;
    if (this.width > 0) this.draw(picture);
  }

  stop(): void {
    this.observer.disconnect();
  }

  private resize(): void {
    const width = this.root.clientWidth;
    if (width === this.width || width === 0) return;
    this.width = width;
    this.root.classList.add("il-still");
    if (this.picture) this.draw(this.picture);
    requestAnimationFrame(() => this.root.classList.remove("il-still"));
  }

  private draw(picture: Roofline): void {
    this.family ||= getComputedStyle(this.root).fontFamily;
    const frame = frameFor(picture, this.width);
    const board = new Board(frame);
    const { grid, roofs, trace, dots, labels } = this.pens;
    this.svg.setAttribute("viewBox", `0 0 ${frame.width} ${frame.height}`);
    this.svg.setAttribute("aria-label", describe(picture));
    this.svg.style.setProperty("--il-font", `${frame.font}px`);
    drawAxes(grid, frame, picture);
    drawRoofs(roofs, labels, frame, picture, board, this.family);
    const placed = drawDots(dots, frame, picture, board);
    const { selected } = picture;
    const red = drawSelected(trace, frame, picture, placed, board);
    const inChart = selected?.gap?.length ? drawGap(labels, frame, selected, board, this.family) : true;
    if (selected && red) labelSelected(labels, frame, selected, red, board, this.family);
    labelDots(labels, trace, frame, placed, board, this.family, selected?.label ?? "");
    for (const pen of Object.values(this.pens)) pen.sweep();
    this.below.textContent = selected ? remarks(selected, frame.narrow, inChart) : "";
    this.below.hidden = this.below.textContent === "";
    this.caption(picture);
  }

  private caption(picture: Roofline): void {
    const key = ["Area: share of the step"];
    if (picture.selected) key.push(`red: ${picture.profiler ? "as silicon runs it" : "on the roof"}`);
    if (picture.selected?.ghost_rate != null) key.push("dashed: the roof");
    const compared = picture.dots.some((dot) => dot.ghost_rate != null);
    if (compared) key[0] = "Area: share of the frame";
    if (compared) key.push("dashed: the same kernel in the median frame");
    const text = `${key.join(" · ")}.${picture.source ? ` Source: ${picture.source}` : ""}`;
    if (this.key.textContent !== text) this.key.textContent = text;
  }
}

export default widget<Roofline>(css, (root, model) => new RooflinePainter(root, model));
