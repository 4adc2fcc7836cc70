"""Edge Guardian, Part 3: a batch of frames as a round, and what every length of it waits for and buys."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

from ironlaw.base.equation import Constant, Equation, Symbol, Term
from ironlaw.instruments.curve import (
    Curve,
    CurveAxis,
    CurveLimit,
    CurveMark,
    CurveSeries,
    axis_over,
)
from ironlaw.instruments.draft_round import DraftedToken, Round, RoundPart
from ironlaw.instruments.scale import significant, with_prefix
from ironlaw.system.detector_loop import MOST_FRAMES, Setting, loop_at
from ironlaw.system.temporal import depth_chances

if TYPE_CHECKING:
    from ironlaw.system.detector_loop import Assumed, Loop


def latency_equation(found: Loop) -> Equation:
    """The verified latency of a frame.

    Args:
        found: The loop.
    """
    batch = found.usual
    others = Term(
        "difference", (Symbol("n", "frames of a batch", float(batch.frames)), Constant(1.0))
    )
    wait = Term("fraction", (others, Symbol("f", "rate of the sensor", batch.rate, "Hz")))
    parts = (
        Symbol("T", "draft of a frame", batch.draft, "s", "draft"),
        Symbol("T", "voxels", batch.before, "s", "vox"),
        Symbol("T", "pass over the batch", batch.network, "s", "net"),
        Symbol("T", "boxes of a frame", batch.after, "s", "box"),
    )
    return Equation(
        title="From the scan to its verified boxes",
        left=Symbol("T", "verified latency of the first frame of a batch", None, "s"),
        right=Term("sum", (wait, *parts)),
        source="a batch is whole with its last frame",
    )


def round_of(found: Loop) -> Round:
    """A batch as a round: what is drafted, how long it waits, and what its check takes.

    Args:
        found: A loop that drafts.
    """
    batch, alpha = found.usual, found.assumed.acceptance
    n, plain = batch.frames, _undrafted(found).usual
    drafting = n * batch.draft
    waiting = max(batch.waiting - (n - 1) * batch.draft, 0.0)
    chances = depth_chances(alpha, n)
    return Round(
        title=(
            f"{significant(found.kept)} of {n} drafts hold, and the first is verified after "
            f"{with_prefix(batch.latency, 's')}"
        ),
        tokens=tuple(DraftedToken(f"{i}", chance) for i, chance in enumerate(chances, start=1)),
        plain=RoundPart("plain", "one frame without a draft", plain.latency),
        parts=(
            RoundPart("draft", f"{n} drafts of the tracker", drafting),
            RoundPart("wait", "until the batch is whole", waiting),
            RoundPart("verify", f"{n} frames checked in one pass", batch.check - batch.draft),
        ),
        note=(
            f"The car acts on a draft for {with_prefix(batch.exposure, 's')} before it knows whether it holds; "
            f"{batch.lag} more {'scan comes' if batch.lag == 1 else 'scans come'} meanwhile. The board is at work for "
            f"{with_prefix(batch.busy, 's')} of it: {significant(batch.throughput)} frames/s, "
            f"and {significant(plain.throughput)} without drafts."
        ),
        what="frames",
    )


def _undrafted(found: Loop) -> Loop:
    """The same loop without a tracker."""
    return loop_at(replace(found.setting, frames=1, drafted=False), found.assumed)


@lru_cache(maxsize=256)
def _batches(setting: Setting, given: Assumed) -> tuple[Loop, ...]:
    """The same loop at every length of a batch."""
    return tuple(
        loop_at(replace(setting, frames=frames, drafted=True), given)
        for frames in range(1, MOST_FRAMES + 1)
    )


def curve(found: Loop) -> Curve:
    """Verified latency, and the board's time for a frame, over the frames of a batch.

    Args:
        found: The loop.
    """
    loops = _batches(replace(found.setting, frames=1, drafted=True), found.assumed)
    sizes = [float(one.setting.frames) for one in loops]
    lines = (
        ("worst", "worst frame verified after", [one.worst.latency for one in loops]),
        ("usual", "usual frame verified after", [one.usual.latency for one in loops]),
        ("board", "board at work for each frame", [1.0 / one.usual.throughput for one in loops]),
    )
    times = [time for _, _, values in lines for time in values]
    return Curve(
        title="What a batch buys, and what it costs",
        x=axis_over("frames of a batch n", "", sizes),
        y=CurveAxis(
            label="time", unit="s", min=min(times) / 2.0, max=2.0 * max(times), scale="log"
        ),
        series=tuple(
            CurveSeries(id=name, label=label, points=tuple(zip(sizes, values, strict=True)))
            for name, label, values in lines
        ),
        limits=(CurveLimit(label=with_prefix(found.deadline, "s"), y=found.deadline),),
        marks=(CurveMark(label="here", x=float(found.setting.frames), y=found.usual.latency),),
        note=_rates_note(found, loops),
    )


def _rates_note(found: Loop, loops: tuple[Loop, ...]) -> str:
    """By how much the shortest batch is late, and which rate of the sensor would save it."""
    two = loops[1]
    late = with_prefix(two.late, "s")
    rate = with_prefix(found.usual.rate, "Hz")
    low, high = two.rates
    told = f"At {rate} two frames are {late} late at worst."
    if two.rates.exist:
        between = f"{significant(low)} and {significant(high)} Hz"
        return f"{told} A sensor of between {between} could feed batches of two in time."
    return (
        f"{told} No rate of the sensor saves them: at up to {significant(high)} Hz, which the board can follow, they "
        "wait too long."
    )
