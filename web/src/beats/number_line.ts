// The learner's number and the engine's on one axis, with the gap between them marked.
import { digits } from "../instruments/shared/format";
import { h } from "../instruments/shared/html";
import { round, svgElement } from "../instruments/shared/svg";
import type { RevealContent } from "../protocol";

type NumberReveal = RevealContent["number"];

function text(x: number, y: number, anchor: string, kind: string, words: string): SVGElement {
  const made = svgElement("text", { x: round(x), y, "text-anchor": anchor, class: kind });
  made.textContent = words;
  return made;
}

const anchorAt = (x: number, width: number): string => (x < 70 ? "start" : x > width - 70 ? "end" : "middle");

function ticks({ min, max }: NumberReveal): number[] {
  return [0, 0.25, 0.5, 0.75, 1].map((share) => min + share * (max - min));
}

function gapWords({ gap, unit }: NumberReveal): string {
  const size = digits(Math.abs(gap));
  return unit === "%" ? `${size} points apart` : `${size}\u202f${unit} apart`;
}

function draw(svg: SVGElement, number: NumberReveal, width: number): void {
  const [left, right, y] = [14, width - 14, 104];
  const at = (value: number): number => left + ((Math.min(Math.max(value, number.min), number.max) - number.min) / (number.max - number.min || 1)) * (right - left);
  const show = (value: number): string => `${digits(value)}\u202f${number.unit}`;
  const [mine, truth] = [at(number.predicted), at(number.actual)];
  const close = Math.abs(mine - truth) < 4;
  svg.setAttribute("viewBox", `0 0 ${width} 186`);
  svg.replaceChildren(svgElement("line", { class: "nl-axis", x1: left, x2: right, y1: y, y2: y }));
  for (const value of ticks(number)) {
    const x = at(value);
    svg.append(svgElement("line", { class: "nl-tick", x1: round(x), x2: round(x), y1: y - 4, y2: y + 4 }));
    svg.append(text(x, 180, x < left + 2 ? "start" : x > right - 2 ? "end" : "middle", "nl-label", show(value)));
  }
  if (!close) {
    svg.append(svgElement("line", { class: "nl-gap", x1: round(mine), x2: round(truth), y1: y, y2: y }));
    const middle = (mine + truth) / 2;
    svg.append(text(Math.min(Math.max(middle, 62), width - 62), y - 14, "middle", "nl-gap-label", gapWords(number)));
  }
  svg.append(svgElement("line", { class: "nl-stem", x1: round(truth), x2: round(truth), y1: 54, y2: y }));
  svg.append(svgElement("line", { class: "nl-stem", x1: round(mine), x2: round(mine), y1: y, y2: 130 }));
  svg.append(svgElement("path", { class: "nl-truth", d: `M${round(truth)},${y - 9}l9,9l-9,9l-9,-9z` }));
  svg.append(svgElement("circle", { class: "nl-mine", cx: round(mine), cy: y, r: 7 }));
  svg.append(text(truth, 14, anchorAt(truth, width), "nl-small", "the engine computes"));
  svg.append(text(truth, 43, anchorAt(truth, width), "nl-big", show(number.actual)));
  svg.append(text(mine, 147, anchorAt(mine, width), "nl-small", `you said ${show(number.predicted)}`));
}

const crowded = 0.2; // of the range: where both numbers crowd at its start, the axis ends earlier

/** The numbers on an axis on which they can be told apart. */
function framed(number: NumberReveal): NumberReveal {
  const { min, max, predicted, actual } = number;
  const far = Math.max(predicted, actual) - min;
  if (far <= 0 || far > crowded * (max - min)) return number;
  const power = 10 ** Math.floor(Math.log10(far));
  const reach = [1.2, 2, 4, 6, 8, 12].map((one) => one * power).find((one) => one >= far * 1.15) ?? 20 * power;
  return { ...number, max: Math.min(min + reach, max) };
}

/** An SVG that is laid out anew for each width. */
export function numberLine(number: NumberReveal): { element: HTMLElement; stop(): void } {
  const label = `You said ${digits(number.predicted)} ${number.unit}; the engine computes ${digits(number.actual)} ${number.unit}; ${gapWords(number)}.`;
  const svg = svgElement("svg", { class: "number-line", role: "img", "aria-label": label });
  const element = h("div", { class: "number-line-box" }, svg);
  const observer = new ResizeObserver(() => {
    if (element.clientWidth > 0) draw(svg, framed(number), element.clientWidth);
  });
  observer.observe(element);
  return { element, stop: () => observer.disconnect() };
}
