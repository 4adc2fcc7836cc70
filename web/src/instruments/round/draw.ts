// Cells that fill less and less, and under them a round beside the same tokens one by one, on one scale of time.
import { amount, digits } from "../shared/format";
import { type Box, fitted, textWidth } from "../shared/geometry";
import { type Pen, round } from "../shared/svg";
import { chanceOf, isOwn, nounOf, total } from "./describe";
import type { Round } from "./types";

const size = 12.5;
const cell = { top: 26, high: 54, most: 62 }; // px
const band = { pitch: 62, bar: 24, label: 18 };

export interface Frame {
  width: number;
  height: number;
  step: number; // from cell to cell
  wide: number; // of a cell
  times: number; // top of the bars
  full: number; // time of the whole width
  x(time: number): number;
}

export function frameFor(picture: Round, width: number): Frame {
  const step = Math.min((width - 2) / picture.tokens.length, cell.most);
  const times = cell.top + cell.high + 58;
  const full = Math.max(total(picture), picture.plain.time * Math.max(picture.expected, picture.even), 1e-300);
  const x = (time: number): number => 1 + (time / full) * (width - 2);
  return { width, height: times + 2 * band.pitch + 6, step, wide: step - Math.min(5, step * 0.2), times, full, x };
}

export function cellBox(frame: Frame, index: number): Box {
  return { x: 1 + index * frame.step, y: cell.top, w: frame.wide, h: cell.high };
}

export function rowBox(frame: Frame, row: number): Box {
  return { x: 0, y: frame.times + row * band.pitch, w: frame.width, h: band.label + band.bar };
}

function drawCells(pen: Pen, frame: Frame, picture: Round, family: string): void {
  const { tokens } = picture;
  const all = tokens.map((token) => (isOwn(token) ? "" : chanceOf(token.chance)));
  const fits = Math.max(...all.map((words) => textWidth(words, 12, family, true))) < frame.step - 2;
  pen.put("kept", "text", { class: "il-strong", x: 0, y: 13 }, "Chance that it is kept, %");
  tokens.forEach((token, i) => {
    const { label, chance } = token;
    const own = isOwn(token);
    const { x, y, w, h } = cellBox(frame, i);
    const filled = own ? h : Math.max(chance * h, 1.5);
    const middle = round(x + w / 2);
    pen.put(`cell-${i}`, "rect", { class: "il-rd-cell", x: round(x), y, width: round(w), height: h, rx: 4 });
    pen.put(`fill-${i}`, "rect", { class: own ? "il-rd-own" : "il-rd-fill", x: round(x), y: round(y + h - filled), width: round(w), height: round(filled), rx: 3, "data-token": i + 1 });
    if (own) pen.put(`own-${i}`, "text", { class: "il-rd-mark", x: middle, y: y + h / 2 + 5, "text-anchor": "middle" }, "✓");
    else if (fits || i % 2 === 0) pen.put(`chance-${i}`, "text", { class: "il-strong", x: middle, y: y + h + 16, "text-anchor": "middle" }, chanceOf(chance));
    const shown = own ? fitted(label, Math.max(frame.step, frame.width - middle) + frame.step / 2, 12, family) : label;
    const room = own || textWidth(label, 12, family) < frame.step;
    if (room) pen.put(`label-${i}`, "text", { x: middle, y: y + h + (own ? 16 : 32), "text-anchor": "middle" }, shown);
  });
}

export const oneByOne = (picture: Round): string => `${digits(picture.expected)} ${nounOf(picture)} one by one`;

/** A name over a bar, and what it comes to at the end of its line. */
function drawHead(pen: Pen, frame: Frame, row: number, [name, value]: [string, string], family: string): void {
  const y = rowBox(frame, row).y + 12;
  const room = frame.width - textWidth(value, size, family, true) - 14;
  pen.put(`head-${row}`, "text", { class: "il-rd-label", x: 0, y }, fitted(name, room, size, family));
  pen.put(`value-${row}`, "text", { class: "il-strong il-halo", x: frame.width, y, "text-anchor": "end" }, value);
}

/** The tokens of a round, one by one: as many steps as it makes, the last in part. */
function drawPlain(pen: Pen, frame: Frame, { plain, expected }: Round): void {
  const y = rowBox(frame, 0).y + band.label;
  const whole = Math.ceil(expected - 1e-9);
  for (let i = 0; i < whole; i += 1) {
    const [from, to] = [frame.x(i * plain.time), frame.x(Math.min(i + 1, expected) * plain.time)];
    pen.put(`step-${i}`, "rect", { class: "il-rd-step", x: round(from), y, width: round(Math.max(to - from - 1.5, 1)), height: band.bar, rx: 2, "data-part": "plain" });
    if (to - from > 20) pen.put(`step-t-${i}`, "text", { class: "il-rd-on", x: round((from + to) / 2), y: y + 16, "text-anchor": "middle" }, String(i + 1));
  }
}

function drawParts(pen: Pen, frame: Frame, picture: Round, { hatch, family }: { hatch: string; family: string }): void {
  const { parts } = picture;
  const y = rowBox(frame, 1).y + band.label;
  let at = 0;
  parts.forEach(({ id, label, time }, i) => {
    const [from, to] = [frame.x(at), frame.x(at + time)];
    at += time;
    const style = id === "draft" ? { style: `fill:${hatch}` } : {};
    pen.put(`part-${i}`, "rect", { class: `il-rd-part il-rd-${id}`, x: round(from), y, width: round(Math.max(to - from - 1.5, 1)), height: band.bar, rx: 2, "data-part": id, ...style });
    const words = fitted(label, to - from - 14, 12, family, true);
    if (words === label) pen.put(`part-t-${i}`, "text", { class: id === "verify" ? "il-rd-on" : "il-rd-over", x: round((from + to) / 2), y: y + 16, "text-anchor": "middle" }, words);
  });
}

/** Where a round makes no more than it costs: a line through both bars, and not through the words between them. */
function drawEven(pen: Pen, frame: Frame, picture: Round, family: string): void {
  const x = round(frame.x(picture.even * picture.plain.time));
  const [upper, lower] = [rowBox(frame, 0).y + band.label - 3, rowBox(frame, 1).y + band.label - 3];
  const bottom = lower + band.bar + 9;
  const words = `break-even: ${digits(picture.even)} ${nounOf(picture)}`;
  const half = textWidth(words, size, family, true) / 2;
  pen.put("even-plain", "line", { class: "il-chart-limit", x1: x, x2: x, y1: upper, y2: upper + band.bar + 6 });
  pen.put("even", "line", { class: "il-chart-limit", x1: x, x2: x, y1: lower, y2: bottom });
  pen.put("even-t", "text", { class: "il-strong", x: round(Math.min(Math.max(x, half), frame.width - half)), y: bottom + 15, "text-anchor": "middle" }, words);
}

export function drawRound(pen: Pen, frame: Frame, picture: Round, look: { hatch: string; family: string }): void {
  drawCells(pen, frame, picture, look.family);
  drawPlain(pen, frame, picture);
  drawParts(pen, frame, picture, look);
  drawEven(pen, frame, picture, look.family);
  drawHead(pen, frame, 0, [oneByOne(picture), amount(picture.expected * picture.plain.time, picture.unit)], look.family);
  drawHead(pen, frame, 1, ["one round", amount(total(picture), picture.unit)], look.family);
  pen.sweep();
}
