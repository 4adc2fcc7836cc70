// The one visible call to action.
import { h } from "../instruments/shared/html";
import type { Message, Next } from "../protocol";

export class NextStep {
  readonly element = h("div", { class: "next", hidden: true });
  private shown = "";

  constructor(private readonly send: (message: Message) => void) {}

  paint(next: Next | null): void {
    const now = JSON.stringify(next);
    if (now === this.shown) return;
    this.shown = now;
    this.element.hidden = next === null;
    if (!next) return;
    const button = h("button", { type: "button", class: "go", "data-action": "next" }, next.label, h("span", { "aria-hidden": "true" }, " →"));
    button.addEventListener("click", () => this.send(next.message));
    this.element.replaceChildren(next.lead ? h("p", {}, next.lead) : "", button);
  }
}
