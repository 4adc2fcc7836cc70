// The temperatures: the limit with the governor's band, the ambient, junction and skin, and when the limit is reached.
import { duration } from "../shared/format";
import { textWidth } from "../shared/geometry";
import { drawPlane } from "../shared/plane";
import { type Pen, round } from "../shared/svg";
import { type Named, named, type Scene } from "./scene";
import type { ThermalTrace } from "./types";

const line = 15; // px from name to name

export function drawAxes(pen: Pen, scene: Scene, picture: ThermalTrace): void {
  const { plane } = scene;
  const [top, bottom] = [round(scene.y(picture.limit)), round(scene.y(picture.limit - picture.hysteresis))];
  pen.put("band", "rect", { class: "il-th-band", x: plane.left, y: top, width: round(plane.right - plane.left), height: Math.max(bottom - top, 0) });
  drawPlane(pen, plane, scene.axes);
  const ambient = round(scene.y(picture.ambient));
  pen.put("ambient", "line", { class: "il-th-ambient", x1: plane.left, x2: plane.right, y1: ambient, y2: ambient });
  pen.put("limit", "line", { class: "il-chart-limit", x1: plane.left, x2: plane.right, y1: top, y2: top });
}

export function drawSeries(pen: Pen, scene: Scene, { series }: ThermalTrace): void {
  for (const { id, points } of [...series].sort((a) => (a.id === "skin" ? 1 : -1))) {
    const d = points.map(([seconds, kelvin], i) => `${i ? "L" : "M"}${round(scene.x(seconds))},${round(scene.y(kelvin))}`).join("");
    pen.put(id, "path", { class: `il-th-line il-th-${id}`, d, "data-series": id });
  }
}

/** Heights of the names: each at its line where there is room, no two on each other. */
function apart(names: Named[], scene: Scene): { one: Named; at: number; y: number }[] {
  const { top, bottom } = scene.plane;
  const placed = names.map((one) => ({ one, at: scene.y(one.kelvin), y: 0 })).sort((a, b) => a.at - b.at);
  let free = top - 4;
  for (const place of placed) {
    place.y = Math.max(place.at, free);
    free = place.y + line;
  }
  let limit = bottom + 4;
  for (const place of [...placed].reverse()) {
    place.y = Math.min(place.y, limit);
    limit = place.y - line;
  }
  return placed;
}

export function drawNames(pen: Pen, scene: Scene, picture: ThermalTrace): void {
  const { right, narrow } = scene.plane;
  if (narrow) return; // the legend says it there
  for (const { one, at, y } of apart(named(picture), scene)) {
    const strong = one.id === "skin" || one.id === "limit";
    if (Math.abs(y - at) > 2) pen.put(`way-${one.id}`, "line", { class: "il-th-way", x1: right + 1, x2: right + 9, y1: round(at), y2: round(y) });
    pen.put(`name-${one.id}`, "text", { class: strong ? "il-strong" : "il-th-name", x: right + 12, y: round(y + 4) }, one.words);
  }
}

/** When the skin reaches its limit: a mark on the line, and its time above the plane. */
export function drawReached(pen: Pen, scene: Scene, picture: ThermalTrace, family: string): void {
  const { time_to_limit: reached, limit, span } = picture;
  if (reached === null || reached > span) return;
  const { top, bottom, right, left } = scene.plane;
  const [x, y] = [round(scene.x(reached)), round(scene.y(limit))];
  const words = `limit after ${duration(reached)}`;
  const half = textWidth(words, 12, family, true) / 2;
  const title = textWidth("temperature, °C", 12, family) + 14; // it stands on the same line
  const middle = Math.min(Math.max(x, title + half, left + half), right + 8 - half);
  pen.put("reached", "line", { class: "il-th-reached", x1: x, x2: x, y1: top - 10, y2: bottom });
  pen.put("reached-mark", "path", { class: "il-th-mark", d: `M${x},${y - 5}l5,5l-5,5l-5,-5z` });
  pen.put("reached-words", "text", { class: "il-strong il-halo", x: round(middle), y: 12, "text-anchor": "middle" }, words);
}
