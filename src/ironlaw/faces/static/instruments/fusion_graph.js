const V = /* @__PURE__ */ new Map();
function A(n, t = 3) {
  if (!Number.isFinite(n)) return "–";
  let e = V.get(t);
  return e || (e = new Intl.NumberFormat("en", { maximumSignificantDigits: t }), V.set(t, e)), e.format(n);
}
function p(n, t = {}, ...e) {
  const i = document.createElement(n);
  for (const [s, o] of Object.entries(t))
    o == null || o === !1 || i.setAttribute(s, o === !0 ? "" : String(o));
  return i.append(...e.filter((s) => !!s || s === "")), i;
}
function M(n, t) {
  n.textContent !== t && (n.textContent = t);
}
function y(n, t, e) {
  n.getAttribute(t) !== e && n.setAttribute(t, e);
}
const ot = ':root,:host{color-scheme:light dark;--il-paper: light-dark(#faf8f4, #111518);--il-card: light-dark(#ffffff, #191e22);--il-sunk: light-dark(#f3f0e9, #0d1012);--il-ink: light-dark(#1b2025, #e9e6e0);--il-soft: light-dark(#545e68, #a5afb8);--il-line: light-dark(#e4e0d7, #2b3238);--il-grid: light-dark(#ebe8e1, #262d32);--il-edge: light-dark(#858a8e, #737f89);--il-dim: light-dark(#a3aeb8, #56636d);--il-dim-ink: light-dark(#66707a, #94a0aa);--il-blue: light-dark(#0b5cad, #6db3ff);--il-blue-wash: light-dark(#eaf2fa, #16283a);--il-on-blue: light-dark(#ffffff, #0d1418);--il-amber: light-dark(#8f4f00, #ffb454);--il-amber-wash: light-dark(#fbf1e1, #2c2213);--il-red: light-dark(#d7263d, #ff5468);--il-shadow: light-dark(rgb(40 34 20 / .07), rgb(0 0 0 / .35));--il-serif: Charter, "Bitstream Charter", "Iowan Old Style", "Source Serif 4", "Source Serif Pro", Georgia, "Noto Serif", "DejaVu Serif", serif;--il-sans: system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "DejaVu Sans", sans-serif;--il-radius: 14px;--il-glide: .15s}:root[data-theme=light],[data-jp-theme-light=true],.vscode-light{color-scheme:light}:root[data-theme=dark],[data-jp-theme-light=false],.vscode-dark{color-scheme:dark}@media(prefers-reduced-motion:reduce){:root,:host{--il-glide: 0ms}}@media print{:root:root{color-scheme:light}}', rt = ".il-instrument{position:relative;font-family:var(--il-sans);font-variant-numeric:tabular-nums;color:var(--il-ink)}.il-chart{background:var(--il-card);display:block;width:100%;height:auto;overflow:visible;font-size:12px}.il-chart text{fill:var(--il-soft);pointer-events:none}.il-chart text.il-strong{fill:var(--il-ink);font-weight:600}.il-chart text.il-halo{paint-order:stroke;stroke:var(--il-card);stroke-width:4px;stroke-linejoin:round}.il-chart-grid{stroke:var(--il-grid)}.il-chart-axis{stroke:var(--il-edge)}.il-chart-limit{fill:none;stroke:var(--il-ink);stroke-width:1.6;stroke-dasharray:6 4}.il-stage{position:relative;border-radius:8px}.il-stage:focus-visible{outline:2px solid var(--il-blue);outline-offset:4px}.il-key{margin:8px 4px 0;font-size:12.5px;line-height:1.45;color:var(--il-soft)}.il-sr{position:absolute;width:1px;height:1px;margin:-1px;overflow:hidden;clip-path:inset(50%)}.il-tip{position:absolute;z-index:4;max-width:min(320px,100%);padding:8px 12px;border:1px solid var(--il-edge);border-radius:9px;background:var(--il-card);box-shadow:0 4px 14px var(--il-shadow);font-size:13px;line-height:1.4;pointer-events:none}.il-tip b{overflow-wrap:anywhere}.il-tip p{margin:0;color:var(--il-soft)}";
function lt(n, t) {
  const e = document.createElement("div");
  e.className = "il-instrument";
  const i = getComputedStyle(document.documentElement).getPropertyValue("--il-ink") !== "", s = document.createElement("style");
  return s.textContent = [...i ? [] : [ot], rt, t].join(`
`), n.append(s, e), e;
}
function at(n, t) {
  return {
    render({ model: e, el: i }) {
      const s = lt(i, n), o = t(s, e), r = () => {
        const l = e.get("picture");
        l && o.paint(l);
      };
      return e.on("change:picture", r), r(), () => {
        e.off("change:picture", r), o.stop?.(), i.replaceChildren();
      };
    }
  };
}
const N = "http://www.w3.org/2000/svg";
class ct {
  constructor(t) {
    this.parent = t;
  }
  parent;
  drawn = /* @__PURE__ */ new Map();
  /** Draws (or updates) the element of this key, in this picture. */
  put(t, e, i, s) {
    let o = this.drawn.get(t);
    if (!o) {
      const r = document.createElementNS(N, e);
      this.parent.append(r), o = { element: r, attributes: {}, text: void 0, used: !0 }, this.drawn.set(t, o);
    }
    o.used = !0;
    for (const [r, l] of Object.entries(i))
      o.attributes[r] !== l && o.element.setAttribute(r, String(l));
    for (const r of Object.keys(o.attributes)) r in i || o.element.removeAttribute(r);
    return o.attributes = i, s !== o.text && (o.element.textContent = s ?? ""), o.text = s, o.element;
  }
  /** A text tooltip of an element drawn before in this picture. */
  title(t, e) {
    const i = t.querySelector("title");
    i?.textContent !== e && (i ? i.textContent = e : t.append(Object.assign(document.createElementNS(N, "title"), { textContent: e })));
  }
  /** Removes what was not drawn since the last sweep. */
  sweep() {
    for (const [t, e] of this.drawn)
      e.used || (e.element.remove(), this.drawn.delete(t)), e.used = !1;
  }
}
function F(n, t) {
  const e = document.createElementNS(N, n);
  for (const [i, s] of Object.entries(t)) e.setAttribute(i, String(s));
  return e;
}
const c = (n) => Math.round(n * 10) / 10, W = (n, t) => `${n} ${t}${n === 1 ? "" : "s"}`;
function j(n) {
  return `${W(n.operators, "operator")}, ${W(n.kernels, "launch").replace("launchs", "launches")}`;
}
function ht(n) {
  const t = /* @__PURE__ */ new Map();
  for (const o of n.units)
    for (const r of o.operators) {
      const l = o.operators.length > 1 ? `${o.label}: ${r.label}` : r.label;
      t.set(r.kernel, [...t.get(r.kernel) ?? [], l]);
    }
  const i = [...t.values()].filter((o) => o.length > 1).map((o) => o.length > 4 ? `${o[0]} to ${o[o.length - 1]}, ${o.length} operators` : o.join(", ")), s = i.length ? ` In one launch: ${i.join("; ")}.` : " Each operator is a launch of its own.";
  return `${j(n)}.${s}`;
}
function B(n, t) {
  const e = new Set(t.members), s = n.units.filter((o) => o.operators.some(({ id: r }) => e.has(r))).map((o) => o.operators.length > 1 ? `${o.label} (${o.operators.length} steps)` : o.label);
  return `${t.kind}: ${s.join(", ")}`;
}
const w = 5, b = 7, ft = 10;
function C({ x1: n, y1: t, x2: e, y2: i }) {
  const s = Math.min(ft, (e - n) / 2, (i - t) / 2), [o, r] = [c(e - n - 2 * s), c(i - t - 2 * s)];
  return `M${c(n + s)},${c(t)}h${o}a${s},${s} 0 0 1 ${s},${s}v${r}a${s},${s} 0 0 1 ${-s},${s}h${-o}a${s},${s} 0 0 1 ${-s},${-s}v${-r}a${s},${s} 0 0 1 ${s},${-s}z`;
}
const T = ({ x: n, y: t, w: e, h: i }) => ({ x1: n - w, y1: t - w, x2: n + e + w, y2: t + i + w });
function dt(n) {
  const t = n.map(T);
  return {
    x1: Math.min(...t.map((e) => e.x1)),
    y1: Math.min(...t.map((e) => e.y1)),
    x2: Math.max(...t.map((e) => e.x2)),
    y2: Math.max(...t.map((e) => e.y2))
  };
}
function pt(n, { x: t, y: e, w: i, h: s }) {
  return t < n.x2 && t + i > n.x1 && e < n.y2 && e + s > n.y1;
}
const D = (n, t) => Math.abs(n.column - t.column) + Math.abs(n.lane - t.lane) + (n.column !== t.column && n.lane !== t.lane ? 10 : 0);
function ut(n) {
  const [t, ...e] = n;
  if (!t) return [];
  const i = [t], s = [];
  for (; e.length; ) {
    const r = i.flatMap((l) => e.map((a) => [l, a])).reduce((l, a) => D(...a) < D(...l) ? a : l);
    s.push(r), i.push(r[1]), e.splice(e.indexOf(r[1]), 1);
  }
  return s;
}
function gt(n, t) {
  const [e, i, s, o] = [n.x + n.w / 2, n.y + n.h / 2, t.x + t.w / 2, t.y + t.h / 2], r = Math.abs(n.column - t.column) + Math.abs(n.lane - t.lane) === 1, l = { x1: Math.min(e, s) - b, x2: Math.max(e, s) + b, y1: i - b, y2: i + b }, a = { x1: s - b, x2: s + b, y1: Math.min(i, o) - b, y2: Math.max(i, o) + b };
  if (Math.abs(i - o) < 1) return [r ? { ...l, y1: Math.min(n.y, t.y) - w, y2: Math.max(n.y + n.h, t.y + t.h) + w } : l];
  if (Math.abs(e - s) < 1 || n.x === t.x) {
    const [h, d] = [Math.max(n.x, t.x) - w, Math.min(n.x + n.w, t.x + t.w) + w];
    return [r ? { x1: h, x2: d, y1: Math.min(i, o), y2: Math.max(i, o) } : a];
  }
  return [l, a];
}
function J(n, t) {
  const e = dt(n);
  return [...t.spots.values()].some((s) => !n.includes(s) && pt(e, s)) ? [...n.map((s) => C(T(s))), ...ut(n).flatMap(([s, o]) => gt(s, o).map(C))] : [C(e)];
}
let v = null;
const S = /* @__PURE__ */ new Map();
function mt(n, t, e, i = !1) {
  const s = `${i ? "600 " : ""}${t}px ${e}`, o = `${s}|${n}`, r = S.get(o);
  if (r !== void 0) return r;
  v ??= document.createElement("canvas").getContext("2d"), v && (v.font = s);
  const l = v ? v.measureText(n).width : n.length * t * 0.6;
  return S.size > 4e3 && S.clear(), S.set(o, l), l;
}
const $ = 11, _ = 3.5, L = 12.5, O = 7, [U, Q] = [30, 40], wt = 14, X = 18, [xt, bt] = [20, 34];
function Y(n) {
  return n.operators.length * ($ + _) - _;
}
function kt(n) {
  const t = new Map(n.units.map((r) => [r, 0])), e = (r) => t.get(r) ?? 0, i = new Map(n.units.flatMap((r) => r.operators.map(({ id: l }) => [l, r]))), s = (r, l) => n.links.some((a) => a.from === r && a.to === l || a.from === l && a.to === r), o = n.fusions.flatMap((r) => {
    const [l, a, ...h] = [...new Set(r.members.flatMap((d) => i.get(d) ?? []))];
    return l && a && h.length === 0 && !s(l, a) ? [[l, a]] : [];
  });
  for (let r = 0; r < n.units.length; r += 1) {
    for (const { from: l, to: a } of n.links) t.set(a, Math.max(e(a), e(l) + 1));
    for (const [l, a] of o) {
      const h = Math.max(e(l), e(a));
      t.set(l, h).set(a, h);
    }
  }
  return t;
}
function vt(n, t) {
  const e = /* @__PURE__ */ new Map(), i = /* @__PURE__ */ new Set(), s = [...n.units].sort((o, r) => (t.get(o) ?? 0) - (t.get(r) ?? 0));
  for (const o of s) {
    const r = n.links.find((h) => h.to === o)?.from, l = t.get(o) ?? 0;
    let a = (r && e.get(r)) ?? 0;
    for (; i.has(`${l} ${a}`); ) a += 1;
    i.add(`${l} ${a}`), e.set(o, a);
  }
  return e;
}
function yt(n, t) {
  const e = n.split(" ");
  return !t || e.length < 2 ? [n] : e.slice(1).map((s, o) => [e.slice(0, o + 1).join(" "), e.slice(o + 1).join(" ")]).reduce((s, o) => Math.max(...o.map((r) => r.length)) < Math.max(...s.map((r) => r.length)) ? o : s);
}
function $t(n, t, e) {
  const i = Math.max(...t.map((s) => mt(s, L, e)));
  return Math.ceil(Math.max(i, n.operators.length > 1 ? Y(n) : 0)) + 14;
}
const E = (n) => n.reduce((t, e) => t + e, 0), G = (n, t) => n.map((e, i) => O + E(n.slice(0, i)) + i * t), H = (n, t) => 2 * O + E(n) + t * (n.length - 1);
function Z({ h: n, lines: t }) {
  return Math.min(n, t.length > 1 ? Q : U);
}
class Mt {
  constructor(t) {
    this.island = t, this.column = kt(t), this.lane = vt(t, this.column);
  }
  island;
  column;
  lane;
  /** The largest of a measure in each column, or in each lane. */
  most(t, e) {
    const i = Array(Math.max(...t.values()) + 1).fill(0);
    for (const s of this.island.units) {
      const o = t.get(s) ?? 0;
      i[o] = Math.max(i[o] ?? 0, e(s));
    }
    return i;
  }
}
function St(n, t, e) {
  const i = n.most(n.column, (o) => e(o)[0]), s = i.length > 1 ? Math.min(bt, Math.floor((t - 2 * O - E(i)) / (i.length - 1))) : 0;
  return i.length > 1 && s < xt ? null : { columns: i, rows: n.most(n.lane, (o) => e(o)[1]), gaps: [s, wt] };
}
function jt(n, t, e) {
  const i = n.most(n.lane, (o) => e(o)[0]), s = i.length > 1 ? Math.max(8, Math.min(24, Math.floor((t - 2 * O - E(i)) / (i.length - 1)))) : 0;
  return { columns: i, rows: n.most(n.column, (o) => e(o)[1]), gaps: [s, X] };
}
const q = (n) => n.operators.length === 1;
function Ot(n, t, e) {
  const i = /* @__PURE__ */ new Set(), s = n.most(n.column, (l) => e(i)(l)[0]), o = n.most(n.column, (l) => e(new Set(s.keys()))(l)[0]), r = [...s.keys()].sort((l, a) => (s[a] ?? 0) - (o[a] ?? 0) - (s[l] ?? 0) + (o[l] ?? 0));
  for (const l of [null, ...r]) {
    l !== null && i.add(l);
    const a = St(n, t, e(i));
    if (a) return [a, i];
  }
  return null;
}
function Et(n, t, e) {
  const i = new Mt(n), s = (u, x) => yt(u.label, q(u) && x.has(i.column.get(u) ?? 0)), o = (u) => (x) => {
    const k = s(x, u);
    return [$t(x, k, e), !q(x) || k.length > 1 ? Q : U];
  }, r = Ot(i, t, o), [l, a] = r ?? [jt(i, t, o(/* @__PURE__ */ new Set())), /* @__PURE__ */ new Set()], [h, d] = r ? [i.column, i.lane] : [i.lane, i.column], [f, g] = [G(l.columns, l.gaps[0]), G(l.rows, l.gaps[1])], m = /* @__PURE__ */ new Map();
  for (const u of n.units) {
    const [x, k] = [h.get(u) ?? 0, d.get(u) ?? 0], [et, nt, it, st] = [f[x] ?? 0, g[k] ?? 0, l.columns[x] ?? 0, l.rows[k] ?? 0];
    m.set(u, { unit: u, column: i.column.get(u) ?? 0, lane: i.lane.get(u) ?? 0, x: et, y: nt, w: it, h: st, lines: s(u, a) });
  }
  return { spots: m, width: H(l.columns, l.gaps[0]), height: H(l.rows, l.gaps[1]), upright: !r, gap: r ? l.gaps[0] : X };
}
const z = (n) => new Set(n.operators.map((t) => t.kernel));
function I(n) {
  const t = /* @__PURE__ */ new Map();
  for (const e of n.units) {
    const [i, ...s] = z(e);
    i !== void 0 && !s.length && t.set(i, [...t.get(i) ?? [], e]);
  }
  return t;
}
const tt = (n, t) => n.flatMap((e) => t.spots.get(e) ?? []);
function zt(n, t, e) {
  for (const [i, s] of I(t)) {
    if (s.length === 1 && s[0]?.operators.length === 1) continue;
    const o = J(tt(s, e), e), r = o.length > 1 ? ["line", "fill"] : ["both"];
    for (const l of r) o.forEach((a, h) => n.put(`${i}-${l}-${h}`, "path", { class: `il-fg-hull il-fg-${l}`, d: a }));
  }
}
function P({ x: n, y: t, w: e, h: i }, s, o, r) {
  const l = o ? -r : r;
  return s ? [n + e / 2, (o ? t + i : t) + l] : [(o ? n + e : n) + l, t + i / 2];
}
function Ct({ spot: n, inset: t }, { spot: e, inset: i }, { upright: s, gap: o }) {
  const [r, l] = P(n, s, !0, t), [a, h] = P(e, s, !1, i), d = Math.max(4, Math.min(13, o / 2 - 3)), f = Math.min(6, d - 1);
  if (n.lane === e.lane) return `M${c(r)},${c(l)}L${c(a)},${c(h)}`;
  const g = n.lane > e.lane;
  if (s) {
    const u = g ? h - d : l + d;
    return `M${c(r)},${c(l)}V${c(g ? u - 4 : l)}C${c(r)},${c(u + (g ? f : 4))} ${c(a)},${c(u - (g ? f : 4))} ${c(a)},${c(g ? h : u + 4)}V${c(h)}`;
  }
  const m = g ? a - d : r + d;
  return `M${c(r)},${c(l)}H${c(g ? m - 4 : r)}C${c(m + (g ? f : 4))},${c(l)} ${c(m - (g ? f : 4))},${c(h)} ${c(g ? a : m + 4)},${c(h)}H${c(a)}`;
}
function At({ spot: n, inset: t }, e) {
  const [i, s] = P(n, e, !1, t);
  return e ? `M${c(i - 4)},${c(s - 6)}l4,5l4,-5` : `M${c(i - 6)},${c(s - 4)}l5,4l-5,4`;
}
function Nt(n, t, e, i, s) {
  const [o, ...r] = z(n), l = !r.length && (n.operators.length > 1 || (I(e).get(o ?? "")?.length ?? 0) > 1);
  return i ? s ? 2 : 4 : l ? -w : s && n.operators.length === 1 ? (t.h - Z(t)) / 2 : 0;
}
function Lt(n, t, e, i) {
  const [s, o] = [i.spots.get(t.from), i.spots.get(t.to)];
  if (!s || !o) return;
  const r = (d, f) => ({ spot: f, inset: Nt(d, f, e, t.inside, i.upright) }), [l, a] = [r(t.from, s), r(t.to, o)], h = `${t.from.id}>${t.to.id}`;
  n.put(h, "path", { class: t.inside ? "il-fg-link il-fg-inside" : "il-fg-link", d: Ct(l, a, i) }), t.inside || n.put(`${h}-tip`, "path", { class: "il-fg-link il-fg-tip", d: At(a, i.upright) });
}
function Pt({ boxes: n, names: t }, e, { x: i, y: s, w: o, h: r }) {
  const l = z(e).size > 1;
  l && n.put(`${e.id}-bed`, "rect", { class: "il-fg-bed", x: c(i), y: c(s), width: c(o), height: r, rx: 8 }), t.put(`${e.id}-name`, "text", { class: "il-fg-name", x: c(i + o / 2), y: c(s + 16), "text-anchor": "middle" }, e.label);
  const a = Y(e), h = e.operators.length > 1 ? (a - $) / (e.operators.length - 1) : 0;
  e.operators.forEach((d, f) => {
    const g = { x: c(i + (o - a) / 2 + f * h), y: c(s + r - $ - 7), width: $, height: $, rx: 3 }, m = t.put(d.id, "rect", { class: l ? "il-fg-pip" : "il-fg-pip il-fg-joined", ...g });
    t.title(m, `${d.label} (${d.kind})`);
  });
}
function It({ boxes: n, names: t }, e, i, s) {
  const { x: o, y: r, w: l, h: a, lines: h } = i, d = Z(i);
  s && n.put(`${e.id}-box`, "rect", { class: "il-fg-box", x: c(o), y: c(r + (a - d) / 2), width: c(l), height: d, rx: 8 }), h.forEach((f, g) => {
    const m = { x: c(o + l / 2), y: c(r + a / 2 + L * 0.35 + (g - (h.length - 1) / 2) * (L + 2)), "text-anchor": "middle" };
    t.title(t.put(`${e.id}-name-${g}`, "text", { class: "il-fg-name", ...m }, f), e.operators[0]?.kind ?? "");
  });
}
function Vt(n, t, e) {
  zt(n.hulls, t, e);
  for (const s of t.links) Lt(n.links, s, t, e);
  const i = I(t);
  for (const [s, o] of e.spots) {
    const [r = ""] = z(s);
    s.operators.length > 1 ? Pt(n, s, o) : It(n, s, o, i.get(r)?.length === 1);
  }
  for (const s of [n.hulls, n.boxes, n.links, n.names]) s.sweep();
}
function Ft(n, t, e, i) {
  const s = new Set(i ?? []), o = t.units.filter((r) => r.operators.some(({ id: l }) => s.has(l)));
  o.length && J(tt(o, e), e).forEach((l, a) => n.put(`preview-${a}`, "path", { class: "il-fg-preview", d: l })), n.sweep();
}
const Wt = ".il-fg{container-type:inline-size;font-family:var(--il-sans);font-variant-numeric:tabular-nums;font-size:13.5px;line-height:1.4;color:var(--il-ink)}.il-fg-head{display:flex;flex-wrap:wrap;justify-content:space-between;align-items:baseline;gap:6px 24px}.il-fg-total{margin:0;color:var(--il-soft)}.il-fg-total b{font-size:20px;font-weight:650;letter-spacing:-.01em;color:var(--il-ink)}.il-fg-key{display:flex;flex-wrap:wrap;gap:4px 16px;margin:0;padding:0;list-style:none;font-size:12.5px;color:var(--il-soft)}.il-fg-key li{display:inline-flex;align-items:center;gap:6px}.il-fg-key i{width:20px;height:12px;border-radius:4px}.il-fg-key-one{border:1.2px solid var(--il-edge);background:var(--il-card)}.il-fg-key-many{border:1.6px solid var(--il-blue);background:var(--il-blue-wash)}.il-fg-key .il-fg-key-chip{height:3px;border-radius:2px;background:var(--il-blue)}.il-fg-key .il-fg-key-memory{height:0;border-top:1.6px dashed var(--il-edge);border-radius:0}.il-fg-block{margin-top:14px}.il-fg-block h3{margin:0;padding-bottom:7px;border-bottom:1px solid var(--il-line);font:600 14px/1.4 var(--il-sans)}.il-fg-block h3:first-letter{text-transform:uppercase}.il-fg-times{font-weight:400;color:var(--il-soft)}.il-fg-island{display:grid;grid-template-columns:minmax(0,1fr) 264px;gap:6px 20px;align-items:center;padding:9px 0;border-bottom:1px solid var(--il-line)}.il-fg-svg{display:block;max-width:100%;overflow:visible}.il-fg-count{margin:2px 0 0 9px;overflow:hidden;text-overflow:ellipsis;white-space:nowrap;font-size:12.5px;color:var(--il-soft)}.il-fg-none{margin:0;font-size:12.5px;color:var(--il-soft)}.il-fg-switches li{position:relative}.il-fg-switches{display:grid;gap:1px;margin:0;padding:0;list-style:none}.il-fg-switch{position:relative;display:flex;align-items:flex-start;gap:9px;padding:3px 6px;margin-left:-6px;border-radius:8px;cursor:pointer}.il-fg-switch:hover,.il-fg-switch:has(:focus-visible){background:var(--il-sunk)}.il-fg-words{display:grid}.il-fg-label{font-size:13px;line-height:20px}.il-fg-why{font-size:12px;line-height:1.35;color:var(--il-soft)}.il-fg-why:empty{display:none}.il-fg-aside{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}.il-fg-switch input{appearance:none;flex:none;width:34px;height:20px;margin:0;border:1.5px solid var(--il-edge);border-radius:99px;background:radial-gradient(circle at 9px 50%,var(--il-edge) 5.4px,transparent 6px) var(--il-card);cursor:pointer}.il-fg-switch input:checked{border-color:var(--il-blue);background:radial-gradient(circle at calc(100% - 9px) 50%,var(--il-on-blue) 5.4px,transparent 6px) var(--il-blue)}.il-fg-switch input:focus-visible{outline:2.5px solid var(--il-blue);outline-offset:2px}.il-fg-implied{font-size:12px;color:var(--il-soft)}.il-fg-closed .il-fg-switch{cursor:not-allowed}.il-fg-closed .il-fg-label{color:var(--il-soft)}.il-fg-closed input{border-style:dashed;cursor:not-allowed}.il-fg-closed input:checked{border-color:var(--il-dim);background:radial-gradient(circle at calc(100% - 9px) 50%,var(--il-card) 5.4px,transparent 6px) var(--il-dim)}.il-fg-hull{fill:var(--il-blue-wash);stroke:var(--il-blue);stroke-width:1.6}.il-fg-hull.il-fg-line{stroke-width:3.2}.il-fg-hull.il-fg-fill{stroke:none}.il-fg-box{fill:var(--il-card);stroke:var(--il-edge);stroke-width:1.2}.il-fg-bed{fill:var(--il-sunk)}.il-fg-pip{fill:var(--il-card);stroke:var(--il-edge);stroke-width:1.2}.il-fg-pip.il-fg-joined{fill:var(--il-blue);stroke:none}.il-fg-name{font-size:12.5px;fill:var(--il-ink)}.il-fg-link{fill:none;stroke:var(--il-edge);stroke-width:1.4;stroke-dasharray:4 3}.il-fg-tip{stroke-dasharray:none}.il-fg-inside{stroke:var(--il-blue);stroke-width:2.6;stroke-dasharray:none;stroke-linecap:round}.il-fg-preview{fill:none;stroke:var(--il-ink);stroke-width:1.8;stroke-dasharray:6 4}.il-fg-minor{font-size:13px}@container (max-width: 620px){.il-fg-island{grid-template-columns:minmax(0,1fr)}.il-fg-svg{margin:0 auto}}@media(pointer:coarse){.il-fg-switch{padding:7px 6px}}";
function K({ id: n }) {
  const t = n.lastIndexOf(".");
  return t > 0 ? n.slice(0, t) : "";
}
function Bt(n) {
  const t = /* @__PURE__ */ new Map();
  for (const e of n.operators) {
    const i = K(e), s = i ? `${i}.` : e.id, o = t.get(s);
    o ? o.operators.push(e) : t.set(s, { id: e.id, label: e.label, operators: [e] });
  }
  for (const e of t.values()) {
    const [i] = e.operators;
    i && e.operators.length > 1 && (e.label = i.part ?? K(i).replaceAll("_", " "));
  }
  return [...t.values()];
}
function Dt(n, t) {
  const e = /* @__PURE__ */ new Map();
  for (const i of n.edges) {
    const [s, o] = [t.get(i.from), t.get(i.to)];
    if (!s || !o || s === o) continue;
    const r = `${s.id} ${o.id}`, l = e.get(r);
    l ? l.inside &&= i.inside : e.set(r, { from: s, to: o, inside: i.inside });
  }
  return [...e.values()];
}
function _t(n, t, e) {
  const i = new Map(n.map((s, o) => [s, o]));
  for (const s of e) {
    const o = new Set(s.members.flatMap((l) => t.get(l) ?? []).map((l) => i.get(l))), [r] = o;
    for (const [l, a] of i) o.has(a) && r !== void 0 && i.set(l, r);
  }
  return i;
}
function Gt(n, t, e, i) {
  for (const s of [...n].reverse()) {
    if (i.has(e.get(s) ?? -1)) continue;
    const o = new Set(t.filter((l) => l.from === s).map((l) => e.get(l.to))), [r] = o;
    o.size === 1 && r !== void 0 && e.set(s, r);
  }
}
function Ht(n, t) {
  const e = Bt(t), i = new Map(e.flatMap((a) => a.operators.map(({ id: h }) => [h, a]))), s = Dt(t, i), o = n.fusions.filter((a) => a.block === t.id), r = _t(e, i, o), l = (a) => r.get(i.get(a.members[0] ?? "") ?? e[0]) ?? 0;
  return Gt(e, s, r, new Set(o.map(l))), [...new Set(r.values())].map((a) => {
    const h = e.filter((f) => r.get(f) === a), d = h.flatMap((f) => f.operators);
    return {
      units: h,
      links: s.filter((f) => r.get(f.from) === a && r.get(f.to) === a),
      fusions: o.filter((f) => l(f) === a),
      kernels: new Set(d.map((f) => f.kernel)).size,
      operators: d.length
    };
  });
}
let qt = 0;
class Kt {
  element;
  input;
  why;
  what;
  name = p("span", { class: "il-fg-label" });
  fusion;
  constructor(t, e) {
    this.fusion = t;
    const i = `il-fg-why-${qt += 1}`;
    this.why = p("small", { class: "il-fg-why", id: i }), this.what = p("small", { class: "il-fg-aside", id: `${i}-what` }), this.input = p("input", { type: "checkbox", role: "switch", "data-fusion": t.id, "aria-describedby": `${i}-what ${i}` });
    const s = p("span", { class: "il-fg-words" }, this.name, this.why);
    this.element = p("li", {}, p("label", { class: "il-fg-switch" }, this.input, s), this.what), this.input.addEventListener("click", (o) => {
      this.fusion.free || o.preventDefault();
    }), this.input.addEventListener("change", () => e.toggled(this.fusion, this.input.checked));
    for (const o of ["pointerenter", "focusin"]) this.element.addEventListener(o, () => e.shown(this.fusion));
    for (const o of ["pointerleave", "focusout"]) this.element.addEventListener(o, () => e.shown(null));
  }
  /** `together`: its operators share a launch as it is; `what`: the kernel that it makes, in words. */
  paint(t, e, i, s) {
    this.fusion = t, M(this.what, e), this.input.checked = t.on, this.name.replaceChildren(t.label, i && !t.on ? p("span", { class: "il-fg-implied" }, " · joined") : "");
    const o = s ?? (t.free ? null : t.why);
    M(this.why, o ? `▲ ${o}` : ""), this.why.classList.toggle("il-fg-aside", s === null && t.on), t.free ? this.input.removeAttribute("aria-disabled") : y(this.input, "aria-disabled", "true"), this.element.classList.toggle("il-fg-closed", !t.free);
  }
}
function Rt(n, t) {
  const e = new Set(t.members), i = n.units.flatMap((s) => s.operators).filter(({ id: s }) => e.has(s)).map(({ kernel: s }) => s);
  return t.joins !== !1 && new Set(i).size === 1;
}
const R = ["hulls", "boxes", "links", "names", "preview"];
class Tt {
  element;
  svg = F("svg", { class: "il-fg-svg", role: "img" });
  picture = p("div", { class: "il-fg-picture" });
  count = p("p", { class: "il-fg-count" });
  pens;
  switches;
  island = null;
  plan = null;
  room = 0;
  constructor(t, e) {
    const i = R.map((o) => F("g", { class: `il-fg-${o}` }));
    this.svg.append(...i), this.pens = Object.fromEntries(R.map((o, r) => [o, new ct(i[r])])), this.switches = new Map(t.fusions.map((o) => [o.id, new Kt(o, e)]));
    const s = p("ul", { class: "il-fg-switches", role: "list", "aria-label": "Fusions of these operators" }, ...[...this.switches.values()].map((o) => o.element));
    this.picture.append(this.svg, this.count), this.element = p("div", { class: "il-fg-island" }, this.picture, t.fusions.length ? s : p("p", { class: "il-fg-none" }, "Nothing to join here."));
  }
  paint(t, e, i) {
    this.island = t;
    for (const s of t.fusions) this.switches.get(s.id)?.paint(s, B(t, s), Rt(t, s), i?.knob === s.knob ? i.message : null);
    M(this.count, j(t)), y(this.svg, "aria-label", ht(t)), this.fit(e);
  }
  /** Laid out for the width that there is; what is seen but has no width yet waits for one. */
  fit(t) {
    if (this.room = this.picture.clientWidth, !this.island || this.room === 0) return;
    this.plan = Et(this.island, this.room, t);
    const { width: e, height: i } = this.plan;
    y(this.svg, "viewBox", `0 0 ${e} ${i}`), y(this.svg, "width", String(e)), y(this.svg, "height", String(i)), Vt(this.pens, this.island, this.plan);
  }
  /** Outlines what a fusion joins, and says what kind of kernel that is. */
  preview(t) {
    if (!this.island || !this.plan) return;
    Ft(this.pens.preview, this.island, this.plan, t?.members ?? null);
    const e = t && this.island.fusions.some(({ id: s }) => s === t.id), i = t?.on && t.why ? t.why : t ? B(this.island, t) : "";
    M(this.count, e ? i : j(this.island));
  }
}
class Jt {
  element;
  islands;
  count = p("span", { class: "il-fg-times" });
  constructor(t, e, i) {
    this.islands = e.map((o) => new Tt(o, i));
    const s = p("h3", {}, t.label, this.count);
    this.element = p("section", { class: t.count > 1 ? "il-fg-block" : "il-fg-block il-fg-minor", "data-block": t.id }, s, ...this.islands.map((o) => o.element));
  }
  paint(t, e, i, s) {
    const o = new Set(t.operators.map((l) => l.kernel)).size, r = t.count > 1 ? `, ${A(t.count, 6)} times` : "";
    M(this.count, `${r}: ${j({ operators: t.operators.length, kernels: o })}`), e.forEach((l, a) => this.islands[a]?.paint(l, i, s));
  }
}
function Ut() {
  const n = (t, e) => p("li", {}, p("i", { class: `il-fg-key-${t}`, "aria-hidden": "true" }), e);
  return p("ul", { class: "il-fg-key", role: "list" }, n("one", "one operator, one launch"), n("many", "several in one launch"), n("chip", "stays on the chip"), n("memory", "through memory"));
}
class Qt {
  constructor(t, e) {
    this.root = t, this.model = e, t.classList.add("il-fg"), t.append(p("div", { class: "il-fg-head" }, this.total, Ut()), this.body), e.on("change:problem", this.refused), this.observer = new ResizeObserver(() => this.resize()), this.observer.observe(t);
  }
  root;
  model;
  total = p("p", { class: "il-fg-total" });
  body = p("div", { class: "il-fg-blocks" });
  observer;
  refused = () => this.repaint();
  blocks = [];
  shape = "";
  graph = null;
  width = 0;
  paint(t) {
    this.graph = t;
    const e = [...t.blocks].sort((a, h) => +(h.count > 1) - +(a.count > 1)), i = { ...t, blocks: e }, s = i.blocks.map((a) => Ht(i, a));
    this.build(i, s);
    const o = getComputedStyle(this.root).fontFamily, r = this.model.get("problem") ?? null, l = i.kernels < i.operators ? ` instead of ${A(i.operators, 6)}` : "";
    this.total.replaceChildren(p("b", {}, `${A(i.kernels, 6)} launches`), ` a step${l}`), i.blocks.forEach((a, h) => this.blocks[h]?.paint(a, s[h] ?? [], o, r));
  }
  stop() {
    this.observer.disconnect(), this.model.off("change:problem", this.refused);
  }
  repaint() {
    this.graph && this.paint(this.graph);
  }
  resize() {
    this.root.clientWidth !== this.width && (this.width = this.root.clientWidth, this.repaint());
  }
  /** The elements are kept while the structure stays, so that focus stays on the switch that was turned. */
  build(t, e) {
    const i = JSON.stringify([t.blocks.map((r) => [r.id, r.operators.map(({ id: l }) => l)]), t.fusions.map(({ id: r }) => r)]);
    if (i === this.shape) return;
    this.shape = i;
    const s = document.activeElement?.dataset?.fusion, o = { toggled: (r, l) => this.toggled(r, l), shown: (r) => this.preview(r) };
    this.blocks = t.blocks.map((r, l) => new Jt(r, e[l] ?? [], o)), this.body.replaceChildren(...this.blocks.map((r) => r.element)), s && this.body.querySelector(`[data-fusion="${CSS.escape(s)}"]`)?.focus();
  }
  toggled(t, e) {
    this.model.set("toggle", { knob: t.knob, on: e }), this.model.save_changes();
  }
  preview(t) {
    for (const e of this.blocks) for (const i of e.islands) i.preview(t);
  }
}
const Xt = at(Wt, (n, t) => new Qt(n, t));
export {
  Xt as default
};
