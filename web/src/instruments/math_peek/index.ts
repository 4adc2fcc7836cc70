// Math Peek as an anywidget: each equation with its symbols, then with the numbers of this moment, and its source.
import { si } from "../shared/format";
import { h } from "../shared/html";
import { type Painter, widget } from "../shared/mount";
import css from "./math_peek.css?inline";
import { math, quantities, render, symbolInline, withNumbers } from "./mathml";
import type { Equation, Quantity } from "./types";

const wide = 5; // an equation of more quantities takes the whole width

function where(quantity: Quantity): HTMLElement {
  const value = quantity.value === null || quantity.value === undefined ? "" : si(quantity.value, quantity.unit ?? "", 4);
  return h("li", {}, symbolInline(quantity), h("span", {}, quantity.name ?? ""), value ? h("b", {}, value) : null);
}

function card(equation: Equation): HTMLElement {
  const named = quantities(equation.expression).filter((quantity) => quantity.name);
  const box = (...children: (Element | string)[]): HTMLElement =>
    h("div", { class: "il-peek-math", tabindex: "0", role: "group", "aria-label": `Equation: ${equation.title}` }, ...children);
  return h(
    "section",
    { class: "il-peek-card" },
    h("h3", {}, equation.title),
    h(
      "div",
      { class: named.length > wide ? "il-peek-body" : "il-peek-body il-peek-beside" },
      box(
        math(`${equation.title}, with symbols`, render(equation.expression, false)),
        math(`${equation.title}, with numbers`, withNumbers(equation.expression, equation.value, equation.unit)),
      ),
      named.length ? h("ul", { class: "il-peek-where", role: "list" }, ...named.map(where)) : null,
    ),
    h("p", { class: "il-peek-source" }, `Source: ${equation.source}`),
  );
}

class PeekPainter implements Painter<Equation[]> {
  private shown = "";

  constructor(private readonly root: HTMLElement) {
    root.classList.add("il-peek");
  }

  paint(equations: Equation[]): void {
    const now = JSON.stringify(equations);
    if (now === this.shown) return;
    this.shown = now;
    this.root.replaceChildren(...equations.map(card));
  }
}

export default widget<Equation[]>(css, (root) => new PeekPainter(root));
