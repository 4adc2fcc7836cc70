// What each slope is: a sample of the line and its bandwidth, in the corner above the roofs that is always empty.
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
  const x = frame.left + 10;
  [...named].sort((a, b) => order[a.role] - order[b.role]).forEach((roof, i) => {
    const y = Math.round(frame.top + 16 + i * step);
    const d = `M${x},${y - 4}h${sample}`;
    pen.put(`sample-${roof.role}-${roof.id}`, "path", { class: `il-roof il-roof-${roof.role}`, d });
    const at = { x: x + sample + 7, y };
    pen.put(`legend-${roof.role}-${roof.id}`, "text", { class: `il-note il-note-${roof.role}`, ...at }, nameOf(roof));
    board.take({ x, y: y - frame.font, w: sample + 10 + textWidth(nameOf(roof), frame.font, family), h: step });
  });
}
