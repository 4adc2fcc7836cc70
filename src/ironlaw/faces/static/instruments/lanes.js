function f(s, t = {}, ...e) {
  const i = document.createElement(s);
  for (const [n, o] of Object.entries(t))
    o == null || o === !1 || i.setAttribute(n, o === !0 ? "" : String(o));
  return i.append(...e.filter((n) => !!n || n === "")), i;
}
function D(s, t) {
  s.textContent !== t && (s.textContent = t);
}
function z(s, t, e) {
  s.getAttribute(t) !== e && s.setAttribute(t, e);
}
const G = ':root,:host{color-scheme:light dark;--il-paper: light-dark(#faf8f4, #111518);--il-card: light-dark(#ffffff, #191e22);--il-sunk: light-dark(#f3f0e9, #0d1012);--il-ink: light-dark(#1b2025, #e9e6e0);--il-soft: light-dark(#545e68, #a5afb8);--il-line: light-dark(#e4e0d7, #2b3238);--il-grid: light-dark(#ebe8e1, #262d32);--il-edge: light-dark(#858a8e, #737f89);--il-dim: light-dark(#a3aeb8, #56636d);--il-dim-ink: light-dark(#66707a, #94a0aa);--il-blue: light-dark(#0b5cad, #6db3ff);--il-blue-wash: light-dark(#eaf2fa, #16283a);--il-on-blue: light-dark(#ffffff, #0d1418);--il-amber: light-dark(#8f4f00, #ffb454);--il-amber-wash: light-dark(#fbf1e1, #2c2213);--il-red: light-dark(#d7263d, #ff5468);--il-shadow: light-dark(rgb(40 34 20 / .07), rgb(0 0 0 / .35));--il-serif: Charter, "Bitstream Charter", "Iowan Old Style", "Source Serif 4", "Source Serif Pro", Georgia, "Noto Serif", "DejaVu Serif", serif;--il-sans: system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "DejaVu Sans", sans-serif;--il-radius: 14px;--il-glide: .15s}:root[data-theme=light],[data-jp-theme-light=true],.vscode-light{color-scheme:light}:root[data-theme=dark],[data-jp-theme-light=false],.vscode-dark{color-scheme:dark}@media(prefers-reduced-motion:reduce){:root,:host{--il-glide: 0ms}}@media print{:root:root{color-scheme:light}}';
function X(s, t) {
  const e = document.createElement("div");
  e.className = "il-instrument";
  const i = getComputedStyle(document.documentElement).getPropertyValue("--il-ink") !== "", n = document.createElement("style");
  return n.textContent = i ? t : `${G}
${t}`, s.append(n, e), e;
}
function Y(s, t) {
  return {
    render({ model: e, el: i }) {
      const n = X(i, s), o = t(n, e), r = () => {
        const l = e.get("picture");
        l && o.paint(l);
      };
      return e.on("change:picture", r), r(), () => {
        e.off("change:picture", r), o.stop?.(), i.replaceChildren();
      };
    }
  };
}
const L = "http://www.w3.org/2000/svg";
class y {
  constructor(t) {
    this.parent = t;
  }
  parent;
  drawn = /* @__PURE__ */ new Map();
  /** Draws (or updates) the element of this key, in this picture. */
  put(t, e, i, n) {
    let o = this.drawn.get(t);
    if (!o) {
      const r = document.createElementNS(L, e);
      this.parent.append(r), o = { element: r, attributes: {}, text: void 0, used: !0 }, this.drawn.set(t, o);
    }
    o.used = !0;
    for (const [r, l] of Object.entries(i))
      o.attributes[r] !== l && o.element.setAttribute(r, String(l));
    for (const r of Object.keys(o.attributes)) r in i || o.element.removeAttribute(r);
    return o.attributes = i, n !== o.text && (o.element.textContent = n ?? ""), o.text = n, o.element;
  }
  /** A text tooltip of an element drawn before in this picture. */
  title(t, e) {
    const i = t.querySelector("title");
    i?.textContent !== e && (i ? i.textContent = e : t.append(Object.assign(document.createElementNS(L, "title"), { textContent: e })));
  }
  /** Removes what was not drawn since the last sweep. */
  sweep() {
    for (const [t, e] of this.drawn)
      e.used || (e.element.remove(), this.drawn.delete(t)), e.used = !1;
  }
}
function p(s, t) {
  const e = document.createElementNS(L, s);
  for (const [i, n] of Object.entries(t)) e.setAttribute(i, String(n));
  return e;
}
const m = (s) => Math.round(s * 10) / 10;
class J {
  element = f("div", { class: "il-tip", "aria-hidden": "true", hidden: !0 });
  name = f("b", {});
  lines = f("div", {});
  constructor() {
    this.element.append(this.name, this.lines);
  }
  /** Shows a card above (or, without room, below) a place of the instrument [px]. */
  show(t, e, i) {
    D(this.name, t), this.lines.replaceChildren(...e.map((a) => f("p", {}, a))), this.element.hidden = !1;
    const { offsetWidth: n, offsetHeight: o } = this.element, r = Math.min(Math.max(i.x - n / 2, 0), Math.max(i.width - n, 0)), l = i.top - o - 8;
    this.element.style.left = `${Math.round(r)}px`, this.element.style.top = `${Math.round(l < -40 ? i.bottom + 8 : l)}px`;
  }
  hide() {
    this.element.hidden = !0;
  }
}
const Q = " ", N = /* @__PURE__ */ new Map();
function I(s, t = 3) {
  if (!Number.isFinite(s)) return "–";
  let e = N.get(t);
  return e || (e = new Intl.NumberFormat("en", { maximumSignificantDigits: t }), N.set(t, e)), e.format(s);
}
function U(s) {
  return s >= 1 ? { scale: 1, unit: "s" } : s >= 1e-3 ? { scale: 1e-3, unit: "ms" } : { scale: 1e-6, unit: "µs" };
}
function v(s) {
  const { scale: t, unit: e } = U(s);
  return `${I(s / t)}${Q}${e}`;
}
function C(s) {
  return Math.abs(s) < 5e-10 ? v(0) : `${s < 0 ? "−" : "+"}${v(Math.abs(s))}`;
}
function F(s, t) {
  const e = s.stage ? `, ${s.stage}` : "", i = `${s.kind} · ${t.row.label}${e}`, n = `starts at ${v(s.start)}, lasts ${v(s.duration)}`;
  return t.which === "median" ? [i, n, "of the median frame"] : [i, n, `${C(s.excess)} beside the median frame`];
}
function Z(s, t) {
  return `${s.label}. ${F(s, t).join(". ")}.`;
}
function H(s) {
  return s.rows.flatMap((t) => t.frame).sort((t, e) => e.excess - t.excess);
}
function tt(s) {
  const e = H(s).slice(0, 4).filter((n) => n.excess > 0).map((n) => `${n.label} ${C(n.excess)}`).join(", "), i = s.rows.map((n) => `${n.label}, ${n.frame.length} events`).join("; ");
  return `${s.title}. Rows: ${i}. ${e ? `Most beside the median frame: ${e}.` : "Nothing is late beside the median frame."}`;
}
let $ = null;
const E = /* @__PURE__ */ new Map();
function g(s, t, e, i = !1) {
  const n = `${i ? "600 " : ""}${t}px ${e}`, o = `${n}|${s}`, r = E.get(o);
  if (r !== void 0) return r;
  $ ??= document.createElement("canvas").getContext("2d"), $ && ($.font = n);
  const l = $ ? $.measureText(s).width : s.length * t * 0.6;
  return E.size > 4e3 && E.clear(), E.set(o, l), l;
}
function et(s, t, e) {
  const i = t - s;
  if (!(i > 0) || e < 1) return [];
  const n = i / e, o = 10 ** Math.floor(Math.log10(n)), r = [1, 2, 5, 10].map((h) => h * o).find((h) => h >= n * 0.999) ?? 10 * o, l = Math.ceil(s / r - 1e-9), a = Math.floor(t / r + 1e-9);
  return Array.from({ length: Math.max(a - l + 1, 0) }, (h, c) => (l + c) * r);
}
function it(s, { scale: t }, e = 6) {
  return I(Math.abs(s) < 1e-15 ? 0 : s / t, e);
}
const st = 4, W = { frame: 19, median: 12 };
function nt(s) {
  const t = [], e = /* @__PURE__ */ new Map(), i = [], n = [...s].sort((o, r) => o.start - r.start || r.duration - o.duration);
  for (const o of n) {
    const r = e.get(o.label) ?? 0;
    e.set(o.label, r + 1);
    const l = t.findIndex((h) => h <= o.start + 1e-12), a = l < 0 ? t.length : l;
    a >= st || (t[a] = o.start + o.duration, i.push({ slice: o, level: a, key: `${o.label}#${r}` }));
  }
  return i;
}
function ot(s, t, e) {
  const i = t < 560, n = { width: t, narrow: i, left: i ? 46 : 56, right: t - 6, top: 24, bottom: 0, ...e, bands: [], heads: [] };
  let o = n.top;
  for (const r of s.rows) {
    n.heads.push({ row: r, y: o + 13 }), o += 27;
    for (const l of ["frame", "median"]) {
      const a = nt(r[l]), h = Math.max(1, ...a.map((c) => c.level + 1));
      n.bands.push({ row: r, which: l, top: o, height: W[l], depth: h, places: a }), o += h * (W[l] + 1) + (l === "frame" ? 3 : 13);
    }
  }
  return n.bottom = o, n;
}
const u = (s, t) => s.left + (t - s.from) / (s.to - s.from) * (s.right - s.left), T = (s, t) => s.from + (t - s.left) / (s.right - s.left) * (s.to - s.from), j = ({ start: s, duration: t }, e) => s + t >= e.from && s <= e.to, S = 7;
function B(s, t, e) {
  const i = s.bands.find(({ top: l, height: a, depth: h }) => e >= l - 2 && e <= l + h * (a + 1) + 2);
  if (!i || t < s.left - S || t > s.right + S) return null;
  const n = Math.min(Math.max(Math.floor((e - i.top) / (i.height + 1)), 0), i.depth - 1);
  let o = null, r = S;
  for (const l of i.places) {
    if (!j(l.slice, s)) continue;
    const [a, h] = [u(s, l.slice.start), u(s, l.slice.start + l.slice.duration)], c = Math.max(a - t, t - h, 0) + (l.level === n ? 0 : 3);
    (c < r || c === r && o && l.slice.duration < o.slice.duration) && ([r, o] = [c, l]);
  }
  return o ? { band: i, place: o } : null;
}
const x = 12, k = 1.4, K = 0.012;
function lt(s, t, e, i) {
  const n = U(Math.max(t.to, 1e-12)), o = t.to - t.from < n.scale / 2 && t.from > 0, r = et(t.from, t.to, t.narrow ? o ? 3 : 4 : o ? 6 : 9);
  r.forEach((l, a) => {
    const h = m(u(t, l));
    s.put(`grid-${a}`, "line", { class: "il-ln-grid", x1: h, x2: h, y1: t.top, y2: t.bottom });
    const c = `${it(l, n)}${a === r.length - 1 ? ` ${n.unit}` : ""}`, d = g(c, x, i) / 2;
    s.put(`tick-${a}`, "text", { class: "il-ln-tick", x: m(Math.min(h, t.right - d + 4)), y: t.bottom + 15, "text-anchor": "middle" }, c);
  }), s.put("axis", "line", { class: "il-ln-axis", x1: t.left, x2: t.right, y1: t.bottom, y2: t.bottom }), rt(s, t, e, i);
}
function rt(s, t, e, i) {
  const n = (l) => l >= t.from && l <= t.to, o = Math.max(0, ...e.rows.flatMap((l) => l.median.map((a) => a.start + a.duration))), { deadline: r } = e;
  if (o > 0 && n(o)) {
    const l = m(u(t, o));
    s.put("over", "line", { class: "il-ln-over", x1: l, x2: l, y1: t.top - 2, y2: t.bottom });
    const a = t.narrow ? "median ends" : "the median frame ends", h = l - g(a, x, i) - 6 > 0;
    (h || r === null || !n(r)) && s.put("over-words", "text", { class: "il-ln-tick", x: h ? l - 5 : l + 5, y: 12, "text-anchor": h ? "end" : "start" }, a);
  }
  if (r !== null && n(r)) {
    const l = m(u(t, r));
    s.put("deadline", "line", { class: "il-ln-deadline", x1: l, x2: l, y1: 2, y2: t.bottom });
    const a = `deadline ${v(r)}`, h = l + 6 + g(a, x, i, !0) < t.width;
    s.put("deadline-words", "text", { class: "il-ln-strong", x: h ? l + 6 : l - 6, y: 12, "text-anchor": h ? "start" : "end" }, a);
  }
  o > 0 && o < t.from && s.put("before", "text", { class: "il-ln-tick", x: t.left, y: 12 }, `◀ the median frame is over by ${v(o)}`);
}
function at(s, t, e) {
  if (g(s, x, e) <= t) return s;
  let i = Math.floor(s.length * t / g(s, x, e));
  for (; i > 3 && g(`${s.slice(0, i)}…`, x, e) > t; ) i -= 1;
  return i > 3 ? `${s.slice(0, i)}…` : "";
}
function V(s, { slice: t }) {
  const e = Math.max(u(s, t.start), s.left), i = Math.min(u(s, t.start + t.duration), s.right);
  return i - e >= k ? [e, i] : [Math.min(e, s.right - k), Math.min(e, s.right - k) + k];
}
function ht({ pens: s, frame: t, family: e }, i, n, o) {
  const { slice: r } = n;
  if (r.excess < K * (t.to - t.from)) return;
  const l = r.start + r.duration, a = m(Math.max(u(t, l - r.excess), t.left)), h = m(Math.min(u(t, l), t.right));
  if (h - a < 2) return;
  const c = i.top + n.level * (i.height + 1) - 4.5, d = n.level > 0 ? `M${a},${c + 6}H${h}` : `M${a},${c + 3}v-3H${h}v3`;
  s.words.put(`late-${o}`, "path", { class: "il-ln-late", d, "data-late": r.id });
  const w = C(r.excess), b = g(w, x, e, !0);
  n.level > 0 || h - a < b + 10 || s.words.put(`much-${o}`, "text", { class: "il-ln-much", x: m((a + h) / 2), y: c + 4, "text-anchor": "middle" }, w);
}
function ct(s, t, e, i) {
  const { pens: n, frame: o, patterns: r, family: l, selected: a, row: h } = s, [c, d] = V(o, e), { slice: w } = e, b = t.top + e.level * (t.height + 1), _ = a === e.key && h === t.row.id, M = { x: m(c), y: b, width: m(Math.max(d - c - (d - c > 4 ? 0.6 : 0), k)), height: t.height }, A = r.fill(w.kind), q = `il-ln-slice il-ln-${w.kind}`;
  n.slices.put(i, "rect", { class: q, ...M, rx: d - c > 6 ? 2.5 : 0, ...A ? { style: `fill:${A}` } : {}, ...t.which === "frame" ? { "data-slice": w.id } : {} }), _ && n.picked.put(`picked-${i}`, "rect", { class: "il-ln-picked", x: M.x - 2, y: b - 2, width: M.width + 4, height: M.height + 4, rx: 3.5 }), t.which === "frame" && ht(s, t, e, i);
  const O = t.which === "frame" ? at(w.label, d - c - 12, l) : "";
  O && n.words.put(`name-${i}`, "text", { class: `il-ln-name il-ln-name-${w.kind}`, x: m(c + 6), y: b + t.height * 0.7 }, O);
}
function dt(s) {
  const { frame: t, selected: e } = s;
  for (const i of t.bands) {
    const n = { class: "il-ln-tick", x: t.left - 8, y: i.top + i.height * 0.75, "text-anchor": "end" }, o = i.top + i.depth * (i.height + 1) - 0.5;
    s.pens.slices.put(`base-${i.row.id}-${i.which}`, "line", { class: "il-ln-base", x1: t.left, x2: t.right, y1: o, y2: o }), s.pens.words.put(`tag-${i.row.id}-${i.which}`, "text", n, i.which);
    const r = /* @__PURE__ */ new Map();
    i.places.forEach((l, a) => {
      if (!j(l.slice, t)) return;
      const [h, c] = V(t, l), d = r.get(l.level);
      c - h <= k && d !== void 0 && d.kind === l.slice.kind && h - d.x < 0.6 && l.key !== e && l.slice.excess < K * (t.to - t.from) || (r.set(l.level, { x: h, kind: l.slice.kind }), ct(s, i, l, `${i.row.id}-${i.which}-${a}`));
    });
  }
  for (const { row: i, y: n } of t.heads) s.pens.words.put(`head-${i.id}`, "text", { class: "il-ln-head", x: 0, y: n }, i.label);
}
const R = {
  operator: "operator",
  call: "call",
  wait: "wait",
  kernel: "kernel",
  copy: "copy",
  other: "other"
};
let ft = 0;
class ut {
  defs = p("defs", {});
  name = `il-ln-${ft += 1}`;
  constructor() {
    this.defs.append(this.lines("copy", "M-1,1l2,-2M0,6l6,-6M5,7l2,-2", 6), this.lines("wait", "M0,2h6M0,5h6", 6), this.lines("other", "M1,1h1.6v1.6h-1.6zM4,4h1.6v1.6h-1.6z", 6));
  }
  fill(t) {
    return t === "copy" || t === "wait" || t === "other" ? `url(#${this.name}-${t})` : null;
  }
  lines(t, e, i) {
    const n = p("pattern", { id: `${this.name}-${t}`, width: i, height: i, patternUnits: "userSpaceOnUse" });
    return n.append(p("rect", { class: `il-ln-under il-ln-under-${t}`, width: i, height: i }), p("path", { class: `il-ln-lines il-ln-lines-${t}`, d: e })), n;
  }
}
const pt = ".il-instrument{position:relative;font-family:var(--il-sans);font-variant-numeric:tabular-nums;color:var(--il-ink)}.il-ln{background:var(--il-card);display:block;width:100%;height:auto;overflow:visible;font-size:12px;user-select:none}.il-ln-stage{position:relative;border-radius:8px}.il-ln-stage:focus-visible{outline:2px solid var(--il-blue);outline-offset:4px}.il-ln text{fill:var(--il-soft);pointer-events:none}.il-ln text.il-ln-head{fill:var(--il-ink);font-size:13px;font-weight:600;paint-order:stroke;stroke:var(--il-card);stroke-width:5px;stroke-linejoin:round}.il-ln text.il-ln-strong{fill:var(--il-ink);font-weight:600}.il-ln-g-axis text{paint-order:stroke;stroke:var(--il-card);stroke-width:4px}.il-ln-grid{stroke:var(--il-grid)}.il-ln-axis{stroke:var(--il-edge)}.il-ln-base{stroke:var(--il-line)}.il-ln-over{stroke:var(--il-soft);stroke-dasharray:1.5 3.5;stroke-linecap:round}.il-ln-deadline{stroke:var(--il-ink);stroke-width:1.6;stroke-dasharray:6 4}.il-ln-operator{fill:var(--il-sunk);stroke:var(--il-soft);stroke-width:1}.il-ln-call{fill:var(--il-dim)}.il-ln-kernel{fill:var(--il-blue)}.il-ln-copy{stroke:var(--il-blue);stroke-width:1}.il-ln-wait{stroke:var(--il-dim-ink);stroke-width:1;stroke-dasharray:3 2}.il-ln-other{stroke:var(--il-soft);stroke-width:1}.il-ln-under{fill:var(--il-card)}.il-ln-under-copy{fill:var(--il-blue-wash)}.il-ln-lines{fill:none;stroke:var(--il-dim);stroke-width:1}.il-ln-lines-copy{stroke:var(--il-blue);stroke-width:1.5}.il-ln-lines-other{fill:var(--il-soft);stroke:none}.il-ln text.il-ln-name{fill:var(--il-ink);paint-order:stroke;stroke:var(--il-card);stroke-width:4px;stroke-linejoin:round}.il-ln text.il-ln-name-kernel{fill:var(--il-on-blue);stroke:none;font-weight:600}.il-ln text.il-ln-name-call{stroke:none;fill:var(--il-ink)}.il-ln text.il-ln-name-operator{stroke:none}.il-ln-late{fill:none;stroke:var(--il-amber);stroke-width:2.6}.il-ln text.il-ln-much{fill:var(--il-amber);font-weight:600;paint-order:stroke;stroke:var(--il-card);stroke-width:6px}.il-ln-picked{fill:none;stroke:var(--il-ink);stroke-width:2.4;pointer-events:none}.il-ln-focus{fill:none;stroke:var(--il-blue);stroke-width:2.5;pointer-events:none}.il-ln-brush{fill:var(--il-blue);opacity:.14}.il-ln-tools{display:flex;flex-wrap:wrap;gap:6px;margin-bottom:10px}.il-ln-tools button{min-width:32px;min-height:30px;padding:2px 10px;border:1px solid var(--il-edge);border-radius:8px;background:var(--il-card);color:var(--il-ink);font:inherit;font-size:13.5px;cursor:pointer}.il-ln-tools button:hover{border-color:var(--il-blue);color:var(--il-blue)}.il-ln-tools button[aria-pressed=true]{border-color:var(--il-ink);font-weight:600}.il-ln-legend{display:flex;flex-wrap:wrap;gap:4px 16px;margin:8px 0 0;font-size:12.5px;line-height:1.45;color:var(--il-soft)}.il-ln-legend span{display:inline-flex;align-items:center;gap:6px}.il-sr{position:absolute;width:1px;height:1px;margin:-1px;overflow:hidden;clip-path:inset(50%)}.il-tip{position:absolute;z-index:4;max-width:min(320px,100%);padding:8px 12px;border:1px solid var(--il-edge);border-radius:9px;background:var(--il-card);box-shadow:0 4px 14px var(--il-shadow);font-size:13px;line-height:1.4;pointer-events:none}.il-tip b{overflow-wrap:anywhere}.il-tip p{margin:0;color:var(--il-soft)}", mt = 2e-6;
class wt {
  constructor(t) {
    this.changed = t;
    const e = (i, n, o, r) => {
      const l = f("button", { type: "button", "data-zoom": i, "aria-label": o, title: o }, n);
      return l.addEventListener("click", r), l;
    };
    this.whole.addEventListener("click", () => this.show(0, this.span)), this.near.addEventListener("click", () => this.toEvent()), this.element = f(
      "div",
      { class: "il-ln-tools", role: "group", "aria-label": "Part of the frame in sight" },
      this.whole,
      this.near,
      e("out", "−", "Further away", () => this.scale(2)),
      e("in", "+", "Nearer", () => this.scale(0.5)),
      e("earlier", "←", "Earlier", () => this.pan(-0.5)),
      e("later", "→", "Later", () => this.pan(0.5))
    );
  }
  changed;
  element;
  from = 0;
  to = 1;
  span = 1;
  picture = null;
  whole = f("button", { type: "button", "data-zoom": "whole" }, "Whole frame");
  near = f("button", { type: "button", "data-zoom": "event" }, "To the event");
  /** Another frame is shown as a whole; the same one stays as it was. */
  paint(t) {
    const e = this.picture?.title !== t.title || this.picture.span !== t.span;
    this.picture = t, e && (this.span = Math.max(t.span, t.deadline !== null && t.deadline < t.span * 1.6 ? t.deadline * 1.02 : 0, 1e-9), [this.from, this.to] = [0, this.span]), z(this.whole, "aria-pressed", String(this.isWhole)), this.near.textContent = t.selected ? "To the event" : "To the excess";
  }
  get isWhole() {
    return this.from <= 0 && this.to >= this.span;
  }
  show(t, e) {
    const i = Math.min(Math.max(e - t, mt), this.span), n = Math.min(Math.max(t, 0), this.span - i);
    [this.from, this.to] = [n, n + i], z(this.whole, "aria-pressed", String(this.isWhole)), this.changed();
  }
  /** Moves just far enough that a slice is in sight. */
  reach({ start: t, duration: e }) {
    if (t + e >= this.from && t <= this.to) return;
    const i = this.to - this.from;
    this.show(t - i / 2 + e / 2, t + i / 2 + e / 2);
  }
  scale(t) {
    const e = (this.from + this.to) / 2, i = (this.to - this.from) * t / 2;
    this.show(e - i, e + i);
  }
  pan(t) {
    const e = (this.to - this.from) * t;
    this.show(this.from + e, this.to + e);
  }
  toEvent() {
    if (!this.picture) return;
    const t = H(this.picture), e = t.find((r) => r.id === this.picture?.selected) ?? t[0];
    if (!e) return;
    const i = e.start - Math.max(e.excess - e.duration, 0), n = e.start + e.duration - i, o = Math.max(n * 0.25, 2e-5);
    this.show(i - o, e.start + e.duration + o);
  }
}
const P = 8;
class gt {
  constructor(t, e) {
    this.root = t, this.model = e;
    const i = ["axis", "slices", "picked", "words", "mark"].map((n) => p("g", { class: `il-ln-g-${n}` }));
    this.svg.append(this.patterns.defs, ...i), this.pens = { axis: new y(i[0]), slices: new y(i[1]), picked: new y(i[2]), words: new y(i[3]), mark: new y(i[4]) }, this.stage.append(this.svg, this.tip.element), t.append(this.window.element, this.stage, this.said, this.legend), this.listen(), this.observer = new ResizeObserver(() => this.resize()), this.observer.observe(t);
  }
  root;
  model;
  svg = p("svg", { class: "il-ln", role: "img" });
  stage = f("div", { class: "il-ln-stage", tabindex: "0", role: "application", "aria-roledescription": "timeline", "aria-label": "Events of both frames. Left and right: from event to event; up and down: from row to row; Enter: look at it; plus and minus: nearer and further." });
  said = f("p", { class: "il-sr", "aria-live": "polite" });
  legend = f("p", { class: "il-ln-legend" });
  tip = new J();
  patterns = new ut();
  pens;
  window = new wt(() => this.draw());
  observer;
  picture = null;
  frame = null;
  width = 0;
  here = null;
  // where the keyboard is
  pressed = null;
  paint(t) {
    const e = this.picture?.title !== t.title;
    this.picture = t, e && (this.here = null), this.tip.hide(), this.window.paint(t);
    const i = t.rows.flatMap((n) => n.frame).find((n) => n.id === t.selected);
    i && this.width > 0 && this.window.reach(i), this.drawLegend(t), this.width === 0 && (this.width = this.root.clientWidth), this.draw();
  }
  stop() {
    this.observer.disconnect();
  }
  resize() {
    const t = this.root.clientWidth;
    t === this.width || t === 0 || (this.width = t, this.tip.hide(), this.draw());
  }
  draw() {
    const { picture: t } = this;
    if (!t || this.width === 0) return;
    const e = getComputedStyle(this.root).fontFamily, i = ot(t, this.width, this.window);
    this.frame = i;
    const n = i.bands.flatMap((o) => o.places.map((r) => ({ band: o, place: r }))).find(({ band: o, place: r }) => o.which === "frame" && r.slice.id === t.selected);
    lt(this.pens.axis, i, t, e), dt({ pens: this.pens, frame: i, patterns: this.patterns, family: e, selected: n?.place.key ?? null, row: n?.band.row.id ?? null });
    for (const o of [this.pens.axis, this.pens.slices, this.pens.picked, this.pens.words]) o.sweep();
    this.svg.setAttribute("viewBox", `0 0 ${this.width} ${Math.round(i.bottom + 22)}`), this.svg.setAttribute("aria-label", tt(t)), this.drawMark();
  }
  drawLegend(t) {
    const e = new Set(t.rows.flatMap((a) => [...a.frame, ...a.median].map((h) => h.kind))), i = [...e].join(" ");
    if (this.legend.dataset.kinds === i) return;
    this.legend.dataset.kinds = i;
    const n = (a, h) => f("span", {}, a, h), o = (a) => {
      const h = p("svg", { class: "il-ln-sample", viewBox: "0 0 22 12", width: 22, height: 12, "aria-hidden": "true" }), c = this.patterns.fill(a);
      return h.append(p("rect", { class: `il-ln-slice il-ln-${a}`, x: 0.5, y: 0.5, width: 21, height: 11, rx: 2.5, ...c ? { style: `fill:${c}` } : {} })), h;
    }, r = p("svg", { class: "il-ln-sample", viewBox: "0 0 22 12", width: 22, height: 12, "aria-hidden": "true" });
    r.append(p("path", { class: "il-ln-late", d: "M1,9v-4H21v4" }));
    const l = Object.keys(R).filter((a) => e.has(a));
    this.legend.replaceChildren(...l.map((a) => n(o(a), R[a])), n(r, "later or longer than in the median frame"));
  }
  listen() {
    const t = (e) => {
      const i = this.svg.getBoundingClientRect();
      return { x: e.clientX - i.left, y: e.clientY - i.top };
    };
    this.svg.addEventListener("pointermove", (e) => this.hover(t(e).x, t(e).y)), this.svg.addEventListener("pointerleave", () => this.leave()), this.svg.addEventListener("pointerdown", (e) => this.pressed = e.pointerType === "mouse" ? t(e).x : null), this.svg.addEventListener("click", (e) => this.click(t(e).x, t(e).y)), this.svg.addEventListener("dblclick", () => this.window.show(0, 1 / 0)), this.stage.addEventListener("keydown", (e) => this.key(e)), this.stage.addEventListener("focus", () => this.stage.matches(":focus-visible") && this.land()), this.stage.addEventListener("blur", () => this.leave());
  }
  hover(t, e) {
    if (!this.frame) return;
    if (this.pressed !== null && Math.abs(t - this.pressed) > P && this.pressed !== null) {
      const [o, r] = [Math.min(t, this.pressed), Math.max(t, this.pressed)];
      return this.pens.mark.put("brush", "rect", { class: "il-ln-brush", x: o, y: this.frame.top, width: r - o, height: this.frame.bottom - this.frame.top }), this.pens.mark.sweep(), this.tip.hide();
    }
    const n = B(this.frame, t, e);
    this.svg.style.cursor = n ? "pointer" : "", n ? this.explain(n.band, n.place, t) : this.tip.hide();
  }
  leave() {
    this.pressed = null, this.tip.hide(), this.drawMark();
  }
  click(t, e) {
    const { pressed: i, frame: n } = this;
    if (this.pressed = null, !n) return;
    if (i !== null && Math.abs(t - i) > P) return this.window.show(T(n, Math.min(t, i)), T(n, Math.max(t, i)));
    const o = B(n, t, e);
    o && this.choose(o.band, o.place);
  }
  /** A slice of the median frame stands for its like in the frame that is looked at. */
  choose(t, e) {
    const i = t.which === "frame" ? e : this.frame?.bands.find((n) => n.row.id === t.row.id && n.which === "frame")?.places.find((n) => n.key === e.key);
    i && (this.model.set("event", i.slice.id === this.picture?.selected ? "none" : i.slice.id), this.model.save_changes());
  }
  explain(t, e, i) {
    if (!this.frame) return;
    const n = u(this.frame, e.slice.start + e.slice.duration / 2), o = t.top + e.level * (t.height + 1);
    this.tip.show(e.slice.label, F(e.slice, t), { x: i ?? Math.min(Math.max(n, this.frame.left), this.frame.right), top: o, bottom: o + t.height, width: this.width });
  }
  found() {
    const t = this.frame?.bands.find((i) => `${i.row.id} ${i.which}` === this.here?.band), e = t?.places.find((i) => i.slice.id === this.here?.id);
    return t && e ? { band: t, place: e } : null;
  }
  /** The keyboard comes to the slice that is looked at, or to the latest one. */
  land() {
    if (!this.frame || !this.picture) return;
    if (this.found()) return this.moved();
    const t = this.frame.bands.filter((i) => i.which === "frame").flatMap((i) => i.places.map((n) => ({ band: i, place: n }))), e = t.find(({ place: i }) => i.slice.id === this.picture?.selected) ?? t.sort((i, n) => n.place.slice.excess - i.place.slice.excess)[0];
    e && this.go(e.band, e.place);
  }
  go(t, e) {
    this.here = { band: `${t.row.id} ${t.which}`, id: e.slice.id }, this.window.reach(e.slice), this.moved();
  }
  moved() {
    const t = this.found();
    this.drawMark(), t && (this.explain(t.band, t.place), D(this.said, Z(t.place.slice, t.band)));
  }
  drawMark() {
    const t = document.activeElement === this.stage || this.root.getRootNode() instanceof ShadowRoot ? this.found() : null;
    if (t && this.frame && j(t.place.slice, this.frame) && this.stage.matches(":focus-visible")) {
      const e = Math.max(u(this.frame, t.place.slice.start), this.frame.left), i = Math.min(u(this.frame, t.place.slice.start + t.place.slice.duration), this.frame.right), n = t.band.top + t.place.level * (t.band.height + 1);
      this.pens.mark.put("focus", "rect", { class: "il-ln-focus", x: e - 4, y: n - 4, width: Math.max(i - e, 1.4) + 8, height: t.band.height + 8, rx: 5 });
    }
    this.pens.mark.sweep();
  }
  key(t) {
    if (t.ctrlKey || t.metaKey || t.altKey) return;
    const e = this.found(), i = { ArrowRight: 1, ArrowLeft: -1 }[t.key], n = { ArrowDown: 1, ArrowUp: -1 }[t.key];
    if (t.key === "+" || t.key === "=") this.window.scale(0.5);
    else if (t.key === "-") this.window.scale(2);
    else if (t.key === "Escape") this.tip.hide();
    else if (e) if (i) this.along(e, i);
    else if (n) this.across(e, n);
    else if (t.key === "Enter" || t.key === " ") this.choose(e.band, e.place);
    else return;
    else return this.land();
    t.preventDefault();
  }
  along({ band: t, place: e }, i) {
    const n = t.places[t.places.indexOf(e) + i];
    n && this.go(t, n);
  }
  /** To the slice of the next band that is nearest in time. */
  across({ band: t, place: e }, i) {
    const n = this.frame?.bands ?? [];
    for (let o = n.indexOf(t) + i; o >= 0 && o < n.length; o += i) {
      const r = n[o];
      if (!r?.places.length) continue;
      const l = (a) => Math.max(a.slice.start - e.slice.start, e.slice.start - a.slice.start - a.slice.duration, 0);
      return this.go(r, r.places.reduce((a, h) => l(h) < l(a) ? h : a));
    }
  }
}
const xt = Y(pt, (s, t) => new gt(s, t));
export {
  xt as default
};
