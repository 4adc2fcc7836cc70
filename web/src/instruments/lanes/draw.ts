// The drawing: axis, deadline, and in each row the frame's slices over the median one's, with what is late marked above.
import { time, timeUnit } from "../shared/format";
import { textWidth } from "../shared/geometry";
import { type Pen, round } from "../shared/svg";
import { ticks, tickText } from "../shared/ticks";
import { signed } from "./describe";
import { type Band, type Frame, inSight, type Place, xOf } from "./layout";
import type { Patterns } from "./patterns";
import type { Lanes } from "./types";

const size = 12;
const least = 1.4; // px of a slice that is there at all
const telling = 0.012; // of what is in sight: a lateness that is marked

export function drawAxis(pen: Pen, frame: Frame, picture: Lanes, family: string): void {
  const unit = timeUnit(Math.max(frame.to, 1e-12));
  const fine = frame.to - frame.from < unit.scale / 2 && frame.from > 0;
  const places = ticks(frame.from, frame.to, frame.narrow ? (fine ? 3 : 4) : fine ? 6 : 9);
  places.forEach((place, i) => {
    const x = round(xOf(frame, place));
    pen.put(`grid-${i}`, "line", { class: "il-chart-grid", x1: x, x2: x, y1: frame.top, y2: frame.bottom });
    const text = `${tickText(place, unit)}${i === places.length - 1 ? `\u202f${unit.unit}` : ""}`;
    const half = textWidth(text, size, family) / 2;
    pen.put(`tick-${i}`, "text", { class: "il-ln-tick", x: round(Math.min(x, frame.right - half + 4)), y: frame.bottom + 15, "text-anchor": "middle" }, text);
  });
  pen.put("axis", "line", { class: "il-chart-axis", x1: frame.left, x2: frame.right, y1: frame.bottom, y2: frame.bottom });
  drawEnds(pen, frame, picture, family);
}

/** The deadline, and where the median frame is over. */
function drawEnds(pen: Pen, frame: Frame, picture: Lanes, family: string): void {
  const visible = (at: number): boolean => at >= frame.from && at <= frame.to;
  const over = Math.max(0, ...picture.rows.flatMap((row) => row.median.map((slice) => slice.start + slice.duration)));
  const { deadline } = picture;
  if (over > 0 && visible(over)) {
    const x = round(xOf(frame, over));
    pen.put("over", "line", { class: "il-ln-over", x1: x, x2: x, y1: frame.top - 2, y2: frame.bottom });
    const words = frame.narrow ? "median ends" : "the median frame ends";
    const left = x - textWidth(words, size, family) - 6 > 0;
    const free = left || deadline === null || !visible(deadline);
    if (free) pen.put("over-words", "text", { class: "il-ln-tick", x: left ? x - 5 : x + 5, y: 12, "text-anchor": left ? "end" : "start" }, words);
  }
  if (deadline !== null && visible(deadline)) {
    const x = round(xOf(frame, deadline));
    pen.put("deadline", "line", { class: "il-chart-limit", x1: x, x2: x, y1: 2, y2: frame.bottom });
    const words = `deadline ${time(deadline)}`;
    const right = x + 6 + textWidth(words, size, family, true) < frame.width;
    pen.put("deadline-words", "text", { class: "il-strong", x: right ? x + 6 : x - 6, y: 12, "text-anchor": right ? "start" : "end" }, words);
  }
  if (over > 0 && over < frame.from) pen.put("before", "text", { class: "il-ln-tick", x: frame.left, y: 12 }, `◀ the median frame is over by ${time(over)}`);
}

function cut(text: string, room: number, family: string): string {
  if (textWidth(text, size, family) <= room) return text;
  let kept = Math.floor((text.length * room) / textWidth(text, size, family));
  while (kept > 3 && textWidth(`${text.slice(0, kept)}…`, size, family) > room) kept -= 1;
  return kept > 3 ? `${text.slice(0, kept)}…` : "";
}

interface Drawing {
  pens: { slices: Pen; picked: Pen; words: Pen };
  frame: Frame;
  patterns: Patterns;
  family: string;
  selected: string | null; // the key of the slice that is looked at, in its row
  row: string | null;
}

function edges(frame: Frame, { slice }: Place): [number, number] {
  const from = Math.max(xOf(frame, slice.start), frame.left);
  const to = Math.min(xOf(frame, slice.start + slice.duration), frame.right);
  return to - from >= least ? [from, to] : [Math.min(from, frame.right - least), Math.min(from, frame.right - least) + least];
}

/** What is late: a mark over the time that the median frame did not need, ending where the slice ends. */
function drawLate({ pens, frame, family }: Drawing, band: Band, place: Place, id: string): void {
  const { slice } = place;
  if (slice.excess < telling * (frame.to - frame.from)) return;
  const end = slice.start + slice.duration;
  const from = round(Math.max(xOf(frame, end - slice.excess), frame.left));
  const to = round(Math.min(xOf(frame, end), frame.right));
  if (to - from < 2) return;
  const y = band.top + place.level * (band.height + 1) - 4.5;
  // Under another slice there is no room above: the mark lies along the upper edge.
  const d = place.level > 0 ? `M${from},${y + 6}H${to}` : `M${from},${y + 3}v-3H${to}v3`;
  pens.words.put(`late-${id}`, "path", { class: "il-ln-late", d, "data-late": slice.id });
  const words = signed(slice.excess);
  const width = textWidth(words, size, family, true);
  if (place.level > 0 || to - from < width + 10) return;
  pens.words.put(`much-${id}`, "text", { class: "il-ln-much", x: round((from + to) / 2), y: y + 4, "text-anchor": "middle" }, words);
}

function drawSlice(drawing: Drawing, band: Band, place: Place, id: string): void {
  const { pens, frame, patterns, family, selected, row } = drawing;
  const [from, to] = edges(frame, place);
  const { slice } = place;
  const y = band.top + place.level * (band.height + 1);
  const picked = selected === place.key && row === band.row.id;
  const box = { x: round(from), y, width: round(Math.max(to - from - (to - from > 4 ? 0.6 : 0), least)), height: band.height };
  const fill = patterns.fill(slice.kind);
  const kind = `il-ln-slice il-ln-${slice.kind}`;
  pens.slices.put(id, "rect", { class: kind, ...box, rx: to - from > 6 ? 2.5 : 0, ...(fill ? { style: `fill:${fill}` } : {}), ...(band.which === "frame" ? { "data-slice": slice.id } : {}) });
  if (picked) pens.picked.put(`picked-${id}`, "rect", { class: "il-ln-picked", x: box.x - 2, y: y - 2, width: box.width + 4, height: box.height + 4, rx: 3.5 });
  if (band.which === "frame") drawLate(drawing, band, place, id);
  const words = band.which === "frame" ? cut(slice.label, to - from - 12, family) : "";
  if (words) pens.words.put(`name-${id}`, "text", { class: `il-ln-name il-ln-name-${slice.kind}`, x: round(from + 6), y: y + band.height * 0.7 }, words);
}

/** Slices too short to be told apart stand for the ones beside them. */
export function drawBands(drawing: Drawing): void {
  const { frame, selected } = drawing;
  for (const band of frame.bands) {
    const tag = { class: "il-ln-tick", x: frame.left - 8, y: band.top + band.height * 0.75, "text-anchor": "end" };
    const base = band.top + band.depth * (band.height + 1) - 0.5;
    drawing.pens.slices.put(`base-${band.row.id}-${band.which}`, "line", { class: "il-ln-base", x1: frame.left, x2: frame.right, y1: base, y2: base });
    drawing.pens.words.put(`tag-${band.row.id}-${band.which}`, "text", tag, band.which);
    const last = new Map<number, { x: number; kind: string }>();
    band.places.forEach((place, i) => {
      if (!inSight(place.slice, frame)) return;
      const [from, to] = edges(frame, place);
      const before = last.get(place.level);
      const lost = to - from <= least && before !== undefined && before.kind === place.slice.kind && from - before.x < 0.6;
      if (lost && place.key !== selected && place.slice.excess < telling * (frame.to - frame.from)) return;
      last.set(place.level, { x: from, kind: place.slice.kind });
      drawSlice(drawing, band, place, `${band.row.id}-${band.which}-${i}`);
    });
  }
  for (const { row, y } of frame.heads) drawing.pens.words.put(`head-${row.id}`, "text", { class: "il-ln-head", x: 0, y }, row.label);
}
