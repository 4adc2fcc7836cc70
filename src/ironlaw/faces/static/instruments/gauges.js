function c(t) {
  const e = t * 100, i = e !== 0 && Math.abs(e) < 1 ? 2 : 1;
  return `${e.toFixed(i)} %`;
}
function n(t, e = {}, ...i) {
  const a = document.createElement(t);
  for (const [r, l] of Object.entries(e))
    l == null || l === !1 || a.setAttribute(r, l === !0 ? "" : String(l));
  return a.append(...i.filter((r) => !!r || r === "")), a;
}
function d(t, e) {
  t.textContent !== e && (t.textContent = e);
}
function u(t, e, i) {
  t.getAttribute(e) !== i && t.setAttribute(e, i);
}
const g = ':root,:host{color-scheme:light dark;--il-paper: light-dark(#faf8f4, #111518);--il-card: light-dark(#ffffff, #191e22);--il-sunk: light-dark(#f3f0e9, #0d1012);--il-ink: light-dark(#1b2025, #e9e6e0);--il-soft: light-dark(#545e68, #a5afb8);--il-line: light-dark(#e4e0d7, #2b3238);--il-grid: light-dark(#ebe8e1, #262d32);--il-edge: light-dark(#858a8e, #737f89);--il-dim: light-dark(#a3aeb8, #56636d);--il-dim-ink: light-dark(#66707a, #94a0aa);--il-blue: light-dark(#0b5cad, #6db3ff);--il-blue-wash: light-dark(#eaf2fa, #16283a);--il-on-blue: light-dark(#ffffff, #0d1418);--il-amber: light-dark(#8f4f00, #ffb454);--il-amber-wash: light-dark(#fbf1e1, #2c2213);--il-red: light-dark(#d7263d, #ff5468);--il-shadow: light-dark(rgb(40 34 20 / .07), rgb(0 0 0 / .35));--il-serif: Charter, "Bitstream Charter", "Iowan Old Style", "Source Serif 4", "Source Serif Pro", Georgia, "Noto Serif", "DejaVu Serif", serif;--il-sans: system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "DejaVu Sans", sans-serif;--il-radius: 14px;--il-glide: .15s}:root[data-theme=light],[data-jp-theme-light=true],.vscode-light{color-scheme:light}:root[data-theme=dark],[data-jp-theme-light=false],.vscode-dark{color-scheme:dark}@media(prefers-reduced-motion:reduce){:root,:host{--il-glide: 0ms}}@media print{:root:root{color-scheme:light}}', p = ".il-instrument{position:relative;font-family:var(--il-sans);font-variant-numeric:tabular-nums;color:var(--il-ink)}.il-chart{background:var(--il-card);display:block;width:100%;height:auto;overflow:visible;font-size:12px}.il-chart text{fill:var(--il-soft);pointer-events:none}.il-chart text.il-strong{fill:var(--il-ink);font-weight:600}.il-chart text.il-halo{paint-order:stroke;stroke:var(--il-card);stroke-width:4px;stroke-linejoin:round}.il-chart-grid{stroke:var(--il-grid)}.il-chart-axis{stroke:var(--il-edge)}.il-chart-limit{fill:none;stroke:var(--il-ink);stroke-width:1.6;stroke-dasharray:6 4}.il-stage{position:relative;border-radius:8px}.il-stage:focus-visible{outline:2px solid var(--il-blue);outline-offset:4px}.il-key{margin:8px 4px 0;font-size:12.5px;line-height:1.45;color:var(--il-soft)}.il-sr{position:absolute;width:1px;height:1px;margin:-1px;overflow:hidden;clip-path:inset(50%)}.il-tip{position:absolute;z-index:4;max-width:min(320px,100%);padding:8px 12px;border:1px solid var(--il-edge);border-radius:9px;background:var(--il-card);box-shadow:0 4px 14px var(--il-shadow);font-size:13px;line-height:1.4;pointer-events:none}.il-tip b{overflow-wrap:anywhere}.il-tip p{margin:0;color:var(--il-soft)}";
function h(t, e) {
  const i = document.createElement("div");
  i.className = "il-instrument";
  const a = getComputedStyle(document.documentElement).getPropertyValue("--il-ink") !== "", r = document.createElement("style");
  return r.textContent = [...a ? [] : [g], p, e].join(`
`), t.append(r, i), i;
}
function f(t, e) {
  return {
    render({ model: i, el: a }) {
      const r = h(a, t), l = e(r, i), o = () => {
        const s = i.get("picture");
        s && l.paint(s);
      };
      return i.on("change:picture", o), o(), () => {
        i.off("change:picture", o), l.stop?.(), a.replaceChildren();
      };
    }
  };
}
const m = ".il-gauges{display:grid;gap:18px;font-family:var(--il-sans);font-variant-numeric:tabular-nums;color:var(--il-ink)}.il-gauge-top{display:flex;justify-content:space-between;align-items:baseline;gap:10px;font-size:14.5px}.il-gauge-number{white-space:nowrap}.il-gauge-value{font-size:20px;font-weight:650;letter-spacing:-.01em}.il-gauge-bar{height:8px;margin:5px 0;border-radius:99px;overflow:hidden;background:var(--il-line)}.il-gauge-bar i{display:block;height:100%;min-width:2px;border-radius:99px 0 0 99px;background:var(--il-ink);transition:width var(--il-glide) ease-out}.il-gauge small{display:block;font-size:13px;line-height:1.4;color:var(--il-soft)}.il-gauge-mark{font-size:12px}.il-gauge[data-tone=warn] .il-gauge-number,.il-gauge[data-tone=bad] .il-gauge-number{color:var(--il-amber)}.il-gauge[data-tone=warn] .il-gauge-bar i{background:var(--il-amber)}.il-gauge[data-tone=bad] .il-gauge-bar i{background:repeating-linear-gradient(-45deg,var(--il-amber) 0 5px,var(--il-card) 5px 7px)}", b = { plain: "", warn: "▲ ", bad: "■ " }, k = { plain: "", warn: "warning: ", bad: "out of bounds: " };
function v(t) {
  const e = n("span", { class: "il-gauge-mark", "aria-hidden": "true" }), i = n("b", { class: "il-gauge-value" }), a = n("i"), r = n("div", { class: "il-gauge-bar", role: "meter", "aria-label": t.label, "aria-valuemin": 0, "aria-valuemax": 100 }, a), l = n("small"), o = n("div", { class: "il-gauge-top" }, n("span", {}, t.label), n("span", { class: "il-gauge-number" }, e, i));
  return { element: n("div", { class: "il-gauge", "data-gauge": t.id }, o, r, l), value: i, mark: e, meter: r, fill: a, note: l };
}
function x(t, e) {
  const i = Math.min(Math.max(e.value, 0), 1) * 100;
  t.element.dataset.tone = e.tone, d(t.value, c(e.value)), d(t.mark, b[e.tone]), d(t.note, e.note), t.fill.style.width = `${i}%`, u(t.meter, "aria-valuenow", i.toFixed(1)), u(t.meter, "aria-valuetext", `${k[e.tone]}${c(e.value)}, ${e.note}`);
}
class w {
  constructor(e) {
    this.root = e, e.classList.add("il-gauges");
  }
  root;
  rows = /* @__PURE__ */ new Map();
  paint(e) {
    e.map((a) => a.id).join(" ") !== [...this.rows.keys()].join(" ") && (this.rows = new Map(e.map((a) => [a.id, v(a)])), this.root.replaceChildren(...[...this.rows.values()].map((a) => a.element)));
    for (const a of e) x(this.rows.get(a.id), a);
  }
}
const y = f(m, (t) => new w(t));
export {
  y as default
};
