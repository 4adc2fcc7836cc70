"""Edge Guardian, Part 3: the OptimizationWaterfall of the whole mission, in the usual frame, and the last defence."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

from ironlaw.explore.attribution import Attribution, Means, Optimization, attribute
from ironlaw.instruments.optimizations import OptimizationWaterfall
from ironlaw.instruments.scale import with_prefix
from ironlaw.lab.challenge import challenge_view
from ironlaw.lab.defence import in_order, judge_defence, mission_view
from ironlaw.lab.tracks import edge_algorithm_bench
from ironlaw.lab.tracks.edge_algorithm import (
    assumed_at,
    in_words,
    left_by_part_2,
    loop,
    machine_words,
    setting_at,
)
from ironlaw.lab.tracks.edge_algorithm_proof import challenge
from ironlaw.system.detector_loop import Setting, loop_at

if TYPE_CHECKING:
    from ironlaw.lab.part import Answers, Content, Knobs, Standing
    from ironlaw.lab.questions import Verdict
    from ironlaw.system.detector_loop import Assumed

_QUANTITY = "time of the usual frame"
_ENDS = ("the loop of Part 1", "as you leave it")


def bench(standing: Standing) -> Content:
    """The workbench where a learner stands, with the challenge and the waterfall of the mission so far.

    Args:
        standing: Where they stand.
    """
    here = _mission(standing, standing.knobs)
    return {
        **edge_algorithm_bench.bench(standing),
        "optimizations": _picture(here, standing).to_dict(),
        "challenge": challenge_view(challenge(), standing),
    }


def settled(standing: Standing) -> Knobs:
    """The knobs that the mission ends with: those of the proof; without one, where they stand.

    Args:
        standing: Where the learner stands.
    """
    return standing.knobs if standing.proved is None else standing.proved.knobs


def mission(standing: Standing) -> Attribution:
    """What every change of the mission is owed.

    Args:
        standing: Where the learner stands.
    """
    return in_order(_mission(standing, settled(standing)), standing.knobs)


def _mission(standing: Standing, knobs: Knobs) -> Attribution:
    left = left_by_part_2(standing)
    return _attributed(setting_at(knobs, left.build), assumed_at(knobs))


@lru_cache(maxsize=64)
def _attributed(final: Setting, given: Assumed) -> Attribution:
    """From the loop of Part 1 to a setting: the build of Part 2 is always a change, if only in name."""
    start = Setting()
    changes = [Optimization(id="build", label="build of Part 2", means=Means.FUSION)]
    if final.dtype != start.dtype:
        changes.append(Optimization(id="dtype", label=final.dtype, means=Means.PRECISION))
    for name, label in (
        ("sparsity", f"{(final.sparsity or '').partition('@')[0]} weights left out"),
        ("experts", f"{final.experts} detectors behind a gate"),
        ("drafted", f"drafts, {final.frames} in a batch"),
    ):
        if getattr(final, name) != getattr(start, name):
            changes.append(Optimization(id=name, label=label, means=Means.ALGORITHM))

    def time(made: frozenset[str]) -> float:
        kept = {name: getattr(final if name in made else start, name) for name in _FIELDS}
        frames = final.frames if "drafted" in made else start.frames
        return loop_at(replace(start, **kept, frames=frames), given).usual.latency

    order = (Means.PRECISION, Means.FUSION, Means.ALGORITHM)
    return attribute(sorted(changes, key=lambda one: order.index(one.means)), time)


_FIELDS = ("build", "dtype", "sparsity", "experts", "drafted")


def _picture(found: Attribution, standing: Standing) -> OptimizationWaterfall:
    left = left_by_part_2(standing)
    return OptimizationWaterfall(
        found=found,
        quantity=_QUANTITY,
        unit="s",
        ends=_ENDS,
        note=f"From its scan to its verified boxes, in the mean over scenes. Of Part 2 there is {left.words}.",
    )


def exhibit(standing: Standing) -> Content:
    """The waterfall of the whole mission, and what the deadline says of both ends.

    Args:
        standing: Where the learner stands.
    """
    knobs, left = settled(standing), left_by_part_2(standing)
    first, last = loop_at(Setting(), assumed_at(knobs)), loop(knobs, left.build)
    table = edge_algorithm_bench.comparison(first, last, _ENDS)
    return mission_view(
        _picture(mission(standing), standing),
        standing.knobs,
        f"{in_words(knobs)}: {machine_words(last)}; {left.words}",
        table.to_dict(),
    )


def waterfall(standing: Standing) -> Content | None:
    """The waterfall of the whole mission, for the ledger.

    Args:
        standing: Where the learner stands.
    """
    return _picture(mission(standing), standing).to_dict()


def judge(answers: Answers, standing: Standing) -> dict[str, Verdict]:
    """The engine's verdict on each answer.

    Args:
        answers: Checked answers by question.
        standing: Where the learner stands.
    """
    return judge_defence(mission(standing), answers)


def left_words(standing: Standing) -> str:
    """What the mission ends with, in a line.

    Args:
        standing: Where the learner stands.
    """
    knobs = settled(standing)
    found = loop(knobs, left_by_part_2(standing).build)
    return f"{in_words(knobs)}: worst frame after {with_prefix(found.worst.latency, 's')}"
