// Where each unit of an island stands: a column for its place in the order, a lane for its branch.
// Places depend on the structure alone, so that nothing moves when a fusion is switched.
import { textWidth } from "../shared/geometry";
import type { Island, Unit } from "./islands";

export interface Spot {
  unit: Unit;
  column: number;
  lane: number;
  x: number;
  y: number;
  w: number;
  h: number;
  lines: string[]; // of its name
}

export interface Plan {
  spots: Map<Unit, Spot>;
  width: number;
  height: number;
  upright: boolean; // columns run down the page
  gap: number; // between two columns
}

export const pip = 11; // side of a step's cell
const pipGap = 3.5;
export const font = 12.5;
const margin = 7;
const [low, high] = [30, 40]; // of a lone operator's box, of a cell with steps
const lane0 = 14; // between two lanes
const down = 18; // between two rows of an upright picture
const [tightest, widest] = [20, 34]; // between two columns

export function pipsWidth(unit: Unit): number {
  return unit.operators.length * (pip + pipGap) - pipGap;
}

/** Longest way from the head of the island; those that a fusion joins side by side share a column. */
function columnsOf(island: Island): Map<Unit, number> {
  const column = new Map(island.units.map((unit) => [unit, 0]));
  const at = (unit: Unit): number => column.get(unit) ?? 0;
  const of = new Map(island.units.flatMap((unit) => unit.operators.map(({ id }) => [id, unit] as const)));
  const linked = (a: Unit, b: Unit): boolean => island.links.some((link) => (link.from === a && link.to === b) || (link.from === b && link.to === a));
  const pairs = island.fusions.flatMap((fusion) => {
    const [a, b, ...rest] = [...new Set(fusion.members.flatMap((id) => of.get(id) ?? []))];
    return a && b && rest.length === 0 && !linked(a, b) ? [[a, b] as const] : [];
  });
  for (let round = 0; round < island.units.length; round += 1) {
    for (const { from, to } of island.links) column.set(to, Math.max(at(to), at(from) + 1));
    for (const [a, b] of pairs) {
      const both = Math.max(at(a), at(b));
      column.set(a, both).set(b, both);
    }
  }
  return column;
}

/** The lane of the first unit that it reads, where that is free; else the next free one. */
function lanesOf(island: Island, column: Map<Unit, number>): Map<Unit, number> {
  const lane = new Map<Unit, number>();
  const taken = new Set<string>();
  const order = [...island.units].sort((a, b) => (column.get(a) ?? 0) - (column.get(b) ?? 0));
  for (const unit of order) {
    const source = island.links.find((link) => link.to === unit)?.from;
    const own = column.get(unit) ?? 0;
    let wanted = (source && lane.get(source)) ?? 0;
    while (taken.has(`${own} ${wanted}`)) wanted += 1;
    taken.add(`${own} ${wanted}`);
    lane.set(unit, wanted);
  }
  return lane;
}

/** The name in one line, or broken in the middle where it must be narrow. */
function linesOf(label: string, narrow: boolean): string[] {
  const words = label.split(" ");
  if (!narrow || words.length < 2) return [label];
  const cuts = words.slice(1).map((_, i) => [words.slice(0, i + 1).join(" "), words.slice(i + 1).join(" ")]);
  return cuts.reduce((a, b) => (Math.max(...b.map((line) => line.length)) < Math.max(...a.map((line) => line.length)) ? b : a));
}

function breadth(unit: Unit, lines: string[], family: string): number {
  const words = Math.max(...lines.map((line) => textWidth(line, font, family)));
  return Math.ceil(Math.max(words, unit.operators.length > 1 ? pipsWidth(unit) : 0)) + 14;
}

const total = (sizes: number[]): number => sizes.reduce((sum, size) => sum + size, 0);
const starts = (sizes: number[], gap: number): number[] => sizes.map((_, i) => margin + total(sizes.slice(0, i)) + i * gap);
const whole = (sizes: number[], gap: number): number => 2 * margin + total(sizes) + gap * (sizes.length - 1);

/** The height of a lone operator's box, in the middle of its cell. */
export function boxHeight({ h, lines }: Spot): number {
  return Math.min(h, lines.length > 1 ? high : low);
}

interface Grid {
  columns: number[]; // breadth of each column, where columns run across
  rows: number[]; // height of each
  gaps: [number, number];
}

class Places {
  readonly column: Map<Unit, number>;
  readonly lane: Map<Unit, number>;

  constructor(private readonly island: Island) {
    this.column = columnsOf(island);
    this.lane = lanesOf(island, this.column);
  }

  /** The largest of a measure in each column, or in each lane. */
  most(places: Map<Unit, number>, measure: (unit: Unit) => number): number[] {
    const sizes = Array<number>(Math.max(...places.values()) + 1).fill(0);
    for (const unit of this.island.units) {
      const at = places.get(unit) ?? 0;
      sizes[at] = Math.max(sizes[at] ?? 0, measure(unit));
    }
    return sizes;
  }
}

function across(places: Places, room: number, size: (unit: Unit) => [number, number]): Grid | null {
  const columns = places.most(places.column, (unit) => size(unit)[0]);
  const gap = columns.length > 1 ? Math.min(widest, Math.floor((room - 2 * margin - total(columns)) / (columns.length - 1))) : 0;
  if (columns.length > 1 && gap < tightest) return null;
  return { columns, rows: places.most(places.lane, (unit) => size(unit)[1]), gaps: [gap, lane0] };
}

function downwards(places: Places, room: number, size: (unit: Unit) => [number, number]): Grid {
  const columns = places.most(places.lane, (unit) => size(unit)[0]);
  const gap = columns.length > 1 ? Math.max(8, Math.min(24, Math.floor((room - 2 * margin - total(columns)) / (columns.length - 1)))) : 0;
  return { columns, rows: places.most(places.column, (unit) => size(unit)[1]), gaps: [gap, down] };
}

const isAlone = (unit: Unit): boolean => unit.operators.length === 1;

/** From left to right, with the names of as few columns broken as are too wide; null where even that does not fit. */
function fitted(places: Places, room: number, size: (broken: Set<number>) => (unit: Unit) => [number, number]): [Grid, Set<number>] | null {
  const broken = new Set<number>();
  const full = places.most(places.column, (unit) => size(broken)(unit)[0]);
  const least = places.most(places.column, (unit) => size(new Set(full.keys()))(unit)[0]);
  const bySaving = [...full.keys()].sort((a, b) => (full[b] ?? 0) - (least[b] ?? 0) - (full[a] ?? 0) + (least[a] ?? 0));
  for (const next of [null, ...bySaving]) {
    if (next !== null) broken.add(next);
    const grid = across(places, room, size(broken));
    if (grid) return [grid, broken];
  }
  return null;
}

/** The island laid out from left to right, or from top to bottom where that is too wide. */
export function planOf(island: Island, room: number, family: string): Plan {
  const places = new Places(island);
  const lines = (unit: Unit, broken: Set<number>): string[] => linesOf(unit.label, isAlone(unit) && broken.has(places.column.get(unit) ?? 0));
  const size = (broken: Set<number>) => (unit: Unit): [number, number] => {
    const words = lines(unit, broken);
    return [breadth(unit, words, family), !isAlone(unit) || words.length > 1 ? high : low];
  };
  const flat = fitted(places, room, size);
  const [grid, broken] = flat ?? [downwards(places, room, size(new Set())), new Set<number>()];
  const [along, beside] = flat ? [places.column, places.lane] : [places.lane, places.column];
  const [xs, ys] = [starts(grid.columns, grid.gaps[0]), starts(grid.rows, grid.gaps[1])];
  const spots = new Map<Unit, Spot>();
  for (const unit of island.units) {
    const [i, j] = [along.get(unit) ?? 0, beside.get(unit) ?? 0];
    const [x, y, w, h] = [xs[i] ?? 0, ys[j] ?? 0, grid.columns[i] ?? 0, grid.rows[j] ?? 0];
    spots.set(unit, { unit, column: places.column.get(unit) ?? 0, lane: places.lane.get(unit) ?? 0, x, y, w, h, lines: lines(unit, broken) });
  }
  return { spots, width: whole(grid.columns, grid.gaps[0]), height: whole(grid.rows, grid.gaps[1]), upright: !flat, gap: flat ? grid.gaps[0] : down };
}
