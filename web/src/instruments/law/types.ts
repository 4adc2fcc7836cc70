export interface Law {
  total: number; // s
  terms: { id: string; label: string; time: number }[];
}
