// A row for the whole and one for each part, on one logarithmic axis; across them the target and the floor.
import { si } from "../shared/format";
import { textWidth } from "../shared/geometry";
import { decades, logScale } from "../shared/log_scale";
import type { Ground } from "../shared/plane";
import { type Pen, round } from "../shared/svg";
import type { Meter } from "./types";

const size = 12.5;

interface Row {
  id: string;
  label: string;
  value: number;
  whole: boolean;
}

export interface Frame extends Ground {
  pitch: number;
  lift: number; // from the top of a row to its line
  across: Across[];
  x(value: number): number;
}

/** A line across all rows, with the words over it. */
interface Across {
  id: "target" | "floor";
  words: string;
  at: number;
  from: number; // where its words begin
  row: number; // of words
  inside: boolean; // whether the axis reaches it
}

export function rowsOf({ value, parts }: Meter): Row[] {
  return [{ id: "whole", label: "all of it", value, whole: true }, ...parts.map((part) => ({ ...part, whole: false }))];
}

/** The lines across; their words stand side by side where they can, else one over the other. */
function acrosses({ target, floor, unit, min, max }: Meter, x: (value: number) => number, family: string, [left, right]: [number, number]): Across[] {
  const targetFirst = !target || !floor || target.value <= floor.value;
  const all = [
    ...(target ? [{ id: "target" as const, words: `target ${target.label}`, value: target.value, before: targetFirst }] : []),
    ...(floor ? [{ id: "floor" as const, words: `${floor.label} ${si(floor.value, unit)}`, value: floor.value, before: !targetFirst }] : []),
  ].map(({ value, ...one }) => {
    const inside = value >= min && value <= max;
    const words = inside ? one.words : value < min ? `◂ ${one.words}` : `${one.words} ▸`;
    const at = x(Math.min(Math.max(value, min), max));
    const w = textWidth(words, size, family, true);
    const [before, after] = [at - 6 - w, at + 6];
    const wanted = !inside ? (value < min ? at : at - w) : (one.before && before >= left) || after + w > right ? before : after;
    return { ...one, words, at, inside, w, from: Math.max(wanted, left) };
  });
  const [a, b] = all;
  const crowded = a && b && Math.max(a.from, b.from) < Math.min(a.from + a.w, b.from + b.w) + 10;
  return all.map((one, i) => ({ ...one, row: crowded ? i : 0 }));
}

export function frameFor(picture: Meter, width: number, family: string): Frame {
  const narrow = width < 560;
  const labels = Math.max(...rowsOf(picture).map((row) => textWidth(row.label, size, family, row.whole)));
  const left = narrow ? 2 : Math.min(Math.ceil(labels) + 16, width * 0.36);
  const right = width - 10;
  const x = logScale(picture, left, right);
  const across = acrosses(picture, x, family, [0, width]);
  const row = Math.max(...across.map((one) => one.row), 0);
  const [pitch, lift] = narrow ? [38, 27] : [25, 13];
  const top = 20 + row * 16;
  const bottom = top + rowsOf(picture).length * pitch + 2;
  return { width, height: bottom + 20, narrow, left, right, top, bottom, pitch, lift, across, x: (value) => x(Math.min(Math.max(value, picture.min), picture.max)) };
}

function drawAxis(pen: Pen, frame: Frame, { min, max, unit }: Meter): void {
  const all = decades({ min, max });
  const every = Math.ceil((all.length * 58) / (frame.right - frame.left));
  all.forEach((value, i) => {
    const x = round(frame.x(value));
    pen.put(`grid-${i}`, "line", { class: "il-chart-grid", x1: x, x2: x, y1: frame.top, y2: frame.bottom });
    if (i % every) return;
    const anchor = x > frame.right - 16 ? "end" : x < frame.left + 14 ? "start" : "middle";
    pen.put(`tick-${i}`, "text", { x: anchor === "end" ? x + 8 : anchor === "start" ? x - 1 : x, y: frame.bottom + 16, "text-anchor": anchor }, si(value, unit));
  });
  pen.put("base", "line", { class: "il-chart-axis", x1: frame.left, x2: frame.right, y1: frame.bottom, y2: frame.bottom });
}

/** Under the floor no design reaches; under the target is where it should be. */
function drawAcross(pen: Pen, frame: Frame, hatch: string): void {
  const tall = { x: frame.left, y: frame.top, height: frame.bottom - frame.top };
  for (const one of frame.across) {
    const x = round(one.at);
    const y = 13 + one.row * 16;
    const width = Math.max(x - frame.left, 0);
    if (one.id === "target") pen.put("allowed", "rect", { class: "il-mt-allowed", ...tall, width });
    else pen.put("barred", "rect", { class: "il-mt-barred", ...tall, width, style: `fill:${hatch}` });
    if (one.inside) pen.put(`line-${one.id}`, "line", { class: one.id === "floor" ? "il-mt-floor" : "il-chart-limit", x1: x, x2: x, y1: y - 10, y2: frame.bottom });
    pen.put(`words-${one.id}`, "text", { class: "il-strong il-halo", x: round(one.from), y }, one.words);
  }
}

function drawRow(pen: Pen, frame: Frame, row: Row, top: number, unit: string, family: string): void {
  const y = round(top + frame.lift);
  const x = round(frame.x(row.value));
  const kind = row.whole ? "il-mt-whole" : "il-mt-part";
  pen.put(`label-${row.id}`, "text", { class: row.whole ? "il-strong il-halo" : "il-mt-label il-halo", x: 0, y: frame.narrow ? top + 14 : y + 4 }, row.label);
  pen.put(`reach-${row.id}`, "line", { class: `il-mt-reach ${kind}`, x1: frame.left, x2: x, y1: y, y2: y });
  pen.put(`dot-${row.id}`, "circle", { class: `il-mt-dot ${kind}`, cx: x, cy: y, r: row.whole ? 7 : 5, "data-part": row.id });
  drawValue(pen, frame, row, { x, y, top }, si(row.value, unit), family);
}

/** Beside its dot, clear of the lines across; where it is narrow, at the end of the label's line. */
function drawValue(pen: Pen, frame: Frame, row: Row, { x, y, top }: { x: number; y: number; top: number }, words: string, family: string): void {
  if (frame.narrow) {
    pen.put(`value-${row.id}`, "text", { class: "il-strong il-halo", x: frame.width, y: top + 14, "text-anchor": "end" }, words);
    return;
  }
  const width = textWidth(words, size, family, true);
  const met = frame.across.filter((one) => one.inside && one.at > x + 6 && one.at < x + 14 + width).map((one) => one.at); // what it would stand on
  const from = Math.max(x + 12, ...met.map((at) => at + 7));
  const right = from + width < frame.width;
  pen.put(`value-${row.id}`, "text", { class: "il-strong il-halo", x: round(right ? from : x - 12), y: y + 4, "text-anchor": right ? "start" : "end" }, words);
}

export function drawMeter(pens: { back: Pen; rows: Pen }, frame: Frame, picture: Meter, hatch: string, family: string): void {
  drawAxis(pens.back, frame, picture);
  drawAcross(pens.back, frame, hatch);
  rowsOf(picture).forEach((row, i) => drawRow(pens.rows, frame, row, frame.top + i * frame.pitch, picture.unit, family));
}
