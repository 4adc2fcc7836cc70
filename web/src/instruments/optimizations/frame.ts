// Where the rows are and what a doubling is long: one logarithmic scale for the order taken and for the shares of any order.
import { textWidth } from "../shared/geometry";
import { logScale } from "../shared/log_scale";
import { type Optimizations, type OptimizationBar, type Side, sides } from "./types";

export const size = 12.5; // px of a text

export type Kind = "whole" | "step" | "share" | "side";

/** A piece of a row: from one level to another, for a time that falls to the left. */
export interface Piece {
  id: string;
  look: string; // precision | fusion | chip | algorithm | machine | slower
  from: number;
  to: number;
  factor: number;
}

export interface Row {
  id: string;
  kind: Kind;
  label: string;
  pieces: Piece[];
  level: number; // at its end
  bar: OptimizationBar | null;
}

export interface Frame {
  width: number;
  narrow: boolean;
  height: number;
  left: number;
  right: number;
  pitch: number;
  bar: number; // height of a bar
  lift: number; // from the top of a row to its bar
  top: number; // of the first row
  split: number; // where the shares begin
  first: number; // of the rows of the shares
  shares: number; // rows of shares
  ends: { min: number; max: number }; // of the scale
  x(value: number): number;
}

const slower = (factor: number): boolean => factor < 1 - 1e-9;

function stepRow(bar: OptimizationBar): Row {
  const look = slower(bar.factor) ? "slower" : bar.means;
  return { id: bar.id, kind: "step", label: bar.label, pieces: [{ id: bar.id, look, from: bar.before, to: bar.after, factor: bar.factor }], level: bar.after, bar };
}

/** Factors set end to end, downwards from a level; those that make it slower upwards from it. */
function stacked(level: number, parts: { id: string; look: string; factor: number }[]): Piece[] {
  let [down, up] = [level, level];
  return parts.map(({ id, look, factor }) => {
    if (slower(factor)) {
      const piece = { id, look: "slower", from: up, to: up / factor, factor };
      up /= factor;
      return piece;
    }
    const piece = { id, look, from: down, to: down / factor, factor };
    down /= factor;
    return piece;
  });
}

/** Every change where no order can move it: by side, by means, by name. */
function settled(bars: OptimizationBar[]): OptimizationBar[] {
  const key = ({ side, means, id }: OptimizationBar): string => `${sides.indexOf(side)} ${means} ${id}`;
  return [...bars].sort((a, b) => (key(a) < key(b) ? -1 : 1));
}

function sideRow(side: Side, picture: Optimizations, from: number): Row {
  const factor = picture.sides[side];
  const look = slower(factor) ? "slower" : side;
  return { id: side, kind: "side", label: `the ${side}`, pieces: [{ id: side, look, from, to: from / factor, factor }], level: from / factor, bar: null };
}

export function rowsOf(picture: Optimizations): { order: Row[]; shares: Row[] } {
  const { before, after, bars } = picture;
  const whole = (id: string, { label, value }: { label: string; value: number }): Row => ({ id, kind: "whole", label, pieces: [], level: value, bar: null });
  const order = [whole("before", before), ...bars.map(stepRow), whole("after", after)];
  const parts = settled(bars).map(({ id, means, fair }) => ({ id, look: means, factor: fair }));
  const machine = sideRow("machine", picture, before.value);
  const each: Row = { id: "shares", kind: "share", label: "each change", pieces: stacked(before.value, parts), level: after.value, bar: null };
  return { order, shares: [each, machine, sideRow("algorithm", picture, machine.level)] };
}

/** The ends of the scale: what every row reaches, and a little more. */
function reach(rows: Row[]): { min: number; max: number } {
  const all = rows.flatMap(({ level, pieces }) => [level, ...pieces.flatMap(({ from, to }) => [from, to])]).filter((value) => value > 0);
  const [low, high] = [Math.min(...all), Math.max(...all)];
  const span = Math.max(high / low, 1.05);
  const spare = span ** 0.03;
  return { min: low / spare, max: low * span * spare };
}

export const aside = 74; // px of the column with what each is owed

export function frameFor({ order, shares }: ReturnType<typeof rowsOf>, width: number, family: string): Frame {
  const narrow = width < 560;
  const widest = Math.max(...[...order, ...shares].map((row) => textWidth(row.label, size, family, row.kind === "whole")));
  const left = narrow ? 2 : Math.min(Math.ceil(widest) + 16, width * 0.33);
  const right = narrow ? width - 2 : width - aside;
  const wraps = !narrow && widest > left - 14;
  const [pitch, bar, lift] = narrow ? [44, 19, 20] : [wraps ? 37 : 31, 20, wraps ? 8 : 5];
  const top = narrow ? 44 : 46;
  const split = top + order.length * pitch + 12;
  const first = split + 30;
  const ends = reach([...order, ...shares]);
  return { width, narrow, height: first + shares.length * pitch + 40, left, right, pitch, bar, lift, top, split, first, shares: shares.length, ends, x: logScale(ends, left, right) };
}
