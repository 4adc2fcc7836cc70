// A plane with linear or logarithmic axes: where values are, its grid, round ticks in the unit that reads best, and titles.
import { amount, prefixOf, timeUnit, type TimeUnit } from "./format";
import { textWidth } from "./geometry";
import { logScale, logTicks } from "./log_scale";
import { type Pen, round } from "./svg";
import { ticks, tickText } from "./ticks";

export interface Axis {
  label: string;
  unit: string;
  min: number;
  max: number;
  scale?: "linear" | "log"; // absent: linear
}

/** Where a drawing and its axes begin and end [px]. */
export interface Ground {
  width: number;
  height: number;
  narrow: boolean;
  left: number;
  right: number;
  top: number;
  bottom: number;
}

export interface Plane extends Ground {
  x(value: number): number;
  y(value: number): number;
}

const size = 12; // px of a tick
const word = 32; // what counts and bytes of hardware come in
const prefixed = /^(B|W|J|FLOP|Hz)(\/|$)/; // units that take an SI prefix

/** The unit in which an axis reads best: that of its largest value. */
export function axisUnit({ unit, min, max }: Axis): TimeUnit {
  const largest = Math.max(Math.abs(min), Math.abs(max));
  if (unit === "s") return timeUnit(largest);
  if (!prefixed.test(unit) || largest === 0) return { scale: 1, unit };
  const [scale, prefix] = prefixOf(largest);
  return { scale, unit: `${prefix}${unit}` };
}

/** Along a logarithmic axis each tick says its own prefix. */
function titleOf(axis: Axis): string {
  if (axis.scale === "log") return axis.unit && !prefixed.test(axis.unit) && axis.unit !== "s" ? `${axis.label}, ${axis.unit}` : axis.label;
  const { unit } = axisUnit(axis);
  return unit ? `${axis.label}, ${unit}` : axis.label;
}

/** Where a value is between two ends; what a logarithmic axis cannot show is at its start. */
function scaleOf(axis: Axis, from: number, to: number): (value: number) => number {
  const { min, max, scale } = axis;
  if (scale !== "log") return (value) => from + ((value - min) / (max - min || 1)) * (to - from);
  const at = logScale(axis, from, to);
  return (value) => at(Math.max(value, min));
}

/** Places in steps of lines or words, where an axis of bytes or counts runs from one such place to another. */
function binaryTicks({ unit, min, max }: Axis, most: number): number[] {
  if ((unit !== "" && unit !== "B") || min % word !== 0 || max % word !== 0 || max - min < 2 * word) return [];
  let step = word;
  while ((max - min) / step > most) step *= 2;
  const first = Math.ceil(min / step);
  return Array.from({ length: Math.floor(max / step) - first + 1 }, (_, i) => (first + i) * step);
}

function places(axis: Axis, most: number): { value: number; text: string }[] {
  if (axis.scale === "log") return logTicks(axis, most).map((value) => ({ value, text: amount(value, prefixed.test(axis.unit) || axis.unit === "s" ? axis.unit : "", 6) }));
  const unit = axisUnit(axis);
  const binary = binaryTicks(axis, most);
  return (binary.length ? binary : ticks(axis.min, axis.max, most)).map((value) => ({ value, text: tickText(value, unit) }));
}

/** A plane for this width; its left margin is as wide as the ticks need it; `gutter`: room for words right of it. */
export function planeFor(width: number, axes: { x: Axis; y: Axis }, height: { wide: number; narrow: number }, family: string, gutter = 0): Plane {
  const narrow = width < 560;
  const tall = narrow ? height.narrow : height.wide;
  const [top, bottom] = [30, tall - 40];
  const widest = Math.max(...places(axes.y, 5).map(({ text }) => textWidth(text, size, family)), 12);
  const [left, right] = [Math.ceil(widest) + 10, width - (narrow ? 8 : 12) - gutter];
  return { width, height: tall, narrow, left, right, top, bottom, x: scaleOf(axes.x, left, right), y: scaleOf(axes.y, bottom, top) };
}

/** Grid, ticks and titles: the title of y above it, that of x below its end. */
export function drawPlane(pen: Pen, plane: Plane, axes: { x: Axis; y: Axis }): void {
  const { left, right, top, bottom } = plane;
  places(axes.y, Math.max((bottom - top) / 44, 2)).forEach(({ value, text }, i) => {
    const at = round(plane.y(value));
    pen.put(`gy-${i}`, "line", { class: "il-chart-grid", x1: left, x2: right, y1: at, y2: at });
    pen.put(`ty-${i}`, "text", { x: left - 6, y: at + 4, "text-anchor": "end" }, text);
  });
  places(axes.x, Math.max((right - left) / (plane.narrow ? 58 : 76), 2)).forEach(({ value, text }, i) => {
    const at = round(plane.x(value));
    pen.put(`gx-${i}`, "line", { class: "il-chart-axis", x1: at, x2: at, y1: bottom, y2: bottom + 4 });
    const anchor = at > right - 12 ? "end" : "middle";
    pen.put(`tx-${i}`, "text", { x: anchor === "end" ? Math.min(at + 8, plane.width) : at, y: bottom + 17, "text-anchor": anchor }, text);
  });
  pen.put("base", "line", { class: "il-chart-axis", x1: left, x2: right, y1: bottom, y2: bottom });
  pen.put("y-title", "text", { x: 0, y: 12 }, titleOf(axes.y));
  pen.put("x-title", "text", { x: right, y: bottom + 34, "text-anchor": "end" }, titleOf(axes.x));
}
