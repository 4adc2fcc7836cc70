// The workbench: one claim, one chart, its controls, and beside them the gauges and the next step.
import { AuditBenchView } from "../bench/audit_bench";
import { BenchView } from "../bench/bench";
import { ChallengeView } from "../bench/challenge";
import { FusionBenchView } from "../bench/fusion_bench";
import { h } from "../instruments/shared/html";
import type { ViewOf } from "../protocol";
import { type Screen, type ScreenKind, scopeOf, type Stage } from "../screen";
import { NextStep } from "../shell/next_step";

type Workbench = Screen<"workbench">;

function live(stage: Stage): Workbench {
  const bench = new BenchView(stage.send, "h1");
  const next = new NextStep(stage.send);
  stage.main.append(bench.element);
  stage.aside.append(bench.gauges, next.element);
  return {
    paint({ content, next: step }, last) {
      if (content.kind === "roofline") bench.paint(content, last);
      next.paint(step);
    },
    refuse: (field, message) => bench.refuse(field, message),
    stop: () => bench.stop(),
  };
}

/** Where the stakeholder demands a proof, the claim stands beside the instruments, and the gauges under them. */
function challenged(stage: Stage, scope: string): Workbench {
  const bench = new BenchView(stage.send, "h1");
  const next = new NextStep(stage.send);
  const challenge = new ChallengeView(scope, stage.send, next.element);
  bench.after(h("section", { class: "gauge-row", "aria-label": "Gauges" }, bench.gauges));
  stage.main.append(bench.element);
  stage.aside.append(challenge.element);
  return {
    paint({ content, next: step }, last) {
      if (content.kind === "roofline") {
        bench.paint(content, last);
        challenge.paint(content.challenge ?? null);
      }
      next.paint(step);
    },
    refuse: (field, message) => challenge.refuse(field, message) || bench.refuse(field, message),
    stop: () => bench.stop(),
  };
}

/** Recorded frames: everything may be looked at, nothing costs. */
function recorded(stage: Stage): Workbench {
  const bench = new AuditBenchView(stage.send, "h1");
  const next = new NextStep(stage.send);
  stage.main.append(bench.element);
  stage.aside.append(bench.gauges, next.element);
  return {
    paint({ content, next: step }, last) {
      if (content.kind === "audit") bench.paint(content, last);
      next.paint(step);
    },
    refuse: (field, message) => bench.refuse(field, message),
    stop: () => bench.stop(),
  };
}

/** Where runs are counted, Run is the call to action until none is left. */
function counted(stage: Stage): Workbench {
  const bench = new FusionBenchView(stage.send);
  const next = new NextStep(stage.send);
  stage.main.append(bench.element);
  stage.aside.append(bench.run.element, bench.gauges, next.element);
  return {
    paint({ content, next: step }, last) {
      if (content.kind !== "fusion") return;
      bench.paint(content, last);
      next.paint(step);
      next.element.classList.toggle("secondary", content.runs.left > 0);
    },
    refuse: (field, message) => bench.refuse(field, message),
    stop: () => bench.stop(),
  };
}

export const workbench: ScreenKind<"workbench"> = {
  key: (view: ViewOf<"workbench">) => `${scopeOf(view)}|${view.content.kind}`,
  open(view, stage) {
    stage.aside.hidden = false;
    if (view.content.kind === "audit") return recorded(stage);
    if (view.content.kind === "fusion") return counted(stage);
    return view.content.challenge ? challenged(stage, scopeOf(view)) : live(stage);
  },
};
