// What each slope is: a sample of the line and its bandwidth, in the corner above the roofs, or under them where a roof runs through that corner.
import type { Pen } from "../shared/svg";
import type { Frame } from "./frame";
import { textWidth } from "../shared/geometry";
import type { Board } from "./labels";
import type { Roof, Roofline } from "./types";

const sample = 24;
const order = { main: 0, level: 1, unscaled: 2, other: 3 } as const;

/** Another chip is named on its plateau. */
function nameOf(roof: Roof): string {
  return roof.role === "other" ? "" : roof.label;
}

export function drawLegend(pen: Pen, frame: Frame, picture: Roofline, board: Board, family: string): void {
  const named = picture.roofs.filter((roof) => nameOf(roof) !== "");
  const step = frame.font + 6;
  const widest = Math.max(0, ...named.map((roof) => textWidth(nameOf(roof), frame.font, family)));
  const size = { w: sample + 10 + widest, h: named.length * step };
  const corner = { x: frame.left + 10, y: frame.top + 16 - frame.font, ...size };
  const below = { ...corner, x: frame.right - 6 - size.w, y: frame.bottom - 30 - size.h };
  const { x, y: top } = board.crossings(corner) > 0 && board.covered(below) === 0 && board.crossings(below) === 0 ? below : corner;
  [...named].sort((a, b) => order[a.role] - order[b.role]).forEach((roof, i) => {
    const y = Math.round(top + frame.font + i * step);
    const d = `M${x},${y - 4}h${sample}`;
    pen.put(`sample-${roof.role}-${roof.id}`, "path", { class: `il-roof il-roof-${roof.role}`, d });
    const at = { x: x + sample + 7, y };
    pen.put(`legend-${roof.role}-${roof.id}`, "text", { class: `il-note il-note-${roof.role}`, ...at }, nameOf(roof));
    board.take({ x, y: y - frame.font, w: sample + 10 + textWidth(nameOf(roof), frame.font, family), h: step });
  });
}
