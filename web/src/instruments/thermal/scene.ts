// What is drawn of a thermal trace and where: the plane of temperatures, and under it the strip of operating points.
import { celsius } from "../shared/format";
import { textWidth } from "../shared/geometry";
import { type Axis, type Plane, planeFor } from "../shared/plane";
import type { ThermalLevel, ThermalSeries, ThermalTrace } from "./types";

export const zero = 273.15; // K at 0 °C
const minute = 60; // s
const sizes = { wide: 350, narrow: 290 };
const step = 5; // °C that the axis is rounded to

export interface Axes {
  x: Axis;
  y: Axis;
}

export interface Scene {
  plane: Plane;
  axes: Axes;
  strip: { top: number; height: number; bottom: number };
  height: number;
  x(seconds: number): number;
  y(kelvin: number): number;
}

export const last = ({ points }: ThermalSeries): [number, number] => points.at(-1) ?? [0, 0];

function axesOf({ span, ambient, limit, series }: ThermalTrace): Axes {
  const all = [ambient, limit, ...series.flatMap(({ points }) => points.map(([, kelvin]) => kelvin))].map((kelvin) => kelvin - zero);
  const low = Math.floor((Math.min(...all) - 1.5) / step) * step;
  const high = Math.ceil((Math.max(...all) + 0.5) / step) * step;
  const inMinutes = span >= 2 * minute;
  return {
    x: { label: "time", unit: inMinutes ? "min" : "s", min: 0, max: inMinutes ? span / minute : span },
    y: { label: "temperature", unit: "°C", min: low, max: high },
  };
}

export interface Named {
  id: string;
  words: string;
  kelvin: number;
}

/** What has a name right of the plane, at its own height there. */
export function named({ series, limit, ambient }: ThermalTrace): Named[] {
  const lines = series.map((one) => ({ id: one.id, words: `${one.label} ${celsius(last(one)[1])}`, kelvin: last(one)[1] }));
  const fixed = [{ id: "limit", words: `limit ${celsius(limit, 0)}`, kelvin: limit }, { id: "ambient", words: `ambient ${celsius(ambient, 0)}`, kelvin: ambient }];
  return [...lines, ...fixed];
}

export function sceneFor(picture: ThermalTrace, width: number, family: string): Scene {
  const axes = axesOf(picture);
  const narrow = width < 560;
  const gutter = narrow ? 0 : Math.ceil(Math.max(...named(picture).map(({ words }) => textWidth(words, 12, family, true)))) + 16;
  const plane = planeFor(width, axes, sizes, family, gutter);
  const top = plane.bottom + 46;
  const height = 34;
  return {
    plane, axes, strip: { top, height, bottom: top + height }, height: top + height + 4,
    x: (seconds) => plane.x(axes.x.unit === "min" ? seconds / minute : seconds),
    y: (kelvin) => plane.y(kelvin - zero),
  };
}

/** The temperature of a series at a time, K. */
export function temperature({ points }: ThermalSeries, seconds: number): number {
  const after = points.findIndex(([at]) => at >= seconds);
  const [t1, k1] = points[after < 0 ? points.length - 1 : after] ?? [0, 0];
  const [t0, k0] = points[Math.max(after - 1, 0)] ?? [t1, k1];
  return after <= 0 || t1 === t0 ? k1 : k0 + ((seconds - t0) / (t1 - t0)) * (k1 - k0);
}

/** The operating point at a time. */
export function levelAt({ levels }: ThermalTrace, seconds: number): ThermalLevel | undefined {
  return levels.find(({ start, end }) => start <= seconds && seconds < end) ?? levels.at(-1);
}
