// The frame around every beat: header, status, rail, main, aside and the stakeholder's message.
import { h, setText } from "../instruments/shared/html";
import type { Message, View } from "../protocol";
import { tied } from "../rich";
import type { Stage } from "../screen";
import { Header } from "./header";
import { Rail } from "./rail";
import { Status } from "./status";

const titles: Record<View["beat"], string> = {
  tracks: "Choose a track", story: "Story", lock: "Lock", workbench: "Workbench", reveal: "Reveal", reflect: "Reflect", ledger: "Ledger",
};

export class Shell {
  readonly stage: Stage;
  readonly status: Status;
  private readonly header: Header;
  private readonly rail: Rail;
  private readonly layout: HTMLElement;
  private readonly says = h("p", {});
  private readonly who = h("h2", {});
  private readonly letter = h("section", { class: "says", "aria-label": "From the stakeholder", hidden: true }, this.who, this.says);

  constructor(root: HTMLElement, send: (message: Message) => void) {
    this.header = new Header(send);
    this.status = new Status(send);
    this.rail = new Rail(send);
    const main = h("main", { id: "main", tabindex: "-1" }, h("p", { class: "boot" }, "Waiting for the engine …"));
    const aside = h("aside", { "aria-label": "Instruments and next step", hidden: true });
    this.stage = { main, aside, send };
    this.layout = h("div", { class: "layout" }, this.rail.element, main, aside, this.letter);
    this.rail.element.hidden = true;
    root.replaceChildren(this.header.element, this.status.element, this.layout);
  }

  clear(): void {
    this.stage.main.replaceChildren();
    this.stage.aside.replaceChildren();
    this.stage.aside.hidden = true;
  }

  paint(view: View): void {
    this.header.paint(view);
    this.status.paint(view);
    this.rail.paint(view);
    this.layout.dataset.layout = view.beat;
    this.layout.classList.toggle("bare", view.steps.length === 0);
    this.letter.hidden = view.stakeholder === null || view.beat === "story";
    setText(this.who, view.stakeholder?.who ?? "");
    setText(this.says, tied(view.stakeholder?.says ?? ""));
    document.title = [titles[view.beat], view.track?.name, "ironlaw"].filter(Boolean).join(" · ");
  }
}
