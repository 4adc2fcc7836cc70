const u = /* @__PURE__ */ new Map(), w = [
  [1e18, "E"],
  [1e15, "P"],
  [1e12, "T"],
  [1e9, "G"],
  [1e6, "M"],
  [1e3, "k"],
  [1, ""],
  [1e-3, "m"],
  [1e-6, "µ"],
  [1e-9, "n"],
  [1e-12, "p"]
];
function d(e, t = 3) {
  if (!Number.isFinite(e)) return "–";
  let i = u.get(t);
  return i || (i = new Intl.NumberFormat("en", { maximumSignificantDigits: t }), u.set(t, i)), i.format(e);
}
const v = /^(K|°|1\/|µ)/;
function y(e) {
  const t = Math.abs(e);
  return w.find(([i]) => t >= i * 0.9995) ?? [1e-12, "p"];
}
function g(e, t, i = 3) {
  if (e === 0) return t ? `0 ${t}` : "0";
  if (t === "") return d(e, i);
  if (t === "%" || t === "×") return `${d(e, i)} ${t}`;
  if (t.endsWith("FLOP/B") || v.test(t)) return `${d(e, i)} ${t}`;
  const [r, n] = y(e);
  return `${d(e / r, i)} ${n}${t}`;
}
function a(e, t = {}, ...i) {
  const r = document.createElement(e);
  for (const [n, o] of Object.entries(t))
    o == null || o === !1 || r.setAttribute(n, o === !0 ? "" : String(o));
  return r.append(...i.filter((n) => !!n || n === "")), r;
}
const $ = ':root,:host{color-scheme:light dark;--il-paper: light-dark(#faf8f4, #111518);--il-card: light-dark(#ffffff, #191e22);--il-sunk: light-dark(#f3f0e9, #0d1012);--il-ink: light-dark(#1b2025, #e9e6e0);--il-soft: light-dark(#545e68, #a5afb8);--il-line: light-dark(#e4e0d7, #2b3238);--il-grid: light-dark(#ebe8e1, #262d32);--il-edge: light-dark(#858a8e, #737f89);--il-dim: light-dark(#a3aeb8, #56636d);--il-dim-ink: light-dark(#66707a, #94a0aa);--il-blue: light-dark(#0b5cad, #6db3ff);--il-blue-wash: light-dark(#eaf2fa, #16283a);--il-on-blue: light-dark(#ffffff, #0d1418);--il-amber: light-dark(#8f4f00, #ffb454);--il-amber-wash: light-dark(#fbf1e1, #2c2213);--il-red: light-dark(#d7263d, #ff5468);--il-shadow: light-dark(rgb(40 34 20 / .07), rgb(0 0 0 / .35));--il-serif: Charter, "Bitstream Charter", "Iowan Old Style", "Source Serif 4", "Source Serif Pro", Georgia, "Noto Serif", "DejaVu Serif", serif;--il-sans: system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "DejaVu Sans", sans-serif;--il-radius: 14px;--il-glide: .15s}:root[data-theme=light],[data-jp-theme-light=true],.vscode-light{color-scheme:light}:root[data-theme=dark],[data-jp-theme-light=false],.vscode-dark{color-scheme:dark}@media(prefers-reduced-motion:reduce){:root,:host{--il-glide: 0ms}}@media print{:root:root{color-scheme:light}}', S = ".il-instrument{position:relative;font-family:var(--il-sans);font-variant-numeric:tabular-nums;color:var(--il-ink)}.il-chart{background:var(--il-card);display:block;width:100%;height:auto;overflow:visible;font-size:12px}.il-chart text{fill:var(--il-soft);pointer-events:none}.il-chart text.il-strong{fill:var(--il-ink);font-weight:600}.il-chart text.il-halo{paint-order:stroke;stroke:var(--il-card);stroke-width:4px;stroke-linejoin:round}.il-chart-grid{stroke:var(--il-grid)}.il-chart-axis{stroke:var(--il-edge)}.il-chart-limit{fill:none;stroke:var(--il-ink);stroke-width:1.6;stroke-dasharray:6 4}.il-stage{position:relative;border-radius:8px}.il-stage:focus-visible{outline:2px solid var(--il-blue);outline-offset:4px}.il-key{margin:8px 4px 0;font-size:12.5px;line-height:1.45;color:var(--il-soft)}.il-sr{position:absolute;width:1px;height:1px;margin:-1px;overflow:hidden;clip-path:inset(50%)}.il-tip{position:absolute;z-index:4;max-width:min(320px,100%);padding:8px 12px;border:1px solid var(--il-edge);border-radius:9px;background:var(--il-card);box-shadow:0 4px 14px var(--il-shadow);font-size:13px;line-height:1.4;pointer-events:none}.il-tip b{overflow-wrap:anywhere}.il-tip p{margin:0;color:var(--il-soft)}";
function z(e, t) {
  const i = document.createElement("div");
  i.className = "il-instrument";
  const r = getComputedStyle(document.documentElement).getPropertyValue("--il-ink") !== "", n = document.createElement("style");
  return n.textContent = [...r ? [] : [$], S, t].join(`
`), e.append(n, i), i;
}
function j(e, t) {
  return {
    render({ model: i, el: r }) {
      const n = z(r, e), o = t(n, i), c = () => {
        const m = i.get("picture");
        m && o.paint(m);
      };
      return i.on("change:picture", c), c(), () => {
        i.off("change:picture", c), o.stop?.(), r.replaceChildren();
      };
    }
  };
}
const M = ".il-peek{display:grid;grid-template-columns:minmax(0,1fr);gap:22px;font-family:var(--il-sans);font-variant-numeric:tabular-nums;color:var(--il-ink)}.il-peek-card{display:grid;grid-template-columns:minmax(0,1fr);align-content:start;gap:8px}.il-peek-card{container-type:inline-size}.il-peek-body{display:grid;grid-template-columns:minmax(0,1fr);gap:8px 18px;align-items:start}@container (min-width: 600px){.il-peek-beside{grid-template-columns:minmax(0,1.4fr) minmax(0,1fr)}}.il-peek-card h3{margin:0;font-size:14.5px;font-weight:600}.il-peek-math{display:grid;gap:12px;padding:12px 14px;border-radius:10px;background:var(--il-sunk);overflow-x:auto}.il-peek-math math{display:block math;width:max-content;justify-self:start;font-size:17px;line-height:1.3}.il-peek msub>:last-child{font-size:.72em;position:relative;top:.28em}.il-peek mfrac>*{padding-block:.12em .3em}.il-peek-where{display:grid;gap:2px;margin:0;padding:0;list-style:none;font-size:13px;color:var(--il-soft)}.il-peek-where li{display:grid;grid-template-columns:minmax(2.6em,auto) minmax(0,1fr) auto;align-items:baseline;gap:8px}.il-peek-where b{font-weight:600;color:var(--il-ink)}.il-peek-source{margin:0;font-size:13px;color:var(--il-soft)}@container (max-width: 400px){.il-peek-math{padding:10px}.il-peek-math math{font-size:14px}}", N = "http://www.w3.org/1998/Math/MathML";
function l(e, ...t) {
  const i = document.createElementNS(N, e);
  return i.append(...t), i;
}
const f = (...e) => e.length === 1 ? e[0] : l("mrow", ...e), s = (e) => l("mo", e);
function k(e) {
  const t = l("mi", e.symbol);
  return e.sub ? l("msub", t, l(/^\d+$/.test(e.sub) ? "mn" : "mtext", e.sub)) : t;
}
function b(e, t) {
  const [i = "", r = ""] = g(e, t, 4).split(" "), n = l("mtext", ` ${r}`);
  return r ? f(l("mn", i), n) : l("mn", i);
}
function E(e, t) {
  return "number" in e ? l("mn", d(e.number, 6)) : t && e.value !== null && e.value !== void 0 ? b(e.value, e.unit ?? "") : k(e);
}
const C = { eq: "=", sum: "+", product: "·", difference: "−" };
function P(e, t, i) {
  const r = p(e, i);
  return "op" in e && (e.op === "sum" || e.op === "difference") && (t === "product" || t === "difference") ? f(s("("), r, s(")")) : r;
}
function p(e, t) {
  if (!("op" in e)) return E(e, t);
  if (e.op === "fraction") {
    const [n, o] = e.args;
    return l("mfrac", p(n, t), p(o, t));
  }
  const i = e.op === "max" ? "," : C[e.op], r = e.args.flatMap((n, o) => {
    const c = P(n, e.op, t);
    return o ? [s(i), c] : [c];
  });
  return e.op === "max" ? f(l("mi", "max"), s("("), ...r, s(")")) : f(...r);
}
function O(e, t, i) {
  const r = t === null ? [] : [s("="), b(t, i)];
  if ("op" in e && e.op === "eq" && e.args.length === 2) {
    const [n, o] = e.args;
    return f(p(n, !1), s("="), p(o, !0), ...r);
  }
  return f(p(e, !0), ...r);
}
function h(e, t) {
  const i = l("math", t);
  return i.setAttribute("display", "block"), i.setAttribute("aria-label", e), i;
}
function x(e) {
  if ("number" in e) return [];
  if (!("op" in e)) return [e];
  const t = /* @__PURE__ */ new Map();
  for (const i of e.args.flatMap(x)) t.set(`${i.symbol}_${i.sub ?? ""}`, i);
  return [...t.values()];
}
function I(e) {
  return l("math", k(e));
}
const A = 5;
function B(e) {
  const t = e.value === null || e.value === void 0 ? "" : g(e.value, e.unit ?? "", 4);
  return a("li", {}, I(e), a("span", {}, e.name ?? ""), t ? a("b", {}, t) : null);
}
function D(e) {
  const t = x(e.expression).filter((r) => r.name), i = (...r) => a("div", { class: "il-peek-math", tabindex: "0", role: "group", "aria-label": `Equation: ${e.title}` }, ...r);
  return a(
    "section",
    { class: "il-peek-card" },
    a("h3", {}, e.title),
    a(
      "div",
      { class: t.length > A ? "il-peek-body" : "il-peek-body il-peek-beside" },
      i(
        h(`${e.title}, with symbols`, p(e.expression, !1)),
        h(`${e.title}, with numbers`, O(e.expression, e.value, e.unit))
      ),
      t.length ? a("ul", { class: "il-peek-where", role: "list" }, ...t.map(B)) : null
    ),
    a("p", { class: "il-peek-source" }, `Source: ${e.source}`)
  );
}
class F {
  constructor(t) {
    this.root = t, t.classList.add("il-peek");
  }
  root;
  shown = "";
  paint(t) {
    const i = JSON.stringify(t);
    i !== this.shown && (this.shown = i, this.root.replaceChildren(...t.map(D)));
  }
}
const L = j(M, (e) => new F(e));
export {
  L as default
};
