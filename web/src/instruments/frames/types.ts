// The picture of docs/protocol.md, "Frames": the distribution of latencies and its run in time. SI units.
export interface Bin {
  low: number;
  high: number;
  count: number;
}

export interface Span {
  first: number;
  last: number;
  low: number;
  high: number;
}

export interface Tail {
  threshold: number;
  shape: number;
  scale: number;
  points: number;
  text: string;
}

export interface Frames {
  title: string;
  unit: string;
  n: number;
  deadline: number | null;
  median: number;
  p99: number;
  p999: number;
  max: number;
  misses: number;
  miss_ratio: number;
  miss_low: number | null;
  miss_high: number | null;
  tail: Tail | null;
  tail_note: string;
  bins: Bin[];
  series: Span[];
  spikes: { frame: number; latency: number }[];
  selected: number | null;
}
