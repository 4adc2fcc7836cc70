"""The cost of a kernel: the calibrated form of its family, or the roofline where nothing was measured."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from ironlaw.base.number import maximum
from ironlaw.cost.attention import decode_terms, prefill_terms
from ironlaw.cost.collective import (
    all_gather_volume,
    all_reduce_volume,
    collective_terms,
    faster,
)
from ironlaw.cost.gemm import batched_gemm_terms, gemm_terms
from ironlaw.cost.iron_law import TimeTerms
from ironlaw.registry.calibration import step_constants
from ironlaw.registry.dtypes import Dtype
from ironlaw.workload.graph import AttentionShape, GemmShape, OpKind, Role

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from ironlaw.base.number import Number
    from ironlaw.registry.calibration import Calibration, CollectiveConstants
    from ironlaw.registry.chips import Chip
    from ironlaw.workload.graph import Border, Operator
    from ironlaw.workload.kernels import Kernel


class Family(Enum):
    """Kernels that share a model form."""

    GEMM = "GEMM"
    BATCHED_GEMM = "batched GEMM"
    ATTENTION = "fused attention"
    COLLECTIVE = "collective"
    SMALL = "pointwise and copies"

    __hash__ = (
        object.__hash__
    )  # members are unique: their identity is quicker to hash than their name


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
    Family.SMALL: Evidence.ASSUMED,
}


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Machine:
    """A chip as the cost functions see it.

    Attributes:
        chip: What the vendor printed.
        calibration: What was fitted to measurements on it; None where there is none.
        ranks: Chips that share each layer.
        captured: Whether the kernels run from a captured graph.
    """

    chip: Chip
    calibration: Calibration | None
    ranks: int = 1
    captured: bool = True


class KernelCost(NamedTuple):
    """The time of one launch of a kernel.

    Attributes:
        kernel: The kernel.
        family: Its model form.
        terms: Time as silicon was seen to take it.
        ideal: Time as the printed rates would allow, without launch or latency [s].
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

    Args:
        kernel: The kernel.
        machine: The chip, its calibration and the layout.
    """
    family = family_of(kernel)
    dtype = arithmetic_of(kernel, machine)
    peak = machine.chip.peak(dtype)
    volume = link_volume(kernel, machine.ranks) if family is Family.COLLECTIVE else 0.0
    chip = machine.chip
    compute, memory = kernel.flops / peak, kernel.traffic / chip.bandwidth
    ideal = TimeTerms(compute, memory, volume / chip.link_bandwidth)
    seen = _calibrated_terms(kernel, family, dtype, machine)
    terms = seen if seen is not None else _roofline_terms(ideal)
    held = TimeTerms(
        maximum(terms.compute, compute),
        maximum(terms.memory, memory),
        maximum(terms.link, ideal.link),
        terms.serial,
        terms.latency,
    )
    evidence = Evidence.ROOFLINE if seen is None else _EVIDENCE[family]
    return KernelCost(kernel, family, held, ideal, peak, evidence)


def family_of(kernel: Kernel) -> Family:
    """The model form that a kernel falls under, by what its operators do."""
    return _family_of(kernel.border)


@lru_cache(maxsize=4096)
def _family_of(border: Border) -> Family:
    kinds = border.kinds
    if OpKind.ALL_REDUCE in kinds or OpKind.ALL_GATHER in kinds:
        return Family.COLLECTIVE
    if OpKind.GEMM in kinds:
        return Family.GEMM
    if OpKind.SCORES in kinds and OpKind.VALUES in kinds:
        return Family.ATTENTION
    if OpKind.SCORES in kinds or OpKind.VALUES in kinds:
        return Family.BATCHED_GEMM
    return Family.SMALL


def attention_shape_of(kernel: Kernel) -> AttentionShape:
    """The shape of the attention in a kernel that holds one."""
    return next(
        operator.shape
        for operator in kernel.operators
        if isinstance(operator.shape, AttentionShape)
    )


def gemms_of(kernel: Kernel) -> list[Operator]:
    """The GEMMs of a kernel; several of them read the same activations and run as one wider GEMM."""
    return [operator for operator in kernel.operators if operator.kind is OpKind.GEMM]


def arithmetic_of(kernel: Kernel, machine: Machine) -> Dtype:
    """The number format that the kernel's units compute in."""
    for operator in kernel.operators:
        if isinstance(operator.shape, GemmShape):
            return operator.shape.dtype
        if isinstance(operator.shape, AttentionShape):
            return attention_arithmetic(operator.shape, machine)
    return vector_arithmetic(machine.chip)


def vector_arithmetic(chip: Chip) -> Dtype:
    """The format of pointwise arithmetic: fp32, or the slowest that the chip's sheet names."""
    if Dtype.FP32 in chip.peaks:
        return Dtype.FP32
    return min(chip.peaks, key=lambda dtype: chip.peaks[dtype])


def attention_arithmetic(shape: AttentionShape, machine: Machine) -> Dtype:
    """bf16, but fp8 where the cache is fp8 on Hopper and data-centre Blackwell: so it was measured."""
    calibration = machine.calibration
    eight = calibration is not None and calibration.reference.compute_capability in (90, 100, 103)
    return Dtype.FP8 if eight and shape.cache_dtype is Dtype.FP8 else Dtype.BF16


def link_volume(kernel: Kernel, ranks: int) -> Number:
    """Bytes that each chip sends in a collective kernel [B]."""
    for operator in kernel.operators:
        if operator.kind is OpKind.ALL_REDUCE:
            return all_reduce_volume(next(iter(operator.reads.values())), ranks)
        if operator.kind is OpKind.ALL_GATHER:
            return all_gather_volume(next(iter(operator.writes.values())), ranks)
    return 0.0


def _roofline_terms(ideal: TimeTerms) -> TimeTerms:
    return TimeTerms(
        compute=ideal.compute,
        memory=ideal.memory,
        link=ideal.link,
        latency=step_constants().small_launch,
    )


def _calibrated_terms(
    kernel: Kernel, family: Family, dtype: Dtype, machine: Machine
) -> TimeTerms | None:
    """The family's form with the constants of this chip and format, or None where there are none."""
    if family is Family.SMALL:
        return _small_terms(kernel, machine)
    calibration = machine.calibration
    if calibration is None:
        return None
    if family is Family.COLLECTIVE:
        return _collective_terms(kernel, machine, calibration)
    if family is Family.GEMM:
        return _gemm_kernel_terms(kernel, dtype, machine, calibration)
    if family is Family.BATCHED_GEMM:
        rates = _gemm_rates(calibration, Dtype.BF16)
        traffic = (_total(kernel.reads.values()), _total(kernel.writes.values()))
        constants = calibration.gemm[Dtype.BF16]
        return batched_gemm_terms(kernel.flops, traffic, constants=constants, rates=rates)
    return _attention_terms(kernel, dtype, machine, calibration)


def _small_terms(kernel: Kernel, machine: Machine) -> TimeTerms:
    step = step_constants()
    return TimeTerms(
        compute=kernel.flops / machine.chip.peak(vector_arithmetic(machine.chip)),
        memory=kernel.traffic / (step.small_efficiency * machine.chip.bandwidth),
        latency=step.small_launch,
    )


def _gemm_kernel_terms(
    kernel: Kernel, dtype: Dtype, machine: Machine, calibration: Calibration
) -> TimeTerms | None:
    constants = calibration.gemm.get(dtype)
    if constants is None:
        return None
    shapes = [op.shape for op in gemms_of(kernel) if isinstance(op.shape, GemmShape)]
    weights: Number = 0.0
    others: Number = 0.0
    for crossing in kernel.border.enters:
        size = kernel.reads[crossing.tensor]
        if crossing.role is Role.WEIGHT:
            weights = weights + size
        else:
            others = others + size
    terms = gemm_terms(
        shapes[0].m,
        sum(shape.n for shape in shapes),
        shapes[0].k,
        traffic=(others, weights, _total(kernel.writes.values())),
        constants=constants,
        rates=_gemm_rates(calibration, dtype),
    )
    if not machine.captured or dtype is Dtype.BF16:
        return terms
    # in a captured graph the quantise kernels launch for free
    saved = constants.t0 - calibration.gemm[Dtype.BF16].t0
    return terms._replace(latency=terms.latency - saved)


def _gemm_rates(calibration: Calibration, dtype: Dtype) -> tuple[float, float, int]:
    reference = calibration.reference
    return reference.peaks[dtype], reference.bandwidth, reference.n_sm


def _attention_terms(
    kernel: Kernel, dtype: Dtype, machine: Machine, calibration: Calibration
) -> TimeTerms | None:
    shape, reference = attention_shape_of(kernel), calibration.reference
    appends = any(operator.layer == "rope" for operator in kernel.operators)
    if not shape.decode:
        prefill = calibration.prefill.get((Dtype.BF16, shape.cache_dtype))
        if prefill is None:
            return None
        peak = reference.peaks[dtype]
        return prefill_terms(shape, constants=prefill, rates=reference, peak=peak, appends=appends)
    decode = calibration.decode.get(shape.cache_dtype)
    if decode is None:
        return None
    launch = step_constants().attention_launch if machine.captured else None
    return decode_terms(shape, constants=decode, rates=reference, launch=launch, appends=appends)


def _collective_terms(
    kernel: Kernel, machine: Machine, calibration: Calibration
) -> TimeTerms | None:
    """The faster implementation; what else is fused into the kernel passes over memory after it."""
    main = next(op for op in kernel.operators if op.kind in _COLLECTIVES)
    known = _COLLECTIVES[main.kind](calibration)
    if not known:
        return None
    volume = link_volume(kernel, machine.ranks)
    link = calibration.reference.link_bandwidth
    found = [
        collective_terms(volume, machine.ranks, constants=constants, link_bandwidth=link)
        for constants in known.values()
    ]
    best = found[0]
    for other in found[1:]:
        best = faster(best, other)
    own = _total(main.reads.values()) + _total(main.writes.values())
    rest = maximum(kernel.traffic - own, 0.0)
    efficiency = step_constants().small_efficiency
    return TimeTerms(
        link=best.link,
        serial=rest / (efficiency * machine.chip.bandwidth),
        latency=best.latency,
    )


_COLLECTIVES: dict[OpKind, Callable[[Calibration], dict[str, CollectiveConstants]]] = {
    OpKind.ALL_REDUCE: lambda calibration: calibration.all_reduce,
    OpKind.ALL_GATHER: lambda calibration: calibration.all_gather,
}


def _total(sizes: Iterable[Number]) -> Number:
    total: Number = 0.0
    for size in sizes:
        total = total + size
    return total
