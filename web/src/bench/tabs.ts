// Tabs: one panel in sight, the others a key away.
import { h } from "../instruments/shared/html";

export interface Tab {
  id: string;
  label: string;
  panel: HTMLElement;
}

export class Tabs {
  readonly list: HTMLElement;
  private readonly buttons: HTMLButtonElement[];

  constructor(name: string, private readonly tabs: Tab[]) {
    this.buttons = tabs.map((tab) => h("button", { type: "button", role: "tab", id: `tab-${tab.id}`, "aria-controls": `tabpanel-${tab.id}`, "data-tab": tab.id }, tab.label));
    this.list = h("div", { class: "tabs", role: "tablist", "aria-label": name }, ...this.buttons);
    tabs.forEach(({ id, panel }, i) => {
      panel.id = `tabpanel-${id}`;
      panel.setAttribute("role", "tabpanel");
      panel.setAttribute("aria-labelledby", `tab-${id}`);
      this.buttons[i]?.addEventListener("click", () => this.show(i));
    });
    this.list.addEventListener("keydown", (event) => this.key(event));
    this.show(0);
  }

  show(index: number): void {
    this.tabs.forEach(({ panel }, i) => {
      panel.hidden = i !== index;
      const button = this.buttons[i];
      button?.setAttribute("aria-selected", String(i === index));
      if (button) button.tabIndex = i === index ? 0 : -1;
    });
  }

  /** Whether a tab is there at all; the one in sight goes to the first when it leaves. */
  offer(index: number, offered: boolean): void {
    const button = this.buttons[index];
    if (!button || button.hidden === !offered) return;
    button.hidden = !offered;
    if (!offered && button.getAttribute("aria-selected") === "true") this.show(0);
  }

  private key(event: KeyboardEvent): void {
    const now = this.buttons.findIndex((button) => button === document.activeElement);
    const step = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    if (now < 0 || step === 0) return;
    let next = now;
    do next = (next + step + this.buttons.length) % this.buttons.length;
    while (this.buttons[next]?.hidden);
    this.show(next);
    this.buttons[next]?.focus();
    event.preventDefault();
  }
}
