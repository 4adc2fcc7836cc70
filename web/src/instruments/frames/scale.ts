// The axis of latencies: every bin is equally wide, so that it is broken where the bins change their width.
import { ticks } from "../shared/ticks";
import type { Bin } from "./types";

export interface Scale {
  left: number;
  right: number;
  step: number; // px of a bin
  knee: number; // bins before the break; all of them where there is none
  x(value: number): number;
  ticks: number[];
}

const same = 0.01; // relative difference of widths that are one
const round125 = [1, 1.5, 2, 3, 4, 5, 7];

function kneeOf(bins: Bin[]): number {
  const width = (bin: Bin): number => bin.high - bin.low;
  const first = bins[0] ? width(bins[0]) : 0;
  const at = bins.findIndex((bin) => Math.abs(width(bin) - first) > same * first);
  return at < 0 ? bins.length : at;
}

/** Round values over the wide bins, no two nearer than a label. */
function sparse(from: number, to: number, x: (value: number) => number, room: number): number[] {
  const found: number[] = [];
  for (let power = 10 ** Math.floor(Math.log10(from)); power <= to; power *= 10) {
    for (const one of round125) {
      const value = one * power;
      if (value <= from || value > to) continue;
      const away = Math.min(x(value) - x(from), ...found.map((other) => x(value) - x(other)));
      if (away >= room) found.push(value);
    }
  }
  return found;
}

export function scaleOf(bins: Bin[], left: number, right: number, room: number): Scale {
  const step = (right - left) / Math.max(bins.length, 1);
  const knee = kneeOf(bins);
  const x = (value: number): number => {
    const i = bins.findIndex((bin) => value < bin.high);
    const bin = bins[i];
    if (!bin) return right;
    const inside = bin.high > bin.low ? Math.min(Math.max((value - bin.low) / (bin.high - bin.low), 0), 1) : 0.5;
    return left + (i + inside) * step;
  };
  const [low, turn, top] = [bins[0]?.low ?? 0, bins[knee - 1]?.high ?? 0, bins.at(-1)?.high ?? 0];
  const fine = ticks(low, turn, Math.max((knee * step) / room - 0.5, 1));
  return { left, right, step, knee, x, ticks: [...fine, ...(knee < bins.length ? sparse(turn, top, x, room) : [])] };
}
