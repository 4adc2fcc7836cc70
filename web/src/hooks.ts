// What browser tests and the latency benchmark wait on.
export interface Hooks {
  painted: number; // performance.now() of the last painted view
  views: number; // how many views were painted
}

declare global {
  interface Window {
    __ironlaw: Hooks;
  }
}

window.__ironlaw = { painted: 0, views: 0 };

export function painted(beat: string): void {
  const hooks = window.__ironlaw;
  hooks.painted = performance.now();
  hooks.views += 1;
  document.documentElement.dataset.beat = beat;
  if (hooks.views === 1) performance.mark("ironlaw:interactive");
}
