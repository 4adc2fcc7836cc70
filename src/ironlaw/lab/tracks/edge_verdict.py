"""What can be accused in a late frame, and what clears each event that is not guilty: a number of the frame."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from ironlaw.base.number import summed
from ironlaw.instruments.lanes import NANOSECOND
from ironlaw.instruments.scale import percent, significant, with_prefix
from ironlaw.lab.audit_bench import late_events
from ironlaw.lab.case_recording import FRAMES, OPERATORS, ROWS, case_recording
from ironlaw.system.audit.distribution import median
from ironlaw.system.jitter.simulate import deployed
from ironlaw.system.jitter.truth import ALL_KERNELS, Truth, case

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ironlaw.instruments.lanes import Late

_MOST = 7  # events that are accused for their excess
_GARBAGE = "Python GC"
_THREAD = "python"
_LONG = 0.1  # of the frame's excess, from which a duration is called longer
_SLOW = 1.2  # times its usual time, from which an event is called slow
_COPY_STREAM = "stream 13"
_MAIN_STREAM = "stream 7"
_ENGINES = ("ISP", "NVENC", "VIC", "DLA0")


@lru_cache(maxsize=8)
def truth_of(seed: int) -> Truth:
    """What a verdict is judged by.

    Args:
        seed: Of the case.
    """
    return case(seed, FRAMES)


def late_frame(seed: int) -> int:
    """The frame that the verdict is about: the first that stands out.

    Args:
        seed: Of the case.
    """
    return case_recording(seed).first_look


def _found(seed: int) -> list[Late]:
    return late_events(case_recording(seed), late_frame(seed))


@lru_cache(maxsize=8)
def accused(seed: int) -> tuple[Late, ...]:
    """The events of the late frame that may be accused, by their start: the latest of each name, and the odd ones.

    Args:
        seed: Of the case.
    """
    truth, found = truth_of(seed), _found(seed)
    odd = {*truth.decoys, *truth.events}
    picked: dict[str, Late] = {}
    for late in found:
        if _may_be_accused(late) and late.item.label not in picked and len(picked) < _MOST:
            picked[late.item.label] = late
    decoys = [late for late in found if late.item.id in truth.decoys]
    guilty = [late for late in found if late.item.id in truth.events]
    chosen = {late.item.id: late for late in (*picked.values(), *decoys)}
    if guilty and not any(name in truth.events for name in chosen):
        chosen[guilty[0].item.id] = guilty[0]
    listed = sorted(chosen.values(), key=lambda late: (late.item.start, late.item.id))
    return tuple(late for late in listed if _may_be_accused(late) or late.item.id in odd)


def _may_be_accused(late: Late) -> bool:
    """Whether it is an event of its own: no operator that holds others, and not the thread itself."""
    item = late.item
    return (item.row != OPERATORS or item.label == _GARBAGE) and item.label != _THREAD


def option_words(late: Late) -> str:
    """An event as the verdict offers it.

    Args:
        late: The event.
    """
    row = ROWS.get(late.item.row, late.item.row)
    return f"{late.item.label} ({row}, at {with_prefix(max(late.item.start, 0) * NANOSECOND, 's')})"


def cleared(seed: int, name: str) -> str:
    """Why an event is not guilty, with the number that clears it.

    Args:
        seed: Of the case.
        name: The event, or all kernels.
    """
    if name == ALL_KERNELS:
        return _all_kernels(seed)
    late = next(one for one in accused(seed) if one.item.id == name)
    return _one_event(seed, late)


def _stretches(seed: int) -> tuple[list[float], list[float]]:
    """Time over usual time of the network's kernels: those bound by arithmetic, and those bound by memory."""
    usual = {late.item.label: late for late in _found(seed) if late.usual > 0}
    compute: list[float] = []
    memory: list[float] = []
    for plan in deployed().kernels:
        late = usual.get(plan.name)
        if late is not None:
            ratio = late.item.duration / late.usual
            (memory if plan.work.memory > plan.work.compute else compute).append(ratio)
    return compute, memory


def stretch_words(seed: int) -> str:
    """How much longer the kernels of the network took, by what binds them.

    Args:
        seed: Of the case.
    """
    compute, memory = _stretches(seed)
    return (
        f"kernels bound by arithmetic took {median(compute):.2f} times their usual time in the middle, those bound by "
        f"memory {median(memory):.2f} times"
    )


def _all_kernels(seed: int) -> str:
    return f"Not all kernels: {stretch_words(seed)}. One event did it."


def _one_event(seed: int, late: Late) -> str:
    """What clears an event: first where it stands, then its length and its start."""
    item = late.item
    if item.row in _ENGINES:
        return _engine(seed, late)
    if item.row == _COPY_STREAM:
        return _copy(seed, late)
    if item.kind == "wait":
        took = with_prefix(item.duration * NANOSECOND, "s")
        return f"{item.label} waits for the GPU and returns when it is done: {took}. Ask what the GPU was doing."
    if item.kind == "other":
        return _hidden(late, excess_of(seed))
    if truth_of(seed).events == (ALL_KERNELS,) and item.kind == "kernel":
        return _not_alone(seed, late)
    return _long_or_late(late, excess_of(seed))


def _engine(seed: int, late: Late) -> str:
    recording = case_recording(seed)
    frames = range(len(recording.latencies))
    every = [one for one in frames if _has(seed, one, late.item.row)]
    calm = len([one for one in every if one not in recording.spikes])
    return f"{late.item.label} stands in {len(every)} frames of the trace, and {calm} of them are on time."


def _hidden(late: Late, excess: float) -> str:
    took = with_prefix(late.item.duration * NANOSECOND, "s")
    return (
        f"{late.item.label}, {took}: the host only waited for the GPU meanwhile, and the GPU was at work. It costs "
        f"none of the {with_prefix(excess, 's')}."
    )


def _not_alone(seed: int, late: Late) -> str:
    took, usual = (with_prefix(t * NANOSECOND, "s") for t in (late.item.duration, late.usual))
    return (
        f"{late.item.label} took {took} instead of {usual}, and it is not alone: {stretch_words(seed)}. No single "
        "event is guilty."
    )


def _long_or_late(late: Late, excess: float) -> str:
    """What its length explains, or that it only began late."""
    item = late.item
    took, usual = (with_prefix(t * NANOSECOND, "s") for t in (item.duration, late.usual))
    longer, later = (
        t * NANOSECOND for t in (item.duration - late.usual, late.gap - late.usual_gap)
    )
    if longer > _LONG * excess:
        return (
            f"{item.label} is {with_prefix(longer, 's')} longer than usual, {_share(longer, excess)} of the excess, "
            "and still it is not the cause: look for what made it so."
        )
    if later > _LONG * excess:
        return (
            f"{item.label} is late, not long: it took {took}, {usual} in the median frame, and began "
            f"{with_prefix(later, 's')} later than usual. Ask what stood before it."
        )
    times = item.duration / late.usual if late.usual else 1.0
    slow = f"{significant(times, 2)} times its usual time, and yet " if times > _SLOW else ""
    explained = f"it explains {_share(longer, excess)} of the {with_prefix(excess, 's')}"
    return f"{item.label} took {took}: {slow}{explained} that the frame is late."


def _share(time: float, excess: float) -> str:
    return percent(max(time, 0.0) / excess) if time > 0.0 else "nothing"


def _copy(seed: int, late: Late) -> str:
    """A long copy on a stream of its own: what the main stream did meanwhile."""
    item = late.item
    end = item.start + item.duration
    others = [
        one
        for one in (found.item for found in _found(seed))
        if one.row == _MAIN_STREAM and item.start < one.start + one.duration and one.start < end
    ]
    took = with_prefix(item.duration * NANOSECOND, "s")
    return (
        f"{item.label} lasts {took} on a stream of its own: meanwhile {len(others)} pieces of work ran on the main "
        "stream, and none of them waited for it."
    )


def _has(seed: int, frame: int, row: str) -> bool:
    return any(item.row == row for item in case_recording(seed).items(frame))


def excess_of(seed: int) -> float:
    """By how much the late frame is late [s].

    Args:
        seed: Of the case.
    """
    recording = case_recording(seed)
    return recording.seconds(late_frame(seed)) - recording.figures.median


def convicted(seed: int, name: str) -> str:
    """What the guilty event cost.

    Args:
        seed: Of the case.
        name: The event, or all kernels.
    """
    if name == ALL_KERNELS:
        return f"No single one: {stretch_words(seed)}."
    found: Sequence[Late] = [late for late in _found(seed) if late.item.id in truth_of(seed).events]
    late = next(one for one in found if one.item.id == name)
    alike = [one for one in found if one.item.label == late.item.label]
    total = summed(one.excess for one in alike) * NANOSECOND
    times = f"{len(alike)} of them add" if len(alike) > 1 else "It adds"
    return f"{times} {with_prefix(total, 's')}, of {with_prefix(excess_of(seed), 's')} that the frame is late."
