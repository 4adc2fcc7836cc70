// The outline of a kernel: a box around its units where no other unit lies within it, else boxes with necks between.
import { round } from "../shared/svg";
import type { Plan, Spot } from "./layout";

export const reach = 5; // from a unit's cell to the outline
const neck = 7; // half the breadth of a neck
const corner = 10;

interface Rect {
  x1: number;
  y1: number;
  x2: number;
  y2: number;
}

function rectPath({ x1, y1, x2, y2 }: Rect): string {
  const r = Math.min(corner, (x2 - x1) / 2, (y2 - y1) / 2);
  const [w, h] = [round(x2 - x1 - 2 * r), round(y2 - y1 - 2 * r)];
  return `M${round(x1 + r)},${round(y1)}h${w}a${r},${r} 0 0 1 ${r},${r}v${h}a${r},${r} 0 0 1 ${-r},${r}h${-w}a${r},${r} 0 0 1 ${-r},${-r}v${-h}a${r},${r} 0 0 1 ${r},${-r}z`;
}

const around = ({ x, y, w, h }: Spot): Rect => ({ x1: x - reach, y1: y - reach, x2: x + w + reach, y2: y + h + reach });

function bounds(spots: Spot[]): Rect {
  const boxes = spots.map(around);
  return {
    x1: Math.min(...boxes.map((box) => box.x1)),
    y1: Math.min(...boxes.map((box) => box.y1)),
    x2: Math.max(...boxes.map((box) => box.x2)),
    y2: Math.max(...boxes.map((box) => box.y2)),
  };
}

function holds(box: Rect, { x, y, w, h }: Spot): boolean {
  return x < box.x2 && x + w > box.x1 && y < box.y2 && y + h > box.y1;
}

const distance = (a: Spot, b: Spot): number => Math.abs(a.column - b.column) + Math.abs(a.lane - b.lane) + (a.column !== b.column && a.lane !== b.lane ? 10 : 0);

/** Pairs of spots that connect all of them, the nearest first. */
function tree(spots: Spot[]): [Spot, Spot][] {
  const [first, ...others] = spots;
  if (!first) return [];
  const done = [first];
  const pairs: [Spot, Spot][] = [];
  while (others.length) {
    const options = done.flatMap((a) => others.map((b) => [a, b] as [Spot, Spot]));
    const best = options.reduce((x, y) => (distance(...y) < distance(...x) ? y : x));
    pairs.push(best);
    done.push(best[1]);
    others.splice(others.indexOf(best[1]), 1);
  }
  return pairs;
}

/** A bar between two spots, or an elbow where they share neither row nor column. */
function bars(a: Spot, b: Spot): Rect[] {
  const [ax, ay, bx, by] = [a.x + a.w / 2, a.y + a.h / 2, b.x + b.w / 2, b.y + b.h / 2];
  const near = Math.abs(a.column - b.column) + Math.abs(a.lane - b.lane) === 1;
  const level: Rect = { x1: Math.min(ax, bx) - neck, x2: Math.max(ax, bx) + neck, y1: ay - neck, y2: ay + neck };
  const plumb: Rect = { x1: bx - neck, x2: bx + neck, y1: Math.min(ay, by) - neck, y2: Math.max(ay, by) + neck };
  if (Math.abs(ay - by) < 1) return [near ? { ...level, y1: Math.min(a.y, b.y) - reach, y2: Math.max(a.y + a.h, b.y + b.h) + reach } : level];
  if (Math.abs(ax - bx) < 1 || a.x === b.x) {
    const [x1, x2] = [Math.max(a.x, b.x) - reach, Math.min(a.x + a.w, b.x + b.w) + reach];
    return [near ? { x1, x2, y1: Math.min(ay, by), y2: Math.max(ay, by) } : plumb];
  }
  return [level, plumb];
}

/** The parts of an outline as one path each; painted first with a stroke and then without, they are one shape. */
export function hullOf(spots: Spot[], plan: Plan): string[] {
  const box = bounds(spots);
  const foreign = [...plan.spots.values()].some((spot) => !spots.includes(spot) && holds(box, spot));
  if (!foreign) return [rectPath(box)];
  return [...spots.map((spot) => rectPath(around(spot))), ...tree(spots).flatMap(([a, b]) => bars(a, b).map(rectPath))];
}
