// Ties the engine to the shell and to the screen of the current beat.
import { screens } from "./beats";
import { Engine } from "./engine";
import { painted } from "./hooks";
import type { Beat, View, ViewOf } from "./protocol";
import type { Screen, ScreenKind } from "./screen";
import { Shell } from "./shell/shell";

export class App {
  private readonly shell: Shell;
  private readonly engine: Engine;
  private screen: Screen | null = null;
  private key = "";

  constructor(root: HTMLElement) {
    this.shell = new Shell(root, (message) => this.engine.send(message));
    this.engine = new Engine({
      view: (view, last) => this.paint(view, last),
      error: (field, message) => this.refuse(field, message),
      connected: (connected) => this.shell.status.connected(connected),
    });
  }

  private paint(view: View, last: boolean): void {
    this.shell.paint(view);
    const kind = screens[view.beat] as ScreenKind<Beat>;
    const key = `${view.beat}|${kind.key(view as ViewOf<Beat>)}`;
    if (key !== this.key) this.open(kind, view, key);
    this.screen?.paint(view as ViewOf<Beat>, last);
    painted(view.beat, last);
  }

  private open(kind: ScreenKind<Beat>, view: View, key: string): void {
    const first = this.key === "";
    const sameBeat = this.key.startsWith(`${view.beat}|`);
    this.screen?.stop?.();
    this.shell.clear();
    this.key = key;
    this.screen = kind.open(view as ViewOf<Beat>, this.shell.stage) as Screen;
    if (first) return;
    if (!sameBeat) window.scrollTo(0, 0);
    const heading = this.shell.stage.main.querySelector<HTMLElement>("h1");
    heading?.focus({ preventScroll: sameBeat });
  }

  private refuse(field: string, message: string): void {
    if (this.screen?.refuse?.(field, message)) return;
    this.shell.status.alert(message);
  }
}
