// A small card beside the pointer or the keyboard's place: what is under it, in a few lines.
import { h, setText } from "./html";

export class Tip {
  readonly element = h("div", { class: "il-tip", "aria-hidden": "true", hidden: true });
  private readonly name = h("b", {});
  private readonly lines = h("div", {});

  constructor() {
    this.element.append(this.name, this.lines);
  }

  /** Shows a card above (or, without room, below) a place of the instrument [px]. */
  show(name: string, lines: string[], place: { x: number; top: number; bottom: number; width: number }): void {
    setText(this.name, name);
    this.lines.replaceChildren(...lines.map((line) => h("p", {}, line)));
    this.element.hidden = false;
    const { offsetWidth: wide, offsetHeight: high } = this.element;
    const left = Math.min(Math.max(place.x - wide / 2, 0), Math.max(place.width - wide, 0));
    const above = place.top - high - 8;
    this.element.style.left = `${Math.round(left)}px`;
    this.element.style.top = `${Math.round(above < -40 ? place.bottom + 8 : above)}px`;
  }

  hide(): void {
    this.element.hidden = true;
  }
}
