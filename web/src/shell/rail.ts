// The steps: what is done, where one is, and what each takes; open ones can be visited.
import { h } from "../instruments/shared/html";
import type { Message, Step, View } from "../protocol";

const spoken = { done: "done", now: "you are here", todo: "to do" } as const;

export class Rail {
  readonly element = h("nav", { class: "rail", "aria-label": "Steps of this part" });
  private shown = "";

  constructor(private readonly send: (message: Message) => void) {}

  paint(view: View): void {
    const now = JSON.stringify([view.steps, view.beat]);
    if (now === this.shown) return;
    this.shown = now;
    const focused = this.element.contains(document.activeElement) ? document.activeElement?.getAttribute("data-visit") : null;
    this.element.hidden = view.steps.length === 0;
    this.element.replaceChildren(h("ol", {}, ...view.steps.map((step, i) => this.item(step, i, view.beat))));
    if (focused) this.element.querySelector<HTMLElement>(`[data-visit="${focused}"]`)?.focus();
  }

  private item(step: Step, index: number, beat: string): HTMLElement {
    const mark = h("span", { class: "n", "aria-hidden": "true" }, step.state === "done" ? "✓" : String(index + 1));
    const note = step.note ? h("small", {}, step.note) : null;
    const words = h("span", { class: "words" }, h("b", {}, step.title), h("span", { class: "sr" }, `, ${spoken[step.state]}. `), note);
    const here = step.state === "now" ? "step" : null;
    const props = { class: `step ${step.state}${step.beat === beat ? " shown" : ""}`, "aria-current": here };
    if (!step.open) return h("li", {}, h("span", props, mark, words));
    const button = h("button", { ...props, type: "button", "data-visit": step.beat, title: step.title }, mark, words);
    button.addEventListener("click", () => this.send({ type: "visit", beat: step.beat }));
    return h("li", {}, button);
  }
}
