// One power on a logarithmic scale as an anywidget: its parts, what it must stay under, and the floor that nothing gets under.
import { si } from "../shared/format";
import { Hatch } from "../shared/hatch";
import { h, setText } from "../shared/html";
import { widget } from "../shared/mount";
import { Sized } from "../shared/sized";
import { layered, svgElement } from "../shared/svg";
import { describe, verdict } from "./describe";
import { drawMeter, frameFor } from "./draw";
import css from "./meter.css?inline";
import type { Meter } from "./types";

class MeterPainter extends Sized<Meter> {
  private readonly title = h("span", { class: "il-mt-title" });
  private readonly value = h("b", { class: "il-mt-value" });
  private readonly verdict = h("span", { class: "il-mt-verdict" });
  private readonly svg = svgElement("svg", { class: "il-chart il-mt", role: "img" });
  private readonly note = h("p", { class: "il-key" });
  private readonly hatch = new Hatch("il-mt-hatch");
  private readonly pens = layered(this.svg, ["back", "rows"], "il-mt-");

  constructor(root: HTMLElement) {
    super(root);
    this.svg.prepend(this.hatch.defs);
    root.append(h("p", { class: "il-mt-head" }, this.title, this.value, this.verdict), this.svg, this.note);
  }

  protected draw(picture: Meter): void {
    const frame = frameFor(picture, this.width, this.family);
    drawMeter(this.pens, frame, picture, this.hatch.fill, this.family);
    for (const pen of Object.values(this.pens)) pen.sweep();
    this.svg.setAttribute("viewBox", `0 0 ${frame.width} ${frame.height}`);
    this.svg.setAttribute("aria-label", describe(picture));
    const judged = verdict(picture);
    setText(this.title, picture.title);
    setText(this.value, si(picture.value, picture.unit));
    setText(this.verdict, judged ? `${judged.over ? "▲" : "✓"} ${judged.words}` : "");
    this.root.dataset.over = String(judged?.over ?? false);
    setText(this.note, picture.note);
  }
}

export default widget<Meter>(css, (root) => new MeterPainter(root));
