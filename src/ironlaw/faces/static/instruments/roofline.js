const U = ':root,:host{color-scheme:light dark;--il-paper: light-dark(#faf8f4, #111518);--il-card: light-dark(#ffffff, #191e22);--il-sunk: light-dark(#f3f0e9, #0d1012);--il-ink: light-dark(#1b2025, #e9e6e0);--il-soft: light-dark(#545e68, #a5afb8);--il-line: light-dark(#e4e0d7, #2b3238);--il-grid: light-dark(#ebe8e1, #262d32);--il-edge: light-dark(#858a8e, #737f89);--il-dim: light-dark(#a3aeb8, #56636d);--il-dim-ink: light-dark(#66707a, #94a0aa);--il-blue: light-dark(#0b5cad, #6db3ff);--il-blue-wash: light-dark(#eaf2fa, #16283a);--il-on-blue: light-dark(#ffffff, #0d1418);--il-amber: light-dark(#8f4f00, #ffb454);--il-amber-wash: light-dark(#fbf1e1, #2c2213);--il-red: light-dark(#d7263d, #ff5468);--il-shadow: light-dark(rgb(40 34 20 / .07), rgb(0 0 0 / .35));--il-serif: Charter, "Bitstream Charter", "Iowan Old Style", "Source Serif 4", "Source Serif Pro", Georgia, "Noto Serif", "DejaVu Serif", serif;--il-sans: system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "DejaVu Sans", sans-serif;--il-radius: 14px;--il-glide: .15s}:root[data-theme=light],[data-jp-theme-light=true],.vscode-light{color-scheme:light}:root[data-theme=dark],[data-jp-theme-light=false],.vscode-dark{color-scheme:dark}@media(prefers-reduced-motion:reduce){:root,:host{--il-glide: 0ms}}@media print{:root:root{color-scheme:light}}';
function X(n, t) {
  const e = document.createElement("div");
  e.className = "il-instrument";
  const o = getComputedStyle(document.documentElement).getPropertyValue("--il-ink") !== "", s = document.createElement("style");
  return s.textContent = o ? t : `${U}
${t}`, n.append(s, e), e;
}
function Y(n, t) {
  return {
    render({ model: e, el: o }) {
      const s = X(o, n), r = t(s, e), i = () => {
        const l = e.get("picture");
        l && r.paint(l);
      };
      return e.on("change:picture", i), i(), () => {
        e.off("change:picture", i), r.stop?.(), o.replaceChildren();
      };
    }
  };
}
const E = "http://www.w3.org/2000/svg";
class H {
  constructor(t) {
    this.parent = t;
  }
  parent;
  drawn = /* @__PURE__ */ new Map();
  /** Draws (or updates) the element of this key, in this picture. */
  put(t, e, o, s) {
    let r = this.drawn.get(t);
    if (!r) {
      const i = document.createElementNS(E, e);
      this.parent.append(i), r = { element: i, attributes: {}, text: void 0, used: !0 }, this.drawn.set(t, r);
    }
    r.used = !0;
    for (const [i, l] of Object.entries(o))
      r.attributes[i] !== l && r.element.setAttribute(i, String(l));
    for (const i of Object.keys(r.attributes)) i in o || r.element.removeAttribute(i);
    return r.attributes = o, s !== r.text && (r.element.textContent = s ?? ""), r.text = s, r.element;
  }
  /** A text tooltip of an element drawn before in this picture. */
  title(t, e) {
    const o = t.querySelector("title");
    o?.textContent !== e && (o ? o.textContent = e : t.append(Object.assign(document.createElementNS(E, "title"), { textContent: e })));
  }
  /** Removes what was not drawn since the last sweep. */
  sweep() {
    for (const [t, e] of this.drawn)
      e.used || (e.element.remove(), this.drawn.delete(t)), e.used = !1;
  }
}
function P(n, t) {
  const e = document.createElementNS(E, n);
  for (const [o, s] of Object.entries(t)) e.setAttribute(o, String(s));
  return e;
}
const u = (n) => Math.round(n * 10) / 10, $ = " ", z = /* @__PURE__ */ new Map(), J = [
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
function p(n, t = 3) {
  if (!Number.isFinite(n)) return "–";
  let e = z.get(t);
  return e || (e = new Intl.NumberFormat("en", { maximumSignificantDigits: t }), z.set(t, e)), e.format(n);
}
function K(n) {
  const t = Math.abs(n);
  return J.find(([e]) => t >= e * 0.9995) ?? [1e-12, "p"];
}
function m(n, t, e = 3) {
  if (n === 0) return t ? `0${$}${t}` : "0";
  if (t === "") return p(n, e);
  if (t === "%" || t === "×") return `${p(n, e)}${$}${t}`;
  if (t.endsWith("FLOP/B")) return `${p(n, e)}${$}${t}`;
  const [o, s] = K(n);
  return `${p(n / o, e)}${$}${s}${t}`;
}
function W(n) {
  return n >= 1 ? { scale: 1, unit: "s" } : n >= 1e-3 ? { scale: 1e-3, unit: "ms" } : { scale: 1e-6, unit: "µs" };
}
function D(n) {
  const { scale: t, unit: e } = W(n);
  return `${p(n / t)}${$}${e}`;
}
function S(n) {
  const t = n * 100, e = t !== 0 && Math.abs(t) < 1 ? 2 : 1;
  return `${t.toFixed(e)}${$}%`;
}
const Q = 520;
function A(n, t, e) {
  const o = Math.log10(n.min), s = Math.log10(n.max) - o;
  return (r) => t + (Math.log10(r) - o) / s * (e - t);
}
function Z(n, t) {
  return Math.round(t ? Math.min(Math.max(n * 0.96, 300), 380) : Math.min(Math.max(n * 0.56, 350), 480));
}
function tt(n, t) {
  const e = t < Q, o = Z(t, e), s = n.dots.some((y) => y.intensity <= 0) || (n.selected?.intensity ?? 1) <= 0, r = e ? 47 : 74, i = s ? { left: r, width: e ? 28 : 40 } : null, l = r + (i ? i.width + 6 : 0), a = t - (e ? 10 : 14), c = e ? 30 : 16, h = o - (e ? 42 : 46);
  return {
    width: t,
    height: o,
    narrow: e,
    left: l,
    right: a,
    top: c,
    bottom: h,
    gutter: i,
    font: e ? 13 : 12.5,
    x: A(n.x, l, a),
    y: A(n.y, h, c)
  };
}
function I(n) {
  const t = Math.ceil(Math.log10(n.min) - 1e-9), e = Math.floor(Math.log10(n.max) + 1e-9);
  return Array.from({ length: Math.max(0, e - t + 1) }, (o, s) => 10 ** (t + s));
}
function v(n, t, e, o = 0) {
  const s = n.x(t), r = e > 0 ? n.y(e) : 1 / 0, i = r > n.bottom + 1 ? "down" : r < n.top - 1 ? "up" : s > n.right + 1 ? "right" : s < n.left - 1 ? "left" : "", l = i === "left" || i === "right" ? o : 0, a = i === "up" || i === "down" ? o : 0;
  return {
    x: Math.min(Math.max(s, n.left + l), n.right - l),
    y: Math.min(Math.max(r, n.top + a), n.bottom - a),
    beyond: i
  };
}
function et(n, t, e) {
  const o = I(e.x), s = Math.ceil(o.length * 52 / (t.right - t.left));
  o.forEach((l, a) => {
    const c = u(t.x(l));
    if (n.put(`gx${a}`, "line", { class: "il-grid", x1: c, x2: c, y1: t.top, y2: t.bottom }), a % s) return;
    const h = c > t.right - 18 ? "end" : c < t.left + 8 && t.gutter ? "start" : "middle", y = h === "end" ? t.right + 6 : h === "start" ? c - 4 : c;
    n.put(`tx${a}`, "text", { class: "il-tick", x: y, y: t.bottom + 17, "text-anchor": h }, p(l));
  });
  const r = u((t.left + t.right) / 2), i = `${e.x.label}, ${e.x.unit}`;
  n.put("xt", "text", { class: "il-axis", x: r, y: t.height - 6, "text-anchor": "middle" }, i);
}
function nt(n, t, e) {
  const o = I(e.y), s = t.gutter ? t.gutter.left : t.left, r = Math.ceil(o.length * 24 / (t.bottom - t.top));
  o.forEach((a, c) => {
    const h = u(t.y(a));
    n.put(`gy${c}`, "line", { class: "il-grid", x1: t.left, x2: t.right, y1: h, y2: h }), !(c % r) && n.put(`ty${c}`, "text", { class: "il-tick", x: s - 8, y: h + 4, "text-anchor": "end" }, m(a, " ").trim());
  });
  const i = `${e.y.label}, ${e.y.unit}`;
  if (t.narrow) {
    n.put("yt", "text", { class: "il-axis", x: 2, y: 13 }, i);
    return;
  }
  const l = u((t.top + t.bottom) / 2);
  n.put("yt", "text", { class: "il-axis", transform: `translate(14 ${l}) rotate(-90)`, "text-anchor": "middle" }, i);
}
function ot(n, t, e) {
  if (et(n, t, e), nt(n, t, e), t.gutter) {
    const { left: o, width: s } = t.gutter, r = { class: "il-gutter", x: o, y: t.top, width: s, height: t.bottom - t.top, rx: 4 };
    n.put("gutter", "rect", r), n.put("gutter0", "text", { class: "il-tick", x: o + s / 2, y: t.bottom + 17, "text-anchor": "middle" }, "0");
    const i = `translate(${u(o + s / 2 + t.font * 0.35)} ${t.top + 8}) rotate(-90)`;
    n.put("gutterT", "text", { class: "il-tick", transform: i, "text-anchor": "end" }, "0: pure copies");
  }
}
function it(n) {
  const t = n.roofs.find((i) => i.role === "main"), e = [`Roofline. ${n.title}.`];
  if (t) {
    const i = p(t.peak / t.bandwidth);
    e.push(`Roof: ${m(t.bandwidth, "B/s")} of bandwidth up to ${m(t.peak, "FLOP/s")}, ridge at ${i} FLOP/B.`);
  }
  const { selected: o } = n;
  if (o) {
    const i = o.intensity > 0 ? `${p(o.intensity)} FLOP/B and ${m(o.flop_rate, "FLOP/s")}` : "no operations, pure copies";
    e.push(`Selected: ${o.label}, ${i}, ${S(o.share)} of the step; ${o.note}.`), o.ghost_rate !== null && e.push(`The model allows ${m(o.ghost_rate, "FLOP/s")}.`);
  }
  const r = [...n.dots].sort((i, l) => l.share - i.share).slice(0, 3).map((i) => `${i.label} ${S(i.share)}`).join(", ");
  return r && e.push(`${n.dots.length} kernels; the largest: ${r}.`), e.join(" ");
}
function L(n, t, e) {
  return { x: n - e, y: t - e, w: 2 * e, h: 2 * e };
}
function q(n, t) {
  const e = Math.min(n.x + n.w, t.x + t.w) - Math.max(n.x, t.x), o = Math.min(n.y + n.h, t.y + t.h) - Math.max(n.y, t.y);
  return e > 0 && o > 0 ? e * o : 0;
}
function st(n, t) {
  return n.x >= t.x && n.y >= t.y && n.x + n.w <= t.x + t.w && n.y + n.h <= t.y + t.h;
}
function O(n, t) {
  const e = n.x2 - n.x1, o = n.y2 - n.y1;
  let s = 0, r = 1;
  const i = [
    [-e, n.x1 - t.x],
    [e, t.x + t.w - n.x1],
    [-o, n.y1 - t.y],
    [o, t.y + t.h - n.y1]
  ];
  for (const [l, a] of i) {
    if (l === 0 && a < 0) return !1;
    l < 0 && (s = Math.max(s, a / l)), l > 0 && (r = Math.min(r, a / l));
  }
  return s <= r;
}
let b = null;
const M = /* @__PURE__ */ new Map();
function k(n, t, e, o = !1) {
  const s = `${o ? "600 " : ""}${t}px ${e}`, r = `${s}|${n}`, i = M.get(r);
  if (i !== void 0) return i;
  b ??= document.createElement("canvas").getContext("2d"), b && (b.font = s);
  const l = b ? b.measureText(n).width : n.length * t * 0.6;
  return M.size > 4e3 && M.clear(), M.set(r, l), l;
}
function _(n, t) {
  return u(Math.max(3, Math.sqrt(Math.max(n, 0)) * (t.narrow ? 20 : 24)));
}
function G(n) {
  const t = n.count > 1 ? ` × ${p(n.count, 6)}` : "", e = n.intensity > 0 ? `${p(n.intensity)} FLOP/B, ${m(n.flop_rate, "FLOP/s")}` : `pure copy of ${m(n.traffic, "B")}`;
  return `${n.label}${t}
${S(n.share)} of the step, ${D(n.time)}
${e}
bound by ${n.bound}`;
}
const rt = { up: [0, -1], down: [0, 1], left: [-1, 0], right: [1, 0] };
function lt(n, t, e, o, s, r) {
  const [i, l] = rt[r], a = [e + i * (s + 7), o + l * (s + 7)], c = [e + i * (s + 1), o + l * (s + 1)], h = `${a[0]},${a[1]} ${c[0] + l * 4},${c[1] + i * 4} ${c[0] - l * 4},${c[1] - i * 4}`;
  n.put(t, "polygon", { class: "il-arrow", points: h });
}
const at = 2.5;
function ct(n, t, e, { x: o, y: s, r }) {
  if (!e.ghost_rate) return;
  const i = v(t, e.intensity, e.ghost_rate, r + 8);
  Math.abs(i.y - s) < at || (n.put(`${e.id}-way`, "line", { class: "il-like-way", x1: o, x2: o, y1: s, y2: u(i.y) }), n.put(`${e.id}-like`, "circle", { class: "il-like", cx: u(i.x), cy: u(i.y), r }));
}
function ht(n, t, e) {
  const o = _(e.share, t), s = v(t, e.intensity, e.flop_rate, o + 8), r = { dot: e, x: u(s.x), y: u(s.y), r: o };
  ct(n, t, e, r);
  const i = e.member ? "il-dot il-dot-member" : "il-dot", l = n.put(e.id, "circle", { class: i, cx: r.x, cy: r.y, r: o, "data-layer": e.layer });
  return n.title(l, G(e)), s.beyond && lt(n, `${e.id}-arrow`, r.x, r.y, o, s.beyond), r;
}
function dt(n, t, e) {
  if (!t.gutter) return [];
  const { left: o, width: s } = t.gutter, r = o + s / 2, i = t.bottom - t.top - 96, l = e.map((d) => Math.min(_(d.share, t) * 1.772, s - 6)), a = l.reduce((d, f) => d + f + 3, 0), c = Math.min(1, i / Math.max(a, 1));
  let h = t.bottom - 4;
  return e.map((d, f) => ({ dot: d, side: (l[f] ?? 5) * c })).sort((d, f) => f.dot.traffic - d.dot.traffic).map(({ dot: d, side: f }) => {
    h -= f;
    const x = d.member ? "il-dot il-dot-member" : "il-dot", g = { x: u(r - f / 2), y: u(h), width: u(f), height: u(f) };
    n.title(n.put(d.id, "rect", { class: x, ...g, "data-layer": d.layer }), G(d));
    const w = { dot: d, x: r, y: h + f / 2, r: f / 2 };
    return h -= 3, w;
  });
}
function ut(n, t, e, o) {
  const s = [...e.dots].sort((i, l) => l.share - i.share), r = s.filter((i) => i.intensity > 0).map((i) => ht(n, t, i));
  for (const { x: i, y: l, r: a } of r) o.take(L(i, l, a + 1));
  return [...r, ...dt(n, t, s.filter((i) => i.intensity <= 0))];
}
function ft(n, t) {
  const e = n.filter(({ dot: i }) => i.intensity > 0).sort((i, l) => l.dot.share - i.dot.share), o = e.filter(({ dot: i }) => i.member).slice(0, t.narrow ? 1 : 4), s = e.filter(({ dot: i }) => !i.member && i.share >= 0.01).slice(0, t.narrow ? 3 : 6), r = [];
  for (const i of [...s, ...o].sort((l, a) => a.dot.share - l.dot.share)) {
    const l = r.find(({ head: a }) => Math.hypot(a.x - i.x, a.y - i.y) < Math.max(14, a.r));
    l ? l.names.push(i.dot.label) : r.push({ head: i, names: [i.dot.label] });
  }
  return r.slice(0, t.narrow ? 3 : 7);
}
function yt({ names: n }) {
  const [t = "", e = ""] = n;
  return n.length === 1 ? t : n.length === 2 && t.length + e.length < 24 ? `${t}, ${e}` : `${t} and ${n.length - 1} more`;
}
function xt(n, t, e, o, s, r, i) {
  for (const l of ft(o, e)) {
    const { x: a, y: c, r: h, dot: y } = l.head, d = yt(l);
    if (d === i) continue;
    const f = k(d, e.font, r), x = s.spot(a, c, h, f, e.font + 2);
    if (x) {
      if (x.leader) {
        const g = { x2: u(Math.min(Math.max(a, x.x), x.x + x.w)), y2: u(x.y > c ? x.y : x.y + x.h) }, w = Math.hypot(g.x2 - a, g.y2 - c) || 1, F = { x1: u(a + (g.x2 - a) / w * h), y1: u(c + (g.y2 - c) / w * h) };
        t.put(`leader-${y.id}`, "line", { class: "il-leader", ...F, ...g }), s.lines.push({ ...F, ...g });
      }
      n.put(`label-${y.id}`, "text", { class: "il-label", x: u(x.x), y: u(x.y + e.font * 0.95) }, d);
    }
  }
}
const gt = [
  [1, 0],
  [-1, 0],
  [0.75, 0.75],
  [0.75, -0.75],
  [-0.75, 0.75],
  [-0.75, -0.75],
  [0, 1],
  [0, -1]
], pt = [6, 20, 38, 60, 84];
function kt(n, t, e, o, s, [r, i], l) {
  const a = e + l, c = r > 0.1 ? n + r * a : r < -0.1 ? n + r * a - o : n - o / 2, h = i > 0.9 ? t + a : i < -0.9 ? t - a - s : t + i * a - s / 2;
  return { x: c, y: h, w: o, h: s };
}
class wt {
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
    return this.taken.reduce((e, o) => e + q(t, o), 0);
  }
  crossings(t) {
    return this.lines.reduce((e, o) => e + (O(o, t) ? 1 : 0), 0);
  }
  grazed(t) {
    return this.faint.reduce((e, o) => e + (O(o, t) ? 1 : 0), 0);
  }
  /** What a leader line to this box would run over. */
  led(t, e, o, s, r) {
    if (r <= 20) return 0;
    const i = { x: Math.min(Math.max(t, s.x), s.x + s.w), y: Math.min(Math.max(e, s.y), s.y + s.h) }, l = Math.hypot(i.x - t, i.y - e) || 1, a = { x: t + (i.x - t) / l * (o + 2), y: e + (i.y - e) / l * (o + 2) }, c = { x1: a.x, y1: a.y, x2: i.x, y2: i.y };
    return 8 + this.taken.reduce((h, y) => h + (O(c, y) ? 30 : 0), 0);
  }
  /** The last resort: under the circle, moved into the plot. */
  below(t, e, o, s, r) {
    return { x: Math.max(this.area.x, Math.min(t - s / 2, this.area.x + this.area.w - s)), y: Math.min(e + o + 6, this.area.y + this.area.h - r), w: s, h: r, leader: !1 };
  }
  /** The cheapest spot for a label of w × h beside a circle, or null when every spot would hide something. */
  spot(t, e, o, s, r, i = !1) {
    let l = null, a = 1 / 0;
    for (const c of pt)
      for (const [h, y] of gt.entries()) {
        const d = kt(t, e, o, s, r, y, c);
        if (!st(d, this.area)) continue;
        const f = c + h * 0.8;
        if (f >= a) continue;
        const x = f + this.covered(d) * 3 + this.crossings(d) * 26 + this.grazed(d) * 14 + this.led(t, e, o, d, c);
        x < a && (a = x, l = { ...d, leader: c > 20 });
      }
    return !l && i && (l = this.below(t, e, o, s, r)), !l || !i && this.covered(l) > 0.05 * s * r ? null : (this.take({ x: l.x - 3, y: l.y - 2, w: l.w + 6, h: l.h + 4 }), l);
  }
}
const mt = ".il-instrument{position:relative;font-family:var(--il-sans);font-variant-numeric:tabular-nums;color:var(--il-ink)}.il-roofline{background:var(--il-card);display:block;width:100%;height:auto;overflow:visible;font-size:var(--il-font, 12.5px)}.il-roofline text{fill:var(--il-soft)}.il-labels text{paint-order:stroke;stroke:var(--il-card);stroke-width:4px;stroke-linejoin:round;pointer-events:none}.il-grid line,line.il-grid{stroke:var(--il-grid)}.il-gutter{fill:var(--il-sunk)}.il-roof{fill:none;stroke-linejoin:round}.il-roof-main{stroke:var(--il-ink);stroke-width:2.4}.il-roof-level{stroke:var(--il-soft);stroke-width:1.5;stroke-dasharray:1.5 5;stroke-linecap:round}.il-roof-other{stroke:var(--il-dim);stroke-width:1.8}.il-roof-unscaled{stroke:var(--il-soft);stroke-width:1;stroke-dasharray:6 4}text.il-note-other,text.il-note-unscaled{fill:var(--il-dim-ink)}text.il-note-main{fill:var(--il-ink)}.il-ridge{stroke:var(--il-soft);stroke-dasharray:2 4}.il-mark{fill:var(--il-card);stroke:var(--il-ink);stroke-width:1.6}.il-mark-other,.il-mark-unscaled,.il-mark-level{stroke:var(--il-dim)}.il-dot{fill:var(--il-blue);fill-opacity:.42;stroke:var(--il-blue);stroke-width:1.2;cursor:pointer}.il-dot-member{fill-opacity:.85;stroke:var(--il-ink);stroke-width:1.5}.il-dot:hover{fill-opacity:1}.il-arrow{fill:var(--il-blue)}.il-red{fill:var(--il-red);stroke:var(--il-card);stroke-width:1.5}.il-ghost{fill:none;stroke:var(--il-red);stroke-width:1.6;stroke-dasharray:3.5 3;pointer-events:none}.il-gap{stroke:var(--il-red);stroke-width:1.5;stroke-dasharray:1.5 3}.il-trace line.il-trace{stroke:var(--il-soft);stroke-width:1.4;stroke-dasharray:5 4;opacity:.75}.il-before{fill:none;stroke:var(--il-soft);stroke-width:1.4}text.il-beyond{fill:var(--il-card);font-size:10px}.il-leader{stroke:var(--il-soft);stroke-width:.9}text.il-label{fill:var(--il-ink)}text.il-name{fill:var(--il-ink);font-weight:600;font-size:calc(var(--il-font, 12.5px) + 1.5px)}text.il-strong{fill:var(--il-ink);font-weight:600}text.il-value{fill:var(--il-ink)}.il-box{fill:var(--il-card);stroke:var(--il-line)}.il-instrument:not(.il-still) .il-red,.il-instrument:not(.il-still) .il-ghost,.il-instrument:not(.il-still) circle.il-dot{transition:cx var(--il-glide) ease-out,cy var(--il-glide) ease-out,r var(--il-glide) ease-out}.il-below,.il-key{margin:6px 4px 0;font-size:12.5px;line-height:1.45;color:var(--il-soft)}.il-like{fill:none;stroke:var(--il-ink);stroke-width:1.2;stroke-dasharray:3 2.5}.il-like-way{stroke:var(--il-soft);stroke-width:1;stroke-dasharray:1.5 3}", C = 24, B = { main: 0, level: 1, unscaled: 2, other: 3 };
function j(n) {
  return n.role === "other" ? "" : n.label;
}
function $t(n, t, e, o, s) {
  const r = e.roofs.filter((a) => j(a) !== ""), i = t.font + 6, l = t.left + 10;
  [...r].sort((a, c) => B[a.role] - B[c.role]).forEach((a, c) => {
    const h = Math.round(t.top + 16 + c * i), y = `M${l},${h - 4}h${C}`;
    n.put(`sample-${a.role}-${a.id}`, "path", { class: `il-roof il-roof-${a.role}`, d: y });
    const d = { x: l + C + 7, y: h };
    n.put(`legend-${a.role}-${a.id}`, "text", { class: `il-note il-note-${a.role}`, ...d }, j(a)), o.take({ x: l, y: h - t.font, w: C + 10 + k(j(a), t.font, s), h: i });
  });
}
function bt(n, t, { x: e, y: o }) {
  const s = n.peak / n.bandwidth, r = Math.max(e.min, o.min / n.bandwidth), i = Math.min(s, e.max, o.max / n.bandwidth), l = (d, f) => [u(t.x(d)), u(t.y(f))], a = ([d, f], [x, g]) => ({ x1: d, y1: f, x2: x, y2: g }), c = r < i ? a(l(r, r * n.bandwidth), l(i, i * n.bandwidth)) : null, h = Math.max(s, e.min), y = h < e.max && n.peak <= o.max && n.peak >= o.min ? a(l(h, n.peak), l(e.max, n.peak)) : null;
  return { roof: n, slope: c, plateau: y };
}
function vt({ slope: n, plateau: t }) {
  const e = n ? `M${n.x1},${n.y1}L${n.x2},${n.y2}` : "";
  return t ? `${e || `M${t.x1},${t.y1}`}L${t.x1},${t.y1}L${t.x2},${t.y2}` : e;
}
const N = { unscaled: 0, other: 1, level: 2, main: 3 }, R = { main: 0, other: 1, level: 2, unscaled: 3 };
function Mt(n, t, e, o, s) {
  const r = /* @__PURE__ */ new Set();
  for (const { roof: i, plateau: l } of t) {
    const a = i.peak_label, c = k(a, e.font, s);
    if (!l || !a || r.has(a)) continue;
    r.add(a);
    const h = (g) => ({ x: e.right - 4 - c, y: g, w: c, h: e.font + 3 }), y = [h(l.y1 - e.font - 8), h(l.y1 + 4)], d = (g) => o.covered(g) * 3 + o.crossings(g) * 30 + (g.y < 0 ? 1e4 : 0) + (e.narrow && i.role === "other" && g.y < l.y1 ? 35 : 0), f = y.reduce((g, w) => d(w) < d(g) ? w : g);
    if (o.covered(f) > 0) continue;
    o.take(f);
    const x = { x: e.right - 4, y: u(f.y + e.font), "text-anchor": "end" };
    n.put(`peak-${i.id}`, "text", { class: `il-note il-note-${i.role}`, ...x }, a);
  }
}
function St(n, t, e, o, s, r) {
  const i = o.roofs.map((c) => bt(c, e, o)), l = [...i].sort((c, h) => N[c.roof.role] - N[h.roof.role]);
  for (const c of l) {
    n.put(`roof-${c.roof.role}-${c.roof.id}`, "path", { class: `il-roof il-roof-${c.roof.role}`, d: vt(c) });
    for (const h of [c.slope, c.plateau]) h && s.lines.push(h);
  }
  Ot(n, t, e, o, s, r);
  const a = [...i].sort((c, h) => R[c.roof.role] - R[h.roof.role]);
  Mt(t, a, e, s, r), $t(t, e, o, s, r);
}
function Ot(n, t, e, o, s, r) {
  o.ridges.forEach((i, l) => {
    const a = o.roofs.find((x) => x.id === i.roof);
    if (!a || i.x < o.x.min || i.x > o.x.max) return;
    const c = u(e.x(i.x)), h = u(Math.max(e.top, e.y(a.peak)));
    n.put(`ridge-${i.roof}`, "line", { class: `il-ridge il-ridge-${a.role}`, x1: c, x2: c, y1: h, y2: e.bottom }), n.put(`mark-${i.roof}`, "path", { class: `il-mark il-mark-${a.role}`, d: `M${c},${h - 4}l4,4l-4,4l-4,-4z` }), s.faint.push({ x1: c, x2: c, y1: h, y2: e.bottom });
    const y = k(i.label, e.font, r), d = c + 6 + y < e.right, f = { x: d ? c + 6 : c - 6, y: e.bottom - 8 - l * (e.font + 5) };
    s.take({ x: d ? c + 4 : c - 8 - y, y: f.y - e.font, w: y + 4, h: e.font + 5 }), t.put(`ridge-${i.roof}`, "text", { class: "il-note", ...f, "text-anchor": d ? "start" : "end" }, i.label);
  });
}
function Ct(n, t, e) {
  if (t.intensity > 0 || !n.gutter) return v(n, t.intensity || 1e-300, t.flop_rate);
  const o = Math.min(n.bottom, ...e.filter(({ dot: s }) => s.intensity <= 0).map(({ y: s, r }) => s - r));
  return { x: n.gutter.left + n.gutter.width / 2, y: Math.max(o - 16, n.top + 100), beyond: "" };
}
function jt(n, t, e, o, s) {
  if (e.ghost_rate === null || e.intensity <= 0) return;
  const r = v(t, e.intensity, e.ghost_rate), [i, l] = [u(r.x), u(r.y)];
  n.put("gap", "line", { class: "il-gap", x1: i, x2: o.x, y1: l, y2: o.y }), n.put("ghost", "circle", { class: "il-ghost", cx: i, cy: l, r: o.r }), s.take(L(i, l, o.r + 1));
}
function Et(n, t, e, o) {
  const { before: s } = e;
  if (!s || s.intensity <= 0 || e.intensity <= 0) return;
  const r = v(t, s.intensity, s.flop_rate);
  Math.hypot(r.x - o.x, r.y - o.y) < 2 || (n.put("trace", "line", { class: "il-trace", x1: u(r.x), y1: u(r.y), x2: o.x, y2: o.y }), n.put("before", "circle", { class: "il-before", cx: u(r.x), cy: u(r.y), r: Math.max(4, o.r * 0.45) }));
}
function Lt(n, t, e, o, s) {
  const { selected: r } = e;
  if (!r) return null;
  const i = Ct(t, r, o), l = { x: u(i.x), y: u(i.y), r: Math.max(7, _(r.share, t)) };
  r.intensity <= 0 && t.gutter && (l.r = Math.min(l.r, t.gutter.width / 2 - 2)), Et(n, t, r, l);
  const a = n.put("red", "circle", { class: "il-red", cx: l.x, cy: l.y, r: l.r });
  if (n.title(a, `${r.label}: ${S(r.share)} of the step`), jt(n, t, r, l, s), i.beyond) {
    const c = { up: "▲", down: "▼", left: "◀", right: "▶" }[i.beyond] ?? "";
    n.put("beyond", "text", { class: "il-beyond", x: l.x, y: l.y + 4, "text-anchor": "middle" }, c);
  }
  return s.take(L(l.x, l.y, l.r + 2)), l;
}
function _t(n, t, e, o, s, r) {
  const i = t.font + 1.5, l = t.narrow ? "" : e.note, a = Math.max(k(e.label, i, r, !0), k(l, t.font, r)), c = l ? 2 : 1, h = i + 2 + (c - 1) * (t.font + 4), y = s.spot(o.x, o.y, o.r, a, h, !0);
  if (!y) return;
  const d = u(y.x);
  n.put("name", "text", { class: "il-name", x: d, y: u(y.y + i * 0.92) }, e.label), l && n.put("note", "text", { class: "il-note il-remark", x: d, y: u(y.y + i + t.font + 3) }, l);
}
function V(n) {
  const t = n.gap ?? [], { scale: e, unit: o } = W(Math.max(...t.map((s) => s.time)));
  return t.map((s) => ({ label: s.label, value: `${p(s.time / e)} ${o}` }));
}
function Ft(n, t, e, o, s) {
  if (t.width < 660) return !1;
  const r = V(e), i = "The gap is made of", l = Math.max(...r.map((f) => k(f.value, t.font, s))), a = Math.max(...r.map((f) => k(f.label, t.font, s))), c = Math.max(a + l + 22, k(i, t.font, s, !0)) + 20, h = t.font + 6, y = (r.length + 1) * h + 14, d = { x: t.right - c - 8, y: t.bottom - y - 34, w: c, h: y };
  return o.taken.some((f) => q(d, f) > 0) || o.crossings(d) > 0 ? !1 : (o.take(d), n.put("gap-box", "rect", { class: "il-box", x: u(d.x), y: u(d.y), width: u(c), height: y, rx: 8 }), n.put("gap-title", "text", { class: "il-note il-strong", x: u(d.x + 10), y: u(d.y + h) }, i), r.forEach((f, x) => {
    const g = u(d.y + h * (x + 2));
    n.put(`gap-l${x}`, "text", { class: "il-note", x: u(d.x + 10), y: g }, f.label), n.put(`gap-v${x}`, "text", { class: "il-note il-value", x: u(d.x + c - 10), y: g, "text-anchor": "end" }, f.value);
  }), !0);
}
function Pt(n, t, e) {
  return (t && n.note ? `${n.label}: ${n.note}. ` : "") + (e || !n.gap?.length ? "" : zt(n));
}
function zt(n) {
  const t = (n.gap ?? []).reduce((o, s) => o + s.time, 0), e = V(n).map((o) => `${o.label} ${o.value}`);
  return `The gap, ${D(t)}: ${e.join(" · ")}.`;
}
const T = ["grid", "roofs", "dots", "trace", "labels"];
class At {
  constructor(t, e) {
    this.root = t;
    const o = T.map((s) => P("g", { class: `il-${s}` }));
    this.svg.append(...o), this.pens = Object.fromEntries(T.map((s, r) => [s, new H(o[r])])), t.append(this.svg, this.below, this.key), this.svg.addEventListener("click", (s) => {
      const r = s.target.closest("[data-layer]")?.getAttribute("data-layer");
      r && (e.set("select", r), e.save_changes());
    }), this.observer = new ResizeObserver(() => this.resize()), this.observer.observe(t);
  }
  root;
  svg = P("svg", { class: "il-roofline", role: "img" });
  below = Object.assign(document.createElement("p"), { className: "il-below", hidden: !0 });
  key = Object.assign(document.createElement("p"), { className: "il-key" });
  pens;
  family = "";
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
    this.family ||= getComputedStyle(this.root).fontFamily;
    const e = tt(t, this.width), o = new wt(e), { grid: s, roofs: r, trace: i, dots: l, labels: a } = this.pens;
    this.svg.setAttribute("viewBox", `0 0 ${e.width} ${e.height}`), this.svg.setAttribute("aria-label", it(t)), this.svg.style.setProperty("--il-font", `${e.font}px`), ot(s, e, t), St(r, a, e, t, o, this.family);
    const c = ut(l, e, t, o), { selected: h } = t, y = Lt(i, e, t, c, o), d = h?.gap?.length ? Ft(a, e, h, o, this.family) : !0;
    h && y && _t(a, e, h, y, o, this.family), xt(a, i, e, c, o, this.family, h?.label ?? "");
    for (const f of Object.values(this.pens)) f.sweep();
    this.below.textContent = h ? Pt(h, e.narrow, d) : "", this.below.hidden = this.below.textContent === "", this.caption(t);
  }
  caption(t) {
    const e = ["Area: share of the step"];
    t.selected && e.push(`red: ${t.profiler ? "as silicon runs it" : "on the roof"}`), t.selected?.ghost_rate != null && e.push("dashed: the roof");
    const o = t.dots.some((r) => r.ghost_rate != null);
    o && (e[0] = "Area: share of the frame"), o && e.push("dashed: the same kernel in the median frame");
    const s = `${e.join(" · ")}.${t.source ? ` Source: ${t.source}` : ""}`;
    this.key.textContent !== s && (this.key.textContent = s);
  }
}
const Bt = Y(mt, (n, t) => new At(n, t));
export {
  Bt as default
};
