// One chart with what stands behind it: its equations, its data table, and itself as a file.
import type { Widget, WidgetModel } from "../instruments/shared/anywidget";
import { h } from "../instruments/shared/html";
import { mount, type Mounted } from "../picture_model";
import { type Behind, FigurePanels } from "./figure_panels";

export interface Look {
  id: string; // tells the figures of a page apart
  title: string; // heads the table
  widget: Widget;
  chosen?: (model: WidgetModel) => void;
}

export class Figure {
  readonly element: HTMLElement;
  private readonly panels: FigurePanels;
  private readonly mounted: Mounted;

  constructor({ id, title, widget, chosen }: Look) {
    const chart = h("div", { class: "chart" });
    this.panels = new FigurePanels(chart, id, title);
    this.element = h("div", { "data-figure": id }, h("figure", {}, chart, this.panels.caption), this.panels.element);
    this.mounted = mount(widget, chart, chosen);
  }

  show(picture: unknown, behind: Behind): void {
    this.mounted.show(picture);
    this.panels.paint(behind);
  }

  stop(): void {
    this.mounted.stop();
    this.panels.stop();
  }
}
