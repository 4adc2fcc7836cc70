// Where every slice is: rows from top to bottom, in each the frame over the median one, nested slices stacked.
import type { Lanes, Row, Slice } from "./types";

export interface Band {
  row: Row;
  which: "frame" | "median";
  top: number;
  height: number; // of one slice
  depth: number; // how many slices are stacked
  places: Place[];
}

export interface Place {
  slice: Slice;
  level: number;
  key: string; // its name and turn in its row: its like in the other frame has the same
}

export interface Frame {
  width: number;
  narrow: boolean;
  left: number;
  right: number;
  top: number;
  bottom: number;
  from: number; // the part of time in sight [s]
  to: number;
  bands: Band[];
  heads: { row: Row; y: number }[];
}

const deepest = 4; // levels that are drawn
const high = { frame: 19, median: 12 } as const;

/** Puts nested slices under what holds them; those deeper than what is drawn are folded into it. */
function stacked(slices: Slice[]): Place[] {
  const ends: number[] = [];
  const turns = new Map<string, number>();
  const found: Place[] = [];
  const sorted = [...slices].sort((a, b) => a.start - b.start || b.duration - a.duration);
  for (const slice of sorted) {
    const turn = turns.get(slice.label) ?? 0;
    turns.set(slice.label, turn + 1);
    const free = ends.findIndex((end) => end <= slice.start + 1e-12);
    const level = free < 0 ? ends.length : free;
    if (level >= deepest) continue;
    ends[level] = slice.start + slice.duration;
    found.push({ slice, level, key: `${slice.label}#${turn}` });
  }
  return found;
}

/** How many slices are nested too deep to be drawn. */
export const foldedIn = ({ rows }: Lanes): number => rows.flatMap(({ frame, median }) => [frame, median]).reduce((sum, slices) => sum + slices.length - stacked(slices).length, 0);

/** What is not drawn of a picture, in a sentence; empty where all is. */
export function foldedWords(picture: Lanes): string {
  const folded = foldedIn(picture);
  return folded ? `${folded} event${folded === 1 ? " is" : "s are"} nested deeper than ${deepest} levels: they stand in what holds them.` : "";
}

export function layout(picture: Lanes, width: number, window: { from: number; to: number }): Frame {
  const narrow = width < 560;
  const frame: Frame = { width, narrow, left: narrow ? 46 : 56, right: width - 6, top: 24, bottom: 0, ...window, bands: [], heads: [] };
  let y = frame.top;
  for (const row of picture.rows) {
    frame.heads.push({ row, y: y + 13 });
    y += 27; // the row's name, and room for the marks of what is late
    for (const which of ["frame", "median"] as const) {
      const places = stacked(row[which]);
      const depth = Math.max(1, ...places.map((place) => place.level + 1));
      frame.bands.push({ row, which, top: y, height: high[which], depth, places });
      y += depth * (high[which] + 1) + (which === "frame" ? 3 : 13);
    }
  }
  frame.bottom = y;
  return frame;
}

export const xOf = (frame: Frame, time: number): number => frame.left + ((time - frame.from) / (frame.to - frame.from)) * (frame.right - frame.left);

export const timeOf = (frame: Frame, x: number): number => frame.from + ((x - frame.left) / (frame.right - frame.left)) * (frame.to - frame.from);

export const inSight = ({ start, duration }: Slice, frame: Frame): boolean => start + duration >= frame.from && start <= frame.to;

const reach = 7; // px around a slice that still mean it

/** The slice under (or a few pixels beside) a place of the picture. */
export function at(frame: Frame, x: number, y: number): { band: Band; place: Place } | null {
  const band = frame.bands.find(({ top, height, depth }) => y >= top - 2 && y <= top + depth * (height + 1) + 2);
  if (!band || x < frame.left - reach || x > frame.right + reach) return null;
  const level = Math.min(Math.max(Math.floor((y - band.top) / (band.height + 1)), 0), band.depth - 1);
  let best: Place | null = null;
  let nearest = reach;
  for (const place of band.places) {
    if (!inSight(place.slice, frame)) continue;
    const [from, to] = [xOf(frame, place.slice.start), xOf(frame, place.slice.start + place.slice.duration)];
    const away = Math.max(from - x, x - to, 0) + (place.level === level ? 0 : 3);
    if (away < nearest || (away === nearest && best && place.slice.duration < best.slice.duration)) [nearest, best] = [away, place];
  }
  return best ? { band, place: best } : null;
}
