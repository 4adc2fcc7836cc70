// Boxes and segments, for labels that keep out of each other's way.
export interface Box {
  x: number;
  y: number;
  w: number;
  h: number;
}

export interface Segment {
  x1: number;
  y1: number;
  x2: number;
  y2: number;
}

export function around(x: number, y: number, r: number): Box {
  return { x: x - r, y: y - r, w: 2 * r, h: 2 * r };
}

export function overlap(a: Box, b: Box): number {
  const w = Math.min(a.x + a.w, b.x + b.w) - Math.max(a.x, b.x);
  const h = Math.min(a.y + a.h, b.y + b.h) - Math.max(a.y, b.y);
  return w > 0 && h > 0 ? w * h : 0;
}

export function inside(box: Box, outer: Box): boolean {
  return box.x >= outer.x && box.y >= outer.y && box.x + box.w <= outer.x + outer.w && box.y + box.h <= outer.y + outer.h;
}

/** Whether a segment passes through a box (Liang-Barsky clipping). */
export function crosses(segment: Segment, box: Box): boolean {
  const dx = segment.x2 - segment.x1;
  const dy = segment.y2 - segment.y1;
  let enter = 0;
  let leave = 1;
  const sides: [number, number][] = [
    [-dx, segment.x1 - box.x],
    [dx, box.x + box.w - segment.x1],
    [-dy, segment.y1 - box.y],
    [dy, box.y + box.h - segment.y1],
  ];
  for (const [p, q] of sides) {
    if (p === 0 && q < 0) return false;
    if (p < 0) enter = Math.max(enter, q / p);
    if (p > 0) leave = Math.min(leave, q / p);
  }
  return enter <= leave;
}

let measuring: CanvasRenderingContext2D | null = null;
const widths = new Map<string, number>();

/** Width of a text on screen [px]; remembered, so that a slider's tick measures nothing twice. */
export function textWidth(text: string, size: number, family: string, bold = false): number {
  const font = `${bold ? "600 " : ""}${size}px ${family}`;
  const key = `${font}|${text}`;
  const known = widths.get(key);
  if (known !== undefined) return known;
  measuring ??= document.createElement("canvas").getContext("2d");
  if (measuring) measuring.font = font;
  const width = measuring ? measuring.measureText(text).width : text.length * size * 0.6;
  if (widths.size > 4000) widths.clear();
  widths.set(key, width);
  return width;
}

/** A text cut to the room that there is. */
export function fitted(text: string, room: number, size: number, family: string, bold = false): string {
  if (textWidth(text, size, family, bold) <= room) return text;
  let kept = text;
  while (kept.length > 3 && textWidth(`${kept}…`, size, family, bold) > room) kept = kept.slice(0, -1);
  return `${kept.trimEnd()}…`;
}
