const f = /* @__PURE__ */ new Map();
function u(i, t = 3) {
  if (!Number.isFinite(i)) return "–";
  let e = f.get(t);
  return e || (e = new Intl.NumberFormat("en", { maximumSignificantDigits: t }), f.set(t, e)), e.format(i);
}
function x(i) {
  return i >= 1 ? { scale: 1, unit: "s" } : i >= 1e-3 ? { scale: 1e-3, unit: "ms" } : { scale: 1e-6, unit: "µs" };
}
function b(i, t, e = 1) {
  const a = 10 ** e, r = i.map((o) => o * a), n = r.map(Math.floor);
  let s = Math.round(t * a) - n.reduce((o, c) => o + c, 0);
  const l = r.map((o, c) => [o - (n[c] ?? 0), c]).sort((o, c) => c[0] - o[0]);
  for (const [, o] of l) {
    if (s <= 0) break;
    n[o] = (n[o] ?? 0) + 1, s -= 1;
  }
  return n.map((o) => o / a);
}
function d(i, t = {}, ...e) {
  const a = document.createElement(i);
  for (const [r, n] of Object.entries(t))
    n == null || n === !1 || a.setAttribute(r, n === !0 ? "" : String(n));
  return a.append(...e.filter((r) => !!r || r === "")), a;
}
function g(i, t) {
  i.textContent !== t && (i.textContent = t);
}
function w(i, t, e) {
  i.getAttribute(t) !== e && i.setAttribute(t, e);
}
const k = ':root,:host{color-scheme:light dark;--il-paper: light-dark(#faf8f4, #111518);--il-card: light-dark(#ffffff, #191e22);--il-sunk: light-dark(#f3f0e9, #0d1012);--il-ink: light-dark(#1b2025, #e9e6e0);--il-soft: light-dark(#545e68, #a5afb8);--il-line: light-dark(#e4e0d7, #2b3238);--il-grid: light-dark(#ebe8e1, #262d32);--il-edge: light-dark(#858a8e, #737f89);--il-dim: light-dark(#a3aeb8, #56636d);--il-dim-ink: light-dark(#66707a, #94a0aa);--il-blue: light-dark(#0b5cad, #6db3ff);--il-blue-wash: light-dark(#eaf2fa, #16283a);--il-on-blue: light-dark(#ffffff, #0d1418);--il-amber: light-dark(#8f4f00, #ffb454);--il-amber-wash: light-dark(#fbf1e1, #2c2213);--il-red: light-dark(#d7263d, #ff5468);--il-shadow: light-dark(rgb(40 34 20 / .07), rgb(0 0 0 / .35));--il-serif: Charter, "Bitstream Charter", "Iowan Old Style", "Source Serif 4", "Source Serif Pro", Georgia, "Noto Serif", "DejaVu Serif", serif;--il-sans: system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "DejaVu Sans", sans-serif;--il-radius: 14px;--il-glide: .15s}:root[data-theme=light],[data-jp-theme-light=true],.vscode-light{color-scheme:light}:root[data-theme=dark],[data-jp-theme-light=false],.vscode-dark{color-scheme:dark}@media(prefers-reduced-motion:reduce){:root,:host{--il-glide: 0ms}}@media print{:root:root{color-scheme:light}}';
function v(i, t) {
  const e = document.createElement("div");
  e.className = "il-instrument";
  const a = getComputedStyle(document.documentElement).getPropertyValue("--il-ink") !== "", r = document.createElement("style");
  return r.textContent = a ? t : `${k}
${t}`, i.append(r, e), e;
}
function y(i, t) {
  return {
    render({ model: e, el: a }) {
      const r = v(a, i), n = t(r, e), s = () => {
        const l = e.get("picture");
        l && n.paint(l);
      };
      return e.on("change:picture", s), s(), () => {
        e.off("change:picture", s), n.stop?.(), a.replaceChildren();
      };
    }
  };
}
const S = ".il-law{display:grid;grid-template-columns:auto minmax(0,1fr);gap:0 16px;align-items:center;font-family:var(--il-sans);font-variant-numeric:tabular-nums;color:var(--il-ink)}.il-law-head{display:flex;align-items:baseline;gap:7px}.il-law-total{font-size:22px;line-height:30px;font-weight:650;letter-spacing:-.01em;white-space:nowrap}.il-law-what{font-size:13px;color:var(--il-soft)}.il-law-bar{display:flex;gap:2px;height:28px;border-radius:8px;overflow:hidden}.il-law-bar i{flex:0 1 0;min-width:3px;transition:flex-grow var(--il-glide) ease-out}.il-law-legend{display:flex;grid-column:1 / -1;flex-wrap:wrap;gap:3px 16px;margin:7px 0 0;padding:0;list-style:none;font-size:13px;color:var(--il-soft)}.il-law-legend li{display:inline-flex;align-items:center;gap:6px;white-space:nowrap}.il-law-legend b{font-weight:600;color:var(--il-ink)}.il-law-swatch{width:14px;height:14px;border-radius:4px}.il-law-0{background:var(--il-blue)}.il-law-1{background:var(--il-ink)}.il-law-2{background:repeating-linear-gradient(-45deg,var(--il-soft) 0 2px,var(--il-card) 2px 6px);box-shadow:inset 0 0 0 1px var(--il-edge)}.il-law-3{background:radial-gradient(circle,var(--il-soft) 1.3px,transparent 1.7px) 0 0 / 6px 6px var(--il-card);box-shadow:inset 0 0 0 1px var(--il-edge)}.il-law-4{background:repeating-linear-gradient(90deg,var(--il-soft) 0 2px,var(--il-card) 2px 5px);box-shadow:inset 0 0 0 1px var(--il-edge)}.il-law-5{background:var(--il-dim)}.il-law-6{background:repeating-linear-gradient(0deg,var(--il-soft) 0 1.5px,var(--il-card) 1.5px 5px);box-shadow:inset 0 0 0 1px var(--il-edge)}@media(max-width:520px){.il-law{grid-template-columns:minmax(0,1fr)}}@media print{.il-law-bar i,.il-law-swatch{-webkit-print-color-adjust:exact;print-color-adjust:exact}}", m = { memory: 0, compute: 1, link: 2, launch: 3, dispatch: 4 };
function $(i, t, e) {
  const a = d("i", { class: `il-law-${e}` }), r = d("b"), n = d("span", { class: `il-law-swatch il-law-${e}`, "aria-hidden": "true" }), s = d("li", { "data-term": i }, n, d("span", {}, t), r);
  return { segment: a, item: s, value: r };
}
function j(i) {
  const { scale: t, unit: e } = x(i.total), a = i.total / t, r = a >= 100 ? 0 : a >= 10 ? 1 : 2, n = b(i.terms.map((s) => s.time / t), a, r);
  return { total: a.toFixed(r), unit: e, parts: n.map((s) => s.toFixed(r)) };
}
class C {
  total = d("b", { class: "il-law-total" });
  bar = d("div", { class: "il-law-bar", role: "img" });
  legend = d("ul", { class: "il-law-legend", role: "list" });
  terms = /* @__PURE__ */ new Map();
  constructor(t) {
    t.classList.add("il-law");
    const e = d("div", { class: "il-law-head" }, this.total, d("span", { class: "il-law-what" }, "a step"));
    t.append(e, this.bar, this.legend);
  }
  paint(t) {
    this.build(t);
    const { total: e, unit: a, parts: r } = j(t);
    g(this.total, `${e} ${a}`);
    const n = t.terms.map((s, l) => `${s.label} ${r[l]}`).join(", ");
    w(this.bar, "aria-label", `One step takes ${e} ${a}: ${n} ${a}`), t.terms.forEach((s, l) => {
      const { segment: o, item: c, value: h } = this.terms.get(s.id), p = t.total > 0 ? s.time / t.total : 0;
      o.style.flexGrow = String(Math.max(p, 0)), o.hidden = p <= 0, c.title = `${u(p * 100)} % of the step`, g(h, `${r[l]} ${a}`);
    });
  }
  build(t) {
    if (t.terms.map((l) => l.id).join(" ") === [...this.terms.keys()].join(" ")) return;
    const a = [5, 6, 2, 3, 4].filter((l) => !t.terms.some((o) => m[o.id] === l)), r = (l) => m[l] ?? a.shift() ?? 5, n = t.terms.map((l) => [l.id, this.terms.get(l.id) ?? $(l.id, l.label, r(l.id))]);
    this.terms = new Map(n);
    const s = [...this.terms.values()];
    this.bar.replaceChildren(...s.map((l) => l.segment)), this.legend.replaceChildren(...s.map((l) => l.item));
  }
}
const M = y(S, (i) => new C(i));
export {
  M as default
};
