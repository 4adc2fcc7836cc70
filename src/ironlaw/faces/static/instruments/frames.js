const T = /* @__PURE__ */ new Map();
function d(i, t = 3) {
  if (!Number.isFinite(i)) return "–";
  let e = T.get(t);
  return e || (e = new Intl.NumberFormat("en", { maximumSignificantDigits: t }), T.set(t, e)), e.format(i);
}
function _(i) {
  return i >= 1 ? { scale: 1, unit: "s" } : i >= 1e-3 ? { scale: 1e-3, unit: "ms" } : { scale: 1e-6, unit: "µs" };
}
function m(i) {
  const { scale: t, unit: e } = _(i);
  return `${d(i / t)} ${e}`;
}
function X(i) {
  const t = i * 100, e = t !== 0 && Math.abs(t) < 1 ? 2 : 1;
  return `${t.toFixed(e)} %`;
}
function p(i, t = {}, ...e) {
  const s = document.createElement(i);
  for (const [r, n] of Object.entries(t))
    n == null || n === !1 || s.setAttribute(r, n === !0 ? "" : String(n));
  return s.append(...e.filter((r) => !!r || r === "")), s;
}
function L(i, t) {
  i.textContent !== t && (i.textContent = t);
}
const Y = ':root,:host{color-scheme:light dark;--il-paper: light-dark(#faf8f4, #111518);--il-card: light-dark(#ffffff, #191e22);--il-sunk: light-dark(#f3f0e9, #0d1012);--il-ink: light-dark(#1b2025, #e9e6e0);--il-soft: light-dark(#545e68, #a5afb8);--il-line: light-dark(#e4e0d7, #2b3238);--il-grid: light-dark(#ebe8e1, #262d32);--il-edge: light-dark(#858a8e, #737f89);--il-dim: light-dark(#a3aeb8, #56636d);--il-dim-ink: light-dark(#66707a, #94a0aa);--il-blue: light-dark(#0b5cad, #6db3ff);--il-blue-wash: light-dark(#eaf2fa, #16283a);--il-on-blue: light-dark(#ffffff, #0d1418);--il-amber: light-dark(#8f4f00, #ffb454);--il-amber-wash: light-dark(#fbf1e1, #2c2213);--il-red: light-dark(#d7263d, #ff5468);--il-shadow: light-dark(rgb(40 34 20 / .07), rgb(0 0 0 / .35));--il-serif: Charter, "Bitstream Charter", "Iowan Old Style", "Source Serif 4", "Source Serif Pro", Georgia, "Noto Serif", "DejaVu Serif", serif;--il-sans: system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "DejaVu Sans", sans-serif;--il-radius: 14px;--il-glide: .15s}:root[data-theme=light],[data-jp-theme-light=true],.vscode-light{color-scheme:light}:root[data-theme=dark],[data-jp-theme-light=false],.vscode-dark{color-scheme:dark}@media(prefers-reduced-motion:reduce){:root,:host{--il-glide: 0ms}}@media print{:root:root{color-scheme:light}}';
function J(i, t) {
  const e = document.createElement("div");
  e.className = "il-instrument";
  const s = getComputedStyle(document.documentElement).getPropertyValue("--il-ink") !== "", r = document.createElement("style");
  return r.textContent = s ? t : `${Y}
${t}`, i.append(r, e), e;
}
function K(i, t) {
  return {
    render({ model: e, el: s }) {
      const r = J(s, i), n = t(r, e), a = () => {
        const l = e.get("picture");
        l && n.paint(l);
      };
      return e.on("change:picture", a), a(), () => {
        e.off("change:picture", a), n.stop?.(), s.replaceChildren();
      };
    }
  };
}
const N = "http://www.w3.org/2000/svg";
class z {
  constructor(t) {
    this.parent = t;
  }
  parent;
  drawn = /* @__PURE__ */ new Map();
  /** Draws (or updates) the element of this key, in this picture. */
  put(t, e, s, r) {
    let n = this.drawn.get(t);
    if (!n) {
      const a = document.createElementNS(N, e);
      this.parent.append(a), n = { element: a, attributes: {}, text: void 0, used: !0 }, this.drawn.set(t, n);
    }
    n.used = !0;
    for (const [a, l] of Object.entries(s))
      n.attributes[a] !== l && n.element.setAttribute(a, String(l));
    for (const a of Object.keys(n.attributes)) a in s || n.element.removeAttribute(a);
    return n.attributes = s, r !== n.text && (n.element.textContent = r ?? ""), n.text = r, n.element;
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
function S(i, t) {
  const e = document.createElementNS(N, i);
  for (const [s, r] of Object.entries(t)) e.setAttribute(s, String(r));
  return e;
}
const f = (i) => Math.round(i * 10) / 10;
class Q {
  element = p("div", { class: "il-tip", "aria-hidden": "true", hidden: !0 });
  name = p("b", {});
  lines = p("div", {});
  constructor() {
    this.element.append(this.name, this.lines);
  }
  /** Shows a card above (or, without room, below) a place of the instrument [px]. */
  show(t, e, s) {
    L(this.name, t), this.lines.replaceChildren(...e.map((o) => p("p", {}, o))), this.element.hidden = !1;
    const { offsetWidth: r, offsetHeight: n } = this.element, a = Math.min(Math.max(s.x - r / 2, 0), Math.max(s.width - r, 0)), l = s.top - n - 8;
    this.element.style.left = `${Math.round(a)}px`, this.element.style.top = `${Math.round(l < -40 ? s.bottom + 8 : l)}px`;
  }
  hide() {
    this.element.hidden = !0;
  }
}
function O(i) {
  return i > 0 && i < 1e-4 ? `${d(i * 100, 2)} %` : X(i);
}
function P(i) {
  const t = `interpolated: only ${d(i.n, 7)} frames`, e = [
    { label: "p50", value: m(i.median), note: "the median" },
    { label: "p99", value: m(i.p99), note: i.n < 100 ? t : "1 frame in 100 is longer" },
    { label: "p99.9", value: m(i.p999), note: i.n < 1e3 ? t : "1 in 1,000 is longer" },
    { label: "max", value: m(i.max), note: "seen so far; no bound" }
  ];
  if (i.deadline === null) return e;
  const { miss_low: s, miss_high: r } = i, n = s === null || r === null ? `${d(i.misses, 6)} of ${d(i.n, 7)}` : `${d(i.misses, 6)} of ${d(i.n, 7)}; ${O(s)} to ${O(r)} at 95 %`;
  return [...e, { label: `past ${m(i.deadline)}`, value: O(i.miss_ratio), note: n }];
}
function Z(i) {
  const t = P(i).map(({ label: e, value: s, note: r }) => `${e} ${s} (${r})`);
  return `${i.title}. ${t.join(", ")}. ${i.tail ? i.tail.text : i.tail_note}.`;
}
function tt(i) {
  const t = i.spikes.map(({ frame: s, latency: r }) => `frame ${d(s, 7)} ${m(r)}`), e = t.slice(0, 12).join(", ");
  return `Latency of ${d(i.n, 7)} frames in time. ${t.length ? `Standing out: ${e}${t.length > 12 ? " and more" : ""}.` : "None stands out."}`;
}
const et = ".il-instrument{position:relative;font-family:var(--il-sans);font-variant-numeric:tabular-nums;color:var(--il-ink)}.il-fr{background:var(--il-card);display:block;width:100%;height:auto;overflow:visible;font-size:12px}.il-fr-run{margin-top:10px;cursor:pointer}.il-fr text{fill:var(--il-soft);pointer-events:none}.il-fr text.il-fr-strong{fill:var(--il-ink);font-weight:600}.il-fr text.il-fr-halo{paint-order:stroke;stroke:var(--il-card);stroke-width:4px;stroke-linejoin:round}.il-fr-grid{stroke:var(--il-grid)}.il-fr-axis{stroke:var(--il-edge)}.il-fr-bin{fill:var(--il-blue)}.il-fr-past{fill:var(--il-amber)}.il-fr text.il-fr-past-n{fill:var(--il-amber);font-weight:600}.il-fr-break{fill:none;stroke:var(--il-ink);stroke-width:1.4}.il-fr-knee{stroke:var(--il-grid);stroke-dasharray:2 3}.il-fr-mark{stroke:var(--il-soft);stroke-width:1;stroke-dasharray:1.5 3;stroke-linecap:round}.il-fr-deadline{stroke:var(--il-ink);stroke-width:1.6;stroke-dasharray:6 4}.il-fr-tail{fill:none;stroke:var(--il-ink);stroke-width:2}.il-fr-spans{fill:none;stroke:var(--il-blue)}.il-fr-spike{fill:var(--il-card);stroke:var(--il-blue);stroke-width:2}.il-fr-late{fill:var(--il-amber);stroke:var(--il-card);stroke-width:1}.il-fr-chosen{fill:none;stroke:var(--il-ink);stroke-width:2.2}.il-fr-chosen-line{stroke:var(--il-ink);stroke-width:1;stroke-dasharray:1.5 3}.il-fr-focus{fill:none;stroke:var(--il-blue);stroke-width:2.5}.il-fr-stage{position:relative;border-radius:8px}.il-fr-stage:focus-visible{outline:2px solid var(--il-blue);outline-offset:4px}.il-fr-figures{display:grid;grid-template-columns:repeat(4,minmax(0,1fr)) minmax(0,1.5fr);gap:10px 18px;margin:0 0 14px}.il-fr-figures dt{font-size:13px;color:var(--il-soft)}.il-fr-figures dd{margin:0}.il-fr-figures b{display:block;font-size:20px;font-weight:650;line-height:1.3;letter-spacing:-.01em}.il-fr-figures span{display:block;font-size:12.5px;line-height:1.35;color:var(--il-soft)}@media(max-width:900px){.il-fr-figures{grid-template-columns:1fr 1fr}.il-fr-figures div:nth-child(5){grid-column:1 / -1}}.il-fr-note{margin:4px 0 0;font-size:12.5px;line-height:1.45;color:var(--il-soft)}.il-sr{position:absolute;width:1px;height:1px;margin:-1px;overflow:hidden;clip-path:inset(50%)}.il-tip{position:absolute;z-index:4;max-width:min(320px,100%);padding:8px 12px;border:1px solid var(--il-edge);border-radius:9px;background:var(--il-card);box-shadow:0 4px 14px var(--il-shadow);font-size:13px;line-height:1.4;pointer-events:none}.il-tip p{margin:0;color:var(--il-soft)}";
let v = null;
const E = /* @__PURE__ */ new Map();
function V(i, t, e, s = !1) {
  const r = `${s ? "600 " : ""}${t}px ${e}`, n = `${r}|${i}`, a = E.get(n);
  if (a !== void 0) return a;
  v ??= document.createElement("canvas").getContext("2d"), v && (v.font = r);
  const l = v ? v.measureText(i).width : i.length * t * 0.6;
  return E.size > 4e3 && E.clear(), E.set(n, l), l;
}
function F(i, t, e) {
  const s = t - i;
  if (!(s > 0) || e < 1) return [];
  const r = s / e, n = 10 ** Math.floor(Math.log10(r)), a = [1, 2, 5, 10].map((h) => h * n).find((h) => h >= r * 0.999) ?? 10 * n, l = Math.ceil(i / a - 1e-9), o = Math.floor(t / a + 1e-9);
  return Array.from({ length: Math.max(o - l + 1, 0) }, (h, c) => (l + c) * a);
}
function H(i, { scale: t }, e = 6) {
  return d(Math.abs(i) < 1e-15 ? 0 : i / t, e);
}
const it = 12, R = 0.45, st = 0.3;
function nt(i, t) {
  const e = Math.max(...i.bins.map((r) => r.count), 1), s = Math.log10(e) + R;
  return (r) => r <= 0 ? t.bottom : t.bottom - Math.max(Math.log10(r) + R, 0.02) / s * (t.bottom - t.top);
}
function rt(i, t, e, s) {
  const r = Math.max(...t.bins.map((n) => n.count), 1);
  for (let n = 1; n <= r; n *= 10) {
    const a = f(s(n));
    i.put(`count-${n}`, "line", { class: "il-fr-grid", x1: e.left, x2: e.right, y1: a, y2: a }), i.put(`count-t-${n}`, "text", { class: "il-fr-tick", x: e.left - 6, y: a + 4, "text-anchor": "end" }, d(n, 6));
  }
  i.put("base", "line", { class: "il-fr-axis", x1: e.left, x2: e.right, y1: e.bottom, y2: e.bottom });
}
function ot(i, t, e, s, r) {
  const { deadline: n, bins: a, misses: l } = t;
  if (n === null) return;
  const o = a.findIndex((k) => k.low < n && n < k.high), h = l - a.reduce((k, x) => k + (x.low >= n ? x.count : 0), 0);
  if (o < 0 || h <= 0) return;
  const [c, g] = [f(s.x(n)), f(r(h))];
  i.put("shared", "rect", { class: "il-fr-bin il-fr-past", x: c, y: g, width: f(Math.max(s.left + (o + 1) * s.step - c, 1)), height: f(e.bottom - g) });
}
function at(i, t, e, s, r) {
  const n = t.bins.filter((a) => a.count > 0 && t.deadline !== null && a.low >= t.deadline);
  t.bins.forEach((a, l) => {
    if (a.count === 0) return;
    const o = f(r(a.count)), h = n.includes(a), c = s.step > 5 ? 1 : 0, g = i.put(`bin-${l}`, "rect", { class: h ? "il-fr-bin il-fr-past" : "il-fr-bin", x: f(s.left + l * s.step), y: o, width: f(Math.max(s.step - c, 1)), height: f(e.bottom - o), "data-bin": a.count });
    i.title(g, `${d(a.count, 6)} ${a.count === 1 ? "frame" : "frames"} from ${m(a.low)} to ${m(a.high)}`), h && n.length <= 4 && i.put(`bin-n-${l}`, "text", { class: "il-fr-past-n", x: f(Math.min(s.left + (l + 0.5) * s.step, e.right - 4)), y: o - 5, "text-anchor": "middle" }, d(a.count, 6));
  });
}
function lt(i, t, e, s) {
  const r = _(t.max);
  if (s.ticks.forEach((a, l) => {
    const o = f(s.x(a));
    i.put(`tick-${l}`, "line", { class: "il-fr-axis", x1: o, x2: o, y1: e.bottom, y2: e.bottom + 4 }), i.put(`tick-t-${l}`, "text", { class: "il-fr-tick", x: o, y: e.bottom + 17, "text-anchor": "middle" }, H(a, r));
  }), i.put("unit", "text", { class: "il-fr-tick", x: e.right, y: e.bottom + 33, "text-anchor": "end" }, `latency, ${r.unit}`), s.knee >= t.bins.length) return;
  const n = f(s.left + s.knee * s.step);
  i.put("break", "path", { class: "il-fr-break", d: `M${n - 5},${e.bottom + 6}l4,-12M${n + 1},${e.bottom + 6}l4,-12` }), i.put("break-line", "line", { class: "il-fr-knee", x1: n, x2: n, y1: e.top, y2: e.bottom - 8 });
}
const W = (i, t) => {
  const e = Math.max(t - i.threshold, 0) / i.scale;
  return Math.abs(i.shape) < 1e-9 ? Math.exp(-e) : Math.max(1 + i.shape * e, 0) ** (-1 / i.shape);
};
function ht(i, { tail: t, bins: e }, s, r) {
  if (!t) return;
  const n = (l) => t.points * (W(t, l.low) - W(t, l.high)), a = e.flatMap((l, o) => l.low >= t.threshold && n(l) >= st ? [`${f(s.left + (o + 0.5) * s.step)},${f(r(n(l)))}`] : []);
  a.length > 1 && i.put("tail", "polyline", { class: "il-fr-tail", points: a.join(" ") });
}
function ft(i, t, e, s, r) {
  const { median: n, p99: a, p999: l, max: o, deadline: h } = t, c = [], g = (u, w, b, C) => {
    const y = f(s.x(b)), j = V(w, it, e.family, C), A = y + 5 + j <= e.right + 4, [U, q] = A ? [y, y + 5 + j] : [y - 5 - j, y];
    let $ = c.findIndex((G) => G + 8 <= U);
    $ < 0 && ($ = c.length), c[$] = Math.max(c[$] ?? -1 / 0, q);
    const B = r + $ * 16;
    i.put(`mark-${u}`, "line", { class: C ? "il-fr-deadline" : "il-fr-mark", x1: y, x2: y, y1: B - 9, y2: e.bottom }), i.put(`mark-t-${u}`, "text", { class: C ? "il-fr-strong" : "il-fr-tick", x: A ? y + 5 : y - 5, y: B, "text-anchor": A ? "start" : "end" }, w);
  }, x = [...[["p50", "p50", n], ["p99", "p99", a], ["p999", "p99.9", l], ["max", "max", o]].map(([u, w, b]) => ({ key: u, words: w, value: b, strong: !1 })), ...h === null || h > (t.bins.at(-1)?.high ?? 0) ? [] : [{ key: "deadline", words: `deadline ${m(h)}`, value: h, strong: !0 }]];
  for (const u of x.sort((w, b) => w.value - b.value)) g(u.key, u.words, u.value, u.strong);
}
const D = 3;
function ct(i, t, e, s, r) {
  const n = nt(t, e);
  rt(i, t, e, n), at(i, t, e, s, n), ot(i, t, e, s, n), ht(i, t, s, n), lt(i, t, e, s), ft(i, t, e, s, r);
}
const dt = 0.01, ut = [1, 1.5, 2, 3, 4, 5, 7];
function mt(i) {
  const t = (r) => r.high - r.low, e = i[0] ? t(i[0]) : 0, s = i.findIndex((r) => Math.abs(t(r) - e) > dt * e);
  return s < 0 ? i.length : s;
}
function gt(i, t, e, s) {
  const r = [];
  for (let n = 10 ** Math.floor(Math.log10(i)); n <= t; n *= 10)
    for (const a of ut) {
      const l = a * n;
      if (l <= i || l > t) continue;
      Math.min(e(l) - e(i), ...r.map((h) => e(l) - e(h))) >= s && r.push(l);
    }
  return r;
}
function xt(i, t, e, s) {
  const r = (e - t) / Math.max(i.length, 1), n = mt(i), a = (g) => {
    const k = i.findIndex((w) => g < w.high), x = i[k];
    if (!x) return e;
    const u = x.high > x.low ? Math.min(Math.max((g - x.low) / (x.high - x.low), 0), 1) : 0.5;
    return t + (k + u) * r;
  }, [l, o, h] = [i[0]?.low ?? 0, i[n - 1]?.high ?? 0, i.at(-1)?.high ?? 0], c = F(l, o, Math.max(n * r / s - 0.5, 1));
  return { left: t, right: e, step: r, knee: n, x: a, ticks: [...c, ...n < i.length ? gt(o, h, a, s) : []] };
}
function M(i, t, e) {
  return t.left + (e + 0.5) / Math.max(i.n, 1) * (t.right - t.left);
}
function pt(i, t, e) {
  const s = Math.floor((e - t.left) / (t.right - t.left) * i.n);
  return Math.min(Math.max(s, 0), i.n - 1);
}
function kt(i, t, e, s) {
  const r = (l) => e.bottom - l / s * (e.bottom - e.top), n = _(t.max);
  F(0, s, 4).forEach((l, o) => {
    const h = f(r(l));
    i.put(`y-${o}`, "line", { class: l === 0 ? "il-fr-axis" : "il-fr-grid", x1: e.left, x2: e.right, y1: h, y2: h }), i.put(`y-t-${o}`, "text", { class: "il-fr-tick", x: e.left - 6, y: h + 4, "text-anchor": "end" }, H(l, n));
  }), i.put("y-unit", "text", { class: "il-fr-tick", x: 0, y: 11 }, `latency in time, ${n.unit}`);
  const a = F(0, t.n, e.narrow ? 4 : 8);
  return a.forEach((l, o) => {
    const h = e.left + l / Math.max(t.n, 1) * (e.right - e.left);
    i.put(`x-t-${o}`, "text", { class: "il-fr-tick", x: f(h), y: e.bottom + 16, "text-anchor": o === a.length - 1 && h > e.right - 20 ? "end" : "middle" }, d(l, 6));
  }), r;
}
function wt(i, t, e, s, r) {
  const { selected: n } = t;
  if (n === null) return;
  const a = s.find((u) => u.frame === n), l = t.series.find((u) => u.first <= n && n <= u.last), [o, h] = [f(M(t, e, n)), f(a?.y ?? r(l?.high ?? t.median))];
  i.put("chosen-line", "line", { class: "il-fr-chosen-line", x1: o, x2: o, y1: h, y2: e.bottom }), i.put("chosen", "circle", { class: "il-fr-chosen", cx: o, cy: h, r: 8.5 });
  const c = `frame ${d(n, 7)}${a ? `, ${m(a.latency)}` : ""}`, g = 14 + V(c, 12, e.family, !0), k = (u, w) => s.filter((b) => b.frame !== n && b.x > u && b.x < w && Math.abs(b.y - h) < 14).length, x = o - g < 0 || o + g < e.right && k(o, o + g) <= k(o - g, o);
  i.put("chosen-words", "text", { class: "il-fr-strong il-fr-halo", x: x ? o + 14 : o - 14, y: h + 4, "text-anchor": x ? "start" : "end" }, c);
}
function bt(i, t, e) {
  const s = Math.max(t.max, t.deadline ?? 0) * 1.06, r = kt(i, t, e, s), n = new Set(t.spikes.map((o) => o.frame)), a = t.series.filter((o) => !(o.first === o.last && n.has(o.first))).map((o) => {
    const h = f((M(t, e, o.first) + M(t, e, o.last)) / 2), [c, g] = [f(r(o.high) - 0.8), f(r(o.low) + 0.8)];
    return `M${h},${c}V${g}`;
  });
  if (i.put("spans", "path", { class: "il-fr-spans", d: a.join(""), "stroke-width": f(Math.max((e.right - e.left) / Math.max(t.series.length, 1) - 0.3, 1)) }), t.deadline !== null) {
    const o = f(r(t.deadline));
    i.put("limit", "line", { class: "il-fr-deadline", x1: e.left, x2: e.right, y1: o, y2: o }), i.put("limit-words", "text", { class: "il-fr-strong il-fr-halo", x: e.left + 4, y: o - 6 }, `deadline ${m(t.deadline)}`);
  }
  const l = t.spikes.map(({ frame: o, latency: h }) => ({ frame: o, latency: h, x: M(t, e, o), y: r(h) }));
  for (const o of l) {
    const h = t.deadline !== null && o.latency > t.deadline, c = i.put(`spike-${o.frame}`, "circle", { class: h ? "il-fr-spike il-fr-late" : "il-fr-spike", cx: f(o.x), cy: f(o.y), r: 4.5, "data-spike": o.frame });
    i.title(c, `frame ${d(o.frame, 7)}: ${m(o.latency)}`);
  }
  return wt(i, t, e, l, r), l;
}
const I = 14;
class yt {
  constructor(t, e) {
    this.root = t, this.model = e;
    const s = [S("g", {}), S("g", {})];
    this.run.append(...s), this.pens = { chart: new z(this.chart), run: new z(s[0]), mark: new z(s[1]) }, this.stage.append(this.run, this.tip.element), t.append(this.figures, this.chart, this.stage, this.said, this.note), this.listen(), this.observer = new ResizeObserver(() => this.resize()), this.observer.observe(t);
  }
  root;
  model;
  chart = S("svg", { class: "il-fr", role: "img" });
  run = S("svg", { class: "il-fr il-fr-run", role: "img" });
  figures = p("dl", { class: "il-fr-figures" });
  note = p("p", { class: "il-fr-note" });
  said = p("p", { class: "il-sr", "aria-live": "polite" });
  stage = p("div", { class: "il-fr-stage", tabindex: "0", role: "application", "aria-roledescription": "timeline", "aria-label": "Frames in time. Left and right: from one that stands out to the next; Enter: look at it." });
  tip = new Q();
  pens;
  observer;
  picture = null;
  dots = [];
  plot = null;
  here = null;
  // the spike where the keyboard is
  width = 0;
  paint(t) {
    this.picture = t, this.tip.hide();
    const e = P(t).map(({ label: r, value: n, note: a }) => p("div", {}, p("dt", {}, r), p("dd", {}, p("b", {}, n), p("span", {}, a))));
    this.figures.replaceChildren(...e);
    const s = t.tail ? t.tail.text : t.tail_note;
    L(this.note, s ? `${s.charAt(0).toUpperCase()}${s.slice(1).replace(/\.$/, "")}.` : ""), this.width === 0 && (this.width = this.root.clientWidth), this.draw();
  }
  stop() {
    this.observer.disconnect();
  }
  resize() {
    const t = this.root.clientWidth;
    t === this.width || t === 0 || (this.width = t, this.tip.hide(), this.draw());
  }
  draw() {
    const { picture: t, width: e } = this;
    if (!t || e === 0) return;
    const s = getComputedStyle(this.root).fontFamily, r = e < 560, [n, a] = [r ? 36 : 42, e - 8], l = 34, o = { left: n, right: a, family: s, top: l + D * 16 - 10, bottom: l + D * 16 + (r ? 116 : 132) };
    ct(this.pens.chart, t, o, xt(t.bins, n, a, r ? 40 : 52), l), this.pens.chart.put("title", "text", { class: "il-fr-tick", x: 0, y: 11 }, "frames, counted on a logarithmic scale"), this.pens.chart.sweep(), this.chart.setAttribute("viewBox", `0 0 ${e} ${o.bottom + 40}`), this.chart.setAttribute("aria-label", Z(t)), this.plot = { left: n, right: a, narrow: r, family: s, top: 38, bottom: r ? 138 : 150 }, this.dots = bt(this.pens.run, t, this.plot), this.pens.run.put("frames", "text", { class: "il-fr-tick", x: a, y: this.plot.bottom + 32, "text-anchor": "end" }, "frame"), this.pens.run.sweep(), this.run.setAttribute("viewBox", `0 0 ${e} ${this.plot.bottom + 38}`), this.run.setAttribute("aria-label", tt(t)), this.drawMark();
  }
  listen() {
    this.run.addEventListener("pointermove", (t) => this.hover(t)), this.run.addEventListener("pointerleave", () => this.tip.hide()), this.run.addEventListener("click", (t) => {
      const e = this.under(t);
      e !== null && this.choose(e);
    }), this.stage.addEventListener("keydown", (t) => this.key(t)), this.stage.addEventListener("focus", () => this.stage.matches(":focus-visible") && this.go(this.here ?? Math.max(this.dots.findIndex((t) => t.frame === this.picture?.selected), 0))), this.stage.addEventListener("blur", () => {
      this.tip.hide(), this.drawMark();
    });
  }
  /** The spike near the pointer, or the frame under it. */
  under(t) {
    const { picture: e, plot: s } = this;
    if (!e || !s) return null;
    const r = this.run.getBoundingClientRect(), [n, a] = [t.clientX - r.left, t.clientY - r.top];
    if (n < s.left - I || n > s.right + I || a > s.bottom + 4) return null;
    const l = this.dots.map((o) => ({ dot: o, away: Math.hypot(o.x - n, o.y - a) })).sort((o, h) => o.away - h.away)[0];
    return l && l.away <= I ? l.dot.frame : pt(e, s, n);
  }
  hover(t) {
    const e = this.under(t);
    if (e === null) return this.tip.hide();
    this.explain(e);
  }
  explain(t) {
    const { picture: e, plot: s } = this;
    if (!e || !s) return;
    const r = this.dots.find((h) => h.frame === t), n = e.series.find((h) => h.first <= t && t <= h.last), a = n ? n.first === n.last ? m(n.high) : `frames ${d(n.first, 7)} to ${d(n.last, 7)}: ${m(n.low)} to ${m(n.high)}` : "", l = r?.x ?? M(e, s, t), o = r?.y ?? s.bottom - 30;
    this.tip.show(`frame ${d(t, 7)}`, [r ? m(r.latency) : a, t === e.selected ? "is looked at" : "click to look at it"], { x: l, top: o - 8, bottom: o + 8, width: this.width });
  }
  choose(t) {
    t !== this.picture?.selected && (this.model.set("frame", t), this.model.save_changes());
  }
  go(t) {
    const e = this.dots[t];
    e && (this.here = t, this.drawMark(), this.explain(e.frame), L(this.said, `Frame ${d(e.frame, 7)}, ${m(e.latency)}${e.frame === this.picture?.selected ? ", is looked at" : ""}.`));
  }
  drawMark() {
    const t = this.here === null ? null : this.dots[this.here];
    t && this.stage.matches(":focus-visible") && this.pens.mark.put("focus", "circle", { class: "il-fr-focus", cx: t.x, cy: t.y, r: 12 }), this.pens.mark.sweep();
  }
  key(t) {
    const e = { ArrowRight: 1, ArrowLeft: -1 }[t.key], s = this.here ?? 0;
    if (e) this.go(Math.min(Math.max(s + e, 0), this.dots.length - 1));
    else if (t.key === "Home") this.go(0);
    else if (t.key === "End") this.go(this.dots.length - 1);
    else if (t.key === "Escape") this.tip.hide();
    else if (t.key === "Enter" || t.key === " ") {
      const r = this.dots[s];
      r && this.choose(r.frame);
    } else return;
    t.preventDefault();
  }
}
const $t = K(et, (i, t) => new yt(i, t));
export {
  $t as default
};
