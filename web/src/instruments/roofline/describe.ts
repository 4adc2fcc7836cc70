// The chart in one paragraph, for those who hear it.
import { digits, percent, si } from "../shared/format";
import { wordsOf } from "./words";
import type { Roofline } from "./types";

export function describe(picture: Roofline): string {
  const main = picture.roofs.find((roof) => roof.role === "main");
  const { bytes, rate, whole } = wordsOf(picture);
  const parts = [`Roofline. ${picture.title}.`];
  if (main) {
    const ridge = digits(main.peak / main.bandwidth);
    parts.push(`Roof: ${si(main.bandwidth, bytes)} for bytes up to ${si(main.peak, rate)}, ridge at ${ridge} FLOP/B.`);
  }
  const { selected } = picture;
  if (selected) {
    const where = selected.intensity > 0 ? `${digits(selected.intensity)} FLOP/B and ${si(selected.flop_rate, rate)}` : "no operations, pure copies";
    parts.push(`Selected: ${selected.label}, ${where}, ${percent(selected.share)} of the ${whole}; ${selected.note}.`);
    if (selected.ghost_rate !== null) parts.push(`The model allows ${si(selected.ghost_rate, rate)}.`);
  }
  const largest = [...picture.dots].sort((a, b) => b.share - a.share).slice(0, 3);
  const names = largest.map((dot) => `${dot.label} ${percent(dot.share)}`).join(", ");
  if (names) parts.push(`${picture.dots.length} kernels; the largest: ${names}.`);
  return parts.join(" ");
}
