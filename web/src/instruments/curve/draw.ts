// The lines, what they must stay under, and marks whose words keep clear of all of them.
import { type Box, crosses, inside, overlap, type Segment, textWidth } from "../shared/geometry";
import type { Plane } from "../shared/plane";
import { type Pen, round } from "../shared/svg";
import type { Curve, CurveSeries } from "./types";

const size = 12;
const dotted = 40; // points of a line up to which each is a dot

/** What tells the lines apart without colour. */
export const strokes = ["", "2 3", "9 3 2 3", "1 5", "14 4"];

interface Drawn {
  lines: Segment[];
  taken: Box[];
}

/** The part of a segment between the top and the bottom of the plane, or null. */
function cut({ x1, y1, x2, y2 }: Segment, { top, bottom }: Plane): Segment | null {
  const at = (y: number): number => (y - y1) / (y2 - y1);
  const ends = y1 === y2 ? [-Infinity, Infinity] : [at(top), at(bottom)].sort((a, b) => a - b);
  const [from, to] = [Math.max(ends[0] ?? 0, 0), Math.min(ends[1] ?? 1, 1)];
  if (from >= to || (y1 === y2 && (y1 < top || y1 > bottom))) return null;
  const along = (t: number): [number, number] => [round(x1 + t * (x2 - x1)), round(y1 + t * (y2 - y1))];
  const [[ax, ay], [bx, by]] = [along(from), along(to)];
  return { x1: ax, y1: ay, x2: bx, y2: by };
}

/** Segments as one path that only lifts where they part. */
function pathOf(segments: Segment[]): string {
  return segments.map((one, i) => {
    const before = segments[i - 1];
    const joined = before !== undefined && before.x2 === one.x1 && before.y2 === one.y1;
    return `${joined ? "" : `M${one.x1},${one.y1}`}L${one.x2},${one.y2}`;
  }).join("");
}

function drawSeries(pen: Pen, plane: Plane, one: CurveSeries, index: number): Segment[] {
  const points = one.points.map(([x, y]) => [round(plane.x(x)), round(plane.y(y))] as const);
  const look = index % strokes.length;
  if (one.sparse) {
    points.forEach(([cx, cy], i) => pen.put(`dot-${one.id}-${i}`, "circle", { class: `il-cv-dot il-cv-${look}`, cx, cy, r: 4, "data-series": one.id }));
    return [];
  }
  const all = points.slice(1).map(([x2, y2], i) => ({ x1: points[i]?.[0] ?? x2, y1: points[i]?.[1] ?? y2, x2, y2 }));
  const segments = all.map((segment) => cut(segment, plane)).filter((segment) => segment !== null);
  pen.put(`line-${one.id}`, "path", { class: `il-cv-line il-cv-${look}`, d: pathOf(segments), "stroke-dasharray": strokes[look] || "none", "data-series": one.id });
  points.forEach(([cx, cy], i) => {
    if (points.length <= dotted && cy >= plane.top && cy <= plane.bottom) pen.put(`dot-${one.id}-${i}`, "circle", { class: `il-cv-dot il-cv-${look}`, cx, cy, r: 2.6 });
  });
  return segments;
}

/** The cheapest of some places for a label: in sight, on no other, across as few lines as can be. */
function placed(candidates: Box[], plane: Plane, { lines, taken }: Drawn): Box {
  const area: Box = { x: plane.left, y: plane.top - 12, w: plane.width - plane.left, h: plane.bottom - plane.top + 10 };
  const cost = (box: Box, order: number): number =>
    order * 1.5 + (inside(box, area) ? 0 : 1000) + taken.reduce((sum, other) => sum + overlap(box, other), 0) * 5 + lines.filter((line) => crosses(line, box)).length * 8;
  const best = candidates.map((box, i) => ({ box, cost: cost(box, i) })).sort((a, b) => a.cost - b.cost)[0];
  const box = best?.box ?? { x: 0, y: 0, w: 0, h: 0 };
  taken.push({ x: box.x - 3, y: box.y - 2, w: box.w + 6, h: box.h + 4 });
  return box;
}

function drawLimits(pen: Pen, plane: Plane, { limits }: Curve, drawn: Drawn, family: string): void {
  limits.forEach((limit, i) => {
    const at = round(plane.y(limit.y));
    pen.put(`limit-${i}`, "line", { class: "il-chart-limit", x1: plane.left, x2: plane.right, y1: at, y2: at });
    const width = textWidth(limit.label, size, family, true);
    const spots = [plane.left + 6, plane.right - width - 4, (plane.left + plane.right - width) / 2].flatMap((x) => [-18, 4].map((dy) => ({ x, y: at + dy, w: width, h: 14 })));
    const box = placed(spots, plane, drawn);
    pen.put(`limit-t-${i}`, "text", { class: "il-strong il-halo", x: round(box.x), y: round(box.y + 11) }, limit.label);
    drawn.lines.push({ x1: plane.left, x2: plane.right, y1: at, y2: at });
  });
}

function drawMarks(pen: Pen, plane: Plane, { marks }: Curve, drawn: Drawn, family: string): void {
  const at = marks.map((mark) => ({ x: round(plane.x(mark.x)), y: round(Math.min(Math.max(plane.y(mark.y), plane.top), plane.bottom)) }));
  drawn.taken.push(...at.map((point) => ({ x: point.x - 8, y: point.y - 8, w: 16, h: 16 })));
  marks.forEach((mark, i) => {
    const { x, y: cy } = at[i] as { x: number; y: number };
    pen.put(`stem-${i}`, "line", { class: "il-cv-stem", x1: x, x2: x, y1: cy, y2: plane.bottom });
    pen.put(`mark-${i}`, "circle", { class: "il-cv-mark", cx: x, cy, r: 6.5, "data-mark": mark.label });
    const words = mark.label;
    const w = textWidth(words, size, family, true);
    const spots = [12, 26, 42].flatMap((away) => [
      { x: x + away, y: cy - 7 }, { x: x - away - w, y: cy - 7 }, { x: x - w / 2, y: cy - away - 12 },
      { x: x + away * 0.7, y: cy - away - 8 }, { x: x - away * 0.7 - w, y: cy - away - 8 }, { x: x - w / 2, y: cy + away }, { x: x + away * 0.7, y: cy + away - 4 }, { x: x - away * 0.7 - w, y: cy + away - 4 },
    ]).map((spot) => ({ ...spot, w, h: 14 }));
    const box = placed(spots, plane, drawn);
    pen.put(`mark-t-${i}`, "text", { class: "il-strong il-halo", x: round(box.x), y: round(box.y + 11) }, words);
  });
}

export function drawCurve(pens: { lines: Pen; words: Pen }, plane: Plane, picture: Curve, family: string): void {
  const lines = picture.series.flatMap((one, i) => drawSeries(pens.lines, plane, one, i));
  const drawn: Drawn = { lines, taken: [] };
  drawMarks(pens.words, plane, picture, drawn, family);
  drawLimits(pens.words, plane, picture, drawn, family);
}
