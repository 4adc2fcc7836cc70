// The workbench of counted runs: the answer of the last run, what to run next, and the runs so far.
import fusionGraph from "#instruments/fusion_graph";
import gauges from "#instruments/gauges";
import type { FusionGraph } from "../instruments/fusion_graph/types";
import { h, setText } from "../instruments/shared/html";
import { mount, type Mounted } from "../picture_model";
import type { FusionBench, Message } from "../protocol";
import { tied } from "../rich";
import { Controls, mainOf, type Turn } from "./controls";
import { FailurePanel } from "./failure_panel";
import { PlanView } from "./plan";
import { ResultView } from "./result_view";
import { RunBox } from "./run_box";
import { runsTable } from "./runs_table";

interface Toggled {
  knob: string;
  on: boolean;
}

export class FusionBenchView {
  readonly element: HTMLElement;
  readonly gauges = h("div", { class: "gauges" });
  readonly run: RunBox;
  private readonly claim = h("h1", { tabindex: "-1" });
  private readonly configuration = h("p", { class: "configuration" });
  private readonly controls: Controls;
  private readonly levels: Controls;
  private readonly result: ResultView;
  private readonly failure: FailurePanel;
  private readonly plan: PlanView;
  private readonly graph = h("div", { class: "fusion-graph" });
  private readonly asks = h("h2", {});
  private readonly table = h("div", {});
  private readonly history = h("section", { class: "history", "aria-label": "Runs" }, h("h2", {}, "Runs so far"), this.table);
  private readonly mounted: { graph: Mounted; gauges: Mounted };
  private taken = -1;
  private shown = "";
  private knobs: string[] = [];

  constructor(send: (message: Message) => void) {
    const turn: Turn = (knobs, settled) => send({ type: "turn", knobs, settled });
    this.controls = new Controls(turn, "short");
    this.levels = new Controls(turn, "detailed");
    this.levels.element.classList.add("levels");
    this.result = new ResultView(turn);
    this.failure = new FailurePanel(send);
    this.plan = new PlanView(turn);
    this.run = new RunBox(send);
    const bars = h("div", {});
    this.gauges.append(bars, this.result.extras.meter);
    const words = h("div", { class: "claim", "aria-live": "polite" }, this.claim);
    const head = h("div", { class: "heading" }, words, this.configuration);
    const setup = h("section", { class: "setup", "aria-label": "What to run next" }, this.asks, this.controls.element, this.levels.element, this.graph, this.plan.element);
    this.element = h("div", { class: "bench fusion-bench" }, head, this.failure.element, this.result.element, setup, this.result.extras.assumptions.element, this.history);
    this.mounted = {
      graph: mount(fusionGraph, this.graph, (model) => {
        const { knob, on } = model.get("toggle") as Toggled;
        turn({ [knob]: on }, true);
      }),
      gauges: mount(gauges, bars),
    };
  }

  paint(bench: FusionBench, last: boolean): void {
    setText(this.claim, tied(bench.claim));
    setText(this.configuration, tied(bench.configuration));
    this.failure.paint(bench.failure);
    this.result.paint(bench, last);
    this.controls.paint(mainOf(bench.controls).filter(({ group }) => group !== "fusion"), last);
    this.levels.paint(bench.controls.filter(({ group }) => group === "fusion"), last);
    this.paintGraph(bench.graph, last);
    if (last) this.plan.paint(bench.plan ?? null);
    this.result.extras.paintAssumptions({ assumptions: bench.assumptions ?? bench.result?.assumptions ?? null }, bench.controls, last);
    this.gauges.hidden = !bench.result?.gauges.length;
    if (bench.result) this.mounted.gauges.show(bench.result.gauges);
    this.run.paint(bench.runs);
    setText(this.asks, bench.runs.left === 0 ? bench.plan ? "What may be done" : "What may be fused" : bench.runs.rows.length ? "What to run next" : "What to run");
    this.paintRuns(bench);
    if (this.taken >= 0 && bench.runs.rows.length > this.taken) this.reveal();
    this.taken = bench.runs.rows.length;
  }

  refuse(field: string, message: string): boolean {
    this.run.release();
    if (this.plan.refuse(field, message)) return true;
    const knob = field.replace(/^knobs\./, "");
    if (!this.knobs.includes(knob)) return this.controls.refuse(field, message) || this.levels.refuse(field, message) || this.result.refuse(field, message) || this.result.extras.assumptions.refuse(field, message);
    this.mounted.graph.set("problem", { knob, message });
    return true;
  }

  stop(): void {
    this.result.stop();
    for (const one of Object.values(this.mounted)) one.stop();
  }

  private paintGraph(graph: FusionGraph | null, last: boolean): void {
    this.graph.hidden = graph === null;
    this.knobs = graph?.fusions.map((fusion) => fusion.knob) ?? [];
    if (!graph || !last) return;
    this.mounted.graph.set("problem", null);
    this.mounted.graph.show(graph);
  }

  private paintRuns(bench: FusionBench): void {
    const now = JSON.stringify(bench.runs);
    if (now === this.shown) return;
    this.shown = now;
    this.history.hidden = bench.runs.rows.length === 0;
    this.table.replaceChildren(runsTable(bench.runs));
  }

  /** Brings the answer of a run into sight. */
  private reveal(): void {
    if (this.element.getBoundingClientRect().top >= 0) return;
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    this.element.scrollIntoView({ block: "start", behavior: still ? "auto" : "smooth" });
  }
}
