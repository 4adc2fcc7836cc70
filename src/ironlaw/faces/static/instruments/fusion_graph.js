const V = /* @__PURE__ */ new Map();
function A(n, t = 3) {
  if (!Number.isFinite(n)) return "–";
  let e = V.get(t);
  return e || (e = new Intl.NumberFormat("en", { maximumSignificantDigits: t }), V.set(t, e)), e.format(n);
}
function p(n, t = {}, ...e) {
  const s = document.createElement(n);
  for (const [i, o] of Object.entries(t))
    o == null || o === !1 || s.setAttribute(i, o === !0 ? "" : String(o));
  return s.append(...e.filter((i) => !!i || i === "")), s;
}
function M(n, t) {
  n.textContent !== t && (n.textContent = t);
}
function $(n, t, e) {
  n.getAttribute(t) !== e && n.setAttribute(t, e);
}
const ot = ':root,:host{color-scheme:light dark;--il-paper: light-dark(#faf8f4, #111518);--il-card: light-dark(#ffffff, #191e22);--il-sunk: light-dark(#f3f0e9, #0d1012);--il-ink: light-dark(#1b2025, #e9e6e0);--il-soft: light-dark(#545e68, #a5afb8);--il-line: light-dark(#e4e0d7, #2b3238);--il-grid: light-dark(#ebe8e1, #262d32);--il-edge: light-dark(#858a8e, #737f89);--il-dim: light-dark(#a3aeb8, #56636d);--il-dim-ink: light-dark(#66707a, #94a0aa);--il-blue: light-dark(#0b5cad, #6db3ff);--il-blue-wash: light-dark(#eaf2fa, #16283a);--il-on-blue: light-dark(#ffffff, #0d1418);--il-amber: light-dark(#8f4f00, #ffb454);--il-amber-wash: light-dark(#fbf1e1, #2c2213);--il-red: light-dark(#d7263d, #ff5468);--il-shadow: light-dark(rgb(40 34 20 / .07), rgb(0 0 0 / .35));--il-serif: Charter, "Bitstream Charter", "Iowan Old Style", "Source Serif 4", "Source Serif Pro", Georgia, "Noto Serif", "DejaVu Serif", serif;--il-sans: system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "DejaVu Sans", sans-serif;--il-radius: 14px;--il-glide: .15s}:root[data-theme=light],[data-jp-theme-light=true],.vscode-light{color-scheme:light}:root[data-theme=dark],[data-jp-theme-light=false],.vscode-dark{color-scheme:dark}@media(prefers-reduced-motion:reduce){:root,:host{--il-glide: 0ms}}@media print{:root:root{color-scheme:light}}';
function rt(n, t) {
  const e = document.createElement("div");
  e.className = "il-instrument";
  const s = getComputedStyle(document.documentElement).getPropertyValue("--il-ink") !== "", i = document.createElement("style");
  return i.textContent = s ? t : `${ot}
${t}`, n.append(i, e), e;
}
function lt(n, t) {
  return {
    render({ model: e, el: s }) {
      const i = rt(s, n), o = t(i, e), r = () => {
        const l = e.get("picture");
        l && o.paint(l);
      };
      return e.on("change:picture", r), r(), () => {
        e.off("change:picture", r), o.stop?.(), s.replaceChildren();
      };
    }
  };
}
const N = "http://www.w3.org/2000/svg";
class at {
  constructor(t) {
    this.parent = t;
  }
  parent;
  drawn = /* @__PURE__ */ new Map();
  /** Draws (or updates) the element of this key, in this picture. */
  put(t, e, s, i) {
    let o = this.drawn.get(t);
    if (!o) {
      const r = document.createElementNS(N, e);
      this.parent.append(r), o = { element: r, attributes: {}, text: void 0, used: !0 }, this.drawn.set(t, o);
    }
    o.used = !0;
    for (const [r, l] of Object.entries(s))
      o.attributes[r] !== l && o.element.setAttribute(r, String(l));
    for (const r of Object.keys(o.attributes)) r in s || o.element.removeAttribute(r);
    return o.attributes = s, i !== o.text && (o.element.textContent = i ?? ""), o.text = i, o.element;
  }
  /** A text tooltip of an element drawn before in this picture. */
  title(t, e) {
    const s = t.querySelector("title");
    s?.textContent !== e && (s ? s.textContent = e : t.append(Object.assign(document.createElementNS(N, "title"), { textContent: e })));
  }
  /** Removes what was not drawn since the last sweep. */
  sweep() {
    for (const [t, e] of this.drawn)
      e.used || (e.element.remove(), this.drawn.delete(t)), e.used = !1;
  }
}
function F(n, t) {
  const e = document.createElementNS(N, n);
  for (const [s, i] of Object.entries(t)) e.setAttribute(s, String(i));
  return e;
}
const c = (n) => Math.round(n * 10) / 10, W = (n, t) => `${n} ${t}${n === 1 ? "" : "s"}`;
function j(n) {
  return `${W(n.operators, "operator")}, ${W(n.kernels, "launch").replace("launchs", "launches")}`;
}
function ct(n) {
  const t = /* @__PURE__ */ new Map();
  for (const o of n.units)
    for (const r of o.operators) {
      const l = o.operators.length > 1 ? `${o.label}: ${r.label}` : r.label;
      t.set(r.kernel, [...t.get(r.kernel) ?? [], l]);
    }
  const s = [...t.values()].filter((o) => o.length > 1).map((o) => o.length > 4 ? `${o[0]} to ${o[o.length - 1]}, ${o.length} operators` : o.join(", ")), i = s.length ? ` In one launch: ${s.join("; ")}.` : " Each operator is a launch of its own.";
  return `${j(n)}.${i}`;
}
function B(n, t) {
  const e = new Set(t.members), i = n.units.filter((o) => o.operators.some(({ id: r }) => e.has(r))).map((o) => o.operators.length > 1 ? `${o.label} (${o.operators.length} steps)` : o.label);
  return `${t.kind}: ${i.join(", ")}`;
}
const w = 5, x = 7, ft = 10;
function z({ x1: n, y1: t, x2: e, y2: s }) {
  const i = Math.min(ft, (e - n) / 2, (s - t) / 2), [o, r] = [c(e - n - 2 * i), c(s - t - 2 * i)];
  return `M${c(n + i)},${c(t)}h${o}a${i},${i} 0 0 1 ${i},${i}v${r}a${i},${i} 0 0 1 ${-i},${i}h${-o}a${i},${i} 0 0 1 ${-i},${-i}v${-r}a${i},${i} 0 0 1 ${i},${-i}z`;
}
const T = ({ x: n, y: t, w: e, h: s }) => ({ x1: n - w, y1: t - w, x2: n + e + w, y2: t + s + w });
function ht(n) {
  const t = n.map(T);
  return {
    x1: Math.min(...t.map((e) => e.x1)),
    y1: Math.min(...t.map((e) => e.y1)),
    x2: Math.max(...t.map((e) => e.x2)),
    y2: Math.max(...t.map((e) => e.y2))
  };
}
function dt(n, { x: t, y: e, w: s, h: i }) {
  return t < n.x2 && t + s > n.x1 && e < n.y2 && e + i > n.y1;
}
const D = (n, t) => Math.abs(n.column - t.column) + Math.abs(n.lane - t.lane) + (n.column !== t.column && n.lane !== t.lane ? 10 : 0);
function pt(n) {
  const [t, ...e] = n;
  if (!t) return [];
  const s = [t], i = [];
  for (; e.length; ) {
    const r = s.flatMap((l) => e.map((a) => [l, a])).reduce((l, a) => D(...a) < D(...l) ? a : l);
    i.push(r), s.push(r[1]), e.splice(e.indexOf(r[1]), 1);
  }
  return i;
}
function ut(n, t) {
  const [e, s, i, o] = [n.x + n.w / 2, n.y + n.h / 2, t.x + t.w / 2, t.y + t.h / 2], r = Math.abs(n.column - t.column) + Math.abs(n.lane - t.lane) === 1, l = { x1: Math.min(e, i) - x, x2: Math.max(e, i) + x, y1: s - x, y2: s + x }, a = { x1: i - x, x2: i + x, y1: Math.min(s, o) - x, y2: Math.max(s, o) + x };
  if (Math.abs(s - o) < 1) return [r ? { ...l, y1: Math.min(n.y, t.y) - w, y2: Math.max(n.y + n.h, t.y + t.h) + w } : l];
  if (Math.abs(e - i) < 1 || n.x === t.x) {
    const [f, d] = [Math.max(n.x, t.x) - w, Math.min(n.x + n.w, t.x + t.w) + w];
    return [r ? { x1: f, x2: d, y1: Math.min(s, o), y2: Math.max(s, o) } : a];
  }
  return [l, a];
}
function J(n, t) {
  const e = ht(n);
  return [...t.spots.values()].some((i) => !n.includes(i) && dt(e, i)) ? [...n.map((i) => z(T(i))), ...pt(n).flatMap(([i, o]) => ut(i, o).map(z))] : [z(e)];
}
let v = null;
const S = /* @__PURE__ */ new Map();
function gt(n, t, e, s = !1) {
  const i = `${s ? "600 " : ""}${t}px ${e}`, o = `${i}|${n}`, r = S.get(o);
  if (r !== void 0) return r;
  v ??= document.createElement("canvas").getContext("2d"), v && (v.font = i);
  const l = v ? v.measureText(n).width : n.length * t * 0.6;
  return S.size > 4e3 && S.clear(), S.set(o, l), l;
}
const y = 11, _ = 3.5, L = 12.5, O = 7, [U, Q] = [30, 40], mt = 14, X = 18, [wt, bt] = [20, 34];
function Y(n) {
  return n.operators.length * (y + _) - _;
}
function xt(n) {
  const t = new Map(n.units.map((r) => [r, 0])), e = (r) => t.get(r) ?? 0, s = new Map(n.units.flatMap((r) => r.operators.map(({ id: l }) => [l, r]))), i = (r, l) => n.links.some((a) => a.from === r && a.to === l || a.from === l && a.to === r), o = n.fusions.flatMap((r) => {
    const [l, a, ...f] = [...new Set(r.members.flatMap((d) => s.get(d) ?? []))];
    return l && a && f.length === 0 && !i(l, a) ? [[l, a]] : [];
  });
  for (let r = 0; r < n.units.length; r += 1) {
    for (const { from: l, to: a } of n.links) t.set(a, Math.max(e(a), e(l) + 1));
    for (const [l, a] of o) {
      const f = Math.max(e(l), e(a));
      t.set(l, f).set(a, f);
    }
  }
  return t;
}
function kt(n, t) {
  const e = /* @__PURE__ */ new Map(), s = /* @__PURE__ */ new Set(), i = [...n.units].sort((o, r) => (t.get(o) ?? 0) - (t.get(r) ?? 0));
  for (const o of i) {
    const r = n.links.find((f) => f.to === o)?.from, l = t.get(o) ?? 0;
    let a = (r && e.get(r)) ?? 0;
    for (; s.has(`${l} ${a}`); ) a += 1;
    s.add(`${l} ${a}`), e.set(o, a);
  }
  return e;
}
function vt(n, t) {
  const e = n.split(" ");
  return !t || e.length < 2 ? [n] : e.slice(1).map((i, o) => [e.slice(0, o + 1).join(" "), e.slice(o + 1).join(" ")]).reduce((i, o) => Math.max(...o.map((r) => r.length)) < Math.max(...i.map((r) => r.length)) ? o : i);
}
function $t(n, t, e) {
  const s = Math.max(...t.map((i) => gt(i, L, e)));
  return Math.ceil(Math.max(s, n.operators.length > 1 ? Y(n) : 0)) + 14;
}
const E = (n) => n.reduce((t, e) => t + e, 0), G = (n, t) => n.map((e, s) => O + E(n.slice(0, s)) + s * t), H = (n, t) => 2 * O + E(n) + t * (n.length - 1);
function Z({ h: n, lines: t }) {
  return Math.min(n, t.length > 1 ? Q : U);
}
class yt {
  constructor(t) {
    this.island = t, this.column = xt(t), this.lane = kt(t, this.column);
  }
  island;
  column;
  lane;
  /** The largest of a measure in each column, or in each lane. */
  most(t, e) {
    const s = Array(Math.max(...t.values()) + 1).fill(0);
    for (const i of this.island.units) {
      const o = t.get(i) ?? 0;
      s[o] = Math.max(s[o] ?? 0, e(i));
    }
    return s;
  }
}
function Mt(n, t, e) {
  const s = n.most(n.column, (o) => e(o)[0]), i = s.length > 1 ? Math.min(bt, Math.floor((t - 2 * O - E(s)) / (s.length - 1))) : 0;
  return s.length > 1 && i < wt ? null : { columns: s, rows: n.most(n.lane, (o) => e(o)[1]), gaps: [i, mt] };
}
function St(n, t, e) {
  const s = n.most(n.lane, (o) => e(o)[0]), i = s.length > 1 ? Math.max(8, Math.min(24, Math.floor((t - 2 * O - E(s)) / (s.length - 1)))) : 0;
  return { columns: s, rows: n.most(n.column, (o) => e(o)[1]), gaps: [i, X] };
}
const q = (n) => n.operators.length === 1;
function jt(n, t, e) {
  const s = /* @__PURE__ */ new Set(), i = n.most(n.column, (l) => e(s)(l)[0]), o = n.most(n.column, (l) => e(new Set(i.keys()))(l)[0]), r = [...i.keys()].sort((l, a) => (i[a] ?? 0) - (o[a] ?? 0) - (i[l] ?? 0) + (o[l] ?? 0));
  for (const l of [null, ...r]) {
    l !== null && s.add(l);
    const a = Mt(n, t, e(s));
    if (a) return [a, s];
  }
  return null;
}
function Ot(n, t, e) {
  const s = new yt(n), i = (u, b) => vt(u.label, q(u) && b.has(s.column.get(u) ?? 0)), o = (u) => (b) => {
    const k = i(b, u);
    return [$t(b, k, e), !q(b) || k.length > 1 ? Q : U];
  }, r = jt(s, t, o), [l, a] = r ?? [St(s, t, o(/* @__PURE__ */ new Set())), /* @__PURE__ */ new Set()], [f, d] = r ? [s.column, s.lane] : [s.lane, s.column], [h, g] = [G(l.columns, l.gaps[0]), G(l.rows, l.gaps[1])], m = /* @__PURE__ */ new Map();
  for (const u of n.units) {
    const [b, k] = [f.get(u) ?? 0, d.get(u) ?? 0], [et, nt, st, it] = [h[b] ?? 0, g[k] ?? 0, l.columns[b] ?? 0, l.rows[k] ?? 0];
    m.set(u, { unit: u, column: s.column.get(u) ?? 0, lane: s.lane.get(u) ?? 0, x: et, y: nt, w: st, h: it, lines: i(u, a) });
  }
  return { spots: m, width: H(l.columns, l.gaps[0]), height: H(l.rows, l.gaps[1]), upright: !r, gap: r ? l.gaps[0] : X };
}
const C = (n) => new Set(n.operators.map((t) => t.kernel));
function I(n) {
  const t = /* @__PURE__ */ new Map();
  for (const e of n.units) {
    const [s, ...i] = C(e);
    s !== void 0 && !i.length && t.set(s, [...t.get(s) ?? [], e]);
  }
  return t;
}
const tt = (n, t) => n.flatMap((e) => t.spots.get(e) ?? []);
function Et(n, t, e) {
  for (const [s, i] of I(t)) {
    if (i.length === 1 && i[0]?.operators.length === 1) continue;
    const o = J(tt(i, e), e), r = o.length > 1 ? ["line", "fill"] : ["both"];
    for (const l of r) o.forEach((a, f) => n.put(`${s}-${l}-${f}`, "path", { class: `il-fg-hull il-fg-${l}`, d: a }));
  }
}
function P({ x: n, y: t, w: e, h: s }, i, o, r) {
  const l = o ? -r : r;
  return i ? [n + e / 2, (o ? t + s : t) + l] : [(o ? n + e : n) + l, t + s / 2];
}
function Ct({ spot: n, inset: t }, { spot: e, inset: s }, { upright: i, gap: o }) {
  const [r, l] = P(n, i, !0, t), [a, f] = P(e, i, !1, s), d = Math.max(4, Math.min(13, o / 2 - 3)), h = Math.min(6, d - 1);
  if (n.lane === e.lane) return `M${c(r)},${c(l)}L${c(a)},${c(f)}`;
  const g = n.lane > e.lane;
  if (i) {
    const u = g ? f - d : l + d;
    return `M${c(r)},${c(l)}V${c(g ? u - 4 : l)}C${c(r)},${c(u + (g ? h : 4))} ${c(a)},${c(u - (g ? h : 4))} ${c(a)},${c(g ? f : u + 4)}V${c(f)}`;
  }
  const m = g ? a - d : r + d;
  return `M${c(r)},${c(l)}H${c(g ? m - 4 : r)}C${c(m + (g ? h : 4))},${c(l)} ${c(m - (g ? h : 4))},${c(f)} ${c(g ? a : m + 4)},${c(f)}H${c(a)}`;
}
function zt({ spot: n, inset: t }, e) {
  const [s, i] = P(n, e, !1, t);
  return e ? `M${c(s - 4)},${c(i - 6)}l4,5l4,-5` : `M${c(s - 6)},${c(i - 4)}l5,4l-5,4`;
}
function At(n, t, e, s, i) {
  const [o, ...r] = C(n), l = !r.length && (n.operators.length > 1 || (I(e).get(o ?? "")?.length ?? 0) > 1);
  return s ? i ? 2 : 4 : l ? -w : i && n.operators.length === 1 ? (t.h - Z(t)) / 2 : 0;
}
function Nt(n, t, e, s) {
  const [i, o] = [s.spots.get(t.from), s.spots.get(t.to)];
  if (!i || !o) return;
  const r = (d, h) => ({ spot: h, inset: At(d, h, e, t.inside, s.upright) }), [l, a] = [r(t.from, i), r(t.to, o)], f = `${t.from.id}>${t.to.id}`;
  n.put(f, "path", { class: t.inside ? "il-fg-link il-fg-inside" : "il-fg-link", d: Ct(l, a, s) }), t.inside || n.put(`${f}-tip`, "path", { class: "il-fg-link il-fg-tip", d: zt(a, s.upright) });
}
function Lt({ boxes: n, names: t }, e, { x: s, y: i, w: o, h: r }) {
  const l = C(e).size > 1;
  l && n.put(`${e.id}-bed`, "rect", { class: "il-fg-bed", x: c(s), y: c(i), width: c(o), height: r, rx: 8 }), t.put(`${e.id}-name`, "text", { class: "il-fg-name", x: c(s + o / 2), y: c(i + 16), "text-anchor": "middle" }, e.label);
  const a = Y(e), f = e.operators.length > 1 ? (a - y) / (e.operators.length - 1) : 0;
  e.operators.forEach((d, h) => {
    const g = { x: c(s + (o - a) / 2 + h * f), y: c(i + r - y - 7), width: y, height: y, rx: 3 }, m = t.put(d.id, "rect", { class: l ? "il-fg-pip" : "il-fg-pip il-fg-joined", ...g });
    t.title(m, `${d.label} (${d.kind})`);
  });
}
function Pt({ boxes: n, names: t }, e, s, i) {
  const { x: o, y: r, w: l, h: a, lines: f } = s, d = Z(s);
  i && n.put(`${e.id}-box`, "rect", { class: "il-fg-box", x: c(o), y: c(r + (a - d) / 2), width: c(l), height: d, rx: 8 }), f.forEach((h, g) => {
    const m = { x: c(o + l / 2), y: c(r + a / 2 + L * 0.35 + (g - (f.length - 1) / 2) * (L + 2)), "text-anchor": "middle" };
    t.title(t.put(`${e.id}-name-${g}`, "text", { class: "il-fg-name", ...m }, h), e.operators[0]?.kind ?? "");
  });
}
function It(n, t, e) {
  Et(n.hulls, t, e);
  for (const i of t.links) Nt(n.links, i, t, e);
  const s = I(t);
  for (const [i, o] of e.spots) {
    const [r = ""] = C(i);
    i.operators.length > 1 ? Lt(n, i, o) : Pt(n, i, o, s.get(r)?.length === 1);
  }
  for (const i of [n.hulls, n.boxes, n.links, n.names]) i.sweep();
}
function Vt(n, t, e, s) {
  const i = new Set(s ?? []), o = t.units.filter((r) => r.operators.some(({ id: l }) => i.has(l)));
  o.length && J(tt(o, e), e).forEach((l, a) => n.put(`preview-${a}`, "path", { class: "il-fg-preview", d: l })), n.sweep();
}
const Ft = ".il-fg{container-type:inline-size;font-family:var(--il-sans);font-variant-numeric:tabular-nums;font-size:13.5px;line-height:1.4;color:var(--il-ink)}.il-fg-head{display:flex;flex-wrap:wrap;justify-content:space-between;align-items:baseline;gap:6px 24px}.il-fg-total{margin:0;color:var(--il-soft)}.il-fg-total b{font-size:20px;font-weight:650;letter-spacing:-.01em;color:var(--il-ink)}.il-fg-key{display:flex;flex-wrap:wrap;gap:4px 16px;margin:0;padding:0;list-style:none;font-size:12.5px;color:var(--il-soft)}.il-fg-key li{display:inline-flex;align-items:center;gap:6px}.il-fg-key i{width:20px;height:12px;border-radius:4px}.il-fg-key-one{border:1.2px solid var(--il-edge);background:var(--il-card)}.il-fg-key-many{border:1.6px solid var(--il-blue);background:var(--il-blue-wash)}.il-fg-key .il-fg-key-chip{height:3px;border-radius:2px;background:var(--il-blue)}.il-fg-key .il-fg-key-memory{height:0;border-top:1.6px dashed var(--il-edge);border-radius:0}.il-fg-block{margin-top:14px}.il-fg-block h3{margin:0;padding-bottom:7px;border-bottom:1px solid var(--il-line);font:600 14px/1.4 var(--il-sans)}.il-fg-block h3:first-letter{text-transform:uppercase}.il-fg-times{font-weight:400;color:var(--il-soft)}.il-fg-island{display:grid;grid-template-columns:minmax(0,1fr) 264px;gap:6px 20px;align-items:center;padding:9px 0;border-bottom:1px solid var(--il-line)}.il-fg-svg{display:block;max-width:100%;overflow:visible}.il-fg-count{margin:2px 0 0 9px;overflow:hidden;text-overflow:ellipsis;white-space:nowrap;font-size:12.5px;color:var(--il-soft)}.il-fg-none{margin:0;font-size:12.5px;color:var(--il-soft)}.il-fg-switches li{position:relative}.il-fg-switches{display:grid;gap:1px;margin:0;padding:0;list-style:none}.il-fg-switch{position:relative;display:flex;align-items:flex-start;gap:9px;padding:3px 6px;margin-left:-6px;border-radius:8px;cursor:pointer}.il-fg-switch:hover,.il-fg-switch:has(:focus-visible){background:var(--il-sunk)}.il-fg-words{display:grid}.il-fg-label{font-size:13px;line-height:20px}.il-fg-why{font-size:12px;line-height:1.35;color:var(--il-soft)}.il-fg-why:empty{display:none}.il-fg-aside{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}.il-fg-switch input{appearance:none;flex:none;width:34px;height:20px;margin:0;border:1.5px solid var(--il-edge);border-radius:99px;background:radial-gradient(circle at 9px 50%,var(--il-edge) 5.4px,transparent 6px) var(--il-card);cursor:pointer}.il-fg-switch input:checked{border-color:var(--il-blue);background:radial-gradient(circle at calc(100% - 9px) 50%,var(--il-on-blue) 5.4px,transparent 6px) var(--il-blue)}.il-fg-switch input:focus-visible{outline:2.5px solid var(--il-blue);outline-offset:2px}.il-fg-implied{font-size:12px;color:var(--il-soft)}.il-fg-closed .il-fg-switch{cursor:not-allowed}.il-fg-closed .il-fg-label{color:var(--il-soft)}.il-fg-closed input{border-style:dashed;cursor:not-allowed}.il-fg-closed input:checked{border-color:var(--il-dim);background:radial-gradient(circle at calc(100% - 9px) 50%,var(--il-card) 5.4px,transparent 6px) var(--il-dim)}.il-fg-hull{fill:var(--il-blue-wash);stroke:var(--il-blue);stroke-width:1.6}.il-fg-hull.il-fg-line{stroke-width:3.2}.il-fg-hull.il-fg-fill{stroke:none}.il-fg-box{fill:var(--il-card);stroke:var(--il-edge);stroke-width:1.2}.il-fg-bed{fill:var(--il-sunk)}.il-fg-pip{fill:var(--il-card);stroke:var(--il-edge);stroke-width:1.2}.il-fg-pip.il-fg-joined{fill:var(--il-blue);stroke:none}.il-fg-name{font-size:12.5px;fill:var(--il-ink)}.il-fg-link{fill:none;stroke:var(--il-edge);stroke-width:1.4;stroke-dasharray:4 3}.il-fg-tip{stroke-dasharray:none}.il-fg-inside{stroke:var(--il-blue);stroke-width:2.6;stroke-dasharray:none;stroke-linecap:round}.il-fg-preview{fill:none;stroke:var(--il-ink);stroke-width:1.8;stroke-dasharray:6 4}.il-fg-minor{font-size:13px}@container (max-width: 620px){.il-fg-island{grid-template-columns:minmax(0,1fr)}.il-fg-svg{margin:0 auto}}@media(pointer:coarse){.il-fg-switch{padding:7px 6px}}";
function K({ id: n }) {
  const t = n.lastIndexOf(".");
  return t > 0 ? n.slice(0, t) : "";
}
function Wt(n) {
  const t = /* @__PURE__ */ new Map();
  for (const e of n.operators) {
    const s = K(e), i = s ? `${s}.` : e.id, o = t.get(i);
    o ? o.operators.push(e) : t.set(i, { id: e.id, label: e.label, operators: [e] });
  }
  for (const e of t.values()) {
    const [s] = e.operators;
    s && e.operators.length > 1 && (e.label = s.part ?? K(s).replaceAll("_", " "));
  }
  return [...t.values()];
}
function Bt(n, t) {
  const e = /* @__PURE__ */ new Map();
  for (const s of n.edges) {
    const [i, o] = [t.get(s.from), t.get(s.to)];
    if (!i || !o || i === o) continue;
    const r = `${i.id} ${o.id}`, l = e.get(r);
    l ? l.inside &&= s.inside : e.set(r, { from: i, to: o, inside: s.inside });
  }
  return [...e.values()];
}
function Dt(n, t, e) {
  const s = new Map(n.map((i, o) => [i, o]));
  for (const i of e) {
    const o = new Set(i.members.flatMap((l) => t.get(l) ?? []).map((l) => s.get(l))), [r] = o;
    for (const [l, a] of s) o.has(a) && r !== void 0 && s.set(l, r);
  }
  return s;
}
function _t(n, t, e, s) {
  for (const i of [...n].reverse()) {
    if (s.has(e.get(i) ?? -1)) continue;
    const o = new Set(t.filter((l) => l.from === i).map((l) => e.get(l.to))), [r] = o;
    o.size === 1 && r !== void 0 && e.set(i, r);
  }
}
function Gt(n, t) {
  const e = Wt(t), s = new Map(e.flatMap((a) => a.operators.map(({ id: f }) => [f, a]))), i = Bt(t, s), o = n.fusions.filter((a) => a.block === t.id), r = Dt(e, s, o), l = (a) => r.get(s.get(a.members[0] ?? "") ?? e[0]) ?? 0;
  return _t(e, i, r, new Set(o.map(l))), [...new Set(r.values())].map((a) => {
    const f = e.filter((h) => r.get(h) === a), d = f.flatMap((h) => h.operators);
    return {
      units: f,
      links: i.filter((h) => r.get(h.from) === a && r.get(h.to) === a),
      fusions: o.filter((h) => l(h) === a),
      kernels: new Set(d.map((h) => h.kernel)).size,
      operators: d.length
    };
  });
}
let Ht = 0;
class qt {
  element;
  input;
  why;
  what;
  name = p("span", { class: "il-fg-label" });
  fusion;
  constructor(t, e) {
    this.fusion = t;
    const s = `il-fg-why-${Ht += 1}`;
    this.why = p("small", { class: "il-fg-why", id: s }), this.what = p("small", { class: "il-fg-aside", id: `${s}-what` }), this.input = p("input", { type: "checkbox", role: "switch", "data-fusion": t.id, "aria-describedby": `${s}-what ${s}` });
    const i = p("span", { class: "il-fg-words" }, this.name, this.why);
    this.element = p("li", {}, p("label", { class: "il-fg-switch" }, this.input, i), this.what), this.input.addEventListener("click", (o) => {
      this.fusion.free || o.preventDefault();
    }), this.input.addEventListener("change", () => e.toggled(this.fusion, this.input.checked));
    for (const o of ["pointerenter", "focusin"]) this.element.addEventListener(o, () => e.shown(this.fusion));
    for (const o of ["pointerleave", "focusout"]) this.element.addEventListener(o, () => e.shown(null));
  }
  /** `together`: its operators share a launch as it is; `what`: the kernel that it makes, in words. */
  paint(t, e, s, i) {
    this.fusion = t, M(this.what, e), this.input.checked = t.on, this.name.replaceChildren(t.label, s && !t.on ? p("span", { class: "il-fg-implied" }, " · joined") : "");
    const o = i ?? (t.free ? null : t.why);
    M(this.why, o ? `▲ ${o}` : ""), this.why.classList.toggle("il-fg-aside", i === null && t.on), t.free ? this.input.removeAttribute("aria-disabled") : $(this.input, "aria-disabled", "true"), this.element.classList.toggle("il-fg-closed", !t.free);
  }
}
function Kt(n, t) {
  const e = new Set(t.members), s = n.units.flatMap((i) => i.operators).filter(({ id: i }) => e.has(i)).map(({ kernel: i }) => i);
  return t.joins !== !1 && new Set(s).size === 1;
}
const R = ["hulls", "boxes", "links", "names", "preview"];
class Rt {
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
    const s = R.map((o) => F("g", { class: `il-fg-${o}` }));
    this.svg.append(...s), this.pens = Object.fromEntries(R.map((o, r) => [o, new at(s[r])])), this.switches = new Map(t.fusions.map((o) => [o.id, new qt(o, e)]));
    const i = p("ul", { class: "il-fg-switches", role: "list", "aria-label": "Fusions of these operators" }, ...[...this.switches.values()].map((o) => o.element));
    this.picture.append(this.svg, this.count), this.element = p("div", { class: "il-fg-island" }, this.picture, t.fusions.length ? i : p("p", { class: "il-fg-none" }, "Nothing to join here."));
  }
  paint(t, e, s) {
    this.island = t;
    for (const i of t.fusions) this.switches.get(i.id)?.paint(i, B(t, i), Kt(t, i), s?.knob === i.knob ? s.message : null);
    M(this.count, j(t)), $(this.svg, "aria-label", ct(t)), this.fit(e);
  }
  /** Laid out for the width that there is; what is seen but has no width yet waits for one. */
  fit(t) {
    if (this.room = this.picture.clientWidth, !this.island || this.room === 0) return;
    this.plan = Ot(this.island, this.room, t);
    const { width: e, height: s } = this.plan;
    $(this.svg, "viewBox", `0 0 ${e} ${s}`), $(this.svg, "width", String(e)), $(this.svg, "height", String(s)), It(this.pens, this.island, this.plan);
  }
  /** Outlines what a fusion joins, and says what kind of kernel that is. */
  preview(t) {
    if (!this.island || !this.plan) return;
    Vt(this.pens.preview, this.island, this.plan, t?.members ?? null);
    const e = t && this.island.fusions.some(({ id: i }) => i === t.id), s = t?.on && t.why ? t.why : t ? B(this.island, t) : "";
    M(this.count, e ? s : j(this.island));
  }
}
class Tt {
  element;
  islands;
  count = p("span", { class: "il-fg-times" });
  constructor(t, e, s) {
    this.islands = e.map((o) => new Rt(o, s));
    const i = p("h3", {}, t.label, this.count);
    this.element = p("section", { class: t.count > 1 ? "il-fg-block" : "il-fg-block il-fg-minor", "data-block": t.id }, i, ...this.islands.map((o) => o.element));
  }
  paint(t, e, s, i) {
    const o = new Set(t.operators.map((l) => l.kernel)).size, r = t.count > 1 ? `, ${A(t.count, 6)} times` : "";
    M(this.count, `${r}: ${j({ operators: t.operators.length, kernels: o })}`), e.forEach((l, a) => this.islands[a]?.paint(l, s, i));
  }
}
function Jt() {
  const n = (t, e) => p("li", {}, p("i", { class: `il-fg-key-${t}`, "aria-hidden": "true" }), e);
  return p("ul", { class: "il-fg-key", role: "list" }, n("one", "one operator, one launch"), n("many", "several in one launch"), n("chip", "stays on the chip"), n("memory", "through memory"));
}
class Ut {
  constructor(t, e) {
    this.root = t, this.model = e, t.classList.add("il-fg"), t.append(p("div", { class: "il-fg-head" }, this.total, Jt()), this.body), e.on("change:problem", this.refused), this.observer = new ResizeObserver(() => this.resize()), this.observer.observe(t);
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
    const e = [...t.blocks].sort((a, f) => +(f.count > 1) - +(a.count > 1)), s = { ...t, blocks: e }, i = s.blocks.map((a) => Gt(s, a));
    this.build(s, i);
    const o = getComputedStyle(this.root).fontFamily, r = this.model.get("problem") ?? null, l = s.kernels < s.operators ? ` instead of ${A(s.operators, 6)}` : "";
    this.total.replaceChildren(p("b", {}, `${A(s.kernels, 6)} launches`), ` a step${l}`), s.blocks.forEach((a, f) => this.blocks[f]?.paint(a, i[f] ?? [], o, r));
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
    const s = JSON.stringify([t.blocks.map((r) => [r.id, r.operators.map(({ id: l }) => l)]), t.fusions.map(({ id: r }) => r)]);
    if (s === this.shape) return;
    this.shape = s;
    const i = document.activeElement?.dataset?.fusion, o = { toggled: (r, l) => this.toggled(r, l), shown: (r) => this.preview(r) };
    this.blocks = t.blocks.map((r, l) => new Tt(r, e[l] ?? [], o)), this.body.replaceChildren(...this.blocks.map((r) => r.element)), i && this.body.querySelector(`[data-fusion="${CSS.escape(i)}"]`)?.focus();
  }
  toggled(t, e) {
    this.model.set("toggle", { knob: t.knob, on: e }), this.model.save_changes();
  }
  preview(t) {
    for (const e of this.blocks) for (const s of e.islands) s.preview(t);
  }
}
const Qt = lt(Ft, (n, t) => new Ut(n, t));
export {
  Qt as default
};
