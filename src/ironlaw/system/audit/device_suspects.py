"""What speaks for a cause on the device: allocations, kernels, copies, late launches."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ironlaw.base.number import summed
from ironlaw.system.audit import witnesses
from ironlaw.system.audit.causes import Cause, Evidence, Suspect, together
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
    return [
        Suspect(
            cause=Cause.KERNEL_NEW,
            culprit=first.name,
            stage=first.stage,
            time=time,
            evidence=Evidence.NAMED,
            key=(Kind.KERNEL, first.stage, "new"),
            words=names + load,
        )
    ]


def _slow_kernels(case: Case) -> list[Suspect]:
    return [
        Suspect(
            cause=Cause.KERNEL_SLOW,
            culprit=one.name,
            stage=one.stage,
            time=one.slower,
            evidence=Evidence.NAMED,
            key=one.key,
            words=witnesses.kernel_words(case.frame, one),
        )
        for one in case.of(Kind.KERNEL)
        if one.slower > 0.0
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
        Suspect(
            cause=Cause.COPY_WAIT,
            culprit=one.name,
            stage=one.stage,
            time=one.total,
            evidence=Evidence.NAMED,
            key=one.key,
            words=witnesses.copy_words(case.frame, one),
        )
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
    return [
        Suspect(
            cause=Cause.LAUNCH_GAP,
            culprit=first.name or str(first.kind),
            stage=first.stage,
            time=summed(time for _, time in parts),
            evidence=Evidence.NAMED if first.kind in (Kind.CALL, Kind.LAUNCH) else Evidence.LOCATED,
            key=(Kind.LAUNCH, first.stage, first.name),
            words="the device stood idle between the launch of its work and the start",
            wanted="enable_cuda_sync_events=True shows which event a stream waited for",
        )
    ]


WITNESSES = (
    _allocation,
    _new_kernels,
    _slow_kernels,
    _copies,
    _launching,
)
"""What each of them finds in a spike, possibly nothing."""
