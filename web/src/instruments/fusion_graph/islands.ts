// The block in pieces that no legal fusion crosses: each is drawn with its own switches beside it.
import type { FusionGraph, GraphBlock, GraphOperator, LegalFusion } from "./types";

/** Operators that are steps of one thing, such as a norm; an operator that stands alone is a unit of one. */
export interface Unit {
  id: string; // of its first operator
  label: string;
  operators: GraphOperator[];
}

export interface Link {
  from: Unit;
  to: Unit;
  inside: boolean; // what passes here never leaves the chip
}

export interface Island {
  units: Unit[];
  links: Link[];
  fusions: LegalFusion[];
  kernels: number;
  operators: number;
}

function stemOf({ id }: GraphOperator): string {
  const dot = id.lastIndexOf(".");
  return dot > 0 ? id.slice(0, dot) : "";
}

/** The operators gathered into units; an operator may have the name that its neighbours' steps begin with. */
export function unitsOf(block: GraphBlock): Unit[] {
  const found = new Map<string, Unit>();
  for (const operator of block.operators) {
    const stem = stemOf(operator);
    const key = stem ? `${stem}.` : operator.id;
    const known = found.get(key);
    if (known) known.operators.push(operator);
    else found.set(key, { id: operator.id, label: operator.label, operators: [operator] });
  }
  for (const unit of found.values()) {
    const [first] = unit.operators;
    if (first && unit.operators.length > 1) unit.label = first.part ?? stemOf(first).replaceAll("_", " ");
  }
  return [...found.values()];
}

function linksOf(block: GraphBlock, home: Map<string, Unit>): Link[] {
  const found = new Map<string, Link>();
  for (const edge of block.edges) {
    const [from, to] = [home.get(edge.from), home.get(edge.to)];
    if (!from || !to || from === to) continue;
    const key = `${from.id} ${to.id}`;
    const known = found.get(key);
    if (known) known.inside &&= edge.inside;
    else found.set(key, { from, to, inside: edge.inside });
  }
  return [...found.values()];
}

/** Sets of units that some fusion joins, as one number for each unit. */
function gather(units: Unit[], home: Map<string, Unit>, fusions: LegalFusion[]): Map<Unit, number> {
  const group = new Map(units.map((unit, i) => [unit, i]));
  for (const fusion of fusions) {
    const touched = new Set(fusion.members.flatMap((id) => home.get(id) ?? []).map((unit) => group.get(unit)));
    const [first] = touched;
    for (const [unit, number] of group) if (touched.has(number) && first !== undefined) group.set(unit, first);
  }
  return group;
}

/** A unit that nothing can be joined with stands at the head of the island that reads it, where there is one. */
function settle(units: Unit[], links: Link[], group: Map<Unit, number>, joined: Set<number>): void {
  for (const unit of [...units].reverse()) {
    if (joined.has(group.get(unit) ?? -1)) continue;
    const readers = new Set(links.filter((link) => link.from === unit).map((link) => group.get(link.to)));
    const [reader] = readers;
    if (readers.size === 1 && reader !== undefined) group.set(unit, reader);
  }
}

export function islandsOf(graph: FusionGraph, block: GraphBlock): Island[] {
  const units = unitsOf(block);
  const home = new Map(units.flatMap((unit) => unit.operators.map(({ id }) => [id, unit] as const)));
  const links = linksOf(block, home);
  const fusions = graph.fusions.filter((fusion) => fusion.block === block.id);
  const group = gather(units, home, fusions);
  const groupOf = (fusion: LegalFusion): number => group.get(home.get(fusion.members[0] ?? "") ?? (units[0] as Unit)) ?? 0;
  settle(units, links, group, new Set(fusions.map(groupOf)));
  return [...new Set(group.values())].map((number) => {
    const members = units.filter((unit) => group.get(unit) === number);
    const operators = members.flatMap((unit) => unit.operators);
    return {
      units: members,
      links: links.filter((link) => group.get(link.from) === number && group.get(link.to) === number),
      fusions: fusions.filter((fusion) => groupOf(fusion) === number),
      kernels: new Set(operators.map((operator) => operator.kernel)).size,
      operators: operators.length,
    };
  });
}
