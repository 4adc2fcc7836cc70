// The pictures beside the roofline: a tab each, there while the engine sends one.
import meter from "#instruments/meter";
import type { Equation } from "../instruments/math_peek/types";
import { h } from "../instruments/shared/html";
import type { Meter } from "../instruments/meter/types";
import type { Control, Extras } from "../protocol";
import { AssumptionsView } from "./assumptions";
import { assumedOf, Controls, type Turn } from "./controls";
import { type Kind, kinds } from "./extra_kinds";
import { Figure } from "./figure";
import { kernelTable } from "./kernel_table";
import { meterTable } from "./map_tables";
import type { Tab, Tabs } from "./tabs";

interface Behind {
  peeks: Equation[];
  description: string;
}

/** A figure that is built when its first picture comes. */
class Extra {
  readonly panel = h("div", {});
  private readonly looks: Controls;
  private figure: Figure | null = null;

  constructor(readonly kind: Kind<unknown>, private readonly turn: Turn) {
    this.looks = new Controls(turn);
    this.looks.element.classList.add("looks");
    this.looks.element.hidden = true;
  }

  show(picture: unknown, { peeks, description }: Behind): void {
    this.figure ??= this.build();
    const own = this.kind.peeks(picture);
    this.figure.show(picture, { peeks: own.length ? own : peeks, description, table: () => this.kind.table(picture) });
  }

  /** The controls that say what of it is shown. */
  look(controls: Control[], last: boolean): void {
    const own = controls.filter(({ id }) => this.kind.looks?.includes(id));
    this.looks.element.hidden = own.length === 0;
    this.looks.paint(own, last);
  }

  stop(): void {
    this.figure?.stop();
  }

  private build(): Figure {
    const { id, title, widget, layers } = this.kind;
    const figure = new Figure({ id, title, widget, chosen: (model) => layers && this.turn({ layer: String(model.get("select")) }, true) });
    this.panel.append(figure.element, this.looks.element);
    return figure;
  }
}

export class ExtraViews {
  readonly tabs: Tab[];
  readonly assumptions: AssumptionsView;
  readonly meter: HTMLElement; // one number, beside the gauges
  private readonly extras: Extra[];
  private readonly power = new Figure({ id: "meter", title: "What draws the power", widget: meter });

  constructor(turn: Turn) {
    this.assumptions = new AssumptionsView(turn);
    this.meter = this.power.element;
    this.meter.classList.add("power");
    this.extras = kinds.map((kind) => new Extra(kind, turn));
    this.tabs = this.extras.map(({ kind, panel }) => ({ id: kind.id, label: kind.tab, panel }));
  }

  get panels(): HTMLElement[] {
    return this.extras.map(({ panel }) => panel);
  }

  /** Shows what there is and offers its tabs; gives the ids of the tabs that are there. */
  paint(extras: Extras, tabs: Tabs, behind: Behind): Set<string> {
    const there = new Set<string>();
    for (const extra of this.extras) {
      const { id, of } = extra.kind;
      const picture = of(extras) ?? null;
      tabs.offer(id, picture !== null);
      if (picture === null) continue;
      there.add(id);
      extra.show(picture, behind);
      tabs.rename(id, extra.kind.named?.(picture) ?? extra.kind.tab);
    }
    this.paintMeter(extras.meter ?? null, behind);
    return there;
  }

  /** The controls of a result that belong to a tab; gives those that belong to none. */
  paintLooks(looks: Control[], last: boolean): Control[] {
    for (const extra of this.extras) extra.look(looks, last);
    return looks.filter(({ id }) => !kinds.some((kind) => kind.looks?.includes(id)));
  }

  /** What nobody has measured, with the controls that change it. */
  paintAssumptions({ assumptions }: Extras, controls: Control[], last: boolean): void {
    this.assumptions.paint(assumptions ?? null, assumedOf(controls), last);
  }

  stop(): void {
    for (const extra of this.extras) extra.stop();
    this.power.stop();
  }

  private paintMeter(picture: Meter | null, { peeks, description }: Behind): void {
    this.meter.hidden = picture === null;
    if (picture) this.power.show(picture, { peeks: picture.peek ? [picture.peek] : peeks, description, table: () => kernelTable(meterTable(picture), "What draws the power") });
  }
}
