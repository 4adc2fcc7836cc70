// A table of the engine, formatted for people.
import { digits, percent, si } from "../instruments/shared/format";
import { h } from "../instruments/shared/html";
import type { KernelTable } from "../protocol";

type Column = KernelTable["columns"][number];
type Cell = string | number | boolean | null | undefined;

function shown(value: Cell, column: Column): string {
  if (value === null || value === undefined) return "–";
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (typeof value === "string") return value;
  if (column.id === "share") return percent(value);
  return column.unit ? si(value, column.unit) : digits(value, 6);
}

function columnsOf(table: KernelTable): Column[] {
  const missing = ["name", "count"].filter((id) => table.rows[0]?.[id] !== undefined && !table.columns.some((column) => column.id === id));
  const labels: Record<string, string> = { name: "Kernel", count: "Count" };
  return [...missing.map((id) => ({ id, label: labels[id] ?? id, unit: null })), ...table.columns];
}

export function kernelTable(table: KernelTable, title: string): HTMLElement {
  const columns = columnsOf(table);
  const numeric = ({ id }: Column): boolean => typeof table.rows.map((row) => row[id]).find((cell) => cell != null) === "number";
  const head = columns.map((column) => h("th", { scope: "col", class: numeric(column) ? "num" : null }, column.label));
  const rows = table.rows.map((row) =>
    h("tr", {}, ...columns.map((column, i) => {
      const text = shown(row[column.id], column);
      return i === 0 ? h("th", { scope: "row" }, text) : h("td", { class: numeric(column) ? "num" : null }, text);
    })),
  );
  const grid = h("table", {}, h("caption", { class: "sr" }, title), h("thead", {}, h("tr", {}, ...head)), h("tbody", {}, ...rows));
  return h("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": `${title}, scrolls sideways` }, grid);
}
