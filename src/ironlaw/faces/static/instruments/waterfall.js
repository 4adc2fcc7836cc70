let x = null;
const k = /* @__PURE__ */ new Map();
function v(i, t, e, n = !1) {
  const s = `${n ? "600 " : ""}${t}px ${e}`, l = `${s}|${i}`, r = k.get(l);
  if (r !== void 0) return r;
  x ??= document.createElement("canvas").getContext("2d"), x && (x.font = s);
  const a = x ? x.measureText(i).width : i.length * t * 0.6;
  return k.size > 4e3 && k.clear(), k.set(l, a), a;
}
const B = ':root,:host{color-scheme:light dark;--il-paper: light-dark(#faf8f4, #111518);--il-card: light-dark(#ffffff, #191e22);--il-sunk: light-dark(#f3f0e9, #0d1012);--il-ink: light-dark(#1b2025, #e9e6e0);--il-soft: light-dark(#545e68, #a5afb8);--il-line: light-dark(#e4e0d7, #2b3238);--il-grid: light-dark(#ebe8e1, #262d32);--il-edge: light-dark(#858a8e, #737f89);--il-dim: light-dark(#a3aeb8, #56636d);--il-dim-ink: light-dark(#66707a, #94a0aa);--il-blue: light-dark(#0b5cad, #6db3ff);--il-blue-wash: light-dark(#eaf2fa, #16283a);--il-on-blue: light-dark(#ffffff, #0d1418);--il-amber: light-dark(#8f4f00, #ffb454);--il-amber-wash: light-dark(#fbf1e1, #2c2213);--il-red: light-dark(#d7263d, #ff5468);--il-shadow: light-dark(rgb(40 34 20 / .07), rgb(0 0 0 / .35));--il-serif: Charter, "Bitstream Charter", "Iowan Old Style", "Source Serif 4", "Source Serif Pro", Georgia, "Noto Serif", "DejaVu Serif", serif;--il-sans: system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "DejaVu Sans", sans-serif;--il-radius: 14px;--il-glide: .15s}:root[data-theme=light],[data-jp-theme-light=true],.vscode-light{color-scheme:light}:root[data-theme=dark],[data-jp-theme-light=false],.vscode-dark{color-scheme:dark}@media(prefers-reduced-motion:reduce){:root,:host{--il-glide: 0ms}}@media print{:root:root{color-scheme:light}}', L = ".il-instrument{position:relative;font-family:var(--il-sans);font-variant-numeric:tabular-nums;color:var(--il-ink)}.il-chart{background:var(--il-card);display:block;width:100%;height:auto;overflow:visible;font-size:12px}.il-chart text{fill:var(--il-soft);pointer-events:none}.il-chart text.il-strong{fill:var(--il-ink);font-weight:600}.il-chart text.il-halo{paint-order:stroke;stroke:var(--il-card);stroke-width:4px;stroke-linejoin:round}.il-chart-grid{stroke:var(--il-grid)}.il-chart-axis{stroke:var(--il-edge)}.il-chart-limit{fill:none;stroke:var(--il-ink);stroke-width:1.6;stroke-dasharray:6 4}.il-stage{position:relative;border-radius:8px}.il-stage:focus-visible{outline:2px solid var(--il-blue);outline-offset:4px}.il-key{margin:8px 4px 0;font-size:12.5px;line-height:1.45;color:var(--il-soft)}.il-sr{position:absolute;width:1px;height:1px;margin:-1px;overflow:hidden;clip-path:inset(50%)}.il-tip{position:absolute;z-index:4;max-width:min(320px,100%);padding:8px 12px;border:1px solid var(--il-edge);border-radius:9px;background:var(--il-card);box-shadow:0 4px 14px var(--il-shadow);font-size:13px;line-height:1.4;pointer-events:none}.il-tip b{overflow-wrap:anywhere}.il-tip p{margin:0;color:var(--il-soft)}";
function A(i, t) {
  const e = document.createElement("div");
  e.className = "il-instrument";
  const n = getComputedStyle(document.documentElement).getPropertyValue("--il-ink") !== "", s = document.createElement("style");
  return s.textContent = [...n ? [] : [B], L, t].join(`
`), i.append(s, e), e;
}
function F(i, t) {
  return {
    render({ model: e, el: n }) {
      const s = A(n, i), l = t(s, e), r = () => {
        const a = e.get("picture");
        a && l.paint(a);
      };
      return e.on("change:picture", r), r(), () => {
        e.off("change:picture", r), l.stop?.(), n.replaceChildren();
      };
    }
  };
}
class P {
  constructor(t) {
    this.root = t, this.observer.observe(t);
  }
  root;
  picture = null;
  width = 0;
  // px; 0 while it is not in sight
  drawn = null;
  typeface = "";
  observer = new ResizeObserver(() => this.resize());
  paint(t) {
    this.picture = t, this.width === 0 && (this.width = this.root.clientWidth), this.redraw();
  }
  stop() {
    this.observer.disconnect();
  }
  /** The typeface in use, to measure texts with. */
  get family() {
    return this.typeface ||= getComputedStyle(this.root).fontFamily, this.typeface;
  }
  /** Draws the picture as it stands, once there is one and a width to draw it in. */
  redraw() {
    const { picture: t } = this;
    if (t === null || this.width === 0) return;
    const e = t !== this.drawn;
    this.drawn = t, this.draw(t, e);
  }
  resize() {
    const t = this.root.clientWidth;
    t !== this.width && (this.width = t, t !== 0 && (this.root.classList.add("il-still"), this.redraw(), requestAnimationFrame(() => this.root.classList.remove("il-still"))));
  }
}
const y = "http://www.w3.org/2000/svg";
class W {
  constructor(t) {
    this.parent = t;
  }
  parent;
  drawn = /* @__PURE__ */ new Map();
  /** Draws (or updates) the element of this key, in this picture. */
  put(t, e, n, s) {
    let l = this.drawn.get(t);
    if (!l) {
      const r = document.createElementNS(y, e);
      this.parent.append(r), l = { element: r, attributes: {}, text: void 0, used: !0 }, this.drawn.set(t, l);
    }
    l.used = !0;
    for (const [r, a] of Object.entries(n))
      l.attributes[r] !== a && l.element.setAttribute(r, String(a));
    for (const r of Object.keys(l.attributes)) r in n || l.element.removeAttribute(r);
    return l.attributes = n, s !== l.text && (l.element.textContent = s ?? ""), l.text = s, l.element;
  }
  /** A text tooltip of an element drawn before in this picture. */
  title(t, e) {
    const n = t.querySelector("title");
    n?.textContent !== e && (n ? n.textContent = e : t.append(Object.assign(document.createElementNS(y, "title"), { textContent: e })));
  }
  /** Removes what was not drawn since the last sweep. */
  sweep() {
    for (const [t, e] of this.drawn)
      e.used || (e.element.remove(), this.drawn.delete(t)), e.used = !1;
  }
}
function E(i, t) {
  const e = document.createElementNS(y, i);
  for (const [n, s] of Object.entries(t)) e.setAttribute(n, String(s));
  return e;
}
function V(i, t, e = "il-") {
  const n = t.map((s) => E("g", { class: `${e}${s}` }));
  return i.append(...n), Object.fromEntries(t.map((s, l) => [s, new W(n[l])]));
}
const d = (i) => Math.round(i * 10) / 10, m = " ", j = /* @__PURE__ */ new Map(), D = [
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
function p(i, t = 3) {
  if (!Number.isFinite(i)) return "–";
  let e = j.get(t);
  return e || (e = new Intl.NumberFormat("en", { maximumSignificantDigits: t }), j.set(t, e)), e.format(i);
}
const I = /^(K|°|1\/|µ)/;
function q(i) {
  const t = Math.abs(i);
  return D.find(([e]) => t >= e * 0.9995) ?? [1e-12, "p"];
}
function b(i, t, e = 3) {
  if (i === 0) return t ? `0${m}${t}` : "0";
  if (t === "") return p(i, e);
  if (t === "%" || t === "×") return `${p(i, e)}${m}${t}`;
  if (t.endsWith("FLOP/B") || I.test(t)) return `${p(i, e)}${m}${t}`;
  const [n, s] = q(i);
  return `${p(i / n, e)}${m}${s}${t}`;
}
function G({ operations: i, kernels: t }) {
  return [
    { id: "operations", title: "operations", before: i.before, after: i.after, show: (e) => b(e, i.unit) },
    { id: "kernels", title: "launches", before: t.before, after: t.after, show: (e) => p(e, 6) }
  ];
}
function S(i, t, e, n, s, l, r) {
  const a = Math.max(n.before, n.after, 1e-300), o = Math.max(n[s] / a * e.width, 2);
  i.put(`${n.id}-${s}`, "rect", { class: `il-wf-bar il-wf-${n.id}`, x: d(e.x), y: d(l), width: d(o), height: t.bar, rx: 3 });
  const c = n.show(n[s]), h = o > v(c, t.font, r, !0) + 14, f = h ? e.x + o - 8 : e.x + o + 6, u = { x: d(f), y: d(l + t.bar * 0.68), "text-anchor": h ? "end" : "start", [`data-${n.id}`]: s };
  i.put(`${n.id}-${s}-value`, "text", { class: h ? "il-wf-value il-wf-on-bar" : "il-wf-value il-wf-whole", ...u }, c);
}
function H(i, t, e, n, s) {
  const l = Math.max(e.before, e.after, 1e-300), [r, a] = [t.x + e.before / l * t.width, t.x + e.after / l * t.width], o = `M${d(t.x)},${d(n)}H${d(r)}L${d(a)},${d(s)}H${d(t.x)}z`;
  i.put(`${e.id}-band`, "path", { class: "il-wf-band", d: o });
}
function R(i, t, e, n, s) {
  const l = G(n), r = [t.operations, t.kernels], a = t.narrow ? t.top + e * t.pitch + 26 : t.top + t.lift, o = t.narrow ? a + t.bar + 18 : t.top + (e - 1) * t.pitch + t.lift;
  return l.forEach((c, h) => {
    const f = r[h], u = t.narrow ? a - 8 : 15;
    i.put(`${c.id}-title`, "text", { class: "il-wf-title", x: d(f.x), y: d(u) }, c.title), H(i, f, c, a + t.bar, o), S(i, t, f, c, "before", a, s), S(i, t, f, c, "after", o, s);
  }), o + t.bar;
}
const T = 4e-3, K = 8;
function U(i, t) {
  const e = i.filter((n) => Math.abs(n.change) >= T * t);
  return new Set(e.sort((n, s) => Math.abs(s.change) - Math.abs(n.change)).slice(0, K));
}
function O(i) {
  const { before: t, after: e, steps: n } = i, s = U(n, Math.max(t.value, e.value)), l = n.filter((o) => !s.has(o));
  l.length === 1 && l[0] && s.add(l[0]);
  const r = [{ id: "before", kind: "whole", label: t.label, from: 0, to: t.value, change: 0, steps: [] }];
  let a = t.value;
  for (const o of n.filter((c) => s.has(c)))
    r.push({ id: o.id, kind: "step", label: o.label, from: a, to: a + o.change, change: o.change, steps: [o] }), a += o.change;
  if (l.length > 1) {
    const o = l.reduce((c, h) => c + h.change, 0);
    r.push({ id: "rest", kind: "rest", label: `${l.length} smaller ones`, from: a, to: a + o, change: o, steps: l });
  }
  return r.push({ id: "after", kind: "whole", label: e.label, from: 0, to: e.value, change: 0, steps: [] }), r;
}
function C(i, t) {
  return i === 0 ? b(0, t) : `${i < 0 ? "−" : "+"}${b(Math.abs(i), t)}`;
}
function J(i) {
  const { before: t, after: e, operations: n, kernels: s, unit: l } = i, r = O(i).filter((o) => o.kind !== "whole"), a = [`${i.title}. ${t.label}: ${b(t.value, l)}.`];
  return r.length && a.push(`${r.map((o) => `${o.label} ${C(o.change, l)}`).join(", ")}.`), a.push(`Left, ${e.label}: ${b(e.value, l)}.`), a.push(`Operations before ${b(n.before, n.unit)}, after ${b(n.after, n.unit)}.`), a.push(`Launches before ${p(s.before, 6)}, after ${p(s.after, 6)}.`), a.join(" ");
}
const Q = 2;
function X(i, t, e, n) {
  if (v(i, e, n) <= t) return i;
  let s = i;
  for (; s.length > 3 && v(`${s}…`, e, n) > t; ) s = s.slice(0, -1);
  return `${s.trimEnd()}…`;
}
function Y(i, t, e, n, s) {
  const l = e.kind === "whole" ? "il-wf-label il-wf-whole" : "il-wf-label", r = t.narrow ? t.width - 4 : t.labels - 12, a = t.narrow ? { x: 1, y: n + 14 } : { x: 0, y: d(n + t.lift + t.bar * 0.68) }, o = i.put(`label-${e.id}`, "text", { class: l, ...a }, X(e.label, r, t.font + (e.kind === "whole" ? 0.6 : 0), s));
  i.title(o, e.steps.length > 1 ? e.steps.map((c) => c.label).join(", ") : e.label);
}
function Z(i, t, e, n, [s, l], r, a) {
  const o = e.kind === "whole", c = v(r, t.font, a, !0), h = l - s > c + 18, f = !o && s - t.bytes.x > c + 12, u = h ? l - 9 : f ? s - 7 : l + 7, w = h ? `il-wf-value ${o ? "il-wf-on-bar" : "il-wf-on-saved"}` : o ? "il-wf-value il-wf-whole" : "il-wf-value", g = { x: d(u), y: d(n + t.lift + t.bar * 0.68), "text-anchor": h || f ? "end" : "start", "data-value": e.id };
  i.put(`value-${e.id}`, "text", { class: w, ...g }, r);
}
function _(i, t, e, n, s, l) {
  const r = Math.max(...n.map((o) => Math.max(o.from, o.to)), 1e-300), a = (e.bytes.width - (e.narrow ? 0 : 4)) / r;
  n.forEach((o, c) => {
    const h = e.top + c * e.pitch;
    Y(i, e, o, h, l);
    const [f, u] = [Math.min(o.from, o.to), Math.max(o.from, o.to)], w = Math.max((u - f) * a, u > f ? Q : 0), g = d(Math.min(e.bytes.x + f * a, e.bytes.x + e.bytes.width - w)), $ = d(h + e.lift), z = o.kind === "whole" ? "il-wf-bar" : o.change > 0 ? "il-wf-bar il-wf-more" : "il-wf-bar il-wf-saved";
    if (i.put(`bar-${o.id}`, "rect", { class: z, x: g, y: $, width: d(w), height: e.bar, rx: Math.min(3, w / 2), "data-row": o.id }), n[c + 1]) {
      const M = d(e.bytes.x + o.to * a);
      t.put(`join-${o.id}`, "line", { class: "il-wf-join", x1: M, x2: M, y1: $ + e.bar, y2: d($ + e.pitch) });
    }
    const N = o.kind === "whole" ? b(o.to, s.unit) : C(o.change, s.unit);
    Z(i, e, o, h, [g, g + w], N, l);
  });
}
function tt(i, t) {
  if (i < 560) {
    const a = { x: 1, width: i - 92 }, o = Math.floor((i - 24) / 2);
    return {
      width: i,
      narrow: !0,
      font: 13,
      top: 4,
      pitch: 46,
      bar: 19,
      lift: 20,
      labels: 0,
      bytes: a,
      values: 90,
      operations: { x: 1, width: o },
      kernels: { x: o + 24, width: o }
    };
  }
  const e = Math.min(t + 14, i * 0.31), n = Math.min(124, Math.round(i * 0.158)), s = 24, l = i - e - 2 * (n + s) - 1, r = e + l + s;
  return {
    width: i,
    narrow: !1,
    font: 12.5,
    top: 30,
    pitch: 34,
    bar: 22,
    lift: 6,
    labels: e,
    values: 74,
    bytes: { x: e, width: l },
    operations: { x: r, width: n },
    kernels: { x: r + n + s, width: n }
  };
}
const et = ".il-wf{font-size:12.5px}.il-wf text.il-wf-label{fill:var(--il-ink);paint-order:stroke;stroke:var(--il-card);stroke-width:4px;stroke-linejoin:round}.il-wf text.il-wf-whole{fill:var(--il-ink);font-weight:600}.il-wf text.il-wf-value{fill:var(--il-ink)}.il-wf text.il-wf-on-bar{fill:var(--il-paper);font-weight:600}.il-wf text.il-wf-on-saved{fill:var(--il-on-blue);font-weight:600}.il-wf-bar{fill:var(--il-ink)}.il-wf-saved{fill:var(--il-blue)}.il-wf-more{fill:var(--il-amber)}.il-wf-band{fill:var(--il-grid);opacity:.6}.il-wf-join{stroke:var(--il-edge);stroke-width:1;stroke-dasharray:2 2}.il-instrument:not(.il-still) .il-wf-bar{transition:x var(--il-glide) ease-out,width var(--il-glide) ease-out}";
class it extends P {
  svg = E("svg", { class: "il-chart il-wf", role: "img" });
  note = Object.assign(document.createElement("p"), { className: "il-key" });
  pens = V(this.svg, ["beside", "joins", "bytes"], "il-wf-");
  constructor(t) {
    super(t), t.append(this.svg, this.note);
  }
  draw(t) {
    const { family: e } = this, n = O(t), s = tt(this.width, Math.max(...n.map((r) => v(r.label, 13.1, e, r.kind === "whole"))));
    s.narrow || this.pens.bytes.put("title", "text", { class: "il-wf-title", x: s.bytes.x, y: 15 }, "bytes moved"), _(this.pens.bytes, this.pens.joins, s, n, t, e);
    const l = R(this.pens.beside, s, n.length, t, e);
    for (const r of Object.values(this.pens)) r.sweep();
    this.svg.setAttribute("viewBox", `0 0 ${this.width} ${Math.round(l + 6)}`), this.svg.setAttribute("aria-label", J(t)), this.note.textContent = [`${t.title}.`, t.operations.note].filter(Boolean).join(" ");
  }
}
const st = F(et, (i) => new it(i));
export {
  st as default
};
