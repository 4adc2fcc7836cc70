function c(t) {
  const e = t * 100, a = e !== 0 && Math.abs(e) < 1 ? 2 : 1;
  return `${e.toFixed(a)} %`;
}
function l(t, e = {}, ...a) {
  const i = document.createElement(t);
  for (const [r, n] of Object.entries(e))
    n == null || n === !1 || i.setAttribute(r, n === !0 ? "" : String(n));
  return i.append(...a.filter((r) => !!r || r === "")), i;
}
function d(t, e) {
  t.textContent !== e && (t.textContent = e);
}
function u(t, e, a) {
  t.getAttribute(e) !== a && t.setAttribute(e, a);
}
const g = ':root,:host{color-scheme:light dark;--il-paper: light-dark(#faf8f4, #111518);--il-card: light-dark(#ffffff, #191e22);--il-sunk: light-dark(#f3f0e9, #0d1012);--il-ink: light-dark(#1b2025, #e9e6e0);--il-soft: light-dark(#545e68, #a5afb8);--il-line: light-dark(#e4e0d7, #2b3238);--il-grid: light-dark(#ebe8e1, #262d32);--il-edge: light-dark(#858a8e, #737f89);--il-dim: light-dark(#a3aeb8, #56636d);--il-dim-ink: light-dark(#66707a, #94a0aa);--il-blue: light-dark(#0b5cad, #6db3ff);--il-blue-wash: light-dark(#eaf2fa, #16283a);--il-on-blue: light-dark(#ffffff, #0d1418);--il-amber: light-dark(#8f4f00, #ffb454);--il-amber-wash: light-dark(#fbf1e1, #2c2213);--il-red: light-dark(#d7263d, #ff5468);--il-shadow: light-dark(rgb(40 34 20 / .07), rgb(0 0 0 / .35));--il-serif: Charter, "Bitstream Charter", "Iowan Old Style", "Source Serif 4", "Source Serif Pro", Georgia, "Noto Serif", "DejaVu Serif", serif;--il-sans: system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "DejaVu Sans", sans-serif;--il-radius: 14px;--il-glide: .15s}:root[data-theme=light],[data-jp-theme-light=true],.vscode-light{color-scheme:light}:root[data-theme=dark],[data-jp-theme-light=false],.vscode-dark{color-scheme:dark}@media(prefers-reduced-motion:reduce){:root,:host{--il-glide: 0ms}}@media print{:root:root{color-scheme:light}}';
function f(t, e) {
  const a = document.createElement("div");
  a.className = "il-instrument";
  const i = getComputedStyle(document.documentElement).getPropertyValue("--il-ink") !== "", r = document.createElement("style");
  return r.textContent = i ? e : `${g}
${e}`, t.append(r, a), a;
}
function h(t, e) {
  return {
    render({ model: a, el: i }) {
      const r = f(i, t), n = e(r, a), o = () => {
        const s = a.get("picture");
        s && n.paint(s);
      };
      return a.on("change:picture", o), o(), () => {
        a.off("change:picture", o), n.stop?.(), i.replaceChildren();
      };
    }
  };
}
const p = ".il-gauges{display:grid;gap:18px;font-family:var(--il-sans);font-variant-numeric:tabular-nums;color:var(--il-ink)}.il-gauge-top{display:flex;justify-content:space-between;align-items:baseline;gap:10px;font-size:14.5px}.il-gauge-number{white-space:nowrap}.il-gauge-value{font-size:20px;font-weight:650;letter-spacing:-.01em}.il-gauge-bar{height:8px;margin:5px 0;border-radius:99px;overflow:hidden;background:var(--il-line)}.il-gauge-bar i{display:block;height:100%;min-width:2px;border-radius:99px 0 0 99px;background:var(--il-ink);transition:width var(--il-glide) ease-out}.il-gauge small{display:block;font-size:13px;line-height:1.4;color:var(--il-soft)}.il-gauge-mark{font-size:12px}.il-gauge[data-tone=warn] .il-gauge-number,.il-gauge[data-tone=bad] .il-gauge-number{color:var(--il-amber)}.il-gauge[data-tone=warn] .il-gauge-bar i{background:var(--il-amber)}.il-gauge[data-tone=bad] .il-gauge-bar i{background:repeating-linear-gradient(-45deg,var(--il-amber) 0 5px,var(--il-card) 5px 7px)}", m = { plain: "", warn: "▲ ", bad: "■ " }, b = { plain: "", warn: "warning: ", bad: "out of bounds: " };
function k(t) {
  const e = l("span", { class: "il-gauge-mark", "aria-hidden": "true" }), a = l("b", { class: "il-gauge-value" }), i = l("i"), r = l("div", { class: "il-gauge-bar", role: "meter", "aria-label": t.label, "aria-valuemin": 0, "aria-valuemax": 100 }, i), n = l("small"), o = l("div", { class: "il-gauge-top" }, l("span", {}, t.label), l("span", { class: "il-gauge-number" }, e, a));
  return { element: l("div", { class: "il-gauge", "data-gauge": t.id }, o, r, n), value: a, mark: e, meter: r, fill: i, note: n };
}
function v(t, e) {
  const a = Math.min(Math.max(e.value, 0), 1) * 100;
  t.element.dataset.tone = e.tone, d(t.value, c(e.value)), d(t.mark, m[e.tone]), d(t.note, e.note), t.fill.style.width = `${a}%`, u(t.meter, "aria-valuenow", a.toFixed(1)), u(t.meter, "aria-valuetext", `${b[e.tone]}${c(e.value)}, ${e.note}`);
}
class x {
  constructor(e) {
    this.root = e, e.classList.add("il-gauges");
  }
  root;
  rows = /* @__PURE__ */ new Map();
  paint(e) {
    e.map((i) => i.id).join(" ") !== [...this.rows.keys()].join(" ") && (this.rows = new Map(e.map((i) => [i.id, k(i)])), this.root.replaceChildren(...[...this.rows.values()].map((i) => i.element)));
    for (const i of e) v(this.rows.get(i.id), i);
  }
}
const w = h(p, (t) => new x(t));
export {
  w as default
};
