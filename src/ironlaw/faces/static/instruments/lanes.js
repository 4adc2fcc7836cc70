function f(s, t = {}, ...e) {
  const i = document.createElement(s);
  for (const [n, o] of Object.entries(t))
    o == null || o === !1 || i.setAttribute(n, o === !0 ? "" : String(o));
  return i.append(...e.filter((n) => !!n || n === "")), i;
}
function P(s, t) {
  s.textContent !== t && (s.textContent = t);
}
function O(s, t, e) {
  s.getAttribute(t) !== e && s.setAttribute(t, e);
}
const _ = ':root,:host{color-scheme:light dark;--il-paper: light-dark(#faf8f4, #111518);--il-card: light-dark(#ffffff, #191e22);--il-sunk: light-dark(#f3f0e9, #0d1012);--il-ink: light-dark(#1b2025, #e9e6e0);--il-soft: light-dark(#545e68, #a5afb8);--il-line: light-dark(#e4e0d7, #2b3238);--il-grid: light-dark(#ebe8e1, #262d32);--il-edge: light-dark(#858a8e, #737f89);--il-dim: light-dark(#a3aeb8, #56636d);--il-dim-ink: light-dark(#66707a, #94a0aa);--il-blue: light-dark(#0b5cad, #6db3ff);--il-blue-wash: light-dark(#eaf2fa, #16283a);--il-on-blue: light-dark(#ffffff, #0d1418);--il-amber: light-dark(#8f4f00, #ffb454);--il-amber-wash: light-dark(#fbf1e1, #2c2213);--il-red: light-dark(#d7263d, #ff5468);--il-shadow: light-dark(rgb(40 34 20 / .07), rgb(0 0 0 / .35));--il-serif: Charter, "Bitstream Charter", "Iowan Old Style", "Source Serif 4", "Source Serif Pro", Georgia, "Noto Serif", "DejaVu Serif", serif;--il-sans: system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "DejaVu Sans", sans-serif;--il-radius: 14px;--il-glide: .15s}:root[data-theme=light],[data-jp-theme-light=true],.vscode-light{color-scheme:light}:root[data-theme=dark],[data-jp-theme-light=false],.vscode-dark{color-scheme:dark}@media(prefers-reduced-motion:reduce){:root,:host{--il-glide: 0ms}}@media print{:root:root{color-scheme:light}}', G = ".il-instrument{position:relative;font-family:var(--il-sans);font-variant-numeric:tabular-nums;color:var(--il-ink)}.il-chart{background:var(--il-card);display:block;width:100%;height:auto;overflow:visible;font-size:12px}.il-chart text{fill:var(--il-soft);pointer-events:none}.il-chart text.il-strong{fill:var(--il-ink);font-weight:600}.il-chart text.il-halo{paint-order:stroke;stroke:var(--il-card);stroke-width:4px;stroke-linejoin:round}.il-chart-grid{stroke:var(--il-grid)}.il-chart-axis{stroke:var(--il-edge)}.il-chart-limit{fill:none;stroke:var(--il-ink);stroke-width:1.6;stroke-dasharray:6 4}.il-stage{position:relative;border-radius:8px}.il-stage:focus-visible{outline:2px solid var(--il-blue);outline-offset:4px}.il-key{margin:8px 4px 0;font-size:12.5px;line-height:1.45;color:var(--il-soft)}.il-sr{position:absolute;width:1px;height:1px;margin:-1px;overflow:hidden;clip-path:inset(50%)}.il-tip{position:absolute;z-index:4;max-width:min(320px,100%);padding:8px 12px;border:1px solid var(--il-edge);border-radius:9px;background:var(--il-card);box-shadow:0 4px 14px var(--il-shadow);font-size:13px;line-height:1.4;pointer-events:none}.il-tip b{overflow-wrap:anywhere}.il-tip p{margin:0;color:var(--il-soft)}";
function X(s, t) {
  const e = document.createElement("div");
  e.className = "il-instrument";
  const i = getComputedStyle(document.documentElement).getPropertyValue("--il-ink") !== "", n = document.createElement("style");
  return n.textContent = [...i ? [] : [_], G, t].join(`
`), s.append(n, e), e;
}
function Y(s, t) {
  return {
    render({ model: e, el: i }) {
      const n = X(i, s), o = t(n, e), l = () => {
        const r = e.get("picture");
        r && o.paint(r);
      };
      return e.on("change:picture", l), l(), () => {
        e.off("change:picture", l), o.stop?.(), i.replaceChildren();
      };
    }
  };
}
class J {
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
const S = "http://www.w3.org/2000/svg";
class Q {
  constructor(t) {
    this.parent = t;
  }
  parent;
  drawn = /* @__PURE__ */ new Map();
  /** Draws (or updates) the element of this key, in this picture. */
  put(t, e, i, n) {
    let o = this.drawn.get(t);
    if (!o) {
      const l = document.createElementNS(S, e);
      this.parent.append(l), o = { element: l, attributes: {}, text: void 0, used: !0 }, this.drawn.set(t, o);
    }
    o.used = !0;
    for (const [l, r] of Object.entries(i))
      o.attributes[l] !== r && o.element.setAttribute(l, String(r));
    for (const l of Object.keys(o.attributes)) l in i || o.element.removeAttribute(l);
    return o.attributes = i, n !== o.text && (o.element.textContent = n ?? ""), o.text = n, o.element;
  }
  /** A text tooltip of an element drawn before in this picture. */
  title(t, e) {
    const i = t.querySelector("title");
    i?.textContent !== e && (i ? i.textContent = e : t.append(Object.assign(document.createElementNS(S, "title"), { textContent: e })));
  }
  /** Removes what was not drawn since the last sweep. */
  sweep() {
    for (const [t, e] of this.drawn)
      e.used || (e.element.remove(), this.drawn.delete(t)), e.used = !1;
  }
}
function p(s, t) {
  const e = document.createElementNS(S, s);
  for (const [i, n] of Object.entries(t)) e.setAttribute(i, String(n));
  return e;
}
function Z(s, t, e = "il-") {
  const i = t.map((n) => p("g", { class: `${e}${n}` }));
  return s.append(...i), Object.fromEntries(t.map((n, o) => [n, new Q(i[o])]));
}
const m = (s) => Math.round(s * 10) / 10;
class tt {
  element = f("div", { class: "il-tip", "aria-hidden": "true", hidden: !0 });
  name = f("b", {});
  lines = f("div", {});
  constructor() {
    this.element.append(this.name, this.lines);
  }
  /** Shows a card above (or, without room, below) a place of the instrument [px]. */
  show(t, e, i) {
    P(this.name, t), this.lines.replaceChildren(...e.map((a) => f("p", {}, a))), this.element.hidden = !1;
    const { offsetWidth: n, offsetHeight: o } = this.element, l = Math.min(Math.max(i.x - n / 2, 0), Math.max(i.width - n, 0)), r = i.top - o - 8;
    this.element.style.left = `${Math.round(l)}px`, this.element.style.top = `${Math.round(r < -40 ? i.bottom + 8 : r)}px`;
  }
  hide() {
    this.element.hidden = !0;
  }
}
const et = " ", z = /* @__PURE__ */ new Map();
function D(s, t = 3) {
  if (!Number.isFinite(s)) return "–";
  let e = z.get(t);
  return e || (e = new Intl.NumberFormat("en", { maximumSignificantDigits: t }), z.set(t, e)), e.format(s);
}
function F(s) {
  return s >= 1 ? { scale: 1, unit: "s" } : s >= 1e-3 ? { scale: 1e-3, unit: "ms" } : { scale: 1e-6, unit: "µs" };
}
function v(s) {
  const { scale: t, unit: e } = F(s);
  return `${D(s / t)}${et}${e}`;
}
function L(s) {
  return Math.abs(s) < 5e-10 ? v(0) : `${s < 0 ? "−" : "+"}${v(Math.abs(s))}`;
}
function I(s, t) {
  const e = s.stage ? `, ${s.stage}` : "", i = `${s.kind} · ${t.row.label}${e}`, n = `starts at ${v(s.start)}, lasts ${v(s.duration)}`;
  return t.which === "median" ? [i, n, "of the median frame"] : [i, n, `${L(s.excess)} beside the median frame`];
}
function it(s, t) {
  return `${s.label}. ${I(s, t).join(". ")}.`;
}
function U(s) {
  return s.rows.flatMap((t) => t.frame).sort((t, e) => e.excess - t.excess);
}
function st(s) {
  const e = U(s).slice(0, 4).filter((n) => n.excess > 0).map((n) => `${n.label} ${L(n.excess)}`).join(", "), i = s.rows.map((n) => `${n.label}, ${n.frame.length} events`).join("; ");
  return `${s.title}. Rows: ${i}. ${e ? `Most beside the median frame: ${e}.` : "Nothing is late beside the median frame."}`;
}
let y = null;
const M = /* @__PURE__ */ new Map();
function g(s, t, e, i = !1) {
  const n = `${i ? "600 " : ""}${t}px ${e}`, o = `${n}|${s}`, l = M.get(o);
  if (l !== void 0) return l;
  y ??= document.createElement("canvas").getContext("2d"), y && (y.font = n);
  const r = y ? y.measureText(s).width : s.length * t * 0.6;
  return M.size > 4e3 && M.clear(), M.set(o, r), r;
}
function nt(s, t, e) {
  const i = t - s;
  if (!(i > 0) || e < 1) return [];
  const n = i / e, o = 10 ** Math.floor(Math.log10(n)), l = [1, 2, 5, 10].map((h) => h * o).find((h) => h >= n * 0.999) ?? 10 * o, r = Math.ceil(s / l - 1e-9), a = Math.floor(t / l + 1e-9);
  return Array.from({ length: Math.max(a - r + 1, 0) }, (h, c) => (r + c) * l);
}
function ot(s, { scale: t }, e = 6) {
  return D(Math.abs(s) < 1e-15 ? 0 : s / t, e);
}
const rt = 4, N = { frame: 19, median: 12 };
function lt(s) {
  const t = [], e = /* @__PURE__ */ new Map(), i = [], n = [...s].sort((o, l) => o.start - l.start || l.duration - o.duration);
  for (const o of n) {
    const l = e.get(o.label) ?? 0;
    e.set(o.label, l + 1);
    const r = t.findIndex((h) => h <= o.start + 1e-12), a = r < 0 ? t.length : r;
    a >= rt || (t[a] = o.start + o.duration, i.push({ slice: o, level: a, key: `${o.label}#${l}` }));
  }
  return i;
}
function at(s, t, e) {
  const i = t < 560, n = { width: t, narrow: i, left: i ? 46 : 56, right: t - 6, top: 24, bottom: 0, ...e, bands: [], heads: [] };
  let o = n.top;
  for (const l of s.rows) {
    n.heads.push({ row: l, y: o + 13 }), o += 27;
    for (const r of ["frame", "median"]) {
      const a = lt(l[r]), h = Math.max(1, ...a.map((c) => c.level + 1));
      n.bands.push({ row: l, which: r, top: o, height: N[r], depth: h, places: a }), o += h * (N[r] + 1) + (r === "frame" ? 3 : 13);
    }
  }
  return n.bottom = o, n;
}
const u = (s, t) => s.left + (t - s.from) / (s.to - s.from) * (s.right - s.left), W = (s, t) => s.from + (t - s.left) / (s.right - s.left) * (s.to - s.from), j = ({ start: s, duration: t }, e) => s + t >= e.from && s <= e.to, E = 7;
function T(s, t, e) {
  const i = s.bands.find(({ top: r, height: a, depth: h }) => e >= r - 2 && e <= r + h * (a + 1) + 2);
  if (!i || t < s.left - E || t > s.right + E) return null;
  const n = Math.min(Math.max(Math.floor((e - i.top) / (i.height + 1)), 0), i.depth - 1);
  let o = null, l = E;
  for (const r of i.places) {
    if (!j(r.slice, s)) continue;
    const [a, h] = [u(s, r.slice.start), u(s, r.slice.start + r.slice.duration)], c = Math.max(a - t, t - h, 0) + (r.level === n ? 0 : 3);
    (c < l || c === l && o && r.slice.duration < o.slice.duration) && ([l, o] = [c, r]);
  }
  return o ? { band: i, place: o } : null;
}
const x = 12, k = 1.4, H = 0.012;
function ht(s, t, e, i) {
  const n = F(Math.max(t.to, 1e-12)), o = t.to - t.from < n.scale / 2 && t.from > 0, l = nt(t.from, t.to, t.narrow ? o ? 3 : 4 : o ? 6 : 9);
  l.forEach((r, a) => {
    const h = m(u(t, r));
    s.put(`grid-${a}`, "line", { class: "il-chart-grid", x1: h, x2: h, y1: t.top, y2: t.bottom });
    const c = `${ot(r, n)}${a === l.length - 1 ? ` ${n.unit}` : ""}`, d = g(c, x, i) / 2;
    s.put(`tick-${a}`, "text", { class: "il-ln-tick", x: m(Math.min(h, t.right - d + 4)), y: t.bottom + 15, "text-anchor": "middle" }, c);
  }), s.put("axis", "line", { class: "il-chart-axis", x1: t.left, x2: t.right, y1: t.bottom, y2: t.bottom }), ct(s, t, e, i);
}
function ct(s, t, e, i) {
  const n = (r) => r >= t.from && r <= t.to, o = Math.max(0, ...e.rows.flatMap((r) => r.median.map((a) => a.start + a.duration))), { deadline: l } = e;
  if (o > 0 && n(o)) {
    const r = m(u(t, o));
    s.put("over", "line", { class: "il-ln-over", x1: r, x2: r, y1: t.top - 2, y2: t.bottom });
    const a = t.narrow ? "median ends" : "the median frame ends", h = r - g(a, x, i) - 6 > 0;
    (h || l === null || !n(l)) && s.put("over-words", "text", { class: "il-ln-tick", x: h ? r - 5 : r + 5, y: 12, "text-anchor": h ? "end" : "start" }, a);
  }
  if (l !== null && n(l)) {
    const r = m(u(t, l));
    s.put("deadline", "line", { class: "il-chart-limit", x1: r, x2: r, y1: 2, y2: t.bottom });
    const a = `deadline ${v(l)}`, h = r + 6 + g(a, x, i, !0) < t.width;
    s.put("deadline-words", "text", { class: "il-strong", x: h ? r + 6 : r - 6, y: 12, "text-anchor": h ? "start" : "end" }, a);
  }
  o > 0 && o < t.from && s.put("before", "text", { class: "il-ln-tick", x: t.left, y: 12 }, `◀ the median frame is over by ${v(o)}`);
}
function dt(s, t, e) {
  if (g(s, x, e) <= t) return s;
  let i = Math.floor(s.length * t / g(s, x, e));
  for (; i > 3 && g(`${s.slice(0, i)}…`, x, e) > t; ) i -= 1;
  return i > 3 ? `${s.slice(0, i)}…` : "";
}
function K(s, { slice: t }) {
  const e = Math.max(u(s, t.start), s.left), i = Math.min(u(s, t.start + t.duration), s.right);
  return i - e >= k ? [e, i] : [Math.min(e, s.right - k), Math.min(e, s.right - k) + k];
}
function ft({ pens: s, frame: t, family: e }, i, n, o) {
  const { slice: l } = n;
  if (l.excess < H * (t.to - t.from)) return;
  const r = l.start + l.duration, a = m(Math.max(u(t, r - l.excess), t.left)), h = m(Math.min(u(t, r), t.right));
  if (h - a < 2) return;
  const c = i.top + n.level * (i.height + 1) - 4.5, d = n.level > 0 ? `M${a},${c + 6}H${h}` : `M${a},${c + 3}v-3H${h}v3`;
  s.words.put(`late-${o}`, "path", { class: "il-ln-late", d, "data-late": l.id });
  const w = L(l.excess), b = g(w, x, e, !0);
  n.level > 0 || h - a < b + 10 || s.words.put(`much-${o}`, "text", { class: "il-ln-much", x: m((a + h) / 2), y: c + 4, "text-anchor": "middle" }, w);
}
function ut(s, t, e, i) {
  const { pens: n, frame: o, patterns: l, family: r, selected: a, row: h } = s, [c, d] = K(o, e), { slice: w } = e, b = t.top + e.level * (t.height + 1), V = a === e.key && h === t.row.id, $ = { x: m(c), y: b, width: m(Math.max(d - c - (d - c > 4 ? 0.6 : 0), k)), height: t.height }, C = l.fill(w.kind), q = `il-ln-slice il-ln-${w.kind}`;
  n.slices.put(i, "rect", { class: q, ...$, rx: d - c > 6 ? 2.5 : 0, ...C ? { style: `fill:${C}` } : {}, ...t.which === "frame" ? { "data-slice": w.id } : {} }), V && n.picked.put(`picked-${i}`, "rect", { class: "il-ln-picked", x: $.x - 2, y: b - 2, width: $.width + 4, height: $.height + 4, rx: 3.5 }), t.which === "frame" && ft(s, t, e, i);
  const A = t.which === "frame" ? dt(w.label, d - c - 12, r) : "";
  A && n.words.put(`name-${i}`, "text", { class: `il-ln-name il-ln-name-${w.kind}`, x: m(c + 6), y: b + t.height * 0.7 }, A);
}
function pt(s) {
  const { frame: t, selected: e } = s;
  for (const i of t.bands) {
    const n = { class: "il-ln-tick", x: t.left - 8, y: i.top + i.height * 0.75, "text-anchor": "end" }, o = i.top + i.depth * (i.height + 1) - 0.5;
    s.pens.slices.put(`base-${i.row.id}-${i.which}`, "line", { class: "il-ln-base", x1: t.left, x2: t.right, y1: o, y2: o }), s.pens.words.put(`tag-${i.row.id}-${i.which}`, "text", n, i.which);
    const l = /* @__PURE__ */ new Map();
    i.places.forEach((r, a) => {
      if (!j(r.slice, t)) return;
      const [h, c] = K(t, r), d = l.get(r.level);
      c - h <= k && d !== void 0 && d.kind === r.slice.kind && h - d.x < 0.6 && r.key !== e && r.slice.excess < H * (t.to - t.from) || (l.set(r.level, { x: h, kind: r.slice.kind }), ut(s, i, r, `${i.row.id}-${i.which}-${a}`));
    });
  }
  for (const { row: i, y: n } of t.heads) s.pens.words.put(`head-${i.id}`, "text", { class: "il-ln-head", x: 0, y: n }, i.label);
}
const B = {
  operator: "operator",
  call: "call",
  wait: "wait",
  kernel: "kernel",
  copy: "copy",
  other: "other"
};
let mt = 0;
class wt {
  defs = p("defs", {});
  name = `il-ln-${mt += 1}`;
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
const gt = ".il-ln{user-select:none}.il-ln text.il-ln-head{fill:var(--il-ink);font-size:13px;font-weight:600;paint-order:stroke;stroke:var(--il-card);stroke-width:5px;stroke-linejoin:round}.il-ln-g-axis text{paint-order:stroke;stroke:var(--il-card);stroke-width:4px}.il-ln-base{stroke:var(--il-line)}.il-ln-over{stroke:var(--il-soft);stroke-dasharray:1.5 3.5;stroke-linecap:round}.il-ln-operator{fill:var(--il-sunk);stroke:var(--il-soft);stroke-width:1}.il-ln-call{fill:var(--il-dim)}.il-ln-kernel{fill:var(--il-blue)}.il-ln-copy{stroke:var(--il-blue);stroke-width:1}.il-ln-wait{stroke:var(--il-dim-ink);stroke-width:1;stroke-dasharray:3 2}.il-ln-other{stroke:var(--il-soft);stroke-width:1}.il-ln-under{fill:var(--il-card)}.il-ln-under-copy{fill:var(--il-blue-wash)}.il-ln-lines{fill:none;stroke:var(--il-dim);stroke-width:1}.il-ln-lines-copy{stroke:var(--il-blue);stroke-width:1.5}.il-ln-lines-other{fill:var(--il-soft);stroke:none}.il-ln text.il-ln-name{fill:var(--il-ink);paint-order:stroke;stroke:var(--il-card);stroke-width:4px;stroke-linejoin:round}.il-ln text.il-ln-name-kernel{fill:var(--il-on-blue);stroke:none;font-weight:600}.il-ln text.il-ln-name-call{stroke:none;fill:var(--il-ink)}.il-ln text.il-ln-name-operator{stroke:none}.il-ln-late{fill:none;stroke:var(--il-amber);stroke-width:2.6}.il-ln text.il-ln-much{fill:var(--il-amber);font-weight:600;paint-order:stroke;stroke:var(--il-card);stroke-width:6px}.il-ln-picked{fill:none;stroke:var(--il-ink);stroke-width:2.4;pointer-events:none}.il-ln-focus{fill:none;stroke:var(--il-blue);stroke-width:2.5;pointer-events:none}.il-ln-brush{fill:var(--il-blue);opacity:.14}.il-ln-tools{display:flex;flex-wrap:wrap;gap:6px;margin-bottom:10px}.il-ln-tools button{min-width:32px;min-height:30px;padding:2px 10px;border:1px solid var(--il-edge);border-radius:8px;background:var(--il-card);color:var(--il-ink);font:inherit;font-size:13.5px;cursor:pointer}.il-ln-tools button:hover{border-color:var(--il-blue);color:var(--il-blue)}.il-ln-tools button[aria-pressed=true]{border-color:var(--il-ink);font-weight:600}.il-ln-legend{display:flex;flex-wrap:wrap;gap:4px 16px;margin:8px 0 0;font-size:12.5px;line-height:1.45;color:var(--il-soft)}.il-ln-legend span{display:inline-flex;align-items:center;gap:6px}", xt = 2e-6;
class kt {
  constructor(t) {
    this.changed = t;
    const e = (i, n, o, l) => {
      const r = f("button", { type: "button", "data-zoom": i, "aria-label": o, title: o }, n);
      return r.addEventListener("click", l), r;
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
    this.picture = t, e && (this.span = Math.max(t.span, t.deadline !== null && t.deadline < t.span * 1.6 ? t.deadline * 1.02 : 0, 1e-9), [this.from, this.to] = [0, this.span]), O(this.whole, "aria-pressed", String(this.isWhole)), this.near.textContent = t.selected ? "To the event" : "To the excess";
  }
  get isWhole() {
    return this.from <= 0 && this.to >= this.span;
  }
  show(t, e) {
    const i = Math.min(Math.max(e - t, xt), this.span), n = Math.min(Math.max(t, 0), this.span - i);
    [this.from, this.to] = [n, n + i], O(this.whole, "aria-pressed", String(this.isWhole)), this.changed();
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
    const t = U(this.picture), e = t.find((l) => l.id === this.picture?.selected) ?? t[0];
    if (!e) return;
    const i = e.start - Math.max(e.excess - e.duration, 0), n = e.start + e.duration - i, o = Math.max(n * 0.25, 2e-5);
    this.show(i - o, e.start + e.duration + o);
  }
}
const R = 8;
class vt extends J {
  constructor(t, e) {
    super(t), this.model = e, this.svg.append(this.patterns.defs), this.pens = Z(this.svg, ["axis", "slices", "picked", "words", "mark"], "il-ln-g-"), this.stage.append(this.svg, this.tip.element), t.append(this.window.element, this.stage, this.said, this.legend), this.listen();
  }
  model;
  svg = p("svg", { class: "il-chart il-ln", role: "img" });
  stage = f("div", { class: "il-stage il-ln-stage", tabindex: "0", role: "application", "aria-roledescription": "timeline", "aria-label": "Events of both frames. Left and right: from event to event; up and down: from row to row; Enter: look at it; plus and minus: nearer and further." });
  said = f("p", { class: "il-sr", "aria-live": "polite" });
  legend = f("p", { class: "il-ln-legend" });
  tip = new tt();
  patterns = new wt();
  pens;
  window = new kt(() => this.redraw());
  title = "";
  frame = null;
  here = null;
  // where the keyboard is
  pressed = null;
  /** What a new picture changes around the drawing: the keyboard's place, the part in sight, the legend. */
  take(t) {
    this.title !== t.title && (this.here = null), this.title = t.title, this.window.paint(t);
    const e = t.rows.flatMap((i) => i.frame).find((i) => i.id === t.selected);
    e && this.window.reach(e), this.drawLegend(t);
  }
  draw(t, e) {
    const { family: i } = this;
    this.tip.hide(), e && this.take(t);
    const n = at(t, this.width, this.window);
    this.frame = n;
    const o = n.bands.flatMap((l) => l.places.map((r) => ({ band: l, place: r }))).find(({ band: l, place: r }) => l.which === "frame" && r.slice.id === t.selected);
    ht(this.pens.axis, n, t, i), pt({ pens: this.pens, frame: n, patterns: this.patterns, family: i, selected: o?.place.key ?? null, row: o?.band.row.id ?? null });
    for (const l of [this.pens.axis, this.pens.slices, this.pens.picked, this.pens.words]) l.sweep();
    this.svg.setAttribute("viewBox", `0 0 ${this.width} ${Math.round(n.bottom + 22)}`), this.svg.setAttribute("aria-label", st(t)), this.drawMark();
  }
  drawLegend(t) {
    const e = new Set(t.rows.flatMap((a) => [...a.frame, ...a.median].map((h) => h.kind))), i = [...e].join(" ");
    if (this.legend.dataset.kinds === i) return;
    this.legend.dataset.kinds = i;
    const n = (a, h) => f("span", {}, a, h), o = (a) => {
      const h = p("svg", { class: "il-ln-sample", viewBox: "0 0 22 12", width: 22, height: 12, "aria-hidden": "true" }), c = this.patterns.fill(a);
      return h.append(p("rect", { class: `il-ln-slice il-ln-${a}`, x: 0.5, y: 0.5, width: 21, height: 11, rx: 2.5, ...c ? { style: `fill:${c}` } : {} })), h;
    }, l = p("svg", { class: "il-ln-sample", viewBox: "0 0 22 12", width: 22, height: 12, "aria-hidden": "true" });
    l.append(p("path", { class: "il-ln-late", d: "M1,9v-4H21v4" }));
    const r = Object.keys(B).filter((a) => e.has(a));
    this.legend.replaceChildren(...r.map((a) => n(o(a), B[a])), n(l, "later or longer than in the median frame"));
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
    if (this.pressed !== null && Math.abs(t - this.pressed) > R && this.pressed !== null) {
      const [o, l] = [Math.min(t, this.pressed), Math.max(t, this.pressed)];
      return this.pens.mark.put("brush", "rect", { class: "il-ln-brush", x: o, y: this.frame.top, width: l - o, height: this.frame.bottom - this.frame.top }), this.pens.mark.sweep(), this.tip.hide();
    }
    const n = T(this.frame, t, e);
    this.svg.style.cursor = n ? "pointer" : "", n ? this.explain(n.band, n.place, t) : this.tip.hide();
  }
  leave() {
    this.pressed = null, this.tip.hide(), this.drawMark();
  }
  click(t, e) {
    const { pressed: i, frame: n } = this;
    if (this.pressed = null, !n) return;
    if (i !== null && Math.abs(t - i) > R) return this.window.show(W(n, Math.min(t, i)), W(n, Math.max(t, i)));
    const o = T(n, t, e);
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
    this.tip.show(e.slice.label, I(e.slice, t), { x: i ?? Math.min(Math.max(n, this.frame.left), this.frame.right), top: o, bottom: o + t.height, width: this.width });
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
    this.drawMark(), t && (this.explain(t.band, t.place), P(this.said, it(t.place.slice, t.band)));
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
      const l = n[o];
      if (!l?.places.length) continue;
      const r = (a) => Math.max(a.slice.start - e.slice.start, e.slice.start - a.slice.start - a.slice.duration, 0);
      return this.go(l, l.places.reduce((a, h) => r(h) < r(a) ? h : a));
    }
  }
}
const bt = Y(gt, (s, t) => new vt(s, t));
export {
  bt as default
};
