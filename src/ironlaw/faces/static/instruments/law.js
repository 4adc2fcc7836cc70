const f = /* @__PURE__ */ new Map();
function x(e, t = 3) {
  if (!Number.isFinite(e)) return "–";
  let i = f.get(t);
  return i || (i = new Intl.NumberFormat("en", { maximumSignificantDigits: t }), f.set(t, i)), i.format(e);
}
function w(e) {
  return e >= 1 ? { scale: 1, unit: "s" } : e >= 1e-3 ? { scale: 1e-3, unit: "ms" } : { scale: 1e-6, unit: "µs" };
}
function b(e, t, i = 1) {
  const a = 10 ** i, l = e.map((n) => n * a), o = l.map(Math.floor);
  let s = Math.round(t * a) - o.reduce((n, c) => n + c, 0);
  const r = l.map((n, c) => [n - (o[c] ?? 0), c]).sort((n, c) => c[0] - n[0]);
  for (const [, n] of r) {
    if (s <= 0) break;
    o[n] = (o[n] ?? 0) + 1, s -= 1;
  }
  return o.map((n) => n / a);
}
function d(e, t = {}, ...i) {
  const a = document.createElement(e);
  for (const [l, o] of Object.entries(t))
    o == null || o === !1 || a.setAttribute(l, o === !0 ? "" : String(o));
  return a.append(...i.filter((l) => !!l || l === "")), a;
}
function h(e, t) {
  e.textContent !== t && (e.textContent = t);
}
function k(e, t, i) {
  e.getAttribute(t) !== i && e.setAttribute(t, i);
}
const v = ':root,:host{color-scheme:light dark;--il-paper: light-dark(#faf8f4, #111518);--il-card: light-dark(#ffffff, #191e22);--il-sunk: light-dark(#f3f0e9, #0d1012);--il-ink: light-dark(#1b2025, #e9e6e0);--il-soft: light-dark(#545e68, #a5afb8);--il-line: light-dark(#e4e0d7, #2b3238);--il-grid: light-dark(#ebe8e1, #262d32);--il-edge: light-dark(#858a8e, #737f89);--il-dim: light-dark(#a3aeb8, #56636d);--il-dim-ink: light-dark(#66707a, #94a0aa);--il-blue: light-dark(#0b5cad, #6db3ff);--il-blue-wash: light-dark(#eaf2fa, #16283a);--il-on-blue: light-dark(#ffffff, #0d1418);--il-amber: light-dark(#8f4f00, #ffb454);--il-amber-wash: light-dark(#fbf1e1, #2c2213);--il-red: light-dark(#d7263d, #ff5468);--il-shadow: light-dark(rgb(40 34 20 / .07), rgb(0 0 0 / .35));--il-serif: Charter, "Bitstream Charter", "Iowan Old Style", "Source Serif 4", "Source Serif Pro", Georgia, "Noto Serif", "DejaVu Serif", serif;--il-sans: system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "DejaVu Sans", sans-serif;--il-radius: 14px;--il-glide: .15s}:root[data-theme=light],[data-jp-theme-light=true],.vscode-light{color-scheme:light}:root[data-theme=dark],[data-jp-theme-light=false],.vscode-dark{color-scheme:dark}@media(prefers-reduced-motion:reduce){:root,:host{--il-glide: 0ms}}@media print{:root:root{color-scheme:light}}', y = ".il-instrument{position:relative;font-family:var(--il-sans);font-variant-numeric:tabular-nums;color:var(--il-ink)}.il-chart{background:var(--il-card);display:block;width:100%;height:auto;overflow:visible;font-size:12px}.il-chart text{fill:var(--il-soft);pointer-events:none}.il-chart text.il-strong{fill:var(--il-ink);font-weight:600}.il-chart text.il-halo{paint-order:stroke;stroke:var(--il-card);stroke-width:4px;stroke-linejoin:round}.il-chart-grid{stroke:var(--il-grid)}.il-chart-axis{stroke:var(--il-edge)}.il-chart-limit{fill:none;stroke:var(--il-ink);stroke-width:1.6;stroke-dasharray:6 4}.il-stage{position:relative;border-radius:8px}.il-stage:focus-visible{outline:2px solid var(--il-blue);outline-offset:4px}.il-key{margin:8px 4px 0;font-size:12.5px;line-height:1.45;color:var(--il-soft)}.il-sr{position:absolute;width:1px;height:1px;margin:-1px;overflow:hidden;clip-path:inset(50%)}.il-tip{position:absolute;z-index:4;max-width:min(320px,100%);padding:8px 12px;border:1px solid var(--il-edge);border-radius:9px;background:var(--il-card);box-shadow:0 4px 14px var(--il-shadow);font-size:13px;line-height:1.4;pointer-events:none}.il-tip b{overflow-wrap:anywhere}.il-tip p{margin:0;color:var(--il-soft)}";
function $(e, t) {
  const i = document.createElement("div");
  i.className = "il-instrument";
  const a = getComputedStyle(document.documentElement).getPropertyValue("--il-ink") !== "", l = document.createElement("style");
  return l.textContent = [...a ? [] : [v], y, t].join(`
`), e.append(l, i), i;
}
function S(e, t) {
  return {
    render({ model: i, el: a }) {
      const l = $(a, e), o = t(l, i), s = () => {
        const r = i.get("picture");
        r && o.paint(r);
      };
      return i.on("change:picture", s), s(), () => {
        i.off("change:picture", s), o.stop?.(), a.replaceChildren();
      };
    }
  };
}
const j = ".il-law{display:grid;grid-template-columns:auto minmax(0,1fr);gap:0 16px;align-items:center;font-family:var(--il-sans);font-variant-numeric:tabular-nums;color:var(--il-ink)}.il-law-head{display:flex;align-items:baseline;gap:7px}.il-law-total{font-size:22px;line-height:30px;font-weight:650;letter-spacing:-.01em;white-space:nowrap}.il-law-what{font-size:13px;color:var(--il-soft)}.il-law-bar{display:flex;gap:2px;height:28px;border-radius:8px;overflow:hidden}.il-law-bar i{flex:0 1 0;min-width:3px;transition:flex-grow var(--il-glide) ease-out}.il-law-foot{display:flex;grid-column:1 / -1;flex-wrap:wrap;justify-content:space-between;gap:3px 24px;margin:7px 0 0;font-size:13px;color:var(--il-soft)}.il-law-legend{display:flex;flex-wrap:wrap;gap:3px 16px;margin:0;padding:0;list-style:none}.il-law-legend li{display:inline-flex;align-items:center;gap:6px;white-space:nowrap}.il-law-legend b{font-weight:600;color:var(--il-ink)}.il-law-swatch{width:14px;height:14px;border-radius:4px}.il-law-0{background:var(--il-blue)}.il-law-1{background:var(--il-ink)}.il-law-2{background:repeating-linear-gradient(-45deg,var(--il-soft) 0 2px,var(--il-card) 2px 6px);box-shadow:inset 0 0 0 1px var(--il-edge)}.il-law-3{background:radial-gradient(circle,var(--il-soft) 1.3px,transparent 1.7px) 0 0 / 6px 6px var(--il-card);box-shadow:inset 0 0 0 1px var(--il-edge)}.il-law-4{background:repeating-linear-gradient(90deg,var(--il-soft) 0 2px,var(--il-card) 2px 5px);box-shadow:inset 0 0 0 1px var(--il-edge)}.il-law-5{background:var(--il-dim)}.il-law-6{background:repeating-linear-gradient(0deg,var(--il-soft) 0 1.5px,var(--il-card) 1.5px 5px);box-shadow:inset 0 0 0 1px var(--il-edge)}@media(max-width:520px){.il-law{grid-template-columns:minmax(0,1fr)}}@media print{.il-law-bar i,.il-law-swatch{-webkit-print-color-adjust:exact;print-color-adjust:exact}}", g = { memory: 0, compute: 1, link: 2, launch: 3, dispatch: 4 };
function C(e, t, i) {
  const a = d("i", { class: `il-law-${i}` }), l = d("b"), o = d("span", { class: `il-law-swatch il-law-${i}`, "aria-hidden": "true" }), s = d("li", { "data-term": e }, o, d("span", {}, t), l);
  return { segment: a, item: s, value: l };
}
function z(e) {
  const { scale: t, unit: i } = w(e.total), a = e.total / t, l = a >= 100 ? 0 : a >= 10 ? 1 : 2, o = b(e.terms.map((n) => n.time / t), a, l), s = (n) => (n / t).toFixed(l), r = e.low !== void 0 && e.high !== void 0 ? `${s(e.low)} and ${s(e.high)}` : "";
  return { total: a.toFixed(l), unit: i, parts: o.map((n) => n.toFixed(l)), range: r };
}
class M {
  total = d("b", { class: "il-law-total" });
  bar = d("div", { class: "il-law-bar", role: "img" });
  legend = d("ul", { class: "il-law-legend", role: "list" });
  range = d("span", { class: "il-law-range" });
  terms = /* @__PURE__ */ new Map();
  constructor(t) {
    t.classList.add("il-law");
    const i = d("div", { class: "il-law-head" }, this.total, d("span", { class: "il-law-what" }, "a step"));
    t.append(i, this.bar, d("div", { class: "il-law-foot" }, this.legend, this.range));
  }
  paint(t) {
    this.build(t);
    const { total: i, unit: a, parts: l, range: o } = z(t);
    h(this.total, `${i} ${a}`), h(this.range, o ? `80 % between ${o} ${a}` : "");
    const s = t.terms.map((r, n) => `${r.label} ${l[n]}`).join(", ");
    k(this.bar, "aria-label", `One step takes ${i} ${a}: ${s} ${a}`), t.terms.forEach((r, n) => {
      const { segment: c, item: u, value: m } = this.terms.get(r.id), p = t.total > 0 ? r.time / t.total : 0;
      c.style.flexGrow = String(Math.max(p, 0)), c.hidden = p <= 0, u.title = `${x(p * 100)} % of the step`, h(m, `${l[n]} ${a}`);
    });
  }
  build(t) {
    if (t.terms.map((r) => r.id).join(" ") === [...this.terms.keys()].join(" ")) return;
    const a = [5, 6, 2, 3, 4].filter((r) => !t.terms.some((n) => g[n.id] === r)), l = (r) => g[r] ?? a.shift() ?? 5, o = t.terms.map((r) => [r.id, this.terms.get(r.id) ?? C(r.id, r.label, l(r.id))]);
    this.terms = new Map(o);
    const s = [...this.terms.values()];
    this.bar.replaceChildren(...s.map((r) => r.segment)), this.legend.replaceChildren(...s.map((r) => r.item));
  }
}
const E = S(j, (e) => new M(e));
export {
  E as default
};
