// The data behind the waterfall: every step, the smallest too.
import { digits, si } from "../instruments/shared/format";
import { h } from "../instruments/shared/html";
import type { Waterfall } from "../instruments/waterfall/types";

function row(name: string, change: string, level: string): HTMLElement {
  return h("tr", {}, h("th", { scope: "row" }, name), h("td", { class: "num" }, change), h("td", { class: "num" }, level));
}

export function waterfallTable(picture: Waterfall): HTMLElement {
  const { before, after, steps, unit, operations, kernels } = picture;
  let level = before.value;
  const rows = steps.map((step) => {
    level += step.change;
    const size = si(Math.abs(step.change), unit, 4);
    return row(step.label, step.change < 0 ? `−${size}` : step.change > 0 ? `+${size}` : size, si(level, unit, 4));
  });
  const joules = unit === "J";
  const [what, title] = joules ? ["Energy", "Energy, step by step"] : ["Bytes", "Bytes moved, fusion by fusion"];
  const head = h("tr", {}, h("th", { scope: "col" }, joules ? "Step" : "Fusion"), h("th", { scope: "col", class: "num" }, `${what} it changes`), h("th", { scope: "col", class: "num" }, `${what} then`));
  const ends = [row(before.label, "", si(before.value, unit, 4)), ...rows, row(after.label, "", si(after.value, unit, 4))];
  const beside = `Operations: ${si(operations.before, operations.unit, 4)} before, ${si(operations.after, operations.unit, 4)} after. Launches: ${digits(kernels.before, 6)} before, ${digits(kernels.after, 6)} after.`;
  const grid = h("table", {}, h("caption", { class: "sr" }, title), h("thead", {}, head), h("tbody", {}, ...ends));
  return h("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": title }, grid, h("p", { class: "beside" }, beside));
}
