// What heat, joules and cache lines add to a bench, as docs/protocol.md has it.
import type { CacheMap } from "./instruments/cache_map/types";
import type { Curve } from "./instruments/curve/types";
import type { Meter } from "./instruments/meter/types";
import type { Roofline } from "./instruments/roofline/types";
import type { ThermalTrace } from "./instruments/thermal/types";
import type { Waterfall } from "./instruments/waterfall/types";

/** What decides the answer and nobody has measured. */
export interface Assumptions {
  title: string;
  rows: Assumption[];
}

export interface Assumption {
  id: string;
  label: string;
  value: number | string;
  unit: string;
  why: string;
  source: string;
  knob: string | null; // the control that changes it
  changed: boolean;
}

/** Pictures of heat, joules and cache lines; each is there where it applies. */
export interface Extras {
  energy?: Roofline | null;
  thermal?: ThermalTrace | null;
  cache?: CacheMap | null;
  curve?: Curve | null;
  meter?: Meter | null;
  joules?: Waterfall | null;
  assumptions?: Assumptions | null;
}

/** What is done to each layer: one row a layer, a switch a cell. */
export interface Plan {
  title: string;
  columns: { id: string; label: string }[];
  rows: PlanRow[];
}

export interface PlanRow {
  id: string;
  label: string;
  group: string;
  detail: string;
  cells: (PlanCell | null)[];
}

export interface PlanCell {
  column: string;
  knob: string;
  on: boolean;
  free: boolean; // whether it can be turned from where it stands
  why: string | null;
}
