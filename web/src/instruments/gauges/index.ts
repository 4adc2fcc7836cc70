// Gauges as an anywidget: fractions as bars, patched in place.
import { percent } from "../shared/format";
import { h, setAttribute, setText } from "../shared/html";
import { type Painter, widget } from "../shared/mount";
import css from "./gauges.css?inline";
import type { Gauge } from "./types";

interface Row {
  element: HTMLElement;
  value: HTMLElement;
  mark: HTMLElement;
  meter: HTMLElement;
  fill: HTMLElement;
  note: HTMLElement;
}

const marks = { plain: "", warn: "▲ ", bad: "■ " } as const;
const spoken = { plain: "", warn: "warning: ", bad: "out of bounds: " } as const;

function rowOf(gauge: Gauge): Row {
  const mark = h("span", { class: "il-gauge-mark", "aria-hidden": "true" });
  const value = h("b", { class: "il-gauge-value" });
  const fill = h("i");
  const meter = h("div", { class: "il-gauge-bar", role: "meter", "aria-label": gauge.label, "aria-valuemin": 0, "aria-valuemax": 100 }, fill);
  const note = h("small");
  const top = h("div", { class: "il-gauge-top" }, h("span", {}, gauge.label), h("span", { class: "il-gauge-number" }, mark, value));
  const element = h("div", { class: "il-gauge", "data-gauge": gauge.id }, top, meter, note);
  return { element, value, mark, meter, fill, note };
}

function patch(row: Row, gauge: Gauge): void {
  const share = Math.min(Math.max(gauge.value, 0), 1) * 100;
  row.element.dataset.tone = gauge.tone;
  setText(row.value, percent(gauge.value));
  setText(row.mark, marks[gauge.tone]);
  setText(row.note, gauge.note);
  row.fill.style.width = `${share}%`;
  setAttribute(row.meter, "aria-valuenow", share.toFixed(1));
  setAttribute(row.meter, "aria-valuetext", `${spoken[gauge.tone]}${percent(gauge.value)}, ${gauge.note}`);
}

class GaugesPainter implements Painter<Gauge[]> {
  private rows = new Map<string, Row>();

  constructor(private readonly root: HTMLElement) {
    root.classList.add("il-gauges");
  }

  paint(gauges: Gauge[]): void {
    const ids = gauges.map((gauge) => gauge.id).join(" ");
    if (ids !== [...this.rows.keys()].join(" ")) {
      this.rows = new Map(gauges.map((gauge) => [gauge.id, rowOf(gauge)]));
      this.root.replaceChildren(...[...this.rows.values()].map((row) => row.element));
    }
    for (const gauge of gauges) patch(this.rows.get(gauge.id) as Row, gauge);
  }
}

export default widget<Gauge[]>(css, (root) => new GaugesPainter(root));
