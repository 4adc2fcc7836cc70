// The kernels: a dot each, its area the share of the step; pure copies are squares in the gutter.
import { digits, percent, si } from "../shared/format";
import { type Pen, round } from "../shared/svg";
import { type Frame, place } from "./frame";
import { around, textWidth } from "../shared/geometry";
import type { Board } from "./labels";
import type { Dot, Roofline } from "./types";
import { type Words, wordsOf } from "./words";

export interface Placed {
  dot: Dot;
  x: number;
  y: number;
  r: number;
}

export function radius(share: number, frame: Frame): number {
  return round(Math.max(3, Math.sqrt(Math.max(share, 0)) * (frame.narrow ? 20 : 24)));
}

function tooltip(dot: Dot, { whole, rate, cost }: Words): string {
  const times = dot.count > 1 ? ` × ${digits(dot.count, 6)}` : "";
  const where = dot.intensity > 0 ? `${digits(dot.intensity)} FLOP/B, ${si(dot.flop_rate, rate)}` : `pure copy of ${si(dot.traffic, "B")}`;
  return `${dot.label}${times}\n${[`${percent(dot.share)} of the ${whole}`, cost(dot)].filter(Boolean).join(", ")}\n${where}\nbound by ${dot.bound}`;
}

const arrows = { up: [0, -1], down: [0, 1], left: [-1, 0], right: [1, 0] } as const;

/** A small triangle that points to where the clamped point really is. */
function drawArrow(pen: Pen, key: string, x: number, y: number, r: number, beyond: keyof typeof arrows): void {
  const [dx, dy] = arrows[beyond];
  const tip = [x + dx * (r + 7), y + dy * (r + 7)] as const;
  const base = [x + dx * (r + 1), y + dy * (r + 1)] as const;
  const points = `${tip[0]},${tip[1]} ${base[0] + dy * 4},${base[1] + dx * 4} ${base[0] - dy * 4},${base[1] - dx * 4}`;
  pen.put(key, "polygon", { class: "il-arrow", points });
}

const apart = 2.5; // px from which two places are two

/** Where the same kernel is in the frame that it is compared with. */
function drawLike(pen: Pen, frame: Frame, dot: Dot, { x, y, r }: Placed): void {
  if (!dot.ghost_rate) return;
  const like = place(frame, dot.intensity, dot.ghost_rate, r + 8);
  if (Math.abs(like.y - y) < apart) return;
  pen.put(`${dot.id}-way`, "line", { class: "il-like-way", x1: x, x2: x, y1: y, y2: round(like.y) });
  pen.put(`${dot.id}-like`, "circle", { class: "il-like", cx: round(like.x), cy: round(like.y), r });
}

function drawCircle(pen: Pen, frame: Frame, dot: Dot, words: Words): Placed {
  const r = radius(dot.share, frame);
  const at = place(frame, dot.intensity, dot.flop_rate, r + 8);
  const placed = { dot, x: round(at.x), y: round(at.y), r };
  drawLike(pen, frame, dot, placed);
  const kind = dot.member ? "il-dot il-dot-member" : "il-dot";
  const circle = pen.put(dot.id, "circle", { class: kind, cx: placed.x, cy: placed.y, r, "data-layer": dot.layer });
  pen.title(circle, tooltip(dot, words));
  if (at.beyond) drawArrow(pen, `${dot.id}-arrow`, placed.x, placed.y, r, at.beyond);
  return placed;
}

/** Squares stacked upwards in the gutter, the largest traffic at the bottom. */
function drawCopies(pen: Pen, frame: Frame, copies: Dot[], words: Words): Placed[] {
  if (!frame.gutter) return [];
  const { left, width } = frame.gutter;
  const x = left + width / 2;
  const room = frame.bottom - frame.top - 96;
  const sides = copies.map((dot) => Math.min(radius(dot.share, frame) * 1.772, width - 6));
  const wanted = sides.reduce((sum, side) => sum + side + 3, 0);
  const shrink = Math.min(1, room / Math.max(wanted, 1));
  let y = frame.bottom - 4;
  const byTraffic = copies.map((dot, i) => ({ dot, side: (sides[i] ?? 5) * shrink })).sort((a, b) => b.dot.traffic - a.dot.traffic);
  return byTraffic.map(({ dot, side }) => {
    y -= side;
    const kind = dot.member ? "il-dot il-dot-member" : "il-dot";
    const size = { x: round(x - side / 2), y: round(y), width: round(side), height: round(side) };
    pen.title(pen.put(dot.id, "rect", { class: kind, ...size, "data-layer": dot.layer }), tooltip(dot, words));
    const placed = { dot, x, y: y + side / 2, r: side / 2 };
    y -= 3;
    return placed;
  });
}

export function drawDots(pen: Pen, frame: Frame, picture: Roofline, board: Board): Placed[] {
  const bySize = [...picture.dots].sort((a, b) => b.share - a.share);
  const words = wordsOf(picture);
  const circles = bySize.filter((dot) => dot.intensity > 0).map((dot) => drawCircle(pen, frame, dot, words));
  for (const { x, y, r } of circles) board.take(around(x, y, r + 1));
  return [...circles, ...drawCopies(pen, frame, bySize.filter((dot) => dot.intensity <= 0), words)];
}

/** The red dot and its name. */
export interface Named {
  label: string;
  x: number;
  y: number;
  r: number;
}

interface Cluster {
  head: Placed;
  names: string[];
}

/** The dots worth a name (the largest shares and the selected layer's), gathered where they lie on each other. */
function clusters(placed: Placed[], frame: Frame): Cluster[] {
  const shown = placed.filter(({ dot }) => dot.intensity > 0).sort((a, b) => b.dot.share - a.dot.share);
  const members = shown.filter(({ dot }) => dot.member).slice(0, frame.narrow ? 1 : 4);
  const others = shown.filter(({ dot }) => !dot.member && dot.share >= 0.01).slice(0, frame.narrow ? 3 : 6);
  const found: Cluster[] = [];
  for (const one of [...others, ...members].sort((a, b) => b.dot.share - a.dot.share)) {
    const near = found.find(({ head }) => Math.hypot(head.x - one.x, head.y - one.y) < Math.max(14, head.r));
    if (near) near.names.push(one.dot.label);
    else found.push({ head: one, names: [one.dot.label] });
  }
  return found.slice(0, frame.narrow ? 3 : 7);
}

function nameOf({ names }: Cluster): string {
  const [first = "", second = ""] = names;
  if (names.length === 1) return first;
  if (names.length === 2 && first.length + second.length < 24) return `${first}, ${second}`;
  return `${first} and ${names.length - 1} more`;
}

export function labelDots(pen: Pen, leaders: Pen, frame: Frame, placed: Placed[], board: Board, family: string, named: Named | null): void {
  for (const cluster of clusters(placed, frame)) {
    const { x, y, r, dot } = cluster.head;
    const name = nameOf(cluster);
    if (named && (name === named.label || (dot.member && Math.hypot(named.x - x, named.y - y) < named.r))) continue; // the red dot says so already
    const width = textWidth(name, frame.font, family);
    const spot = board.spot(x, y, r, width, frame.font + 2);
    if (!spot) continue;
    if (spot.leader) {
      const to = { x2: round(Math.min(Math.max(x, spot.x), spot.x + spot.w)), y2: round(spot.y > y ? spot.y : spot.y + spot.h) };
      const away = Math.hypot(to.x2 - x, to.y2 - y) || 1;
      const from = { x1: round(x + ((to.x2 - x) / away) * r), y1: round(y + ((to.y2 - y) / away) * r) };
      leaders.put(`leader-${dot.id}`, "line", { class: "il-leader", ...from, ...to });
      board.lines.push({ ...from, ...to });
    }
    pen.put(`label-${dot.id}`, "text", { class: "il-label", x: round(spot.x), y: round(spot.y + frame.font * 0.95) }, name);
  }
}
