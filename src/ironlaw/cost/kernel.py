"""The cost of a kernel: the calibrated form of its family, or the roofline where nothing was measured."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, NamedTuple

from ironlaw.base.number import maximum
from ironlaw.cost.calibrated import calibrated_terms
from ironlaw.cost.family import (
    Family,
    arithmetic_of,
    attention_of,
    family_of,
    link_volume,
    matrix_format,
    sparse_of,
    vector_rate,
)
from ironlaw.cost.iron_law import TimeTerms
from ironlaw.registry.calibration import step_constants
from ironlaw.registry.chips import reached_bandwidth

if TYPE_CHECKING:
    from ironlaw.cost.machine import Machine
    from ironlaw.workload.kernels import Kernel


class Evidence(Enum):
    """What the time of a kernel rests on, the best first."""

    MEASURED = "measured"  # a form fitted to kernels of this family on this chip
    BORROWED = "borrowed"  # the form of another family on this chip
    ASSUMED = "assumed"  # a rule for all chips, seen to hold in whole steps only
    ROOFLINE = "roofline"  # nothing but the printed rates

    __hash__ = (
        object.__hash__
    )  # members are unique: their identity is quicker to hash than their name


_EVIDENCE = {
    Family.GEMM: Evidence.MEASURED,
    Family.ATTENTION: Evidence.MEASURED,
    Family.COLLECTIVE: Evidence.MEASURED,
    Family.BATCHED_GEMM: Evidence.BORROWED,
    Family.CONVOLUTION: Evidence.BORROWED,
    Family.RECURRENCE: Evidence.ASSUMED,
    Family.LATENT: Evidence.BORROWED,
    Family.EXPERTS: Evidence.MEASURED,
    Family.SMALL: Evidence.ASSUMED,
    Family.QUANTISE: Evidence.MEASURED,
}


class KernelCost(NamedTuple):
    """The time of one launch of a kernel.

    Attributes:
        kernel: The kernel.
        family: Its model form.
        terms: Time as silicon was seen to take it.
        ideal: Time as the printed rates would allow, without launch or latency; sparse arithmetic as its kernels were
            seen to run [s].
        flop_rate: R_peak of its arithmetic [FLOP/s].
        evidence: What the terms rest on.
    """

    kernel: Kernel
    family: Family
    terms: TimeTerms
    ideal: TimeTerms
    flop_rate: float
    evidence: Evidence


def kernel_cost(kernel: Kernel, machine: Machine) -> KernelCost:
    """The cost of one launch.

    No term beats its printed rate: compute is at least O/R_peak, memory at least D_vol/BW_mem, links at least V/BW_l.
    Experts move their activations in passes that nothing overlaps: there memory is those too.

    Args:
        kernel: The kernel.
        machine: The chip, its calibration and the layout.
    """
    family = family_of(kernel)
    if family is Family.SMALL:
        return _small_cost(kernel, machine)
    dtype = arithmetic_of(kernel, machine)
    peak = machine.chip.peak(dtype)
    volume = link_volume(kernel, machine.ranks) if family is Family.COLLECTIVE else 0.0
    chip = machine.chip
    compute, memory = kernel.flops / peak, kernel.traffic / chip.bandwidth
    sparse = sparse_of(kernel)
    if sparse is not None:
        compute = compute * sparse.lag
    link = 0.0 if chip.link_bandwidth is None else volume / chip.link_bandwidth
    ideal = TimeTerms(compute, memory, link)
    seen = calibrated_terms(kernel, family, dtype, machine)
    if seen is None and family is Family.QUANTISE:
        return _small_cost(kernel, machine)
    terms = seen if seen is not None else _roofline_terms(ideal)
    passes = terms.serial if family is Family.EXPERTS else 0.0
    held = TimeTerms(
        maximum(terms.compute, compute),
        maximum(terms.memory, memory - passes),
        maximum(terms.link, ideal.link),
        terms.serial,
        terms.latency,
    )
    evidence = Evidence.ROOFLINE if seen is None else _evidence(kernel, family, machine)
    return KernelCost(kernel, family, held, ideal, peak, evidence)


def _small_cost(kernel: Kernel, machine: Machine) -> KernelCost:
    """A pass over memory on the vector units; most kernels of an eager step are one."""
    chip, step = machine.chip, step_constants()
    peak = vector_rate(chip)
    compute, memory = kernel.flops / peak, kernel.traffic / chip.bandwidth
    reached = kernel.traffic / reached_bandwidth(chip, step.small_efficiency)
    terms = TimeTerms(compute, maximum(reached, memory), 0.0, 0.0, step.small_launch)
    ideal = TimeTerms(compute, memory)
    return KernelCost(kernel, Family.SMALL, terms, ideal, peak, _EVIDENCE[Family.SMALL])


def _evidence(kernel: Kernel, family: Family, machine: Machine) -> Evidence:
    """What a calibrated form rests on: that of its family, with three exceptions.

    Attention was measured under a causal mask only, weights in a format that was not measured borrow the constants of
    another, and sparse ones those of dense ones.
    """
    if family is Family.ATTENTION and not attention_of(kernel).causal:
        return Evidence.BORROWED
    if sparse_of(kernel) is not None:
        return Evidence.BORROWED
    calibration = machine.calibration
    if calibration is None or family not in (Family.GEMM, Family.EXPERTS):
        return _EVIDENCE[family]
    known = (
        calibration.gemm if family is Family.GEMM else {dtype for dtype, _ in calibration.experts}
    )
    if matrix_format(kernel) not in known:
        return Evidence.BORROWED
    return _EVIDENCE[family]


def _roofline_terms(ideal: TimeTerms) -> TimeTerms:
    return TimeTerms(
        compute=ideal.compute,
        memory=ideal.memory,
        link=ideal.link,
        latency=step_constants().small_launch,
    )
