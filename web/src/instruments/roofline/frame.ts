// Where things are: the plot's rectangle, its log scales and its type sizes, laid out anew for each width.
import { logScale } from "../shared/log_scale";
import type { Roofline } from "./types";

export interface Frame {
  width: number;
  height: number;
  narrow: boolean;
  font: number;
  left: number;
  right: number;
  top: number;
  bottom: number;
  gutter: { left: number; width: number } | null;
  x(value: number): number;
  y(value: number): number;
}

const narrowBelow = 520;

function heightFor(width: number, narrow: boolean): number {
  if (narrow) return Math.round(Math.min(Math.max(width * 0.96, 300), 380));
  return Math.round(Math.min(Math.max(width * 0.56, 350), 480));
}

export function frameFor(picture: Roofline, width: number): Frame {
  const narrow = width < narrowBelow;
  const height = heightFor(width, narrow);
  const hasCopies = picture.dots.some((dot) => dot.intensity <= 0) || (picture.selected?.intensity ?? 1) <= 0;
  const margin = narrow ? 47 : 74;
  const gutter = hasCopies ? { left: margin, width: narrow ? 28 : 40 } : null;
  const left = margin + (gutter ? gutter.width + 6 : 0);
  const right = width - (narrow ? 10 : 14);
  const top = narrow ? 30 : 16;
  const bottom = height - (narrow ? 42 : 46);
  return {
    width, height, narrow, left, right, top, bottom, gutter,
    font: narrow ? 13 : 12.5,
    x: logScale(picture.x, left, right),
    y: logScale(picture.y, bottom, top),
  };
}

export interface Place {
  x: number;
  y: number;
  beyond: "" | "left" | "right" | "up" | "down"; // outside the axes on this side, drawn at the border
}

/** The place of a point, clamped to the border when it lies outside the axes. */
export function place(frame: Frame, intensity: number, rate: number, inset = 0): Place {
  const x = frame.x(intensity);
  const y = rate > 0 ? frame.y(rate) : Infinity;
  const beyond = y > frame.bottom + 1 ? "down" : y < frame.top - 1 ? "up" : x > frame.right + 1 ? "right" : x < frame.left - 1 ? "left" : "";
  const dx = beyond === "left" || beyond === "right" ? inset : 0;
  const dy = beyond === "up" || beyond === "down" ? inset : 0;
  return {
    x: Math.min(Math.max(x, frame.left + dx), frame.right - dx),
    y: Math.min(Math.max(y, frame.top + dy), frame.bottom - dy),
    beyond,
  };
}
