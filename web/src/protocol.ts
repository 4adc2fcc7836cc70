// The messages and views of docs/protocol.md. Quantities are SI; the page formats them for people.
import type { Equation } from "./instruments/math_peek/types";
import type { Gauge } from "./instruments/gauges/types";
import type { Law } from "./instruments/law/types";
import type { Roofline } from "./instruments/roofline/types";

export type Beat = "tracks" | "story" | "lock" | "workbench" | "reveal" | "reflect" | "ledger";
export type Answer = string | number;
export type Answers = Record<string, Answer>;
export type KnobValue = string | number | boolean;

export type Message =
  | { type: "hello"; ledger: string | null }
  | { type: "choose"; track: string }
  | { type: "commit"; answers: Answers }
  | { type: "turn"; knobs: Record<string, KnobValue>; settled: boolean }
  | { type: "reflect"; answers: Answers }
  | { type: "visit"; beat: Beat }
  | { type: "begin" | "ready" | "proceed" | "finish" | "restart" };

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

export interface Next {
  lead: string;
  label: string;
  message: Message;
}

interface Frame {
  at: Beat;
  ledger: { id: string; events: number; head: string };
  notice: string | null;
  track: { id: string; name: string } | null;
  part: Part | null;
  steps: Step[];
  stakeholder: { who: string; says: string } | null;
  next: Next | null;
}

export interface Contents {
  tracks: TracksContent;
  story: StoryContent;
  lock: LockContent;
  workbench: Bench;
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
  kind: "choice" | "number" | "text";
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
  experiment: { claim: string; bars: { label: string; time: number }[] };
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
  bench: Bench;
}

export interface LedgerEvent {
  seq: number;
  time: number | string;
  kind: string;
  summary: string;
  hash: string;
}

export interface LedgerContent {
  heading: string;
  verified: boolean;
  summary: { label: string; value: string | number }[];
  events: LedgerEvent[];
  export: unknown;
}

export interface ChoiceControl {
  id: string;
  kind: "choice";
  label: string;
  value: string;
  options: { id: string; text: string; group?: string | null }[];
}

export interface ToggleControl {
  id: string;
  kind: "toggle";
  label: string;
  value: boolean;
}

export interface StopsControl {
  id: string;
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

export interface Bench {
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
