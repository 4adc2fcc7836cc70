// The runs that were taken, one a row: what ran, what it came to, and which failed by how much.
import { digits, si, time } from "../instruments/shared/format";
import { h } from "../instruments/shared/html";
import type { Run, Runs } from "../protocol";

const shares = ["MFU", "MBU", "headroom"];

/** What is maximised, as people read it: a utilisation is a share. */
export function worth(value: number | null, name: string): string {
  if (value === null) return "–";
  return shares.some((share) => name.startsWith(share)) ? `${digits(value * 100)}\u202f%` : digits(value);
}

export const failures: Record<string, string> = {
  memory: "out of memory", deadline: "deadline missed", thermal: "throttled", sram: "SRAM overflow",
};

/** By how much a run failed. */
function over(run: Run): string {
  if (run.failure === "memory") return `, ${si(run.over, "B")} over`;
  return run.failure === "deadline" ? `, ${digits(run.over, 6)} ${run.over === 1 ? "frame" : "frames"} late` : "";
}

function cells(run: Run, runs: Runs): HTMLElement[] {
  const numbers = [
    worth(run.value, runs.value),
    run.time === null ? "–" : time(run.time),
    run.traffic === null ? "–" : si(run.traffic, "B"),
    run.flops === null ? "–" : si(run.flops, "FLOP"),
    run.kernels === null ? "–" : digits(run.kernels, 6),
    run.memory === null ? "–" : si(run.memory, "B"),
  ];
  return numbers.map((text) => h("td", { class: "num" }, text));
}

function row(run: Run, runs: Runs): HTMLElement {
  const best = run.number === runs.best;
  const failed = run.failure ? h("span", { class: "failed" }, `▲ ${failures[run.failure] ?? run.failure}${over(run)}`) : null;
  const name = h("td", { class: "what" }, run.label, best ? h("span", { class: "best" }, "best") : null, run.scored ? null : h("span", { class: "unscored" }, "not scored"), failed);
  return h("tr", { "data-run": run.number, class: best ? "best-run" : null }, h("th", { scope: "row", class: "num" }, String(run.number)), name, ...cells(run, runs));
}

export function runsTable(runs: Runs): HTMLElement {
  const head = ["#", "What ran", runs.value, "Time", "Bytes", "Operations", "Launches", "Memory"];
  const cols = head.map((title, i) => h("th", { scope: "col", class: i === 1 ? null : "num" }, title));
  const grid = h("table", { class: "runs" }, h("caption", { class: "sr" }, "Runs"), h("thead", {}, h("tr", {}, ...cols)), h("tbody", {}, ...runs.rows.map((run) => row(run, runs))));
  return h("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "Runs, scrolls sideways" }, grid);
}
