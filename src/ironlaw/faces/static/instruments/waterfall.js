let x = null;
const k = /* @__PURE__ */ new Map();
function v(i, t, e, s = !1) {
  const n = `${s ? "600 " : ""}${t}px ${e}`, o = `${n}|${i}`, a = k.get(o);
  if (a !== void 0) return a;
  x ??= document.createElement("canvas").getContext("2d"), x && (x.font = n);
  const l = x ? x.measureText(i).width : i.length * t * 0.6;
  return k.size > 4e3 && k.clear(), k.set(o, l), l;
}
const L = ':root,:host{color-scheme:light dark;--il-paper: light-dark(#faf8f4, #111518);--il-card: light-dark(#ffffff, #191e22);--il-sunk: light-dark(#f3f0e9, #0d1012);--il-ink: light-dark(#1b2025, #e9e6e0);--il-soft: light-dark(#545e68, #a5afb8);--il-line: light-dark(#e4e0d7, #2b3238);--il-grid: light-dark(#ebe8e1, #262d32);--il-edge: light-dark(#858a8e, #737f89);--il-dim: light-dark(#a3aeb8, #56636d);--il-dim-ink: light-dark(#66707a, #94a0aa);--il-blue: light-dark(#0b5cad, #6db3ff);--il-blue-wash: light-dark(#eaf2fa, #16283a);--il-on-blue: light-dark(#ffffff, #0d1418);--il-amber: light-dark(#8f4f00, #ffb454);--il-amber-wash: light-dark(#fbf1e1, #2c2213);--il-red: light-dark(#d7263d, #ff5468);--il-shadow: light-dark(rgb(40 34 20 / .07), rgb(0 0 0 / .35));--il-serif: Charter, "Bitstream Charter", "Iowan Old Style", "Source Serif 4", "Source Serif Pro", Georgia, "Noto Serif", "DejaVu Serif", serif;--il-sans: system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "DejaVu Sans", sans-serif;--il-radius: 14px;--il-glide: .15s}:root[data-theme=light],[data-jp-theme-light=true],.vscode-light{color-scheme:light}:root[data-theme=dark],[data-jp-theme-light=false],.vscode-dark{color-scheme:dark}@media(prefers-reduced-motion:reduce){:root,:host{--il-glide: 0ms}}@media print{:root:root{color-scheme:light}}';
function z(i, t) {
  const e = document.createElement("div");
  e.className = "il-instrument";
  const s = getComputedStyle(document.documentElement).getPropertyValue("--il-ink") !== "", n = document.createElement("style");
  return n.textContent = s ? t : `${L}
${t}`, i.append(n, e), e;
}
function A(i, t) {
  return {
    render({ model: e, el: s }) {
      const n = z(s, i), o = t(n, e), a = () => {
        const l = e.get("picture");
        l && o.paint(l);
      };
      return e.on("change:picture", a), a(), () => {
        e.off("change:picture", a), o.stop?.(), s.replaceChildren();
      };
    }
  };
}
const y = "http://www.w3.org/2000/svg";
class S {
  constructor(t) {
    this.parent = t;
  }
  parent;
  drawn = /* @__PURE__ */ new Map();
  /** Draws (or updates) the element of this key, in this picture. */
  put(t, e, s, n) {
    let o = this.drawn.get(t);
    if (!o) {
      const a = document.createElementNS(y, e);
      this.parent.append(a), o = { element: a, attributes: {}, text: void 0, used: !0 }, this.drawn.set(t, o);
    }
    o.used = !0;
    for (const [a, l] of Object.entries(s))
      o.attributes[a] !== l && o.element.setAttribute(a, String(l));
    for (const a of Object.keys(o.attributes)) a in s || o.element.removeAttribute(a);
    return o.attributes = s, n !== o.text && (o.element.textContent = n ?? ""), o.text = n, o.element;
  }
  /** A text tooltip of an element drawn before in this picture. */
  title(t, e) {
    const s = t.querySelector("title");
    s?.textContent !== e && (s ? s.textContent = e : t.append(Object.assign(document.createElementNS(y, "title"), { textContent: e })));
  }
  /** Removes what was not drawn since the last sweep. */
  sweep() {
    for (const [t, e] of this.drawn)
      e.used || (e.element.remove(), this.drawn.delete(t)), e.used = !1;
  }
}
function $(i, t) {
  const e = document.createElementNS(y, i);
  for (const [s, n] of Object.entries(t)) e.setAttribute(s, String(n));
  return e;
}
const f = (i) => Math.round(i * 10) / 10, m = " ", j = /* @__PURE__ */ new Map(), F = [
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
  let e = j.get(t);
  return e || (e = new Intl.NumberFormat("en", { maximumSignificantDigits: t }), j.set(t, e)), e.format(i);
}
function P(i) {
  const t = Math.abs(i);
  return F.find(([e]) => t >= e * 0.9995) ?? [1e-12, "p"];
}
function b(i, t, e = 3) {
  if (i === 0) return t ? `0${m}${t}` : "0";
  if (t === "") return w(i, e);
  if (t === "%" || t === "×") return `${w(i, e)}${m}${t}`;
  if (t.endsWith("FLOP/B")) return `${w(i, e)}${m}${t}`;
  const [s, n] = P(i);
  return `${w(i / s, e)}${m}${n}${t}`;
}
function W({ operations: i, kernels: t }) {
  return [
    { id: "operations", title: "operations", before: i.before, after: i.after, show: (e) => b(e, i.unit) },
    { id: "kernels", title: "launches", before: t.before, after: t.after, show: (e) => w(e, 6) }
  ];
}
function E(i, t, e, s, n, o, a) {
  const l = Math.max(s.before, s.after, 1e-300), r = Math.max(s[n] / l * e.width, 2);
  i.put(`${s.id}-${n}`, "rect", { class: `il-wf-bar il-wf-${s.id}`, x: f(e.x), y: f(o), width: f(r), height: t.bar, rx: 3 });
  const c = s.show(s[n]), h = r > v(c, t.font, a, !0) + 14, d = h ? e.x + r - 8 : e.x + r + 6, u = { x: f(d), y: f(o + t.bar * 0.68), "text-anchor": h ? "end" : "start", [`data-${s.id}`]: n };
  i.put(`${s.id}-${n}-value`, "text", { class: h ? "il-wf-value il-wf-on-bar" : "il-wf-value il-wf-whole", ...u }, c);
}
function V(i, t, e, s, n) {
  const o = Math.max(e.before, e.after, 1e-300), [a, l] = [t.x + e.before / o * t.width, t.x + e.after / o * t.width], r = `M${f(t.x)},${f(s)}H${f(a)}L${f(l)},${f(n)}H${f(t.x)}z`;
  i.put(`${e.id}-band`, "path", { class: "il-wf-band", d: r });
}
function D(i, t, e, s, n) {
  const o = W(s), a = [t.operations, t.kernels], l = t.narrow ? t.top + e * t.pitch + 26 : t.top + t.lift, r = t.narrow ? l + t.bar + 18 : t.top + (e - 1) * t.pitch + t.lift;
  return o.forEach((c, h) => {
    const d = a[h], u = t.narrow ? l - 8 : 15;
    i.put(`${c.id}-title`, "text", { class: "il-wf-title", x: f(d.x), y: f(u) }, c.title), V(i, d, c, l + t.bar, r), E(i, t, d, c, "before", l, n), E(i, t, d, c, "after", r, n);
  }), r + t.bar;
}
const I = 4e-3, q = 8;
function G(i, t) {
  const e = i.filter((s) => Math.abs(s.change) >= I * t);
  return new Set(e.sort((s, n) => Math.abs(n.change) - Math.abs(s.change)).slice(0, q));
}
function O(i) {
  const { before: t, after: e, steps: s } = i, n = G(s, Math.max(t.value, e.value)), o = s.filter((r) => !n.has(r));
  o.length === 1 && o[0] && n.add(o[0]);
  const a = [{ id: "before", kind: "whole", label: t.label, from: 0, to: t.value, change: 0, steps: [] }];
  let l = t.value;
  for (const r of s.filter((c) => n.has(c)))
    a.push({ id: r.id, kind: "step", label: r.label, from: l, to: l + r.change, change: r.change, steps: [r] }), l += r.change;
  if (o.length > 1) {
    const r = o.reduce((c, h) => c + h.change, 0);
    a.push({ id: "rest", kind: "rest", label: `${o.length} smaller ones`, from: l, to: l + r, change: r, steps: o });
  }
  return a.push({ id: "after", kind: "whole", label: e.label, from: 0, to: e.value, change: 0, steps: [] }), a;
}
function C(i, t) {
  return i === 0 ? b(0, t) : `${i < 0 ? "−" : "+"}${b(Math.abs(i), t)}`;
}
function H(i) {
  const { before: t, after: e, operations: s, kernels: n, unit: o } = i, a = O(i).filter((r) => r.kind !== "whole"), l = [`${i.title}. ${t.label}: ${b(t.value, o)}.`];
  return a.length && l.push(`${a.map((r) => `${r.label} ${C(r.change, o)}`).join(", ")}.`), l.push(`Left, ${e.label}: ${b(e.value, o)}.`), l.push(`Operations before ${b(s.before, s.unit)}, after ${b(s.after, s.unit)}.`), l.push(`Launches before ${w(n.before, 6)}, after ${w(n.after, 6)}.`), l.join(" ");
}
const R = 2;
function T(i, t, e, s) {
  if (v(i, e, s) <= t) return i;
  let n = i;
  for (; n.length > 3 && v(`${n}…`, e, s) > t; ) n = n.slice(0, -1);
  return `${n.trimEnd()}…`;
}
function U(i, t, e, s, n) {
  const o = e.kind === "whole" ? "il-wf-label il-wf-whole" : "il-wf-label", a = t.narrow ? t.width - 4 : t.labels - 12, l = t.narrow ? { x: 1, y: s + 14 } : { x: 0, y: f(s + t.lift + t.bar * 0.68) }, r = i.put(`label-${e.id}`, "text", { class: o, ...l }, T(e.label, a, t.font + (e.kind === "whole" ? 0.6 : 0), n));
  i.title(r, e.steps.length > 1 ? e.steps.map((c) => c.label).join(", ") : e.label);
}
function J(i, t, e, s, [n, o], a, l) {
  const r = e.kind === "whole", c = v(a, t.font, l, !0), h = o - n > c + 18, d = !r && n - t.bytes.x > c + 12, u = h ? o - 9 : d ? n - 7 : o + 7, g = h ? `il-wf-value ${r ? "il-wf-on-bar" : "il-wf-on-saved"}` : r ? "il-wf-value il-wf-whole" : "il-wf-value", p = { x: f(u), y: f(s + t.lift + t.bar * 0.68), "text-anchor": h || d ? "end" : "start", "data-value": e.id };
  i.put(`value-${e.id}`, "text", { class: g, ...p }, a);
}
function K(i, t, e, s, n) {
  const o = Math.max(...e.map((l) => Math.max(l.from, l.to)), 1e-300), a = (t.bytes.width - (t.narrow ? 0 : 4)) / o;
  e.forEach((l, r) => {
    const c = t.top + r * t.pitch;
    U(i, t, l, c, n);
    const [h, d] = [Math.min(l.from, l.to), Math.max(l.from, l.to)], u = Math.max((d - h) * a, d > h ? R : 0), g = f(Math.min(t.bytes.x + h * a, t.bytes.x + t.bytes.width - u)), p = f(c + t.lift), N = l.kind === "whole" ? "il-wf-bar" : l.change > 0 ? "il-wf-bar il-wf-more" : "il-wf-bar il-wf-saved";
    if (i.put(`bar-${l.id}`, "rect", { class: N, x: g, y: p, width: f(u), height: t.bar, rx: Math.min(3, u / 2), "data-row": l.id }), e[r + 1]) {
      const M = f(t.bytes.x + l.to * a);
      i.put(`join-${l.id}`, "line", { class: "il-wf-join", x1: M, x2: M, y1: p + t.bar, y2: f(p + t.pitch) });
    }
    const B = l.kind === "whole" ? b(l.to, s.unit) : C(l.change, s.unit);
    J(i, t, l, c, [g, g + u], B, n);
  });
}
function Q(i, t) {
  if (i < 560) {
    const l = { x: 1, width: i - 92 }, r = Math.floor((i - 24) / 2);
    return {
      width: i,
      narrow: !0,
      font: 13,
      top: 4,
      pitch: 46,
      bar: 19,
      lift: 20,
      labels: 0,
      bytes: l,
      values: 90,
      operations: { x: 1, width: r },
      kernels: { x: r + 24, width: r }
    };
  }
  const e = Math.min(t + 14, i * 0.31), s = Math.min(124, Math.round(i * 0.158)), n = 24, o = i - e - 2 * (s + n) - 1, a = e + o + n;
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
    bytes: { x: e, width: o },
    operations: { x: a, width: s },
    kernels: { x: a + s + n, width: s }
  };
}
const X = ".il-instrument{position:relative;font-family:var(--il-sans);font-variant-numeric:tabular-nums;color:var(--il-ink)}.il-wf{background:var(--il-card);display:block;width:100%;height:auto;overflow:visible;font-size:12.5px}.il-wf text{fill:var(--il-soft)}.il-wf text.il-wf-label{fill:var(--il-ink)}.il-wf text.il-wf-whole{fill:var(--il-ink);font-weight:600}.il-wf text.il-wf-value{fill:var(--il-ink)}.il-wf text.il-wf-on-bar{fill:var(--il-paper);font-weight:600}.il-wf text.il-wf-on-saved{fill:var(--il-on-blue);font-weight:600}.il-wf-bar{fill:var(--il-ink)}.il-wf-saved{fill:var(--il-blue)}.il-wf-more{fill:var(--il-amber)}.il-wf-band{fill:var(--il-grid);opacity:.6}.il-wf-join{stroke:var(--il-edge);stroke-width:1;stroke-dasharray:2 2}.il-instrument:not(.il-still) .il-wf-bar{transition:x var(--il-glide) ease-out,width var(--il-glide) ease-out}.il-key{margin:8px 4px 0;font-size:12.5px;line-height:1.45;color:var(--il-soft)}";
class Y {
  constructor(t) {
    this.root = t;
    const e = [$("g", { class: "il-wf-beside" }), $("g", { class: "il-wf-bytes" })];
    this.svg.append(...e), this.pens = { beside: new S(e[0]), bytes: new S(e[1]) }, t.append(this.svg, this.note), this.observer = new ResizeObserver(() => this.resize()), this.observer.observe(t);
  }
  root;
  svg = $("svg", { class: "il-wf", role: "img" });
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
    const e = getComputedStyle(this.root).fontFamily, s = O(t), n = Q(this.width, Math.max(...s.map((a) => v(a.label, 13.1, e, a.kind === "whole"))));
    n.narrow || this.pens.bytes.put("title", "text", { class: "il-wf-title", x: n.bytes.x, y: 15 }, "bytes moved"), K(this.pens.bytes, n, s, t, e);
    const o = D(this.pens.beside, n, s.length, t, e);
    for (const a of Object.values(this.pens)) a.sweep();
    this.svg.setAttribute("viewBox", `0 0 ${this.width} ${Math.round(o + 6)}`), this.svg.setAttribute("aria-label", H(t)), this.note.textContent = [`${t.title}.`, t.operations.note].filter(Boolean).join(" ");
  }
}
const _ = A(X, (i) => new Y(i));
export {
  _ as default
};
