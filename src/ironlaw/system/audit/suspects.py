"""Every possible cause of a spike, and the slow machine among them, which has no culprit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ironlaw.base.number import summed
from ironlaw.system.audit import device_suspects, gaps, host_suspects, witnesses
from ironlaw.system.audit.causes import Cause, Evidence, Suspect
from ironlaw.system.audit.compare import stretch
from ironlaw.system.audit.vocabulary import Kind

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ironlaw.system.audit.causes import Case
    from ironlaw.system.audit.compare import Key

_NAMED_SHARE = 0.25  # of the excess: less than that, and nothing is blamed
_STRETCHED, _UNSTRETCHED = 1.15, 1.08
_LEAST_KERNELS = 3  # that are stretched where only those bound by memory are
_ALONE = 0.7  # of all stretching: one kernel with more than that is slow by itself
_COMMON = (
    0.35  # of the largest stretch, that half of the other work shares where the machine is slow
)
_UNEVEN = 1.5  # times the common stretch that one part may have of it


def suspects(case: Case) -> list[Suspect]:
    """Every possible cause with a time above zero, the largest first.

    Args:
        case: The spike.
    """
    found = [suspect for witness in _WITNESSES for suspect in witness(case) if suspect.time > 0.0]
    found.sort(key=lambda one: (-one.time, one.cause, one.culprit))
    if not found or found[0].time < _NAMED_SHARE * case.excess:
        return [_unexplained(case), *found]
    return found


def _unexplained(case: Case) -> Suspect:
    return Suspect(
        cause=Cause.UNEXPLAINED,
        culprit="nothing that stands out",
        stage="",
        time=0.0,
        evidence=Evidence.UNEXPLAINED,
        key=(Kind.GAP, "", ""),
        words="the excess is spread over many small parts",
        wanted=gaps.wanted_for_gap(case.frame.view),
    )


def _machine(case: Case) -> list[Suspect]:
    """All work slower by one factor, or only what memory binds: the machine, and not one kernel."""
    rows = stretch(case.frame, case.normal)
    slow = [one for one in case.of(Kind.OPERATOR, Kind.KERNEL) if one.slower > 0.0]
    if not slow or not rows or case.shapes.mostly_new(case.frame, slow):
        return []
    first = max(slow, key=lambda one: one.slower)
    ratios = {key: ratio for ratio, _, key in rows}
    others = typical_ratio([row for row in rows if row[2] != first.key])
    long = [row for row in rows if row[0] >= _STRETCHED]
    calm = [row for row in rows if row[0] <= _UNSTRETCHED]
    own = ratios.get(first.key, 0.0) - 1.0
    if others is not None and others >= _STRETCHED and others - 1.0 >= _COMMON * own:
        return [_slower_machine(case, others, long)]
    long = [row for row in long if row[2][0] is Kind.KERNEL]
    time = summed(one.slower for one in slow if one.kind is Kind.KERNEL)
    if len(long) < _LEAST_KERNELS or not calm or first.slower > _ALONE * time:
        return []
    engines = witnesses.beside(case)
    bound = ", ".join(key[2] for _, _, key in sorted(long, reverse=True)[:3])
    return [
        Suspect(
            cause=Cause.MACHINE_STRETCH,
            culprit=f"{bound} beside {', '.join(engines)}" if engines else bound,
            stage=first.stage,
            time=time,
            evidence=Evidence.NAMED if engines else Evidence.LOCATED,
            key=(Kind.KERNEL, "", "memory stretch"),
            row=witnesses.burst_row(case, engines)
            if engines
            else witnesses.row_of(case.frame, first.key),
            words=witnesses.stretch_words(long, calm, everything=False),
            wanted=witnesses.WANTED_CLOCKS,
        )
    ]


def _slower_machine(case: Case, factor: float, long: Sequence[tuple[float, float, Key]]) -> Suspect:
    """Everything by a factor; what a part took beyond it is its own."""
    kinds = (Kind.OPERATOR, Kind.KERNEL, Kind.GAP, Kind.PYTHON, Kind.CALL, Kind.COPY)
    most = _UNEVEN * (factor - 1.0)
    clock = witnesses.slower_clock(case)
    words = witnesses.stretch_words(long, (), everything=True)
    parts = [min(one.slower + one.exposed, most * one.normal.path) for one in case.of(*kinds)]
    return Suspect(
        cause=Cause.MACHINE_STRETCH,
        culprit="the whole machine",
        stage="",
        time=summed(part for part in parts if part > 0.0),
        evidence=Evidence.NAMED if clock else Evidence.LOCATED,
        key=(Kind.KERNEL, "", "stretch"),
        words=f"{words}; {clock}" if clock else words,
        wanted=witnesses.WANTED_CLOCKS,
    )


def typical_ratio(rows: Sequence[tuple[float, float, Key]]) -> float | None:
    """The ratio that half of the work, by its normal time, does not exceed; None without work.

    Args:
        rows: Ratio, normal time and key of each.
    """
    weight = summed(usual for _, usual, _ in rows)
    half = 0.0
    for ratio, usual, _ in sorted(rows):
        half += usual
        if half >= 0.5 * weight:
            return ratio
    return None


_WITNESSES: tuple[Callable[[Case], list[Suspect]], ...] = (
    *device_suspects.WITNESSES,
    *host_suspects.WITNESSES,
    _machine,
)
