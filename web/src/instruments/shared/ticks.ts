// Round numbers along an axis.
import { digits, type TimeUnit } from "./format";

/** Round places between two ends, at most about `most` of them. */
export function ticks(from: number, to: number, most: number): number[] {
  const span = to - from;
  if (!(span > 0) || most < 1) return [];
  const raw = span / most;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 5, 10].map((one) => one * power).find((one) => one >= raw * 0.999) ?? 10 * power;
  const first = Math.ceil(from / step - 1e-9);
  const last = Math.floor(to / step + 1e-9);
  return Array.from({ length: Math.max(last - first + 1, 0) }, (_, i) => (first + i) * step);
}

/** A tick as a number of its unit. */
export function tickText(value: number, { scale }: TimeUnit, significant = 6): string {
  return digits(Math.abs(value) < 1e-15 ? 0 : value / scale, significant);
}
