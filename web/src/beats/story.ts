// The stakeholder's letter, with its figures set large.
import { h } from "../instruments/shared/html";
import type { StoryContent } from "../protocol";
import { rich } from "../rich";
import type { ScreenKind } from "../screen";
import { NextStep } from "../shell/next_step";

function figure(one: StoryContent["figures"][number]): HTMLElement {
  const value = h("dd", { class: "big" }, one.value, h("span", { class: "big-unit" }, ` ${one.unit}`));
  return h("div", { class: "figure" }, h("dt", {}, one.label), value, one.detail ? h("dd", { class: "detail" }, one.detail) : null);
}

function letter(content: StoryContent): HTMLElement {
  return h(
    "article",
    { class: "letter" },
    h("p", { class: "eyebrow" }, `Message · ${content.from}`),
    h("h1", { tabindex: "-1" }, ...rich(content.heading)),
    ...content.paragraphs.map((paragraph) => h("p", {}, ...rich(paragraph))),
    content.figures.length ? h("dl", { class: "figures" }, ...content.figures.map(figure)) : null,
    h("p", { class: "sign", "aria-hidden": "true" }, `— ${content.from}`),
  );
}

export const story: ScreenKind<"story"> = {
  key: (view) => JSON.stringify(view.content),
  open(view, stage) {
    const next = new NextStep(stage.send);
    stage.main.append(h("div", { class: "column" }, letter(view.content), next.element));
    return { paint: (now) => next.paint(now.next) };
  },
};
