// The defence: the instruments stay readable while the claim is made, number and sentence included.
import { AuditBenchView } from "../bench/audit_bench";
import { BenchView } from "../bench/bench";
import { MissionBenchView } from "../bench/mission_bench";
import { TilingBenchView } from "../bench/tiling_bench";
import { QuestionForm } from "../forms/question_form";
import { h, setText } from "../instruments/shared/html";
import { Drafts } from "../memory";
import type { Message, ReflectContent } from "../protocol";
import { rich } from "../rich";
import { type ScreenKind, scopeOf } from "../screen";
import { NextStep } from "../shell/next_step";

function tally({ attempts, passed, verdicts }: ReflectContent): string {
  if (passed) return `Defended, in ${attempts} ${attempts === 1 ? "attempt" : "attempts"}.`;
  if (attempts === 0) return "";
  const open = Object.values(verdicts ?? {}).filter((verdict) => !verdict.right).length;
  return `Attempt ${attempts}: ${open} ${open === 1 ? "answer is" : "answers are"} still open. Read the instruments again and change what you said.`;
}

interface Instruments {
  element: HTMLElement;
  closing: HTMLElement | null;
  paint(content: ReflectContent, last: boolean): void;
  refuse(field: string, message: string): boolean;
  stop(): void;
}

type Views = TilingBenchView | MissionBenchView | AuditBenchView | BenchView;

function viewOf(kind: ReflectContent["bench"]["kind"], send: (message: Message) => void): Views {
  if (kind === "tiling") return new TilingBenchView(send);
  if (kind === "mission") return new MissionBenchView(send);
  return kind === "audit" ? new AuditBenchView(send, "h2") : new BenchView(send, "h2");
}

function instrumentsOf({ bench: { kind } }: ReflectContent, send: (message: Message) => void): Instruments {
  const bench = viewOf(kind, send);
  if (bench instanceof BenchView || bench instanceof AuditBenchView) bench.after(h("section", { class: "gauge-row", "aria-label": "Gauges" }, bench.gauges));
  return {
    element: bench.element,
    closing: bench instanceof AuditBenchView ? bench.closing.element : null,
    paint({ bench: now }, last) {
      if (bench instanceof TilingBenchView) {
        if (now.kind === "tiling") bench.paint(now, last);
      } else if (bench instanceof MissionBenchView) {
        if (now.kind === "mission") bench.paint(now, last);
      } else if (bench instanceof AuditBenchView) {
        if (now.kind === "audit") bench.paint(now, last);
      } else if (now.kind === "roofline") bench.paint(now, last);
    },
    refuse: (field, message) => bench.refuse(field, message),
    stop: () => bench.stop(),
  };
}

export const reflect: ScreenKind<"reflect"> = {
  key: (view) => `${scopeOf(view)}|${view.content.passed}`,
  open(view, stage) {
    const { content } = view;
    const bench = instrumentsOf(content, stage.send);
    const form = new QuestionForm({
      name: "reflect",
      questions: content.questions,
      submit: content.submit,
      drafts: new Drafts(`${scopeOf(view)}.reflect`),
      send: (answers) => stage.send({ type: "reflect", answers }),
    });
    const state = h("p", { class: "tally", role: "status" });
    const next = new NextStep(stage.send);
    const given = Object.entries(content.verdicts ?? {}).flatMap(([id, { answer }]) => (answer == null ? [] : [[id, answer] as const]));
    form.recall(Object.fromEntries(given));
    if (content.passed) form.freeze(Object.fromEntries(given));
    const prompt = h("div", { class: "claim prompt" }, h("p", { class: "eyebrow" }, content.who, h("span", { class: "disclaimer" }, ` · ${content.disclaimer}`)), h("h1", { tabindex: "-1" }, ...rich(content.prompt)));
    const side = h("section", { class: "defence", "aria-label": "Your defence" }, state, form.element, bench.closing, next.element);
    const observer = new ResizeObserver(() => bench.element.style.setProperty("--bench-height", `${bench.element.offsetHeight}px`));
    observer.observe(bench.element);
    stage.main.append(prompt, h("div", { class: "reflect" }, bench.element, side));
    return {
      paint(now, last) {
        bench.paint(now.content, last);
        form.verdicts(now.content.verdicts);
        setText(state, tally(now.content));
        state.dataset.passed = String(now.content.passed);
        next.paint(now.next);
      },
      refuse: (field, message) => form.refuse(field, message) || bench.refuse(field, message),
      stop: () => {
        observer.disconnect();
        bench.stop();
      },
    };
  },
};
