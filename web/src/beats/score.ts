// The best run against the optimum: how near it came, every run under the optimum's line, and what the optimum did differently.
import { failures, runsTable, worth } from "../bench/runs_table";
import { digits } from "../instruments/shared/format";
import { h } from "../instruments/shared/html";
import { round, svgElement } from "../instruments/shared/svg";
import type { Run, Score } from "../protocol";
import { rich, tied } from "../rich";

function text(x: number, y: number, anchor: string, kind: string, words: string): SVGElement {
  const made = svgElement("text", { x: round(x), y: round(y), "text-anchor": anchor, class: kind });
  made.textContent = words;
  return made;
}

/** A share of the optimum; less than all of it is never rounded up to all. */
function shareOf(ratio: number): string {
  const enough = [3, 4, 5, 6].find((significant) => ratio >= 1 || Number((ratio * 100).toPrecision(significant)) < 100);
  return `${digits(ratio * 100, enough ?? 7)}\u202f%`;
}

interface Plot {
  left: number;
  right: number;
  top: number;
  bottom: number;
  largest: number;
}

function drawRun(svg: SVGElement, score: Score, run: Run, x: number, plot: Plot): void {
  const { top, bottom, largest } = plot;
  svg.append(text(x, bottom + 17, "middle", "sc-tick", String(run.number)));
  if (run.value === null) {
    const mark = text(x, bottom - 6, "middle", "sc-failed", "×");
    mark.append(Object.assign(svgElement("title", {}), { textContent: failures[run.failure ?? ""] ?? "failed" }));
    svg.append(mark);
    return;
  }
  if (!run.scored) {
    svg.append(text(x, bottom - 6, "middle", "sc-tick", "–"));
    return;
  }
  const y = bottom - (run.value / largest) * (bottom - top);
  const best = run.number === score.runs.best;
  svg.append(svgElement("line", { class: "sc-stem", x1: round(x), x2: round(x), y1: bottom, y2: round(y) }));
  svg.append(svgElement("circle", { class: best ? "sc-dot sc-best" : "sc-dot", cx: round(x), cy: round(y), r: best ? 7 : 5 }));
  if (best) svg.append(text(x, y + (y < top + 26 ? 24 : -13), "middle", "sc-value", worth(run.value, score.value)));
}

function draw(svg: SVGElement, score: Score, width: number): void {
  const plot = { left: 6, right: width - 6, top: 30, bottom: 168, largest: Math.max(score.optimum, score.yours, 1e-300) };
  const slot = (plot.right - plot.left) / score.runs.limit;
  svg.setAttribute("viewBox", `0 0 ${width} 212`);
  const line = plot.bottom - (score.optimum / plot.largest) * (plot.bottom - plot.top);
  const words = `optimum ${worth(score.optimum, score.value)}`;
  svg.replaceChildren(
    svgElement("line", { class: "sc-axis", x1: plot.left, x2: plot.right, y1: plot.bottom, y2: plot.bottom }),
    svgElement("line", { class: "sc-optimum", x1: plot.left, x2: plot.right, y1: round(line), y2: round(line) }),
    text(plot.right, line - 9, "end", "sc-optimum-label", words),
    text(plot.left, line - 9, "start", "sc-tick", score.value),
    text((plot.left + plot.right) / 2, 206, "middle", "sc-tick", "run"),
  );
  for (const run of score.runs.rows) drawRun(svg, score, run, plot.left + (run.number - 0.5) * slot, plot);
}

function described(score: Score): string {
  const runs = score.runs.rows.map((run) => `run ${run.number} ${run.value === null ? "failed" : worth(run.value, score.value)}${run.scored ? "" : " (not scored)"}`);
  return `${score.value} of each run: ${runs.join(", ")}. The optimum is ${worth(score.optimum, score.value)}.`;
}

function chart(score: Score): { element: HTMLElement; stop(): void } {
  const svg = svgElement("svg", { class: "score-chart", role: "img", "aria-label": described(score) });
  const element = h("div", { class: "number-line-box" }, svg as unknown as Node);
  const observer = new ResizeObserver(() => {
    const style = getComputedStyle(element);
    const width = element.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
    if (width > 0) draw(svg, score, width);
  });
  observer.observe(element);
  return { element, stop: () => observer.disconnect() };
}

function others(score: Score): HTMLElement | null {
  if (!score.others.length) return null;
  const items = score.others.map(({ label, ratio, yours, optimum, ran }) => {
    const words = !ran ? `no run; the optimum is ${worth(optimum, score.value)}` : `${shareOf(ratio)} of the optimum (${worth(yours, score.value)} of ${worth(optimum, score.value)})`;
    return h("li", {}, h("b", {}, label), `: ${words}`);
  });
  return h("ul", { class: "score-others", role: "list" }, ...items);
}

export function scoreSection(score: Score): { element: HTMLElement; stop(): void } {
  const plot = chart(score);
  const big = h("p", { class: "score-big" }, h("b", {}, shareOf(score.ratio)), h("span", {}, ` of the optimum, exact over ${digits(score.cuts, 15)} sets`));
  const pair = h("dl", { class: "score-pair" },
    h("div", {}, h("dt", {}, "Your best"), h("dd", {}, h("b", {}, worth(score.yours, score.value)), h("span", {}, tied(score.yours_label)))),
    h("div", {}, h("dt", {}, "The optimum"), h("dd", {}, h("b", {}, worth(score.optimum, score.value)), h("span", {}, tied(score.optimum_label)))),
  );
  const list = score.differences.map((difference) => h("li", {}, ...rich(difference)));
  const differences = list.length ? [h("h3", {}, "What the optimum did differently"), h("ul", { class: "differences" }, ...list)] : [];
  const table = h("details", { class: "more" }, h("summary", {}, "All runs"), runsTable(score.runs));
  const element = h("section", { class: "reveal-block score" }, h("p", { class: "eyebrow" }, "Your runs"), h("h2", {}, ...rich(score.claim)), big, plot.element, pair, ...differences, others(score), table);
  return { element, stop: plot.stop };
}
