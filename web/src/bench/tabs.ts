// Tabs: one panel in sight, the others a key away.
import { h, setText } from "../instruments/shared/html";

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

  /** Brings the tab of this id into sight. */
  open(id: string): void {
    const index = this.tabs.findIndex((tab) => tab.id === id);
    if (index >= 0) this.show(index);
  }

  /** Whether a tab is there at all; when the one in sight leaves, the first that is there takes its place. */
  offer(id: string, offered: boolean): void {
    const button = this.buttons[this.tabs.findIndex((tab) => tab.id === id)];
    if (!button || button.hidden === !offered) return;
    button.hidden = !offered;
    const there = this.buttons.filter((one) => !one.hidden);
    this.list.hidden = there.length < 2;
    const shown = there.find((one) => one.getAttribute("aria-selected") === "true");
    if (!shown && there[0]) this.show(this.buttons.indexOf(there[0]));
  }

  /** What a tab is called from now on. */
  rename(id: string, label: string): void {
    const button = this.buttons[this.tabs.findIndex((tab) => tab.id === id)];
    if (button) setText(button, label);
  }

  private show(index: number): void {
    this.tabs.forEach(({ panel }, i) => {
      panel.hidden = i !== index;
      const button = this.buttons[i];
      button?.setAttribute("aria-selected", String(i === index));
      if (button) button.tabIndex = i === index ? 0 : -1;
    });
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
