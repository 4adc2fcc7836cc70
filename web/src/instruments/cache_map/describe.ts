// The cache map in words: its figures, one place of it, and all of it in a paragraph.
import { digits, percent, si } from "../shared/format";
import type { Figure } from "../shared/figures";
import type { CacheBin, CacheMap, CacheRow } from "./types";

const counted = (value: number): string => digits(value, 9);

function times(fetched: number, distinct: number): string {
  return distinct > 0 ? `${digits(fetched / distinct, 2)}\u202f×` : "–";
}

function binary(bytes: number): string {
  const power = [30, 20, 10].find((one) => bytes >= 2 ** one) ?? 0;
  return `${digits(bytes / 2 ** power, 4)}\u202f${{ 30: "GiB", 20: "MiB", 10: "KiB", 0: "B" }[power]}`;
}

export function figures(picture: CacheMap): Figure[] {
  const { line, sets, ways, policy, accesses, hits, misses, distinct } = picture;
  return [
    { label: "Traffic", value: `${digits(picture.traffic_ratio, 3)}\u202f×`, note: "against each line fetched once" },
    { label: "Lines fetched", value: counted(misses), note: `${counted(distinct)} of them distinct: ${si(misses * line, "B")} for ${si(distinct * line, "B")}` },
    { label: "Hits", value: percent(accesses > 0 ? hits / accesses : 0), note: `${counted(hits)} of ${counted(accesses)} loads` },
    { label: "The cache", value: binary(sets * ways * line), note: `${counted(sets)} sets × ${counted(ways)} ways × ${counted(line)}\u202fB, ${policy}` },
  ];
}

/** "sets 0 to 7", "set 12". */
export function setsOf({ first, last }: CacheBin): string {
  return first === last ? `set ${counted(first)}` : `sets ${counted(first)} to ${counted(last)}`;
}

/** What stands beside a bar. */
export function briefly({ fetched, distinct }: CacheRow): string {
  return `${counted(fetched)} lines: ${times(fetched, distinct)}`;
}

export function linesOf({ fetched, distinct }: CacheBin | CacheRow): string {
  return fetched === 0 ? "nothing is fetched" : `${counted(fetched)} lines fetched, ${counted(distinct)} distinct: ${times(fetched, distinct)}`;
}

export function streamsOf({ streams }: CacheBin, ways: number): string {
  return `${counted(streams)} ${streams === 1 ? "stream" : "streams"} at once, ${counted(ways)} ${ways === 1 ? "way" : "ways"}`;
}

export function describe(picture: CacheMap): string {
  const { ways, bins, rows } = picture;
  const over = bins.filter((bin) => bin.streams > ways).length;
  const said = [`${picture.title}.`, ...figures(picture).map(({ label, value, note }) => `${label} ${value}, ${note}.`)];
  if (bins.length) said.push(`${over === 0 ? "No set has" : over === bins.length ? "Every set has" : `${counted(over)} of ${counted(bins.length)} groups of sets have`} more streams than ways.`);
  said.push(...rows.map((row) => `${row.label}: ${linesOf(row)}.`));
  return said.join(" ");
}
