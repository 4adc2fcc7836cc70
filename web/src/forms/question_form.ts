// A form of questions: keeps what was typed, checks it when it is sent, and shows problems beside their fields.
import { h } from "../instruments/shared/html";
import type { Drafts } from "../memory";
import type { Answers, Question, Verdict } from "../protocol";
import { type Field, fieldFor } from "./field";

export interface FormOptions {
  name: "lock" | "reflect" | "challenge";
  action?: string; // of its button; absent: the next step
  questions: Question[];
  submit: string;
  warning?: string;
  drafts: Drafts;
  send(answers: Answers): void;
}

export class QuestionForm {
  readonly element: HTMLFormElement;
  private readonly fields: Map<string, Field>;
  private readonly foot: HTMLElement;

  constructor(private readonly options: FormOptions) {
    this.fields = new Map(options.questions.map((question) => [question.id, fieldFor(question)]));
    const warning = options.warning ? h("p", { class: "warning" }, h("span", { "aria-hidden": "true" }, "▲ "), options.warning) : null;
    const button = h("button", { type: "submit", class: "go", "data-action": options.action ?? "next" }, options.submit);
    this.foot = h("div", { class: "form-foot" }, warning, button);
    const fields = [...this.fields.values()].map((field) => field.element);
    this.element = h("form", { "data-form": options.name, novalidate: true, class: "question-form" }, ...fields, this.foot);
    for (const [id, field] of this.fields) {
      const draft = options.drafts.get(id);
      if (draft !== undefined) field.fill(draft);
    }
    this.element.addEventListener("input", (event) => this.remember(event));
    this.element.addEventListener("submit", (event) => this.submit(event));
  }

  verdicts(verdicts: Record<string, Verdict> | null): void {
    for (const [id, field] of this.fields) field.verdict(verdicts?.[id] ?? null);
  }

  /** Answers given before, for questions that nothing was typed into since. */
  recall(answers: Answers): void {
    for (const [id, answer] of Object.entries(answers)) {
      if (this.options.drafts.get(id) === undefined) this.fields.get(id)?.fill(answer);
    }
  }

  /** Answers that stand: shown, not changeable. */
  freeze(answers: Answers | null): void {
    for (const [id, field] of this.fields) {
      const answer = answers?.[id];
      if (answer !== undefined) field.fill(answer);
      field.freeze();
    }
    this.foot.remove();
  }

  refuse(field: string, message: string): boolean {
    const id = field.replace(/^answers\./, "");
    const known = this.fields.get(id);
    if (!known) return false;
    known.problem(message);
    known.focus();
    return true;
  }

  private remember(event: Event): void {
    const input = event.target as HTMLInputElement | HTMLTextAreaElement;
    const field = this.fields.get(input.name);
    this.options.drafts.set(input.name, field?.draft() ?? input.value);
    field?.problem("");
  }

  private submit(event: Event): void {
    event.preventDefault();
    const answers: Answers = {};
    let first: Field | null = null;
    for (const [id, field] of this.fields) {
      const result = field.read();
      if ("answer" in result) answers[id] = result.answer;
      else first ??= field;
      field.problem("problem" in result ? result.problem : "");
    }
    if (first) first.focus();
    else this.options.send(answers);
  }
}
