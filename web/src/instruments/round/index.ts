// A round of a draft as an anywidget: what is proposed and kept, what it costs, and whether it pays.
import { amount, digits, percent } from "../shared/format";
import { Hatch } from "../shared/hatch";
import { h, setText } from "../shared/html";
import { widget } from "../shared/mount";
import { type Place, Reader } from "../shared/reader";
import { Sized } from "../shared/sized";
import { layered, svgElement } from "../shared/svg";
import { swatch } from "../shared/swatch";
import { describe, gain, isOwn, pays, total } from "./describe";
import { cellBox, drawRound, type Frame, frameFor, oneByOne, rowBox } from "./draw";
import css from "./round.css?inline";
import type { Round } from "./types";

function placesOf(picture: Round, frame: Frame): Place[] {
  const { tokens, parts, plain, unit, expected } = picture;
  const cells = tokens.map((token, i) => {
    const { label, chance } = token;
    const own = isOwn(token);
    return { box: cellBox(frame, i), name: own ? label : `draft ${label}`, lines: [own ? "the target's own: always kept" : `kept with a chance of ${percent(chance)}`] };
  });
  const steps = [`${digits(expected)} × ${amount(plain.time, unit)} = ${amount(expected * plain.time, unit)}`];
  const spent = parts.map((part) => `${part.label}: ${amount(part.time, unit)}`);
  return [
    ...cells,
    { box: rowBox(frame, 0), name: oneByOne(picture), lines: [plain.label, ...steps] },
    { box: rowBox(frame, 1), name: `one round, ${amount(total(picture), unit)}`, lines: spent },
  ];
}

class RoundPainter extends Sized<Round> {
  private readonly title = h("span", { class: "il-rd-title" });
  private readonly value = h("b", { class: "il-rd-value" });
  private readonly svg = svgElement("svg", { class: "il-chart il-rd", role: "img" });
  private readonly hatch = new Hatch("il-rd-hatch");
  private readonly pens = layered(this.svg, ["mark", "round"], "il-rd-");
  private readonly reader = new Reader(this.svg, "What is drafted, and what it costs", (place) => this.mark(place));
  private readonly legend = h("ul", { class: "il-legend", role: "list" });
  private readonly note = h("p", { class: "il-key" });

  constructor(root: HTMLElement) {
    super(root);
    this.svg.prepend(this.hatch.defs);
    root.append(h("p", { class: "il-rd-head" }, this.title, this.value), this.reader.element, this.legend, this.note);
  }

  protected draw(picture: Round): void {
    const frame = frameFor(picture, this.width);
    drawRound(this.pens.round, frame, picture, { hatch: this.hatch.fill, family: this.family });
    this.svg.setAttribute("viewBox", `0 0 ${frame.width} ${Math.round(frame.height)}`);
    this.svg.setAttribute("aria-label", describe(picture));
    this.reader.show(placesOf(picture, frame), this.width);
    const worth = pays(picture);
    setText(this.title, `${worth ? "✓" : "▲"} ${picture.title}`);
    setText(this.value, `×\u202f${digits(gain(picture))}`);
    this.root.dataset.pays = String(worth);
    this.drawLegend(picture);
    setText(this.note, picture.note);
  }

  private drawLegend({ parts, unit }: Round): void {
    this.legend.replaceChildren(...parts.map(({ id, label, time }) => h("li", {}, swatch(`il-rd-part il-rd-${id}`, id === "draft" ? this.hatch.fill : undefined), `${label}: ${amount(time, unit)}`)));
  }

  private mark(place: Place | null): void {
    if (place) {
      const { x, y, w, h: high } = place.box;
      this.pens.mark.put("here", "rect", { class: "il-rd-here", x: x - 3, y: y - 3, width: w + 6, height: high + 6, rx: 5 });
    }
    this.pens.mark.sweep();
  }
}

export default widget<Round>(css, (root) => new RoundPainter(root));
