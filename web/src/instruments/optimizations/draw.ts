// The staircase of the order taken, and under it the same scale shared out in no order.
import { amount, digits } from "../shared/format";
import { fitted, textWidth } from "../shared/geometry";
import { logTicks } from "../shared/log_scale";
import { type Pen, round } from "../shared/svg";
import { ticks } from "../shared/ticks";
import { times } from "./describe";
import { aside, type Frame, type Piece, type Row, rowsOf, size } from "./frame";
import type { Optimizations } from "./types";

export interface Drawing {
  pen: Pen;
  frame: Frame;
  hatch: string;
  family: string;
}

const least = 2; // px of a change that does nothing
const column = "in any order"; // over what each is owed, at the end of the ticks' line
const gap = 1.5; // px between two bars

function drawLabel({ pen, frame, family }: Drawing, row: Row, top: number): void {
  const strong = row.kind === "whole";
  const beside = frame.narrow && row.bar ? textWidth(`any order ${times(row.bar.fair)}`, size, family) + 12 : 0;
  const room = (frame.narrow ? frame.width - beside : frame.left - 12) - 2;
  const lines = wrapped(row.label, room, strong, { frame, family });
  const y = frame.narrow ? top + 14 : round(top + frame.lift + frame.bar * 0.7 - (lines.length - 1) * 7);
  lines.forEach((line, i) => {
    const label = pen.put(`label-${row.kind}-${row.id}-${i}`, "text", { class: strong ? "il-strong il-halo" : "il-op-label il-halo", x: 0, y: y + i * 14 }, line);
    pen.title(label, row.label);
  });
}

/** A label in two lines where it needs them and there is height for them; what still does not fit is cut. */
function wrapped(text: string, room: number, strong: boolean, { frame, family }: Pick<Drawing, "frame" | "family">): string[] {
  const fits = (line: string): boolean => textWidth(line, size, family, strong) <= room;
  const words = text.split(" ");
  let taken = words.length;
  while (taken > 1 && !fits(words.slice(0, taken).join(" "))) taken -= 1;
  const parts = frame.narrow || taken === words.length ? [text] : [words.slice(0, taken).join(" "), words.slice(taken).join(" ")];
  return parts.map((line) => fitted(line, room, size, family, strong));
}

/** What a change is owed, in the column beside the staircase; where it is narrow, at the end of its label's line. */
function drawOwed({ pen, frame }: Drawing, row: Row, top: number): void {
  if (!row.bar) return;
  const words = frame.narrow ? `any order ${times(row.bar.fair)}` : times(row.bar.fair);
  const y = frame.narrow ? top + 14 : round(top + frame.lift + frame.bar * 0.7);
  pen.put(`owed-${row.id}`, "text", { class: "il-op-owed il-halo", x: frame.width, y, "text-anchor": "end", "data-fair": row.id }, words);
}

const dark = new Set(["algorithm", "machine", "fusion", "slower"]); // looks on which a text is set in the colour of the ground

/** In its bar where that is long enough, else beside it: left of it where the staircase goes, else right. */
function drawFactor({ pen, frame, family }: Drawing, key: string, piece: Piece, y: number, alone: boolean): void {
  const words = times(piece.factor);
  const [left, right] = [frame.x(piece.from), frame.x(piece.to)].sort((a, b) => a - b) as [number, number];
  const width = textWidth(words, size, family, true);
  const inside = right - left > width + 12;
  if (!inside && !alone) return;
  const before = left - frame.left > width + 10;
  const x = inside ? (left + right) / 2 : before ? left - 6 : right + 6;
  const kind = inside ? `il-op-value ${dark.has(piece.look) ? "il-op-on" : "il-op-off"}` : "il-op-value";
  pen.put(`factor-${key}`, "text", { class: kind, x: round(x), y: round(y + frame.bar * 0.7), "text-anchor": inside ? "middle" : before ? "end" : "start" }, words);
}

function drawPiece({ pen, frame, hatch }: Drawing, key: string, piece: Piece, y: number, data: Record<string, string>): void {
  const [left, right] = [frame.x(piece.from), frame.x(piece.to)].sort((a, b) => a - b) as [number, number];
  const width = Math.max(right - left - gap, least); // what touches it may be of its own colour
  const style = piece.look === "precision" ? { style: `fill:${hatch}` } : {};
  pen.put(`bar-${key}`, "rect", { class: `il-op-bar il-op-${piece.look}`, x: round(left), y: round(y), width: round(width), height: frame.bar, rx: Math.min(2.5, width / 2), ...style, ...data });
}

function drawWhole({ pen, frame, family }: Drawing, row: Row, y: number, words: string): void {
  const x = frame.x(row.level);
  const width = textWidth(words, size, family, true);
  const after = x + 12 + width < frame.width - (frame.narrow ? 0 : aside - 8);
  const middle = round(y + frame.bar / 2);
  pen.put(`dot-${row.id}`, "circle", { class: "il-op-dot", cx: round(x), cy: middle, r: 5.5, "data-level": row.id });
  pen.put(`level-${row.id}`, "text", { class: "il-strong il-halo", x: round(after ? x + 11 : x - 11), y: middle + 4, "text-anchor": after ? "start" : "end" }, words);
}

function drawJoin({ pen, frame }: Drawing, key: string, level: number, from: number, to: number): void {
  const x = round(frame.x(level));
  pen.put(`join-${key}`, "line", { class: "il-op-join", x1: x, x2: x, y1: round(from), y2: round(to) });
}

/** Round times over the staircase, round factors under the shares. */
function drawScales({ pen, frame, family }: Drawing, picture: Optimizations): void {
  const { x, left, right, top, split, first, shares, pitch } = frame;
  timeTicks(frame.ends, (right - left) / 62).forEach((value, i) => {
    const at = round(x(value));
    pen.put(`grid-${i}`, "line", { class: "il-chart-grid", x1: at, x2: at, y1: top - 4, y2: split - 8 });
    const words = amount(value, picture.unit);
    const half = textWidth(words, 12, family) / 2;
    if (!frame.narrow && at + half > frame.width - textWidth(column, 12, family) - 8) return;
    pen.put(`tick-${i}`, "text", { x: Math.min(Math.max(at, half), frame.width - half), y: top - 9, "text-anchor": "middle" }, words);
  });
  const foot = first + shares * pitch;
  factorTicks(picture, (right - left) / 60).forEach((factor, i) => {
    const at = round(x(picture.before.value / factor));
    pen.put(`fgrid-${i}`, "line", { class: "il-chart-grid", x1: at, x2: at, y1: first - 2, y2: foot });
    pen.put(`ftick-${i}`, "text", { x: at, y: foot + 15, "text-anchor": "middle" }, `×\u202f${digits(factor)}`);
  });
}

/** Round values along the scale; where it spans little, in equal steps. */
function timeTicks(ends: Frame["ends"], most: number): number[] {
  const found = logTicks(ends, most);
  return found.length > 1 ? found : ticks(ends.min, ends.max, Math.min(most, 4));
}

/** The factors that the shares reach, from the slowest to the fastest. */
function reached({ bars, sides, speedup }: Optimizations): [number, number] {
  const product = (factors: number[]): number => factors.reduce((whole, one) => whole * one, 1);
  const fair = bars.map((bar) => bar.fair);
  const all = [1, speedup, product(fair.filter((one) => one < 1)), product(fair.filter((one) => one > 1)), ...Object.values(sides)];
  return [Math.min(...all), Math.max(...all)];
}

/** Doublings and halves where there are some, else smaller factors. */
function factorTicks(picture: Optimizations, most: number): number[] {
  const [low, high] = reached(picture);
  const spare = (high / low) ** 0.04;
  const within = (factor: number): boolean => factor >= low / spare && factor <= high * spare;
  const twos = [-6, -5, -4, -3, -2, -1, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10].map((power) => 2 ** power).filter(within);
  if (twos.length > 1) {
    const step = Math.max(Math.ceil(twos.length / Math.max(most, 2)), 1);
    return twos.filter((factor) => Math.round(Math.log2(factor)) % step === 0);
  }
  const finer = high / low < 1.12 ? [0.95, 0.98, 0.99, 1, 1.01, 1.02, 1.05, 1.1] : [0.6, 0.7, 0.8, 0.9, 1, 1.1, 1.2, 1.3, 1.5, 1.75];
  return finer.filter(within);
}

/** The words of the axis: all that there is room for beside the heading. */
function axisWords({ frame, family }: Drawing, { quantity }: Optimizations): string {
  const room = frame.width - textWidth("In the order taken", size, family, true) - 20;
  const all = [`${quantity} on a log scale: bars of one length are one factor`, `${quantity}, log scale`, "log scale"];
  return all.find((words) => textWidth(words, 12, family) <= room) ?? "log scale";
}

/** What the factors under the shares say. */
function footWords({ frame }: Drawing, { unit, speedup }: Optimizations): string {
  const what = unit === "s" ? "times as fast as before" : "times less than before";
  return frame.narrow || Math.max(speedup, 1 / speedup) < 2 ? what : `${what}; from one to its double is one doubling`;
}

function drawTitles(drawing: Drawing, picture: Optimizations): void {
  const { pen, frame } = drawing;
  const { narrow, left, width, split, first, shares, pitch } = frame;
  const x = narrow ? 0 : left;
  pen.put("title", "text", { class: "il-strong", x: 0, y: 13 }, "In the order taken");
  pen.put("axis", "text", { x: width, y: 13, "text-anchor": "end" }, axisWords(drawing, picture));
  if (!narrow) pen.put("owed", "text", { x: width, y: frame.top - 9, "text-anchor": "end" }, column);
  pen.put("rule", "line", { class: "il-chart-axis", x1: 0, x2: width, y1: split - 4, y2: split - 4 });
  pen.put("any", "text", { class: "il-strong", x: 0, y: split + 15 }, "In any order");
  pen.put("shapley", "text", { x: width, y: split + 15, "text-anchor": "end" }, narrow ? "Shapley shares" : "Shapley shares of the doublings, on the same scale");
  pen.put("foot", "text", { x, y: first + shares * pitch + 33 }, footWords(drawing, picture));
}

export function drawOptimizations(drawing: Drawing, picture: Optimizations): void {
  const { frame, pen } = drawing;
  const { order, shares } = rowsOf(picture);
  drawScales(drawing, picture);
  drawTitles(drawing, picture);
  order.forEach((row, i) => {
    const top = frame.top + i * frame.pitch;
    const y = top + frame.lift;
    if (i < order.length - 1) drawJoin(drawing, row.id, row.level, y + frame.bar / 2, y + frame.pitch + frame.bar / 2);
  });
  order.forEach((row, i) => {
    const top = frame.top + i * frame.pitch;
    const y = top + frame.lift;
    drawLabel(drawing, row, top);
    drawOwed(drawing, row, top);
    for (const piece of row.pieces) {
      drawPiece(drawing, `step-${piece.id}`, piece, y, { "data-bar": piece.id });
      drawFactor(drawing, `step-${piece.id}`, piece, y, true);
    }
    if (row.kind === "whole") drawWhole(drawing, row, y, amount(row.level, picture.unit));
  });
  shares.forEach((row, i) => {
    const top = frame.first + i * frame.pitch;
    drawLabel(drawing, row, top);
    for (const piece of row.pieces) {
      const key = `${row.kind}-${piece.id}`;
      drawPiece(drawing, key, piece, top + frame.lift, { [row.kind === "side" ? "data-side" : "data-share"]: piece.id });
      drawFactor(drawing, key, piece, top + frame.lift, row.kind === "side");
    }
  });
  pen.sweep();
}
