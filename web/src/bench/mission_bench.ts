// The exhibit of the last defence: the whole mission taken apart, in an order that may be chosen and in none.
import optimizations from "#instruments/optimizations";
import { h, setText } from "../instruments/shared/html";
import type { Message, MissionBench } from "../protocol";
import { tied } from "../rich";
import { optimizationsTable, owedTitle } from "./algorithm_tables";
import { ComparisonView } from "./comparison";
import { Controls } from "./controls";
import { Figure } from "./figure";

export class MissionBenchView {
  readonly element: HTMLElement;
  private readonly claim = h("h2", {});
  private readonly configuration = h("p", { class: "configuration" });
  private readonly figure = new Figure({ id: "optimizations", title: owedTitle, widget: optimizations });
  private readonly controls: Controls;
  private readonly comparison = new ComparisonView();

  constructor(send: (message: Message) => void) {
    this.controls = new Controls((knobs, settled) => send({ type: "turn", knobs, settled }));
    this.controls.element.classList.add("looks");
    const head = h("div", { class: "heading" }, h("div", { class: "claim", "aria-live": "polite" }, this.claim), this.configuration);
    this.element = h("div", { class: "bench mission-bench" }, head, this.controls.element, this.figure.element, this.comparison.element);
  }

  paint({ claim, configuration, optimizations: picture, controls, comparison, peeks }: MissionBench, last: boolean): void {
    setText(this.claim, tied(claim));
    setText(this.configuration, tied(configuration));
    this.controls.element.hidden = controls.length === 0;
    this.controls.paint(controls, last);
    const behind = { peeks: peeks.length || !picture.peek ? peeks : [picture.peek], description: configuration };
    this.figure.show(picture, { ...behind, table: () => optimizationsTable(picture) });
    this.comparison.paint(comparison);
  }

  refuse(field: string, message: string): boolean {
    return this.controls.refuse(field, message);
  }

  stop(): void {
    this.figure.stop();
  }
}
