"""Kernel families: which model form a kernel falls under, and the shape and format that the form reads."""

from __future__ import annotations

from enum import Enum
from functools import lru_cache
from typing import TYPE_CHECKING

from ironlaw.base.number import maximum
from ironlaw.cost.collective import all_gather_volume, all_reduce_volume
from ironlaw.registry.dtypes import Dtype
from ironlaw.workload.graph import AttentionShape, ExpertShape, GemmShape, OpKind
from ironlaw.workload.shapes import (
    QUANTISED,
    ConvolutionShape,
    QuantiseShape,
    RecurrentShape,
    Sparse,
)

if TYPE_CHECKING:
    from ironlaw.base.number import Number
    from ironlaw.cost.machine import Machine
    from ironlaw.registry.chips import Chip
    from ironlaw.workload.graph import Border, Operator
    from ironlaw.workload.kernels import Kernel


class Family(Enum):
    """Kernels that share a model form."""

    GEMM = "GEMM"
    BATCHED_GEMM = "batched GEMM"
    ATTENTION = "fused attention"
    LATENT = "latent attention"
    EXPERTS = "experts"
    COLLECTIVE = "collective"
    CONVOLUTION = "convolution"
    RECURRENCE = "recurrence"
    QUANTISE = "quantise"
    SMALL = "pointwise and copies"

    __hash__ = (
        object.__hash__
    )  # members are unique: their identity is quicker to hash than their name


COLLECTIVES = frozenset(
    (
        OpKind.ALL_REDUCE,
        OpKind.ALL_GATHER,
        OpKind.ALL_TO_ALL,
        OpKind.REDUCE_SCATTER,
        OpKind.SEND,
    )
)
"""Operators that move data between chips."""

_BY_KIND = {
    OpKind.EXPERTS: Family.EXPERTS,
    OpKind.GEMM: Family.GEMM,
    OpKind.CONVOLUTION: Family.CONVOLUTION,
    OpKind.RECURRENCE: Family.RECURRENCE,
}
"""The kinds that decide a family wherever they stand, the strongest first."""

_QUANTISE = frozenset((OpKind.QUANTISE,))
_BATCHED = frozenset((OpKind.SCORES, OpKind.VALUES, OpKind.BATCHED_GEMM))


def family_of(kernel: Kernel) -> Family:
    """The model form that a kernel falls under, by what its operators do."""
    family = _family_of(kernel.border)
    if family is Family.ATTENTION and attention_of(kernel).is_latent:
        return Family.LATENT
    return family


@lru_cache(maxsize=4096)
def _family_of(border: Border) -> Family:
    kinds = border.kinds
    if not kinds.isdisjoint(COLLECTIVES):
        return Family.COLLECTIVE
    for kind, family in _BY_KIND.items():
        if kind in kinds:
            return family
    if OpKind.SCORES in kinds and OpKind.VALUES in kinds:
        return Family.ATTENTION
    if not kinds.isdisjoint(_BATCHED):
        return Family.BATCHED_GEMM
    return Family.QUANTISE if kinds == _QUANTISE else Family.SMALL


def attention_of(kernel: Kernel) -> AttentionShape:
    """The attention in a kernel that holds one, as it was written down: its sizes may be recorded."""
    return next(
        operator.shape
        for operator in kernel.parts.operators
        if isinstance(operator.shape, AttentionShape)
    )


def attention_shape_of(kernel: Kernel) -> AttentionShape:
    """The shape of the attention in a kernel that holds one."""
    return kernel.shape(attention_of(kernel))


def experts_of(kernel: Kernel) -> ExpertShape:
    """The experts in a kernel that holds some, as they were written down: their sizes may be recorded."""
    return next(
        operator.shape
        for operator in kernel.parts.operators
        if isinstance(operator.shape, ExpertShape)
    )


def gemms_of(kernel: Kernel) -> list[GemmShape]:
    """The GEMMs of a kernel, as they were written down; several read the same activations and run as a wider one."""
    return [
        operator.shape
        for operator in kernel.parts.operators
        if operator.kind is OpKind.GEMM and isinstance(operator.shape, GemmShape)
    ]


def sparse_of(kernel: Kernel) -> Sparse | None:
    """What a sparsity leaves of the matrices of a kernel; None where they are dense.

    Args:
        kernel: A kernel.
    """
    for operator in kernel.parts.operators:
        shape = operator.shape
        if isinstance(shape, (GemmShape, ExpertShape, ConvolutionShape)) and shape.sparse:
            return shape.sparse
    return None


def sparse_rate(kernel: Kernel) -> float:
    """Rate of the arithmetic of a kernel's matrices over that of dense ones, by the FLOPs of dense ones.

    Args:
        kernel: A kernel.
    """
    sparse = sparse_of(kernel)
    return 1.0 if sparse is None else sparse.rate


def quantised_of(kernel: Kernel) -> list[QuantiseShape]:
    """What a kernel brings to another format, as it was written down."""
    shapes = [operator.shape for operator in kernel.parts.operators]
    return [shape for shape in shapes if isinstance(shape, QuantiseShape)]


def reads_quantised(kernel: Kernel) -> bool:
    """Whether activations enter a kernel quantised, by kernels of their own."""
    return any(crossing.tensor.endswith(QUANTISED) for crossing in kernel.border.enters)


def arithmetic_of(kernel: Kernel, machine: Machine) -> Dtype:
    """The number format that the kernel's units compute in; where the chip lacks it, its stand-in."""
    for operator in kernel.parts.operators:
        dtype = operator_arithmetic(operator, machine)
        if dtype is not None:
            return dtype
    return vector_arithmetic(machine.chip)


def operator_arithmetic(operator: Operator, machine: Machine) -> Dtype | None:
    """The number format that an operator's matrix is computed in, or its stand-in; None for a pointwise operator."""
    shape = operator.shape
    if isinstance(shape, GemmShape):
        return machine.chip.runs(shape.arithmetic)
    if isinstance(shape, (ExpertShape, ConvolutionShape, RecurrentShape)):
        return machine.chip.runs(shape.dtype)
    if isinstance(shape, AttentionShape):
        return machine.chip.runs(attention_arithmetic(shape, machine))
    return None


def matrix_format(kernel: Kernel) -> Dtype | None:
    """The format that the matrices of a kernel are kept in; None where it has none, or widens them.

    Args:
        kernel: A kernel.
    """
    for operator in kernel.parts.operators:
        shape = operator.shape
        if isinstance(shape, GemmShape) and shape.widened is not None:
            return None
        if isinstance(shape, (GemmShape, ExpertShape)):
            return shape.dtype
    return None


def vector_arithmetic(chip: Chip) -> Dtype:
    """The format of pointwise arithmetic: fp32, or the slowest that the chip's sheet names."""
    if Dtype.FP32 in chip.peaks:
        return Dtype.FP32
    return min(chip.peaks, key=lambda dtype: chip.peaks[dtype])


@lru_cache(maxsize=64)
def vector_rate(chip: Chip) -> float:
    """The rate of pointwise arithmetic [FLOP/s]."""
    return chip.peak(vector_arithmetic(chip))


def attention_arithmetic(shape: AttentionShape, machine: Machine) -> Dtype:
    """bf16, but fp8 where the cache is fp8 on Hopper and data-centre Blackwell: so it was measured."""
    calibration = machine.calibration
    eight = calibration is not None and calibration.reference.compute_capability in (90, 100, 103)
    return Dtype.FP8 if eight and shape.cache_dtype is Dtype.FP8 else Dtype.BF16


def link_volume(kernel: Kernel, ranks: int) -> Number:
    """Bytes that each chip sends in a collective kernel [B].

    Args:
        kernel: A kernel with a collective in it.
        ranks: Chips that take part.
    """
    for operator in kernel.parts.operators:
        kind = operator.kind
        if kind is OpKind.ALL_REDUCE:
            return all_reduce_volume(kernel.size(next(iter(operator.reads.values()))), ranks)
        if kind is OpKind.ALL_GATHER:
            return all_gather_volume(kernel.size(next(iter(operator.writes.values()))), ranks)
        if kind is OpKind.REDUCE_SCATTER:
            return all_gather_volume(kernel.size(next(iter(operator.reads.values()))), ranks)
        if (
            kind is OpKind.ALL_TO_ALL
        ):  # the busiest chip sends what it has, or gets what others send
            ends = next(iter(operator.reads.values())), next(iter(operator.writes.values()))
            return all_gather_volume(maximum(*(kernel.size(size) for size in ends)), ranks)
        if kind is OpKind.SEND:
            return kernel.size(next(iter(operator.reads.values())))
    return 0.0
