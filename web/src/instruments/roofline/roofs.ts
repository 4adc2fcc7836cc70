// The roofs: a slope and a plateau each, the plateaus' labels, and the ridge points.
import { type Pen, round } from "../shared/svg";
import type { Frame } from "./frame";
import { type Box, textWidth } from "../shared/geometry";
import type { Board } from "./labels";
import { drawLegend } from "./legend";
import { allowed, type Line, lineOf, pathOf } from "./lines";
import type { Roofline } from "./types";

const drawOrder = { unscaled: 0, other: 1, level: 2, main: 3 } as const;
const labelOrder = { main: 0, other: 1, level: 2, unscaled: 3 } as const;

/** Labels of the plateaus, right-aligned above their lines, or below where another label stands. */
function drawPeakLabels(pen: Pen, lines: Line[], frame: Frame, board: Board, family: string): void {
  const seen = new Set<string>();
  for (const { roof, plateau, segments } of lines) {
    const label = roof.peak_label;
    const width = textWidth(label, frame.font, family);
    if (!plateau || !label || seen.has(label)) continue;
    seen.add(label);
    const boxAt = (top: number): Box => ({ x: frame.right - 4 - width, y: top, w: width, h: frame.font + 3 });
    const near = roof.form === "sum" ? segments.filter(({ x2 }) => x2 > frame.right - 8 - width).flatMap(({ y1, y2 }) => [y1, y2]) : [plateau.y1];
    const choices = [boxAt(Math.min(...near) - frame.font - 8), boxAt(Math.max(...near) + 4)];
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
    board.lines.push(...line.segments);
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
    const y = round(Math.max(frame.top, frame.y(allowed(roof, ridge.x))));
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
