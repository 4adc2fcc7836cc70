// The picture of docs/protocol.md, "Roofline". SI units.
export interface Axis {
  label: string;
  unit: string;
  min: number;
  max: number;
}

export interface Roof {
  id: string;
  role: "main" | "level" | "other" | "unscaled";
  label: string;
  peak_label: string;
  bandwidth: number;
  peak: number;
  form?: "max" | "sum"; // sum: 1 / (1/peak + 1/(bandwidth·x)), an arch
}

export interface Dot {
  id: string;
  label: string;
  layer: string;
  intensity: number;
  flop_rate: number;
  share: number;
  time: number;
  count: number;
  traffic: number;
  flops: number;
  bound: string;
  member: boolean;
  energy?: number | null; // J, on an energy roofline
  ghost_rate?: number | null; // where its like in another frame is
}

export interface Selected {
  id: string;
  label: string;
  intensity: number;
  flop_rate: number;
  ghost_rate: number | null;
  before: { intensity: number; flop_rate: number } | null;
  share: number;
  note: string;
  gap?: { label: string; time: number }[] | null;
}

export interface Roofline {
  title: string;
  x: Axis;
  y: Axis;
  roofs: Roof[];
  ridges: { roof: string; x: number; label: string }[];
  dots: Dot[];
  selected: Selected | null;
  profiler: boolean;
  source: string | null;
}
