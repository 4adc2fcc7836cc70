// The picture of docs/protocol.md, "Meter": one power on a log scale against what it must stay under.
import type { Equation } from "../math_peek/types";

export interface Meter {
  title: string;
  unit: string;
  value: number;
  min: number;
  max: number;
  parts: { id: string; label: string; value: number }[];
  floor: { label: string; value: number } | null;
  target: { label: string; value: number } | null;
  note: string;
  peek: Equation | null;
}
