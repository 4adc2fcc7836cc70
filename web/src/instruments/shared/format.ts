// Numbers for people. The engine speaks SI; thin spaces and prefixes are put in here and nowhere else.
const thin = "\u202f";
const formats = new Map<number, Intl.NumberFormat>();
const prefixes: [number, string][] = [
  [1e18, "E"], [1e15, "P"], [1e12, "T"], [1e9, "G"], [1e6, "M"], [1e3, "k"], [1, ""], [1e-3, "m"], [1e-6, "µ"], [1e-9, "n"],
  [1e-12, "p"],
];

/** At most `digits` significant digits, grouped, without an exponent and without trailing zeros. */
export function digits(value: number, significant = 3): string {
  if (!Number.isFinite(value)) return "–";
  let format = formats.get(significant);
  if (!format) {
    format = new Intl.NumberFormat("en", { maximumSignificantDigits: significant });
    formats.set(significant, format);
  }
  return format.format(value);
}

const plain = /^(K|°|µ)/; // units that take no prefix: of temperatures, and those that have one

/** The SI prefix in which a quantity reads best, with its scale. */
export function prefixOf(value: number): [number, string] {
  const size = Math.abs(value);
  return prefixes.find(([scale]) => size >= scale * 0.9995) ?? [1e-12, "p"];
}

/** A quantity with its SI prefix: 3.35e12, "B/s" → "3.35 TB/s". */
export function si(value: number, unit: string, significant = 3): string {
  if (value === 0) return unit ? `0${thin}${unit}` : "0";
  if (unit === "") return digits(value, significant);
  if (unit === "%" || unit === "×") return `${digits(value, significant)}${thin}${unit}`;
  if (unit.startsWith("1/")) return `${digits(value, significant)}${unit.slice(1)}`;
  if (unit.endsWith("FLOP/B") || plain.test(unit)) return `${digits(value, significant)}${thin}${unit}`;
  const [scale, prefix] = prefixOf(value);
  return `${digits(value / scale, significant)}${thin}${prefix}${unit}`;
}

export interface TimeUnit {
  scale: number;
  unit: string;
}

/** The unit in which a group of times reads best: that of the largest. */
export function timeUnit(largest: number): TimeUnit {
  if (largest >= 1) return { scale: 1, unit: "s" };
  if (largest >= 1e-3) return { scale: 1e-3, unit: "ms" };
  return { scale: 1e-6, unit: "µs" };
}

export function time(value: number): string {
  const { scale, unit } = timeUnit(value);
  return `${digits(value / scale)}${thin}${unit}`;
}

/** A span of time, s, as a clock has it. */
export function duration(seconds: number): string {
  if (seconds < 60) return seconds === 0 ? `0${thin}s` : time(seconds);
  const whole = Math.round(seconds);
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const parts = [[hours, "h"], [minutes, "min"], [hours ? 0 : rest, "s"]] as const;
  return parts.flatMap(([count, unit]) => (count ? [`${count}${thin}${unit}`] : [])).join("\u00a0");
}

/** A temperature, K, as people read it. */
export function celsius(kelvin: number, decimals = 1): string {
  return `${(kelvin - 273.15).toFixed(decimals).replace("-", "−")}${thin}°C`;
}

/** A quantity of any unit: times in the unit that reads best, all else with its prefix. */
export function amount(value: number, unit: string, significant = 3): string {
  return unit === "s" && value !== 0 ? time(value) : si(value, unit, significant);
}

/** A fraction as a percentage, fine enough to be read within a few percent of itself. */
export function percent(fraction: number): string {
  const value = fraction * 100;
  const decimals = value !== 0 && Math.abs(value) < 1 ? 2 : 1;
  return `${value.toFixed(decimals)}${thin}%`;
}

/** Parts rounded to one decimal so that they add up to the rounded total (largest remainders go up). */
export function roundedParts(parts: number[], total: number, decimals = 1): number[] {
  const unit = 10 ** decimals;
  const scaled = parts.map((part) => part * unit);
  const floors = scaled.map(Math.floor);
  let missing = Math.round(total * unit) - floors.reduce((sum, part) => sum + part, 0);
  const order = scaled.map((part, i) => [part - (floors[i] ?? 0), i] as const).sort((a, b) => b[0] - a[0]);
  for (const [, i] of order) {
    if (missing <= 0) break;
    floors[i] = (floors[i] ?? 0) + 1;
    missing -= 1;
  }
  return floors.map((part) => part / unit);
}
