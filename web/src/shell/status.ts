// Quiet lines under the header: the connection, the engine's notices and errors, and looking back.
import { h } from "../instruments/shared/html";
import type { Message, View } from "../protocol";

const patience = 600; // ms without the engine before the page says so

export class Status {
  readonly element: HTMLElement;
  private readonly line = h("p", { class: "line", role: "status" });
  private readonly notes = h("div", { class: "notes" });
  private readonly back = h("div", { class: "back", hidden: true });
  private waiting = 0;
  private dismissed = "";

  constructor(private readonly send: (message: Message) => void) {
    this.element = h("section", { class: "status", "aria-label": "Messages" }, this.line, this.notes, this.back);
  }

  connected(connected: boolean): void {
    clearTimeout(this.waiting);
    if (connected) this.line.textContent = "";
    else this.waiting = window.setTimeout(() => this.say("The engine does not answer; trying again. Nothing you typed is lost."), patience);
  }

  alert(message: string): void {
    this.notes.replaceChildren(this.note(message, "alert", () => undefined));
  }

  paint(view: View): void {
    this.notes.querySelector("[role=alert]")?.remove();
    const notice = view.notice && view.notice !== this.dismissed ? view.notice : null;
    const shown = this.notes.querySelector(".note p")?.textContent ?? null;
    if (notice !== shown) {
      const dismiss = (): void => void (this.dismissed = notice ?? "");
      this.notes.replaceChildren(...(notice ? [this.note(notice, "status", dismiss)] : []));
    }
    this.lookBack(view);
  }

  private say(text: string): void {
    this.line.textContent = text;
  }

  private note(text: string, role: string, dismissed: () => void): HTMLElement {
    const close = h("button", { type: "button", class: "quiet" }, "Dismiss");
    const note = h("div", { class: "note", role }, h("p", {}, text), close);
    close.addEventListener("click", () => {
      dismissed();
      note.remove();
    });
    return note;
  }

  private lookBack(view: View): void {
    const away = view.beat !== view.at && view.steps.length > 0;
    this.back.hidden = !away;
    if (!away) return;
    const title = (beat: string): string => view.steps.find((step) => step.beat === beat)?.title ?? beat;
    const button = h("button", { type: "button", class: "quiet", "data-visit": view.at }, `Return to ${title(view.at)}`);
    button.addEventListener("click", () => this.send({ type: "visit", beat: view.at }));
    this.back.replaceChildren(h("p", {}, `You are looking back at ${title(view.beat)}. Nothing here changes.`), button);
  }
}
