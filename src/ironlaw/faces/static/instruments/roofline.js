const V = ':root,:host{color-scheme:light dark;--il-paper: light-dark(#faf8f4, #111518);--il-card: light-dark(#ffffff, #191e22);--il-sunk: light-dark(#f3f0e9, #0d1012);--il-ink: light-dark(#1b2025, #e9e6e0);--il-soft: light-dark(#545e68, #a5afb8);--il-line: light-dark(#e4e0d7, #2b3238);--il-grid: light-dark(#ebe8e1, #262d32);--il-edge: light-dark(#858a8e, #737f89);--il-dim: light-dark(#a3aeb8, #56636d);--il-dim-ink: light-dark(#66707a, #94a0aa);--il-blue: light-dark(#0b5cad, #6db3ff);--il-blue-wash: light-dark(#eaf2fa, #16283a);--il-on-blue: light-dark(#ffffff, #0d1418);--il-amber: light-dark(#8f4f00, #ffb454);--il-amber-wash: light-dark(#fbf1e1, #2c2213);--il-red: light-dark(#d7263d, #ff5468);--il-shadow: light-dark(rgb(40 34 20 / .07), rgb(0 0 0 / .35));--il-serif: Charter, "Bitstream Charter", "Iowan Old Style", "Source Serif 4", "Source Serif Pro", Georgia, "Noto Serif", "DejaVu Serif", serif;--il-sans: system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "DejaVu Sans", sans-serif;--il-radius: 14px;--il-glide: .15s}:root[data-theme=light],[data-jp-theme-light=true],.vscode-light{color-scheme:light}:root[data-theme=dark],[data-jp-theme-light=false],.vscode-dark{color-scheme:dark}@media(prefers-reduced-motion:reduce){:root,:host{--il-glide: 0ms}}@media print{:root:root{color-scheme:light}}', U = ".il-instrument{position:relative;font-family:var(--il-sans);font-variant-numeric:tabular-nums;color:var(--il-ink)}.il-chart{background:var(--il-card);display:block;width:100%;height:auto;overflow:visible;font-size:12px}.il-chart text{fill:var(--il-soft);pointer-events:none}.il-chart text.il-strong{fill:var(--il-ink);font-weight:600}.il-chart text.il-halo{paint-order:stroke;stroke:var(--il-card);stroke-width:4px;stroke-linejoin:round}.il-chart-grid{stroke:var(--il-grid)}.il-chart-axis{stroke:var(--il-edge)}.il-chart-limit{fill:none;stroke:var(--il-ink);stroke-width:1.6;stroke-dasharray:6 4}.il-stage{position:relative;border-radius:8px}.il-stage:focus-visible{outline:2px solid var(--il-blue);outline-offset:4px}.il-key{margin:8px 4px 0;font-size:12.5px;line-height:1.45;color:var(--il-soft)}.il-sr{position:absolute;width:1px;height:1px;margin:-1px;overflow:hidden;clip-path:inset(50%)}.il-tip{position:absolute;z-index:4;max-width:min(320px,100%);padding:8px 12px;border:1px solid var(--il-edge);border-radius:9px;background:var(--il-card);box-shadow:0 4px 14px var(--il-shadow);font-size:13px;line-height:1.4;pointer-events:none}.il-tip b{overflow-wrap:anywhere}.il-tip p{margin:0;color:var(--il-soft)}";
function K(e, t) {
  const n = document.createElement("div");
  n.className = "il-instrument";
  const o = getComputedStyle(document.documentElement).getPropertyValue("--il-ink") !== "", s = document.createElement("style");
  return s.textContent = [...o ? [] : [V], U, t].join(`
`), e.append(s, n), n;
}
function X(e, t) {
  return {
    render({ model: n, el: o }) {
      const s = K(o, e), r = t(s, n), i = () => {
        const l = n.get("picture");
        l && r.paint(l);
      };
      return n.on("change:picture", i), i(), () => {
        n.off("change:picture", i), r.stop?.(), o.replaceChildren();
      };
    }
  };
}
class Y {
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
    const n = t !== this.drawn;
    this.drawn = t, this.draw(t, n);
  }
  resize() {
    const t = this.root.clientWidth;
    t !== this.width && (this.width = t, t !== 0 && (this.root.classList.add("il-still"), this.redraw(), requestAnimationFrame(() => this.root.classList.remove("il-still"))));
  }
}
const z = "http://www.w3.org/2000/svg";
class H {
  constructor(t) {
    this.parent = t;
  }
  parent;
  drawn = /* @__PURE__ */ new Map();
  /** Draws (or updates) the element of this key, in this picture. */
  put(t, n, o, s) {
    let r = this.drawn.get(t);
    if (!r) {
      const i = document.createElementNS(z, n);
      this.parent.append(i), r = { element: i, attributes: {}, text: void 0, used: !0 }, this.drawn.set(t, r);
    }
    r.used = !0;
    for (const [i, l] of Object.entries(o))
      r.attributes[i] !== l && r.element.setAttribute(i, String(l));
    for (const i of Object.keys(r.attributes)) i in o || r.element.removeAttribute(i);
    return r.attributes = o, s !== r.text && (r.element.textContent = s ?? ""), r.text = s, r.element;
  }
  /** A text tooltip of an element drawn before in this picture. */
  title(t, n) {
    const o = t.querySelector("title");
    o?.textContent !== n && (o ? o.textContent = n : t.append(Object.assign(document.createElementNS(z, "title"), { textContent: n })));
  }
  /** Removes what was not drawn since the last sweep. */
  sweep() {
    for (const [t, n] of this.drawn)
      n.used || (n.element.remove(), this.drawn.delete(t)), n.used = !1;
  }
}
function R(e, t) {
  const n = document.createElementNS(z, e);
  for (const [o, s] of Object.entries(t)) n.setAttribute(o, String(s));
  return n;
}
function J(e, t, n = "il-") {
  const o = t.map((s) => R("g", { class: `${n}${s}` }));
  return e.append(...o), Object.fromEntries(t.map((s, r) => [s, new H(o[r])]));
}
const u = (e) => Math.round(e * 10) / 10, b = " ", F = /* @__PURE__ */ new Map(), Q = [
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
function g(e, t = 3) {
  if (!Number.isFinite(e)) return "–";
  let n = F.get(t);
  return n || (n = new Intl.NumberFormat("en", { maximumSignificantDigits: t }), F.set(t, n)), n.format(e);
}
const Z = /^(K|°|1\/|µ)/;
function tt(e) {
  const t = Math.abs(e);
  return Q.find(([n]) => t >= n * 0.9995) ?? [1e-12, "p"];
}
function m(e, t, n = 3) {
  if (e === 0) return t ? `0${b}${t}` : "0";
  if (t === "") return g(e, n);
  if (t === "%" || t === "×") return `${g(e, n)}${b}${t}`;
  if (t.endsWith("FLOP/B") || Z.test(t)) return `${g(e, n)}${b}${t}`;
  const [o, s] = tt(e);
  return `${g(e / o, n)}${b}${s}${t}`;
}
function T(e) {
  return e >= 1 ? { scale: 1, unit: "s" } : e >= 1e-3 ? { scale: 1e-3, unit: "ms" } : { scale: 1e-6, unit: "µs" };
}
function W(e) {
  const { scale: t, unit: n } = T(e);
  return `${g(e / t)}${b}${n}`;
}
function S(e) {
  const t = e * 100, n = t !== 0 && Math.abs(t) < 1 ? 2 : 1;
  return `${t.toFixed(n)}${b}%`;
}
const et = 520;
function P(e, t, n) {
  const o = Math.log10(e.min), s = Math.log10(e.max) - o;
  return (r) => t + (Math.log10(r) - o) / s * (n - t);
}
function nt(e, t) {
  return Math.round(t ? Math.min(Math.max(e * 0.96, 300), 380) : Math.min(Math.max(e * 0.56, 350), 480));
}
function ot(e, t) {
  const n = t < et, o = nt(t, n), s = e.dots.some((x) => x.intensity <= 0) || (e.selected?.intensity ?? 1) <= 0, r = n ? 47 : 74, i = s ? { left: r, width: n ? 28 : 40 } : null, l = r + (i ? i.width + 6 : 0), a = t - (n ? 10 : 14), c = n ? 30 : 16, h = o - (n ? 42 : 46);
  return {
    width: t,
    height: o,
    narrow: n,
    left: l,
    right: a,
    top: c,
    bottom: h,
    gutter: i,
    font: n ? 13 : 12.5,
    x: P(e.x, l, a),
    y: P(e.y, h, c)
  };
}
function D(e) {
  const t = Math.ceil(Math.log10(e.min) - 1e-9), n = Math.floor(Math.log10(e.max) + 1e-9);
  return Array.from({ length: Math.max(0, n - t + 1) }, (o, s) => 10 ** (t + s));
}
function v(e, t, n, o = 0) {
  const s = e.x(t), r = n > 0 ? e.y(n) : 1 / 0, i = r > e.bottom + 1 ? "down" : r < e.top - 1 ? "up" : s > e.right + 1 ? "right" : s < e.left - 1 ? "left" : "", l = i === "left" || i === "right" ? o : 0, a = i === "up" || i === "down" ? o : 0;
  return {
    x: Math.min(Math.max(s, e.left + l), e.right - l),
    y: Math.min(Math.max(r, e.top + a), e.bottom - a),
    beyond: i
  };
}
function it(e, t, n) {
  const o = D(n.x), s = Math.ceil(o.length * 52 / (t.right - t.left));
  o.forEach((l, a) => {
    const c = u(t.x(l));
    if (e.put(`gx${a}`, "line", { class: "il-grid", x1: c, x2: c, y1: t.top, y2: t.bottom }), a % s) return;
    const h = c > t.right - 18 ? "end" : c < t.left + 8 && t.gutter ? "start" : "middle", x = h === "end" ? t.right + 6 : h === "start" ? c - 4 : c;
    e.put(`tx${a}`, "text", { class: "il-tick", x, y: t.bottom + 17, "text-anchor": h }, g(l));
  });
  const r = u((t.left + t.right) / 2), i = `${n.x.label}, ${n.x.unit}`;
  e.put("xt", "text", { class: "il-axis", x: r, y: t.height - 6, "text-anchor": "middle" }, i);
}
function st(e, t, n) {
  const o = D(n.y), s = t.gutter ? t.gutter.left : t.left, r = Math.ceil(o.length * 24 / (t.bottom - t.top));
  o.forEach((a, c) => {
    const h = u(t.y(a));
    e.put(`gy${c}`, "line", { class: "il-grid", x1: t.left, x2: t.right, y1: h, y2: h }), !(c % r) && e.put(`ty${c}`, "text", { class: "il-tick", x: s - 8, y: h + 4, "text-anchor": "end" }, m(a, " ").trim());
  });
  const i = `${n.y.label}, ${n.y.unit}`;
  if (t.narrow) {
    e.put("yt", "text", { class: "il-axis", x: 2, y: 13 }, i);
    return;
  }
  const l = u((t.top + t.bottom) / 2);
  e.put("yt", "text", { class: "il-axis", transform: `translate(14 ${l}) rotate(-90)`, "text-anchor": "middle" }, i);
}
function rt(e, t, n) {
  if (it(e, t, n), st(e, t, n), t.gutter) {
    const { left: o, width: s } = t.gutter, r = { class: "il-gutter", x: o, y: t.top, width: s, height: t.bottom - t.top, rx: 4 };
    e.put("gutter", "rect", r), e.put("gutter0", "text", { class: "il-tick", x: o + s / 2, y: t.bottom + 17, "text-anchor": "middle" }, "0");
    const i = `translate(${u(o + s / 2 + t.font * 0.35)} ${t.top + 8}) rotate(-90)`;
    e.put("gutterT", "text", { class: "il-tick", transform: i, "text-anchor": "end" }, "0: pure copies");
  }
}
function lt(e) {
  const t = e.roofs.find((i) => i.role === "main"), n = [`Roofline. ${e.title}.`];
  if (t) {
    const i = g(t.peak / t.bandwidth);
    n.push(`Roof: ${m(t.bandwidth, "B/s")} of bandwidth up to ${m(t.peak, "FLOP/s")}, ridge at ${i} FLOP/B.`);
  }
  const { selected: o } = e;
  if (o) {
    const i = o.intensity > 0 ? `${g(o.intensity)} FLOP/B and ${m(o.flop_rate, "FLOP/s")}` : "no operations, pure copies";
    n.push(`Selected: ${o.label}, ${i}, ${S(o.share)} of the step; ${o.note}.`), o.ghost_rate !== null && n.push(`The model allows ${m(o.ghost_rate, "FLOP/s")}.`);
  }
  const r = [...e.dots].sort((i, l) => l.share - i.share).slice(0, 3).map((i) => `${i.label} ${S(i.share)}`).join(", ");
  return r && n.push(`${e.dots.length} kernels; the largest: ${r}.`), n.join(" ");
}
function E(e, t, n) {
  return { x: e - n, y: t - n, w: 2 * n, h: 2 * n };
}
function I(e, t) {
  const n = Math.min(e.x + e.w, t.x + t.w) - Math.max(e.x, t.x), o = Math.min(e.y + e.h, t.y + t.h) - Math.max(e.y, t.y);
  return n > 0 && o > 0 ? n * o : 0;
}
function at(e, t) {
  return e.x >= t.x && e.y >= t.y && e.x + e.w <= t.x + t.w && e.y + e.h <= t.y + t.h;
}
function O(e, t) {
  const n = e.x2 - e.x1, o = e.y2 - e.y1;
  let s = 0, r = 1;
  const i = [
    [-n, e.x1 - t.x],
    [n, t.x + t.w - e.x1],
    [-o, e.y1 - t.y],
    [o, t.y + t.h - e.y1]
  ];
  for (const [l, a] of i) {
    if (l === 0 && a < 0) return !1;
    l < 0 && (s = Math.max(s, a / l)), l > 0 && (r = Math.min(r, a / l));
  }
  return s <= r;
}
let $ = null;
const M = /* @__PURE__ */ new Map();
function k(e, t, n, o = !1) {
  const s = `${o ? "600 " : ""}${t}px ${n}`, r = `${s}|${e}`, i = M.get(r);
  if (i !== void 0) return i;
  $ ??= document.createElement("canvas").getContext("2d"), $ && ($.font = s);
  const l = $ ? $.measureText(e).width : e.length * t * 0.6;
  return M.size > 4e3 && M.clear(), M.set(r, l), l;
}
function L(e, t) {
  return u(Math.max(3, Math.sqrt(Math.max(e, 0)) * (t.narrow ? 20 : 24)));
}
function q(e) {
  const t = e.count > 1 ? ` × ${g(e.count, 6)}` : "", n = e.intensity > 0 ? `${g(e.intensity)} FLOP/B, ${m(e.flop_rate, "FLOP/s")}` : `pure copy of ${m(e.traffic, "B")}`;
  return `${e.label}${t}
${S(e.share)} of the step, ${W(e.time)}
${n}
bound by ${e.bound}`;
}
const ct = { up: [0, -1], down: [0, 1], left: [-1, 0], right: [1, 0] };
function ht(e, t, n, o, s, r) {
  const [i, l] = ct[r], a = [n + i * (s + 7), o + l * (s + 7)], c = [n + i * (s + 1), o + l * (s + 1)], h = `${a[0]},${a[1]} ${c[0] + l * 4},${c[1] + i * 4} ${c[0] - l * 4},${c[1] - i * 4}`;
  e.put(t, "polygon", { class: "il-arrow", points: h });
}
const dt = 2.5;
function ut(e, t, n, { x: o, y: s, r }) {
  if (!n.ghost_rate) return;
  const i = v(t, n.intensity, n.ghost_rate, r + 8);
  Math.abs(i.y - s) < dt || (e.put(`${n.id}-way`, "line", { class: "il-like-way", x1: o, x2: o, y1: s, y2: u(i.y) }), e.put(`${n.id}-like`, "circle", { class: "il-like", cx: u(i.x), cy: u(i.y), r }));
}
function ft(e, t, n) {
  const o = L(n.share, t), s = v(t, n.intensity, n.flop_rate, o + 8), r = { dot: n, x: u(s.x), y: u(s.y), r: o };
  ut(e, t, n, r);
  const i = n.member ? "il-dot il-dot-member" : "il-dot", l = e.put(n.id, "circle", { class: i, cx: r.x, cy: r.y, r: o, "data-layer": n.layer });
  return e.title(l, q(n)), s.beyond && ht(e, `${n.id}-arrow`, r.x, r.y, o, s.beyond), r;
}
function xt(e, t, n) {
  if (!t.gutter) return [];
  const { left: o, width: s } = t.gutter, r = o + s / 2, i = t.bottom - t.top - 96, l = n.map((d) => Math.min(L(d.share, t) * 1.772, s - 6)), a = l.reduce((d, f) => d + f + 3, 0), c = Math.min(1, i / Math.max(a, 1));
  let h = t.bottom - 4;
  return n.map((d, f) => ({ dot: d, side: (l[f] ?? 5) * c })).sort((d, f) => f.dot.traffic - d.dot.traffic).map(({ dot: d, side: f }) => {
    h -= f;
    const y = d.member ? "il-dot il-dot-member" : "il-dot", p = { x: u(r - f / 2), y: u(h), width: u(f), height: u(f) };
    e.title(e.put(d.id, "rect", { class: y, ...p, "data-layer": d.layer }), q(d));
    const w = { dot: d, x: r, y: h + f / 2, r: f / 2 };
    return h -= 3, w;
  });
}
function yt(e, t, n, o) {
  const s = [...n.dots].sort((i, l) => l.share - i.share), r = s.filter((i) => i.intensity > 0).map((i) => ft(e, t, i));
  for (const { x: i, y: l, r: a } of r) o.take(E(i, l, a + 1));
  return [...r, ...xt(e, t, s.filter((i) => i.intensity <= 0))];
}
function pt(e, t) {
  const n = e.filter(({ dot: i }) => i.intensity > 0).sort((i, l) => l.dot.share - i.dot.share), o = n.filter(({ dot: i }) => i.member).slice(0, t.narrow ? 1 : 4), s = n.filter(({ dot: i }) => !i.member && i.share >= 0.01).slice(0, t.narrow ? 3 : 6), r = [];
  for (const i of [...s, ...o].sort((l, a) => a.dot.share - l.dot.share)) {
    const l = r.find(({ head: a }) => Math.hypot(a.x - i.x, a.y - i.y) < Math.max(14, a.r));
    l ? l.names.push(i.dot.label) : r.push({ head: i, names: [i.dot.label] });
  }
  return r.slice(0, t.narrow ? 3 : 7);
}
function gt({ names: e }) {
  const [t = "", n = ""] = e;
  return e.length === 1 ? t : e.length === 2 && t.length + n.length < 24 ? `${t}, ${n}` : `${t} and ${e.length - 1} more`;
}
function kt(e, t, n, o, s, r, i) {
  for (const l of pt(o, n)) {
    const { x: a, y: c, r: h, dot: x } = l.head, d = gt(l);
    if (d === i) continue;
    const f = k(d, n.font, r), y = s.spot(a, c, h, f, n.font + 2);
    if (y) {
      if (y.leader) {
        const p = { x2: u(Math.min(Math.max(a, y.x), y.x + y.w)), y2: u(y.y > c ? y.y : y.y + y.h) }, w = Math.hypot(p.x2 - a, p.y2 - c) || 1, _ = { x1: u(a + (p.x2 - a) / w * h), y1: u(c + (p.y2 - c) / w * h) };
        t.put(`leader-${x.id}`, "line", { class: "il-leader", ..._, ...p }), s.lines.push({ ..._, ...p });
      }
      e.put(`label-${x.id}`, "text", { class: "il-label", x: u(y.x), y: u(y.y + n.font * 0.95) }, d);
    }
  }
}
const wt = [
  [1, 0],
  [-1, 0],
  [0.75, 0.75],
  [0.75, -0.75],
  [-0.75, 0.75],
  [-0.75, -0.75],
  [0, 1],
  [0, -1]
], mt = [6, 20, 38, 60, 84];
function bt(e, t, n, o, s, [r, i], l) {
  const a = n + l, c = r > 0.1 ? e + r * a : r < -0.1 ? e + r * a - o : e - o / 2, h = i > 0.9 ? t + a : i < -0.9 ? t - a - s : t + i * a - s / 2;
  return { x: c, y: h, w: o, h: s };
}
class $t {
  taken = [];
  lines = [];
  faint = [];
  // lines that a label should rather not cross
  area;
  constructor(t) {
    this.area = { x: t.left + 2, y: t.top - 8, w: t.right - t.left, h: t.bottom - t.top + 6 };
  }
  take(t) {
    this.taken.push(t);
  }
  covered(t) {
    return this.taken.reduce((n, o) => n + I(t, o), 0);
  }
  crossings(t) {
    return this.lines.reduce((n, o) => n + (O(o, t) ? 1 : 0), 0);
  }
  grazed(t) {
    return this.faint.reduce((n, o) => n + (O(o, t) ? 1 : 0), 0);
  }
  /** What a leader line to this box would run over. */
  led(t, n, o, s, r) {
    if (r <= 20) return 0;
    const i = { x: Math.min(Math.max(t, s.x), s.x + s.w), y: Math.min(Math.max(n, s.y), s.y + s.h) }, l = Math.hypot(i.x - t, i.y - n) || 1, a = { x: t + (i.x - t) / l * (o + 2), y: n + (i.y - n) / l * (o + 2) }, c = { x1: a.x, y1: a.y, x2: i.x, y2: i.y };
    return 8 + this.taken.reduce((h, x) => h + (O(c, x) ? 30 : 0), 0);
  }
  /** The last resort: under the circle, moved into the plot. */
  below(t, n, o, s, r) {
    return { x: Math.max(this.area.x, Math.min(t - s / 2, this.area.x + this.area.w - s)), y: Math.min(n + o + 6, this.area.y + this.area.h - r), w: s, h: r, leader: !1 };
  }
  /** The cheapest spot for a label of w × h beside a circle, or null when every spot would hide something. */
  spot(t, n, o, s, r, i = !1) {
    let l = null, a = 1 / 0;
    for (const c of mt)
      for (const [h, x] of wt.entries()) {
        const d = bt(t, n, o, s, r, x, c);
        if (!at(d, this.area)) continue;
        const f = c + h * 0.8;
        if (f >= a) continue;
        const y = f + this.covered(d) * 3 + this.crossings(d) * 26 + this.grazed(d) * 14 + this.led(t, n, o, d, c);
        y < a && (a = y, l = { ...d, leader: c > 20 });
      }
    return !l && i && (l = this.below(t, n, o, s, r)), !l || !i && this.covered(l) > 0.05 * s * r ? null : (this.take({ x: l.x - 3, y: l.y - 2, w: l.w + 6, h: l.h + 4 }), l);
  }
}
const vt = ".il-roofline{font-size:var(--il-font, 12.5px)}.il-labels text{paint-order:stroke;stroke:var(--il-card);stroke-width:4px;stroke-linejoin:round;pointer-events:none}.il-grid line,line.il-grid{stroke:var(--il-grid)}.il-gutter{fill:var(--il-sunk)}.il-roof{fill:none;stroke-linejoin:round}.il-roof-main{stroke:var(--il-ink);stroke-width:2.4}.il-roof-level{stroke:var(--il-soft);stroke-width:1.5;stroke-dasharray:1.5 5;stroke-linecap:round}.il-roof-other{stroke:var(--il-dim);stroke-width:1.8}.il-roof-unscaled{stroke:var(--il-soft);stroke-width:1;stroke-dasharray:6 4}text.il-note-other,text.il-note-unscaled{fill:var(--il-dim-ink)}text.il-note-main{fill:var(--il-ink)}.il-ridge{stroke:var(--il-soft);stroke-dasharray:2 4}.il-mark{fill:var(--il-card);stroke:var(--il-ink);stroke-width:1.6}.il-mark-other,.il-mark-unscaled,.il-mark-level{stroke:var(--il-dim)}.il-dot{fill:var(--il-blue);fill-opacity:.42;stroke:var(--il-blue);stroke-width:1.2;cursor:pointer}.il-dot-member{fill-opacity:.85;stroke:var(--il-ink);stroke-width:1.5}.il-dot:hover{fill-opacity:1}.il-arrow{fill:var(--il-blue)}.il-red{fill:var(--il-red);stroke:var(--il-card);stroke-width:1.5}.il-ghost{fill:none;stroke:var(--il-red);stroke-width:1.6;stroke-dasharray:3.5 3;pointer-events:none}.il-gap{stroke:var(--il-red);stroke-width:1.5;stroke-dasharray:1.5 3}.il-trace line.il-trace{stroke:var(--il-soft);stroke-width:1.4;stroke-dasharray:5 4;opacity:.75}.il-before{fill:none;stroke:var(--il-soft);stroke-width:1.4}text.il-beyond{fill:var(--il-card);font-size:10px}.il-leader{stroke:var(--il-soft);stroke-width:.9}text.il-label{fill:var(--il-ink)}text.il-name{fill:var(--il-ink);font-weight:600;font-size:calc(var(--il-font, 12.5px) + 1.5px)}text.il-strong{fill:var(--il-ink);font-weight:600}text.il-value{fill:var(--il-ink)}.il-box{fill:var(--il-card);stroke:var(--il-line)}.il-instrument:not(.il-still) .il-red,.il-instrument:not(.il-still) .il-ghost,.il-instrument:not(.il-still) circle.il-dot{transition:cx var(--il-glide) ease-out,cy var(--il-glide) ease-out,r var(--il-glide) ease-out}.il-below{margin:6px 4px 0;font-size:12.5px;line-height:1.45;color:var(--il-soft)}.il-like{fill:none;stroke:var(--il-ink);stroke-width:1.2;stroke-dasharray:3 2.5}.il-like-way{stroke:var(--il-soft);stroke-width:1;stroke-dasharray:1.5 3}", j = 24, A = { main: 0, level: 1, unscaled: 2, other: 3 };
function C(e) {
  return e.role === "other" ? "" : e.label;
}
function Mt(e, t, n, o, s) {
  const r = n.roofs.filter((a) => C(a) !== ""), i = t.font + 6, l = t.left + 10;
  [...r].sort((a, c) => A[a.role] - A[c.role]).forEach((a, c) => {
    const h = Math.round(t.top + 16 + c * i), x = `M${l},${h - 4}h${j}`;
    e.put(`sample-${a.role}-${a.id}`, "path", { class: `il-roof il-roof-${a.role}`, d: x });
    const d = { x: l + j + 7, y: h };
    e.put(`legend-${a.role}-${a.id}`, "text", { class: `il-note il-note-${a.role}`, ...d }, C(a)), o.take({ x: l, y: h - t.font, w: j + 10 + k(C(a), t.font, s), h: i });
  });
}
function St(e, t, { x: n, y: o }) {
  const s = e.peak / e.bandwidth, r = Math.max(n.min, o.min / e.bandwidth), i = Math.min(s, n.max, o.max / e.bandwidth), l = (d, f) => [u(t.x(d)), u(t.y(f))], a = ([d, f], [y, p]) => ({ x1: d, y1: f, x2: y, y2: p }), c = r < i ? a(l(r, r * e.bandwidth), l(i, i * e.bandwidth)) : null, h = Math.max(s, n.min), x = h < n.max && e.peak <= o.max && e.peak >= o.min ? a(l(h, e.peak), l(n.max, e.peak)) : null;
  return { roof: e, slope: c, plateau: x };
}
function Ot({ slope: e, plateau: t }) {
  const n = e ? `M${e.x1},${e.y1}L${e.x2},${e.y2}` : "";
  return t ? `${n || `M${t.x1},${t.y1}`}L${t.x1},${t.y1}L${t.x2},${t.y2}` : n;
}
const B = { unscaled: 0, other: 1, level: 2, main: 3 }, N = { main: 0, other: 1, level: 2, unscaled: 3 };
function jt(e, t, n, o, s) {
  const r = /* @__PURE__ */ new Set();
  for (const { roof: i, plateau: l } of t) {
    const a = i.peak_label, c = k(a, n.font, s);
    if (!l || !a || r.has(a)) continue;
    r.add(a);
    const h = (p) => ({ x: n.right - 4 - c, y: p, w: c, h: n.font + 3 }), x = [h(l.y1 - n.font - 8), h(l.y1 + 4)], d = (p) => o.covered(p) * 3 + o.crossings(p) * 30 + (p.y < 0 ? 1e4 : 0) + (n.narrow && i.role === "other" && p.y < l.y1 ? 35 : 0), f = x.reduce((p, w) => d(w) < d(p) ? w : p);
    if (o.covered(f) > 0) continue;
    o.take(f);
    const y = { x: n.right - 4, y: u(f.y + n.font), "text-anchor": "end" };
    e.put(`peak-${i.id}`, "text", { class: `il-note il-note-${i.role}`, ...y }, a);
  }
}
function Ct(e, t, n, o, s, r) {
  const i = o.roofs.map((c) => St(c, n, o)), l = [...i].sort((c, h) => B[c.roof.role] - B[h.roof.role]);
  for (const c of l) {
    e.put(`roof-${c.roof.role}-${c.roof.id}`, "path", { class: `il-roof il-roof-${c.roof.role}`, d: Ot(c) });
    for (const h of [c.slope, c.plateau]) h && s.lines.push(h);
  }
  zt(e, t, n, o, s, r);
  const a = [...i].sort((c, h) => N[c.roof.role] - N[h.roof.role]);
  jt(t, a, n, s, r), Mt(t, n, o, s, r);
}
function zt(e, t, n, o, s, r) {
  o.ridges.forEach((i, l) => {
    const a = o.roofs.find((y) => y.id === i.roof);
    if (!a || i.x < o.x.min || i.x > o.x.max) return;
    const c = u(n.x(i.x)), h = u(Math.max(n.top, n.y(a.peak)));
    e.put(`ridge-${i.roof}`, "line", { class: `il-ridge il-ridge-${a.role}`, x1: c, x2: c, y1: h, y2: n.bottom }), e.put(`mark-${i.roof}`, "path", { class: `il-mark il-mark-${a.role}`, d: `M${c},${h - 4}l4,4l-4,4l-4,-4z` }), s.faint.push({ x1: c, x2: c, y1: h, y2: n.bottom });
    const x = k(i.label, n.font, r), d = c + 6 + x < n.right, f = { x: d ? c + 6 : c - 6, y: n.bottom - 8 - l * (n.font + 5) };
    s.take({ x: d ? c + 4 : c - 8 - x, y: f.y - n.font, w: x + 4, h: n.font + 5 }), t.put(`ridge-${i.roof}`, "text", { class: "il-note", ...f, "text-anchor": d ? "start" : "end" }, i.label);
  });
}
function Et(e, t, n) {
  if (t.intensity > 0 || !e.gutter) return v(e, t.intensity || 1e-300, t.flop_rate);
  const o = Math.min(e.bottom, ...n.filter(({ dot: s }) => s.intensity <= 0).map(({ y: s, r }) => s - r));
  return { x: e.gutter.left + e.gutter.width / 2, y: Math.max(o - 16, e.top + 100), beyond: "" };
}
function Lt(e, t, n, o, s) {
  if (n.ghost_rate === null || n.intensity <= 0) return;
  const r = v(t, n.intensity, n.ghost_rate), [i, l] = [u(r.x), u(r.y)];
  e.put("gap", "line", { class: "il-gap", x1: i, x2: o.x, y1: l, y2: o.y }), e.put("ghost", "circle", { class: "il-ghost", cx: i, cy: l, r: o.r }), s.take(E(i, l, o.r + 1));
}
function _t(e, t, n, o) {
  const { before: s } = n;
  if (!s || s.intensity <= 0 || n.intensity <= 0) return;
  const r = v(t, s.intensity, s.flop_rate);
  Math.hypot(r.x - o.x, r.y - o.y) < 2 || (e.put("trace", "line", { class: "il-trace", x1: u(r.x), y1: u(r.y), x2: o.x, y2: o.y }), e.put("before", "circle", { class: "il-before", cx: u(r.x), cy: u(r.y), r: Math.max(4, o.r * 0.45) }));
}
function Ft(e, t, n, o, s) {
  const { selected: r } = n;
  if (!r) return null;
  const i = Et(t, r, o), l = { x: u(i.x), y: u(i.y), r: Math.max(7, L(r.share, t)) };
  r.intensity <= 0 && t.gutter && (l.r = Math.min(l.r, t.gutter.width / 2 - 2)), _t(e, t, r, l);
  const a = e.put("red", "circle", { class: "il-red", cx: l.x, cy: l.y, r: l.r });
  if (e.title(a, `${r.label}: ${S(r.share)} of the step`), Lt(e, t, r, l, s), i.beyond) {
    const c = { up: "▲", down: "▼", left: "◀", right: "▶" }[i.beyond] ?? "";
    e.put("beyond", "text", { class: "il-beyond", x: l.x, y: l.y + 4, "text-anchor": "middle" }, c);
  }
  return s.take(E(l.x, l.y, l.r + 2)), l;
}
function Pt(e, t, n, o, s, r) {
  const i = t.font + 1.5, l = t.narrow ? "" : n.note, a = Math.max(k(n.label, i, r, !0), k(l, t.font, r)), c = l ? 2 : 1, h = i + 2 + (c - 1) * (t.font + 4), x = s.spot(o.x, o.y, o.r, a, h, !0);
  if (!x) return;
  const d = u(x.x);
  e.put("name", "text", { class: "il-name", x: d, y: u(x.y + i * 0.92) }, n.label), l && e.put("note", "text", { class: "il-note il-remark", x: d, y: u(x.y + i + t.font + 3) }, l);
}
function G(e) {
  const t = e.gap ?? [], { scale: n, unit: o } = T(Math.max(...t.map((s) => s.time)));
  return t.map((s) => ({ label: s.label, value: `${g(s.time / n)} ${o}` }));
}
function At(e, t, n, o, s) {
  if (t.width < 660) return !1;
  const r = G(n), i = "The gap is made of", l = Math.max(...r.map((f) => k(f.value, t.font, s))), a = Math.max(...r.map((f) => k(f.label, t.font, s))), c = Math.max(a + l + 22, k(i, t.font, s, !0)) + 20, h = t.font + 6, x = (r.length + 1) * h + 14, d = { x: t.right - c - 8, y: t.bottom - x - 34, w: c, h: x };
  return o.taken.some((f) => I(d, f) > 0) || o.crossings(d) > 0 ? !1 : (o.take(d), e.put("gap-box", "rect", { class: "il-box", x: u(d.x), y: u(d.y), width: u(c), height: x, rx: 8 }), e.put("gap-title", "text", { class: "il-note il-strong", x: u(d.x + 10), y: u(d.y + h) }, i), r.forEach((f, y) => {
    const p = u(d.y + h * (y + 2));
    e.put(`gap-l${y}`, "text", { class: "il-note", x: u(d.x + 10), y: p }, f.label), e.put(`gap-v${y}`, "text", { class: "il-note il-value", x: u(d.x + c - 10), y: p, "text-anchor": "end" }, f.value);
  }), !0);
}
function Bt(e, t, n) {
  return (t && e.note ? `${e.label}: ${e.note}. ` : "") + (n || !e.gap?.length ? "" : Nt(e));
}
function Nt(e) {
  const t = (e.gap ?? []).reduce((o, s) => o + s.time, 0), n = G(e).map((o) => `${o.label} ${o.value}`);
  return `The gap, ${W(t)}: ${n.join(" · ")}.`;
}
class Rt extends Y {
  svg = R("svg", { class: "il-chart il-roofline", role: "img" });
  below = Object.assign(document.createElement("p"), { className: "il-below", hidden: !0 });
  key = Object.assign(document.createElement("p"), { className: "il-key" });
  pens = J(this.svg, ["grid", "roofs", "dots", "trace", "labels"]);
  constructor(t, n) {
    super(t), t.append(this.svg, this.below, this.key), this.svg.addEventListener("click", (o) => {
      const s = o.target.closest("[data-layer]")?.getAttribute("data-layer");
      s && (n.set("select", s), n.save_changes());
    });
  }
  draw(t) {
    const { family: n } = this, o = ot(t, this.width), s = new $t(o), { grid: r, roofs: i, trace: l, dots: a, labels: c } = this.pens;
    this.svg.setAttribute("viewBox", `0 0 ${o.width} ${o.height}`), this.svg.setAttribute("aria-label", lt(t)), this.svg.style.setProperty("--il-font", `${o.font}px`), rt(r, o, t), Ct(i, c, o, t, s, n);
    const h = yt(a, o, t, s), { selected: x } = t, d = Ft(l, o, t, h, s), f = x?.gap?.length ? At(c, o, x, s, n) : !0;
    x && d && Pt(c, o, x, d, s, n), kt(c, l, o, h, s, n, x?.label ?? "");
    for (const y of Object.values(this.pens)) y.sweep();
    this.below.textContent = x ? Bt(x, o.narrow, f) : "", this.below.hidden = this.below.textContent === "", this.caption(t);
  }
  caption(t) {
    const n = ["Area: share of the step"];
    t.selected && n.push(`red: ${t.profiler ? "as silicon runs it" : "on the roof"}`), t.selected?.ghost_rate != null && n.push("dashed: the roof");
    const o = t.dots.some((r) => r.ghost_rate != null);
    o && (n[0] = "Area: share of the frame"), o && n.push("dashed: the same kernel in the median frame");
    const s = `${n.join(" · ")}.${t.source ? ` Source: ${t.source}` : ""}`;
    this.key.textContent !== s && (this.key.textContent = s);
  }
}
const Tt = X(vt, (e, t) => new Rt(e, t));
export {
  Tt as default
};
