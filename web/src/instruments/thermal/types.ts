// The picture of docs/protocol.md, "ThermalTrace". Temperatures in K, times in s, power in W.
import type { Equation } from "../math_peek/types";

/** The temperature of one node over time. */
export interface ThermalSeries {
  id: "skin" | "junction";
  label: string;
  points: [number, number][]; // s, K
}

/** An operating point for as long as it held. */
export interface ThermalLevel {
  start: number;
  end: number;
  label: string;
  power: number;
  rate: number; // 1/s
  held_back: boolean; // below what was asked
}

export interface ThermalTrace {
  title: string;
  span: number;
  ambient: number;
  limit: number;
  hysteresis: number;
  series: ThermalSeries[];
  levels: ThermalLevel[];
  sustained_power: number;
  time_to_limit: number | null; // null: never
  sustained_rate: number | null;
  note: string;
  peek: Equation | null;
}
