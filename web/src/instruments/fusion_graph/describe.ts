// An island in words, for those who hear it.
import type { Island } from "./islands";
import type { LegalFusion } from "./types";

const counted = (count: number, one: string): string => `${count} ${one}${count === 1 ? "" : "s"}`;

export function tally(island: { operators: number; kernels: number }): string {
  return `${counted(island.operators, "operator")}, ${counted(island.kernels, "launch").replace("launchs", "launches")}`;
}

export function describe(island: Island): string {
  const kernels = new Map<string, string[]>();
  for (const unit of island.units) {
    for (const operator of unit.operators) {
      const name = unit.operators.length > 1 ? `${unit.label}: ${operator.label}` : operator.label;
      kernels.set(operator.kernel, [...(kernels.get(operator.kernel) ?? []), name]);
    }
  }
  const joint = [...kernels.values()].filter((names) => names.length > 1);
  const words = joint.map((names) => (names.length > 4 ? `${names[0]} to ${names[names.length - 1]}, ${names.length} operators` : names.join(", ")));
  const together = words.length ? ` In one launch: ${words.join("; ")}.` : " Each operator is a launch of its own.";
  return `${tally(island)}.${together}`;
}

/** What kind of kernel a fusion makes, and of what. */
export function joins(island: Island, fusion: LegalFusion): string {
  const wanted = new Set(fusion.members);
  const units = island.units.filter((unit) => unit.operators.some(({ id }) => wanted.has(id)));
  const names = units.map((unit) => (unit.operators.length > 1 ? `${unit.label} (${unit.operators.length} steps)` : unit.label));
  return `${fusion.kind}: ${names.join(", ")}`;
}
