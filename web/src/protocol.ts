// The messages and views of docs/protocol.md. Quantities are SI; the page formats them for people.
import type { Equation } from "./instruments/math_peek/types";
import type { Frames } from "./instruments/frames/types";
import type { FusionGraph } from "./instruments/fusion_graph/types";
import type { Gauge } from "./instruments/gauges/types";
import type { Lanes } from "./instruments/lanes/types";
import type { Law } from "./instruments/law/types";
import type { Roofline } from "./instruments/roofline/types";
import type { Waterfall } from "./instruments/waterfall/types";
import type { Optimizations } from "./instruments/optimizations/types";
import type { Assumptions, Extras, MissionBench, Plan, Try } from "./protocol_extras";

export type { Assumption, Assumptions, Challenge, Comparison, Extras, MissionBench, Plan, PlanCell, PlanRow, Try } from "./protocol_extras";

export type Beat = "tracks" | "story" | "lock" | "workbench" | "reveal" | "reflect" | "ledger";
export type Answer = string | number | string[];
export type Answers = Record<string, Answer>;
export type KnobValue = string | number | boolean;

export type Message =
  | { type: "hello"; ledger: string | null }
  | { type: "choose"; track: string; part: number | null }
  | { type: "commit"; answers: Answers }
  | { type: "turn"; knobs: Record<string, KnobValue>; settled: boolean }
  | { type: "prove" | "reflect"; answers: Answers }
  | { type: "visit"; beat: Beat }
  | { type: "load"; trace: string | null }
  | { type: "begin" | "run" | "ready" | "proceed" | "finish" | "advance" | "restart" };

export type Reply =
  | { id: number; type: "view"; view: View }
  | { id: number; type: "error"; field: string; message: string };

export interface Step {
  beat: Beat;
  title: string;
  state: "done" | "now" | "todo";
  note: string | null;
  open: boolean;
}

export interface Part {
  number: number;
  title: string;
  budget_s: number;
  started_at: number;
}

/** A part of the track, as the header lists it. */
export interface TrackPart {
  number: number;
  title: string;
  state: "done" | "now" | "todo" | "skipped";
}

export interface Next {
  lead: string;
  label: string;
  message: Message;
}

interface Frame {
  at: Beat;
  ledger: { id: string; events: number; head: string };
  notice: string | null;
  track: { id: string; name: string; parts: TrackPart[] } | null;
  part: Part | null;
  steps: Step[];
  stakeholder: { who: string; says: string } | null;
  next: Next | null;
}

export interface Contents {
  tracks: TracksContent;
  story: StoryContent;
  lock: LockContent;
  workbench: Bench | FusionBench | AuditBench;
  reveal: RevealContent;
  reflect: ReflectContent;
  ledger: LedgerContent;
}

export type ViewOf<B extends Beat> = Frame & { beat: B; content: Contents[B] };
export type View = { [B in Beat]: ViewOf<B> }[Beat];

export interface Track {
  id: string;
  name: string;
  persona: string;
  stakeholder: string;
  north_star: string;
  machine: string;
  crisis: string;
  open: boolean;
  minutes: number;
  parts: { number: number; title: string; minutes: number }[];
}

export interface TracksContent {
  lead: string;
  tracks: Track[];
}

export interface StoryContent {
  heading: string;
  from: string;
  paragraphs: string[];
  figures: { label: string; value: string; unit: string; detail: string | null }[];
}

export interface Question {
  id: string;
  kind: "choice" | "several" | "number" | "text";
  text: string;
  help?: string | null;
  options?: { id: string; text: string }[];
  unit?: string | null;
  min?: number | null;
  max?: number | null;
  min_length?: number | null;
}

export interface LockContent {
  heading: string;
  questions: Question[];
  warning: string;
  submit: string;
  committed: Answers | null;
}

export interface RevealContent {
  heading: string;
  choice: {
    question: string;
    yours: { id: string; text: string };
    correct: { id: string; text: string };
    right: boolean;
    misconception: string | null;
    feedback: string;
  };
  number: {
    question: string;
    unit: string;
    min: number;
    max: number;
    predicted: number;
    actual: number;
    gap: number;
    feedback: string;
  };
  several?: Several | null;
  experiment: Experiment;
  score: Score | null;
}

export interface Experiment {
  claim: string;
  unit: string;
  bars: { label: string; value: number }[];
}

/** A question of several options, each with what the engine says of it. */
export interface Several {
  question: string;
  right: boolean;
  feedback: string;
  rows: { id: string; text: string; yours: boolean; correct: boolean; reach: number | null; why: string }[];
}

export interface Verdict {
  right: boolean;
  feedback: string;
  answer?: Answer | null;
}

export interface ReflectContent {
  who: string;
  disclaimer: string;
  prompt: string;
  questions: Question[];
  submit: string;
  attempts: number;
  passed: boolean;
  verdicts: Record<string, Verdict> | null;
  bench: Bench | TilingBench | AuditBench | MissionBench;
}

export interface LedgerEvent {
  seq: number;
  time: number | string;
  kind: string;
  summary: string;
  hash: string;
}

export interface LedgerSection {
  title: string;
  summary: { label: string; value: string | number }[];
  runs: Runs | null;
  tries?: Try[];
  optimizations?: Optimizations | null;
}

export interface LedgerContent {
  heading: string;
  verified: boolean;
  sections: LedgerSection[];
  events: LedgerEvent[];
  export: unknown;
}

export type ControlGroup = "look" | "machine" | "load" | "launch" | "fusion" | "layout" | "place" | "pool" | "calls" | "draft" | "experts" | "sparsity" | "order" | "assumption";

export interface ChoiceControl {
  id: string;
  group?: ControlGroup | null;
  kind: "choice";
  label: string;
  value: string;
  options: { id: string; text: string; group?: string | null }[];
}

export interface ToggleControl {
  id: string;
  group?: ControlGroup | null;
  kind: "toggle";
  label: string;
  value: boolean;
}

export interface StopsControl {
  id: string;
  group?: ControlGroup | null;
  kind: "stops";
  label: string;
  symbol: [string, string] | null;
  value: number;
  stops: number[];
  shown: string[];
}

export type Control = ChoiceControl | ToggleControl | StopsControl;

export interface KernelTable {
  columns: { id: string; label: string; unit: string | null }[];
  rows: Record<string, string | number | boolean | null>[];
}

export interface Bench extends Extras {
  kind: "roofline";
  claim: string;
  configuration: string;
  roofline: Roofline;
  law: Law;
  gauges: Gauge[];
  controls: Control[];
  peeks: Equation[];
  kernels: KernelTable;
  infeasible: string | null;
}

export interface Run {
  number: number;
  scored: boolean; // whether the score is about it
  label: string;
  value: number | null; // null where nothing ran
  time: number | null;
  traffic: number | null;
  flops: number | null;
  kernels: number | null;
  memory: number | null;
  failure: string | null;
  over: number;
  unit?: string; // of `over`; where it is empty the failure says it
  figures?: { label: string; value: number | null; unit: string }[]; // further columns
}

export interface Runs {
  closed?: boolean;
  limit: number;
  left: number;
  value: string; // the name of what is maximised
  best: number | null;
  rows: Run[];
}

export interface Failure {
  kind: string;
  over: number;
  unit: string;
  text: string;
  undo: { label: string; message: Message } | null;
}

export interface FusionResult extends Extras {
  waterfall: Waterfall | null;
  roofline: Roofline | null;
  law: Law | null;
  gauges: Gauge[];
  peeks: Equation[];
  kernels: KernelTable | null;
  looks: Control[];
  frames?: Frames | null; // where a run is of many frames
}

/** A workbench whose instruments answer only when a run is taken. */
export interface FusionBench {
  kind: "fusion";
  claim: string;
  configuration: string;
  controls: Control[];
  graph: FusionGraph | null;
  plan?: Plan | null;
  assumptions?: Assumptions | null; // here, or of a result
  runs: Runs;
  stale: boolean;
  result: FusionResult | null;
  failure: Failure | null;
}

export interface Score {
  claim: string;
  value: string;
  ratio: number;
  yours: number;
  optimum: number;
  cuts: number;
  runs: Runs;
  yours_label: string;
  optimum_label: string;
  differences: string[];
  others: { label: string; ratio: number; yours: number; optimum: number; ran: boolean }[];
}

/** What a proposal of tile, split-K and launch mode comes to. */
export interface TilingBench {
  kind: "tiling";
  claim: string;
  configuration: string;
  controls: Control[];
  threshold: number;
  overhead_share: number;
  start_overhead_share: number;
  time: number; // s
  time_limit: number;
  start_time: number;
  law: Law | null;
  peeks: Equation[];
  figures: { label: string; before: string; now: string }[];
  gemms: KernelTable;
  notes: string[];
}

/** What follows from a verdict: the case without the cause, the score, and what the auditor says. */
export interface Closing {
  rerun: (Experiment & { fix: string }) | null;
  score: { total: number; parts: { label: string; value: number; of: number }[] } | null;
  auditor: {
    claim: string;
    agrees: boolean | null;
    cause?: string;
    culprit?: string;
    stage?: string;
    evidence?: "named" | "located" | "unexplained";
    explained?: number;
  } | null;
}

/** Frames in time, and one of them beside the median frame. */
export interface AuditBench {
  kind: "audit";
  claim: string;
  configuration: string;
  source: { kind: "case"; seed: number } | { kind: "file"; name: string; lost: string[] };
  controls: Control[];
  frames: Frames;
  lanes: Lanes;
  roofline: Roofline | null;
  figures: { label: string; frame: string; median: string }[];
  gauges: Gauge[];
  peeks: Equation[];
  events: KernelTable;
  closing?: Closing | null;
}
