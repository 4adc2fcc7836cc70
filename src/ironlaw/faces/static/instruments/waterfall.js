let x = null;
const k = /* @__PURE__ */ new Map();
function v(i, t, e, n = !1) {
  const s = `${n ? "600 " : ""}${t}px ${e}`, l = `${s}|${i}`, a = k.get(l);
  if (a !== void 0) return a;
  x ??= document.createElement("canvas").getContext("2d"), x && (x.font = s);
  const r = x ? x.measureText(i).width : i.length * t * 0.6;
  return k.size > 4e3 && k.clear(), k.set(l, r), r;
}
const z = ':root,:host{color-scheme:light dark;--il-paper: light-dark(#faf8f4, #111518);--il-card: light-dark(#ffffff, #191e22);--il-sunk: light-dark(#f3f0e9, #0d1012);--il-ink: light-dark(#1b2025, #e9e6e0);--il-soft: light-dark(#545e68, #a5afb8);--il-line: light-dark(#e4e0d7, #2b3238);--il-grid: light-dark(#ebe8e1, #262d32);--il-edge: light-dark(#858a8e, #737f89);--il-dim: light-dark(#a3aeb8, #56636d);--il-dim-ink: light-dark(#66707a, #94a0aa);--il-blue: light-dark(#0b5cad, #6db3ff);--il-blue-wash: light-dark(#eaf2fa, #16283a);--il-on-blue: light-dark(#ffffff, #0d1418);--il-amber: light-dark(#8f4f00, #ffb454);--il-amber-wash: light-dark(#fbf1e1, #2c2213);--il-red: light-dark(#d7263d, #ff5468);--il-shadow: light-dark(rgb(40 34 20 / .07), rgb(0 0 0 / .35));--il-serif: Charter, "Bitstream Charter", "Iowan Old Style", "Source Serif 4", "Source Serif Pro", Georgia, "Noto Serif", "DejaVu Serif", serif;--il-sans: system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "DejaVu Sans", sans-serif;--il-radius: 14px;--il-glide: .15s}:root[data-theme=light],[data-jp-theme-light=true],.vscode-light{color-scheme:light}:root[data-theme=dark],[data-jp-theme-light=false],.vscode-dark{color-scheme:dark}@media(prefers-reduced-motion:reduce){:root,:host{--il-glide: 0ms}}@media print{:root:root{color-scheme:light}}';
function A(i, t) {
  const e = document.createElement("div");
  e.className = "il-instrument";
  const n = getComputedStyle(document.documentElement).getPropertyValue("--il-ink") !== "", s = document.createElement("style");
  return s.textContent = n ? t : `${z}
${t}`, i.append(s, e), e;
}
function F(i, t) {
  return {
    render({ model: e, el: n }) {
      const s = A(n, i), l = t(s, e), a = () => {
        const r = e.get("picture");
        r && l.paint(r);
      };
      return e.on("change:picture", a), a(), () => {
        e.off("change:picture", a), l.stop?.(), n.replaceChildren();
      };
    }
  };
}
const M = "http://www.w3.org/2000/svg";
class y {
  constructor(t) {
    this.parent = t;
  }
  parent;
  drawn = /* @__PURE__ */ new Map();
  /** Draws (or updates) the element of this key, in this picture. */
  put(t, e, n, s) {
    let l = this.drawn.get(t);
    if (!l) {
      const a = document.createElementNS(M, e);
      this.parent.append(a), l = { element: a, attributes: {}, text: void 0, used: !0 }, this.drawn.set(t, l);
    }
    l.used = !0;
    for (const [a, r] of Object.entries(n))
      l.attributes[a] !== r && l.element.setAttribute(a, String(r));
    for (const a of Object.keys(l.attributes)) a in n || l.element.removeAttribute(a);
    return l.attributes = n, s !== l.text && (l.element.textContent = s ?? ""), l.text = s, l.element;
  }
  /** A text tooltip of an element drawn before in this picture. */
  title(t, e) {
    const n = t.querySelector("title");
    n?.textContent !== e && (n ? n.textContent = e : t.append(Object.assign(document.createElementNS(M, "title"), { textContent: e })));
  }
  /** Removes what was not drawn since the last sweep. */
  sweep() {
    for (const [t, e] of this.drawn)
      e.used || (e.element.remove(), this.drawn.delete(t)), e.used = !1;
  }
}
function S(i, t) {
  const e = document.createElementNS(M, i);
  for (const [n, s] of Object.entries(t)) e.setAttribute(n, String(s));
  return e;
}
const c = (i) => Math.round(i * 10) / 10, m = " ", E = /* @__PURE__ */ new Map(), P = [
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
function w(i, t = 3) {
  if (!Number.isFinite(i)) return "–";
  let e = E.get(t);
  return e || (e = new Intl.NumberFormat("en", { maximumSignificantDigits: t }), E.set(t, e)), e.format(i);
}
function W(i) {
  const t = Math.abs(i);
  return P.find(([e]) => t >= e * 0.9995) ?? [1e-12, "p"];
}
function b(i, t, e = 3) {
  if (i === 0) return t ? `0${m}${t}` : "0";
  if (t === "") return w(i, e);
  if (t === "%" || t === "×") return `${w(i, e)}${m}${t}`;
  if (t.endsWith("FLOP/B")) return `${w(i, e)}${m}${t}`;
  const [n, s] = W(i);
  return `${w(i / n, e)}${m}${s}${t}`;
}
function V({ operations: i, kernels: t }) {
  return [
    { id: "operations", title: "operations", before: i.before, after: i.after, show: (e) => b(e, i.unit) },
    { id: "kernels", title: "launches", before: t.before, after: t.after, show: (e) => w(e, 6) }
  ];
}
function O(i, t, e, n, s, l, a) {
  const r = Math.max(n.before, n.after, 1e-300), o = Math.max(n[s] / r * e.width, 2);
  i.put(`${n.id}-${s}`, "rect", { class: `il-wf-bar il-wf-${n.id}`, x: c(e.x), y: c(l), width: c(o), height: t.bar, rx: 3 });
  const d = n.show(n[s]), h = o > v(d, t.font, a, !0) + 14, f = h ? e.x + o - 8 : e.x + o + 6, u = { x: c(f), y: c(l + t.bar * 0.68), "text-anchor": h ? "end" : "start", [`data-${n.id}`]: s };
  i.put(`${n.id}-${s}-value`, "text", { class: h ? "il-wf-value il-wf-on-bar" : "il-wf-value il-wf-whole", ...u }, d);
}
function D(i, t, e, n, s) {
  const l = Math.max(e.before, e.after, 1e-300), [a, r] = [t.x + e.before / l * t.width, t.x + e.after / l * t.width], o = `M${c(t.x)},${c(n)}H${c(a)}L${c(r)},${c(s)}H${c(t.x)}z`;
  i.put(`${e.id}-band`, "path", { class: "il-wf-band", d: o });
}
function I(i, t, e, n, s) {
  const l = V(n), a = [t.operations, t.kernels], r = t.narrow ? t.top + e * t.pitch + 26 : t.top + t.lift, o = t.narrow ? r + t.bar + 18 : t.top + (e - 1) * t.pitch + t.lift;
  return l.forEach((d, h) => {
    const f = a[h], u = t.narrow ? r - 8 : 15;
    i.put(`${d.id}-title`, "text", { class: "il-wf-title", x: c(f.x), y: c(u) }, d.title), D(i, f, d, r + t.bar, o), O(i, t, f, d, "before", r, s), O(i, t, f, d, "after", o, s);
  }), o + t.bar;
}
const q = 4e-3, G = 8;
function H(i, t) {
  const e = i.filter((n) => Math.abs(n.change) >= q * t);
  return new Set(e.sort((n, s) => Math.abs(s.change) - Math.abs(n.change)).slice(0, G));
}
function C(i) {
  const { before: t, after: e, steps: n } = i, s = H(n, Math.max(t.value, e.value)), l = n.filter((o) => !s.has(o));
  l.length === 1 && l[0] && s.add(l[0]);
  const a = [{ id: "before", kind: "whole", label: t.label, from: 0, to: t.value, change: 0, steps: [] }];
  let r = t.value;
  for (const o of n.filter((d) => s.has(d)))
    a.push({ id: o.id, kind: "step", label: o.label, from: r, to: r + o.change, change: o.change, steps: [o] }), r += o.change;
  if (l.length > 1) {
    const o = l.reduce((d, h) => d + h.change, 0);
    a.push({ id: "rest", kind: "rest", label: `${l.length} smaller ones`, from: r, to: r + o, change: o, steps: l });
  }
  return a.push({ id: "after", kind: "whole", label: e.label, from: 0, to: e.value, change: 0, steps: [] }), a;
}
function N(i, t) {
  return i === 0 ? b(0, t) : `${i < 0 ? "−" : "+"}${b(Math.abs(i), t)}`;
}
function R(i) {
  const { before: t, after: e, operations: n, kernels: s, unit: l } = i, a = C(i).filter((o) => o.kind !== "whole"), r = [`${i.title}. ${t.label}: ${b(t.value, l)}.`];
  return a.length && r.push(`${a.map((o) => `${o.label} ${N(o.change, l)}`).join(", ")}.`), r.push(`Left, ${e.label}: ${b(e.value, l)}.`), r.push(`Operations before ${b(n.before, n.unit)}, after ${b(n.after, n.unit)}.`), r.push(`Launches before ${w(s.before, 6)}, after ${w(s.after, 6)}.`), r.join(" ");
}
const T = 2;
function U(i, t, e, n) {
  if (v(i, e, n) <= t) return i;
  let s = i;
  for (; s.length > 3 && v(`${s}…`, e, n) > t; ) s = s.slice(0, -1);
  return `${s.trimEnd()}…`;
}
function J(i, t, e, n, s) {
  const l = e.kind === "whole" ? "il-wf-label il-wf-whole" : "il-wf-label", a = t.narrow ? t.width - 4 : t.labels - 12, r = t.narrow ? { x: 1, y: n + 14 } : { x: 0, y: c(n + t.lift + t.bar * 0.68) }, o = i.put(`label-${e.id}`, "text", { class: l, ...r }, U(e.label, a, t.font + (e.kind === "whole" ? 0.6 : 0), s));
  i.title(o, e.steps.length > 1 ? e.steps.map((d) => d.label).join(", ") : e.label);
}
function K(i, t, e, n, [s, l], a, r) {
  const o = e.kind === "whole", d = v(a, t.font, r, !0), h = l - s > d + 18, f = !o && s - t.bytes.x > d + 12, u = h ? l - 9 : f ? s - 7 : l + 7, p = h ? `il-wf-value ${o ? "il-wf-on-bar" : "il-wf-on-saved"}` : o ? "il-wf-value il-wf-whole" : "il-wf-value", g = { x: c(u), y: c(n + t.lift + t.bar * 0.68), "text-anchor": h || f ? "end" : "start", "data-value": e.id };
  i.put(`value-${e.id}`, "text", { class: p, ...g }, a);
}
function Q(i, t, e, n, s, l) {
  const a = Math.max(...n.map((o) => Math.max(o.from, o.to)), 1e-300), r = (e.bytes.width - (e.narrow ? 0 : 4)) / a;
  n.forEach((o, d) => {
    const h = e.top + d * e.pitch;
    J(i, e, o, h, l);
    const [f, u] = [Math.min(o.from, o.to), Math.max(o.from, o.to)], p = Math.max((u - f) * r, u > f ? T : 0), g = c(Math.min(e.bytes.x + f * r, e.bytes.x + e.bytes.width - p)), $ = c(h + e.lift), B = o.kind === "whole" ? "il-wf-bar" : o.change > 0 ? "il-wf-bar il-wf-more" : "il-wf-bar il-wf-saved";
    if (i.put(`bar-${o.id}`, "rect", { class: B, x: g, y: $, width: c(p), height: e.bar, rx: Math.min(3, p / 2), "data-row": o.id }), n[d + 1]) {
      const j = c(e.bytes.x + o.to * r);
      t.put(`join-${o.id}`, "line", { class: "il-wf-join", x1: j, x2: j, y1: $ + e.bar, y2: c($ + e.pitch) });
    }
    const L = o.kind === "whole" ? b(o.to, s.unit) : N(o.change, s.unit);
    K(i, e, o, h, [g, g + p], L, l);
  });
}
function X(i, t) {
  if (i < 560) {
    const r = { x: 1, width: i - 92 }, o = Math.floor((i - 24) / 2);
    return {
      width: i,
      narrow: !0,
      font: 13,
      top: 4,
      pitch: 46,
      bar: 19,
      lift: 20,
      labels: 0,
      bytes: r,
      values: 90,
      operations: { x: 1, width: o },
      kernels: { x: o + 24, width: o }
    };
  }
  const e = Math.min(t + 14, i * 0.31), n = Math.min(124, Math.round(i * 0.158)), s = 24, l = i - e - 2 * (n + s) - 1, a = e + l + s;
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
    operations: { x: a, width: n },
    kernels: { x: a + n + s, width: n }
  };
}
const Y = ".il-instrument{position:relative;font-family:var(--il-sans);font-variant-numeric:tabular-nums;color:var(--il-ink)}.il-wf{background:var(--il-card);display:block;width:100%;height:auto;overflow:visible;font-size:12.5px}.il-wf text{fill:var(--il-soft)}.il-wf text.il-wf-label{fill:var(--il-ink);paint-order:stroke;stroke:var(--il-card);stroke-width:4px;stroke-linejoin:round}.il-wf text.il-wf-whole{fill:var(--il-ink);font-weight:600}.il-wf text.il-wf-value{fill:var(--il-ink)}.il-wf text.il-wf-on-bar{fill:var(--il-paper);font-weight:600}.il-wf text.il-wf-on-saved{fill:var(--il-on-blue);font-weight:600}.il-wf-bar{fill:var(--il-ink)}.il-wf-saved{fill:var(--il-blue)}.il-wf-more{fill:var(--il-amber)}.il-wf-band{fill:var(--il-grid);opacity:.6}.il-wf-join{stroke:var(--il-edge);stroke-width:1;stroke-dasharray:2 2}.il-instrument:not(.il-still) .il-wf-bar{transition:x var(--il-glide) ease-out,width var(--il-glide) ease-out}.il-key{margin:8px 4px 0;font-size:12.5px;line-height:1.45;color:var(--il-soft)}";
class Z {
  constructor(t) {
    this.root = t;
    const e = ["beside", "joins", "bytes"].map((n) => S("g", { class: `il-wf-${n}` }));
    this.svg.append(...e), this.pens = { beside: new y(e[0]), joins: new y(e[1]), bytes: new y(e[2]) }, t.append(this.svg, this.note), this.observer = new ResizeObserver(() => this.resize()), this.observer.observe(t);
  }
  root;
  svg = S("svg", { class: "il-wf", role: "img" });
  note = Object.assign(document.createElement("p"), { className: "il-key" });
  pens;
  observer;
  picture = null;
  width = 0;
  paint(t) {
    this.picture = t, this.width === 0 && (this.width = this.root.clientWidth), this.width > 0 && this.draw(t);
  }
  stop() {
    this.observer.disconnect();
  }
  resize() {
    const t = this.root.clientWidth;
    t === this.width || t === 0 || (this.width = t, this.root.classList.add("il-still"), this.picture && this.draw(this.picture), requestAnimationFrame(() => this.root.classList.remove("il-still")));
  }
  draw(t) {
    const e = getComputedStyle(this.root).fontFamily, n = C(t), s = X(this.width, Math.max(...n.map((a) => v(a.label, 13.1, e, a.kind === "whole"))));
    s.narrow || this.pens.bytes.put("title", "text", { class: "il-wf-title", x: s.bytes.x, y: 15 }, "bytes moved"), Q(this.pens.bytes, this.pens.joins, s, n, t, e);
    const l = I(this.pens.beside, s, n.length, t, e);
    for (const a of Object.values(this.pens)) a.sweep();
    this.svg.setAttribute("viewBox", `0 0 ${this.width} ${Math.round(l + 6)}`), this.svg.setAttribute("aria-label", R(t)), this.note.textContent = [`${t.title}.`, t.operations.note].filter(Boolean).join(" ");
  }
}
const tt = F(Y, (i) => new Z(i));
export {
  tt as default
};
