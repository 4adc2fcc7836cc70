"""The truth about a case: what was done to it, by what it is known, what ends it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING

from ironlaw.system.jitter.board import OLDEST
from ironlaw.system.jitter.case import (
    BoxStorm,
    Contention,
    Flush,
    NewShape,
    Stall,
    Throttle,
    drawn_case,
)
from ironlaw.system.jitter.causes import CARDS, Cause, Stage
from ironlaw.system.jitter.events import event_key
from ironlaw.system.jitter.exposure import alone
from ironlaw.system.jitter.possible import Possibility, possibilities
from ironlaw.system.jitter.simulate import deployed

if TYPE_CHECKING:
    from ironlaw.system.jitter.case import Case
    from ironlaw.system.jitter.events import Event

ALL_KERNELS = "all kernels"
"""The event of a verdict that no single event is guilty."""
_LONG = 10_000_000  # time off the core that makes a frame late [ns]


@dataclass(frozen=True, slots=True, kw_only=True)
class Truth:
    """What a verdict is judged by.

    Attributes:
        seed: Of the case.
        frames: Length of the trace.
        cause: Class of the cause.
        kind: What it was in particular.
        frame: The slow frame; of a throttled trace the first.
        last: The last slow frame.
        stages: The stage of the event; more than one where the cause reaches beyond it.
        events: Keys of the guilty event; any of them is right.
        culprits: Names of the guilty events, as the trace shows them.
        decoys: Keys of events that look guiltier and are not.
        evidence: What the trace holds against the cause, by the names of `EVIDENCE`.
        level: "named" where the trace shows the cause, "located" where it shows only the place.
        audit_classes: Classes under which an audit may rightly file it.
        fix: What ends it.
        latency: Of the slow frame [s].
        excess: How much later the frame is than without the cause [s].
        possible: Which causes can make a frame this late, and why.
    """

    seed: int
    frames: int
    cause: Cause
    kind: str
    frame: int
    last: int
    stages: tuple[Stage, ...]
    events: tuple[str, ...]
    culprits: tuple[str, ...]
    decoys: tuple[str, ...]
    evidence: tuple[str, ...]
    level: str
    audit_classes: tuple[str, ...]
    fix: str
    latency: float
    excess: float
    possible: tuple[Possibility, ...]


def case(seed: int, frames: int = 2000) -> Truth:
    """The truth about the case of a seed.

    Args:
        seed: Of the case.
        frames: Length of the trace.

    Example:
        >>> truth = case(7)
        >>> truth.frame, truth.excess > 0.01
        (685, True)
    """
    drawn = drawn_case(seed, frames)
    latency, events = alone(drawn, cured=False)
    usual, _ = alone(drawn, cured=True)
    card, injection = CARDS[drawn.cause], drawn.injection
    guilty = _guilty(drawn, events)
    excess = latency - usual
    return Truth(
        seed=seed,
        frames=frames,
        cause=drawn.cause,
        kind=_kind(drawn),
        frame=drawn.frame,
        last=injection.last if isinstance(injection, Throttle) else drawn.frame,
        stages=_stages(drawn),
        events=tuple(event.key for event in guilty) or (ALL_KERNELS,),
        culprits=tuple(dict.fromkeys(event.name for event in guilty)),
        decoys=_looks_guilty(drawn, events),
        evidence=_evidence(drawn),
        level="named" if _seen(drawn) else "located",
        audit_classes=card.audit_classes,
        fix=card.fix,
        latency=latency,
        excess=excess,
        possible=possibilities(excess),
    )


def _seen(drawn: Case) -> bool:
    """Whether the trace shows the cause itself: why the host did not run, or that clocks fell."""
    injection, capture = drawn.injection, drawn.capture
    if isinstance(injection, Throttle):
        return capture.clocks
    if not isinstance(injection, Stall):
        return True
    return capture.sched if injection.kind == "preemption" else capture.gc


def _kind(drawn: Case) -> str:
    injection = drawn.injection
    if isinstance(injection, Stall):
        return injection.kind
    if isinstance(injection, Throttle):
        return "gpu and memory clock" if injection.clocks.memory > 1.0 else "gpu clock"
    if isinstance(injection, Contention):
        return injection.engine
    return ""


def _stages(drawn: Case) -> tuple[Stage, ...]:
    injection = drawn.injection
    if isinstance(injection, (Flush, Stall)):
        return (injection.stage,)
    if isinstance(injection, BoxStorm):
        return (Stage.POSTPROCESS,)
    if isinstance(injection, NewShape):
        return (Stage.BACKBONE,)
    return (Stage.WHOLE, Stage.BACKBONE) if isinstance(injection, Contention) else (Stage.WHOLE,)


def _guilty(drawn: Case, events: tuple[Event, ...]) -> list[Event]:
    """The events that a verdict may name."""
    injection = drawn.injection
    if isinstance(injection, Flush):
        return [event for event in events if event.name == "cudaFree"]
    if isinstance(injection, NewShape):
        return [event for event in events if event.name == "cuModuleLoadDataEx"]
    if isinstance(injection, BoxStorm):
        return [event for event in events if event.name == "nms_kernel"]
    if isinstance(injection, Contention):
        bound = {k.name for k in deployed().kernels if k.work.memory > k.work.compute}
        burst = f"{injection.engine} frame"
        return [event for event in events if event.name in bound or event.name == burst]
    if isinstance(injection, Stall):
        shown = [e for e in events if e.name in (injection.task, "off CPU")]
        shown = [e for e in shown if e.duration > _LONG]
        shown = shown if injection.kind == "preemption" else []
        shown += [e for e in events if e.name == "Python GC" and e.args.get("generation") == OLDEST]
        return [*shown, _late(events)[0]]
    return []


def _late(events: tuple[Event, ...]) -> tuple[Event, Event]:
    """The call after the longest time without one on the host, and what it launched."""
    calls = sorted((e for e in events if e.category == "cuda_runtime"), key=lambda e: e.start)
    gaps = [(b.start - a.end, b) for a, b in pairwise(calls)]
    call = max(gaps, key=lambda gap: gap[0])[1]
    launched = (e for e in events if e.correlation == call.correlation and e is not call)
    return call, next(launched)


def _looks_guilty(drawn: Case, events: tuple[Event, ...]) -> tuple[str, ...]:
    """What looks guiltier than the cause, and the harmless oddities."""
    kernels = [
        event for event in events if event.category in ("kernel", "gpu_memcpy", "gpu_memset")
    ]
    injection = drawn.injection
    found: list[str] = []
    if isinstance(injection, Flush):
        freed = max(event.end for event in events if event.name == "cudaFree")
        found.append(min((e for e in kernels if e.start >= freed), key=lambda e: e.start).key)
    elif isinstance(injection, NewShape):
        trials = [event for event in kernels if "_tactic" in event.name]
        found.append(max(trials, key=lambda e: e.duration).key)
    elif isinstance(injection, Throttle):
        longest = max((e for e in kernels if e.category == "kernel"), key=lambda e: e.duration)
        found.append(longest.key)
    elif isinstance(injection, Contention):
        found.append(ALL_KERNELS)
    elif isinstance(injection, BoxStorm):
        found.append(event_key(drawn.frame, "postprocess_kernels"))
    else:
        found.append(_late(events)[1].key)
    return (*found, *_oddities(drawn, events))


def _oddities(drawn: Case, events: tuple[Event, ...]) -> list[str]:
    """Keys of the decoys, wherever they stand in the trace."""
    found: list[str] = []
    for decoy in drawn.decoys:
        shown = events
        if decoy.frame != drawn.frame:
            _, shown = alone(replace(drawn, frame=decoy.frame), cured=True)
        found += [event.key for event in shown if _is_decoy(decoy.name, event)]
    return found


def _is_decoy(name: str, event: Event) -> bool:
    if name == "slow_kernel":
        small = min(deployed().kernels, key=lambda k: abs(k.work.time() - 60e-6)).name
        return event.name == small
    if name == "long_copy":
        return event.track == "stream 13"
    return event.args.get("next_task") == "kworker/u24:0" or event.name == "kworker/u24:0"


def _evidence(drawn: Case) -> tuple[str, ...]:
    found = list(REQUIRED[drawn.cause])
    injection, capture = drawn.injection, drawn.capture
    if isinstance(injection, Throttle):
        if injection.clocks.memory > 1.0:
            found.append("memory_bound_stretch")
        if capture.clocks:
            found.append("clock_drops")
    if isinstance(injection, Stall) and _seen(drawn):
        found.append("off_cpu" if injection.kind == "preemption" else "gc_event")
    return tuple(found)


REQUIRED: dict[Cause, tuple[str, ...]] = {
    Cause.ALLOC_FLUSH: (
        *("gpu_idle_in_gap", "kernels_unchanged", "free_calls_in_frame"),
        *("reserved_drops", "peak_request"),
    ),
    Cause.NEW_SHAPE: ("module_load", "unseen_kernels", "new_input_shape", "once_for_the_shape"),
    Cause.THROTTLE: ("compute_bound_stretch", "no_gaps", "many_frames"),
    Cause.CONTENTION: ("memory_bound_stretch", "compute_bound_unchanged", "engine_burst"),
    Cause.NMS: ("boxes_grow", "time_with_square", "mask_grows", "other_stages_unchanged"),
    Cause.HOST_STALL: ("gpu_idle_in_gap", "kernels_unchanged", "launch_late", "no_call_in_gap"),
}
"""What proves each cause in any trace that it stands in."""
