// A quantity on a line, with the limit that it has to come under and where it was at the start.
import { h, setAttribute, setText } from "../instruments/shared/html";

export interface Limited {
  now: number;
  start: number;
  limit: number;
  most: number; // the largest value that there can be
}

export class Limit {
  readonly element: HTMLElement;
  private readonly value = h("b", {});
  private readonly words = h("p", { class: "limit-words" });
  private readonly fill = h("i", { class: "limit-fill" });
  private readonly mark = h("i", { class: "limit-mark" });
  private readonly start = h("i", { class: "limit-start" });
  private readonly meter: HTMLElement;

  constructor(id: string, label: string, private readonly show: (value: number) => string) {
    this.meter = h("div", { class: "limit-bar", role: "meter", "aria-label": label, "aria-valuemin": 0, "aria-valuemax": 100 }, this.fill, this.start, this.mark);
    this.element = h("section", { class: "limit", "data-limit": id, "aria-label": label }, h("p", { class: "limit-top" }, h("span", {}, label), this.value), this.meter, this.words);
  }

  paint({ now, start, limit, most }: Limited): void {
    const full = Math.max(now, start, Math.min(limit * 1.35, most)); // of the line
    const at = (value: number): string => `${(value / full) * 100}%`;
    const under = now <= limit;
    this.element.dataset.under = String(under);
    setText(this.value, this.show(now));
    this.fill.style.width = at(now);
    this.mark.style.left = at(limit);
    this.start.style.left = at(start);
    this.start.hidden = Math.abs(start - now) < 0.004 * full;
    setText(this.words, `${under ? "✓ within" : "▲ over"} ${this.show(limit)}; at the start ${this.show(start)}`);
    setAttribute(this.meter, "aria-valuenow", ((now / full) * 100).toFixed(1));
    setAttribute(this.meter, "aria-valuetext", `${this.show(now)}; it may be ${this.show(limit)} at most`);
  }
}
