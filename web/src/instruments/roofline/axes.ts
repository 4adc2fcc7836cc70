// Grid, ticks and axis titles.
import { digits, si } from "../shared/format";
import { decades } from "../shared/log_scale";
import { type Pen, round } from "../shared/svg";
import type { Frame } from "./frame";
import type { Roofline } from "./types";

function drawX(pen: Pen, frame: Frame, picture: Roofline): void {
  const ticks = decades(picture.x);
  const every = Math.ceil((ticks.length * 52) / (frame.right - frame.left));
  ticks.forEach((value, i) => {
    const x = round(frame.x(value));
    pen.put(`gx${i}`, "line", { class: "il-grid", x1: x, x2: x, y1: frame.top, y2: frame.bottom });
    if (i % every) return;
    const anchor = x > frame.right - 18 ? "end" : x < frame.left + 8 && frame.gutter ? "start" : "middle";
    const at = anchor === "end" ? frame.right + 6 : anchor === "start" ? x - 4 : x;
    pen.put(`tx${i}`, "text", { class: "il-tick", x: at, y: frame.bottom + 17, "text-anchor": anchor }, digits(value));
  });
  const middle = round((frame.left + frame.right) / 2);
  const title = `${picture.x.label}, ${picture.x.unit}`;
  pen.put("xt", "text", { class: "il-axis", x: middle, y: frame.height - 6, "text-anchor": "middle" }, title);
}

function drawY(pen: Pen, frame: Frame, picture: Roofline): void {
  const ticks = decades(picture.y);
  const edge = frame.gutter ? frame.gutter.left : frame.left;
  const every = Math.ceil((ticks.length * 24) / (frame.bottom - frame.top));
  ticks.forEach((value, i) => {
    const y = round(frame.y(value));
    pen.put(`gy${i}`, "line", { class: "il-grid", x1: frame.left, x2: frame.right, y1: y, y2: y });
    if (i % every) return;
    pen.put(`ty${i}`, "text", { class: "il-tick", x: edge - 8, y: y + 4, "text-anchor": "end" }, si(value, " ").trim());
  });
  const title = `${picture.y.label}, ${picture.y.unit}`;
  if (frame.narrow) {
    pen.put("yt", "text", { class: "il-axis", x: 2, y: 13 }, title);
    return;
  }
  const middle = round((frame.top + frame.bottom) / 2);
  pen.put("yt", "text", { class: "il-axis", transform: `translate(14 ${middle}) rotate(-90)`, "text-anchor": "middle" }, title);
}

export function drawAxes(pen: Pen, frame: Frame, picture: Roofline): void {
  drawX(pen, frame, picture);
  drawY(pen, frame, picture);
  if (frame.gutter) {
    const { left, width } = frame.gutter;
    const area = { class: "il-gutter", x: left, y: frame.top, width, height: frame.bottom - frame.top, rx: 4 };
    pen.put("gutter", "rect", area);
    pen.put("gutter0", "text", { class: "il-tick", x: left + width / 2, y: frame.bottom + 17, "text-anchor": "middle" }, "0");
    const at = `translate(${round(left + width / 2 + frame.font * 0.35)} ${frame.top + 8}) rotate(-90)`;
    pen.put("gutterT", "text", { class: "il-tick", transform: at, "text-anchor": "end" }, "0: pure copies");
  }
}
