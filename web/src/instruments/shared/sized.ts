// The start that every drawn instrument shares: the latest picture, drawn for the width that there is, and anew for another.
import type { Painter } from "./mount";

export abstract class Sized<P> implements Painter<P> {
  protected picture: P | null = null;
  protected width = 0; // px; 0 while it is not in sight
  private drawn: P | null = null;
  private typeface = "";
  private readonly observer = new ResizeObserver(() => this.resize());

  constructor(protected readonly root: HTMLElement) {
    this.observer.observe(root);
  }

  paint(picture: P): void {
    this.picture = picture;
    if (this.width === 0) this.width = this.root.clientWidth;
    this.redraw();
  }

  stop(): void {
    this.observer.disconnect();
  }

  /** The typeface in use, to measure texts with. */
  protected get family(): string {
    this.typeface ||= getComputedStyle(this.root).fontFamily;
    return this.typeface;
  }

  /** Draws the picture as it stands, once there is one and a width to draw it in. */
  protected redraw(): void {
    const { picture } = this;
    if (picture === null || this.width === 0) return;
    const fresh = picture !== this.drawn;
    this.drawn = picture;
    this.draw(picture, fresh);
  }

  /** `fresh`: the picture was not drawn before; else only the width is another. */
  protected abstract draw(picture: P, fresh: boolean): void;

  private resize(): void {
    const width = this.root.clientWidth;
    if (width === this.width) return;
    this.width = width;
    if (width === 0) return;
    this.root.classList.add("il-still");
    this.redraw();
    requestAnimationFrame(() => this.root.classList.remove("il-still"));
  }
}
