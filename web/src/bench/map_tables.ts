// The data behind the cache map, the curve and the meter.
import type { CacheMap } from "../instruments/cache_map/types";
import { setsOf } from "../instruments/cache_map/describe";
import type { Curve } from "../instruments/curve/types";
import type { Meter } from "../instruments/meter/types";
import type { KernelTable } from "../protocol";

export function cacheTable({ bins, rows }: CacheMap): KernelTable {
  const columns = [
    { id: "name", label: "Sets, then gates", unit: null }, { id: "fetched", label: "lines fetched", unit: null },
    { id: "distinct", label: "distinct", unit: null }, { id: "ratio", label: "fetched for each", unit: "×" }, { id: "streams", label: "streams at once", unit: null },
  ];
  const ratio = (fetched: number, distinct: number): number | null => (distinct > 0 ? fetched / distinct : null);
  const sets = bins.map((bin) => ({ name: setsOf(bin), fetched: bin.fetched, distinct: bin.distinct, ratio: ratio(bin.fetched, bin.distinct), streams: bin.streams }));
  const gates = rows.map((row) => ({ name: row.label, fetched: row.fetched, distinct: row.distinct, ratio: ratio(row.fetched, row.distinct), streams: null }));
  return { columns, rows: [...sets, ...gates] };
}

export function curveTable({ x, y, series }: Curve): KernelTable {
  const all = [...new Set(series.flatMap((one) => one.points.map(([at]) => at)))].sort((a, b) => a - b);
  const columns = [{ id: "name", label: x.label, unit: x.unit || null }, ...series.map(({ id, label }) => ({ id, label, unit: y.unit || null }))];
  const rows = all.map((at) => ({ name: at, ...Object.fromEntries(series.map(({ id, points }) => [id, points.find((point) => point[0] === at)?.[1] ?? null])) }));
  return { columns, rows };
}

export function meterTable({ unit, value, parts, floor, target }: Meter): KernelTable {
  const columns = [{ id: "name", label: "What draws it", unit: null }, { id: "value", label: "power", unit }];
  const ends = [floor && { name: floor.label, value: floor.value }, target && { name: `target ${target.label}`, value: target.value }].filter((end) => end !== null);
  return { columns, rows: [...parts.map((part) => ({ name: part.label, value: part.value })), { name: "all of it", value }, ...ends] };
}
