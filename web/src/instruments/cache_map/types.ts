// The picture of docs/protocol.md, "CacheMap": what was fetched against what is distinct, by stream and by set.
import type { Equation } from "../math_peek/types";

/** Lines of a gate. */
export interface CacheRow {
  id: string;
  label: string;
  distinct: number;
  fetched: number;
}

/** Neighbouring sets; `streams`: walked at once through one of them, the most. */
export interface CacheBin {
  first: number;
  last: number;
  distinct: number;
  fetched: number;
  streams: number;
}

export interface CacheMap {
  title: string;
  line: number; // B
  sets: number;
  ways: number;
  policy: string;
  accesses: number;
  hits: number;
  misses: number;
  distinct: number;
  traffic_ratio: number;
  rows: CacheRow[];
  bins: CacheBin[];
  note: string;
  peek: Equation | null;
}
