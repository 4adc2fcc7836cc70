// What a beat's painter gets and gives.
import type { Beat, Message, View, ViewOf } from "./protocol";

export interface Stage {
  main: HTMLElement;
  aside: HTMLElement;
  send(message: Message): void;
}

export interface Screen<B extends Beat = Beat> {
  paint(view: ViewOf<B>, last: boolean): void;
  /** Shows an error next to its field; false when the field is not on this screen. */
  refuse?(field: string, message: string): boolean;
  stop?(): void;
}

export interface ScreenKind<B extends Beat> {
  /** A screen is kept, and only patched, while this stays the same. */
  key(view: ViewOf<B>): string;
  open(view: ViewOf<B>, stage: Stage): Screen<B>;
}

export type ScreenKinds = { [B in Beat]: ScreenKind<B> };

export function scopeOf(view: View): string {
  return `${view.ledger.id}.${view.track?.id ?? ""}.${view.part?.number ?? 0}`;
}
