// The chart as a file of its own: what the stylesheet says is written into the elements.
const properties = [
  "fill", "fill-opacity", "stroke", "stroke-width", "stroke-dasharray", "stroke-linejoin", "stroke-linecap", "opacity", "font-size",
  "font-weight", "paint-order",
];

const margin = 14; // px around the chart

export function standaloneSvg(chart: SVGElement, description: string): string {
  const copy = chart.cloneNode(true) as SVGElement;
  const originals = [...chart.querySelectorAll("*")];
  [...copy.querySelectorAll("*")].forEach((element, i) => {
    const style = getComputedStyle(originals[i] as Element);
    for (const property of properties) element.setAttribute(property, style.getPropertyValue(property));
    element.removeAttribute("class");
  });
  const [, , w = 760, h = 430] = (chart.getAttribute("viewBox") ?? "").split(" ").map(Number);
  const [width, height] = [String(w + 2 * margin), String(h + 2 * margin)];
  const page = getComputedStyle(chart);
  copy.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  copy.setAttribute("viewBox", `${-margin} ${-margin} ${width} ${height}`);
  copy.setAttribute("width", width);
  copy.setAttribute("height", height);
  copy.setAttribute("font-family", page.fontFamily);
  copy.removeAttribute("style");
  const background = document.createElementNS("http://www.w3.org/2000/svg", "rect");
  background.setAttribute("x", String(-margin));
  background.setAttribute("y", String(-margin));
  background.setAttribute("width", width);
  background.setAttribute("height", height);
  background.setAttribute("fill", page.getPropertyValue("background-color"));
  const note = document.createElementNS("http://www.w3.org/2000/svg", "desc");
  note.textContent = description;
  copy.prepend(note, background);
  return new XMLSerializer().serializeToString(copy);
}
