// A picture that is read place by place, by the pointer or the arrow keys: a card beside the place, and a sentence for who hears it.
import type { Box } from "./geometry";
import { h, setText } from "./html";
import { Tip } from "./tip";

export interface Place {
  box: Box; // what the pointer means by it [px]
  at?: { x: number; top: number; bottom: number }; // what the card keeps off; the box where not said [px]
  name: string;
  lines: string[];
}

const steps: Record<string, (now: number, last: number) => number> = {
  ArrowRight: (now) => now + 1,
  ArrowDown: (now) => now + 1,
  ArrowLeft: (now) => now - 1,
  ArrowUp: (now) => now - 1,
  Home: () => 0,
  End: (_, last) => last,
};

export class Reader {
  readonly element: HTMLElement;
  private readonly said = h("p", { class: "il-sr", "aria-live": "polite" });
  private readonly tip = new Tip();
  private places: Place[] = [];
  private width = 0;
  private here = -1; // where the keyboard is

  /** `mark` draws what shows the place that is read, and nothing for null. */
  constructor(private readonly svg: SVGElement, what: string, private readonly mark: (place: Place | null) => void) {
    this.element = h("div", { class: "il-stage", tabindex: "0", role: "application", "aria-label": `${what}. Left and right: from one to the next.` }, svg, this.tip.element, this.said);
    svg.addEventListener("pointermove", (event) => this.hover(event));
    svg.addEventListener("pointerleave", () => this.rest());
    this.element.addEventListener("keydown", (event) => this.key(event));
    this.element.addEventListener("focus", () => this.byKeyboard && this.go(Math.max(this.here, 0)));
    this.element.addEventListener("blur", () => this.read(null));
  }

  /** Takes the places of a picture that was just drawn for this width. */
  show(places: Place[], width: number): void {
    this.places = places;
    this.width = width;
    this.here = Math.min(this.here, places.length - 1);
    this.rest();
  }

  private get byKeyboard(): boolean {
    return this.element.matches(":focus-visible");
  }

  private hover(event: PointerEvent): void {
    const box = this.svg.getBoundingClientRect();
    const [x, y] = [event.clientX - box.left, event.clientY - box.top];
    const inside = (one: Box): boolean => x >= one.x && x <= one.x + one.w && y >= one.y && y <= one.y + one.h;
    this.read(this.places.find((place) => inside(place.box)) ?? null);
  }

  /** Without a pointer the card stays where the keyboard is. */
  private rest(): void {
    this.read(this.byKeyboard ? (this.places[this.here] ?? null) : null);
  }

  private read(place: Place | null): void {
    this.mark(place);
    if (!place) return this.tip.hide();
    const { x, y, w, h: high } = place.box;
    this.tip.show(place.name, place.lines, { ...(place.at ?? { x: x + w / 2, top: y, bottom: y + high }), width: this.width });
  }

  private go(index: number): void {
    const place = this.places[index];
    if (!place) return;
    this.here = index;
    this.read(place);
    setText(this.said, `${[place.name, ...place.lines].join(", ")}.`);
  }

  private key(event: KeyboardEvent): void {
    const step = steps[event.key];
    if (step) this.go(Math.min(Math.max(step(this.here, this.places.length - 1), 0), this.places.length - 1));
    else if (event.key === "Escape") this.read(null);
    else return;
    event.preventDefault();
  }
}
