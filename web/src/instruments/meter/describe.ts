// The meter in words: how far the power is from what it must stay under, and where its floor lies.
import { digits, si } from "../shared/format";
import type { Meter } from "./types";

/** What stands beside the number: whether it is under the target, and whether it could be. */
export function verdict({ value, target, floor }: Meter): { over: boolean; words: string } | null {
  if (!target) return null;
  const times = (part: number): string => `${digits(part / target.value, 2)}\u202f×`;
  if (value <= target.value) return { over: false, words: `under the target of ${target.label}` };
  const words = `${times(value)} the target of ${target.label}`;
  if (!floor || floor.value <= target.value) return { over: true, words };
  return { over: true, words: `${words}; the ${floor.label} alone is ${times(floor.value)}` };
}

export function describe(picture: Meter): string {
  const { unit, value, parts, floor } = picture;
  const said = [`${picture.title}: ${si(value, unit)}, ${parts.map((part) => `${part.label} ${si(part.value, unit)}`).join(", ")}.`];
  if (floor) said.push(`${floor.label}: ${si(floor.value, unit)}.`);
  const words = verdict(picture)?.words;
  if (words) said.push(`${words}.`);
  return said.join(" ");
}
