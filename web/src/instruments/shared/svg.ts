// Keyed SVG drawing: what stays between two pictures keeps its element, and only changed attributes are written.
export type Attributes = Record<string, string | number>;

const namespace = "http://www.w3.org/2000/svg";

interface Drawn {
  element: SVGElement;
  attributes: Attributes;
  text: string | undefined;
  used: boolean;
}

export class Pen {
  private readonly drawn = new Map<string, Drawn>();

  constructor(private readonly parent: Element) {}

  /** Draws (or updates) the element of this key, in this picture. */
  put(key: string, tag: string, attributes: Attributes, text?: string): SVGElement {
    let known = this.drawn.get(key);
    if (!known) {
      const element = document.createElementNS(namespace, tag);
      this.parent.append(element);
      known = { element, attributes: {}, text: undefined, used: true };
      this.drawn.set(key, known);
    }
    known.used = true;
    for (const [name, value] of Object.entries(attributes)) {
      if (known.attributes[name] !== value) known.element.setAttribute(name, String(value));
    }
    for (const name of Object.keys(known.attributes)) if (!(name in attributes)) known.element.removeAttribute(name);
    known.attributes = attributes;
    if (text !== known.text) known.element.textContent = text ?? "";
    known.text = text;
    return known.element;
  }

  /** A text tooltip of an element drawn before in this picture. */
  title(element: SVGElement, text: string): void {
    const title = element.querySelector("title");
    if (title?.textContent === text) return;
    if (title) title.textContent = text;
    else element.append(Object.assign(document.createElementNS(namespace, "title"), { textContent: text }));
  }

  /** Removes what was not drawn since the last sweep. */
  sweep(): void {
    for (const [key, entry] of this.drawn) {
      if (!entry.used) {
        entry.element.remove();
        this.drawn.delete(key);
      }
      entry.used = false;
    }
  }
}

export function svgElement(tag: string, attributes: Attributes): SVGElement {
  const element = document.createElementNS(namespace, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
  return element;
}

/** Groups of a drawing, one over the other, with a pen each. */
export function layered<N extends string>(svg: SVGElement, names: readonly N[], prefix = "il-"): Record<N, Pen> {
  const groups = names.map((name) => svgElement("g", { class: `${prefix}${name}` }));
  svg.append(...groups);
  return Object.fromEntries(names.map((name, i) => [name, new Pen(groups[i] as Element)])) as Record<N, Pen>;
}

export const round = (value: number): number => Math.round(value * 10) / 10;
