// The controls, grouped by what they change; a slider moves over the index of its stops.
import { held } from "./in_hand";
import { h, setAttribute, setText } from "../instruments/shared/html";
import { tied } from "../rich";
import { isShort, segmentedKnob } from "./segmented";
import type { ChoiceControl, Control, ControlGroup, KnobValue, StopsControl, ToggleControl } from "../protocol";

export type Turn = (knobs: Record<string, KnobValue>, settled: boolean) => void;

export interface Knob {
  element: HTMLElement;
  input: HTMLElement;
  patch(control: Control): void;
}

const groups: Record<ControlGroup, string> = {
  look: "What is looked at", machine: "The machine", load: "The load", layout: "How the weights lie", place: "Kept in SRAM", launch: "Tiles and launches", fusion: "The fusion set",
  draft: "The draft", experts: "The experts", sparsity: "Sparsity", order: "The order", assumption: "What is assumed",
  pool: "How memory is held", calls: "How kernels are launched",
};

function groupOf(control: Control): ControlGroup {
  if (control.group) return control.group;
  if (control.kind !== "stops") return "look";
  return control.symbol ? "machine" : "load";
}

function choiceKnob(control: ChoiceControl, turn: Turn): Knob {
  const select = h("select", { "data-control": control.id, id: `control-${control.id}` });
  const element = h("div", { class: "knob knob-choice" }, h("label", { for: `control-${control.id}` }, control.label), select);
  select.addEventListener("change", () => turn({ [control.id]: select.value }, true));
  let shown = "";
  const fill = (options: ChoiceControl["options"]): void => {
    const bare = options.filter((option) => !option.group);
    const named = [...new Set(options.flatMap((option) => option.group ?? []))];
    const entry = ({ id, text }: { id: string; text: string }): HTMLElement => h("option", { value: id }, text);
    const grouped = named.map((name) => h("optgroup", { label: name }, ...options.filter((option) => option.group === name).map(entry)));
    select.replaceChildren(...bare.map(entry), ...grouped);
  };
  const patch = (now: Control): void => {
    if (now.kind !== "choice") return;
    const options = JSON.stringify(now.options);
    if (options !== shown) fill(now.options);
    shown = options;
    if (select.value !== now.value) select.value = now.value;
  };
  return { element, input: select, patch };
}

function toggleKnob(control: ToggleControl, turn: Turn): Knob {
  const input = h("input", { type: "checkbox", role: "switch", "data-control": control.id });
  input.addEventListener("change", () => turn({ [control.id]: input.checked }, true));
  const element = h("label", { class: "knob knob-toggle" }, input, h("span", {}, control.label));
  const patch = (now: Control): void => {
    if (now.kind === "toggle") input.checked = now.value;
  };
  return { element, input, patch };
}

function labelOf(control: StopsControl): (Node | string)[] {
  if (!control.symbol) return [control.label];
  const [letter, sub] = control.symbol;
  return [h("i", { class: "symbol" }, letter), h("sub", {}, sub), " ×"];
}

function nearest(stops: number[], value: number): number {
  let best = 0;
  stops.forEach((stop, i) => {
    if (Math.abs(stop - value) < Math.abs((stops[best] ?? 0) - value)) best = i;
  });
  return best;
}

const counted = new Set<ControlGroup>(["draft", "experts", "sparsity"]); // what a symbol counts there, and does not scale

const bare = /^[\d.,¼½¾⅛]+$/; // a factor; a value with its unit says what it is itself

function stopsKnob(control: StopsControl, turn: Turn): Knob {
  const id = `control-${control.id}`;
  const input = h("input", { type: "range", min: 0, max: control.stops.length - 1, step: 1, "data-control": control.id, id });
  const output = h("output", { for: id });
  if (control.symbol) input.setAttribute("aria-label", control.label);
  let now = control;
  const say = (): void => {
    const shown = now.shown[Number(input.value)] ?? "";
    const text = now.symbol && !counted.has(groupOf(now)) && bare.test(shown) ? `×\u202f${shown}` : tied(shown);
    setText(output, text);
    setAttribute(input, "aria-valuetext", text);
    input.style.setProperty("--filled", `${(Number(input.value) / Math.max(now.stops.length - 1, 1)) * 100}%`);
  };
  const send = (settled: boolean): void => {
    say();
    const value = now.stops[Number(input.value)];
    if (value !== undefined) turn({ [control.id]: value }, settled);
  };
  input.addEventListener("input", () => {
    held();
    send(false);
  });
  input.addEventListener("change", () => send(true));
  const name = control.symbol ? [h("i", { class: "symbol" }, control.symbol[0]), h("sub", {}, control.symbol[1])] : labelOf(control);
  const element = h("div", { class: "knob knob-stops" }, h("label", { for: id }, ...name), output, input);
  const patch = (next: Control): void => {
    if (next.kind !== "stops") return;
    now = next;
    setAttribute(input, "max", String(next.stops.length - 1));
    const index = String(nearest(next.stops, next.value));
    if (input.value !== index) input.value = index;
    say();
  };
  return { element, input, patch };
}

/** Controls of assumptions stand with the assumptions, all others together. */
export const mainOf = (controls: Control[]): Control[] => controls.filter(({ group }) => group !== "assumption");

export const assumedOf = (controls: Control[]): Control[] => controls.filter(({ group }) => group === "assumption");

type Segments = "never" | "short" | "detailed";

function knobFor(control: Control, turn: Turn, segments: Segments): Knob {
  if (control.kind === "choice") return segments !== "never" && isShort(control, segments === "detailed") ? segmentedKnob(control, turn) : choiceKnob(control, turn);
  return control.kind === "toggle" ? toggleKnob(control, turn) : stopsKnob(control, turn);
}

export class Controls {
  readonly element = h("div", { class: "controls" });
  private knobs = new Map<string, Knob>();
  private held: EventTarget | null = null;

  /** `segments`: whether a choice of few is shown as all its options side by side. */
  constructor(private readonly turn: Turn, private readonly segments: Segments = "never") {
    this.element.addEventListener("pointerdown", (event) => (this.held = event.target));
    for (const end of ["pointerup", "pointercancel", "change"]) this.element.addEventListener(end, () => (this.held = null));
  }

  /** Takes the engine's values; a slider that is held, or whose turn still waits, keeps the learner's. */
  paint(controls: Control[], last: boolean): void {
    const ids = controls.map((control) => control.id).join(" ");
    if (ids !== [...this.knobs.keys()].join(" ")) this.build(controls);
    for (const control of controls) {
      const knob = this.knobs.get(control.id);
      if (knob && last && knob.input !== this.held) knob.patch(control);
    }
  }

  /** The element of one control, where it stands elsewhere than in its group. */
  elementOf(id: string): HTMLElement | null {
    return this.knobs.get(id)?.element ?? null;
  }

  refuse(field: string, message: string): boolean {
    const knob = this.knobs.get(field.replace(/^knobs\./, ""));
    if (!knob) return false;
    const problem = knob.element.querySelector(".problem") ?? h("p", { class: "problem", role: "alert" });
    problem.textContent = message;
    knob.element.append(problem);
    return true;
  }

  private build(controls: Control[]): void {
    this.knobs = new Map(controls.map((control) => [control.id, knobFor(control, this.turn, this.segments)]));
    const sets = (Object.keys(groups) as (keyof typeof groups)[]).map((group) => {
      const members = controls.filter((control) => groupOf(control) === group);
      const elements = members.map((control) => (this.knobs.get(control.id) as Knob).element);
      return members.length ? h("fieldset", { class: `group group-${group}` }, h("legend", {}, groups[group]), ...elements) : null;
    });
    this.element.replaceChildren(...sets.filter((set) => set !== null));
    for (const control of controls) this.knobs.get(control.id)?.patch(control);
  }
}
