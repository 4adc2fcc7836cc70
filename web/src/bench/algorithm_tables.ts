// The data behind the waterfall of optimizations and behind a round.
import { isOwn, nounOf } from "../instruments/round/describe";
import type { Optimizations } from "../instruments/optimizations/types";
import { sides } from "../instruments/optimizations/types";
import type { Round } from "../instruments/round/types";
import type { KernelTable } from "../protocol";
import { kernelTable } from "./kernel_table";

function changesTable(picture: Optimizations): KernelTable {
  const { unit, bars, quantity } = picture;
  const columns = [
    { id: "name", label: "Change", unit: null }, { id: "means", label: "by", unit: null }, { id: "side", label: "side", unit: null },
    { id: "after", label: `${quantity} then`, unit }, { id: "factor", label: "in this order", unit: "×" },
    { id: "fair", label: "in any order", unit: "×" }, { id: "doublings", label: "doublings", unit: null },
  ];
  const none = { means: null, side: null, factor: null, fair: null, doublings: null };
  const rows = [
    { ...none, name: picture.before.label, after: picture.before.value },
    ...bars.map(({ label, means, side, after, factor, fair, doublings }) => ({ name: label, means, side, after, factor, fair, doublings })),
    { ...none, name: picture.after.label, after: picture.after.value, factor: picture.speedup, fair: picture.speedup, doublings: Math.log2(picture.speedup) },
    ...sides.map((side) => ({ ...none, name: `the ${side}`, side, after: null, fair: picture.sides[side], doublings: Math.log2(picture.sides[side]) })),
  ];
  return { columns, rows };
}

export const owedTitle = "What each change is owed";

export function optimizationsTable(picture: Optimizations): HTMLElement {
  return kernelTable(changesTable(picture), owedTitle);
}

export function roundTable(picture: Round): KernelTable {
  const { tokens, plain, parts, unit, expected, even } = picture;
  const what = nounOf(picture);
  const columns = [{ id: "name", label: "What", unit: null }, { id: "share", label: "chance to be kept", unit: null }, { id: "time", label: "time", unit }, { id: "count", label: what, unit: null }];
  const cells = tokens.map((token) => ({ name: isOwn(token) ? token.label : `draft ${token.label}`, share: token.chance, time: null, count: null }));
  const times = [plain, ...parts].map(({ label, time }) => ({ name: label, share: null, time, count: null }));
  const ends = [["a round makes", expected], ["a round breaks even at", even]] as const;
  return { columns, rows: [...cells, ...times, ...ends.map(([name, count]) => ({ name, share: null, time: null, count }))] };
}
