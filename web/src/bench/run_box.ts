// The one call to action of a counted workbench: Run, how many are left, and what each brought so far.
import { h, setAttribute, setText } from "../instruments/shared/html";
import type { Message, Runs } from "../protocol";
import { worth } from "./runs_table";

export class RunBox {
  readonly element: HTMLElement;
  private readonly button = h("button", { type: "button", class: "go", "data-action": "run" });
  private readonly left = h("p", { class: "runs-left" });
  private readonly of = h("p", { class: "slots-of" });
  private readonly slots = h("div", { class: "slots", role: "img" });
  private waiting = false;

  constructor(send: (message: Message) => void) {
    this.element = h("section", { class: "run-box", "aria-label": "Run" }, this.of, this.slots, this.button, this.left);
    this.button.addEventListener("click", () => {
      if (this.waiting || this.button.getAttribute("aria-disabled") === "true") return;
      this.waiting = true; // one press is one run
      send({ type: "run" });
    });
  }

  paint(runs: Runs): void {
    this.waiting = false;
    const taken = runs.rows.length;
    const over = runs.closed === true;
    setText(this.button, over ? "The runs are over" : runs.left > 0 ? `Run ${taken + 1}` : "No runs left");
    setAttribute(this.button, "aria-disabled", String(over || runs.left === 0));
    setText(this.left, over ? "The optimum was shown" : `${runs.left} of ${runs.limit} runs left`);
    this.paintSlots(runs);
  }

  /** After a refusal the button answers again. */
  release(): void {
    this.waiting = false;
  }

  private paintSlots(runs: Runs): void {
    setText(this.of, `${runs.value} of each run`);
    const scored = runs.rows.filter((run) => run.scored).map((run) => run.value ?? 0);
    const largest = Math.max(...scored, 1e-300);
    const bars = Array.from({ length: runs.limit }, (_, i) => {
      const run = runs.rows[i];
      if (!run) return h("i", { class: "slot", "data-state": "open" });
      if (run.value === null) return h("i", { class: "slot", "data-state": "failed" }, "×");
      if (!run.scored) return h("i", { class: "slot", "data-state": "beside" }, "–");
      const fill = h("b", {});
      fill.style.height = `${Math.max((run.value / largest) * 100, 4)}%`;
      return h("i", { class: "slot", "data-state": run.number === runs.best ? "best" : "taken" }, fill);
    });
    this.slots.replaceChildren(...bars);
    const words = runs.rows.map((run) => `run ${run.number}: ${run.value === null ? "failed" : worth(run.value, runs.value)}${run.scored ? "" : ", not scored"}`);
    const best = runs.rows.find((run) => run.number === runs.best);
    const spoken = words.length ? `${runs.value} of each run. ${words.join(", ")}.${best ? ` Best: run ${best.number}.` : ""}` : "No run was taken yet.";
    setAttribute(this.slots, "aria-label", spoken);
  }
}
