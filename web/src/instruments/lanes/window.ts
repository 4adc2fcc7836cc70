// The part of time in sight, and the buttons that choose it.
import { h, setAttribute } from "../shared/html";
import { latest } from "./describe";
import type { Lanes, Slice } from "./types";

const closest = 2e-6; // s in sight at the nearest

export class Window {
  readonly element: HTMLElement;
  from = 0;
  to = 1;
  private span = 1;
  private picture: Lanes | null = null;
  private readonly whole = h("button", { type: "button", "data-zoom": "whole" }, "Whole frame");
  private readonly near = h("button", { type: "button", "data-zoom": "event" }, "To the event");

  constructor(private readonly changed: () => void) {
    const one = (name: string, label: string, words: string, act: () => void): HTMLElement => {
      const button = h("button", { type: "button", "data-zoom": name, "aria-label": words, title: words }, label);
      button.addEventListener("click", act);
      return button;
    };
    this.whole.addEventListener("click", () => this.show(0, this.span));
    this.near.addEventListener("click", () => this.toEvent());
    this.element = h("div", { class: "il-ln-tools", role: "group", "aria-label": "Part of the frame in sight" }, this.whole, this.near,
      one("out", "−", "Further away", () => this.scale(2)), one("in", "+", "Nearer", () => this.scale(0.5)),
      one("earlier", "←", "Earlier", () => this.pan(-0.5)), one("later", "→", "Later", () => this.pan(0.5)));
  }

  /** Another frame is shown as a whole; the same one stays as it was. */
  paint(picture: Lanes): void {
    const other = this.picture?.title !== picture.title || this.picture.span !== picture.span;
    this.picture = picture;
    if (other) {
      this.span = Math.max(picture.span, picture.deadline !== null && picture.deadline < picture.span * 1.6 ? picture.deadline * 1.02 : 0, 1e-9);
      [this.from, this.to] = [0, this.span];
    }
    setAttribute(this.whole, "aria-pressed", String(this.isWhole));
    this.near.textContent = picture.selected ? "To the event" : "To the excess";
  }

  get isWhole(): boolean {
    return this.from <= 0 && this.to >= this.span;
  }

  show(from: number, to: number): void {
    const width = Math.min(Math.max(to - from, closest), this.span);
    const start = Math.min(Math.max(from, 0), this.span - width);
    [this.from, this.to] = [start, start + width];
    setAttribute(this.whole, "aria-pressed", String(this.isWhole));
    this.changed();
  }

  /** Moves just far enough that a slice is in sight. */
  reach({ start, duration }: Slice): void {
    if (start + duration >= this.from && start <= this.to) return;
    const width = this.to - this.from;
    this.show(start - width / 2 + duration / 2, start + width / 2 + duration / 2);
  }

  scale(factor: number): void {
    const middle = (this.from + this.to) / 2;
    const half = ((this.to - this.from) * factor) / 2;
    this.show(middle - half, middle + half);
  }

  private pan(share: number): void {
    const step = (this.to - this.from) * share;
    this.show(this.from + step, this.to + step);
  }

  private toEvent(): void {
    if (!this.picture) return;
    const slices = latest(this.picture);
    const slice = slices.find((one) => one.id === this.picture?.selected) ?? slices[0];
    if (!slice) return;
    const begin = slice.start - Math.max(slice.excess - slice.duration, 0);
    const width = slice.start + slice.duration - begin;
    const around = Math.max(width * 0.25, 2e-5);
    this.show(begin - around, slice.start + slice.duration + around);
  }
}
