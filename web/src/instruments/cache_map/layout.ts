// Where the sets, their streams and the gates stand, laid out anew for each width.
import { textWidth } from "../shared/geometry";
import { briefly } from "./describe";
import type { CacheMap } from "./types";

const size = 12;
const few = 8; // gates up to which their bars are thick

export interface Layout {
  width: number;
  height: number;
  left: number;
  right: number;
  sets: { top: number; bottom: number };
  streams: { top: number; bottom: number; cell: number; most: number };
  gates: { left: number; top: number; pitch: number; lift: number; bar: number; right: number; above: boolean };
  x(set: number): number;
}

export function layout(picture: CacheMap, width: number, family: string): Layout {
  const narrow = width < 560;
  const { bins, rows, sets: count, ways } = picture;
  const names = Math.max(...rows.map((row) => textWidth(row.label, size, family)), 0);
  const above = names > width * 0.26; // long names stand over their bars
  const left = 54;
  const right = width - 4;
  const most = Math.max(...bins.map((bin) => bin.streams), ways) + 1;
  const cell = Math.min(Math.max(Math.floor(72 / most), 5), 15);
  const sets = { top: 28, bottom: narrow ? 124 : 148 };
  const streams = { top: sets.bottom + 32, bottom: sets.bottom + 32 + most * cell, cell, most };
  const values = Math.max(...rows.map((row) => textWidth(briefly(row), size, family, true)), 0);
  const bar = rows.length > few ? 12 : 18;
  const pitch = above ? bar + 24 : bar + (rows.length > few ? 6 : 8);
  const gates = { left: above ? 1 : Math.max(Math.ceil(names) + 12, left), top: streams.bottom + 62, pitch, lift: above ? 18 : 0, bar, right: right - values - 10, above };
  const height = rows.length ? gates.top + rows.length * pitch : streams.bottom + 40;
  return { width, height, left, right, sets, streams, gates, x: (set) => left + (set / Math.max(count, 1)) * (right - left) };
}
