// One island as a picture: kernels as boxes, operators in them, and what passes from one to the next.
import { type Pen, round } from "../shared/svg";
import { hullOf, reach } from "./hulls";
import type { Island, Link, Unit } from "./islands";
import { boxHeight, font, pip, pipsWidth, type Plan, type Spot } from "./layout";

export interface Pens {
  hulls: Pen;
  boxes: Pen;
  links: Pen;
  names: Pen;
  preview: Pen;
}

const kernelsOf = (unit: Unit): Set<string> => new Set(unit.operators.map((operator) => operator.kernel));

/** Units by the kernel that they run in as a whole; one that is cut into several runs in none. */
function byKernel(island: Island): Map<string, Unit[]> {
  const found = new Map<string, Unit[]>();
  for (const unit of island.units) {
    const [kernel, ...more] = kernelsOf(unit);
    if (kernel !== undefined && !more.length) found.set(kernel, [...(found.get(kernel) ?? []), unit]);
  }
  return found;
}

const spotsOf = (units: Unit[], plan: Plan): Spot[] => units.flatMap((unit) => plan.spots.get(unit) ?? []);

function drawKernels(pen: Pen, island: Island, plan: Plan): void {
  for (const [kernel, units] of byKernel(island)) {
    if (units.length === 1 && units[0]?.operators.length === 1) continue;
    const parts = hullOf(spotsOf(units, plan), plan);
    const lines = parts.length > 1 ? ["line", "fill"] : ["both"];
    for (const layer of lines) parts.forEach((d, i) => pen.put(`${kernel}-${layer}-${i}`, "path", { class: `il-fg-hull il-fg-${layer}`, d }));
  }
}

/** The point on the rim of a spot, or of the outline around it, where a link leaves or enters. */
function rim({ x, y, w, h }: Spot, upright: boolean, out: boolean, inset: number): [number, number] {
  const off = out ? -inset : inset;
  return upright ? [x + w / 2, (out ? y + h : y) + off] : [(out ? x + w : x) + off, y + h / 2];
}

interface End {
  spot: Spot;
  inset: number; // from the cell to what is drawn around it: a box lies in its cell, an outline around it
}

function linkPath({ spot: from, inset: a }: End, { spot: to, inset: b }: End, { upright, gap }: Plan): string {
  const [ax, ay] = rim(from, upright, true, a);
  const [bx, by] = rim(to, upright, false, b);
  const bend = Math.max(4, Math.min(13, gap / 2 - 3)); // from the end to the bend, clear of an outline on either side
  const soft = Math.min(6, bend - 1);
  if (from.lane === to.lane) return `M${round(ax)},${round(ay)}L${round(bx)},${round(by)}`;
  // along the lane that is further out, bending beside the other end
  const late = from.lane > to.lane;
  if (upright) {
    const y = late ? by - bend : ay + bend;
    return `M${round(ax)},${round(ay)}V${round(late ? y - 4 : ay)}C${round(ax)},${round(y + (late ? soft : 4))} ${round(bx)},${round(y - (late ? soft : 4))} ${round(bx)},${round(late ? by : y + 4)}V${round(by)}`;
  }
  const x = late ? bx - bend : ax + bend;
  return `M${round(ax)},${round(ay)}H${round(late ? x - 4 : ax)}C${round(x + (late ? soft : 4))},${round(ay)} ${round(x - (late ? soft : 4))},${round(by)} ${round(late ? bx : x + 4)},${round(by)}H${round(bx)}`;
}

function arrowAt({ spot, inset }: End, upright: boolean): string {
  const [x, y] = rim(spot, upright, false, inset);
  return upright ? `M${round(x - 4)},${round(y - 6)}l4,5l4,-5` : `M${round(x - 6)},${round(y - 4)}l5,4l-5,4`;
}

/** How far inside its cell a unit begins: a lone box a little, one in an outline that stays on the chip not at all. */
function insetOf(unit: Unit, spot: Spot, island: Island, inside: boolean, upright: boolean): number {
  const [kernel, ...more] = kernelsOf(unit);
  const shared = !more.length && (unit.operators.length > 1 || (byKernel(island).get(kernel ?? "")?.length ?? 0) > 1);
  if (inside) return upright ? 2 : 4;
  if (shared) return -reach;
  return upright && unit.operators.length === 1 ? (spot.h - boxHeight(spot)) / 2 : 0;
}

function drawLink(pen: Pen, link: Link, island: Island, plan: Plan): void {
  const [from, to] = [plan.spots.get(link.from), plan.spots.get(link.to)];
  if (!from || !to) return;
  const end = (unit: Unit, spot: Spot): End => ({ spot, inset: insetOf(unit, spot, island, link.inside, plan.upright) });
  const [a, b] = [end(link.from, from), end(link.to, to)];
  const key = `${link.from.id}>${link.to.id}`;
  pen.put(key, "path", { class: link.inside ? "il-fg-link il-fg-inside" : "il-fg-link", d: linkPath(a, b, plan) });
  if (!link.inside) pen.put(`${key}-tip`, "path", { class: "il-fg-link il-fg-tip", d: arrowAt(b, plan.upright) });
}

function drawSteps({ boxes, names }: Pens, unit: Unit, { x, y, w, h }: Spot): void {
  const apart = kernelsOf(unit).size > 1;
  if (apart) boxes.put(`${unit.id}-bed`, "rect", { class: "il-fg-bed", x: round(x), y: round(y), width: round(w), height: h, rx: 8 });
  names.put(`${unit.id}-name`, "text", { class: "il-fg-name", x: round(x + w / 2), y: round(y + 16), "text-anchor": "middle" }, unit.label);
  const width = pipsWidth(unit);
  const step = unit.operators.length > 1 ? (width - pip) / (unit.operators.length - 1) : 0;
  unit.operators.forEach((operator, i) => {
    const at = { x: round(x + (w - width) / 2 + i * step), y: round(y + h - pip - 7), width: pip, height: pip, rx: 3 };
    const cell = names.put(operator.id, "rect", { class: apart ? "il-fg-pip" : "il-fg-pip il-fg-joined", ...at });
    names.title(cell, `${operator.label} (${operator.kind})`);
  });
}

function drawOperator({ boxes, names }: Pens, unit: Unit, spot: Spot, alone: boolean): void {
  const { x, y, w, h, lines } = spot;
  const height = boxHeight(spot);
  if (alone) boxes.put(`${unit.id}-box`, "rect", { class: "il-fg-box", x: round(x), y: round(y + (h - height) / 2), width: round(w), height, rx: 8 });
  lines.forEach((line, i) => {
    const at = { x: round(x + w / 2), y: round(y + h / 2 + font * 0.35 + (i - (lines.length - 1) / 2) * (font + 2)), "text-anchor": "middle" };
    names.title(names.put(`${unit.id}-name-${i}`, "text", { class: "il-fg-name", ...at }, line), unit.operators[0]?.kind ?? "");
  });
}

export function drawIsland(pens: Pens, island: Island, plan: Plan): void {
  drawKernels(pens.hulls, island, plan);
  for (const link of island.links) drawLink(pens.links, link, island, plan);
  const kernels = byKernel(island);
  for (const [unit, spot] of plan.spots) {
    const [kernel = ""] = kernelsOf(unit);
    if (unit.operators.length > 1) drawSteps(pens, unit, spot);
    else drawOperator(pens, unit, spot, kernels.get(kernel)?.length === 1);
  }
  for (const pen of [pens.hulls, pens.boxes, pens.links, pens.names]) pen.sweep();
}

/** Dashed, the outline of what a fusion would join; null takes it away. */
export function drawPreview(pen: Pen, island: Island, plan: Plan, members: string[] | null): void {
  const wanted = new Set(members ?? []);
  const units = island.units.filter((unit) => unit.operators.some(({ id }) => wanted.has(id)));
  if (units.length) {
    const parts = hullOf(spotsOf(units, plan), plan);
    parts.forEach((d, i) => pen.put(`preview-${i}`, "path", { class: "il-fg-preview", d }));
  }
  pen.sweep();
}
