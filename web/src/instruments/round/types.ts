// The picture of docs/protocol.md, "Round": what a draft proposes, what of it stands, and what the round costs.
import type { Equation } from "../math_peek/types";

export interface Round {
  title: string;
  unit: string;
  what?: string; // what is drafted, in the plural; absent: tokens
  tokens: { label: string; chance: number }[]; // "own": the last of tokens, which the target makes itself
  plain: { label: string; time: number };
  parts: { id: string; label: string; time: number }[];
  expected: number;
  even: number;
  note: string;
  peek: Equation | null;
}
