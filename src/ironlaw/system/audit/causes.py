"""The classes of causes, what speaks for one of them, and all that is known of a spike."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from ironlaw.base.number import summed
from ironlaw.system.audit import witnesses

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ironlaw.system.audit.compare import Excess, Key, Normal, Seen
    from ironlaw.system.audit.vocabulary import Kind
    from ironlaw.system.audit.witnesses import Shapes


class Cause(StrEnum):
    """Why a frame was late."""

    OP_SLOW_NEW_SHAPE = "op_slow_new_shape"
    OP_SLOW_SAME_SHAPE = "op_slow_same_shape"
    OP_EXTRA = "op_extra"
    MORE_OPS = "more_ops"
    KERNEL_SLOW = "kernel_slow"
    KERNEL_NEW = "kernel_new"
    LAUNCH_GAP = "launch_gap"
    HOST_GAP = "host_gap"
    GC = "gc"
    WAIT_OTHER_THREAD = "wait_other_thread"
    PREEMPTION = "preemption"
    ALLOC_SYNC = "alloc_sync"
    COPY_WAIT = "copy_wait"
    MACHINE_STRETCH = "machine_stretch"
    UNEXPLAINED = "unexplained"


class Evidence(StrEnum):
    """How far the trace goes."""

    NAMED = "named"
    """It shows the cause."""
    LOCATED = "located"
    """It shows only where."""
    UNEXPLAINED = "unexplained"


@dataclass(frozen=True, slots=True, kw_only=True)
class Suspect:
    """One possible cause of one spike."""

    cause: Cause
    culprit: str
    """The kernel, operator, call or thread."""
    stage: str
    time: float
    """Of the frame's excess [ns]."""
    evidence: Evidence
    key: Key
    """What recurs when the same thing happens again."""
    row: int = -1
    """The event of the trace that is blamed; −1 where it is none, or all."""
    words: str = ""
    """What was seen, in a sentence."""
    wanted: str = ""
    """The capture option that would have shown more."""
    single: bool = False
    """Whether one call holds nearly all of it."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Case:
    """All that is known of one spike."""

    frame: Seen
    excess: float
    """[ns]"""
    excesses: Sequence[Excess]
    normal: Mapping[Key, Normal]
    usual: float
    """What a normal frame takes [ns]."""
    shapes: Shapes

    def of(self, *kinds: Kind) -> list[Excess]:
        """Excesses of some kinds."""
        return [one for one in self.excesses if one.kind in kinds]


def blamed(case: Case, one: Excess, cause: Cause, time: float, words: str) -> Suspect:
    """One part of a spike as its cause, named by the trace.

    Args:
        case: The spike.
        one: The part.
        cause: What it is.
        time: Of the frame's excess [ns].
        words: What was seen.
    """
    return Suspect(
        cause=cause,
        culprit=one.name,
        stage=one.stage,
        time=time,
        evidence=Evidence.NAMED,
        key=one.key,
        row=witnesses.row_of(case.frame, one.key),
        words=words,
    )


def together(case: Case, cause: Cause, *kinds: Kind) -> list[Suspect]:
    """One suspect for all that some kinds add, named after the largest."""
    over = [one for one in case.of(*kinds) if one.total > 0.0]
    if not over:
        return []
    first = over[0]
    calls = summed(one.count for one in over)
    many = f"{calls:.0f} calls, the most by {first.name}"
    words = many if calls > 1 else f"one call of {first.name}"
    return [blamed(case, first, cause, summed(one.total for one in over), words)]
