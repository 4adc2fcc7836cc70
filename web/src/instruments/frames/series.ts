// The latencies in time: a stroke for a span of frames, a dot for each that stands out.
import { digits, time, timeUnit } from "../shared/format";
import { textWidth } from "../shared/geometry";
import { type Pen, round } from "../shared/svg";
import { ticks, tickText } from "../shared/ticks";
import type { Plot } from "./histogram";
import type { Frames } from "./types";

export interface Dot {
  frame: number;
  latency: number;
  x: number;
  y: number;
}

export function xOfFrame(picture: Frames, plot: Plot, frame: number): number {
  return plot.left + ((frame + 0.5) / Math.max(picture.n, 1)) * (plot.right - plot.left);
}

export function frameAt(picture: Frames, plot: Plot, x: number): number {
  const place = Math.floor(((x - plot.left) / (plot.right - plot.left)) * picture.n);
  return Math.min(Math.max(place, 0), picture.n - 1);
}

function drawScale(pen: Pen, picture: Frames, plot: Plot, most: number): (latency: number) => number {
  const y = (latency: number): number => plot.bottom - (latency / most) * (plot.bottom - plot.top);
  const unit = timeUnit(picture.max);
  ticks(0, most, 4).forEach((value, i) => {
    const at = round(y(value));
    pen.put(`y-${i}`, "line", { class: value === 0 ? "il-chart-axis" : "il-chart-grid", x1: plot.left, x2: plot.right, y1: at, y2: at });
    pen.put(`y-t-${i}`, "text", { class: "il-fr-tick", x: plot.left - 6, y: at + 4, "text-anchor": "end" }, tickText(value, unit));
  });
  pen.put("y-unit", "text", { class: "il-fr-tick", x: 0, y: 11 }, `latency in time, ${unit.unit}`);
  const places = ticks(0, picture.n, plot.narrow ? 4 : 8);
  places.forEach((value, i) => {
    const x = plot.left + (value / Math.max(picture.n, 1)) * (plot.right - plot.left);
    pen.put(`x-t-${i}`, "text", { class: "il-fr-tick", x: round(x), y: plot.bottom + 16, "text-anchor": i === places.length - 1 && x > plot.right - 20 ? "end" : "middle" }, digits(value, 6));
  });
  return y;
}

/** The frame that is looked at, with its name. */
function drawSelected(pen: Pen, picture: Frames, plot: Plot, dots: Dot[], y: (latency: number) => number): void {
  const { selected } = picture;
  if (selected === null) return;
  const dot = dots.find((one) => one.frame === selected);
  const span = picture.series.find((one) => one.first <= selected && selected <= one.last);
  const [x, at] = [round(xOfFrame(picture, plot, selected)), round(dot?.y ?? y(span?.high ?? picture.median))];
  pen.put("chosen-line", "line", { class: "il-fr-chosen-line", x1: x, x2: x, y1: at, y2: plot.bottom });
  pen.put("chosen", "circle", { class: "il-fr-chosen", cx: x, cy: at, r: 8.5 });
  const words = `frame ${digits(selected, 7)}${dot ? `, ${time(dot.latency)}` : ""}`;
  const width = 14 + textWidth(words, 12, plot.family, true);
  const crowd = (from: number, to: number): number => dots.filter((one) => one.frame !== selected && one.x > from && one.x < to && Math.abs(one.y - at) < 14).length;
  const right = x - width < 0 || (x + width < plot.right && crowd(x, x + width) <= crowd(x - width, x));
  pen.put("chosen-words", "text", { class: "il-strong il-halo", x: right ? x + 14 : x - 14, y: at + 4, "text-anchor": right ? "start" : "end" }, words);
}

export function drawSeries(pen: Pen, picture: Frames, plot: Plot): Dot[] {
  const most = Math.max(picture.max, picture.deadline ?? 0) * 1.06;
  const y = drawScale(pen, picture, plot, most);
  const alone = new Set(picture.spikes.map((spike) => spike.frame));
  const strokes = picture.series.filter((span) => !(span.first === span.last && alone.has(span.first))).map((span) => {
    const x = round((xOfFrame(picture, plot, span.first) + xOfFrame(picture, plot, span.last)) / 2);
    const [top, bottom] = [round(y(span.high) - 0.8), round(y(span.low) + 0.8)];
    return `M${x},${top}V${bottom}`;
  });
  pen.put("spans", "path", { class: "il-fr-spans", d: strokes.join(""), "stroke-width": round(Math.max((plot.right - plot.left) / Math.max(picture.series.length, 1) - 0.3, 1)) });
  if (picture.deadline !== null) {
    const at = round(y(picture.deadline));
    pen.put("limit", "line", { class: "il-chart-limit", x1: plot.left, x2: plot.right, y1: at, y2: at });
    pen.put("limit-words", "text", { class: "il-strong il-halo", x: plot.left + 4, y: at - 6 }, `deadline ${time(picture.deadline)}`);
  }
  const dots = picture.spikes.map(({ frame, latency }) => ({ frame, latency, x: xOfFrame(picture, plot, frame), y: y(latency) }));
  for (const dot of dots) {
    const late = picture.deadline !== null && dot.latency > picture.deadline;
    const circle = pen.put(`spike-${dot.frame}`, "circle", { class: late ? "il-fr-spike il-fr-late" : "il-fr-spike", cx: round(dot.x), cy: round(dot.y), r: 4.5, "data-spike": dot.frame });
    pen.title(circle, `frame ${digits(dot.frame, 7)}: ${time(dot.latency)}`);
  }
  drawSelected(pen, picture, plot, dots, y);
  return dots;
}
