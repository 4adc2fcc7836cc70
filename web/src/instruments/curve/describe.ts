// A curve in words: one quantity with its unit, and the whole picture in a paragraph.
import { amount } from "../shared/format";
import type { Axis } from "../shared/plane";
import type { Curve, CurveSeries } from "./types";

/** What x is at a place: its label says what it counts where it has no unit. */
export function placeName({ label, unit }: Axis, value: number): string {
  return `${label} ${amount(value, unit, 6)}`;
}

function run({ label, points }: CurveSeries, { x, y }: Curve): string {
  const [first, last] = [points[0], points.at(-1)];
  if (!first || !last) return `${label}: empty.`;
  return `${label}: ${amount(first[1], y.unit)} at ${amount(first[0], x.unit, 6)}, ${amount(last[1], y.unit)} at ${amount(last[0], x.unit, 6)}.`;
}

export function describe(picture: Curve): string {
  const { x, y, series, limits, marks } = picture;
  const parts = [`${picture.title}: ${y.label} over ${x.label}.`, ...series.map((one) => run(one, picture))];
  parts.push(...limits.map((limit) => `${limit.label}: a line at ${amount(limit.y, y.unit)}.`));
  parts.push(...marks.map((mark) => `${mark.label}, at ${amount(mark.x, x.unit, 6)}: ${amount(mark.y, y.unit)}.`));
  return parts.join(" ");
}
