// The part of the anywidget contract that the instruments use; the page and a notebook both provide it.
export interface WidgetModel {
  get(key: string): unknown;
  set(key: string, value: unknown): void;
  save_changes(): void;
  on(event: string, callback: () => void): void;
  off(event: string, callback: () => void): void;
}

export type Cleanup = () => void;

export interface Widget {
  render(context: { model: WidgetModel; el: HTMLElement }): Cleanup;
}
