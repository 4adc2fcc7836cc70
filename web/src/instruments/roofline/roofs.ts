// The roofs: a slope and a plateau each, the plateaus' labels, and the ridge points.
import { type Pen, round } from "../shared/svg";
import type { Frame } from "./frame";
import { type Box, type Segment, textWidth } from "../shared/geometry";
import type { Board } from "./labels";
import { drawLegend } from "./legend";
import type { Roof, Roofline } from "./types";

interface Line {
  roof: Roof;
  slope: Segment | null; // null: the slope lies outside the axes
  plateau: Segment | null;
}

/** The visible parts of one roof. */
function lineOf(roof: Roof, frame: Frame, { x, y }: Roofline): Line {
  const ridge = roof.peak / roof.bandwidth;
  const from = Math.max(x.min, y.min / roof.bandwidth);
  const to = Math.min(ridge, x.max, y.max / roof.bandwidth);
  const at = (intensity: number, rate: number): [number, number] => [round(frame.x(intensity)), round(frame.y(rate))];
  const segment = ([x1, y1]: [number, number], [x2, y2]: [number, number]): Segment => ({ x1, y1, x2, y2 });
  const slope = from < to ? segment(at(from, from * roof.bandwidth), at(to, to * roof.bandwidth)) : null;
  const flat = Math.max(ridge, x.min);
  const plateau = flat < x.max && roof.peak <= y.max && roof.peak >= y.min ? segment(at(flat, roof.peak), at(x.max, roof.peak)) : null;
  return { roof, slope, plateau };
}

function pathOf({ slope, plateau }: Line): string {
  const start = slope ? `M${slope.x1},${slope.y1}L${slope.x2},${slope.y2}` : "";
  if (!plateau) return start;
  return `${start || `M${plateau.x1},${plateau.y1}`}L${plateau.x1},${plateau.y1}L${plateau.x2},${plateau.y2}`;
}

const drawOrder = { unscaled: 0, other: 1, level: 2, main: 3 } as const;
const labelOrder = { main: 0, other: 1, level: 2, unscaled: 3 } as const;

/** Labels of the plateaus, right-aligned above their lines, or below where another label stands. */
function drawPeakLabels(pen: Pen, lines: Line[], frame: Frame, board: Board, family: string): void {
  const seen = new Set<string>();
  for (const { roof, plateau } of lines) {
    const label = roof.peak_label;
    const width = textWidth(label, frame.font, family);
    if (!plateau || !label || seen.has(label)) continue;
    seen.add(label);
    const boxAt = (top: number): Box => ({ x: frame.right - 4 - width, y: top, w: width, h: frame.font + 3 });
    const choices = [boxAt(plateau.y1 - frame.font - 8), boxAt(plateau.y1 + 4)];
    const cost = (box: Box): number => board.covered(box) * 3 + board.crossings(box) * 30 + (box.y < 0 ? 1e4 : 0) + (frame.narrow && roof.role === "other" && box.y < plateau.y1 ? 35 : 0);
    const box = choices.reduce((a, b) => (cost(b) < cost(a) ? b : a));
    if (board.covered(box) > 0) continue;
    board.take(box);
    const at = { x: frame.right - 4, y: round(box.y + frame.font), "text-anchor": "end" };
    pen.put(`peak-${roof.id}`, "text", { class: `il-note il-note-${roof.role}`, ...at }, label);
  }
}

/** Draws the lines, their plateaus' labels, the ridges, and the legend of the slopes. */
export function drawRoofs(pen: Pen, labels: Pen, frame: Frame, picture: Roofline, board: Board, family: string): void {
  const lines = picture.roofs.map((roof) => lineOf(roof, frame, picture));
  const sorted = [...lines].sort((a, b) => drawOrder[a.roof.role] - drawOrder[b.roof.role]);
  for (const line of sorted) {
    pen.put(`roof-${line.roof.role}-${line.roof.id}`, "path", { class: `il-roof il-roof-${line.roof.role}`, d: pathOf(line) });
    for (const segment of [line.slope, line.plateau]) if (segment) board.lines.push(segment);
  }
  drawRidges(pen, labels, frame, picture, board, family);
  const toLabel = [...lines].sort((a, b) => labelOrder[a.roof.role] - labelOrder[b.roof.role]);
  drawPeakLabels(labels, toLabel, frame, board, family);
  drawLegend(labels, frame, picture, board, family);
}

function drawRidges(pen: Pen, labels: Pen, frame: Frame, picture: Roofline, board: Board, family: string): void {
  picture.ridges.forEach((ridge, i) => {
    const roof = picture.roofs.find((r) => r.id === ridge.roof);
    if (!roof || ridge.x < picture.x.min || ridge.x > picture.x.max) return;
    const x = round(frame.x(ridge.x));
    const y = round(Math.max(frame.top, frame.y(roof.peak)));
    pen.put(`ridge-${ridge.roof}`, "line", { class: `il-ridge il-ridge-${roof.role}`, x1: x, x2: x, y1: y, y2: frame.bottom });
    pen.put(`mark-${ridge.roof}`, "path", { class: `il-mark il-mark-${roof.role}`, d: `M${x},${y - 4}l4,4l-4,4l-4,-4z` });
    board.faint.push({ x1: x, x2: x, y1: y, y2: frame.bottom });
    const w = textWidth(ridge.label, frame.font, family);
    const toRight = x + 6 + w < frame.right;
    const at = { x: toRight ? x + 6 : x - 6, y: frame.bottom - 8 - i * (frame.font + 5) };
    board.take({ x: toRight ? x + 4 : x - 8 - w, y: at.y - frame.font, w: w + 4, h: frame.font + 5 });
    labels.put(`ridge-${ridge.roof}`, "text", { class: "il-note", ...at, "text-anchor": toRight ? "start" : "end" }, ridge.label);
  });
}
