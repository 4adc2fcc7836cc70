// The pictures that a bench may carry beside its roofline: where each is found, how it is drawn, and its table.
import cacheMap from "#instruments/cache_map";
import curve from "#instruments/curve";
import optimizations from "#instruments/optimizations";
import roofline from "#instruments/roofline";
import round from "#instruments/round";
import thermal from "#instruments/thermal";
import waterfall from "#instruments/waterfall";
import type { Equation } from "../instruments/math_peek/types";
import type { Widget } from "../instruments/shared/anywidget";
import type { Extras } from "../protocol";
import { optimizationsTable, owedTitle, roundTable } from "./algorithm_tables";
import { dotsTable } from "./dots_table";
import { kernelTable } from "./kernel_table";
import { cacheTable, curveTable } from "./map_tables";
import { thermalTable } from "./thermal_table";
import { waterfallTable } from "./waterfall_table";

export interface Kind<P> {
  id: string;
  tab: string;
  named?(picture: P): string; // what its tab is called, where the picture says it
  title: string; // of its table
  widget: Widget;
  layers?: boolean; // whether a click on it chooses a layer
  looks?: string[]; // controls of a result that say what of it is shown
  of(extras: Extras): P | null | undefined;
  peeks(picture: P): Equation[]; // none: those of the bench
  table(picture: P): HTMLElement;
}

const kind = <P>(one: Kind<P>): Kind<unknown> => one as Kind<unknown>;
const own = (peek: Equation | null): Equation[] => (peek ? [peek] : []);

/** In the order of their tabs. */
export const kinds: Kind<unknown>[] = [
  kind({
    id: "round", tab: "The draft", title: "What is drafted, and what it costs", widget: round, of: ({ round: picture }) => picture,
    peeks: ({ peek }) => own(peek), table: (picture) => kernelTable(roundTable(picture), "What is drafted, and what it costs"),
  }),
  kind({
    id: "energy", tab: "Energy roofline", title: "The kernels in joules", widget: roofline, layers: true, of: ({ energy }) => energy,
    peeks: () => [], table: (picture) => kernelTable(dotsTable(picture), "Kernels in joules"),
  }),
  kind({
    id: "thermal", tab: "Heat", title: "Temperatures in time", widget: thermal, of: ({ thermal: picture }) => picture,
    peeks: ({ peek }) => own(peek), table: (picture) => kernelTable(thermalTable(picture), "Temperatures in time"),
  }),
  kind({
    id: "joules", tab: "Joules", title: "Joules, step by step", widget: waterfall, of: ({ joules }) => joules,
    peeks: ({ peek }) => own(peek), table: waterfallTable,
  }),
  kind({
    id: "cache", tab: "Cache map", title: "Lines by set and gate", widget: cacheMap, of: ({ cache }) => cache, looks: ["matrix"],
    peeks: ({ peek }) => own(peek), table: (picture) => kernelTable(cacheTable(picture), "Lines by set and gate"),
  }),
  kind({
    id: "curve", tab: "Curve", title: "Points of the curve", widget: curve, of: ({ curve: picture }) => picture, named: ({ x }) => `Over ${x.label}`,
    peeks: () => [], table: (picture) => kernelTable(curveTable(picture), "Points of the curve"),
  }),
  kind({
    id: "optimizations", tab: "Optimizations", title: owedTitle, widget: optimizations, of: ({ optimizations: picture }) => picture,
    peeks: ({ peek }) => own(peek), table: optimizationsTable,
  }),
];
