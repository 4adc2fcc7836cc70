// Greedy label placement: each label takes the cheapest free spot near its dot and becomes an obstacle for the next.
import type { Frame } from "./frame";
import { type Box, crosses, inside, overlap, type Segment } from "../shared/geometry";

export interface Spot extends Box {
  leader: boolean;
}

const directions: [number, number][] = [
  [1, 0], [-1, 0], [0.75, 0.75], [0.75, -0.75], [-0.75, 0.75], [-0.75, -0.75], [0, 1], [0, -1],
];
const distances = [6, 20, 38, 60, 84];

function candidate(cx: number, cy: number, r: number, w: number, h: number, [dx, dy]: [number, number], distance: number): Box {
  const reach = r + distance;
  const x = dx > 0.1 ? cx + dx * reach : dx < -0.1 ? cx + dx * reach - w : cx - w / 2;
  const y = dy > 0.9 ? cy + reach : dy < -0.9 ? cy - reach - h : cy + dy * reach - h / 2;
  return { x, y, w, h };
}

export class Board {
  readonly taken: Box[] = [];
  readonly lines: Segment[] = [];
  readonly faint: Segment[] = []; // lines that a label should rather not cross
  readonly area: Box;

  constructor(frame: Frame) {
    this.area = { x: frame.left + 2, y: frame.top - 8, w: frame.right - frame.left, h: frame.bottom - frame.top + 6 };
  }

  take(box: Box): void {
    this.taken.push(box);
  }

  covered(box: Box): number {
    return this.taken.reduce((sum, other) => sum + overlap(box, other), 0);
  }

  crossings(box: Box): number {
    return this.lines.reduce((sum, line) => sum + (crosses(line, box) ? 1 : 0), 0);
  }

  private grazed(box: Box): number {
    return this.faint.reduce((sum, line) => sum + (crosses(line, box) ? 1 : 0), 0);
  }

  /** What a leader line to this box would run over. */
  private led(cx: number, cy: number, r: number, box: Box, distance: number): number {
    if (distance <= 20) return 0;
    const end = { x: Math.min(Math.max(cx, box.x), box.x + box.w), y: Math.min(Math.max(cy, box.y), box.y + box.h) };
    const away = Math.hypot(end.x - cx, end.y - cy) || 1;
    const start = { x: cx + ((end.x - cx) / away) * (r + 2), y: cy + ((end.y - cy) / away) * (r + 2) };
    const line = { x1: start.x, y1: start.y, x2: end.x, y2: end.y };
    return 8 + this.taken.reduce((sum, other) => sum + (crosses(line, other) ? 30 : 0), 0);
  }

  /** The last resort: under the circle, moved into the plot. */
  private below(cx: number, cy: number, r: number, w: number, h: number): Spot {
    const x = Math.max(this.area.x, Math.min(cx - w / 2, this.area.x + this.area.w - w));
    return { x, y: Math.min(cy + r + 6, this.area.y + this.area.h - h), w, h, leader: false };
  }

  /** The cheapest spot for a label of w × h beside a circle, or null when every spot would hide something. */
  spot(cx: number, cy: number, r: number, w: number, h: number, must = false): Spot | null {
    let best: Spot | null = null;
    let bestCost = Infinity;
    for (const distance of distances) {
      for (const [order, direction] of directions.entries()) {
        const box = candidate(cx, cy, r, w, h, direction, distance);
        if (!inside(box, this.area)) continue;
        const base = distance + order * 0.8;
        if (base >= bestCost) continue;
        const cost = base + this.covered(box) * 3 + this.crossings(box) * 26 + this.grazed(box) * 14 + this.led(cx, cy, r, box, distance);
        if (cost < bestCost) {
          bestCost = cost;
          best = { ...box, leader: distance > 20 };
        }
      }
    }
    if (!best && must) best = this.below(cx, cy, r, w, h);
    if (!best || (!must && this.covered(best) > 0.05 * w * h)) return null;
    this.take({ x: best.x - 3, y: best.y - 2, w: best.w + 6, h: best.h + 4 });
    return best;
  }
}
