// A few values as bars on one scale, with their change from the first.
import { digits, si, timeUnit } from "../instruments/shared/format";
import { h } from "../instruments/shared/html";
import type { Experiment } from "../protocol";
import { rich } from "../rich";

/** A change in percent; one that rounds to nothing has no sign. */
function changed(fraction: number): string {
  const shown = (fraction * 100).toFixed(1);
  return Number(shown) === 0 ? "0.0" : fraction > 0 ? `+${shown}` : shown.replace("-", "−");
}

/** A value in its unit; a group of times in that of the longest. */
function valueIn(unit: string, longest: number): (value: number) => string {
  if (unit !== "s") return (value) => si(value, unit);
  const group = timeUnit(longest);
  return (value) => `${digits(value / group.scale)}\u202f${group.unit}`;
}

export function barsOf({ unit, bars }: Pick<Experiment, "unit" | "bars">): HTMLElement {
  const longest = Math.max(...bars.map((bar) => bar.value), 0);
  const show = valueIn(unit, longest);
  const first = bars[0]?.value ?? 0;
  const rows = bars.map((bar, i) => {
    const fill = h("i", { class: i ? "" : "base" });
    fill.style.width = `${longest > 0 ? (bar.value / longest) * 100 : 0}%`;
    const change = i && first > 0 ? `${changed((bar.value - first) / first)}\u202f%` : "";
    const value = h("span", { class: "bar-value" }, h("b", {}, show(bar.value)), change ? h("span", { class: "bar-change" }, ` ${change}`) : null);
    return h("li", {}, h("span", { class: "bar-label" }, ...rich(bar.label)), h("span", { class: "bar-track", "aria-hidden": "true" }, fill), value);
  });
  return h("ul", { class: "bars", role: "list" }, ...rows);
}
