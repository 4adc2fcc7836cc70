// A bar in small, for a legend.
import { svgElement } from "./svg";

/** `kind`: the classes of the bar; `fill`: a pattern instead of its colour. */
export function swatch(kind: string, fill?: string): Node {
  const svg = svgElement("svg", { viewBox: "0 0 22 12", width: 22, height: 12, "aria-hidden": "true" });
  svg.append(svgElement("rect", { class: kind, x: 0.5, y: 0.5, width: 21, height: 11, rx: 2, ...(fill ? { style: `fill:${fill}` } : {}) }));
  return svg;
}
