// What browser tests and the latency benchmark wait on.
export interface Hooks {
  painted: number; // performance.now() of the last painted view
  views: number; // how many views were painted
  settled: boolean; // whether no turn waited behind the last of them
}

declare global {
  interface Window {
    __ironlaw: Hooks;
  }
}

window.__ironlaw = { painted: 0, views: 0, settled: true };

export function painted(beat: string, last: boolean): void {
  const hooks = window.__ironlaw;
  hooks.painted = performance.now();
  hooks.views += 1;
  hooks.settled = last;
  document.documentElement.dataset.beat = beat;
  if (hooks.views === 1) performance.mark("ironlaw:interactive");
}
