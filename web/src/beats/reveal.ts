// Predicted against actual: the number on one axis, the choice with its misconception, and the experiment.
import { barsOf } from "../bench/bars";
import { h } from "../instruments/shared/html";
import type { RevealContent } from "../protocol";
import { rich } from "../rich";
import { type ScreenKind, scopeOf } from "../screen";
import { NextStep } from "../shell/next_step";
import { numberLine } from "./number_line";
import { scoreSection } from "./score";
import { severalSection } from "./several";

function answer(label: string, text: string, right: boolean): HTMLElement {
  const icon = h("span", { class: "icon", "aria-hidden": "true" }, right ? "✓" : "✕");
  return h("li", { class: "answer", "data-right": String(right) }, icon, h("div", {}, h("small", {}, label), h("p", {}, ...rich(text))));
}

function choiceSection({ choice }: RevealContent): HTMLElement {
  const answers = choice.right
    ? [answer("You said, and it is right", choice.yours.text, true)]
    : [answer("You said", choice.yours.text, false), answer("The engine says", choice.correct.text, true)];
  const name = choice.misconception ? h("p", { class: "misconception" }, h("b", {}, "A known misconception: "), choice.misconception) : null;
  return h("section", { class: "reveal-block" }, h("h2", {}, ...rich(choice.question)), h("ul", { class: "answers", role: "list" }, ...answers), name, h("p", { class: "feedback" }, ...rich(choice.feedback)));
}

function experimentSection({ experiment }: RevealContent): HTMLElement {
  return h("section", { class: "reveal-block" }, h("p", { class: "eyebrow" }, "The experiment"), h("h2", {}, ...rich(experiment.claim)), barsOf(experiment));
}

export const reveal: ScreenKind<"reveal"> = {
  key: scopeOf,
  open(view, stage) {
    const { content } = view;
    const next = new NextStep(stage.send);
    const line = numberLine(content.number);
    const number = h("section", { class: "reveal-block" }, h("h2", {}, content.number.question), line.element, h("p", { class: "feedback" }, ...rich(content.number.feedback)));
    const head = [h("p", { class: "eyebrow" }, "Predicted against actual"), h("h1", { tabindex: "-1" }, content.heading)];
    const several = content.several ? severalSection(content.several) : null;
    const score = content.score ? scoreSection(content.score) : null;
    stage.main.append(h("div", { class: "column reveal" }, ...head, number, choiceSection(content), several, experimentSection(content), score?.element, next.element));
    const stop = (): void => {
      line.stop();
      score?.stop();
    };
    return { paint: (now) => next.paint(now.next), stop };
  },
};
