// What follows from a verdict: the case run again with the fix, the score, and what the auditor reads in the same trace.
import { digits, percent } from "../instruments/shared/format";
import { h } from "../instruments/shared/html";
import type { Closing } from "../protocol";
import { rich } from "../rich";
import { barsOf } from "./bars";

type Score = NonNullable<Closing["score"]>;

const points = (value: number): string => digits(Math.round(value * 100), 3).replace("-", "−");

function scoreBlock({ total, parts }: Score): HTMLElement {
  const rows = parts.filter(({ value, of }) => of > 0 || value !== 0).map(({ label, value, of }) => {
    const fill = h("i", {});
    fill.style.width = `${of > 0 ? Math.max(Math.min(value / of, 1), 0) * 100 : 0}%`;
    const track = of > 0 ? h("span", { class: "part-track", "aria-hidden": "true" }, fill) : h("span", {});
    return h("li", { class: value < 0 ? "minus" : null }, h("span", {}, label), track, h("b", {}, of > 0 ? `${points(value)} of ${points(of)}` : points(value)));
  });
  return h("section", { class: "closing-block" }, h("p", { class: "eyebrow" }, "The score"), h("p", { class: "score-total" }, h("b", {}, points(total)), " of 100"), h("ul", { class: "score-parts", role: "list" }, ...rows));
}

function auditorBlock(auditor: NonNullable<Closing["auditor"]>): HTMLElement {
  const { claim, agrees, evidence, explained, culprit, stage } = auditor;
  const facts = [["Culprit", culprit], ["Stage", stage], ["Evidence", evidence], ["Explains", explained === undefined ? undefined : `${percent(explained)} of the excess`]] as const;
  const list = facts.flatMap(([label, value]) => (value ? [h("div", {}, h("dt", {}, label), h("dd", {}, value))] : []));
  const verdict = agrees === null ? null : h("p", { class: "agrees" }, h("span", { "aria-hidden": "true" }, agrees ? "✓ " : "≠ "), agrees ? "It agrees with what made the case." : "It does not agree with what made the case.");
  return h("section", { class: "closing-block" }, h("p", { class: "eyebrow" }, "The auditor, on the same trace"), h("p", { class: "auditor" }, ...rich(claim.replace(/`/g, ""))), verdict, list.length ? h("dl", { class: "auditor-facts" }, ...list) : null);
}

export class ClosingView {
  readonly element = h("section", { class: "closing", "aria-label": "What follows", hidden: true });
  private shown = "";

  paint(closing: Closing | null): void {
    const now = JSON.stringify(closing);
    if (now === this.shown) return;
    this.shown = now;
    const { rerun, score, auditor } = closing ?? { rerun: null, score: null, auditor: null };
    this.element.hidden = !rerun && !score && !auditor;
    const again = rerun ? h("section", { class: "closing-block" }, h("p", { class: "eyebrow" }, `Run again: ${rerun.fix}`), h("h2", {}, ...rich(rerun.claim)), barsOf(rerun)) : null;
    this.element.replaceChildren(...[score ? scoreBlock(score) : null, again, auditor ? auditorBlock(auditor) : null].filter((block) => block !== null));
  }
}
