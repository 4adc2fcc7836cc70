// The picture of docs/protocol.md, "Curve": lines over one quantity, with what they must stay under. SI units.
import type { Axis } from "../shared/plane";

export interface CurveSeries {
  id: string;
  label: string;
  points: [number, number][];
  sparse: boolean; // nothing is known between the points: no line
}

export interface Curve {
  title: string;
  x: Axis;
  y: Axis;
  series: CurveSeries[];
  limits: { label: string; y: number }[];
  marks: { label: string; x: number; y: number }[];
  note: string;
}
