// The picture of docs/protocol.md, "FusionGraph": structure only.
export interface GraphOperator {
  id: string;
  label: string;
  kind: string;
  lane: number;
  rank: number;
  kernel: string;
  part?: string | null; // what it is a step of
}

export interface GraphEdge {
  from: string;
  to: string;
  inside: boolean;
}

export interface GraphBlock {
  id: string;
  label: string;
  count: number;
  operators: GraphOperator[];
  edges: GraphEdge[];
}

export interface LegalFusion {
  id: string;
  knob: string;
  label: string;
  kind: string;
  block: string;
  members: string[];
  on: boolean;
  free: boolean;
  why: string | null;
  joins?: boolean; // false for a rewrite in place, which joins nothing
}

export interface FusionGraph {
  blocks: GraphBlock[];
  fusions: LegalFusion[];
  operators: number;
  kernels: number;
}
