// Beside the bytes: the operations, as a bar that does not move, and the launches.
import { digits, si } from "../shared/format";
import { textWidth } from "../shared/geometry";
import { type Pen, round } from "../shared/svg";
import type { Column, Frame } from "./frame";
import type { Waterfall } from "./types";

interface Pair {
  id: string;
  title: string;
  before: number;
  after: number;
  show(value: number): string;
}

function pairsOf({ operations, kernels }: Waterfall): [Pair, Pair] {
  return [
    { id: "operations", title: "operations", before: operations.before, after: operations.after, show: (value) => si(value, operations.unit) },
    { id: "kernels", title: "launches", before: kernels.before, after: kernels.after, show: (value) => digits(value, 6) },
  ];
}

function drawBar(pen: Pen, frame: Frame, column: Column, pair: Pair, which: "before" | "after", y: number, family: string): void {
  const largest = Math.max(pair.before, pair.after, 1e-300);
  const width = Math.max((pair[which] / largest) * column.width, 2);
  pen.put(`${pair.id}-${which}`, "rect", { class: `il-wf-bar il-wf-${pair.id}`, x: round(column.x), y: round(y), width: round(width), height: frame.bar, rx: 3 });
  const words = pair.show(pair[which]);
  const inside = width > textWidth(words, frame.font, family, true) + 14;
  const x = inside ? column.x + width - 8 : column.x + width + 6;
  const at = { x: round(x), y: round(y + frame.bar * 0.68), "text-anchor": inside ? "end" : "start", [`data-${pair.id}`]: which };
  pen.put(`${pair.id}-${which}-value`, "text", { class: inside ? "il-wf-value il-wf-on-bar" : "il-wf-value il-wf-whole", ...at }, words);
}

/** A faint band from the bar before to the bar after: straight where nothing changed. */
function drawBand(pen: Pen, column: Column, pair: Pair, top: number, bottom: number): void {
  const largest = Math.max(pair.before, pair.after, 1e-300);
  const [a, b] = [column.x + (pair.before / largest) * column.width, column.x + (pair.after / largest) * column.width];
  const d = `M${round(column.x)},${round(top)}H${round(a)}L${round(b)},${round(bottom)}H${round(column.x)}z`;
  pen.put(`${pair.id}-band`, "path", { class: "il-wf-band", d });
}

/** Draws both pairs; gives the height that they need below the bytes on a narrow page. */
export function drawBeside(pen: Pen, frame: Frame, rows: number, picture: Waterfall, family: string): number {
  const pairs = pairsOf(picture);
  const columns = [frame.operations, frame.kernels];
  const first = frame.narrow ? frame.top + rows * frame.pitch + 26 : frame.top + frame.lift;
  const last = frame.narrow ? first + frame.bar + 18 : frame.top + (rows - 1) * frame.pitch + frame.lift;
  pairs.forEach((pair, i) => {
    const column = columns[i] as Column;
    const title = frame.narrow ? first - 8 : 15;
    pen.put(`${pair.id}-title`, "text", { class: "il-wf-title", x: round(column.x), y: round(title) }, pair.title);
    drawBand(pen, column, pair, first + frame.bar, last);
    drawBar(pen, frame, column, pair, "before", first, family);
    drawBar(pen, frame, column, pair, "after", last, family);
  });
  return last + frame.bar;
}
