// The histogram: counts on a logarithmic axis, so that one late frame is seen beside thousands; deadline and quantiles marked.
import { digits, time, timeUnit } from "../shared/format";
import { textWidth } from "../shared/geometry";
import { type Pen, round } from "../shared/svg";
import { tickText } from "../shared/ticks";
import type { Scale } from "./scale";
import type { Bin, Frames, Tail } from "./types";

export interface Plot {
  left: number;
  right: number;
  top: number;
  bottom: number;
  narrow: boolean;
  family: string;
}

const size = 12;
const foot = 0.45; // decades under a count of one, so that it is a bar
const least = 0.3; // expected frames of a bin from which the fitted tail is drawn

function heights(picture: Frames, plot: Plot): (count: number) => number {
  const most = Math.max(...picture.bins.map((bin) => bin.count), 1);
  const decades = Math.log10(most) + foot;
  return (count) => (count <= 0 ? plot.bottom : plot.bottom - (Math.max(Math.log10(count) + foot, 0.02) / decades) * (plot.bottom - plot.top));
}

function drawCounts(pen: Pen, picture: Frames, plot: Plot, y: (count: number) => number): void {
  const most = Math.max(...picture.bins.map((bin) => bin.count), 1);
  for (let count = 1; count <= most; count *= 10) {
    const at = round(y(count));
    pen.put(`count-${count}`, "line", { class: "il-chart-grid", x1: plot.left, x2: plot.right, y1: at, y2: at });
    pen.put(`count-t-${count}`, "text", { class: "il-fr-tick", x: plot.left - 6, y: at + 4, "text-anchor": "end" }, digits(count, 6));
  }
  pen.put("base", "line", { class: "il-chart-axis", x1: plot.left, x2: plot.right, y1: plot.bottom, y2: plot.bottom });
}

/** Frames past the deadline that share a bin with others: over the part of the bin that is past it. */
function drawShared(pen: Pen, picture: Frames, plot: Plot, scale: Scale, y: (count: number) => number): void {
  const { deadline, bins, misses } = picture;
  if (deadline === null) return;
  const i = bins.findIndex((bin) => bin.low < deadline && deadline < bin.high);
  const rest = misses - bins.reduce((sum, bin) => sum + (bin.low >= deadline ? bin.count : 0), 0);
  if (i < 0 || rest <= 0) return;
  const [from, top] = [round(scale.x(deadline)), round(y(rest))];
  pen.put("shared", "rect", { class: "il-fr-bin il-fr-past", x: from, y: top, width: round(Math.max(scale.left + (i + 1) * scale.step - from, 1)), height: round(plot.bottom - top) });
}

function drawBins(pen: Pen, picture: Frames, plot: Plot, scale: Scale, y: (count: number) => number): void {
  const late = picture.bins.filter((bin) => bin.count > 0 && picture.deadline !== null && bin.low >= picture.deadline);
  picture.bins.forEach((bin, i) => {
    if (bin.count === 0) return;
    const top = round(y(bin.count));
    const past = late.includes(bin);
    const gap = scale.step > 5 ? 1 : 0;
    const bar = pen.put(`bin-${i}`, "rect", { class: past ? "il-fr-bin il-fr-past" : "il-fr-bin", x: round(scale.left + i * scale.step), y: top, width: round(Math.max(scale.step - gap, 1)), height: round(plot.bottom - top), "data-bin": bin.count });
    pen.title(bar, `${digits(bin.count, 6)} ${bin.count === 1 ? "frame" : "frames"} from ${time(bin.low)} to ${time(bin.high)}`);
    if (past && late.length <= 4) pen.put(`bin-n-${i}`, "text", { class: "il-fr-past-n", x: round(Math.min(scale.left + (i + 0.5) * scale.step, plot.right - 4)), y: top - 5, "text-anchor": "middle" }, digits(bin.count, 6));
  });
}

function drawTicks(pen: Pen, picture: Frames, plot: Plot, scale: Scale): void {
  const unit = timeUnit(picture.max);
  scale.ticks.forEach((value, i) => {
    const x = round(scale.x(value));
    pen.put(`tick-${i}`, "line", { class: "il-chart-axis", x1: x, x2: x, y1: plot.bottom, y2: plot.bottom + 4 });
    pen.put(`tick-t-${i}`, "text", { class: "il-fr-tick", x, y: plot.bottom + 17, "text-anchor": "middle" }, tickText(value, unit));
  });
  pen.put("unit", "text", { class: "il-fr-tick", x: plot.right, y: plot.bottom + 33, "text-anchor": "end" }, `latency, ${unit.unit}`);
  if (scale.knee >= picture.bins.length) return;
  const x = round(scale.left + scale.knee * scale.step);
  pen.put("break", "path", { class: "il-fr-break", d: `M${x - 5},${plot.bottom + 6}l4,-12M${x + 1},${plot.bottom + 6}l4,-12` });
  pen.put("break-line", "line", { class: "il-fr-knee", x1: x, x2: x, y1: plot.top, y2: plot.bottom - 8 });
}

const survival = (tail: Tail, value: number): number => {
  const over = Math.max(value - tail.threshold, 0) / tail.scale;
  if (Math.abs(tail.shape) < 1e-9) return Math.exp(-over);
  return Math.max(1 + tail.shape * over, 0) ** (-1 / tail.shape);
};

/** Frames that the fitted tail expects in each bin beyond its threshold. */
function drawTail(pen: Pen, { tail, bins }: Frames, scale: Scale, y: (count: number) => number): void {
  if (!tail) return;
  const expected = (bin: Bin): number => tail.points * (survival(tail, bin.low) - survival(tail, bin.high));
  const points = bins.flatMap((bin, i) => (bin.low >= tail.threshold && expected(bin) >= least ? [`${round(scale.left + (i + 0.5) * scale.step)},${round(y(expected(bin)))}`] : []));
  if (points.length > 1) pen.put("tail", "polyline", { class: "il-fr-tail", points: points.join(" ") });
}

/** Quantiles on short lines, each label in the first row where it is free. */
function drawMarks(pen: Pen, picture: Frames, plot: Plot, scale: Scale, top: number): void {
  const { median, p99, p999, max, deadline } = picture;
  const ends: number[] = [];
  const label = (key: string, words: string, value: number, strong: boolean): void => {
    const x = round(scale.x(value));
    const width = textWidth(words, size, plot.family, strong);
    const right = x + 5 + width <= plot.right + 4;
    const [from, to] = right ? [x, x + 5 + width] : [x - 5 - width, x];
    let row = ends.findIndex((end) => end + 8 <= from);
    if (row < 0) row = ends.length;
    ends[row] = Math.max(ends[row] ?? -Infinity, to);
    const y = top + row * 16;
    pen.put(`mark-${key}`, "line", { class: strong ? "il-chart-limit" : "il-fr-mark", x1: x, x2: x, y1: y - 9, y2: plot.bottom });
    pen.put(`mark-t-${key}`, "text", { class: strong ? "il-strong" : "il-fr-tick", x: right ? x + 5 : x - 5, y, "text-anchor": right ? "start" : "end" }, words);
  };
  const marks = [["p50", "p50", median], ["p99", "p99", p99], ["p999", "p99.9", p999], ["max", "max", max]] as const;
  const all = [...marks.map(([key, words, value]) => ({ key: key as string, words: words as string, value, strong: false })), ...(deadline === null || deadline > (picture.bins.at(-1)?.high ?? 0) ? [] : [{ key: "deadline", words: `deadline ${time(deadline)}`, value: deadline, strong: true }])];
  for (const one of all.sort((a, b) => a.value - b.value)) label(one.key, one.words, one.value, one.strong);
}

export const markRows = 3;

export function drawHistogram(pen: Pen, picture: Frames, plot: Plot, scale: Scale, top: number): void {
  const y = heights(picture, plot);
  drawCounts(pen, picture, plot, y);
  drawBins(pen, picture, plot, scale, y);
  drawShared(pen, picture, plot, scale, y);
  drawTail(pen, picture, scale, y);
  drawTicks(pen, picture, plot, scale);
  drawMarks(pen, picture, plot, scale, top);
}
