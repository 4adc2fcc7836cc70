const B = /* @__PURE__ */ new Map();
function f(i, t = 3) {
  if (!Number.isFinite(i)) return "–";
  let e = B.get(t);
  return e || (e = new Intl.NumberFormat("en", { maximumSignificantDigits: t }), B.set(t, e)), e.format(i);
}
function N(i) {
  return i >= 1 ? { scale: 1, unit: "s" } : i >= 1e-3 ? { scale: 1e-3, unit: "ms" } : { scale: 1e-6, unit: "µs" };
}
function u(i) {
  const { scale: t, unit: e } = N(i);
  return `${f(i / t)} ${e}`;
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
const Y = ':root,:host{color-scheme:light dark;--il-paper: light-dark(#faf8f4, #111518);--il-card: light-dark(#ffffff, #191e22);--il-sunk: light-dark(#f3f0e9, #0d1012);--il-ink: light-dark(#1b2025, #e9e6e0);--il-soft: light-dark(#545e68, #a5afb8);--il-line: light-dark(#e4e0d7, #2b3238);--il-grid: light-dark(#ebe8e1, #262d32);--il-edge: light-dark(#858a8e, #737f89);--il-dim: light-dark(#a3aeb8, #56636d);--il-dim-ink: light-dark(#66707a, #94a0aa);--il-blue: light-dark(#0b5cad, #6db3ff);--il-blue-wash: light-dark(#eaf2fa, #16283a);--il-on-blue: light-dark(#ffffff, #0d1418);--il-amber: light-dark(#8f4f00, #ffb454);--il-amber-wash: light-dark(#fbf1e1, #2c2213);--il-red: light-dark(#d7263d, #ff5468);--il-shadow: light-dark(rgb(40 34 20 / .07), rgb(0 0 0 / .35));--il-serif: Charter, "Bitstream Charter", "Iowan Old Style", "Source Serif 4", "Source Serif Pro", Georgia, "Noto Serif", "DejaVu Serif", serif;--il-sans: system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "DejaVu Sans", sans-serif;--il-radius: 14px;--il-glide: .15s}:root[data-theme=light],[data-jp-theme-light=true],.vscode-light{color-scheme:light}:root[data-theme=dark],[data-jp-theme-light=false],.vscode-dark{color-scheme:dark}@media(prefers-reduced-motion:reduce){:root,:host{--il-glide: 0ms}}@media print{:root:root{color-scheme:light}}', J = ".il-instrument{position:relative;font-family:var(--il-sans);font-variant-numeric:tabular-nums;color:var(--il-ink)}.il-chart{background:var(--il-card);display:block;width:100%;height:auto;overflow:visible;font-size:12px}.il-chart text{fill:var(--il-soft);pointer-events:none}.il-chart text.il-strong{fill:var(--il-ink);font-weight:600}.il-chart text.il-halo{paint-order:stroke;stroke:var(--il-card);stroke-width:4px;stroke-linejoin:round}.il-chart-grid{stroke:var(--il-grid)}.il-chart-axis{stroke:var(--il-edge)}.il-chart-limit{fill:none;stroke:var(--il-ink);stroke-width:1.6;stroke-dasharray:6 4}.il-stage{position:relative;border-radius:8px}.il-stage:focus-visible{outline:2px solid var(--il-blue);outline-offset:4px}.il-key{margin:8px 4px 0;font-size:12.5px;line-height:1.45;color:var(--il-soft)}.il-sr{position:absolute;width:1px;height:1px;margin:-1px;overflow:hidden;clip-path:inset(50%)}.il-tip{position:absolute;z-index:4;max-width:min(320px,100%);padding:8px 12px;border:1px solid var(--il-edge);border-radius:9px;background:var(--il-card);box-shadow:0 4px 14px var(--il-shadow);font-size:13px;line-height:1.4;pointer-events:none}.il-tip b{overflow-wrap:anywhere}.il-tip p{margin:0;color:var(--il-soft)}";
function K(i, t) {
  const e = document.createElement("div");
  e.className = "il-instrument";
  const s = getComputedStyle(document.documentElement).getPropertyValue("--il-ink") !== "", r = document.createElement("style");
  return r.textContent = [...s ? [] : [Y], J, t].join(`
`), i.append(r, e), e;
}
function Q(i, t) {
  return {
    render({ model: e, el: s }) {
      const r = K(s, i), n = t(r, e), a = () => {
        const l = e.get("picture");
        l && n.paint(l);
      };
      return e.on("change:picture", a), a(), () => {
        e.off("change:picture", a), n.stop?.(), s.replaceChildren();
      };
    }
  };
}
class Z {
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
const O = "http://www.w3.org/2000/svg";
class D {
  constructor(t) {
    this.parent = t;
  }
  parent;
  drawn = /* @__PURE__ */ new Map();
  /** Draws (or updates) the element of this key, in this picture. */
  put(t, e, s, r) {
    let n = this.drawn.get(t);
    if (!n) {
      const a = document.createElementNS(O, e);
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
    s?.textContent !== e && (s ? s.textContent = e : t.append(Object.assign(document.createElementNS(O, "title"), { textContent: e })));
  }
  /** Removes what was not drawn since the last sweep. */
  sweep() {
    for (const [t, e] of this.drawn)
      e.used || (e.element.remove(), this.drawn.delete(t)), e.used = !1;
  }
}
function F(i, t) {
  const e = document.createElementNS(O, i);
  for (const [s, r] of Object.entries(t)) e.setAttribute(s, String(r));
  return e;
}
function tt(i, t, e = "il-") {
  const s = t.map((r) => F("g", { class: `${e}${r}` }));
  return i.append(...s), Object.fromEntries(t.map((r, n) => [r, new D(s[n])]));
}
const c = (i) => Math.round(i * 10) / 10;
class et {
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
function A(i) {
  return i > 0 && i < 1e-4 ? `${f(i * 100, 2)} %` : X(i);
}
function P(i) {
  const t = `interpolated: only ${f(i.n, 7)} frames`, e = [
    { label: "p50", value: u(i.median), note: "the median" },
    { label: "p99", value: u(i.p99), note: i.n < 100 ? t : "1 frame in 100 is longer" },
    { label: "p99.9", value: u(i.p999), note: i.n < 1e3 ? t : "1 in 1,000 is longer" },
    { label: "max", value: u(i.max), note: "seen so far; no bound" }
  ];
  if (i.deadline === null) return e;
  const { miss_low: s, miss_high: r } = i, n = s === null || r === null ? `${f(i.misses, 6)} of ${f(i.n, 7)}` : `${f(i.misses, 6)} of ${f(i.n, 7)}; ${A(s)} to ${A(r)} at 95 %`;
  return [...e, { label: `past ${u(i.deadline)}`, value: A(i.miss_ratio), note: n }];
}
function it(i) {
  const t = P(i).map(({ label: e, value: s, note: r }) => `${e} ${s} (${r})`);
  return `${i.title}. ${t.join(", ")}. ${i.tail ? i.tail.text : i.tail_note}.`;
}
function st(i) {
  const t = i.spikes.map(({ frame: s, latency: r }) => `frame ${f(s, 7)} ${u(r)}`), e = t.slice(0, 12).join(", ");
  return `Latency of ${f(i.n, 7)} frames in time. ${t.length ? `Standing out: ${e}${t.length > 12 ? " and more" : ""}.` : "None stands out."}`;
}
const nt = ".il-fr-run{margin-top:10px;cursor:pointer}.il-fr-bin{fill:var(--il-blue)}.il-fr-past{fill:var(--il-amber)}.il-fr text.il-fr-past-n{fill:var(--il-amber);font-weight:600}.il-fr-break{fill:none;stroke:var(--il-ink);stroke-width:1.4}.il-fr-knee{stroke:var(--il-grid);stroke-dasharray:2 3}.il-fr-mark{stroke:var(--il-soft);stroke-width:1;stroke-dasharray:1.5 3;stroke-linecap:round}.il-fr-tail{fill:none;stroke:var(--il-ink);stroke-width:2}.il-fr-spans{fill:none;stroke:var(--il-blue)}.il-fr-spike{fill:var(--il-card);stroke:var(--il-blue);stroke-width:2}.il-fr-late{fill:var(--il-amber);stroke:var(--il-card);stroke-width:1}.il-fr-chosen{fill:none;stroke:var(--il-ink);stroke-width:2.2}.il-fr-chosen-line{stroke:var(--il-ink);stroke-width:1;stroke-dasharray:1.5 3}.il-fr-focus{fill:none;stroke:var(--il-blue);stroke-width:2.5}.il-fr-figures{display:grid;grid-template-columns:repeat(4,minmax(0,1fr)) minmax(0,1.5fr);gap:10px 18px;margin:0 0 14px}.il-fr-figures dt{font-size:13px;color:var(--il-soft)}.il-fr-figures dd{margin:0}.il-fr-figures b{display:block;font-size:20px;font-weight:650;line-height:1.3;letter-spacing:-.01em}.il-fr-figures span{display:block;font-size:12.5px;line-height:1.35;color:var(--il-soft)}@media(max-width:900px){.il-fr-figures{grid-template-columns:1fr 1fr}.il-fr-figures div:nth-child(5){grid-column:1 / -1}}.il-fr-note{margin:4px 0 0;font-size:12.5px;line-height:1.45;color:var(--il-soft)}";
let $ = null;
const S = /* @__PURE__ */ new Map();
function V(i, t, e, s = !1) {
  const r = `${s ? "600 " : ""}${t}px ${e}`, n = `${r}|${i}`, a = S.get(n);
  if (a !== void 0) return a;
  $ ??= document.createElement("canvas").getContext("2d"), $ && ($.font = r);
  const l = $ ? $.measureText(i).width : i.length * t * 0.6;
  return S.size > 4e3 && S.clear(), S.set(n, l), l;
}
function I(i, t, e) {
  const s = t - i;
  if (!(s > 0) || e < 1) return [];
  const r = s / e, n = 10 ** Math.floor(Math.log10(r)), a = [1, 2, 5, 10].map((h) => h * n).find((h) => h >= r * 0.999) ?? 10 * n, l = Math.ceil(i / a - 1e-9), o = Math.floor(t / a + 1e-9);
  return Array.from({ length: Math.max(o - l + 1, 0) }, (h, d) => (l + d) * a);
}
function H(i, { scale: t }, e = 6) {
  return f(Math.abs(i) < 1e-15 ? 0 : i / t, e);
}
const rt = 12, T = 0.45, ot = 0.3;
function at(i, t) {
  const e = Math.max(...i.bins.map((r) => r.count), 1), s = Math.log10(e) + T;
  return (r) => r <= 0 ? t.bottom : t.bottom - Math.max(Math.log10(r) + T, 0.02) / s * (t.bottom - t.top);
}
function lt(i, t, e, s) {
  const r = Math.max(...t.bins.map((n) => n.count), 1);
  for (let n = 1; n <= r; n *= 10) {
    const a = c(s(n));
    i.put(`count-${n}`, "line", { class: "il-chart-grid", x1: e.left, x2: e.right, y1: a, y2: a }), i.put(`count-t-${n}`, "text", { class: "il-fr-tick", x: e.left - 6, y: a + 4, "text-anchor": "end" }, f(n, 6));
  }
  i.put("base", "line", { class: "il-chart-axis", x1: e.left, x2: e.right, y1: e.bottom, y2: e.bottom });
}
function ht(i, t, e, s, r) {
  const { deadline: n, bins: a, misses: l } = t;
  if (n === null) return;
  const o = a.findIndex((w) => w.low < n && n < w.high), h = l - a.reduce((w, x) => w + (x.low >= n ? x.count : 0), 0);
  if (o < 0 || h <= 0) return;
  const [d, g] = [c(s.x(n)), c(r(h))];
  i.put("shared", "rect", { class: "il-fr-bin il-fr-past", x: d, y: g, width: c(Math.max(s.left + (o + 1) * s.step - d, 1)), height: c(e.bottom - g) });
}
function ct(i, t, e, s, r) {
  const n = t.bins.filter((a) => a.count > 0 && t.deadline !== null && a.low >= t.deadline);
  t.bins.forEach((a, l) => {
    if (a.count === 0) return;
    const o = c(r(a.count)), h = n.includes(a), d = s.step > 5 ? 1 : 0, g = i.put(`bin-${l}`, "rect", { class: h ? "il-fr-bin il-fr-past" : "il-fr-bin", x: c(s.left + l * s.step), y: o, width: c(Math.max(s.step - d, 1)), height: c(e.bottom - o), "data-bin": a.count });
    i.title(g, `${f(a.count, 6)} ${a.count === 1 ? "frame" : "frames"} from ${u(a.low)} to ${u(a.high)}`), h && n.length <= 4 && i.put(`bin-n-${l}`, "text", { class: "il-fr-past-n", x: c(Math.min(s.left + (l + 0.5) * s.step, e.right - 4)), y: o - 5, "text-anchor": "middle" }, f(a.count, 6));
  });
}
function dt(i, t, e, s) {
  const r = N(t.max);
  if (s.ticks.forEach((a, l) => {
    const o = c(s.x(a));
    i.put(`tick-${l}`, "line", { class: "il-chart-axis", x1: o, x2: o, y1: e.bottom, y2: e.bottom + 4 }), i.put(`tick-t-${l}`, "text", { class: "il-fr-tick", x: o, y: e.bottom + 17, "text-anchor": "middle" }, H(a, r));
  }), i.put("unit", "text", { class: "il-fr-tick", x: e.right, y: e.bottom + 33, "text-anchor": "end" }, `latency, ${r.unit}`), s.knee >= t.bins.length) return;
  const n = c(s.left + s.knee * s.step);
  i.put("break", "path", { class: "il-fr-break", d: `M${n - 5},${e.bottom + 6}l4,-12M${n + 1},${e.bottom + 6}l4,-12` }), i.put("break-line", "line", { class: "il-fr-knee", x1: n, x2: n, y1: e.top, y2: e.bottom - 8 });
}
const R = (i, t) => {
  const e = Math.max(t - i.threshold, 0) / i.scale;
  return Math.abs(i.shape) < 1e-9 ? Math.exp(-e) : Math.max(1 + i.shape * e, 0) ** (-1 / i.shape);
};
function ft(i, { tail: t, bins: e }, s, r) {
  if (!t) return;
  const n = (l) => t.points * (R(t, l.low) - R(t, l.high)), a = e.flatMap((l, o) => l.low >= t.threshold && n(l) >= ot ? [`${c(s.left + (o + 0.5) * s.step)},${c(r(n(l)))}`] : []);
  a.length > 1 && i.put("tail", "polyline", { class: "il-fr-tail", points: a.join(" ") });
}
function mt(i, t, e, s, r) {
  const { median: n, p99: a, p999: l, max: o, deadline: h } = t, d = [], g = (m, k, b, E) => {
    const y = c(s.x(b)), C = V(k, rt, e.family, E), j = y + 5 + C <= e.right + 4, [U, q] = j ? [y, y + 5 + C] : [y - 5 - C, y];
    let v = d.findIndex((G) => G + 8 <= U);
    v < 0 && (v = d.length), d[v] = Math.max(d[v] ?? -1 / 0, q);
    const _ = r + v * 16;
    i.put(`mark-${m}`, "line", { class: E ? "il-chart-limit" : "il-fr-mark", x1: y, x2: y, y1: _ - 9, y2: e.bottom }), i.put(`mark-t-${m}`, "text", { class: E ? "il-strong" : "il-fr-tick", x: j ? y + 5 : y - 5, y: _, "text-anchor": j ? "start" : "end" }, k);
  }, x = [...[["p50", "p50", n], ["p99", "p99", a], ["p999", "p99.9", l], ["max", "max", o]].map(([m, k, b]) => ({ key: m, words: k, value: b, strong: !1 })), ...h === null || h > (t.bins.at(-1)?.high ?? 0) ? [] : [{ key: "deadline", words: `deadline ${u(h)}`, value: h, strong: !0 }]];
  for (const m of x.sort((k, b) => k.value - b.value)) g(m.key, m.words, m.value, m.strong);
}
const W = 3;
function ut(i, t, e, s, r) {
  const n = at(t, e);
  lt(i, t, e, n), ct(i, t, e, s, n), ht(i, t, e, s, n), ft(i, t, s, n), dt(i, t, e, s), mt(i, t, e, s, r);
}
const gt = 0.01, xt = [1, 1.5, 2, 3, 4, 5, 7];
function pt(i) {
  const t = (r) => r.high - r.low, e = i[0] ? t(i[0]) : 0, s = i.findIndex((r) => Math.abs(t(r) - e) > gt * e);
  return s < 0 ? i.length : s;
}
function wt(i, t, e, s) {
  const r = [];
  for (let n = 10 ** Math.floor(Math.log10(i)); n <= t; n *= 10)
    for (const a of xt) {
      const l = a * n;
      if (l <= i || l > t) continue;
      Math.min(e(l) - e(i), ...r.map((h) => e(l) - e(h))) >= s && r.push(l);
    }
  return r;
}
function kt(i, t, e, s) {
  const r = (e - t) / Math.max(i.length, 1), n = pt(i), a = (g) => {
    const w = i.findIndex((k) => g < k.high), x = i[w];
    if (!x) return e;
    const m = x.high > x.low ? Math.min(Math.max((g - x.low) / (x.high - x.low), 0), 1) : 0.5;
    return t + (w + m) * r;
  }, [l, o, h] = [i[0]?.low ?? 0, i[n - 1]?.high ?? 0, i.at(-1)?.high ?? 0], d = I(l, o, Math.max(n * r / s - 0.5, 1));
  return { left: t, right: e, step: r, knee: n, x: a, ticks: [...d, ...n < i.length ? wt(o, h, a, s) : []] };
}
function M(i, t, e) {
  return t.left + (e + 0.5) / Math.max(i.n, 1) * (t.right - t.left);
}
function bt(i, t, e) {
  const s = Math.floor((e - t.left) / (t.right - t.left) * i.n);
  return Math.min(Math.max(s, 0), i.n - 1);
}
function yt(i, t, e, s) {
  const r = (l) => e.bottom - l / s * (e.bottom - e.top), n = N(t.max);
  I(0, s, 4).forEach((l, o) => {
    const h = c(r(l));
    i.put(`y-${o}`, "line", { class: l === 0 ? "il-chart-axis" : "il-chart-grid", x1: e.left, x2: e.right, y1: h, y2: h }), i.put(`y-t-${o}`, "text", { class: "il-fr-tick", x: e.left - 6, y: h + 4, "text-anchor": "end" }, H(l, n));
  }), i.put("y-unit", "text", { class: "il-fr-tick", x: 0, y: 11 }, `latency in time, ${n.unit}`);
  const a = I(0, t.n, e.narrow ? 4 : 8);
  return a.forEach((l, o) => {
    const h = e.left + l / Math.max(t.n, 1) * (e.right - e.left);
    i.put(`x-t-${o}`, "text", { class: "il-fr-tick", x: c(h), y: e.bottom + 16, "text-anchor": o === a.length - 1 && h > e.right - 20 ? "end" : "middle" }, f(l, 6));
  }), r;
}
function vt(i, t, e, s, r) {
  const { selected: n } = t;
  if (n === null) return;
  const a = s.find((m) => m.frame === n), l = t.series.find((m) => m.first <= n && n <= m.last), [o, h] = [c(M(t, e, n)), c(a?.y ?? r(l?.high ?? t.median))];
  i.put("chosen-line", "line", { class: "il-fr-chosen-line", x1: o, x2: o, y1: h, y2: e.bottom }), i.put("chosen", "circle", { class: "il-fr-chosen", cx: o, cy: h, r: 8.5 });
  const d = `frame ${f(n, 7)}${a ? `, ${u(a.latency)}` : ""}`, g = 14 + V(d, 12, e.family, !0), w = (m, k) => s.filter((b) => b.frame !== n && b.x > m && b.x < k && Math.abs(b.y - h) < 14).length, x = o - g < 0 || o + g < e.right && w(o, o + g) <= w(o - g, o);
  i.put("chosen-words", "text", { class: "il-strong il-halo", x: x ? o + 14 : o - 14, y: h + 4, "text-anchor": x ? "start" : "end" }, d);
}
function $t(i, t, e) {
  const s = Math.max(t.max, t.deadline ?? 0) * 1.06, r = yt(i, t, e, s), n = new Set(t.spikes.map((o) => o.frame)), a = t.series.filter((o) => !(o.first === o.last && n.has(o.first))).map((o) => {
    const h = c((M(t, e, o.first) + M(t, e, o.last)) / 2), [d, g] = [c(r(o.high) - 0.8), c(r(o.low) + 0.8)];
    return `M${h},${d}V${g}`;
  });
  if (i.put("spans", "path", { class: "il-fr-spans", d: a.join(""), "stroke-width": c(Math.max((e.right - e.left) / Math.max(t.series.length, 1) - 0.3, 1)) }), t.deadline !== null) {
    const o = c(r(t.deadline));
    i.put("limit", "line", { class: "il-chart-limit", x1: e.left, x2: e.right, y1: o, y2: o }), i.put("limit-words", "text", { class: "il-strong il-halo", x: e.left + 4, y: o - 6 }, `deadline ${u(t.deadline)}`);
  }
  const l = t.spikes.map(({ frame: o, latency: h }) => ({ frame: o, latency: h, x: M(t, e, o), y: r(h) }));
  for (const o of l) {
    const h = t.deadline !== null && o.latency > t.deadline, d = i.put(`spike-${o.frame}`, "circle", { class: h ? "il-fr-spike il-fr-late" : "il-fr-spike", cx: c(o.x), cy: c(o.y), r: 4.5, "data-spike": o.frame });
    i.title(d, `frame ${f(o.frame, 7)}: ${u(o.latency)}`);
  }
  return vt(i, t, e, l, r), l;
}
const z = 14;
class Mt extends Z {
  // the spike where the keyboard is
  constructor(t, e) {
    super(t), this.model = e, this.pens = { chart: new D(this.chart), ...tt(this.run, ["run", "mark"]) }, this.stage.append(this.run, this.tip.element), t.append(this.figures, this.chart, this.stage, this.said, this.note), this.listen();
  }
  model;
  chart = F("svg", { class: "il-chart il-fr", role: "img" });
  run = F("svg", { class: "il-chart il-fr il-fr-run", role: "img" });
  figures = p("dl", { class: "il-fr-figures" });
  note = p("p", { class: "il-fr-note" });
  said = p("p", { class: "il-sr", "aria-live": "polite" });
  stage = p("div", { class: "il-stage il-fr-stage", tabindex: "0", role: "application", "aria-roledescription": "timeline", "aria-label": "Frames in time. Left and right: from one that stands out to the next; Enter: look at it." });
  tip = new et();
  pens;
  dots = [];
  plot = null;
  here = null;
  say(t) {
    const e = P(t).map(({ label: r, value: n, note: a }) => p("div", {}, p("dt", {}, r), p("dd", {}, p("b", {}, n), p("span", {}, a))));
    this.figures.replaceChildren(...e);
    const s = t.tail ? t.tail.text : t.tail_note;
    L(this.note, s ? `${s.charAt(0).toUpperCase()}${s.slice(1).replace(/\.$/, "")}.` : "");
  }
  draw(t, e) {
    const { width: s, family: r } = this;
    this.tip.hide(), e && this.say(t);
    const n = s < 560, [a, l] = [n ? 36 : 42, s - 8], o = 34, h = { left: a, right: l, family: r, top: o + W * 16 - 10, bottom: o + W * 16 + (n ? 116 : 132) };
    ut(this.pens.chart, t, h, kt(t.bins, a, l, n ? 40 : 52), o), this.pens.chart.put("title", "text", { class: "il-fr-tick", x: 0, y: 11 }, "frames, counted on a logarithmic scale"), this.pens.chart.sweep(), this.chart.setAttribute("viewBox", `0 0 ${s} ${h.bottom + 40}`), this.chart.setAttribute("aria-label", it(t)), this.plot = { left: a, right: l, narrow: n, family: r, top: 38, bottom: n ? 138 : 150 }, this.dots = $t(this.pens.run, t, this.plot), this.pens.run.put("frames", "text", { class: "il-fr-tick", x: l, y: this.plot.bottom + 32, "text-anchor": "end" }, "frame"), this.pens.run.sweep(), this.run.setAttribute("viewBox", `0 0 ${s} ${this.plot.bottom + 38}`), this.run.setAttribute("aria-label", st(t)), this.drawMark();
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
    if (n < s.left - z || n > s.right + z || a > s.bottom + 4) return null;
    const l = this.dots.map((o) => ({ dot: o, away: Math.hypot(o.x - n, o.y - a) })).sort((o, h) => o.away - h.away)[0];
    return l && l.away <= z ? l.dot.frame : bt(e, s, n);
  }
  hover(t) {
    const e = this.under(t);
    if (e === null) return this.tip.hide();
    this.explain(e);
  }
  explain(t) {
    const { picture: e, plot: s } = this;
    if (!e || !s) return;
    const r = this.dots.find((h) => h.frame === t), n = e.series.find((h) => h.first <= t && t <= h.last), a = n ? n.first === n.last ? u(n.high) : `frames ${f(n.first, 7)} to ${f(n.last, 7)}: ${u(n.low)} to ${u(n.high)}` : "", l = r?.x ?? M(e, s, t), o = r?.y ?? s.bottom - 30;
    this.tip.show(`frame ${f(t, 7)}`, [r ? u(r.latency) : a, t === e.selected ? "is looked at" : "click to look at it"], { x: l, top: o - 8, bottom: o + 8, width: this.width });
  }
  choose(t) {
    t !== this.picture?.selected && (this.model.set("frame", t), this.model.save_changes());
  }
  go(t) {
    const e = this.dots[t];
    e && (this.here = t, this.drawMark(), this.explain(e.frame), L(this.said, `Frame ${f(e.frame, 7)}, ${u(e.latency)}${e.frame === this.picture?.selected ? ", is looked at" : ""}.`));
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
const St = Q(nt, (i, t) => new Mt(i, t));
export {
  St as default
};
