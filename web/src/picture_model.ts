// The anywidget model that the page gives to its instruments: a picture in, what was chosen in it out.
import type { Cleanup, Widget, WidgetModel } from "./instruments/shared/anywidget";

export class PictureModel implements WidgetModel {
  private readonly values = new Map<string, unknown>();
  private readonly callbacks = new Map<string, Set<() => void>>();

  constructor(private readonly chosen?: (model: WidgetModel) => void) {}

  get(key: string): unknown {
    return this.values.get(key);
  }

  set(key: string, value: unknown): void {
    this.values.set(key, value);
    for (const callback of this.callbacks.get(`change:${key}`) ?? []) callback();
  }

  save_changes(): void {
    this.chosen?.(this);
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
  set(key: string, value: unknown): void;
  stop: Cleanup;
}

export function mount(widget: Widget, el: HTMLElement, chosen?: (model: WidgetModel) => void): Mounted {
  const model = new PictureModel(chosen);
  const stop = widget.render({ model, el });
  return { show: (picture) => model.set("picture", picture), set: (key, value) => model.set(key, value), stop };
}
