// The trace in words: its figures, one sentence for those who hear it, and what is so at one moment.
import { celsius, duration, si } from "../shared/format";
import type { Figure } from "../shared/figures";
import type { Place } from "../shared/reader";
import { last, levelAt, type Scene, temperature } from "./scene";
import { rateWords, shares, shareWords } from "./strip";
import type { ThermalTrace } from "./types";

const places = 60; // of the time, for the arrow keys

export function figures({ sustained_power: power, time_to_limit: reached, sustained_rate: rate, ambient, limit, levels }: ThermalTrace): Figure[] {
  const start = levels[0];
  const found = [
    { label: "sustained power", value: si(power, "W"), note: `holds ${celsius(limit, 0)} at ${celsius(ambient, 0)}` },
    { label: reached === null ? "limit reached" : "limit reached after", value: reached === null ? "never" : duration(reached), note: start ? `from ${celsius(ambient, 0)} at ${si(start.power, "W")}` : `from ${celsius(ambient, 0)}` },
  ];
  if (rate === null) return reached === null ? found : [...found, { label: "sustained rate", value: "none", note: "too hot at every operating point" }];
  const asked = start && rate < start.rate * 0.999 ? `of ${rateWords(start.rate)} asked` : "as asked";
  return [...found, { label: "sustained rate", value: rateWords(rate), note: asked }];
}

export function describe(picture: ThermalTrace): string {
  const ends = picture.series.map((one) => `${one.label} ${celsius(last(one)[1])} after ${duration(last(one)[0])}`);
  const said = figures(picture).map(({ label, value, note }) => `${label} ${value}, ${note}`);
  return `${picture.title}. Limit ${celsius(picture.limit)}, ambient ${celsius(picture.ambient)}. ${ends.join(", ")}. ${said.join("; ")}. ${shares(picture).map(shareWords).join("; ")}.`;
}

function momentLines(picture: ThermalTrace, seconds: number): string[] {
  const lines = picture.series.map((one) => {
    const kelvin = temperature(one, seconds);
    const away = picture.limit - kelvin;
    const from = one.id === "skin" ? `, ${Math.abs(away).toFixed(1)}\u202fK ${away < 0 ? "over" : "under"} its limit` : "";
    return `${one.label} ${celsius(kelvin)}${from}`;
  });
  const level = levelAt(picture, seconds);
  return level ? [...lines, `${level.label} at ${si(level.power, "W")}${level.held_back ? ", held back" : ""}`] : lines;
}

/** The moments that are read one by one: evenly in time, and where the operating point changes. */
export function moments({ span, levels }: ThermalTrace): number[] {
  const even = Array.from({ length: places + 1 }, (_, i) => (i / places) * span);
  return [...new Set([...even, ...levels.map(({ start }) => start)])].sort((a, b) => a - b);
}

export function placesOf(picture: ThermalTrace, scene: Scene): Place[] {
  const times = moments(picture);
  const top = scene.plane.top;
  return times.map((seconds, i) => {
    const [from, to] = [((times[i - 1] ?? seconds) + seconds) / 2, ((times[i + 1] ?? seconds) + seconds) / 2].map(scene.x) as [number, number];
    const heights = picture.series.map((one) => scene.y(temperature(one, seconds)));
    const at = { x: scene.x(seconds), top: Math.min(...heights) - 8, bottom: Math.max(...heights) + 8 };
    return { box: { x: from, y: top, w: Math.max(to - from, 1), h: scene.strip.bottom - top }, at, name: `after ${duration(seconds)}`, lines: momentLines(picture, seconds) };
  });
}
