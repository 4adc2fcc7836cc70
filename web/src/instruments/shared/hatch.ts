// A pattern of slanted lines, so that a meaning never rests on colour alone; a notebook may hold many pictures.
import { svgElement } from "./svg";

let made = 0;

export class Hatch {
  readonly defs = svgElement("defs", {});
  readonly fill: string;

  /** `name` is the class of its ground (-under) and of its lines (-lines). */
  constructor(name: string, size = 6) {
    const id = `${name}-${(made += 1)}`;
    const pattern = svgElement("pattern", { id, width: size, height: size, patternUnits: "userSpaceOnUse" });
    const d = `M-1,1l2,-2M0,${size}l${size},-${size}M${size - 1},${size + 1}l2,-2`;
    pattern.append(svgElement("rect", { class: `${name}-under`, width: size, height: size }), svgElement("path", { class: `${name}-lines`, d }));
    this.defs.append(pattern);
    this.fill = `url(#${id})`;
  }
}
