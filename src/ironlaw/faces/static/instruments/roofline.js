const U = ':root,:host{color-scheme:light dark;--il-paper: light-dark(#faf8f4, #111518);--il-card: light-dark(#ffffff, #191e22);--il-sunk: light-dark(#f3f0e9, #0d1012);--il-ink: light-dark(#1b2025, #e9e6e0);--il-soft: light-dark(#545e68, #a5afb8);--il-line: light-dark(#e4e0d7, #2b3238);--il-grid: light-dark(#ebe8e1, #262d32);--il-edge: light-dark(#858a8e, #737f89);--il-dim: light-dark(#a3aeb8, #56636d);--il-dim-ink: light-dark(#66707a, #94a0aa);--il-blue: light-dark(#0b5cad, #6db3ff);--il-blue-wash: light-dark(#eaf2fa, #16283a);--il-on-blue: light-dark(#ffffff, #0d1418);--il-amber: light-dark(#8f4f00, #ffb454);--il-amber-wash: light-dark(#fbf1e1, #2c2213);--il-red: light-dark(#d7263d, #ff5468);--il-shadow: light-dark(rgb(40 34 20 / .07), rgb(0 0 0 / .35));--il-serif: Charter, "Bitstream Charter", "Iowan Old Style", "Source Serif 4", "Source Serif Pro", Georgia, "Noto Serif", "DejaVu Serif", serif;--il-sans: system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "DejaVu Sans", sans-serif;--il-radius: 14px;--il-glide: .15s}:root[data-theme=light],[data-jp-theme-light=true],.vscode-light{color-scheme:light}:root[data-theme=dark],[data-jp-theme-light=false],.vscode-dark{color-scheme:dark}@media(prefers-reduced-motion:reduce){:root,:host{--il-glide: 0ms}}@media print{:root:root{color-scheme:light}}';
function X(e, t) {
  const n = document.createElement("div");
  n.className = "il-instrument";
  const o = getComputedStyle(document.documentElement).getPropertyValue("--il-ink") !== "", s = document.createElement("style");
  return s.textContent = o ? t : `${U}
${t}`, e.append(s, n), n;
}
function Y(e, t) {
  return {
    render({ model: n, el: o }) {
      const s = X(o, e), r = t(s, n), i = () => {
        const l = n.get("picture");
        l && r.paint(l);
      };
      return n.on("change:picture", i), i(), () => {
        n.off("change:picture", i), r.stop?.(), o.replaceChildren();
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
  put(t, n, o, s) {
    let r = this.drawn.get(t);
    if (!r) {
      const i = document.createElementNS(E, n);
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
    o?.textContent !== n && (o ? o.textContent = n : t.append(Object.assign(document.createElementNS(E, "title"), { textContent: n })));
  }
  /** Removes what was not drawn since the last sweep. */
  sweep() {
    for (const [t, n] of this.drawn)
      n.used || (n.element.remove(), this.drawn.delete(t)), n.used = !1;
  }
}
function z(e, t) {
  const n = document.createElementNS(E, e);
  for (const [o, s] of Object.entries(t)) n.setAttribute(o, String(s));
  return n;
}
const u = (e) => Math.round(e * 10) / 10, $ = " ", _ = /* @__PURE__ */ new Map(), J = [
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
function p(e, t = 3) {
  if (!Number.isFinite(e)) return "–";
  let n = _.get(t);
  return n || (n = new Intl.NumberFormat("en", { maximumSignificantDigits: t }), _.set(t, n)), n.format(e);
}
function K(e) {
  const t = Math.abs(e);
  return J.find(([n]) => t >= n * 0.9995) ?? [1e-12, "p"];
}
function k(e, t, n = 3) {
  if (e === 0) return t ? `0${$}${t}` : "0";
  if (t === "") return p(e, n);
  if (t === "%" || t === "×") return `${p(e, n)}${$}${t}`;
  if (t.endsWith("FLOP/B")) return `${p(e, n)}${$}${t}`;
  const [o, s] = K(e);
  return `${p(e / o, n)}${$}${s}${t}`;
}
function W(e) {
  return e >= 1 ? { scale: 1, unit: "s" } : e >= 1e-3 ? { scale: 1e-3, unit: "ms" } : { scale: 1e-6, unit: "µs" };
}
function D(e) {
  const { scale: t, unit: n } = W(e);
  return `${p(e / t)}${$}${n}`;
}
function M(e) {
  const t = e * 100, n = t !== 0 && Math.abs(t) < 1 ? 2 : 1;
  return `${t.toFixed(n)}${$}%`;
}
const Q = 520;
function A(e, t, n) {
  const o = Math.log10(e.min), s = Math.log10(e.max) - o;
  return (r) => t + (Math.log10(r) - o) / s * (n - t);
}
function Z(e, t) {
  return Math.round(t ? Math.min(Math.max(e * 0.96, 300), 380) : Math.min(Math.max(e * 0.56, 350), 480));
}
function tt(e, t) {
  const n = t < Q, o = Z(t, n), s = e.dots.some((x) => x.intensity <= 0) || (e.selected?.intensity ?? 1) <= 0, r = n ? 47 : 74, i = s ? { left: r, width: n ? 28 : 40 } : null, l = r + (i ? i.width + 6 : 0), a = t - (n ? 10 : 14), c = n ? 30 : 16, h = o - (n ? 42 : 46);
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
    x: A(e.x, l, a),
    y: A(e.y, h, c)
  };
}
function I(e) {
  const t = Math.ceil(Math.log10(e.min) - 1e-9), n = Math.floor(Math.log10(e.max) + 1e-9);
  return Array.from({ length: Math.max(0, n - t + 1) }, (o, s) => 10 ** (t + s));
}
function S(e, t, n, o = 0) {
  const s = e.x(t), r = n > 0 ? e.y(n) : 1 / 0, i = r > e.bottom + 1 ? "down" : r < e.top - 1 ? "up" : s > e.right + 1 ? "right" : s < e.left - 1 ? "left" : "", l = i === "left" || i === "right" ? o : 0, a = i === "up" || i === "down" ? o : 0;
  return {
    x: Math.min(Math.max(s, e.left + l), e.right - l),
    y: Math.min(Math.max(r, e.top + a), e.bottom - a),
    beyond: i
  };
}
function et(e, t, n) {
  const o = I(n.x), s = Math.ceil(o.length * 52 / (t.right - t.left));
  o.forEach((l, a) => {
    const c = u(t.x(l));
    if (e.put(`gx${a}`, "line", { class: "il-grid", x1: c, x2: c, y1: t.top, y2: t.bottom }), a % s) return;
    const h = c > t.right - 18 ? "end" : c < t.left + 8 && t.gutter ? "start" : "middle", x = h === "end" ? t.right + 6 : h === "start" ? c - 4 : c;
    e.put(`tx${a}`, "text", { class: "il-tick", x, y: t.bottom + 17, "text-anchor": h }, p(l));
  });
  const r = u((t.left + t.right) / 2), i = `${n.x.label}, ${n.x.unit}`;
  e.put("xt", "text", { class: "il-axis", x: r, y: t.height - 6, "text-anchor": "middle" }, i);
}
function nt(e, t, n) {
  const o = I(n.y), s = t.gutter ? t.gutter.left : t.left, r = Math.ceil(o.length * 24 / (t.bottom - t.top));
  o.forEach((a, c) => {
    const h = u(t.y(a));
    e.put(`gy${c}`, "line", { class: "il-grid", x1: t.left, x2: t.right, y1: h, y2: h }), !(c % r) && e.put(`ty${c}`, "text", { class: "il-tick", x: s - 8, y: h + 4, "text-anchor": "end" }, k(a, " ").trim());
  });
  const i = `${n.y.label}, ${n.y.unit}`;
  if (t.narrow) {
    e.put("yt", "text", { class: "il-axis", x: 2, y: 13 }, i);
    return;
  }
  const l = u((t.top + t.bottom) / 2);
  e.put("yt", "text", { class: "il-axis", transform: `translate(14 ${l}) rotate(-90)`, "text-anchor": "middle" }, i);
}
function ot(e, t, n) {
  if (et(e, t, n), nt(e, t, n), t.gutter) {
    const { left: o, width: s } = t.gutter, r = { class: "il-gutter", x: o, y: t.top, width: s, height: t.bottom - t.top, rx: 4 };
    e.put("gutter", "rect", r), e.put("gutter0", "text", { class: "il-tick", x: o + s / 2, y: t.bottom + 17, "text-anchor": "middle" }, "0");
    const i = `translate(${u(o + s / 2 + t.font * 0.35)} ${t.top + 8}) rotate(-90)`;
    e.put("gutterT", "text", { class: "il-tick", transform: i, "text-anchor": "end" }, "0: pure copies");
  }
}
function it(e) {
  const t = e.roofs.find((i) => i.role === "main"), n = [`Roofline. ${e.title}.`];
  if (t) {
    const i = p(t.peak / t.bandwidth);
    n.push(`Roof: ${k(t.bandwidth, "B/s")} of bandwidth up to ${k(t.peak, "FLOP/s")}, ridge at ${i} FLOP/B.`);
  }
  const { selected: o } = e;
  if (o) {
    const i = o.intensity > 0 ? `${p(o.intensity)} FLOP/B and ${k(o.flop_rate, "FLOP/s")}` : "no operations, pure copies";
    n.push(`Selected: ${o.label}, ${i}, ${M(o.share)} of the step; ${o.note}.`), o.ghost_rate !== null && n.push(`The model allows ${k(o.ghost_rate, "FLOP/s")}.`);
  }
  const r = [...e.dots].sort((i, l) => l.share - i.share).slice(0, 3).map((i) => `${i.label} ${M(i.share)}`).join(", ");
  return r && n.push(`${e.dots.length} kernels; the largest: ${r}.`), n.join(" ");
}
function L(e, t, n) {
  return { x: e - n, y: t - n, w: 2 * n, h: 2 * n };
}
function q(e, t) {
  const n = Math.min(e.x + e.w, t.x + t.w) - Math.max(e.x, t.x), o = Math.min(e.y + e.h, t.y + t.h) - Math.max(e.y, t.y);
  return n > 0 && o > 0 ? n * o : 0;
}
function st(e, t) {
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
let b = null;
const v = /* @__PURE__ */ new Map();
function w(e, t, n, o = !1) {
  const s = `${o ? "600 " : ""}${t}px ${n}`, r = `${s}|${e}`, i = v.get(r);
  if (i !== void 0) return i;
  b ??= document.createElement("canvas").getContext("2d"), b && (b.font = s);
  const l = b ? b.measureText(e).width : e.length * t * 0.6;
  return v.size > 4e3 && v.clear(), v.set(r, l), l;
}
function F(e, t) {
  return u(Math.max(3, Math.sqrt(Math.max(e, 0)) * (t.narrow ? 20 : 24)));
}
function G(e) {
  const t = e.count > 1 ? ` × ${p(e.count, 6)}` : "", n = e.intensity > 0 ? `${p(e.intensity)} FLOP/B, ${k(e.flop_rate, "FLOP/s")}` : `pure copy of ${k(e.traffic, "B")}`;
  return `${e.label}${t}
${M(e.share)} of the step, ${D(e.time)}
${n}
bound by ${e.bound}`;
}
const rt = { up: [0, -1], down: [0, 1], left: [-1, 0], right: [1, 0] };
function lt(e, t, n, o, s, r) {
  const [i, l] = rt[r], a = [n + i * (s + 7), o + l * (s + 7)], c = [n + i * (s + 1), o + l * (s + 1)], h = `${a[0]},${a[1]} ${c[0] + l * 4},${c[1] + i * 4} ${c[0] - l * 4},${c[1] - i * 4}`;
  e.put(t, "polygon", { class: "il-arrow", points: h });
}
function at(e, t, n) {
  const o = F(n.share, t), s = S(t, n.intensity, n.flop_rate, o + 8), r = { dot: n, x: u(s.x), y: u(s.y), r: o }, i = n.member ? "il-dot il-dot-member" : "il-dot", l = e.put(n.id, "circle", { class: i, cx: r.x, cy: r.y, r: o, "data-layer": n.layer });
  return e.title(l, G(n)), s.beyond && lt(e, `${n.id}-arrow`, r.x, r.y, o, s.beyond), r;
}
function ct(e, t, n) {
  if (!t.gutter) return [];
  const { left: o, width: s } = t.gutter, r = o + s / 2, i = t.bottom - t.top - 96, l = n.map((d) => Math.min(F(d.share, t) * 1.772, s - 6)), a = l.reduce((d, f) => d + f + 3, 0), c = Math.min(1, i / Math.max(a, 1));
  let h = t.bottom - 4;
  return n.map((d, f) => ({ dot: d, side: (l[f] ?? 5) * c })).sort((d, f) => f.dot.traffic - d.dot.traffic).map(({ dot: d, side: f }) => {
    h -= f;
    const y = d.member ? "il-dot il-dot-member" : "il-dot", g = { x: u(r - f / 2), y: u(h), width: u(f), height: u(f) };
    e.title(e.put(d.id, "rect", { class: y, ...g, "data-layer": d.layer }), G(d));
    const m = { dot: d, x: r, y: h + f / 2, r: f / 2 };
    return h -= 3, m;
  });
}
function ht(e, t, n, o) {
  const s = [...n.dots].sort((i, l) => l.share - i.share), r = s.filter((i) => i.intensity > 0).map((i) => at(e, t, i));
  for (const { x: i, y: l, r: a } of r) o.take(L(i, l, a + 1));
  return [...r, ...ct(e, t, s.filter((i) => i.intensity <= 0))];
}
function dt(e, t) {
  const n = e.filter(({ dot: i }) => i.intensity > 0).sort((i, l) => l.dot.share - i.dot.share), o = n.filter(({ dot: i }) => i.member).slice(0, t.narrow ? 1 : 4), s = n.filter(({ dot: i }) => !i.member && i.share >= 0.01).slice(0, t.narrow ? 3 : 6), r = [];
  for (const i of [...s, ...o].sort((l, a) => a.dot.share - l.dot.share)) {
    const l = r.find(({ head: a }) => Math.hypot(a.x - i.x, a.y - i.y) < Math.max(14, a.r));
    l ? l.names.push(i.dot.label) : r.push({ head: i, names: [i.dot.label] });
  }
  return r.slice(0, t.narrow ? 3 : 7);
}
function ut({ names: e }) {
  const [t = "", n = ""] = e;
  return e.length === 1 ? t : e.length === 2 && t.length + n.length < 24 ? `${t}, ${n}` : `${t} and ${e.length - 1} more`;
}
function ft(e, t, n, o, s, r, i) {
  for (const l of dt(o, n)) {
    const { x: a, y: c, r: h, dot: x } = l.head, d = ut(l);
    if (d === i) continue;
    const f = w(d, n.font, r), y = s.spot(a, c, h, f, n.font + 2);
    if (y) {
      if (y.leader) {
        const g = { x2: u(Math.min(Math.max(a, y.x), y.x + y.w)), y2: u(y.y > c ? y.y : y.y + y.h) }, m = Math.hypot(g.x2 - a, g.y2 - c) || 1, P = { x1: u(a + (g.x2 - a) / m * h), y1: u(c + (g.y2 - c) / m * h) };
        t.put(`leader-${x.id}`, "line", { class: "il-leader", ...P, ...g }), s.lines.push({ ...P, ...g });
      }
      e.put(`label-${x.id}`, "text", { class: "il-label", x: u(y.x), y: u(y.y + n.font * 0.95) }, d);
    }
  }
}
const xt = [
  [1, 0],
  [-1, 0],
  [0.75, 0.75],
  [0.75, -0.75],
  [-0.75, 0.75],
  [-0.75, -0.75],
  [0, 1],
  [0, -1]
], yt = [6, 20, 38, 60, 84];
function gt(e, t, n, o, s, [r, i], l) {
  const a = n + l, c = r > 0.1 ? e + r * a : r < -0.1 ? e + r * a - o : e - o / 2, h = i > 0.9 ? t + a : i < -0.9 ? t - a - s : t + i * a - s / 2;
  return { x: c, y: h, w: o, h: s };
}
class pt {
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
    return this.taken.reduce((n, o) => n + q(t, o), 0);
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
    for (const c of yt)
      for (const [h, x] of xt.entries()) {
        const d = gt(t, n, o, s, r, x, c);
        if (!st(d, this.area)) continue;
        const f = c + h * 0.8;
        if (f >= a) continue;
        const y = f + this.covered(d) * 3 + this.crossings(d) * 26 + this.grazed(d) * 14 + this.led(t, n, o, d, c);
        y < a && (a = y, l = { ...d, leader: c > 20 });
      }
    return !l && i && (l = this.below(t, n, o, s, r)), !l || !i && this.covered(l) > 0.05 * s * r ? null : (this.take({ x: l.x - 3, y: l.y - 2, w: l.w + 6, h: l.h + 4 }), l);
  }
}
const wt = ".il-instrument{position:relative;font-family:var(--il-sans);font-variant-numeric:tabular-nums;color:var(--il-ink)}.il-roofline{background:var(--il-card);display:block;width:100%;height:auto;overflow:visible;font-size:var(--il-font, 12.5px)}.il-roofline text{fill:var(--il-soft)}.il-labels text{paint-order:stroke;stroke:var(--il-card);stroke-width:4px;stroke-linejoin:round;pointer-events:none}.il-grid line,line.il-grid{stroke:var(--il-grid)}.il-gutter{fill:var(--il-sunk)}.il-roof{fill:none;stroke-linejoin:round}.il-roof-main{stroke:var(--il-ink);stroke-width:2.4}.il-roof-level{stroke:var(--il-soft);stroke-width:1.5;stroke-dasharray:1.5 5;stroke-linecap:round}.il-roof-other{stroke:var(--il-dim);stroke-width:1.8}.il-roof-unscaled{stroke:var(--il-soft);stroke-width:1;stroke-dasharray:6 4}text.il-note-other,text.il-note-unscaled{fill:var(--il-dim-ink)}text.il-note-main{fill:var(--il-ink)}.il-ridge{stroke:var(--il-soft);stroke-dasharray:2 4}.il-mark{fill:var(--il-card);stroke:var(--il-ink);stroke-width:1.6}.il-mark-other,.il-mark-unscaled,.il-mark-level{stroke:var(--il-dim)}.il-dot{fill:var(--il-blue);fill-opacity:.42;stroke:var(--il-blue);stroke-width:1.2;cursor:pointer}.il-dot-member{fill-opacity:.85;stroke:var(--il-ink);stroke-width:1.5}.il-dot:hover{fill-opacity:1}.il-arrow{fill:var(--il-blue)}.il-red{fill:var(--il-red);stroke:var(--il-card);stroke-width:1.5}.il-ghost{fill:none;stroke:var(--il-red);stroke-width:1.6;stroke-dasharray:3.5 3;pointer-events:none}.il-gap{stroke:var(--il-red);stroke-width:1.5;stroke-dasharray:1.5 3}.il-trace line.il-trace{stroke:var(--il-soft);stroke-width:1.4;stroke-dasharray:5 4;opacity:.75}.il-before{fill:none;stroke:var(--il-soft);stroke-width:1.4}text.il-beyond{fill:var(--il-card);font-size:10px}.il-leader{stroke:var(--il-soft);stroke-width:.9}text.il-label{fill:var(--il-ink)}text.il-name{fill:var(--il-ink);font-weight:600;font-size:calc(var(--il-font, 12.5px) + 1.5px)}text.il-strong{fill:var(--il-ink);font-weight:600}text.il-value{fill:var(--il-ink)}.il-box{fill:var(--il-card);stroke:var(--il-line)}.il-instrument:not(.il-still) .il-red,.il-instrument:not(.il-still) .il-ghost,.il-instrument:not(.il-still) circle.il-dot{transition:cx var(--il-glide) ease-out,cy var(--il-glide) ease-out,r var(--il-glide) ease-out}.il-below,.il-key{margin:6px 4px 0;font-size:12.5px;line-height:1.45;color:var(--il-soft)}", C = 24, B = { main: 0, level: 1, unscaled: 2, other: 3 };
function j(e) {
  return e.role === "other" ? "" : e.label;
}
function mt(e, t, n, o, s) {
  const r = n.roofs.filter((a) => j(a) !== ""), i = t.font + 6, l = t.left + 10;
  [...r].sort((a, c) => B[a.role] - B[c.role]).forEach((a, c) => {
    const h = Math.round(t.top + 16 + c * i), x = `M${l},${h - 4}h${C}`;
    e.put(`sample-${a.role}-${a.id}`, "path", { class: `il-roof il-roof-${a.role}`, d: x });
    const d = { x: l + C + 7, y: h };
    e.put(`legend-${a.role}-${a.id}`, "text", { class: `il-note il-note-${a.role}`, ...d }, j(a)), o.take({ x: l, y: h - t.font, w: C + 10 + w(j(a), t.font, s), h: i });
  });
}
function kt(e, t, { x: n, y: o }) {
  const s = e.peak / e.bandwidth, r = Math.max(n.min, o.min / e.bandwidth), i = Math.min(s, n.max, o.max / e.bandwidth), l = (d, f) => [u(t.x(d)), u(t.y(f))], a = ([d, f], [y, g]) => ({ x1: d, y1: f, x2: y, y2: g }), c = r < i ? a(l(r, r * e.bandwidth), l(i, i * e.bandwidth)) : null, h = Math.max(s, n.min), x = h < n.max && e.peak <= o.max && e.peak >= o.min ? a(l(h, e.peak), l(n.max, e.peak)) : null;
  return { roof: e, slope: c, plateau: x };
}
function $t({ slope: e, plateau: t }) {
  const n = e ? `M${e.x1},${e.y1}L${e.x2},${e.y2}` : "";
  return t ? `${n || `M${t.x1},${t.y1}`}L${t.x1},${t.y1}L${t.x2},${t.y2}` : n;
}
const N = { unscaled: 0, other: 1, level: 2, main: 3 }, R = { main: 0, other: 1, level: 2, unscaled: 3 };
function bt(e, t, n, o, s) {
  const r = /* @__PURE__ */ new Set();
  for (const { roof: i, plateau: l } of t) {
    const a = i.peak_label, c = w(a, n.font, s);
    if (!l || !a || r.has(a)) continue;
    r.add(a);
    const h = (g) => ({ x: n.right - 4 - c, y: g, w: c, h: n.font + 3 }), x = [h(l.y1 - n.font - 8), h(l.y1 + 4)], d = (g) => o.covered(g) * 3 + o.crossings(g) * 30 + (g.y < 0 ? 1e4 : 0) + (n.narrow && i.role === "other" && g.y < l.y1 ? 35 : 0), f = x.reduce((g, m) => d(m) < d(g) ? m : g);
    if (o.covered(f) > 0) continue;
    o.take(f);
    const y = { x: n.right - 4, y: u(f.y + n.font), "text-anchor": "end" };
    e.put(`peak-${i.id}`, "text", { class: `il-note il-note-${i.role}`, ...y }, a);
  }
}
function vt(e, t, n, o, s, r) {
  const i = o.roofs.map((c) => kt(c, n, o)), l = [...i].sort((c, h) => N[c.roof.role] - N[h.roof.role]);
  for (const c of l) {
    e.put(`roof-${c.roof.role}-${c.roof.id}`, "path", { class: `il-roof il-roof-${c.roof.role}`, d: $t(c) });
    for (const h of [c.slope, c.plateau]) h && s.lines.push(h);
  }
  Mt(e, t, n, o, s, r);
  const a = [...i].sort((c, h) => R[c.roof.role] - R[h.roof.role]);
  bt(t, a, n, s, r), mt(t, n, o, s, r);
}
function Mt(e, t, n, o, s, r) {
  o.ridges.forEach((i, l) => {
    const a = o.roofs.find((y) => y.id === i.roof);
    if (!a || i.x < o.x.min || i.x > o.x.max) return;
    const c = u(n.x(i.x)), h = u(Math.max(n.top, n.y(a.peak)));
    e.put(`ridge-${i.roof}`, "line", { class: `il-ridge il-ridge-${a.role}`, x1: c, x2: c, y1: h, y2: n.bottom }), e.put(`mark-${i.roof}`, "path", { class: `il-mark il-mark-${a.role}`, d: `M${c},${h - 4}l4,4l-4,4l-4,-4z` }), s.faint.push({ x1: c, x2: c, y1: h, y2: n.bottom });
    const x = w(i.label, n.font, r), d = c + 6 + x < n.right, f = { x: d ? c + 6 : c - 6, y: n.bottom - 8 - l * (n.font + 5) };
    s.take({ x: d ? c + 4 : c - 8 - x, y: f.y - n.font, w: x + 4, h: n.font + 5 }), t.put(`ridge-${i.roof}`, "text", { class: "il-note", ...f, "text-anchor": d ? "start" : "end" }, i.label);
  });
}
function St(e, t, n) {
  if (t.intensity > 0 || !e.gutter) return S(e, t.intensity || 1e-300, t.flop_rate);
  const o = Math.min(e.bottom, ...n.filter(({ dot: s }) => s.intensity <= 0).map(({ y: s, r }) => s - r));
  return { x: e.gutter.left + e.gutter.width / 2, y: Math.max(o - 16, e.top + 100), beyond: "" };
}
function Ot(e, t, n, o, s) {
  if (n.ghost_rate === null || n.intensity <= 0) return;
  const r = S(t, n.intensity, n.ghost_rate), [i, l] = [u(r.x), u(r.y)];
  e.put("gap", "line", { class: "il-gap", x1: i, x2: o.x, y1: l, y2: o.y }), e.put("ghost", "circle", { class: "il-ghost", cx: i, cy: l, r: o.r }), s.take(L(i, l, o.r + 1));
}
function Ct(e, t, n, o) {
  const { before: s } = n;
  if (!s || s.intensity <= 0 || n.intensity <= 0) return;
  const r = S(t, s.intensity, s.flop_rate);
  Math.hypot(r.x - o.x, r.y - o.y) < 2 || (e.put("trace", "line", { class: "il-trace", x1: u(r.x), y1: u(r.y), x2: o.x, y2: o.y }), e.put("before", "circle", { class: "il-before", cx: u(r.x), cy: u(r.y), r: Math.max(4, o.r * 0.45) }));
}
function jt(e, t, n, o, s) {
  const { selected: r } = n;
  if (!r) return null;
  const i = St(t, r, o), l = { x: u(i.x), y: u(i.y), r: Math.max(7, F(r.share, t)) };
  r.intensity <= 0 && t.gutter && (l.r = Math.min(l.r, t.gutter.width / 2 - 2)), Ct(e, t, r, l);
  const a = e.put("red", "circle", { class: "il-red", cx: l.x, cy: l.y, r: l.r });
  if (e.title(a, `${r.label}: ${M(r.share)} of the step`), Ot(e, t, r, l, s), i.beyond) {
    const c = { up: "▲", down: "▼", left: "◀", right: "▶" }[i.beyond] ?? "";
    e.put("beyond", "text", { class: "il-beyond", x: l.x, y: l.y + 4, "text-anchor": "middle" }, c);
  }
  return s.take(L(l.x, l.y, l.r + 2)), l;
}
function Et(e, t, n, o, s, r) {
  const i = t.font + 1.5, l = t.narrow ? "" : n.note, a = Math.max(w(n.label, i, r, !0), w(l, t.font, r)), c = l ? 2 : 1, h = i + 2 + (c - 1) * (t.font + 4), x = s.spot(o.x, o.y, o.r, a, h, !0);
  if (!x) return;
  const d = u(x.x);
  e.put("name", "text", { class: "il-name", x: d, y: u(x.y + i * 0.92) }, n.label), l && e.put("note", "text", { class: "il-note il-remark", x: d, y: u(x.y + i + t.font + 3) }, l);
}
function V(e) {
  const t = e.gap ?? [], { scale: n, unit: o } = W(Math.max(...t.map((s) => s.time)));
  return t.map((s) => ({ label: s.label, value: `${p(s.time / n)} ${o}` }));
}
function Lt(e, t, n, o, s) {
  if (t.width < 660) return !1;
  const r = V(n), i = "The gap is made of", l = Math.max(...r.map((f) => w(f.value, t.font, s))), a = Math.max(...r.map((f) => w(f.label, t.font, s))), c = Math.max(a + l + 22, w(i, t.font, s, !0)) + 20, h = t.font + 6, x = (r.length + 1) * h + 14, d = { x: t.right - c - 8, y: t.bottom - x - 34, w: c, h: x };
  return o.taken.some((f) => q(d, f) > 0) || o.crossings(d) > 0 ? !1 : (o.take(d), e.put("gap-box", "rect", { class: "il-box", x: u(d.x), y: u(d.y), width: u(c), height: x, rx: 8 }), e.put("gap-title", "text", { class: "il-note il-strong", x: u(d.x + 10), y: u(d.y + h) }, i), r.forEach((f, y) => {
    const g = u(d.y + h * (y + 2));
    e.put(`gap-l${y}`, "text", { class: "il-note", x: u(d.x + 10), y: g }, f.label), e.put(`gap-v${y}`, "text", { class: "il-note il-value", x: u(d.x + c - 10), y: g, "text-anchor": "end" }, f.value);
  }), !0);
}
function Ft(e, t, n) {
  return (t && e.note ? `${e.label}: ${e.note}. ` : "") + (n || !e.gap?.length ? "" : Pt(e));
}
function Pt(e) {
  const t = (e.gap ?? []).reduce((o, s) => o + s.time, 0), n = V(e).map((o) => `${o.label} ${o.value}`);
  return `The gap, ${D(t)}: ${n.join(" · ")}.`;
}
const T = ["grid", "roofs", "dots", "trace", "labels"];
class zt {
  constructor(t, n) {
    this.root = t;
    const o = T.map((s) => z("g", { class: `il-${s}` }));
    this.svg.append(...o), this.pens = Object.fromEntries(T.map((s, r) => [s, new H(o[r])])), t.append(this.svg, this.below, this.key), this.svg.addEventListener("click", (s) => {
      const r = s.target.closest("[data-layer]")?.getAttribute("data-layer");
      r && (n.set("select", r), n.save_changes());
    }), this.observer = new ResizeObserver(() => this.resize()), this.observer.observe(t);
  }
  root;
  svg = z("svg", { class: "il-roofline", role: "img" });
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
    const n = tt(t, this.width), o = new pt(n), { grid: s, roofs: r, trace: i, dots: l, labels: a } = this.pens;
    this.svg.setAttribute("viewBox", `0 0 ${n.width} ${n.height}`), this.svg.setAttribute("aria-label", it(t)), this.svg.style.setProperty("--il-font", `${n.font}px`), ot(s, n, t), vt(r, a, n, t, o, this.family);
    const c = ht(l, n, t, o), { selected: h } = t, x = jt(i, n, t, c, o), d = h?.gap?.length ? Lt(a, n, h, o, this.family) : !0;
    h && x && Et(a, n, h, x, o, this.family), ft(a, i, n, c, o, this.family, h?.label ?? "");
    for (const f of Object.values(this.pens)) f.sweep();
    this.below.textContent = h ? Ft(h, n.narrow, d) : "", this.below.hidden = this.below.textContent === "", this.caption(t);
  }
  caption(t) {
    const n = ["Area: share of the step"];
    t.selected && n.push(`red: ${t.profiler ? "as silicon runs it" : "on the roof"}`), t.selected?.ghost_rate != null && n.push("dashed: the roof");
    const o = `${n.join(" · ")}.${t.source ? ` Source: ${t.source}` : ""}`;
    this.key.textContent !== o && (this.key.textContent = o);
  }
}
const _t = Y(wt, (e, t) => new zt(e, t));
export {
  _t as default
};
