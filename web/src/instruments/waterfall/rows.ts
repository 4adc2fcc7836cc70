// What is shown of the steps: each that can be seen as a bar, the rest together, so that no row is a line without width.
import type { Waterfall, WaterfallStep } from "./types";

export interface Row {
  id: string;
  kind: "whole" | "step" | "rest";
  label: string;
  from: number; // the bar's ends [unit]
  to: number;
  change: number; // 0 for a whole
  steps: WaterfallStep[]; // what a "rest" is made of
}

const visible = 0.004; // of the largest value: about two pixels of a bar
const most = 8; // steps with a row of their own

function shown(steps: WaterfallStep[], largest: number): Set<WaterfallStep> {
  const seen = steps.filter((step) => Math.abs(step.change) >= visible * largest);
  return new Set(seen.sort((a, b) => Math.abs(b.change) - Math.abs(a.change)).slice(0, most));
}

export function rowsOf(picture: Waterfall): Row[] {
  const { before, after, steps } = picture;
  const own = shown(steps, Math.max(before.value, after.value));
  const rest = steps.filter((step) => !own.has(step));
  if (rest.length === 1 && rest[0]) own.add(rest[0]);
  const rows: Row[] = [{ id: "before", kind: "whole", label: before.label, from: 0, to: before.value, change: 0, steps: [] }];
  let level = before.value;
  for (const step of steps.filter((one) => own.has(one))) {
    rows.push({ id: step.id, kind: "step", label: step.label, from: level, to: level + step.change, change: step.change, steps: [step] });
    level += step.change;
  }
  if (rest.length > 1) {
    const change = rest.reduce((sum, step) => sum + step.change, 0);
    rows.push({ id: "rest", kind: "rest", label: `${rest.length} smaller ones`, from: level, to: level + change, change, steps: rest });
  }
  rows.push({ id: "after", kind: "whole", label: after.label, from: 0, to: after.value, change: 0, steps: [] });
  return rows;
}
