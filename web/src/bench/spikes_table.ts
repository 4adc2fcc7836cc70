// The frames that stand out, as a table.
import type { Frames } from "../instruments/frames/types";
import { digits, time } from "../instruments/shared/format";
import type { KernelTable } from "../protocol";

export function spikesTable(frames: Frames): KernelTable {
  return {
    columns: [{ id: "frame", label: "frame", unit: null }, { id: "latency", label: "latency", unit: null }, { id: "over", label: "over the median", unit: null }],
    rows: frames.spikes.map(({ frame, latency }) => ({ frame: digits(frame, 7), latency: time(latency), over: time(latency - frames.median) })),
  };
}
