// The pictures beside the roofline: a tab each, there while the engine sends one.
import type { Equation } from "../instruments/math_peek/types";
import { h } from "../instruments/shared/html";
import type { Control, Extras } from "../protocol";
import { AssumptionsView } from "./assumptions";
import { assumedOf, type Turn } from "./controls";
import { type Kind, kinds } from "./extra_kinds";
import { Figure } from "./figure";
import type { Tab, Tabs } from "./tabs";

interface Behind {
  peeks: Equation[];
  description: string;
}

/** A figure that is built when its first picture comes. */
class Extra {
  readonly panel = h("div", {});
  private figure: Figure | null = null;

  constructor(readonly kind: Kind<unknown>, private readonly turn: Turn) {}

  show(picture: unknown, { peeks, description }: Behind): void {
    this.figure ??= this.build();
    const own = this.kind.peeks(picture);
    this.figure.show(picture, { peeks: own.length ? own : peeks, description, table: () => this.kind.table(picture) });
  }

  stop(): void {
    this.figure?.stop();
  }

  private build(): Figure {
    const { id, title, widget, layers } = this.kind;
    const figure = new Figure({ id, title, widget, chosen: (model) => layers && this.turn({ layer: String(model.get("select")) }, true) });
    this.panel.append(figure.element);
    return figure;
  }
}

export class ExtraViews {
  readonly tabs: Tab[];
  readonly assumptions: AssumptionsView;
  private readonly extras: Extra[];

  constructor(turn: Turn) {
    this.assumptions = new AssumptionsView(turn);
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
    }
    return there;
  }

  /** What nobody has measured, with the controls that change it. */
  paintAssumptions({ assumptions }: Extras, controls: Control[], last: boolean): void {
    this.assumptions.paint(assumptions ?? null, assumedOf(controls), last);
  }

  stop(): void {
    for (const extra of this.extras) extra.stop();
  }
}
