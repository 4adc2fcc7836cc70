// The thermal trace as a table: round times, each with the temperatures and what ran.
import { duration } from "../instruments/shared/format";
import { ticks } from "../instruments/shared/ticks";
import { levelAt, temperature, zero } from "../instruments/thermal/scene";
import type { ThermalTrace } from "../instruments/thermal/types";
import type { KernelTable } from "../protocol";

const rows = 30;

export function thermalTable(picture: ThermalTrace): KernelTable {
  const times = [...new Set([...ticks(0, picture.span, rows), ...picture.levels.map(({ start }) => start)])].sort((a, b) => a - b);
  const columns: KernelTable["columns"] = [
    { id: "time", label: "after", unit: null }, ...picture.series.map(({ id, label }) => ({ id, label, unit: "°C" })),
    { id: "point", label: "operating point", unit: null }, { id: "power", label: "power", unit: "W" },
  ];
  const row = (seconds: number): KernelTable["rows"][number] => {
    const level = levelAt(picture, seconds);
    const temperatures = picture.series.map((one) => [one.id, temperature(one, seconds) - zero] as const);
    return { time: duration(seconds), ...Object.fromEntries(temperatures), point: level ? `${level.label}${level.held_back ? ", held back" : ""}` : null, power: level?.power ?? null };
  };
  return { columns, rows: times.map(row) };
}
