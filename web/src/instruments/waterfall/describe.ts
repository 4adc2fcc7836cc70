// The waterfall in one paragraph, for those who hear it.
import { digits, si } from "../shared/format";
import { rowsOf } from "./rows";
import type { Waterfall } from "./types";

/** A change with its sign; one that is nothing has none. */
export function signed(change: number, unit: string): string {
  if (change === 0) return si(0, unit);
  return `${change < 0 ? "−" : "+"}${si(Math.abs(change), unit)}`;
}

export function describe(picture: Waterfall): string {
  const { before, after, operations, kernels, unit } = picture;
  const steps = rowsOf(picture).filter((row) => row.kind !== "whole");
  const parts = [`${picture.title}. ${before.label}: ${si(before.value, unit)}.`];
  if (steps.length) parts.push(`${steps.map((row) => `${row.label} ${signed(row.change, unit)}`).join(", ")}.`);
  parts.push(`Left, ${after.label}: ${si(after.value, unit)}.`);
  parts.push(`Operations before ${si(operations.before, operations.unit)}, after ${si(operations.after, operations.unit)}.`);
  parts.push(`Launches before ${digits(kernels.before, 6)}, after ${digits(kernels.after, 6)}.`);
  return parts.join(" ");
}
