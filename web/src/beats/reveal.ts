// Predicted against actual: the number on one axis, the choice with its misconception, and the experiment.
import { digits, si, timeUnit } from "../instruments/shared/format";
import { h } from "../instruments/shared/html";
import type { RevealContent } from "../protocol";
import { rich } from "../rich";
import { type ScreenKind, scopeOf } from "../screen";
import { NextStep } from "../shell/next_step";
import { numberLine } from "./number_line";
import { scoreSection } from "./score";

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

/** A change in percent; one that rounds to nothing has no sign. */
function changed(fraction: number): string {
  const shown = (fraction * 100).toFixed(1);
  return Number(shown) === 0 ? "0.0" : shown.replace("-", "−");
}

/** A value in its unit; a group of times in that of the longest. */
function valueIn(unit: string, longest: number): (value: number) => string {
  if (unit !== "s") return (value) => si(value, unit);
  const group = timeUnit(longest);
  return (value) => `${digits(value / group.scale)}\u202f${group.unit}`;
}

function experimentSection({ experiment }: RevealContent): HTMLElement {
  const longest = Math.max(...experiment.bars.map((bar) => bar.value), 0);
  const show = valueIn(experiment.unit, longest);
  const first = experiment.bars[0]?.value ?? 0;
  const rows = experiment.bars.map((bar, i) => {
    const fill = h("i", { class: i ? "" : "base" });
    fill.style.width = `${longest > 0 ? (bar.value / longest) * 100 : 0}%`;
    const change = i && first > 0 ? `${changed((bar.value - first) / first)}\u202f%` : "";
    const value = h("span", { class: "bar-value" }, h("b", {}, show(bar.value)), change ? h("span", { class: "bar-change" }, ` ${change}`) : null);
    return h("li", {}, h("span", { class: "bar-label" }, ...rich(bar.label)), h("span", { class: "bar-track", "aria-hidden": "true" }, fill), value);
  });
  return h("section", { class: "reveal-block" }, h("p", { class: "eyebrow" }, "The experiment"), h("h2", {}, ...rich(experiment.claim)), h("ul", { class: "bars", role: "list" }, ...rows));
}

export const reveal: ScreenKind<"reveal"> = {
  key: scopeOf,
  open(view, stage) {
    const { content } = view;
    const next = new NextStep(stage.send);
    const line = numberLine(content.number);
    const number = h("section", { class: "reveal-block" }, h("h2", {}, content.number.question), line.element, h("p", { class: "feedback" }, ...rich(content.number.feedback)));
    const head = [h("p", { class: "eyebrow" }, "Predicted against actual"), h("h1", { tabindex: "-1" }, content.heading)];
    const score = content.score ? scoreSection(content.score) : null;
    stage.main.append(h("div", { class: "column reveal" }, ...head, number, choiceSection(content), experimentSection(content), score?.element, next.element));
    const stop = (): void => {
      line.stop();
      score?.stop();
    };
    return { paint: (now) => next.paint(now.next), stop };
  },
};
