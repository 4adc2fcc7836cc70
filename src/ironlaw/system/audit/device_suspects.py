"""What speaks for a cause on the device: allocations, kernels, copies, late launches."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ironlaw.base.number import summed
from ironlaw.system.audit import witnesses
from ironlaw.system.audit.causes import Cause, Evidence, Suspect, blamed, together
from ironlaw.system.audit.vocabulary import Kind, launches_work

if TYPE_CHECKING:
    from ironlaw.system.audit.causes import Case
    from ironlaw.system.audit.compare import Excess


def _allocation(case: Case) -> list[Suspect]:
    return together(case, Cause.ALLOC_SYNC, Kind.ALLOCATION)


def _new_kernels(case: Case) -> list[Suspect]:
    loading = [one for one in case.of(Kind.LOADING) if one.total > 0.0]
    kernels = [one for one in case.of(Kind.KERNEL) if one.new > 0.0]
    time = summed(one.total for one in loading) + summed(one.new for one in kernels)
    if time <= 0.0:
        return []
    first = max([*loading, *kernels], key=lambda one: one.total)
    names = f"{len(kernels)} kernels that no normal frame runs"
    load = f", {len(loading)} calls that load code" if loading else ""
    found = blamed(case, first, Cause.KERNEL_NEW, time, names + load)
    return [replace(found, key=(Kind.KERNEL, first.stage, "new"))]


def _slow_kernels(case: Case) -> list[Suspect]:
    return [
        blamed(case, one, Cause.KERNEL_SLOW, one.slower, witnesses.kernel_words(case.frame, one))
        for one in case.of(Kind.KERNEL)
        if one.slower > 0.0
    ]


def _backlog(case: Case) -> list[Suspect]:
    """Device work of an earlier frame that was still queued when this one began, and what in it was too long."""
    over = [one for one in case.of(Kind.KERNEL, Kind.COPY) if one.exposed > 0.0]
    exposed = summed(one.exposed for one in over)
    timeline = case.frame.view.timeline
    rows = [s.row for s in case.frame.segments if s.kind in (Kind.KERNEL, Kind.COPY)]
    if not rows or exposed <= 0.0:
        return []
    best: tuple[float, int] = (0.0, -1)
    for row in timeline.queued_before(rows[0]):
        key = case.frame.view.device_segment(row, 0, 0).key
        usual = case.normal[key].longest if key in case.normal else 0.0
        best = max(best, (timeline.trace.duration[row] - usual, row))
    if best[1] < 0:
        return []
    segment = case.frame.view.device_segment(best[1], 0, 0)
    return [
        Suspect(
            cause=Cause.KERNEL_SLOW if segment.kind is Kind.KERNEL else Cause.COPY_WAIT,
            culprit=segment.name,
            stage=segment.stage,
            time=min(exposed, best[0]),
            evidence=Evidence.NAMED,
            key=segment.key,
            row=best[1],
            words=f"it ran {best[0] / 1e6:.2f} ms longer than usual before this frame, whose work queued behind it",
        )
    ]


def is_copy(one: Excess) -> bool:
    """Whether an excess is that of a call that copies.

    Args:
        one: The excess.
    """
    return one.kind is Kind.CALL and "memcpy" in one.name.lower()


def _copies(case: Case) -> list[Suspect]:
    calls = [one for one in case.of(Kind.CALL) if is_copy(one)]
    return [
        blamed(case, one, Cause.COPY_WAIT, one.total, witnesses.copy_words(case.frame, one))
        for one in [*case.of(Kind.COPY), *calls]
        if one.total > 0.0
    ]


def _launching(case: Case) -> list[Suspect]:
    calls = [one for one in case.of(Kind.CALL) if launches_work(one.name) and not is_copy(one)]
    waits = case.of(Kind.LAUNCH, Kind.DEPENDENCY, Kind.RETURN, Kind.QUEUE)
    over = [*((one, one.slower) for one in calls), *((one, one.total - one.more) for one in waits)]
    parts = [(one, time) for one, time in over if time > 0.0]
    if not parts:
        return []
    first = max(parts, key=lambda part: part[1])[0]
    time = summed(time for _, time in parts)
    words = "the device stood idle between the launch of its work and the start"
    return [
        replace(
            blamed(case, first, Cause.LAUNCH_GAP, time, words),
            culprit=first.name or str(first.kind),
            evidence=Evidence.NAMED if first.kind in (Kind.CALL, Kind.LAUNCH) else Evidence.LOCATED,
            key=(Kind.LAUNCH, first.stage, first.name),
            wanted="enable_cuda_sync_events=True shows which event a stream waited for",
        )
    ]


WITNESSES = (
    _backlog,
    _allocation,
    _new_kernels,
    _slow_kernels,
    _copies,
    _launching,
)
"""What each of them finds in a spike, possibly nothing."""
