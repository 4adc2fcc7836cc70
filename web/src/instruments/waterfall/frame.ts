// Where the columns are, laid out anew for each width: bytes, and beside them operations and launches.
export interface Column {
  x: number;
  width: number;
}

export interface Frame {
  width: number;
  narrow: boolean;
  font: number;
  top: number;
  pitch: number; // from row to row
  bar: number; // height of a bar
  lift: number; // from the row's top to its bar: where labels stand above bars
  labels: number; // width of the labels beside the bars
  bytes: Column;
  values: number; // room for a value beside a bar
  operations: Column;
  kernels: Column;
}

export function frameFor(width: number, labelWidth: number): Frame {
  if (width < 560) {
    const bytes = { x: 1, width: width - 92 };
    const half = Math.floor((width - 24) / 2);
    return {
      width, narrow: true, font: 13, top: 4, pitch: 46, bar: 19, lift: 20, labels: 0, bytes, values: 90,
      operations: { x: 1, width: half }, kernels: { x: half + 24, width: half },
    };
  }
  const labels = Math.min(labelWidth + 14, width * 0.31);
  const aside = Math.min(124, Math.round(width * 0.158));
  const gap = 24;
  const bytesWidth = width - labels - 2 * (aside + gap) - 1;
  const second = labels + bytesWidth + gap;
  return {
    width, narrow: false, font: 12.5, top: 30, pitch: 34, bar: 22, lift: 6, labels, values: 74,
    bytes: { x: labels, width: bytesWidth },
    operations: { x: second, width: aside },
    kernels: { x: second + aside + gap, width: aside },
  };
}
