export type Op = "eq" | "sum" | "product" | "fraction" | "max" | "difference";

export interface Operation {
  op: Op;
  args: Node[];
}

export interface Quantity {
  symbol: string;
  sub?: string | null;
  value?: number | null;
  unit?: string | null;
  name?: string | null;
}

export interface Literal {
  number: number;
}

export type Node = Operation | Quantity | Literal;

export interface Equation {
  title: string;
  expression: Node;
  source: string;
  value: number | null;
  unit: string;
}
