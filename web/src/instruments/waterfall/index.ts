// The Data Traffic Waterfall as an anywidget: bytes before, saved by each fusion, left; operations and launches beside.
import { textWidth } from "../shared/geometry";
import { type Painter, widget } from "../shared/mount";
import { Pen, svgElement } from "../shared/svg";
import { drawBeside } from "./beside";
import { drawBytes } from "./bytes";
import { describe } from "./describe";
import { frameFor } from "./frame";
import { rowsOf } from "./rows";
import type { Waterfall } from "./types";
import css from "./waterfall.css?inline";

class WaterfallPainter implements Painter<Waterfall> {
  private readonly svg = svgElement("svg", { class: "il-wf", role: "img" });
  private readonly note = Object.assign(document.createElement("p"), { className: "il-key" });
  private readonly pens: { beside: Pen; joins: Pen; bytes: Pen };
  private readonly observer: ResizeObserver;
  private picture: Waterfall | null = null;
  private width = 0;

  constructor(private readonly root: HTMLElement) {
    const groups = ["beside", "joins", "bytes"].map((name) => svgElement("g", { class: `il-wf-${name}` })) as [SVGElement, SVGElement, SVGElement];
    this.svg.append(...groups);
    this.pens = { beside: new Pen(groups[0]), joins: new Pen(groups[1]), bytes: new Pen(groups[2]) };
    root.append(this.svg, this.note);
    this.observer = new ResizeObserver(() => this.resize());
    this.observer.observe(root);
  }

  paint(picture: Waterfall): void {
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

  private draw(picture: Waterfall): void {
    const family = getComputedStyle(this.root).fontFamily;
    const rows = rowsOf(picture);
    const frame = frameFor(this.width, Math.max(...rows.map((row) => textWidth(row.label, 13.1, family, row.kind === "whole"))));
    if (!frame.narrow) this.pens.bytes.put("title", "text", { class: "il-wf-title", x: frame.bytes.x, y: 15 }, "bytes moved");
    drawBytes(this.pens.bytes, this.pens.joins, frame, rows, picture, family);
    const bottom = drawBeside(this.pens.beside, frame, rows.length, picture, family);
    for (const pen of Object.values(this.pens)) pen.sweep();
    this.svg.setAttribute("viewBox", `0 0 ${this.width} ${Math.round(bottom + 6)}`);
    this.svg.setAttribute("aria-label", describe(picture));
    this.note.textContent = [`${picture.title}.`, picture.operations.note].filter(Boolean).join(" ");
  }
}

export default widget<Waterfall>(css, (root) => new WaterfallPainter(root));
