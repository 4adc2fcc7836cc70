// An equation's tree as MathML: with its symbols, or with the numbers of this moment put in.
import { digits, si } from "../shared/format";
import type { Node, Operation, Quantity } from "./types";

const namespace = "http://www.w3.org/1998/Math/MathML";

function element(tag: string, ...children: (Element | string)[]): Element {
  const made = document.createElementNS(namespace, tag);
  made.append(...children);
  return made;
}

const row = (...children: Element[]): Element => (children.length === 1 ? (children[0] as Element) : element("mrow", ...children));
const operator = (sign: string): Element => element("mo", sign);

function symbol(quantity: Quantity): Element {
  const letter = element("mi", quantity.symbol);
  return quantity.sub ? element("msub", letter, element(/^\d+$/.test(quantity.sub) ? "mn" : "mtext", quantity.sub)) : letter;
}

/** A value and its unit, "3.35 TB/s", as one MathML row. */
export function amount(value: number, unit: string): Element {
  const [shown = "", shownUnit = ""] = si(value, unit, 4).split("\u202f");
  const text = element("mtext", `\u202f${shownUnit}`);
  return shownUnit ? row(element("mn", shown), text) : element("mn", shown);
}

function leaf(node: Exclude<Node, Operation>, numbers: boolean): Element {
  if ("number" in node) return element("mn", digits(node.number, 6));
  return numbers && node.value !== null && node.value !== undefined ? amount(node.value, node.unit ?? "") : symbol(node);
}

const joins = { eq: "=", sum: "+", product: "·", difference: "−" } as const;

/** Sums inside products and differences are put in parentheses. */
function bracketed(node: Node, parent: Operation["op"], numbers: boolean): Element {
  const inner = render(node, numbers);
  const loose = "op" in node && (node.op === "sum" || node.op === "difference");
  const tight = parent === "product" || parent === "difference";
  return loose && tight ? row(operator("("), inner, operator(")")) : inner;
}

export function render(node: Node, numbers: boolean): Element {
  if (!("op" in node)) return leaf(node, numbers);
  if (node.op === "fraction") {
    const [over, under] = node.args;
    return element("mfrac", render(over as Node, numbers), render(under as Node, numbers));
  }
  const sign = node.op === "max" ? "," : joins[node.op];
  const parts = node.args.flatMap((arg, i) => {
    const part = bracketed(arg, node.op, numbers);
    return i ? [operator(sign), part] : [part];
  });
  return node.op === "max" ? row(element("mi", "max"), operator("("), ...parts, operator(")")) : row(...parts);
}

/** With numbers: symbol = numbers = value, where the equation defines one symbol. */
export function withNumbers(expression: Node, value: number | null, unit: string): Element {
  const result = value === null ? [] : [operator("="), amount(value, unit)];
  if ("op" in expression && expression.op === "eq" && expression.args.length === 2) {
    const [left, right] = expression.args as [Node, Node];
    return row(render(left, false), operator("="), render(right, true), ...result);
  }
  return row(render(expression, true), ...result);
}

export function math(label: string, content: Element): Element {
  const made = element("math", content);
  made.setAttribute("display", "block");
  made.setAttribute("aria-label", label);
  return made;
}

/** The named quantities of an equation, each once. */
export function quantities(node: Node): Quantity[] {
  if ("number" in node) return [];
  if (!("op" in node)) return [node];
  const seen = new Map<string, Quantity>();
  for (const found of node.args.flatMap(quantities)) seen.set(`${found.symbol}_${found.sub ?? ""}`, found);
  return [...seen.values()];
}

export function symbolInline(quantity: Quantity): Element {
  return element("math", symbol(quantity));
}
