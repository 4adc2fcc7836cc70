// The line of one roof: a slope and a plateau, or an arch where bytes and operations add up.
import { round } from "../shared/svg";
import type { Segment } from "../shared/geometry";
import type { Frame } from "./frame";
import type { Roof, Roofline } from "./types";

export interface Line {
  roof: Roof;
  segments: Segment[]; // what of it is within the axes, from left to right
  plateau: Segment | null; // where its peak is named
}

const pieces = 48; // of an arch

/** What the roof allows at an intensity. */
export function allowed({ peak, bandwidth, form }: Roof, intensity: number): number {
  const slope = bandwidth * intensity;
  return form === "sum" ? (peak * slope) / (peak + slope) : Math.min(peak, slope);
}

function archOf(roof: Roof, frame: Frame, { x, y }: Roofline): Line {
  const least = y.min >= roof.peak ? Infinity : (y.min * roof.peak) / (roof.bandwidth * (roof.peak - y.min)); // where it enters from below
  const from = Math.max(x.min, least);
  if (from >= x.max) return { roof, segments: [], plateau: null };
  const points = Array.from({ length: pieces + 1 }, (_, i) => from * (x.max / from) ** (i / pieces)).filter((at) => allowed(roof, at) <= y.max);
  const places = points.map((at) => [round(frame.x(at)), round(frame.y(allowed(roof, at)))] as const);
  const segments = places.slice(1).map(([x2, y2], i) => ({ x1: places[i]?.[0] ?? x2, y1: places[i]?.[1] ?? y2, x2, y2 }));
  return { roof, segments, plateau: segments.at(-1) ?? null };
}

/** The visible parts of one roof. */
export function lineOf(roof: Roof, frame: Frame, picture: Roofline): Line {
  if (roof.form === "sum") return archOf(roof, frame, picture);
  const { x, y } = picture;
  const ridge = roof.peak / roof.bandwidth;
  const from = Math.max(x.min, y.min / roof.bandwidth);
  const to = Math.min(ridge, x.max, y.max / roof.bandwidth);
  const at = (intensity: number, rate: number): [number, number] => [round(frame.x(intensity)), round(frame.y(rate))];
  const segment = ([x1, y1]: [number, number], [x2, y2]: [number, number]): Segment => ({ x1, y1, x2, y2 });
  const slope = from < to ? segment(at(from, from * roof.bandwidth), at(to, to * roof.bandwidth)) : null;
  const flat = Math.max(ridge, x.min);
  const plateau = flat < x.max && roof.peak <= y.max && roof.peak >= y.min ? segment(at(flat, roof.peak), at(x.max, roof.peak)) : null;
  return { roof, segments: [slope, plateau].filter((one) => one !== null), plateau };
}

export function pathOf({ segments }: Line): string {
  const [first] = segments;
  return first ? `M${first.x1},${first.y1}${segments.map(({ x2, y2 }) => `L${x2},${y2}`).join("")}` : "";
}
