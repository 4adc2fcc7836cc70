// The anywidget model that the page gives to its instruments: a picture in, a selection out.
import type { Cleanup, Widget, WidgetModel } from "./instruments/shared/anywidget";

export class PictureModel implements WidgetModel {
  private readonly values = new Map<string, unknown>();
  private readonly callbacks = new Map<string, Set<() => void>>();

  constructor(private readonly selected?: (id: string) => void) {}

  get(key: string): unknown {
    return this.values.get(key);
  }

  set(key: string, value: unknown): void {
    this.values.set(key, value);
    for (const callback of this.callbacks.get(`change:${key}`) ?? []) callback();
  }

  save_changes(): void {
    const id = this.values.get("select");
    if (typeof id === "string") this.selected?.(id);
  }

  on(event: string, callback: () => void): void {
    const known = this.callbacks.get(event) ?? new Set();
    this.callbacks.set(event, known.add(callback));
  }

  off(event: string, callback: () => void): void {
    this.callbacks.get(event)?.delete(callback);
  }
}

export interface Mounted {
  show(picture: unknown): void;
  stop: Cleanup;
}

export function mount(widget: Widget, el: HTMLElement, selected?: (id: string) => void): Mounted {
  const model = new PictureModel(selected);
  const stop = widget.render({ model, el });
  return { show: (picture) => model.set("picture", picture), stop };
}
