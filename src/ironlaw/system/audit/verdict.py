"""The audit of a trace: its spikes, each with a cause, a culprit and how sure that is; and what recurs."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ironlaw.base.errors import ModelError
from ironlaw.base.number import summed
from ironlaw.system.audit import witnesses
from ironlaw.system.audit.causes import Case, Cause, Evidence, Suspect
from ironlaw.system.audit.chance import at_least
from ironlaw.system.audit.compare import excesses, normals, references, see, stretch
from ironlaw.system.audit.distribution import Distribution, distribution, outliers
from ironlaw.system.audit.foretold import foreboding
from ironlaw.system.audit.frames import Frames, find_frames
from ironlaw.system.audit.suspects import suspects, typical_ratio
from ironlaw.system.audit.timeline import timeline_of
from ironlaw.system.audit.vocabulary import Kind

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from ironlaw.system.audit.compare import Excess, Key, Normal, Seen
    from ironlaw.system.audit.distribution import Outliers
    from ironlaw.system.audit.timeline import Timeline
    from ironlaw.system.trace.columns import Trace

_SUSPECTS = 5
_SURPRISE = (
    0.05  # a recurrence that chance gives less often, at any of the places, is the place's own
)
_THROTTLE = 2.0  # times: no clock of a running machine falls further in the sources of the registry


class NoFramesError(ModelError, ValueError):
    """A trace in which nothing repeats: there is nothing to compare."""

    def __init__(self, path: str) -> None:
        super().__init__(
            path,
            f"{path}: no frames: neither profiler steps, nor an annotation that repeats eight times, nor a periodic "
            "event; annotate each frame with record_function",
        )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Spike:
    """A late frame and what made it late."""

    frame: int
    """From zero, in the order of the trace."""
    latency: int
    """[ns]"""
    excess: float
    """Above the median [ns]."""
    suspects: tuple[Suspect, ...]
    """The first is the verdict."""
    seen: Seen
    """The frame's critical path, whose segments add up to its latency."""
    excesses: tuple[Excess, ...]
    pace: float | None
    """How long the other work took, against normal frames; None where it has no other work."""

    @property
    def verdict(self) -> Suspect:
        """What made it late."""
        return self.suspects[0]

    @property
    def explained(self) -> float:
        """The share of the excess that the verdict explains."""
        return min(max(self.verdict.time / self.excess, 0.0), 1.0) if self.excess > 0.0 else 0.0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Finding:
    """What several spikes have in common, or one alone."""

    cause: Cause
    culprit: str
    stage: str
    evidence: Evidence
    frames: tuple[int, ...]
    excess: float
    """Of all of them together [ns]."""
    words: str
    wanted: str


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Audit:
    """What a trace says about its frames."""

    trace: Trace
    frames: Frames
    distribution: Distribution
    outliers: Outliers
    spikes: tuple[Spike, ...]
    findings: tuple[Finding, ...]
    typical: Seen
    """The frame nearest the median."""
    normal: Mapping[Key, Normal]
    remarks: tuple[str, ...]
    """What limits the answer."""


def audit_trace(
    trace: Trace, deadline: float | None = None, report: Callable[[int, int], None] | None = None
) -> Audit:
    """Find the frames of a trace, those that stand out, and what made each of them late.

    Args:
        trace: The trace.
        deadline: What a frame may take [s]; a robust threshold if None.
        report: Told of every spike how many are done of how many.

    Raises:
        NoFramesError: if nothing in the trace repeats.
        DomainError: for a deadline that is not positive.
    """
    frames = find_frames(trace)
    if not len(frames):
        raise NoFramesError(trace.path)
    latencies = frames.latencies
    figures = distribution(latencies, deadline)
    beyond = outliers(latencies, deadline)
    timeline = timeline_of(trace, frames)
    near = references(latencies, beyond.center, beyond.threshold)
    calm = [see(timeline, place) for place in near]
    normal = normals(calm)
    shapes = witnesses.usual_shapes(calm)
    spikes: list[Spike] = []
    for place in beyond.frames:
        frame = see(timeline, place)
        case = Case(
            frame=frame,
            excess=max(frame.latency - beyond.center, 1.0),
            excesses=excesses(frame, normal),
            normal=normal,
            usual=summed(one.latency for one in calm) / len(calm),
            shapes=shapes,
        )
        spikes.append(_spike(case, tuple(suspects(case)[:_SUSPECTS])))
        if report is not None:
            report(len(spikes), len(beyond.frames))
    judged = _by_foreboding(_by_recurrence(spikes, normal, beyond.center), timeline)
    return Audit(
        trace=trace,
        frames=frames,
        distribution=figures,
        outliers=beyond,
        spikes=tuple(judged),
        findings=findings(judged),
        typical=min(calm, key=lambda one: (abs(one.latency - beyond.center), one.place)),
        normal=normal,
        remarks=(*beyond.remarks, *_remarks(judged, beyond.center)),
    )


def _spike(case: Case, found: tuple[Suspect, ...]) -> Spike:
    rows = [row for row in stretch(case.frame, case.normal) if row[2] != found[0].key]
    changed = found[0].cause is Cause.OP_SLOW_NEW_SHAPE  # other work on another size tells nothing
    return Spike(
        frame=case.frame.place,
        latency=case.frame.latency,
        excess=case.excess,
        suspects=found,
        seen=case.frame,
        excesses=tuple(case.excesses),
        pace=None if changed else typical_ratio(rows),
    )


def _by_recurrence(
    spikes: Sequence[Spike], normal: Mapping[Key, Normal], usual: float
) -> list[Spike]:
    """Single calls that stall at places which do not recur were interrupted: the calls have nothing to do with it."""
    stalls = [one for one in spikes if _is_stall(one)]
    counts: dict[Key, int] = {}
    for one in stalls:
        counts[one.verdict.key] = counts.get(one.verdict.key, 0) + 1
    judged: list[Spike] = []
    for one in spikes:
        if _is_stall(one) and one.verdict.cause is Cause.OP_SLOW_SAME_SHAPE:
            key = one.verdict.key
            share = min(max(normal[key].time / usual, 1e-6), 1.0 - 1e-9) if key in normal else 1e-6
            surprise = at_least(counts[key], len(stalls), share) * len(counts)
            recurs = counts[key] > 1 and surprise < _SURPRISE
            judged.append(_recurring(one) if recurs else _interrupted(one))
        else:
            judged.append(one)
    return judged


def _is_stall(spike: Spike) -> bool:
    verdict = spike.verdict
    return verdict.single and verdict.cause in (Cause.OP_SLOW_SAME_SHAPE, Cause.HOST_GAP)


def _recurring(spike: Spike) -> Spike:
    verdict = replace(
        spike.verdict,
        evidence=Evidence.NAMED,
        words=f"{spike.verdict.words}, but it recurs at this operator more often than chance",
    )
    return replace(spike, suspects=(verdict, *spike.suspects[1:]))


def _interrupted(spike: Spike) -> Spike:
    old = spike.verdict
    verdict = replace(
        old,
        cause=Cause.PREEMPTION,
        key=(Kind.OFF_CORE, "", ""),
        words=f"one call of {old.culprit} stalled on usual shapes and at no place that recurs: it was interrupted, "
        "by the scheduler or a page fault; the trace does not show by what",
    )
    return replace(spike, suspects=(verdict, old, *spike.suspects[1:]))


def _by_foreboding(spikes: Sequence[Spike], timeline: Timeline) -> list[Spike]:
    """Where the frames before those that stall at one place are unusual there, the thread waits for another one."""
    apart = {one.frame for one in spikes}
    groups: dict[Key, dict[Key, list[Spike]]] = {}
    for one in spikes:
        if one.verdict.cause is Cause.HOST_GAP and one.verdict.key[0] is Kind.GAP:
            longest = max(one.seen.segments, key=lambda part: (part.kind is Kind.GAP, part.time))
            groups.setdefault(one.verdict.key, {}).setdefault(longest.key, []).append(one)
    found: dict[int, Spike] = {}
    for places in groups.values():
        for place, members in places.items():
            sign = foreboding(timeline, [one.frame for one in members], apart, place)
            if sign is not None:
                found |= {one.frame: _waiting(one, sign.words) for one in members}
    return [found.get(one.frame, one) for one in spikes]


def _waiting(spike: Spike, words: str) -> Spike:
    old = spike.verdict
    verdict = replace(
        old, cause=Cause.WAIT_OTHER_THREAD, words=f"{old.words.partition(':')[0]}; {words}"
    )
    return replace(spike, suspects=(verdict, *spike.suspects[1:]))


def findings(spikes: Sequence[Spike]) -> tuple[Finding, ...]:
    """Spikes with the same cause and key as one finding, the largest excess first.

    Args:
        spikes: The spikes.
    """
    groups: dict[tuple[Cause, Key], list[Spike]] = {}
    for one in spikes:
        groups.setdefault((one.verdict.cause, one.verdict.key), []).append(one)
    found: list[Finding] = []
    for (cause, _), members in groups.items():
        first = max(members, key=lambda one: one.excess).verdict
        found.append(
            Finding(
                cause=cause,
                culprit=first.culprit,
                stage=first.stage,
                evidence=first.evidence,
                frames=tuple(one.frame for one in members),
                excess=summed(one.excess for one in members),
                words=first.words,
                wanted=first.wanted,
            )
        )
    return tuple(sorted(found, key=lambda one: (-one.excess, one.culprit)))


def _remarks(spikes: Sequence[Spike], center: float) -> list[str]:
    """Why throttling alone makes no large spike: it slows all work by one factor."""
    worst = max(spikes, key=lambda one: one.latency, default=None)
    if worst is None or worst.pace is None or worst.verdict.cause is Cause.MACHINE_STRETCH:
        return []
    factor = worst.latency / center
    if factor < _THROTTLE:
        return []
    return [
        f"throttling alone cannot make frame {worst.frame}: it would have to slow all work to {factor:.1f} × its "
        f"normal time, and half of the other work in that frame took at most {worst.pace:.2f} ×"
    ]
