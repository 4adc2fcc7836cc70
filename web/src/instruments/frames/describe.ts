// The figures of the distribution in words.
import { digits, percent, time } from "../shared/format";
import type { Figure } from "../shared/figures";
import type { Frames } from "./types";

/** A share with enough digits to be told from nothing. */
export function share(value: number): string {
  return value > 0 && value < 1e-4 ? `${digits(value * 100, 2)}\u202f%` : percent(value);
}

export function figures(picture: Frames): Figure[] {
  const few = `interpolated: only ${digits(picture.n, 7)} frames`;
  const found = [
    { label: "p50", value: time(picture.median), note: "the median" },
    { label: "p99", value: time(picture.p99), note: picture.n < 100 ? few : "1 frame in 100 is longer" },
    { label: "p99.9", value: time(picture.p999), note: picture.n < 1000 ? few : "1 in 1,000 is longer" },
    { label: "max", value: time(picture.max), note: "seen so far; no bound" },
  ];
  if (picture.deadline === null) return found;
  const { miss_low: low, miss_high: high } = picture;
  const note = low === null || high === null ? `${digits(picture.misses, 6)} of ${digits(picture.n, 7)}` : `${digits(picture.misses, 6)} of ${digits(picture.n, 7)}; ${share(low)} to ${share(high)} at 95\u202f%`;
  return [...found, { label: `past ${time(picture.deadline)}`, value: share(picture.miss_ratio), note }];
}

export function describe(picture: Frames): string {
  const words = figures(picture).map(({ label, value, note }) => `${label} ${value} (${note})`);
  return `${picture.title}. ${words.join(", ")}. ${picture.tail ? picture.tail.text : picture.tail_note}.`;
}

export function seriesWords(picture: Frames): string {
  const late = picture.spikes.map(({ frame, latency }) => `frame ${digits(frame, 7)} ${time(latency)}`);
  const shown = late.slice(0, 12).join(", ");
  return `Latency of ${digits(picture.n, 7)} frames in time. ${late.length ? `Standing out: ${shown}${late.length > 12 ? " and more" : ""}.` : "None stands out."}`;
}
