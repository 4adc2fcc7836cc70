"""The kernel table of a diagnosis: rows that add up to the step."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from ironlaw.base.number import summed, where
from ironlaw.cost.family import Family
from ironlaw.cost.iron_law import TimeTerms
from ironlaw.cost.kernel import Evidence
from ironlaw.cost.span import span_of
from ironlaw.registry.constants import Span

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ironlaw.base.number import Number
    from ironlaw.system.diagnosis import Diagnosis, Launches

Bound = Literal["memory", "compute", "link", "launch"]


@dataclass(frozen=True, slots=True, kw_only=True)
class KernelRow:
    """All launches of one kernel in the step, on one chip.

    Attributes:
        name: The kernel.
        block: The block of the step that it is a part of: embedding, a kind of layer, head.
        layer: The layer of the model that it belongs to.
        family: Its model form.
        count: Launches.
        flops: Work [FLOP].
        traffic: Bytes that cross its border [B].
        bound: The largest term.
        time: Time as silicon was seen to take it [s].
        span: Range of measured over predicted time that its family was seen in.
        share: Of the step.
        terms: The terms of that time [s].
        ideal: The least time that the printed rates allow [s].
        peak: R_peak of its arithmetic [FLOP/s].
        touches_cache: Whether it reads, copies, expands or appends the KV cache.
        evidence: What its time rests on.
    """

    name: str
    block: str
    layer: str
    family: str
    count: int
    flops: float
    traffic: float
    bound: Bound
    time: float
    span: Span
    share: float
    terms: TimeTerms
    ideal: float
    peak: float
    touches_cache: bool
    evidence: Evidence

    @property
    def intensity(self) -> float:
        """I = O / D_vol [FLOP/B]."""
        return intensity(self.flops, self.traffic)

    @property
    def flop_rate(self) -> float:
        """Rate that is reached [FLOP/s]."""
        return self.flops / self.time if self.time > 0.0 else 0.0


def intensity(flops: float, traffic: float) -> float:
    """Arithmetic intensity, 0 where nothing moves [FLOP/B]."""
    return flops / traffic if traffic > 0.0 else 0.0


def kernel_rows(diagnosis: Diagnosis) -> tuple[KernelRow, ...]:
    """One row for each kernel of the step, in order, and one for the host where the chip waits for it.

    Args:
        diagnosis: A diagnosis of single numbers, not of a sweep.

    Returns:
        Rows whose times add up to the step.
    """
    rows = [_row(launches, diagnosis) for launches in diagnosis.launches]
    if diagnosis.exposed_dispatch > 0.0:
        rows.append(_dispatch_row(diagnosis))
    return tuple(rows)


def _row(launches: Launches, diagnosis: Diagnosis) -> KernelRow:
    cost, count = launches.cost, launches.launches
    terms, kernel = times(cost.terms, count), cost.kernel
    return KernelRow(
        name=kernel.name,
        block=launches.block,
        layer=kernel.border.layer,
        family=cost.family.value,
        count=count,
        flops=float(launches.flops),
        traffic=float(launches.traffic),
        bound=bound_of(terms),
        time=float(launches.time),
        span=span_of(cost, diagnosis.machine),
        share=float(launches.time) / float(diagnosis.step),
        terms=terms,
        ideal=float(cost.ideal.overlapped) * count,
        peak=cost.flop_rate,
        touches_cache=kernel.border.touches_cache,
        evidence=cost.evidence,
    )


def _dispatch_row(diagnosis: Diagnosis) -> KernelRow:
    waiting = float(diagnosis.exposed_dispatch)
    return KernelRow(
        name="host_dispatch",
        block="",
        layer="dispatch",
        family=Family.SMALL.value,
        count=0,
        flops=0.0,
        traffic=0.0,
        bound="launch",
        time=waiting,
        span=Span(1.0, 1.0),
        share=waiting / float(diagnosis.step),
        terms=TimeTerms(latency=waiting),
        ideal=0.0,
        peak=diagnosis.peak,
        touches_cache=False,
        evidence=Evidence.ASSUMED,
    )


def times(terms: TimeTerms, count: int) -> TimeTerms:
    """The terms of several launches [s]."""
    return TimeTerms(
        compute=terms.compute * count,
        memory=terms.memory * count,
        link=terms.link * count,
        serial=terms.serial * count,
        latency=terms.latency * count,
    )


def sum_of_terms(parts: Iterable[TimeTerms]) -> TimeTerms:
    """The terms of kernels that run one after the other, each term added up [s]."""
    compute = memory = link = serial = latency = 0.0
    for terms in parts:
        compute += float(terms.compute)
        memory += float(terms.memory)
        link += float(terms.link)
        serial += float(terms.serial)
        latency += float(terms.latency)
    return TimeTerms(compute=compute, memory=memory, link=link, serial=serial, latency=latency)


def bound_of(terms: TimeTerms) -> Bound:
    """The largest term of a kernel: what would have to shrink for it to be faster."""
    sizes: dict[Bound, float] = {
        "memory": float(terms.memory + terms.serial),
        "compute": float(terms.compute),
        "link": float(terms.link),
        "launch": float(terms.latency),
    }
    return max(sizes, key=lambda name: sizes[name])


@dataclass(frozen=True, slots=True, kw_only=True)
class StepTerms:
    """The step as the Iron Law splits it; the parts add up to the step [s].

    Attributes:
        memory: Kernels that wait for memory, and what nothing overlaps.
        compute: Kernels that wait for arithmetic.
        link: Collectives.
        launch: Launch and latency of all kernels.
        dispatch: The chip waits for the host.
    """

    memory: float
    compute: float
    link: float
    launch: float
    dispatch: float


def step_terms(rows: tuple[KernelRow, ...]) -> StepTerms:
    """Split a step by what each kernel waits for.

    Args:
        rows: The kernel table.

    Returns:
        Parts that add up to the step.
    """
    kernels = [row for row in rows if row.layer != "dispatch"]
    waiting = summed(float(row.terms.latency) for row in rows if row.layer == "dispatch")
    parts = _parts((row.terms, row.family == Family.COLLECTIVE.value) for row in kernels)
    memory, compute, link, launch = (float(part) for part in parts)
    return StepTerms(memory=memory, compute=compute, link=link, launch=launch, dispatch=waiting)


BOUNDS = ("memory", "compute", "link", "launch", "dispatch")
"""The parts of a step, in the order of `StepTerms`."""


def step_parts(diagnosis: Diagnosis) -> tuple[Number, ...]:
    """The same split, for many points at once.

    Args:
        diagnosis: A diagnosis of single numbers or of a sweep.

    Returns:
        Parts in the order of `BOUNDS` that add up to the step [s].
    """
    parts = _parts(
        (times(launches.cost.terms, launches.launches), launches.cost.family is Family.COLLECTIVE)
        for launches in diagnosis.launches
    )
    return (*parts, diagnosis.exposed_dispatch)


def _parts(kernels: Iterable[tuple[TimeTerms, bool]]) -> tuple[Number, Number, Number, Number]:
    """Memory, compute, link and launch of kernels, of which some are collectives."""
    memory: Number = 0.0
    compute: Number = 0.0
    link: Number = 0.0
    launch: Number = 0.0
    for terms, collective in kernels:
        launch = launch + terms.latency
        memory = memory + terms.serial
        if collective:
            link = link + terms.overlapped
            continue
        arithmetic = terms.compute > terms.memory
        compute = compute + where(arithmetic, terms.overlapped, 0.0)
        memory = memory + where(arithmetic, 0.0, terms.overlapped)
    return memory, compute, link, launch
