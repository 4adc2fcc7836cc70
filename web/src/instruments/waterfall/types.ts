// The picture of docs/protocol.md, "Waterfall": before and all steps are after, exactly.
import type { Equation } from "../math_peek/types";

export interface WaterfallStep {
  id: string;
  label: string;
  change: number;
}

/** What moves: the title over the bars. */
export const moved = ({ unit }: { unit: string }): string => (unit === "J" ? "energy" : "bytes moved");

export interface Waterfall {
  title: string;
  unit: string;
  before: { label: string; value: number };
  steps: WaterfallStep[];
  after: { label: string; value: number };
  operations: { unit: string; before: number; after: number; note: string };
  kernels: { before: number; after: number };
  peek: Equation | null;
}
