// The head of the page: where one is, how much time is left, the ledger and the theme.
import { h, setText } from "../instruments/shared/html";
import type { Message, TrackPart, View } from "../protocol";
import { themeButton } from "./theme_button";
import { Timer } from "./timer";

const spoken = { done: "done", now: "you are here", todo: "to do", skipped: "skipped" } as const;

export class Header {
  readonly element: HTMLElement;
  private readonly track = h("span", { class: "pill", hidden: true });
  private readonly part = h("span", { class: "part" });
  private readonly parts = h("ol", { class: "parts", role: "list", "aria-label": "Parts of the track", hidden: true });
  private shown = "";
  private readonly timer = new Timer();
  private readonly ledger = h("button", { type: "button", class: "quiet", hidden: true, "data-visit": "ledger" }, "Ledger");

  constructor(send: (message: Message) => void) {
    this.ledger.addEventListener("click", () => send({ type: "visit", beat: "ledger" }));
    const tools = h("span", { class: "tools" }, this.timer.element, this.ledger, themeButton());
    this.element = h("header", {}, h("span", { class: "mark" }, "ironlaw"), this.track, h("span", { class: "where" }, this.part, this.parts), tools);
  }

  paint(view: View): void {
    this.track.hidden = view.track === null;
    setText(this.track, view.track?.name ?? "");
    setText(this.part, view.part ? `Part ${view.part.number} · ${view.part.title}` : "");
    this.list(view.track?.parts ?? []);
    this.timer.show(view.part);
    const step = view.steps.find((one) => one.beat === "ledger");
    this.ledger.hidden = !step?.open || view.beat === "ledger";
  }

  /** A dot for each part of the track, once there is more than one. */
  private list(parts: TrackPart[]): void {
    const now = JSON.stringify(parts);
    if (now === this.shown) return;
    this.shown = now;
    this.parts.hidden = parts.length < 2;
    const dot = ({ number, title, state }: TrackPart): HTMLElement => {
      const words = `Part ${number}, ${title}: ${spoken[state]}`;
      return h("li", { "data-state": state, title: words }, h("span", { class: "sr" }, words));
    };
    this.parts.replaceChildren(...parts.map(dot));
  }
}
