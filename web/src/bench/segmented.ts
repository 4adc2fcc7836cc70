// A choice of few options, all of them in sight: radio buttons that look like one control.
import { h } from "../instruments/shared/html";
import type { ChoiceControl, Control } from "../protocol";
import type { Knob, Turn } from "./controls";

const [few, short] = [4, 40]; // options, and letters of all their names

/** "None: each operator alone" is a name and what it means. */
function halves(text: string): [string, string] {
  const [name = "", ...rest] = text.split(": ");
  return [name, rest.join(": ")];
}

/** Whether the options of a choice can stand side by side; `detailed` ones, with what they mean, need a row of their own. */
export function isShort({ options }: ChoiceControl, detailed: boolean): boolean {
  const letters = options.reduce((sum, option) => sum + halves(option.text)[0].length, 0);
  const fits = detailed || options.every((option) => halves(option.text)[1] === "");
  return options.length <= few && letters <= short && fits && options.every((option) => !option.group);
}

export function segmentedKnob(control: ChoiceControl, turn: Turn): Knob {
  const radios = control.options.map(({ id }) => h("input", { type: "radio", name: `control-${control.id}`, value: id, "data-control": control.id }));
  const labels = control.options.map(({ text }, i) => {
    const [name, detail] = halves(text);
    return h("label", {}, radios[i] as HTMLInputElement, h("span", {}, name), detail ? h("small", {}, detail) : null);
  });
  const element = h("fieldset", { class: "knob knob-segmented" }, h("legend", {}, control.label), h("div", { class: "segments" }, ...labels));
  for (const radio of radios) radio.addEventListener("change", () => turn({ [control.id]: radio.value }, true));
  const patch = (now: Control): void => {
    if (now.kind !== "choice") return;
    for (const radio of radios) radio.checked = radio.value === now.value;
  };
  return { element, input: element, patch };
}
