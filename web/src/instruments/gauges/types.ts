export interface Gauge {
  id: string;
  label: string;
  value: number; // fraction of the full scale
  note: string;
  tone: "plain" | "warn" | "bad";
}
