"""Cloud Titan, Part 3: what the workbench shows of an operating point."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from ironlaw.explore.attribution import Attribution, Means, Optimization, attribute
from ironlaw.instruments.comparison import Comparison, ComparisonRow, change_words
from ironlaw.instruments.curve import (
    Curve,
    CurveAxis,
    CurveLimit,
    CurveMark,
    CurveSeries,
    axis_over,
)
from ironlaw.instruments.draft_round import round_of
from ironlaw.instruments.gauges import Gauge, gauges
from ironlaw.instruments.optimizations import OptimizationWaterfall
from ironlaw.instruments.scale import grouped, significant, with_prefix
from ironlaw.instruments.step_roofline import WHOLE
from ironlaw.lab.bench import bench_content, configuration
from ironlaw.lab.tracks.cloud_algorithm import (
    BATCHES,
    Point,
    draft_words,
    load_words,
    name_of,
    point_at,
    shown_controls,
    sparsity_words,
    times,
    weights_words,
)
from ironlaw.lab.tracks.cloud_strategy import (
    DENSE,
    Kernels,
    Load,
    Strategy,
    cache_room,
    gains,
    question,
    round_of_draft,
    served,
    step_of,
    view_of_step,
)
from ironlaw.lab.tracks.cloud_titan import TP
from ironlaw.rewrites.levels import FusionLevel
from ironlaw.system.expert_facts import expert_facts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from ironlaw.lab.part import Content, Knobs
    from ironlaw.system.diagnosis import Diagnosis
    from ironlaw.system.speculation import Speculation

_AXIS_LEAST = 2.5  # × that the axis of the curve reaches at least
_BILLION = 1e9
_LIMITS = (("2×, what is demanded", 2.0), ("1×, as before", 1.0))


_NOTE = "All in bf16; the two models are not matched in quality, and no number here says what they answer."


class Facts(NamedTuple):
    """Footprint against traffic of a step.

    Attributes:
        total: Parameters.
        active: Parameters that a token uses.
        chip: Weights resident on a chip [B].
        node: Weights resident on the node [B].
        read: Weights that a step reads, all chips [B].
        asked: Experts of a layer that a step asks for; 0 for a dense model.
        n_experts: Experts of a layer; 0 for a dense model.
    """

    total: float
    active: float
    chip: float
    node: float
    read: float
    asked: float
    n_experts: float


def facts_of(load: Load, strategy: Strategy) -> Facts:
    """Footprint against traffic of a strategy without its draft."""
    found = step_of(load, strategy._replace(draft=None))
    spec, memory, experts = found.scenario.decoder, found.footprint, expert_facts(found)
    return Facts(
        total=float(spec.total_params),
        active=float(spec.active_params),
        chip=float(memory.weights),
        node=TP * float(memory.weights),
        read=TP * (float(memory.step_traffic) - float(memory.step_cache)),
        asked=0.0 if experts is None else float(experts.distinct),
        n_experts=0.0 if experts is None else float(experts.experts.n_experts),
    )


def billions(parameters: float) -> str:
    """A number of parameters in words."""
    return f"{significant(parameters / _BILLION)} billion"


def comparison(point: Point) -> Comparison | None:
    """The dense model beside what is done to its weights, footprint against traffic; None where nothing is."""
    if point.strategy._replace(draft=None) == DENSE:
        return None
    dense, now = facts_of(point.base, DENSE), facts_of(point.load, point.strategy)
    rooms = cache_room(point.base, DENSE), cache_room(point.load, point.strategy)
    return Comparison(
        title="Footprint against traffic",
        columns=(("dense", name_of(DENSE)), ("now", weights_words(point.strategy))),
        rows=(
            _row("total", "parameters", dense.total, now.total, billions),
            _row("active", "parameters that a token uses", dense.active, now.active, billions),
            _row("chip", "weights resident on a chip", dense.chip, now.chip, _bytes),
            _row("node", "weights resident on the node", dense.node, now.node, _bytes),
            _row("read", "weights read in a step, all chips", dense.read, now.read, _bytes),
            ComparisonRow(
                id="experts",
                label="experts of a layer that a step asks for",
                cells=(_experts(dense), _experts(now)),
            ),
            _row("room", "tokens of KV cache beside the weights", *rooms, grouped),
            _row("rate", "tokens a second", point.dense.rate, point.now.rate, grouped),
        ),
        note=_assumed(point),
    )


def _assumed(point: Point) -> str:
    """What the step of a strategy takes for granted."""
    notes = question(point.load, point.strategy).notes
    return f"{_NOTE} Taken for granted: {'; '.join(notes)}." if notes else _NOTE


def _row(
    name: str, text: str, before: float, after: float, words: Callable[[float], str]
) -> ComparisonRow:
    change = change_words(before, after) if before > 0.0 and after > 0.0 else None
    return ComparisonRow(id=name, label=text, cells=(words(before), words(after)), change=change)


def _bytes(value: float) -> str:
    return with_prefix(value, "B")


def _experts(facts: Facts) -> str:
    if facts.n_experts == 0.0:
        return "no experts"
    return f"{significant(facts.asked)} of {significant(facts.n_experts)}"


def lines(strategy: Strategy) -> tuple[tuple[str, str, Strategy], ...]:
    """What is turned on, each alone beside the dense model, and all together: id, words, strategy."""
    found: list[tuple[str, str, Strategy]] = []
    experts = Strategy(strategy.model, strategy.twin, strategy.routing)
    if experts != DENSE:
        found.append(("experts", name_of(experts), experts))
    if strategy.draft is not None:
        alone = Strategy(draft=strategy.draft)
        found.append(("draft", draft_words(strategy.draft), alone))
    if strategy.sparsity is not None:
        alone = Strategy(sparsity=strategy.sparsity)
        found.append(("sparsity", sparsity_words(strategy.sparsity), alone))
    if len(found) > 1:
        found.append(("all", "all together", strategy))
    return tuple(found)


def curve(point: Point) -> Curve | None:
    """The gain over the batch, of each change alone and of all together; None where nothing is changed."""
    drawn = [
        CurveSeries(id=name, label=text, points=gains(point.load, made, BATCHES))
        for name, text, made in lines(point.strategy)
    ]
    series = tuple(one for one in drawn if one.points)
    if not series:
        return None
    heights = [y for one in series for _, y in one.points]
    same = point.load == point.base and point.now.fits and point.dense.fits
    here = CurveMark(label="here", x=point.load.batch, y=point.gain)
    return Curve(
        title=f"Tokens a second over those of {name_of(DENSE)}, {point.load.phase}, context "
        f"{grouped(point.load.context)}",
        x=CurveAxis(label="batch", unit="", min=BATCHES[0], max=BATCHES[-1], scale="log"),
        y=axis_over("speed-up", "×", (*heights, _AXIS_LEAST), least=0.0),
        series=series,
        limits=tuple(CurveLimit(label=text, y=y) for text, y in _LIMITS),
        marks=(here,) if same else (),
        note="A line ends where the memory does: the model that it shows, or the dense one, no longer fits.",
    )


def changes_of(strategy: Strategy) -> tuple[Optimization, ...]:
    """The changes of algorithm that a strategy makes to the dense model."""
    found: list[Optimization] = []
    for name, text, _ in lines(strategy):
        if name != "all":
            found.append(Optimization(id=name, label=text, means=Means.ALGORITHM))
    return tuple(found)


def made_of(strategy: Strategy, made: Iterable[str]) -> Strategy:
    """A strategy with only some of its changes of algorithm made."""
    names = set(made)
    experts = "experts" in names
    return DENSE._replace(
        model=strategy.model if experts else DENSE.model,
        twin=strategy.twin if experts else None,
        routing=strategy.routing if experts else DENSE.routing,
        sparsity=strategy.sparsity if "sparsity" in names else None,
        draft=strategy.draft if "draft" in names else None,
    )


@lru_cache(maxsize=256)
def shares(load: Load, strategy: Strategy) -> Attribution:
    """What fusing attention and each change of algorithm did for a token of the node."""
    fusion = Optimization(
        id="fusion", label="attention fused, replayed from a graph", means=Means.FUSION
    )

    def time(made: frozenset[str]) -> float:
        level = FusionLevel.FULL if "fusion" in made else FusionLevel.PARTIAL
        cut = made_of(strategy, made)._replace(kernels=Kernels(level.value))
        return 1.0 / served(load, cut).rate

    return attribute((fusion, *changes_of(strategy)), time)


def bench(knobs: Knobs) -> Content:
    """The workbench at some knobs, without its challenge."""
    point = point_at(knobs)
    load, made = point.load, point.strategy
    found = None if made.draft is None else round_of_draft(load, made)
    now, before = view_of_step(load, made), view_of_step(point.base, DENSE)
    content = bench_content(now, before, layer=WHOLE, profiler=bool(knobs["profiler"]))
    picture = OptimizationWaterfall(
        found=shares(load, made),
        quantity="time for each token of the node",
        unit="s",
        ends=("as Part 1 left it", "as the knobs stand"),
        note=f"At {load_words(load)}. Nothing on the way has to fit the memory.",
    )
    drawn, table = curve(point), comparison(point)
    content |= {
        "kind": "roofline",
        "claim": claim(point),
        "configuration": _configuration(point),
        "gauges": [one.to_dict() for one in _gauges(now.diagnosis, found, now.cache.amplification)],
        "controls": [control.to_dict(knobs[control.id]) for control in shown_controls(knobs)],
        "infeasible": infeasible(point),
        "round": None if found is None else round_of(found).to_dict(),
        "curve": None if drawn is None else drawn.to_dict(),
        "comparison": None if table is None else table.to_dict(),
        "optimizations": picture.to_dict(),
    }
    return content


def claim(point: Point) -> str:
    """What the operating point comes to, in a sentence."""
    if not point.now.fits:
        drafted = "" if point.strategy.draft is None else " with its draft"
        return f"{name_of(point.strategy)}{drafted} does not fit here: nothing is served."
    if point.strategy == DENSE:
        return f"{name_of(DENSE)} as Part 2 left it: {grouped(point.now.rate)} tokens a second."
    rate = f"{grouped(point.now.rate)} tokens a second"
    if not point.dense.fits:
        return f"{rate}, where the dense model does not fit: there is nothing to compare with."
    return f"{times(point.gain)} the tokens of the dense model: {rate}."


def infeasible(point: Point) -> str | None:
    """By how much the strategy does not fit; None where it does."""
    if point.now.fits:
        return None
    over = with_prefix(-point.now.spare, "B")
    return f"This does not fit: each chip is {over} over its memory."


def _configuration(point: Point) -> str:
    made = point.strategy
    parts = [configuration(question(point.load, made))]
    if made.draft is not None:
        parts.append(f"{draft_words(made.draft)} (drawn is the step that checks them)")
    if made.sparsity is not None:
        parts.append(sparsity_words(made.sparsity))
    if point.load != point.base:
        parts.append(f"beside {name_of(DENSE)} at batch {grouped(point.base.batch)}")
    return ", ".join(parts)


def _gauges(
    found: Diagnosis, drafted: Speculation | None, amplification: float
) -> tuple[Gauge, ...]:
    """The gauges of the step; of its memory the draft takes a part."""
    shown = gauges(found, amplification)
    if drafted is None:
        return shown
    used, capacity = float(drafted.footprint), found.scenario.chip.capacity
    memory = Gauge(
        id="memory",
        label="Memory",
        value=used / capacity,
        note=f"{with_prefix(used, 'B')} of {with_prefix(capacity, 'B')} a chip, the draft's with it",
        tone="bad" if used > capacity else "plain",
    )
    return (*(gauge for gauge in shown if gauge.id != "memory"), memory)
