"""Each family's calibrated form, applied to a kernel of a step."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from ironlaw.base.number import is_scalar, maximum, minimum, summed, where
from ironlaw.cost.attention import decode_terms, prefill_terms, verification_time
from ironlaw.cost.collective import collective_terms, faster
from ironlaw.cost.convolution import convolution_kernel_terms
from ironlaw.cost.family import (
    COLLECTIVES,
    Family,
    attention_shape_of,
    experts_of,
    gemms_of,
    link_volume,
    quantised_of,
    reads_quantised,
    sparse_rate,
)
from ironlaw.cost.gemm import batched_gemm_terms, forced_gemm_terms, gemm_terms
from ironlaw.cost.iron_law import TimeTerms
from ironlaw.cost.moe import HEIGHTS, UNGATED, ExpertRates, experts_terms, row_tiles
from ironlaw.cost.quantise import given_away, quantise_terms, widening
from ironlaw.cost.recurrence import recurrence_kernel_terms
from ironlaw.registry.calibration import step_constants
from ironlaw.registry.chips import reached_bandwidth
from ironlaw.registry.dtypes import Dtype
from ironlaw.workload.graph import OpKind, Role

if TYPE_CHECKING:
    from collections.abc import Callable

    from ironlaw.base.number import Number
    from ironlaw.cost.machine import Machine
    from ironlaw.registry.calibration import Calibration
    from ironlaw.registry.constants import CollectiveConstants, ExpertConstants, GemmConstants
    from ironlaw.workload.graph import AttentionShape, ExpertShape
    from ironlaw.workload.kernels import Kernel


def calibrated_terms(
    kernel: Kernel, family: Family, dtype: Dtype, machine: Machine
) -> TimeTerms | None:
    """The family's form with the constants of this chip and format, or None where there are none."""
    if family is Family.RECURRENCE:  # it needs no constants of the chip
        return recurrence_kernel_terms(kernel, machine)
    calibration = machine.calibration
    if calibration is None:
        return None
    form = _FORMS.get(family)
    return None if form is None else form(kernel, dtype, machine, calibration)


def _batched_terms(
    kernel: Kernel, dtype: Dtype, machine: Machine, calibration: Calibration
) -> TimeTerms | None:
    constants = gemm_constants(calibration, dtype, dtype)
    if constants is None:
        return None
    traffic = (_moved(kernel, kernel.parts.reads), _moved(kernel, kernel.parts.writes))
    rates = _gemm_rates(calibration, dtype, machine)
    return batched_gemm_terms(kernel.flops, traffic, constants=constants, rates=rates)


def _latent_terms(
    kernel: Kernel, dtype: Dtype, machine: Machine, calibration: Calibration
) -> TimeTerms | None:
    """No latent attention was measured: the form of full heads serves the prompt, that of a GEMM the absorbed step."""
    shape = attention_shape_of(kernel)
    if shape.decode:
        return _batched_terms(kernel, dtype, machine, calibration)
    even = replace(shape, d_head=(shape.d_head + shape.d_value) / 2.0, d_value=0.0)
    return _shaped_terms(kernel, even, dtype, machine, calibration)


def _convolution_terms(
    kernel: Kernel, dtype: Dtype, machine: Machine, calibration: Calibration
) -> TimeTerms | None:
    del calibration  # the form asks the machine for it
    return convolution_kernel_terms(kernel, dtype, machine)


def _gemm_kernel_terms(
    kernel: Kernel, dtype: Dtype, machine: Machine, calibration: Calibration
) -> TimeTerms | None:
    shapes, size = gemms_of(kernel), kernel.size
    constants = gemm_constants(calibration, shapes[0].arithmetic, dtype)
    if constants is None:
        return None
    apart = reads_quantised(kernel)
    wide = widening(shapes[0].dtype) if apart else 1.0
    weights: Number = 0.0
    others: Number = 0.0
    reads = kernel.parts.reads
    for crossing in kernel.border.enters:
        if crossing.role is Role.WEIGHT:
            weights = weights + size(reads[crossing.tensor])
        else:
            others = others + size(reads[crossing.tensor]) * wide
    tiling = machine.tiling
    form = gemm_terms if tiling is None else partial(forced_gemm_terms, tiling=tiling)
    terms = form(
        size(shapes[0].m),
        summed(size(shape.n) for shape in shapes),
        size(shapes[0].k),
        traffic=(others, weights, _moved(kernel, kernel.parts.writes)),
        constants=constants,
        rates=_gemm_rates(calibration, dtype, machine, sparse_rate(kernel)),
    )
    if constants.cq == 0.0:
        return terms
    base = calibration.gemm[Dtype.BF16].t0
    if apart:  # the kernels that quantise are costed by themselves
        saved = given_away(constants, base, captured=machine.captured)
        return terms._replace(serial=0.0 * terms.serial, latency=terms.latency - saved)
    # in a captured graph the quantise kernels launch for free
    saved = constants.t0 - base if machine.captured else 0.0
    return terms._replace(latency=terms.latency - saved)


def _quantise_kernel_terms(
    kernel: Kernel, dtype: Dtype, machine: Machine, calibration: Calibration
) -> TimeTerms | None:
    """What the calibrated GEMM of the format pays for quantising: its passes over A, and its launches."""
    del dtype  # that of pointwise arithmetic
    shapes = [kernel.shape(shape) for shape in quantised_of(kernel)]
    runs = machine.chip.runs(shapes[0].dtype)
    constants = gemm_constants(calibration, shapes[0].dtype, runs)
    if constants is None or constants.cq == 0.0:
        return None
    launch = 0.0
    if not machine.captured:
        launch = given_away(constants, calibration.gemm[Dtype.BF16].t0, captured=False)
    return quantise_terms(
        shapes, constants=constants, bandwidth=calibration.reference.bandwidth, launch=launch
    )


def _gemm_rates(
    calibration: Calibration, dtype: Dtype, machine: Machine, gain: float = 1.0
) -> tuple[float, float, int]:
    reference = calibration.reference
    return _peak(calibration, dtype, machine) * gain, reference.bandwidth, reference.n_sm


def _attention_terms(
    kernel: Kernel, dtype: Dtype, machine: Machine, calibration: Calibration
) -> TimeTerms | None:
    return _shaped_terms(kernel, attention_shape_of(kernel), dtype, machine, calibration)


def _shaped_terms(
    kernel: Kernel,
    shape: AttentionShape,
    dtype: Dtype,
    machine: Machine,
    calibration: Calibration,
) -> TimeTerms | None:
    reference = calibration.reference
    appends = any(operator.layer == "rope" for operator in kernel.parts.operators)
    prefill = calibration.prefill.get((Dtype.BF16, shape.cache_dtype))
    if not shape.decode:
        if prefill is None:
            return None
        peak = _peak(calibration, dtype, machine)
        return prefill_terms(shape, constants=prefill, rates=reference, peak=peak, appends=appends)
    decode = calibration.decode.get(shape.cache_dtype)
    if decode is None:
        return None
    launch = step_constants().attention_launch if machine.captured else None
    terms = decode_terms(shape, constants=decode, rates=reference, launch=launch, appends=appends)
    if prefill is None or (is_scalar(shape.query_len) and shape.query_len == 1.0):
        return terms
    peak = _peak(calibration, dtype, machine)
    return terms._replace(compute=verification_time(shape, constants=prefill, peak=peak))


def _collective_terms(
    kernel: Kernel, dtype: Dtype, machine: Machine, calibration: Calibration
) -> TimeTerms | None:
    """The faster implementation; what else is fused into the kernel passes over memory after it."""
    del dtype  # links carry bytes
    main = next(op for op in kernel.parts.operators if op.kind in COLLECTIVES)
    if main.kind not in _COLLECTIVES:
        return None
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
    own = _moved(kernel, main.reads) + _moved(kernel, main.writes)
    rest = maximum(kernel.traffic - own, 0.0)
    efficiency = step_constants().small_efficiency
    return TimeTerms(
        link=best.link,
        serial=rest / reached_bandwidth(machine.chip, efficiency),
        latency=best.latency,
    )


def _moved(kernel: Kernel, sizes: dict[str, Number]) -> Number:
    """Bytes of some tensors of a kernel [B]."""
    return summed(kernel.size(size) for size in sizes.values())


_COLLECTIVES: dict[OpKind, Callable[[Calibration], dict[str, CollectiveConstants]]] = {
    OpKind.ALL_REDUCE: lambda calibration: calibration.all_reduce,
    OpKind.ALL_GATHER: lambda calibration: calibration.all_gather,
    OpKind.ALL_TO_ALL: lambda calibration: calibration.all_to_all,
    OpKind.REDUCE_SCATTER: lambda calibration: calibration.reduce_scatter,
}


def _expert_terms(
    kernel: Kernel, dtype: Dtype, machine: Machine, calibration: Calibration
) -> TimeTerms | None:
    """The fastest implementation that was measured for experts of this kind.

    The measured call routes, too. In a step that is a kernel of its own, so its launch is taken off here.
    """
    shape = kernel.shape(experts_of(kernel))
    found = expert_implementations(calibration, shape, dtype)
    if not found:
        return None
    reference = calibration.reference
    peak = _peak(calibration, dtype, machine) * sparse_rate(kernel)
    rates = ExpertRates(peak, reference.bandwidth, reference.n_sm)
    tiles = tuple(row_tiles(shape, height) for height in HEIGHTS)
    terms = [
        experts_terms(shape, constants=constants, rates=rates, tiles=tiles)
        for constants in found.values()
    ]
    best = terms[0]
    for other in terms[1:]:
        pick = best.total <= other.total
        best = TimeTerms(*(where(pick, a, b) for a, b in zip(best, other, strict=True)))
    routing = step_constants().small_launch
    return best._replace(latency=maximum(best.latency - routing, 0.0))


def expert_latency(kernel: Kernel, machine: Machine) -> Number:
    """Time of a call of experts in which it keeps neither memory nor units busy: launches, routing, pipelines [s].

    What its tiles cost on the SMs is not in it. Of several implementations it is that of the shortest.

    Args:
        kernel: A kernel with experts in it.
        machine: The chip and its calibration.
    """
    launch, calibration = step_constants().small_launch, machine.calibration
    if calibration is None:
        return launch
    shape = kernel.shape(experts_of(kernel))
    found = expert_implementations(calibration, shape, machine.chip.runs(shape.dtype))
    idle = [
        one.t0 + one.te * shape.local_experts + one.tk * (shape.d_model + shape.d_expert)
        for one in found.values()
    ]
    if not idle:
        return launch
    least = idle[0]
    for other in idle[1:]:
        least = minimum(least, other)
    return maximum(least - launch, 0.0)


def expert_implementations(
    calibration: Calibration, shape: ExpertShape, dtype: Dtype
) -> dict[str, ExpertConstants]:
    """The constants of each implementation for experts with as many matrices, in their format or its stand-in.

    Args:
        calibration: The constants of a chip.
        shape: The experts.
        dtype: The format that they compute in.
    """
    for wanted in (shape.dtype, dtype, _STAND_INS.get(dtype)):
        found = {
            name: constants
            for (known, name), constants in calibration.experts.items()
            if known is wanted and (name == UNGATED) is not shape.gated
        }
        if found:
            return found
    return {}


_STAND_INS = {
    Dtype.FP16: Dtype.BF16,
    Dtype.INT8: Dtype.FP8,
    Dtype.FP8: Dtype.FP8_BLOCK,
    Dtype.FP8_BLOCK: Dtype.FP8,
    Dtype.MXFP4: Dtype.NVFP4,
}
"""Formats whose kernels lend their constants to one that was not measured."""


def gemm_constants(
    calibration: Calibration, weights: Dtype, arithmetic: Dtype
) -> GemmConstants | None:
    """The constants of a GEMM by the format of its weights, else of its arithmetic, else of the nearest format.

    Args:
        calibration: The constants of a chip.
        weights: The format that the weights are kept in.
        arithmetic: The format that the GEMM computes in.
    """
    for wanted in (weights, arithmetic, _STAND_INS.get(arithmetic)):
        if wanted in calibration.gemm:
            return calibration.gemm[wanted]
    return None


def _peak(calibration: Calibration, dtype: Dtype, machine: Machine) -> float:
    """The rate that the constants multiply; the chip's own in a format that was not measured."""
    known = calibration.reference.peaks.get(dtype)
    return machine.chip.peak(dtype) if known is None else known


_FORMS: dict[Family, Callable[[Kernel, Dtype, Machine, Calibration], TimeTerms | None]] = {
    Family.COLLECTIVE: _collective_terms,
    Family.GEMM: _gemm_kernel_terms,
    Family.BATCHED_GEMM: _batched_terms,
    Family.CONVOLUTION: _convolution_terms,
    Family.ATTENTION: _attention_terms,
    Family.LATENT: _latent_terms,
    Family.EXPERTS: _expert_terms,
    Family.QUANTISE: _quantise_kernel_terms,
}
