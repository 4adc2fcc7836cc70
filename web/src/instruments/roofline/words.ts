// What the chart is about: operations a second of a step, or operations a joule of its energy.
import { si, time } from "../shared/format";
import type { Dot, Roofline } from "./types";

export interface Words {
  whole: string; // what the areas are shares of
  bytes: string; // unit of a slope
  rate: string; // unit of the roof
  roof: string;
  cost(dot: Dot): string;
}

export function wordsOf({ y }: Pick<Roofline, "y">): Words {
  const bytes = y.unit.replace("FLOP", "B");
  if (y.unit !== "FLOP/J") return { whole: "step", bytes, rate: y.unit, roof: "roof", cost: (dot) => time(dot.time) };
  return { whole: "energy", bytes, rate: y.unit, roof: "arch", cost: ({ energy }) => (energy == null ? "" : si(energy, "J")) };
}
