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
function f(e, t = 3) {
  if (!Number.isFinite(e)) return "–";
  let r = u.get(t);
  return r || (r = new Intl.NumberFormat("en", { maximumSignificantDigits: t }), u.set(t, r)), r.format(e);
}
function $(e) {
  const t = Math.abs(e);
  return w.find(([r]) => t >= r * 0.9995) ?? [1e-12, "p"];
}
function g(e, t, r = 3) {
  if (e === 0) return t ? `0 ${t}` : "0";
  if (t === "") return f(e, r);
  if (t === "%" || t === "×") return `${f(e, r)} ${t}`;
  if (t.endsWith("FLOP/B")) return `${f(e, r)} ${t}`;
  const [i, n] = $(e);
  return `${f(e / i, r)} ${n}${t}`;
}
function o(e, t = {}, ...r) {
  const i = document.createElement(e);
  for (const [n, a] of Object.entries(t))
    a == null || a === !1 || i.setAttribute(n, a === !0 ? "" : String(a));
  return i.append(...r.filter((n) => !!n || n === "")), i;
}
const v = ':root,:host{color-scheme:light dark;--il-paper: light-dark(#faf8f4, #111518);--il-card: light-dark(#ffffff, #191e22);--il-sunk: light-dark(#f3f0e9, #0d1012);--il-ink: light-dark(#1b2025, #e9e6e0);--il-soft: light-dark(#545e68, #a5afb8);--il-line: light-dark(#e4e0d7, #2b3238);--il-grid: light-dark(#ebe8e1, #262d32);--il-edge: light-dark(#858a8e, #737f89);--il-dim: light-dark(#a3aeb8, #56636d);--il-dim-ink: light-dark(#66707a, #94a0aa);--il-blue: light-dark(#0b5cad, #6db3ff);--il-blue-wash: light-dark(#eaf2fa, #16283a);--il-on-blue: light-dark(#ffffff, #0d1418);--il-amber: light-dark(#8f4f00, #ffb454);--il-amber-wash: light-dark(#fbf1e1, #2c2213);--il-red: light-dark(#d7263d, #ff5468);--il-shadow: light-dark(rgb(40 34 20 / .07), rgb(0 0 0 / .35));--il-serif: Charter, "Bitstream Charter", "Iowan Old Style", "Source Serif 4", "Source Serif Pro", Georgia, "Noto Serif", "DejaVu Serif", serif;--il-sans: system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "DejaVu Sans", sans-serif;--il-radius: 14px;--il-glide: .15s}:root[data-theme=light],[data-jp-theme-light=true],.vscode-light{color-scheme:light}:root[data-theme=dark],[data-jp-theme-light=false],.vscode-dark{color-scheme:dark}@media(prefers-reduced-motion:reduce){:root,:host{--il-glide: 0ms}}@media print{:root:root{color-scheme:light}}';
function y(e, t) {
  const r = document.createElement("div");
  r.className = "il-instrument";
  const i = getComputedStyle(document.documentElement).getPropertyValue("--il-ink") !== "", n = document.createElement("style");
  return n.textContent = i ? t : `${v}
${t}`, e.append(n, r), r;
}
function S(e, t) {
  return {
    render({ model: r, el: i }) {
      const n = y(i, e), a = t(n, r), m = () => {
        const d = r.get("picture");
        d && a.paint(d);
      };
      return r.on("change:picture", m), m(), () => {
        r.off("change:picture", m), a.stop?.(), i.replaceChildren();
      };
    }
  };
}
const M = ".il-peek{display:grid;grid-template-columns:minmax(0,1fr);gap:22px;font-family:var(--il-sans);font-variant-numeric:tabular-nums;color:var(--il-ink)}.il-peek-card{display:grid;grid-template-columns:minmax(0,1fr);align-content:start;gap:8px}.il-peek-card{container-type:inline-size}.il-peek-body{display:grid;grid-template-columns:minmax(0,1fr);gap:8px 18px;align-items:start}@container (min-width: 600px){.il-peek-beside{grid-template-columns:minmax(0,1.4fr) minmax(0,1fr)}}.il-peek-card h3{margin:0;font-size:14.5px;font-weight:600}.il-peek-math{display:grid;gap:12px;padding:12px 14px;border-radius:10px;background:var(--il-sunk);overflow-x:auto}.il-peek-math math{display:block math;width:max-content;justify-self:start;font-size:17px;line-height:1.3}.il-peek msub>:last-child{font-size:.72em;position:relative;top:.28em}.il-peek mfrac>*{padding-block:.12em .3em}.il-peek-where{display:grid;gap:2px;margin:0;padding:0;list-style:none;font-size:13px;color:var(--il-soft)}.il-peek-where li{display:grid;grid-template-columns:minmax(2.6em,auto) minmax(0,1fr) auto;align-items:baseline;gap:8px}.il-peek-where b{font-weight:600;color:var(--il-ink)}.il-peek-source{margin:0;font-size:13px;color:var(--il-soft)}@container (max-width: 400px){.il-peek-math{padding:10px}.il-peek-math math{font-size:14px}}", z = "http://www.w3.org/1998/Math/MathML";
function l(e, ...t) {
  const r = document.createElementNS(z, e);
  return r.append(...t), r;
}
const p = (...e) => e.length === 1 ? e[0] : l("mrow", ...e), s = (e) => l("mo", e);
function k(e) {
  const t = l("mi", e.symbol);
  return e.sub ? l("msub", t, l(/^\d+$/.test(e.sub) ? "mn" : "mtext", e.sub)) : t;
}
function b(e, t) {
  const [r = "", i = ""] = g(e, t, 4).split(" "), n = l("mtext", ` ${i}`);
  return i ? p(l("mn", r), n) : l("mn", r);
}
function N(e, t) {
  return "number" in e ? l("mn", f(e.number, 6)) : t && e.value !== null && e.value !== void 0 ? b(e.value, e.unit ?? "") : k(e);
}
const j = { eq: "=", sum: "+", product: "·", difference: "−" };
function E(e, t, r) {
  const i = c(e, r);
  return "op" in e && (e.op === "sum" || e.op === "difference") && (t === "product" || t === "difference") ? p(s("("), i, s(")")) : i;
}
function c(e, t) {
  if (!("op" in e)) return N(e, t);
  if (e.op === "fraction") {
    const [n, a] = e.args;
    return l("mfrac", c(n, t), c(a, t));
  }
  const r = e.op === "max" ? "," : j[e.op], i = e.args.flatMap((n, a) => {
    const m = E(n, e.op, t);
    return a ? [s(r), m] : [m];
  });
  return e.op === "max" ? p(l("mi", "max"), s("("), ...i, s(")")) : p(...i);
}
function C(e, t, r) {
  const i = t === null ? [] : [s("="), b(t, r)];
  if ("op" in e && e.op === "eq" && e.args.length === 2) {
    const [n, a] = e.args;
    return p(c(n, !1), s("="), c(a, !0), ...i);
  }
  return p(c(e, !0), ...i);
}
function h(e, t) {
  const r = l("math", t);
  return r.setAttribute("display", "block"), r.setAttribute("aria-label", e), r;
}
function x(e) {
  if ("number" in e) return [];
  if (!("op" in e)) return [e];
  const t = /* @__PURE__ */ new Map();
  for (const r of e.args.flatMap(x)) t.set(`${r.symbol}_${r.sub ?? ""}`, r);
  return [...t.values()];
}
function P(e) {
  return l("math", k(e));
}
const O = 5;
function I(e) {
  const t = e.value === null || e.value === void 0 ? "" : g(e.value, e.unit ?? "", 4);
  return o("li", {}, P(e), o("span", {}, e.name ?? ""), t ? o("b", {}, t) : null);
}
function A(e) {
  const t = x(e.expression).filter((i) => i.name), r = (...i) => o("div", { class: "il-peek-math", tabindex: "0", role: "group", "aria-label": `Equation: ${e.title}` }, ...i);
  return o(
    "section",
    { class: "il-peek-card" },
    o("h3", {}, e.title),
    o(
      "div",
      { class: t.length > O ? "il-peek-body" : "il-peek-body il-peek-beside" },
      r(
        h(`${e.title}, with symbols`, c(e.expression, !1)),
        h(`${e.title}, with numbers`, C(e.expression, e.value, e.unit))
      ),
      t.length ? o("ul", { class: "il-peek-where", role: "list" }, ...t.map(I)) : null
    ),
    o("p", { class: "il-peek-source" }, `Source: ${e.source}`)
  );
}
class B {
  constructor(t) {
    this.root = t, t.classList.add("il-peek");
  }
  root;
  shown = "";
  paint(t) {
    const r = JSON.stringify(t);
    r !== this.shown && (this.shown = r, this.root.replaceChildren(...t.map(A)));
  }
}
const D = S(M, (e) => new B(e));
export {
  D as default
};
