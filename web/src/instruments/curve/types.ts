// The picture of docs/protocol.md, "Curve": lines over one quantity, with what they must stay under. SI units.
export interface CurveAxis {
  label: string;
  unit: string;
  min: number;
  max: number;
}

export interface CurveSeries {
  id: string;
  label: string;
  points: [number, number][];
}

export interface Curve {
  title: string;
  x: CurveAxis;
  y: CurveAxis;
  series: CurveSeries[];
  limits: { label: string; y: number }[];
  marks: { label: string; x: number; y: number }[];
  note: string;
}
