// The kernels of a roofline as a table, where the engine sends no table of its own.
import type { Roofline } from "../instruments/roofline/types";
import type { KernelTable } from "../protocol";

export function dotsTable(picture: Roofline | null): KernelTable {
  const dots = picture?.dots ?? [];
  const rate = picture?.y.unit ?? "FLOP/s";
  const cost = rate === "FLOP/J" ? { id: "energy", label: "energy", unit: "J" } : { id: "time", label: "time", unit: "s" };
  const columns: KernelTable["columns"] = [
    { id: "name", label: "kernel", unit: null }, cost, { id: "flops", label: "operations", unit: "FLOP" }, { id: "traffic", label: "bytes", unit: "B" },
    { id: "flop_rate", label: rate === "FLOP/J" ? "operations a joule" : "rate", unit: rate },
  ];
  if (dots.some((dot) => dot.ghost_rate != null)) columns.push({ id: "like", label: "in the median frame", unit: rate });
  return { columns, rows: dots.map((dot) => ({ name: dot.label, time: dot.time, energy: dot.energy ?? null, flops: dot.flops, traffic: dot.traffic, flop_rate: dot.flop_rate, like: dot.ghost_rate ?? null })) };
}
