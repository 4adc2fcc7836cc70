export interface Law {
  total: number; // s
  low?: number; // the range in which the step is expected [s]
  high?: number;
  terms: { id: string; label: string; time: number }[];
}
