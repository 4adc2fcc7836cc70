// What each kind of slice looks like: a pattern of its own, so that nothing rests on colour alone.
import { svgElement } from "../shared/svg";
import type { Kind } from "./types";

export const kinds: Record<Kind, string> = {
  operator: "operator", call: "call", wait: "wait", kernel: "kernel", copy: "copy", other: "other",
};

let made = 0;

/** Patterns of one picture; a notebook may hold many. */
export class Patterns {
  readonly defs = svgElement("defs", {});
  private readonly name = `il-ln-${(made += 1)}`;

  constructor() {
    this.defs.append(this.lines("copy", "M-1,1l2,-2M0,6l6,-6M5,7l2,-2", 6), this.lines("wait", "M0,2h6M0,5h6", 6), this.lines("other", "M1,1h1.6v1.6h-1.6zM4,4h1.6v1.6h-1.6z", 6));
  }

  fill(kind: Kind): string | null {
    return kind === "copy" || kind === "wait" || kind === "other" ? `url(#${this.name}-${kind})` : null;
  }

  private lines(kind: Kind, d: string, size: number): SVGElement {
    const pattern = svgElement("pattern", { id: `${this.name}-${kind}`, width: size, height: size, patternUnits: "userSpaceOnUse" });
    pattern.append(svgElement("rect", { class: `il-ln-under il-ln-under-${kind}`, width: size, height: size }), svgElement("path", { class: `il-ln-lines il-ln-lines-${kind}`, d }));
    return pattern;
  }
}
