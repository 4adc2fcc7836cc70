// The defence: the instruments stay readable while the claim is made, number and sentence included.
import { BenchView } from "../bench/bench";
import { QuestionForm } from "../forms/question_form";
import { h, setText } from "../instruments/shared/html";
import { Drafts } from "../memory";
import type { ReflectContent } from "../protocol";
import { rich } from "../rich";
import { type ScreenKind, scopeOf } from "../screen";
import { NextStep } from "../shell/next_step";

function tally({ attempts, passed, verdicts }: ReflectContent): string {
  if (passed) return `Defended, in ${attempts} ${attempts === 1 ? "attempt" : "attempts"}.`;
  if (attempts === 0) return "";
  const open = Object.values(verdicts ?? {}).filter((verdict) => !verdict.right).length;
  return `Attempt ${attempts}: ${open} ${open === 1 ? "answer is" : "answers are"} still open. Read the instruments again and change what you said.`;
}

export const reflect: ScreenKind<"reflect"> = {
  key: (view) => `${scopeOf(view)}|${view.content.passed}`,
  open(view, stage) {
    const { content } = view;
    const bench = new BenchView(stage.send, "h2");
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
    const side = h("section", { class: "defence", "aria-label": "Your defence" }, state, form.element, next.element);
    const gauges = h("section", { class: "gauge-row", "aria-label": "Gauges" }, bench.gauges);
    bench.after(gauges);
    const observer = new ResizeObserver(() => bench.element.style.setProperty("--bench-height", `${bench.element.offsetHeight}px`));
    observer.observe(bench.element);
    stage.main.append(prompt, h("div", { class: "reflect" }, bench.element, side));
    return {
      paint(now, last) {
        bench.paint(now.content.bench, last);
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
