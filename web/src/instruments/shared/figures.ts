// A few figures in a row, each with its name and what it means.
import { h } from "./html";

export interface Figure {
  label: string;
  value: string;
  note: string;
}

export class Figures {
  readonly element: HTMLElement;

  constructor(kind = "") {
    this.element = h("dl", { class: `il-figures ${kind}`.trim() });
  }

  paint(figures: Figure[]): void {
    this.element.replaceChildren(...figures.map(({ label, value, note }) => h("div", {}, h("dt", {}, label), h("dd", {}, h("b", {}, value), h("span", {}, note)))));
  }
}
