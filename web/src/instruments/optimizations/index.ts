// The OptimizationWaterfall as an anywidget: each change in the order taken, and what each is owed whatever the order.
import { amount } from "../shared/format";
import { Hatch } from "../shared/hatch";
import { h, setText } from "../shared/html";
import { widget } from "../shared/mount";
import { type Place, Reader } from "../shared/reader";
import { Sized } from "../shared/sized";
import { layered, svgElement } from "../shared/svg";
import { swatch } from "../shared/swatch";
import { describe, inOrder, meansOf, owed, times } from "./describe";
import { drawOptimizations } from "./draw";
import { type Frame, frameFor, type Row, rowsOf } from "./frame";
import css from "./optimizations.css?inline";
import type { Means, Optimizations } from "./types";

const means: readonly Means[] = ["precision", "fusion", "chip", "algorithm"];
const names: Record<Means, string> = { precision: "precision (the machine)", fusion: "fusion (the machine)", chip: "chip (the machine)", algorithm: "algorithm" };

function linesOf(row: Row, picture: Optimizations): string[] {
  if (row.bar) return [inOrder(row.bar, picture.unit), owed(row.bar), meansOf(row.bar)];
  if (row.kind === "whole") return [amount(row.level, picture.unit)];
  if (row.kind === "side") return row.pieces.map(({ factor }) => `${times(factor)} in any order`);
  return row.pieces.map(({ id, factor }) => `${picture.bars.find((bar) => bar.id === id)?.label ?? id} ${times(factor)}`);
}

function placesOf(picture: Optimizations, frame: Frame): Place[] {
  const { order, shares } = rowsOf(picture);
  const place = (row: Row, top: number): Place => ({ box: { x: 0, y: top, w: frame.width, h: frame.pitch }, name: row.label, lines: linesOf(row, picture) });
  return [...order.map((row, i) => place(row, frame.top + i * frame.pitch)), ...shares.map((row, i) => place(row, frame.first + i * frame.pitch))];
}

class OptimizationsPainter extends Sized<Optimizations> {
  private readonly svg = svgElement("svg", { class: "il-chart il-op", role: "img" });
  private readonly hatch = new Hatch("il-op-hatch", 8);
  private readonly pens = layered(this.svg, ["mark", "bars"], "il-op-");
  private readonly reader = new Reader(this.svg, "Changes, in the order taken and in any order", (place) => this.mark(place));
  private readonly title = h("p", { class: "il-op-title" });
  private readonly legend = h("ul", { class: "il-legend", role: "list" });
  private readonly note = h("p", { class: "il-key" });

  constructor(root: HTMLElement) {
    super(root);
    this.svg.prepend(this.hatch.defs);
    root.append(this.title, this.reader.element, this.legend, this.note);
  }

  protected draw(picture: Optimizations): void {
    const frame = frameFor(rowsOf(picture), this.width, this.family);
    drawOptimizations({ pen: this.pens.bars, frame, hatch: this.hatch.fill, family: this.family }, picture);
    this.svg.setAttribute("viewBox", `0 0 ${frame.width} ${Math.round(frame.height)}`);
    this.svg.setAttribute("aria-label", describe(picture));
    this.reader.show(placesOf(picture, frame), this.width);
    this.drawLegend(picture);
    setText(this.title, picture.title);
    setText(this.note, picture.note);
  }

  /** The looks that changes have in this picture. */
  private drawLegend(picture: Optimizations): void {
    const { order, shares } = rowsOf(picture);
    const drawn = new Set([...order, ...shares].flatMap(({ pieces }) => pieces.map(({ look }) => look)));
    const named = { ...names, slower: picture.unit === "s" ? "makes it slower" : "costs more" };
    const looks = [...means, "slower" as const].filter((look) => drawn.has(look));
    this.legend.replaceChildren(...looks.map((look) => h("li", {}, swatch(`il-op-${look}`, look === "precision" ? this.hatch.fill : undefined), named[look])));
  }

  private mark(place: Place | null): void {
    if (place) this.pens.mark.put("here", "rect", { class: "il-op-here", x: -4, y: place.box.y, width: this.width + 8, height: place.box.h, rx: 4 });
    this.pens.mark.sweep();
  }
}

export default widget<Optimizations>(css, (root) => new OptimizationsPainter(root));
