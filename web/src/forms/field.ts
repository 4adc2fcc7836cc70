// One question as a field: choice, several, number or text, with its own problem line and verdict.
import { h, setText } from "../instruments/shared/html";
import { digits } from "../instruments/shared/format";
import type { Answer, Question, Verdict } from "../protocol";
import { capital, rich } from "../rich";

export interface Field {
  element: HTMLElement;
  /** The answer, or a sentence that says what is missing. */
  read(): { answer: Answer } | { problem: string };
  fill(answer: Answer): void;
  /** What stands there now, finished or not; null where the input itself says it. */
  draft(): Answer | null;
  problem(message: string): void;
  verdict(verdict: Verdict | null): void;
  freeze(): void;
  focus(): void;
}

type Input = HTMLInputElement | HTMLTextAreaElement;

function range(question: Question): string {
  const { min, max } = question;
  const unit = question.unit ? `\u202f${question.unit}` : "";
  if (min != null && max != null) return `between ${digits(min, 6)} and ${digits(max, 6)}${unit}`;
  if (min != null) return `at least ${digits(min, 6)}${unit}`;
  return max != null ? `at most ${digits(max, 6)}${unit}` : "";
}

/** A number as people type it: a comma or a point, perhaps with its unit. */
export function parseNumber(text: string): number {
  const clean = text.trim().replace(/[%×x]\s*$/i, "").replace(/\s/g, "");
  return clean === "" ? NaN : Number(/^-?\d+,\d+$/.test(clean) ? clean.replace(",", ".") : clean.replace(/,(?=\d{3}\b)/g, ""));
}

function verdictInto(box: HTMLElement, verdict: Verdict | null): void {
  if (!verdict) {
    box.replaceChildren();
    delete box.dataset.right;
    return;
  }
  const words = h("b", {}, verdict.right ? "Right. " : "Not yet. ");
  const icon = h("span", { class: "icon", "aria-hidden": "true" }, verdict.right ? "✓" : "✕");
  box.dataset.right = String(verdict.right);
  box.replaceChildren(icon, h("p", {}, words, ...rich(capital(verdict.feedback))));
}

interface Parts {
  problem: HTMLElement;
  verdict: HTMLElement;
  inputs: Input[];
}

function common(parts: Parts): Pick<Field, "draft" | "problem" | "verdict" | "freeze" | "focus"> {
  return {
    draft: () => null,
    problem(message) {
      setText(parts.problem, message);
      for (const input of parts.inputs) {
        if (message) input.setAttribute("aria-invalid", "true");
        else input.removeAttribute("aria-invalid");
      }
    },
    verdict: (verdict) => verdictInto(parts.verdict, verdict),
    freeze: () => parts.inputs.forEach((input) => (input.disabled = true)),
    focus: () => (parts.inputs.find((input) => input instanceof HTMLInputElement && input.checked) ?? parts.inputs[0])?.focus(),
  };
}

/** What helps, and what is allowed: as sentences where the help is one. */
function joined(help: string, allowed: string): string {
  if (help.endsWith(".") && allowed) return `${help} ${capital(allowed)}.`;
  return [help, allowed].filter(Boolean).join(" · ");
}

function partsOf(question: Question): Parts & { help: HTMLElement | null; described: string } {
  const problem = h("p", { class: "problem", id: `${question.id}-problem`, role: "alert" });
  const verdict = h("div", { class: "verdict", "aria-live": "polite" });
  const helpText = joined(question.help ?? "", question.kind === "number" ? range(question) : "");
  const help = helpText ? h("p", { class: "help", id: `${question.id}-help` }, helpText) : null;
  const described = [help ? `${question.id}-help` : "", `${question.id}-problem`].filter(Boolean).join(" ");
  return { problem, verdict, inputs: [], help, described };
}

function choiceField(question: Question): Field {
  const parts = partsOf(question);
  const options = (question.options ?? []).map((option) => {
    const input = h("input", { type: "radio", name: question.id, value: option.id, "aria-describedby": parts.described });
    parts.inputs.push(input);
    return h("label", { class: "option" }, input, h("span", {}, ...rich(option.text)));
  });
  const legend = h("legend", {}, ...rich(question.text));
  const list = h("div", { class: "options" }, ...options);
  const element = h("fieldset", { "data-question": question.id, class: "field" }, legend, parts.help, list, parts.problem, parts.verdict);
  const radios = parts.inputs as HTMLInputElement[];
  return {
    element,
    read: () => {
      const chosen = radios.find((input) => input.checked);
      return chosen ? { answer: chosen.value } : { problem: "Choose one of these." };
    },
    fill: (answer) => radios.forEach((input) => (input.checked = input.value === String(answer))),
    ...common(parts),
  };
}

function numberField(question: Question): Field {
  const parts = partsOf(question);
  const id = `field-${question.id}`;
  const input = h("input", { type: "text", inputmode: "decimal", autocomplete: "off", name: question.id, id, "aria-describedby": parts.described });
  parts.inputs.push(input);
  const unit = question.unit ? h("span", { class: "unit" }, question.unit) : null;
  const label = h("label", { class: "question", for: id }, ...rich(question.text));
  const line = h("div", { class: "number" }, input, unit);
  const element = h("div", { "data-question": question.id, class: "field" }, label, parts.help, line, parts.problem, parts.verdict);
  const { min, max } = question;
  return {
    element,
    read: () => {
      const value = parseNumber(input.value);
      if (input.value.trim() === "") return { problem: `Enter a number${range(question) ? ` ${range(question)}` : ""}.` };
      if (!Number.isFinite(value)) return { problem: `“${input.value}” is not a number.` };
      if ((min != null && value < min) || (max != null && value > max)) return { problem: `The number has to be ${range(question)}.` };
      return { answer: value };
    },
    fill: (answer) => void (input.value = String(answer)),
    ...common(parts),
  };
}

function textField(question: Question): Field {
  const parts = partsOf(question);
  const id = `field-${question.id}`;
  const least = question.min_length ?? 0;
  const input = h("textarea", { name: question.id, id, rows: 4, "aria-describedby": parts.described });
  const counter = h("p", { class: "counter" });
  const count = (): void => {
    const length = input.value.trim().length;
    setText(counter, least ? (length >= least ? `${length} characters` : `${length} of at least ${least} characters`) : "");
  };
  parts.inputs.push(input);
  input.addEventListener("input", count);
  count();
  const label = h("label", { class: "question", for: id }, ...rich(question.text));
  const element = h("div", { "data-question": question.id, class: "field" }, label, parts.help, input, counter, parts.problem, parts.verdict);
  return {
    element,
    read: () => {
      const text = input.value.trim();
      return text.length < Math.max(least, 1) ? { problem: least ? `A sentence of at least ${least} characters, please.` : "Write a sentence." } : { answer: text };
    },
    fill: (answer) => {
      input.value = String(answer);
      count();
    },
    ...common(parts),
  };
}

const many = 8; // options from which they stand closer

function severalField(question: Question): Field {
  const parts = partsOf(question);
  const options = (question.options ?? []).map((option) => {
    const input = h("input", { type: "checkbox", name: question.id, value: option.id, "aria-describedby": parts.described });
    parts.inputs.push(input);
    return h("label", { class: "option" }, input, h("span", {}, ...rich(option.text)));
  });
  const boxes = parts.inputs as HTMLInputElement[];
  const picked = (): string[] => boxes.filter((input) => input.checked).map((input) => input.value);
  const counter = h("p", { class: "counter", "aria-live": "polite" });
  const count = (): void => setText(counter, `${picked().length} of ${boxes.length} picked`);
  const legend = h("legend", {}, ...rich(question.text));
  const list = h("div", { class: options.length >= many ? "options many" : "options" }, ...options);
  list.addEventListener("change", count);
  count();
  const element = h("fieldset", { "data-question": question.id, class: "field" }, legend, parts.help, list, counter, parts.problem, parts.verdict);
  return {
    element,
    ...common(parts),
    read: () => (picked().length ? { answer: picked() } : { problem: "Pick at least one of these." }),
    fill: (answer) => {
      const chosen = new Set(Array.isArray(answer) ? answer : [String(answer)]);
      for (const input of boxes) input.checked = chosen.has(input.value);
      count();
    },
    draft: picked,
  };
}

export function fieldFor(question: Question): Field {
  if (question.kind === "several") return severalField(question);
  if (question.kind === "choice") return choiceField(question);
  return question.kind === "number" ? numberField(question) : textField(question);
}
