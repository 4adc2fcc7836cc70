// The picture of docs/protocol.md, "Optimizations": a time from before to after, change by change, and what each is owed in any order.
import type { Equation } from "../math_peek/types";

export type Means = "precision" | "fusion" | "chip" | "algorithm";
export type Side = "machine" | "algorithm";

export interface OptimizationBar {
  id: string;
  label: string;
  means: Means;
  side: Side;
  before: number;
  after: number;
  factor: number; // in the order taken
  fair: number; // in any order
  doublings: number;
}

export interface Optimizations {
  title: string;
  quantity: string;
  unit: string;
  before: { label: string; value: number };
  bars: OptimizationBar[];
  after: { label: string; value: number };
  speedup: number;
  sides: Record<Side, number>;
  note: string;
  peek: Equation | null;
}

export const sides: readonly Side[] = ["machine", "algorithm"];
