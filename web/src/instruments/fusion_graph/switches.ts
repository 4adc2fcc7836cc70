// The switch of each legal fusion: what it joins, whether it is on, and why it cannot be turned.
import { h, setAttribute, setText } from "../shared/html";
import type { LegalFusion } from "./types";

export interface SwitchEvents {
  toggled(fusion: LegalFusion, on: boolean): void;
  shown(fusion: LegalFusion | null): void;
}

let count = 0;

export class FusionSwitch {
  readonly element: HTMLElement;
  private readonly input: HTMLInputElement;
  private readonly why: HTMLElement;
  private readonly what: HTMLElement;
  private readonly name = h("span", { class: "il-fg-label" });
  private fusion: LegalFusion;

  constructor(fusion: LegalFusion, events: SwitchEvents) {
    this.fusion = fusion;
    const id = `il-fg-why-${(count += 1)}`;
    this.why = h("small", { class: "il-fg-why", id });
    this.what = h("small", { class: "il-fg-aside", id: `${id}-what` });
    this.input = h("input", { type: "checkbox", role: "switch", "data-fusion": fusion.id, "aria-describedby": `${id}-what ${id}` });
    const words = h("span", { class: "il-fg-words" }, this.name, this.why);
    this.element = h("li", {}, h("label", { class: "il-fg-switch" }, this.input, words), this.what);
    this.input.addEventListener("click", (event) => {
      if (!this.fusion.free) event.preventDefault();
    });
    this.input.addEventListener("change", () => events.toggled(this.fusion, this.input.checked));
    for (const start of ["pointerenter", "focusin"]) this.element.addEventListener(start, () => events.shown(this.fusion));
    for (const end of ["pointerleave", "focusout"]) this.element.addEventListener(end, () => events.shown(null));
  }

  /** `together`: its operators share a launch as it is; `what`: the kernel that it makes, in words. */
  paint(fusion: LegalFusion, what: string, together: boolean, problem: string | null): void {
    this.fusion = fusion;
    setText(this.what, what);
    this.input.checked = fusion.on;
    this.name.replaceChildren(fusion.label, together && !fusion.on ? h("span", { class: "il-fg-implied" }, " · joined") : "");
    const why = problem ?? (fusion.free ? null : fusion.why);
    setText(this.why, why ? `▲ ${why}` : "");
    this.why.classList.toggle("il-fg-aside", problem === null && fusion.on); // said aloud, and shown when looked at
    if (fusion.free) this.input.removeAttribute("aria-disabled");
    else setAttribute(this.input, "aria-disabled", "true");
    this.element.classList.toggle("il-fg-closed", !fusion.free);
  }
}
