// The runs that were taken, one a row: what ran, what it came to, and which failed by how much.
import { amount, digits } from "../instruments/shared/format";
import { h } from "../instruments/shared/html";
import type { Run, Runs } from "../protocol";
import { tied } from "../rich";

const shares = ["MFU", "MBU", "headroom"];

/** What is maximised, as people read it: a utilisation is a share. */
export function worth(value: number | null, name: string): string {
  if (value === null) return "–";
  return shares.some((share) => name.startsWith(share)) ? `${digits(value * 100)}\u202f%` : digits(value);
}

export const failures: Record<string, string> = {
  memory: "out of memory", deadline: "deadline missed", throttle: "throttled", sram: "SRAM overflow",
};
const units: Record<string, string> = { memory: "B", sram: "B", throttle: "W", deadline: "frames" }; // of what a run is over, where it does not say

/** By how much a run failed. */
function over({ failure, over: excess, unit }: Run): string {
  const by = unit || (failure ? units[failure] : "");
  if (by === "frames") return `, ${digits(excess, 6)} ${excess === 1 ? "frame" : "frames"} late`;
  return by && excess > 0 ? `, ${amount(excess, by)} ${failure === "deadline" ? "late" : "over"}` : "";
}

/** A column of the table: named, and what a run has in it. */
interface Column {
  title: string;
  of(run: Run): string | null; // null where nothing ran
}

const amountOf = (value: number | null, unit: string): string | null => (value === null ? null : amount(value, unit));

const counts: Column[] = [
  { title: "Operations", of: (run) => amountOf(run.flops, "FLOP") },
  { title: "Launches", of: (run) => (run.kernels === null ? null : digits(run.kernels, 6)) },
];

/** What every run has and, after its value, what came out of some. */
function columnsOf({ rows, value }: Runs): Column[] {
  const named = new Set(rows.flatMap((run) => run.figures ?? []).map((figure) => figure.label));
  const figures = [...named].map((label) => ({
    title: label.charAt(0).toUpperCase() + label.slice(1),
    of: (run: Run): string | null => {
      const figure = run.figures?.find((one) => one.label === label);
      return figure ? amountOf(figure.value, figure.unit) : null;
    },
  }));
  return [
    { title: value, of: (run) => (run.value === null ? null : worth(run.value, value)) },
    ...figures,
    { title: "Time", of: (run) => amountOf(run.time, "s") },
    { title: "Bytes", of: (run) => amountOf(run.traffic, "B") },
    ...(figures.length ? [] : counts), // figures of its own take the room of what can be read elsewhere
    { title: "Memory", of: (run) => amountOf(run.memory, "B") },
  ];
}

function cells(run: Run, columns: Column[]): HTMLElement[] {
  return columns.map((column) => h("td", { class: "num" }, column.of(run) ?? "–"));
}

function row(run: Run, runs: Runs, columns: Column[]): HTMLElement {
  const best = run.number === runs.best;
  const failed = run.failure ? h("span", { class: "failed" }, `▲ ${failures[run.failure] ?? run.failure}${over(run)}`) : null;
  const name = h("td", { class: "what" }, tied(run.label), best ? h("span", { class: "best" }, "best") : null, run.scored ? null : h("span", { class: "unscored" }, "not scored"), failed);
  return h("tr", { "data-run": run.number, class: best ? "best-run" : null }, h("th", { scope: "row", class: "num" }, String(run.number)), name, ...cells(run, columns));
}

export function runsTable(runs: Runs): HTMLElement {
  const columns = columnsOf(runs);
  const head = ["#", "What ran", ...columns.map(({ title }) => title)];
  const cols = head.map((title, i) => h("th", { scope: "col", class: i === 1 ? null : "num" }, title));
  const grid = h("table", { class: "runs" }, h("caption", { class: "sr" }, "Runs"), h("thead", {}, h("tr", {}, ...cols)), h("tbody", {}, ...runs.rows.map((run) => row(run, runs, columns))));
  return h("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "Runs, scrolls sideways" }, grid);
}
