export interface Law {
  total: number; // s
  low?: number; // the range in which the step is expected [s]
  high?: number;
  rests_on?: string; // what the range is, before "between"
  terms: { id: string; label: string; time: number }[];
}
