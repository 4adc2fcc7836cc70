// The time left of the part, counted down once a second and never scolding.
import { h, setText } from "../instruments/shared/html";
import type { Part } from "../protocol";

function clock(seconds: number): string {
  const whole = Math.floor(seconds);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}

export class Timer {
  readonly element = h("span", { class: "timer", role: "timer", "aria-label": "Time for this part", hidden: true });
  private part: Part | null = null;

  constructor() {
    setInterval(() => this.tick(), 1000);
  }

  show(part: Part | null): void {
    this.part = part;
    this.element.hidden = part === null;
    this.tick();
  }

  private tick(): void {
    if (!this.part) return;
    const left = this.part.started_at + this.part.budget_s - Date.now() / 1000;
    setText(this.element, left >= 0 ? `${clock(left)} left` : `over by ${clock(-left)}`);
  }
}
