// What the stakeholder demands, the claim as a form, and what became of each attempt to prove it.
import { QuestionForm } from "../forms/question_form";
import { h, setText } from "../instruments/shared/html";
import { Drafts } from "../memory";
import type { Answers, Challenge, Message } from "../protocol";
import { rich, tied } from "../rich";
import { triesList } from "./tries";

type State = "open" | "proved" | "spent";

const stateOf = ({ proved, left }: Challenge): State => (proved ? "proved" : left > 0 ? "open" : "spent");

function tally({ limit, left, tries }: Challenge, state: State): string {
  const last = tries.at(-1);
  if (state === "proved") return `✓ Proved, in ${tries.length} ${tries.length === 1 ? "attempt" : "attempts"}.`;
  if (state === "spent") return "No attempt is left. What refuted each stands below.";
  const refused = last ? `✕ Refused: ${tied(last.text)}${/[.!?]$/.test(last.text) ? "" : "."} ` : "";
  return `${refused}${left} of ${limit} ${limit === 1 ? "attempt" : "attempts"} left.`;
}

export class ChallengeView {
  readonly element: HTMLElement;
  private readonly who = h("p", { class: "challenge-who" });
  private readonly target = h("b", { class: "challenge-target" });
  private readonly asks = h("p", { class: "challenge-asks" });
  private readonly left = h("p", { class: "challenge-left", role: "status", tabindex: "-1" });
  private readonly place = h("div", {}); // of the form
  private readonly list = h("div", { class: "challenge-tries" });
  private form: QuestionForm | null = null;
  private asked = "";
  private tried = "";

  /** `next`: the step onward, which stands over the form once that is closed. */
  constructor(private readonly scope: string, private readonly send: (message: Message) => void, next: HTMLElement) {
    const head = h("div", { class: "challenge-head" }, this.target, this.who);
    this.element = h("section", { class: "challenge", "aria-label": "The challenge", hidden: true }, head, this.asks, this.left, next, this.place, this.list);
  }

  paint(challenge: Challenge | null): void {
    this.element.hidden = challenge === null;
    if (!challenge) return;
    const state = stateOf(challenge);
    this.element.dataset.state = state;
    setText(this.who, `Demanded by ${challenge.who}`);
    setText(this.target, challenge.target);
    this.target.classList.toggle("long", challenge.target.length > 8);
    if (this.asks.textContent !== challenge.asks) this.asks.replaceChildren(...rich(challenge.asks));
    setText(this.left, tally(challenge, state));
    this.paintForm(challenge, state);
    this.paintTries(challenge);
  }

  refuse(field: string, message: string): boolean {
    return this.form?.refuse(field, message) ?? false;
  }

  /** The form is built anew when other questions are asked, and when no further attempt can be made. */
  private paintForm(challenge: Challenge, state: State): void {
    const now = JSON.stringify([challenge.questions, state]);
    if (now !== this.asked) {
      this.asked = now;
      const focused = this.place.contains(document.activeElement);
      this.form = this.build(challenge, state);
      this.place.replaceChildren(this.form.element);
      if (focused) this.left.focus({ preventScroll: true });
    }
    this.form?.verdicts(challenge.verdicts);
  }

  private build({ questions, submit, verdicts }: Challenge, state: State): QuestionForm {
    const form = new QuestionForm({
      name: "challenge", action: "prove", questions, submit, drafts: new Drafts(`${this.scope}.challenge`), send: (answers) => this.send({ type: "prove", answers }),
    });
    const given: Answers = Object.fromEntries(Object.entries(verdicts ?? {}).flatMap(([id, { answer }]) => (answer == null ? [] : [[id, answer] as const])));
    if (state === "open") form.recall(given);
    else form.freeze(given);
    return form;
  }

  private paintTries({ tries }: Challenge): void {
    const now = JSON.stringify(tries);
    if (now === this.tried) return;
    this.tried = now;
    this.list.replaceChildren(...(tries.length ? [triesList(tries)] : []));
  }
}
