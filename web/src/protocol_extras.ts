// What heat, joules and cache lines, and the algorithm, add to a bench, as docs/protocol.md has it.
import type { CacheMap } from "./instruments/cache_map/types";
import type { Curve } from "./instruments/curve/types";
import type { Equation } from "./instruments/math_peek/types";
import type { Meter } from "./instruments/meter/types";
import type { Optimizations } from "./instruments/optimizations/types";
import type { Roofline } from "./instruments/roofline/types";
import type { Round } from "./instruments/round/types";
import type { ThermalTrace } from "./instruments/thermal/types";
import type { Waterfall } from "./instruments/waterfall/types";
import type { Control, Question, Verdict } from "./protocol";

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

/** Pictures and tables beside the roofline; each is there where it applies. */
export interface Extras {
  energy?: Roofline | null;
  thermal?: ThermalTrace | null;
  cache?: CacheMap | null;
  curve?: Curve | null;
  meter?: Meter | null;
  joules?: Waterfall | null;
  assumptions?: Assumptions | null;
  optimizations?: Optimizations | null;
  round?: Round | null;
  comparison?: Comparison | null;
  challenge?: Challenge | null;
}

/** A table of few columns, in words. */
export interface Comparison {
  title: string;
  columns: { id: string; label: string }[];
  rows: { id: string; label: string; cells: string[]; change: string | null }[];
  note: string;
}

/** An attempt at a challenge; its text is the number that refutes or carries it. */
export interface Try {
  number: number;
  label: string;
  proved: boolean;
  text: string;
}

/** What the stakeholder demands, to be proved at the knobs as they stand. */
export interface Challenge {
  who: string;
  asks: string;
  target: string;
  questions: Question[];
  submit: string;
  limit: number;
  left: number;
  proved: boolean;
  tries: Try[];
  verdicts: Record<string, Verdict> | null; // of the last attempt
}

/** The exhibit of the last defence: the optimizations of the whole mission. */
export interface MissionBench {
  kind: "mission";
  claim: string;
  configuration: string;
  optimizations: Optimizations;
  controls: Control[];
  comparison: Comparison | null;
  peeks: Equation[];
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
