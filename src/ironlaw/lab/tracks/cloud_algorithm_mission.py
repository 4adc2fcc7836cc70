"""Cloud Titan: what the whole mission did for a token, machine and algorithm, at the load of the crisis."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from ironlaw.explore.attribution import Attribution, Means, Optimization, attribute
from ironlaw.instruments.optimizations import OptimizationWaterfall
from ironlaw.lab.defence import ORDER, in_order, judge_defence, mission_view, order_control
from ironlaw.lab.fusion_knobs import chosen
from ironlaw.lab.runs import best
from ironlaw.lab.tracks.cloud_algorithm import (
    Point,
    load_words,
    name_of,
    strategy_at,
)
from ironlaw.lab.tracks.cloud_algorithm_bench import changes_of, comparison, made_of
from ironlaw.lab.tracks.cloud_fusion import board_at, optimum, tiling_asked
from ironlaw.lab.tracks.cloud_strategy import (
    CONTEXTUAL,
    DECODE,
    Kernels,
    Load,
    Strategy,
    served,
)
from ironlaw.lab.tracks.cloud_titan import BATCH, CHIP, CONTEXT, TP
from ironlaw.registry.chips import load_chip
from ironlaw.rewrites.levels import FusionLevel
from ironlaw.system.diagnosis import LaunchMode

if TYPE_CHECKING:
    from ironlaw.lab.messages import Knob
    from ironlaw.lab.part import Answers, Content, Knobs, Standing
    from ironlaw.lab.questions import Verdict

CRISIS = Load(DECODE, BATCH, CONTEXT)
"""The load at which the mission began; all of it is timed there."""

_BEGUN = Kernels(level=FusionLevel.PARTIAL.value)


class Machine(NamedTuple):
    """What Part 2 did to the machine: its kernels, it in words, and where it comes from."""

    kernels: Kernels
    label: str
    source: str


def machine_of(standing: Standing) -> Machine:
    """The best run of Part 2; where there is none, the optimum that the engine knows.

    Args:
        standing: Where a learner stands in Part 3.
    """
    second = standing.earlier.get(2)
    runs = () if second is None else second.runs
    leader = best(tuple(run for run in runs if run.knobs["phase"] == DECODE))
    if leader is None:
        why = "no run of Part 2 worked" if runs else "Part 2 was not played"
        return Machine(*_optimal(), f"the kernels are those of its optimum, since {why}")
    fused, asked = tuple(sorted(chosen(leader.knobs))), tiling_asked(leader.knobs)
    kernels = Kernels(
        fusions=fused,
        launch=asked.get("launch"),
        tile=asked.get("tile"),
        split_k=asked.get("split_k"),
    )
    source = f"the kernels are those of your run {leader.number} in Part 2"
    return Machine(kernels, _fused_words(kernels), source)


@lru_cache(maxsize=1)
def _optimal() -> tuple[Kernels, str]:
    kernels = Kernels(fusions=tuple(optimum(DECODE).fusions), launch=LaunchMode.GRAPH.value)
    return kernels, _fused_words(kernels)


def _fused_words(kernels: Kernels) -> str:
    """What was fused, in a few words."""
    names = frozenset(kernels.fusions or ())
    choices = len(board_at(DECODE, BATCH).closed(names))
    replayed = kernels.launch == LaunchMode.GRAPH.value
    how = "replayed from a graph" if replayed else f"launched by {kernels.launch}"
    return f"{choices} fusions, {how}"


def strategy_of(standing: Standing) -> Strategy:
    """The algorithm that is defended: the experts of the proof, if there is one, else all as the knobs stand.

    Args:
        standing: Where a learner stands in Part 3.
    """
    now = strategy_at(standing.knobs)
    if standing.proved is None:
        return now
    experts = strategy_at(standing.proved.knobs)
    clash = now.sparsity is not None and now.sparsity.startswith(CONTEXTUAL)
    return now._replace(
        model=experts.model,
        twin=experts.twin,
        routing=experts.routing,
        sparsity=None if clash else now.sparsity,
    )


@lru_cache(maxsize=32)
def _attributed(machine: Machine, strategy: Strategy) -> Attribution:
    fusion = Optimization(id="fusion", label=machine.label, means=Means.FUSION)

    def time(made: frozenset[str]) -> float:
        kernels = machine.kernels if "fusion" in made else _BEGUN
        found = made_of(strategy, made)._replace(kernels=kernels)
        return BATCH / served(CRISIS, found).rate

    return attribute((fusion, *changes_of(strategy)), time)


def found_at(standing: Standing) -> Attribution:
    """What each change of the mission is owed, in the mission's own order."""
    return _attributed(machine_of(standing), strategy_of(standing))


def picture(standing: Standing) -> OptimizationWaterfall:
    """The waterfall of the mission, in the order that the knob says."""
    machine = machine_of(standing)
    return OptimizationWaterfall(
        found=in_order(found_at(standing), standing.knobs),
        quantity="time of a token",
        unit="s",
        ends=("as the mission began", "as you leave it"),
        note=(
            f"All at the load of the crisis, {load_words(CRISIS)}: {machine.source}; those of a mixture of experts are "
            "fused in full. A larger batch is neither machine nor algorithm, and is left out."
        ),
    )


def waterfall(standing: Standing) -> Content:
    """The waterfall for the ledger."""
    return picture(standing).to_dict()


def exhibit(standing: Standing) -> Content:
    """The exhibit of the defence."""
    strategy = strategy_of(standing)
    node = f"{TP}×{load_chip(CHIP).short_title}, TP {TP}"
    words = " · ".join(change.label for change in changes_of(strategy)) or name_of(strategy)
    table = comparison(Point(CRISIS, CRISIS, strategy))
    return mission_view(
        picture(standing),
        standing.knobs,
        f"{node}, {load_words(CRISIS)}: {words}",
        None if table is None else table.to_dict(),
    )


def reset(knobs: Knobs) -> dict[str, Knob]:
    """The strategy stays as it was left; the order is the mission's own."""
    return {**knobs, ORDER: order_control().value}


def judge(answers: Answers, standing: Standing) -> dict[str, Verdict]:
    """The engine's verdict on each answer of the defence."""
    return judge_defence(found_at(standing), answers)
