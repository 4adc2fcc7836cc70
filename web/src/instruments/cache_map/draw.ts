// Lines fetched by set, once and again; the streams through each set against its ways; the same lines by gate.
import { digits } from "../shared/format";
import { type Pen, round } from "../shared/svg";
import { ticks } from "../shared/ticks";
import { briefly } from "./describe";
import type { Layout } from "./layout";
import type { CacheBin, CacheMap } from "./types";

const headroom = 2; // of the lines that are there: what is fetched once fills half the height

/** A rectangle as a part of a path. */
function area([from, to]: [number, number], top: number, bottom: number): string {
  return to > from && bottom > top ? `M${round(from)},${round(top)}H${round(to)}V${round(bottom)}H${round(from)}z` : "";
}

const spanOf = (frame: Layout, { first, last }: CacheBin): [number, number] => [frame.x(first), frame.x(last + 1)];

export function setHeight({ bins }: CacheMap, frame: Layout): (lines: number) => number {
  const { top, bottom } = frame.sets;
  const most = Math.max(...bins.map((bin) => Math.max(bin.fetched, headroom * bin.distinct)), 1) * 1.04;
  return (lines) => bottom - (lines / most) * (bottom - top);
}

function drawSets(pen: Pen, frame: Layout, picture: CacheMap, hatch: string): void {
  const { bins } = picture;
  const { left, right, sets } = frame;
  const y = setHeight(picture, frame);
  const most = Math.max(...bins.map((bin) => Math.max(bin.fetched, headroom * bin.distinct)), 1);
  pen.put("sets-title", "text", { x: 0, y: 12 }, "lines fetched, by set");
  ticks(0, most, 3).filter(Number.isInteger).forEach((value, i) => {
    const at = round(y(value));
    pen.put(`y-${i}`, "line", { class: value === 0 ? "il-chart-axis" : "il-chart-grid", x1: left, x2: right, y1: at, y2: at });
    pen.put(`y-t-${i}`, "text", { x: left - 6, y: at + 4, "text-anchor": "end" }, digits(value, 6));
  });
  const once = bins.map((bin) => area(spanOf(frame, bin), y(Math.min(bin.distinct, bin.fetched)), sets.bottom));
  const again = bins.map((bin) => area(spanOf(frame, bin), y(bin.fetched), y(Math.min(bin.distinct, bin.fetched))));
  pen.put("once", "path", { class: "il-cm-once", d: once.join("") });
  pen.put("again", "path", { class: "il-cm-again", d: again.join(""), style: `fill:${hatch}` });
}

function drawSetTicks(pen: Pen, frame: Layout, count: number): void {
  const y = frame.streams.bottom;
  const quarters = [0, 1, 2, 3].map((i) => Math.round((count * i) / 4));
  [...new Set([...quarters, count - 1])].forEach((set, i, all) => {
    const last = i === all.length - 1 && count > 1;
    const x = round(last ? frame.right : frame.x(set));
    pen.put(`x-${i}`, "line", { class: "il-chart-axis", x1: x, x2: x, y1: y, y2: y + 4 });
    pen.put(`x-t-${i}`, "text", { x: i === 0 ? x - 2 : x, y: y + 17, "text-anchor": last ? "end" : i === 0 ? "start" : "middle" }, digits(set, 6));
  });
  pen.put("x-title", "text", { x: round((frame.x(0) + frame.x(count / 4)) / 2), y: y + 17, "text-anchor": "middle" }, "set");
}

/** A step for each stream that walks through a set; those past its ways push each other out. */
function drawStreams(pen: Pen, frame: Layout, { bins, ways, sets }: CacheMap, hatch: string): void {
  const { top, bottom, cell, most } = frame.streams;
  const y = (streams: number): number => bottom - streams * cell;
  pen.put("streams-title", "text", { x: 0, y: top - 8 }, "streams that walk through a set at once");
  const held = bins.map((bin) => area(spanOf(frame, bin), y(Math.min(bin.streams, ways)), bottom));
  const past = bins.map((bin) => area(spanOf(frame, bin), y(bin.streams), y(ways)));
  pen.put("held", "path", { class: "il-cm-held", d: held.join("") });
  pen.put("past", "path", { class: "il-cm-again", d: past.join(""), style: `fill:${hatch}` });
  const between = Array.from({ length: Math.max(most - 1, 0) }, (_, i) => `M${frame.left},${round(y(i + 1))}H${frame.right}`).join("");
  pen.put("between", "path", { class: "il-cm-between", d: between });
  pen.put("streams-base", "line", { class: "il-chart-axis", x1: frame.left, x2: frame.right, y1: bottom, y2: bottom });
  const limit = round(y(ways));
  pen.put("ways", "line", { class: "il-chart-limit", x1: frame.left, x2: frame.right, y1: limit, y2: limit });
  pen.put("ways-t", "text", { class: "il-strong", x: frame.left - 6, y: limit + 4, "text-anchor": "end" }, `${ways} ${ways === 1 ? "way" : "ways"}`);
  const highest = Math.max(...bins.map((bin) => bin.streams), 0);
  if (highest > ways) pen.put("highest", "text", { class: "il-strong il-cm-past", x: frame.left - 6, y: round(y(highest)) + 5, "text-anchor": "end" }, digits(highest, 6));
  drawSetTicks(pen, frame, sets);
}

function drawGates(pen: Pen, frame: Layout, { rows }: CacheMap, hatch: string): void {
  if (rows.length === 0) return;
  const { gates } = frame;
  const from = gates.left;
  const most = Math.max(...rows.map((row) => Math.max(row.fetched, headroom * row.distinct)), 1);
  const x = (lines: number): number => from + (lines / most) * (gates.right - from);
  pen.put("gates-title", "text", { x: 0, y: gates.top - 12 }, "the same lines, by gate");
  rows.forEach((row, i) => {
    const top = gates.top + i * gates.pitch;
    const y = top + gates.lift;
    const middle = y + gates.bar / 2 + 4;
    pen.put(`gate-${row.id}`, "text", { class: "il-cm-name", x: 0, y: gates.above ? top + 12 : middle }, row.label);
    const once = Math.min(row.distinct, row.fetched);
    pen.put(`gate-once-${row.id}`, "rect", { class: "il-cm-once", x: from, y, width: round(Math.max(x(once) - from, 0)), height: gates.bar, "data-gate": row.id });
    pen.put(`gate-again-${row.id}`, "rect", { class: "il-cm-again", x: round(x(once)), y, width: round(Math.max(x(row.fetched) - x(once), 0)), height: gates.bar, style: `fill:${hatch}` });
    pen.put(`gate-n-${row.id}`, "text", { class: "il-strong", x: round(x(row.fetched) + 8), y: middle }, briefly(row));
  });
}

export function drawMap(pen: Pen, frame: Layout, picture: CacheMap, hatch: string): void {
  drawSets(pen, frame, picture, hatch);
  drawStreams(pen, frame, picture, hatch);
  drawGates(pen, frame, picture, hatch);
}
