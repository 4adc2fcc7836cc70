// What did not fit, by how much, and the way back.
import { h } from "../instruments/shared/html";
import type { Failure, Message } from "../protocol";
import { rich } from "../rich";

export class FailurePanel {
  readonly element = h("section", { class: "failure", "aria-label": "What failed", role: "status", hidden: true });
  private shown = "";

  constructor(private readonly send: (message: Message) => void) {}

  paint(failure: Failure | null): void {
    const now = JSON.stringify(failure);
    if (now === this.shown) return;
    this.shown = now;
    this.element.hidden = failure === null;
    if (!failure) return;
    const words = h("p", {}, h("span", { "aria-hidden": "true" }, "▲ "), ...rich(failure.text));
    const { undo } = failure;
    const button = undo ? h("button", { type: "button", class: "quiet", "data-action": "undo" }, undo.label) : null;
    button?.addEventListener("click", () => undo && this.send(undo.message));
    this.element.replaceChildren(words, ...(button ? [button] : []));
  }
}
