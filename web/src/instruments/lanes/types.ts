// The picture of docs/protocol.md, "Lanes": both frames on one scale, from the start of each. SI units.
export type Kind = "operator" | "call" | "kernel" | "copy" | "wait" | "other";

export interface Slice {
  id: string;
  label: string;
  kind: Kind;
  stage: string;
  start: number;
  duration: number;
  excess: number;
}

export interface Row {
  id: string;
  label: string;
  frame: Slice[];
  median: Slice[];
}

export interface Lanes {
  title: string;
  span: number;
  deadline: number | null;
  rows: Row[];
  selected: string | null;
}
