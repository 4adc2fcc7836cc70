// A slice in a few lines, and the picture in one paragraph for those who hear it.
import { time } from "../shared/format";
import { type Band, foldedWords } from "./layout";
import type { Lanes, Slice } from "./types";

export function signed(seconds: number): string {
  if (Math.abs(seconds) < 5e-10) return time(0);
  return `${seconds < 0 ? "−" : "+"}${time(Math.abs(seconds))}`;
}

/** Where and when, and how much of it the median frame does not have. */
export function linesOf(slice: Slice, band: Band): string[] {
  const stage = slice.stage ? `, ${slice.stage}` : "";
  const where = `${slice.kind} · ${band.row.label}${stage}`;
  const when = `starts at ${time(slice.start)}, lasts ${time(slice.duration)}`;
  return band.which === "median" ? [where, when, "of the median frame"] : [where, when, `${signed(slice.excess)} beside the median frame`];
}

export function spoken(slice: Slice, band: Band): string {
  return `${slice.label}. ${linesOf(slice, band).join(". ")}.`;
}

export function latest(picture: Lanes): Slice[] {
  return picture.rows.flatMap((row) => row.frame).sort((a, b) => b.excess - a.excess);
}

export function describe(picture: Lanes): string {
  const late = latest(picture).slice(0, 4).filter((slice) => slice.excess > 0);
  const names = late.map((slice) => `${slice.label} ${signed(slice.excess)}`).join(", ");
  const rows = picture.rows.map((row) => `${row.label}, ${row.frame.length} events`).join("; ");
  const folded = foldedWords(picture);
  return `${picture.title}. Rows: ${rows}. ${folded ? `${folded} ` : ""}${names ? `Most beside the median frame: ${names}.` : "Nothing is late beside the median frame."}`;
}
