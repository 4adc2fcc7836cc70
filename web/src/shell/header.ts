// The head of the page: where one is, how much time is left, the ledger and the theme.
import { h, setText } from "../instruments/shared/html";
import type { Message, View } from "../protocol";
import { themeButton } from "./theme_button";
import { Timer } from "./timer";

export class Header {
  readonly element: HTMLElement;
  private readonly track = h("span", { class: "pill", hidden: true });
  private readonly part = h("span", { class: "part" });
  private readonly timer = new Timer();
  private readonly ledger = h("button", { type: "button", class: "quiet", hidden: true, "data-visit": "ledger" }, "Ledger");

  constructor(send: (message: Message) => void) {
    this.ledger.addEventListener("click", () => send({ type: "visit", beat: "ledger" }));
    const tools = h("span", { class: "tools" }, this.timer.element, this.ledger, themeButton());
    this.element = h("header", {}, h("span", { class: "mark" }, "ironlaw"), this.track, this.part, tools);
  }

  paint(view: View): void {
    this.track.hidden = view.track === null;
    setText(this.track, view.track?.name ?? "");
    setText(this.part, view.part ? `Part ${view.part.number} · ${view.part.title}` : "");
    this.timer.show(view.part);
    const step = view.steps.find((one) => one.beat === "ledger");
    this.ledger.hidden = !step?.open || view.beat === "ledger";
  }
}
