// A logarithmic axis.
export interface Range {
  min: number;
  max: number;
}

export function logScale(axis: Range, from: number, to: number): (value: number) => number {
  const low = Math.log10(axis.min);
  const span = Math.log10(axis.max) - low || 1;
  return (value) => from + ((Math.log10(value) - low) / span) * (to - from);
}

/** The powers of ten within an axis. */
export function decades(axis: Range): number[] {
  return powers(axis, 10);
}

function powers(axis: Range, base: number): number[] {
  const log = (value: number): number => Math.log(value) / Math.log(base);
  const first = Math.ceil(log(axis.min) - 1e-9);
  const last = Math.floor(log(axis.max) + 1e-9);
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => base ** (first + i));
}

const isPower = (value: number): boolean => Math.abs(Math.log2(value) - Math.round(Math.log2(value))) < 1e-9;

/** Every n-th of some places, so that at most `most` are left. */
function thinned(places: number[], most: number): number[] {
  const every = Math.max(Math.ceil(places.length / Math.max(most, 1)), 1);
  return places.filter((_, i) => i % every === 0);
}

/** Places that read well, at most about `most`: powers of two where an end of the axis is one, else decades or parts of them. */
export function logTicks(axis: Range, most: number): number[] {
  const twos = powers(axis, 2);
  if ((isPower(axis.min) || isPower(axis.max)) && twos.length > 2) return thinned(twos, most);
  const tens = decades(axis);
  const finer = [[1, 2, 5], [1, 3], [1]].map((parts) => {
    const from = 10 ** Math.floor(Math.log10(axis.min));
    const starts = decades({ min: from * (1 - 1e-9), max: axis.max });
    return starts.flatMap((start) => parts.map((part) => part * start)).filter((place) => place >= axis.min * (1 - 1e-9) && place <= axis.max * (1 + 1e-9));
  });
  return finer.find((places) => places.length >= 2 && places.length <= most) ?? thinned(tens, most);
}
