// Whose frames these are, where they are not the case's: the file's name, what is to be said of it, and the way back.
import { h } from "../instruments/shared/html";
import type { AuditBench, Message } from "../protocol";
import { rich } from "../rich";

export class SourceNote {
  readonly element = h("section", { class: "source", "aria-label": "Your trace", hidden: true });
  private shown = "";

  constructor(private readonly send: (message: Message) => void) {}

  paint({ source }: AuditBench): void {
    const now = JSON.stringify(source);
    if (now === this.shown) return;
    this.shown = now;
    this.element.hidden = source.kind === "case";
    if (source.kind === "case") return;
    const lost = source.lost.length ? h("ul", {}, ...source.lost.map((line) => h("li", {}, ...rich(line)))) : null;
    const back = h("button", { type: "button", class: "quiet", "data-action": "case" }, "Back to the case");
    back.addEventListener("click", () => this.send({ type: "load", trace: null }));
    const words = h("div", {}, h("p", {}, h("b", {}, source.name), " is looked at; it is not graded."), lost ? h("p", {}, "What is to be said of it:") : null, lost);
    this.element.replaceChildren(words, back);
  }
}
