// The fusion graph as an anywidget: which operators share a launch, and a switch for each legal fusion.
// A turned switch is `toggle` {knob, on}; `problem` {knob, message} says beside its switch why one was refused.
import type { WidgetModel } from "../shared/anywidget";
import { digits } from "../shared/format";
import { h, setAttribute, setText } from "../shared/html";
import { type Painter, widget } from "../shared/mount";
import { Pen, svgElement } from "../shared/svg";
import { describe, joins, tally } from "./describe";
import { drawIsland, drawPreview, type Pens } from "./draw";
import css from "./fusion_graph.css?inline";
import { type Island, islandsOf } from "./islands";
import { type Plan, planOf } from "./layout";
import { FusionSwitch, type SwitchEvents } from "./switches";
import type { FusionGraph, GraphBlock, LegalFusion } from "./types";

interface Problem {
  knob: string;
  message: string;
}

/** Whether all that a fusion joins runs in one launch as it is; a rewrite in place joins nothing. */
function together(island: Island, fusion: LegalFusion): boolean {
  const wanted = new Set(fusion.members);
  const kernels = island.units.flatMap((unit) => unit.operators).filter(({ id }) => wanted.has(id)).map(({ kernel }) => kernel);
  return fusion.joins !== false && new Set(kernels).size === 1;
}

const layers = ["hulls", "boxes", "links", "names", "preview"] as const;

class IslandView {
  readonly element: HTMLElement;
  private readonly svg = svgElement("svg", { class: "il-fg-svg", role: "img" });
  private readonly picture = h("div", { class: "il-fg-picture" });
  private readonly count = h("p", { class: "il-fg-count" });
  private readonly pens: Pens;
  private readonly switches: Map<string, FusionSwitch>;
  private island: Island | null = null;
  private plan: Plan | null = null;
  private room = 0;

  constructor(island: Island, events: SwitchEvents) {
    const groups = layers.map((name) => svgElement("g", { class: `il-fg-${name}` }));
    this.svg.append(...groups);
    this.pens = Object.fromEntries(layers.map((name, i) => [name, new Pen(groups[i] as Element)])) as unknown as Pens;
    this.switches = new Map(island.fusions.map((fusion) => [fusion.id, new FusionSwitch(fusion, events)]));
    const list = h("ul", { class: "il-fg-switches", role: "list", "aria-label": "Fusions of these operators" }, ...[...this.switches.values()].map((one) => one.element));
    this.picture.append(this.svg as unknown as Node, this.count);
    this.element = h("div", { class: "il-fg-island" }, this.picture, island.fusions.length ? list : h("p", { class: "il-fg-none" }, "Nothing to join here."));
  }

  paint(island: Island, family: string, problem: Problem | null): void {
    this.island = island;
    for (const fusion of island.fusions) this.switches.get(fusion.id)?.paint(fusion, joins(island, fusion), together(island, fusion), problem?.knob === fusion.knob ? problem.message : null);
    setText(this.count, tally(island));
    setAttribute(this.svg, "aria-label", describe(island));
    this.fit(family);
  }

  /** Laid out for the width that there is; what is seen but has no width yet waits for one. */
  fit(family: string): void {
    this.room = this.picture.clientWidth;
    if (!this.island || this.room === 0) return;
    this.plan = planOf(this.island, this.room, family);
    const { width, height } = this.plan;
    setAttribute(this.svg, "viewBox", `0 0 ${width} ${height}`);
    setAttribute(this.svg, "width", String(width));
    setAttribute(this.svg, "height", String(height));
    drawIsland(this.pens, this.island, this.plan);
  }

  /** Outlines what a fusion joins, and says what kind of kernel that is. */
  preview(fusion: LegalFusion | null): void {
    if (!this.island || !this.plan) return;
    drawPreview(this.pens.preview, this.island, this.plan, fusion?.members ?? null);
    const mine = fusion && this.island.fusions.some(({ id }) => id === fusion.id);
    const words = fusion?.on && fusion.why ? fusion.why : fusion ? joins(this.island, fusion) : "";
    setText(this.count, mine ? words : tally(this.island));
  }
}

class BlockView {
  readonly element: HTMLElement;
  readonly islands: IslandView[];
  private readonly count = h("span", { class: "il-fg-times" });

  constructor(block: GraphBlock, islands: Island[], events: SwitchEvents) {
    this.islands = islands.map((island) => new IslandView(island, events));
    const head = h("h3", {}, block.label, this.count);
    this.element = h("section", { class: block.count > 1 ? "il-fg-block" : "il-fg-block il-fg-minor", "data-block": block.id }, head, ...this.islands.map((one) => one.element));
  }

  paint(block: GraphBlock, islands: Island[], family: string, problem: Problem | null): void {
    const kernels = new Set(block.operators.map((operator) => operator.kernel)).size;
    const times = block.count > 1 ? `, ${digits(block.count, 6)} times` : "";
    setText(this.count, `${times}: ${tally({ operators: block.operators.length, kernels })}`);
    islands.forEach((island, i) => this.islands[i]?.paint(island, family, problem));
  }
}

function legend(): HTMLElement {
  const item = (kind: string, words: string): HTMLElement => h("li", {}, h("i", { class: `il-fg-key-${kind}`, "aria-hidden": "true" }), words);
  return h("ul", { class: "il-fg-key", role: "list" }, item("one", "one operator, one launch"), item("many", "several in one launch"), item("chip", "stays on the chip"), item("memory", "through memory"));
}

class FusionGraphPainter implements Painter<FusionGraph> {
  private readonly total = h("p", { class: "il-fg-total" });
  private readonly body = h("div", { class: "il-fg-blocks" });
  private readonly observer: ResizeObserver;
  private readonly refused = (): void => this.repaint();
  private blocks: BlockView[] = [];
  private shape = "";
  private graph: FusionGraph | null = null;
  private width = 0;

  constructor(private readonly root: HTMLElement, private readonly model: WidgetModel) {
    root.classList.add("il-fg");
    root.append(h("div", { class: "il-fg-head" }, this.total, legend()), this.body);
    model.on("change:problem", this.refused);
    this.observer = new ResizeObserver(() => this.resize());
    this.observer.observe(root);
  }

  paint(picture: FusionGraph): void {
    this.graph = picture;
    const often = [...picture.blocks].sort((a, b) => Number(b.count > 1) - Number(a.count > 1));
    const graph = { ...picture, blocks: often }; // what runs once a step stands below what runs many times
    const islands = graph.blocks.map((block) => islandsOf(graph, block));
    this.build(graph, islands);
    const family = getComputedStyle(this.root).fontFamily;
    const problem = (this.model.get("problem") ?? null) as Problem | null;
    const saved = graph.kernels < graph.operators ? ` instead of ${digits(graph.operators, 6)}` : "";
    this.total.replaceChildren(h("b", {}, `${digits(graph.kernels, 6)} launches`), ` a step${saved}`);
    graph.blocks.forEach((block, i) => this.blocks[i]?.paint(block, islands[i] ?? [], family, problem));
  }

  stop(): void {
    this.observer.disconnect();
    this.model.off("change:problem", this.refused);
  }

  private repaint(): void {
    if (this.graph) this.paint(this.graph);
  }

  private resize(): void {
    if (this.root.clientWidth === this.width) return;
    this.width = this.root.clientWidth;
    this.repaint();
  }

  /** The elements are kept while the structure stays, so that focus stays on the switch that was turned. */
  private build(graph: FusionGraph, islands: Island[][]): void {
    const shape = JSON.stringify([graph.blocks.map((block) => [block.id, block.operators.map(({ id }) => id)]), graph.fusions.map(({ id }) => id)]);
    if (shape === this.shape) return;
    this.shape = shape;
    const focused = (document.activeElement as HTMLElement | null)?.dataset?.["fusion"];
    const events: SwitchEvents = { toggled: (fusion, on) => this.toggled(fusion, on), shown: (fusion) => this.preview(fusion) };
    this.blocks = graph.blocks.map((block, i) => new BlockView(block, islands[i] ?? [], events));
    this.body.replaceChildren(...this.blocks.map((block) => block.element));
    if (focused) this.body.querySelector<HTMLElement>(`[data-fusion="${CSS.escape(focused)}"]`)?.focus();
  }

  private toggled(fusion: LegalFusion, on: boolean): void {
    this.model.set("toggle", { knob: fusion.knob, on });
    this.model.save_changes();
  }

  private preview(fusion: LegalFusion | null): void {
    for (const block of this.blocks) for (const island of block.islands) island.preview(fusion);
  }
}

export default widget<FusionGraph>(css, (root, model) => new FusionGraphPainter(root, model));
