// The prediction, before anything is seen. Once committed it can only be read.
import { QuestionForm } from "../forms/question_form";
import { h } from "../instruments/shared/html";
import { Drafts } from "../memory";
import { type ScreenKind, scopeOf } from "../screen";
import { NextStep } from "../shell/next_step";

export const lock: ScreenKind<"lock"> = {
  key: (view) => `${scopeOf(view)}|${view.content.committed !== null}`,
  open(view, stage) {
    const { content } = view;
    const form = new QuestionForm({
      name: "lock",
      questions: content.questions,
      submit: content.submit,
      warning: content.warning,
      drafts: new Drafts(`${scopeOf(view)}.lock`),
      send: (answers) => stage.send({ type: "commit", answers }),
    });
    const next = new NextStep(stage.send);
    const sealed = content.committed ? h("p", { class: "sealed" }, h("span", { "aria-hidden": "true" }, "✓ "), "Locked. This is what you said.") : null;
    if (content.committed) form.freeze(content.committed);
    const heading = h("h1", { tabindex: "-1" }, content.heading);
    stage.main.append(h("div", { class: "column lock" }, h("p", { class: "eyebrow" }, "Your prediction"), heading, sealed, form.element, next.element));
    return {
      paint: (now) => next.paint(now.next),
      refuse: (field, message) => form.refuse(field, message),
    };
  },
};
