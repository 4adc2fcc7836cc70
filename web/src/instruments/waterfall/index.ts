// The Data Traffic Waterfall as an anywidget: bytes before, saved by each fusion, left; operations and launches beside.
import { textWidth } from "../shared/geometry";
import { widget } from "../shared/mount";
import { Sized } from "../shared/sized";
import { layered, svgElement } from "../shared/svg";
import { drawBeside } from "./beside";
import { drawBytes } from "./bytes";
import { describe } from "./describe";
import { frameFor } from "./frame";
import { rowsOf } from "./rows";
import { moved, type Waterfall } from "./types";
import css from "./waterfall.css?inline";

class WaterfallPainter extends Sized<Waterfall> {
  private readonly svg = svgElement("svg", { class: "il-chart il-wf", role: "img" });
  private readonly note = Object.assign(document.createElement("p"), { className: "il-key" });
  private readonly pens = layered(this.svg, ["beside", "joins", "bytes"], "il-wf-");

  constructor(root: HTMLElement) {
    super(root);
    root.append(this.svg, this.note);
  }

  protected draw(picture: Waterfall): void {
    const { family } = this;
    const rows = rowsOf(picture);
    const frame = frameFor(this.width, Math.max(...rows.map((row) => textWidth(row.label, 13.1, family, row.kind === "whole"))));
    if (!frame.narrow) this.pens.bytes.put("title", "text", { class: "il-wf-title", x: frame.bytes.x, y: 15 }, moved(picture));
    drawBytes(this.pens.bytes, this.pens.joins, frame, rows, picture, family);
    const bottom = drawBeside(this.pens.beside, frame, rows.length, picture, family);
    for (const pen of Object.values(this.pens)) pen.sweep();
    this.svg.setAttribute("viewBox", `0 0 ${this.width} ${Math.round(bottom + 6)}`);
    this.svg.setAttribute("aria-label", describe(picture));
    this.note.textContent = [`${picture.title}.`, picture.operations.note].filter(Boolean).join(" ");
  }
}

export default widget<Waterfall>(css, (root) => new WaterfallPainter(root));
