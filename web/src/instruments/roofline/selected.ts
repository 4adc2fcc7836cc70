// The red dot: where the selected layer is, where physics would let it be, and where it was before the knobs moved.
import { percent, time, timeUnit, digits } from "../shared/format";
import { type Pen, round } from "../shared/svg";
import { radius, type Placed } from "./dots";
import { type Frame, place } from "./frame";
import { around, overlap, textWidth } from "../shared/geometry";
import type { Board } from "./labels";
import type { Roofline, Selected } from "./types";
import { wordsOf } from "./words";

export interface RedDot {
  x: number;
  y: number;
  r: number;
}

function centre(frame: Frame, selected: Selected, placed: Placed[]): { x: number; y: number; beyond: string } {
  if (selected.intensity > 0 || !frame.gutter) return place(frame, selected.intensity || 1e-300, selected.flop_rate);
  const top = Math.min(frame.bottom, ...placed.filter(({ dot }) => dot.intensity <= 0).map(({ y, r }) => y - r));
  return { x: frame.gutter.left + frame.gutter.width / 2, y: Math.max(top - 16, frame.top + 100), beyond: "" };
}

function drawGhost(pen: Pen, frame: Frame, selected: Selected, red: RedDot, board: Board): void {
  if (selected.ghost_rate === null || selected.intensity <= 0) return;
  const ghost = place(frame, selected.intensity, selected.ghost_rate);
  const [x, y] = [round(ghost.x), round(ghost.y)];
  pen.put("gap", "line", { class: "il-gap", x1: x, x2: red.x, y1: y, y2: red.y });
  pen.put("ghost", "circle", { class: "il-ghost", cx: x, cy: y, r: red.r });
  board.take(around(x, y, red.r + 1));
}

function drawBefore(pen: Pen, frame: Frame, selected: Selected, red: RedDot): void {
  const { before } = selected;
  if (!before || before.intensity <= 0 || selected.intensity <= 0) return;
  const from = place(frame, before.intensity, before.flop_rate);
  if (Math.hypot(from.x - red.x, from.y - red.y) < 2) return;
  pen.put("trace", "line", { class: "il-trace", x1: round(from.x), y1: round(from.y), x2: red.x, y2: red.y });
  pen.put("before", "circle", { class: "il-before", cx: round(from.x), cy: round(from.y), r: Math.max(4, red.r * 0.45) });
}

export function drawSelected(pen: Pen, frame: Frame, picture: Roofline, placed: Placed[], board: Board): RedDot | null {
  const { selected } = picture;
  if (!selected) return null;
  const at = centre(frame, selected, placed);
  const red = { x: round(at.x), y: round(at.y), r: Math.max(7, radius(selected.share, frame)) };
  if (selected.intensity <= 0 && frame.gutter) red.r = Math.min(red.r, frame.gutter.width / 2 - 2);
  drawBefore(pen, frame, selected, red);
  const circle = pen.put("red", "circle", { class: "il-red", cx: red.x, cy: red.y, r: red.r });
  pen.title(circle, `${selected.label}: ${percent(selected.share)} of the ${wordsOf(picture).whole}`);
  drawGhost(pen, frame, selected, red, board);
  if (at.beyond) {
    const mark = { up: "▲", down: "▼", left: "◀", right: "▶" }[at.beyond] ?? "";
    pen.put("beyond", "text", { class: "il-beyond", x: red.x, y: red.y + 4, "text-anchor": "middle" }, mark);
  }
  board.take(around(red.x, red.y, red.r + 2));
  return red;
}

/** The name (and, where there is room, the note) of the red dot, placed before any other label. */
export function labelSelected(pen: Pen, frame: Frame, selected: Selected, red: RedDot, board: Board, family: string): void {
  const size = frame.font + 1.5;
  const note = frame.narrow ? "" : selected.note;
  const width = Math.max(textWidth(selected.label, size, family, true), textWidth(note, frame.font, family));
  const lines = note ? 2 : 1;
  const height = size + 2 + (lines - 1) * (frame.font + 4);
  const spot = board.spot(red.x, red.y, red.r, width, height, true);
  if (!spot) return;
  const x = round(spot.x);
  pen.put("name", "text", { class: "il-name", x, y: round(spot.y + size * 0.92) }, selected.label);
  if (note) pen.put("note", "text", { class: "il-note il-remark", x, y: round(spot.y + size + frame.font + 3) }, note);
}

function gapRows(selected: Selected): { label: string; value: string }[] {
  const gap = selected.gap ?? [];
  const { scale, unit } = timeUnit(Math.max(...gap.map((part) => part.time)));
  return gap.map((part) => ({ label: part.label, value: `${digits(part.time / scale)}\u202f${unit}` }));
}

/** Lists what the gap is made of, in the empty corner under the roof; returns false when there is no room. */
export function drawGap(pen: Pen, frame: Frame, selected: Selected, board: Board, family: string): boolean {
  if (frame.width < 660) return false;
  const rows = gapRows(selected);
  const title = "The gap is made of";
  const valueWidth = Math.max(...rows.map((row) => textWidth(row.value, frame.font, family)));
  const labelWidth = Math.max(...rows.map((row) => textWidth(row.label, frame.font, family)));
  const w = Math.max(labelWidth + valueWidth + 22, textWidth(title, frame.font, family, true)) + 20;
  const line = frame.font + 6;
  const h = (rows.length + 1) * line + 14;
  const box = { x: frame.right - w - 8, y: frame.bottom - h - 34, w, h };
  if (board.taken.some((other) => overlap(box, other) > 0) || board.crossings(box) > 0) return false;
  board.take(box);
  pen.put("gap-box", "rect", { class: "il-box", x: round(box.x), y: round(box.y), width: round(w), height: h, rx: 8 });
  pen.put("gap-title", "text", { class: "il-note il-strong", x: round(box.x + 10), y: round(box.y + line) }, title);
  rows.forEach((row, i) => {
    const y = round(box.y + line * (i + 2));
    pen.put(`gap-l${i}`, "text", { class: "il-note", x: round(box.x + 10), y }, row.label);
    pen.put(`gap-v${i}`, "text", { class: "il-note il-value", x: round(box.x + w - 10), y, "text-anchor": "end" }, row.value);
  });
  return true;
}

/** What the chart has no room for, as a sentence below it. */
export function remarks(selected: Selected, narrow: boolean, gapInChart: boolean): string {
  const note = narrow && selected.note ? `${selected.label}: ${selected.note}. ` : "";
  return note + (gapInChart || !selected.gap?.length ? "" : gapSentence(selected));
}

function gapSentence(selected: Selected): string {
  const total = (selected.gap ?? []).reduce((sum, part) => sum + part.time, 0);
  const parts = gapRows(selected).map((row) => `${row.label} ${row.value}`);
  return `The gap, ${time(total)}: ${parts.join(" · ")}.`;
}
