"""Convolutions: dense ones as an implicit GEMM, depthwise ones on the vector units."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ironlaw.cost.family import sparse_rate, vector_rate
from ironlaw.cost.gemm import batched_gemm_terms, gemm_terms
from ironlaw.cost.iron_law import TimeTerms
from ironlaw.cost.quantise import given_away
from ironlaw.registry.calibration import step_constants
from ironlaw.registry.chips import reached_bandwidth
from ironlaw.registry.dtypes import Dtype
from ironlaw.workload.graph import Role
from ironlaw.workload.shapes import ConvolutionShape

if TYPE_CHECKING:
    from ironlaw.base.number import Number
    from ironlaw.cost.machine import Machine
    from ironlaw.registry.constants import GemmConstants, StepConstants
    from ironlaw.workload.kernels import Kernel


def convolution_kernel_terms(kernel: Kernel, dtype: Dtype, machine: Machine) -> TimeTerms | None:
    """Time terms of a kernel with convolutions, or None where no GEMM of the format was measured on the chip.

    A depthwise convolution runs on the vector units. One that is fused with a dense one adds its arithmetic to it.

    Args:
        kernel: One dense convolution at most, and depthwise ones.
        dtype: Format of its arithmetic.
        machine: The chip and its calibration.
    """
    calibration, chip = machine.calibration, machine.chip
    if calibration is None:
        return None
    operators = kernel.parts.operators
    shapes = [op.shape for op in operators if isinstance(op.shape, ConvolutionShape)]
    dense = [shape for shape in shapes if not shape.depthwise]
    rate = vector_rate(chip)
    if not dense:
        step = step_constants()
        bandwidth = reached_bandwidth(chip, step.small_efficiency)
        return vector_terms(
            kernel.flops, kernel.traffic, flop_rate=rate, bandwidth=bandwidth, step=step
        )
    found = _BORROWED_FROM.get(dtype, dtype)
    if found not in calibration.gemm:
        return None
    aside: Number = 0.0
    for shape in shapes:
        if shape.depthwise:
            aside = aside + shape.flops
    reference, constants = calibration.reference, calibration.gemm[found]
    terms = convolution_terms(
        dense[0],
        kernel.flops - aside,
        traffic=_traffic(kernel),
        constants=constants,
        rates=(
            machine.chip.peak(dtype) * sparse_rate(kernel),
            reference.bandwidth,
            reference.n_sm,
        ),
    )
    if (
        constants.cq
    ):  # the measured GEMM quantises its activations: here they lie in the format already
        saved = given_away(constants, calibration.gemm[Dtype.BF16].t0, captured=machine.captured)
        terms = terms._replace(serial=0.0 * terms.serial, latency=terms.latency - saved)
    return terms._replace(compute=terms.compute + aside / rate)


_BORROWED_FROM = {Dtype.FP16: Dtype.BF16}  # the tensor units run both at the same rate


def _traffic(kernel: Kernel) -> tuple[Number, Number, Number]:
    """Bytes of activations read, of weights read, and written [B]."""
    weights: Number = 0.0
    for crossing in kernel.border.enters:
        if crossing.role is Role.WEIGHT:
            weights = weights + kernel.reads[crossing.tensor]
    written: Number = 0.0
    for size in kernel.writes.values():
        written = written + size
    return kernel.traffic - weights - written, weights, written


def convolution_terms(
    shape: ConvolutionShape,
    flops: Number,
    *,
    traffic: tuple[Number, Number, Number],
    constants: GemmConstants,
    rates: tuple[float, float, int],
) -> TimeTerms:
    r"""Time terms of a dense or grouped convolution, as the GEMM that its windows make.

    $$ m = N H_o W_o, \quad n = C_{out} / g, \quad k = k_h k_w C_{in} / g $$

    The windows are gathered on the chip: memory sees the image once. No convolution was measured; the constants are
    those of the GEMM. Groups run side by side, as many small GEMMs in one launch.

    Args:
        shape: Channels, groups, taps and positions.
        flops: Work of the kernel, its epilogue included [FLOP].
        traffic: Bytes of activations read, of weights read, and written [B].
        constants: Fitted constants of the GEMM on this chip and format.
        rates: The rates that they multiply: R_peak [FLOP/s], BW_mem [B/s], SMs.

    Returns:
        The terms [s].

    Source:
        chetlur-2014-cudnn (the implicit GEMM); constants borrowed from the GEMM.
    """
    if shape.groups > 1:
        read = (traffic[0] + traffic[1], traffic[2])
        return batched_gemm_terms(flops, read, constants=constants, rates=rates)
    return gemm_terms(shape.m, shape.n, shape.k, traffic=traffic, constants=constants, rates=rates)


def vector_terms(
    flops: Number, traffic: Number, *, flop_rate: float, bandwidth: float, step: StepConstants
) -> TimeTerms:
    r"""Time terms of a kernel that multiplies no matrix, such as a depthwise convolution.

    $$ T = \max(O / R, D_{vol} / BW_{mem}) + L_{lat} $$

    Args:
        flops: Work, O [FLOP].
        traffic: Bytes moved, D_vol [B].
        flop_rate: Rate of the units that run it, R [FLOP/s].
        bandwidth: BW_mem that such kernels reach [B/s].
        step: Launch time of small operators.

    Returns:
        The terms [s].

    Example:
        >>> from ironlaw.registry.calibration import step_constants
        >>> vector_terms(1e9, 0.0, flop_rate=1e12, bandwidth=1e12, step=step_constants()).compute
        0.001
    """
    return TimeTerms(
        compute=flops / flop_rate,
        memory=traffic / bandwidth,
        latency=step.small_launch,
    )
