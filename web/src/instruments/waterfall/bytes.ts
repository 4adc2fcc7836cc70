// The bytes: what moves before, what each fusion saves, what is left.
import { si } from "../shared/format";
import { fitted, textWidth } from "../shared/geometry";
import { type Pen, round } from "../shared/svg";
import { signed } from "./describe";
import type { Frame } from "./frame";
import type { Row } from "./rows";
import type { Waterfall } from "./types";

const least = 2; // px of a bar that is there at all

function drawLabel(pen: Pen, frame: Frame, row: Row, y: number, family: string): void {
  const strong = row.kind === "whole" ? "il-wf-label il-wf-whole" : "il-wf-label";
  const room = frame.narrow ? frame.width - 4 : frame.labels - 12;
  const at = frame.narrow ? { x: 1, y: y + 14 } : { x: 0, y: round(y + frame.lift + frame.bar * 0.68) };
  const label = pen.put(`label-${row.id}`, "text", { class: strong, ...at }, fitted(row.label, room, frame.font + (row.kind === "whole" ? 0.6 : 0), family));
  pen.title(label, row.steps.length > 1 ? row.steps.map((step) => step.label).join(", ") : row.label);
}

/** In its bar where that is long enough; else to the left of a saving where there is room, else to the right. */
function drawValue(pen: Pen, frame: Frame, row: Row, y: number, [left, right]: [number, number], words: string, family: string): void {
  const whole = row.kind === "whole";
  const width = textWidth(words, frame.font, family, true);
  const inside = right - left > width + 18;
  const before = !whole && left - frame.bytes.x > width + 12;
  const x = inside ? right - 9 : before ? left - 7 : right + 7;
  const kind = inside ? `il-wf-value ${whole ? "il-wf-on-bar" : "il-wf-on-saved"}` : whole ? "il-wf-value il-wf-whole" : "il-wf-value";
  const at = { x: round(x), y: round(y + frame.lift + frame.bar * 0.68), "text-anchor": inside || before ? "end" : "start", "data-value": row.id };
  pen.put(`value-${row.id}`, "text", { class: kind, ...at }, words);
}

export function drawBytes(pen: Pen, joins: Pen, frame: Frame, rows: Row[], picture: Waterfall, family: string): void {
  const largest = Math.max(...rows.map((row) => Math.max(row.from, row.to)), 1e-300);
  const scale = (frame.bytes.width - (frame.narrow ? 0 : 4)) / largest;
  rows.forEach((row, i) => {
    const y = frame.top + i * frame.pitch;
    drawLabel(pen, frame, row, y, family);
    const [low, high] = [Math.min(row.from, row.to), Math.max(row.from, row.to)];
    const width = Math.max((high - low) * scale, high > low ? least : 0);
    const left = round(Math.min(frame.bytes.x + low * scale, frame.bytes.x + frame.bytes.width - width));
    const top = round(y + frame.lift);
    const kind = row.kind === "whole" ? "il-wf-bar" : row.change > 0 ? "il-wf-bar il-wf-more" : "il-wf-bar il-wf-saved";
    pen.put(`bar-${row.id}`, "rect", { class: kind, x: left, y: top, width: round(width), height: frame.bar, rx: Math.min(3, width / 2), "data-row": row.id });
    const next = rows[i + 1];
    if (next) {
      const x = round(frame.bytes.x + row.to * scale);
      joins.put(`join-${row.id}`, "line", { class: "il-wf-join", x1: x, x2: x, y1: top + frame.bar, y2: round(top + frame.pitch) });
    }
    const words = row.kind === "whole" ? si(row.to, picture.unit) : signed(row.change, picture.unit);
    drawValue(pen, frame, row, y, [left, left + width], words, family);
  });
}
