// A logarithmic axis.
export interface Range {
  min: number;
  max: number;
}

export function logScale(axis: Range, from: number, to: number): (value: number) => number {
  const low = Math.log10(axis.min);
  const span = Math.log10(axis.max) - low;
  return (value) => from + ((Math.log10(value) - low) / span) * (to - from);
}

/** The powers of ten within an axis. */
export function decades(axis: Range): number[] {
  const first = Math.ceil(Math.log10(axis.min) - 1e-9);
  const last = Math.floor(Math.log10(axis.max) + 1e-9);
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => 10 ** (first + i));
}
