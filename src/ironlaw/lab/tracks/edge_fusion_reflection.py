"""Edge Guardian, Part 2: a build that leaves the host next to nothing to launch, judged by the engine's experiments."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from ironlaw.base.equation import Equation, Symbol, Term
from ironlaw.base.number import summed
from ironlaw.instruments.kernel_table import Table
from ironlaw.instruments.scale import grouped, percent, significant, with_prefix
from ironlaw.lab.questions import Question, Verdict, kept, near, quantity
from ironlaw.lab.tracks import edge_fusion_texts as texts
from ironlaw.lab.tracks.edge_fusion import (
    alone_at,
    build_at,
    in_words_at,
    is_launch,
    knobs_of_bench,
    launches_of,
    turn,
)
from ironlaw.rewrites.levels import FusionLevel
from ironlaw.system.jitter.simulate import deployed

if TYPE_CHECKING:
    from ironlaw.lab.messages import Knob
    from ironlaw.lab.part import Answers, Content, Knobs, Standing
    from ironlaw.system.jitter.board import Deployment

_KEPT = 0.25  # of the way from the build that is found to the best one that may be left
_FOUND: dict[str, Knob] = {
    "level": FusionLevel.NONE.value, "pool": "caching", "launch": "stream",
}  # fmt: skip
_FREELY: dict[str, Knob] = {
    "level": FusionLevel.FULL.value, "pool": "static", "launch": "graph",
}  # fmt: skip


class Dispatch(NamedTuple):
    """What a build asks of the host in a frame: launches, time in them [s], and the frame [s]."""

    launches: int
    time: float
    frame: float

    @property
    def share(self) -> float:
        """Of the frame."""
        return self.time / self.frame


@lru_cache(maxsize=64)
def dispatch(build: Deployment) -> Dispatch:
    """The launches of a build in one frame, without a cause.

    Args:
        build: The build.
    """
    latency, events = alone_at(build)
    calls = [event.duration for event in events if is_launch(event)]
    return Dispatch(launches_of(events), summed(calls) / 1e9, latency)


def _at(knobs: Knobs, change: Knobs) -> Dispatch:
    return dispatch(build_at(turn(knobs, change)))


def reset(knobs: Knobs) -> dict[str, Knob]:
    """The build as it is found: nothing fused, each kernel launched alone, memory asked for in each frame."""
    return turn(knobs, _FOUND)


def threshold(knobs: Knobs) -> float:
    """The share that a proposal has to be under: three quarters of the way from the build found to the best one.

    Args:
        knobs: Where the knobs stand.
    """
    found, best = _at(knobs, _FOUND).share, _at(knobs, _FREELY).share
    return best + _KEPT * (found - best)


def reflection(_: Knobs) -> tuple[Question, ...]:
    """The questions of the reflection."""
    return (texts.SHARE, texts.MOVED, texts.IN_WORDS)


def judge(answers: Answers, standing: Standing) -> dict[str, Verdict]:
    """The engine's verdict on each answer.

    Args:
        answers: Checked answers by question.
        standing: Where the learner stands, with the proposal.
    """
    knobs = standing.knobs
    return {
        "overhead": _overhead(quantity(answers, "overhead"), knobs),
        "moved": _moved(str(answers["moved"]), knobs),
        "sentence": kept(answers, "sentence"),
    }


def _overhead(answer: float, knobs: Knobs) -> Verdict:
    actual, most = 100.0 * dispatch(build_at(knobs)).share, 100.0 * threshold(knobs)
    if not near(answer, actual):
        feedback = "The panel reads something else, at the knobs as they stand."
        return Verdict(right=False, feedback=feedback, answer=answer)
    if actual > most:
        feedback = (
            f"Read rightly, and still too much: {significant(actual)} %, and the threshold is {significant(most)} %. "
            "Turn launch, fusion and pool."
        )
        return Verdict(right=False, feedback=feedback, answer=answer)
    frame = dispatch(build_at(knobs)).frame
    if frame > _deadline():
        feedback = (
            f"Few enough launches, and still late: a frame takes {with_prefix(frame, 's')} and may take "
            f"{with_prefix(_deadline(), 's')}. A graph makes no kernel faster."
        )
        return Verdict(right=False, feedback=feedback, answer=answer)
    feedback = (
        f"{significant(actual)} % of the frame, under the threshold of {significant(most)} %."
    )
    return Verdict(right=True, feedback=feedback, answer=answer)


def _deadline() -> float:
    return deployed().number("loop.deadline")


def _moved(answer: str, knobs: Knobs) -> Verdict:
    shares = {name: _at(knobs, {**_FOUND, name: _FREELY[name]}) for name in texts.CHANGES}
    best = min(shares, key=lambda name: shares[name].time)
    start = _at(knobs, _FOUND)
    told = ", ".join(
        f"{texts.CHANGES[name]} {grouped(one.launches)} launches and {with_prefix(one.time, 's')}"
        for name, one in shares.items()
    )
    facts = f"From {grouped(start.launches)} launches and {with_prefix(start.time, 's')}: {told}."
    if answer == best:
        return Verdict(right=True, feedback=facts, answer=answer)
    return Verdict(right=False, feedback=f"Another change alone takes more. {facts}", answer=answer)


def in_words(knobs: Knobs) -> str:
    """A proposal and what it comes to, in a line.

    Args:
        knobs: The proposal.
    """
    found = dispatch(build_at(knobs))
    return f"{in_words_at(knobs)}: {grouped(found.launches)} launches, {percent(found.share)} of the frame"


def exhibit(standing: Standing) -> Content:
    """The bench of the reflection.

    Args:
        standing: Where the learner stands.
    """
    knobs = standing.knobs
    start, now, most = _at(knobs, _FOUND), dispatch(build_at(knobs)), threshold(knobs)
    return {
        "kind": "tiling",
        "claim": (
            f"{grouped(now.launches)} launches a frame take the host {with_prefix(now.time, 's')}, "
            f"{percent(now.share)} of it: the time in which a preemption makes the frame late."
        ),
        "configuration": in_words_at(knobs),
        "controls": [control.to_dict(knobs[control.id]) for control in knobs_of_bench().controls],
        "threshold": most,
        "overhead_share": now.share,
        "start_overhead_share": start.share,
        "time_limit": _deadline(),
        "time": now.frame,
        "start_time": start.frame,
        "law": None,
        "gauges": [],
        "peeks": [_equation(now).to_dict()],
        "figures": [
            {"label": "launches", "before": grouped(start.launches), "now": grouped(now.launches)},
            {
                "label": "time in launches",
                "before": with_prefix(start.time, "s"),
                "now": with_prefix(now.time, "s"),
            },
        ],
        "gemms": Table((), ()).to_dict(),
        "notes": [
            "One frame of the usual scene, without a cause. What is launched by one call cannot be interrupted between "
            "its kernels."
        ],
    }


def _equation(found: Dispatch) -> Equation:
    return Equation(
        title="Share of the frame in launches",
        left=Symbol("x", "exposure to preemption", None, ""),
        right=Term(
            "fraction",
            (
                Symbol("L", "time in calls that launch", found.time, "s", "host"),
                Symbol("T", "time of the frame", found.frame, "s"),
            ),
        ),
        source="counted in one frame",
    )
