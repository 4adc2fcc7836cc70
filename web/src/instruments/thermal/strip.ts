// Under the temperatures the operating points in time: as tall as their rate, hatched where they are held back.
import { digits, percent, si } from "../shared/format";
import { textWidth } from "../shared/geometry";
import { type Pen, round } from "../shared/svg";
import type { Scene } from "./scene";
import type { ThermalLevel, ThermalTrace } from "./types";

const size = 12;

export function drawStrip(pen: Pen, scene: Scene, { levels, span }: ThermalTrace, fill: string, family: string): void {
  const { strip, plane } = scene;
  const most = Math.max(...levels.map(({ rate }) => rate), 1e-9);
  pen.put("strip-title", "text", { x: 0, y: strip.top - 12 }, "operating points");
  levels.forEach((level, i) => {
    const [from, to] = [round(scene.x(level.start)), round(scene.x(Math.min(level.end, span)))];
    const height = Math.max((level.rate / most) * strip.height, 4);
    const [width, top] = [Math.max(to - from, 1), round(strip.bottom - height)];
    const held = level.held_back ? { style: `fill:${fill}` } : {};
    pen.put(`level-${i}`, "rect", { class: level.held_back ? "il-th-level il-th-held" : "il-th-level", x: from, y: top, width: round(width), height: round(height), "data-level": level.label, ...held });
    const words = [`${level.label}, ${si(level.power, "W")}`, level.label].find((one) => textWidth(one, size, family, true) + 12 < width);
    const above = strip.height - height >= size; // a low one has its name over it
    if (words) pen.put(`level-t-${i}`, "text", { class: above ? "il-strong" : level.held_back ? "il-strong il-halo" : "il-th-on", x: above ? from + 3 : from + 7, y: above ? top - 4 : round(strip.bottom - height / 2 + 4) }, words);
  });
  pen.put("strip-base", "line", { class: "il-chart-axis", x1: plane.left, x2: plane.right, y1: strip.bottom, y2: strip.bottom });
}

export interface Share {
  level: ThermalLevel;
  share: number; // of the time
}

/** Each operating point once, with its share of the time. */
export function shares({ levels, span }: ThermalTrace): Share[] {
  const found = new Map<string, Share>();
  for (const level of levels) {
    const key = `${level.label}|${level.power}|${level.held_back}`;
    const one = found.get(key) ?? { level, share: 0 };
    one.share += (Math.min(level.end, span) - level.start) / span;
    found.set(key, one);
  }
  return [...found.values()];
}

export function shareWords({ level, share }: Share): string {
  const held = level.held_back ? ", held back" : "";
  const often = share < 0.9995 ? `: ${percent(share)} of the time` : " all the time";
  return `${level.label} at ${si(level.power, "W")}${held}${often}`;
}

export const rateWords = (rate: number): string => `${digits(rate)}\u202fFPS`;
