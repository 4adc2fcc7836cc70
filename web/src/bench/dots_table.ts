// The kernels of a roofline as a table, where the engine sends no table of its own.
import type { Roofline } from "../instruments/roofline/types";
import type { KernelTable } from "../protocol";

export function dotsTable(picture: Roofline | null): KernelTable {
  const dots = picture?.dots ?? [];
  const compared = dots.some((dot) => dot.ghost_rate != null);
  const columns: KernelTable["columns"] = [
    { id: "name", label: "kernel", unit: null }, { id: "time", label: "time", unit: "s" }, { id: "flops", label: "operations", unit: "FLOP" },
    { id: "traffic", label: "bytes", unit: "B" }, { id: "flop_rate", label: "rate", unit: "FLOP/s" },
  ];
  if (compared) columns.push({ id: "like", label: "in the median frame", unit: "FLOP/s" });
  return { columns, rows: dots.map((dot) => ({ name: dot.label, time: dot.time, flops: dot.flops, traffic: dot.traffic, flop_rate: dot.flop_rate, like: dot.ghost_rate ?? null })) };
}
