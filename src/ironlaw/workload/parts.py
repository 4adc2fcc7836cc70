"""Parts that every decoder is written with: matrices, norms, sums over the chips, the residual stream."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, TypeAlias

from ironlaw.registry.dtypes import Dtype
from ironlaw.workload.graph import OpKind, Role

if TYPE_CHECKING:
    from ironlaw.base.number import Number
    from ironlaw.workload.builder import Builder
    from ironlaw.workload.graph import GemmShape

BF16 = Dtype.BF16.size
"""Bytes of an element of the eager graph [B]."""

_FP32 = Dtype.FP32.size


def gemm(
    make: Builder,
    name: str,
    layer: str,
    route: tuple[str, str],
    shape: GemmShape,
    *,
    bias: bool = False,
    weight: str | None = None,
) -> None:
    """C[m, n] = A[m, k] · W[n, k]ᵀ + b in bf16: 2·m·n·k FLOP, one more an element for a bias, each matrix once.

    Args:
        make: The graph in the making.
        name: Name of the operator; its weights are `name.weight` and `name.bias`.
        layer: The layer of the model that it belongs to.
        route: The tensor that it reads and the one that it makes.
        shape: m, n, k.
        bias: Whether a bias is added.
        weight: The matrix, where it is that of another operator.
    """
    _matrix(
        make, (name, layer, OpKind.GEMM), route, shape, (shape.m * shape.k * BF16, bias, weight)
    )


def batched_gemm(
    make: Builder, name: str, layer: str, route: tuple[str, str], shape: GemmShape, heads: float
) -> None:
    """One small GEMM for each head, with a matrix of its own: n columns and k rows of each head's A.

    Args:
        make: The graph in the making.
        name: Name of the operator.
        layer: The layer of the model that it belongs to.
        route: The tensor that it reads and the one that it makes.
        shape: Rows m, columns n of all heads, k of one head.
        heads: Heads.
    """
    kind, read = OpKind.BATCHED_GEMM, shape.m * shape.k * heads * BF16
    _matrix(make, (name, layer, kind), route, shape, (read, False, None))


def _matrix(
    make: Builder,
    what: tuple[str, str, OpKind],
    route: tuple[str, str],
    shape: GemmShape,
    how: tuple[Number, bool, str | None],
) -> None:
    (name, layer, kind), (source, target), (read, bias, shared) = what, route, how
    m, n, k = shape.m, shape.n, shape.k
    weight = f"{name}.weight" if shared is None else shared
    size, made = n * k * BF16, m * n * BF16
    make.tensor(weight, size, Role.WEIGHT)
    make.tensor(target, made)
    reads, work = {source: read, weight: size}, 2.0 * m * n * k
    if bias:
        make.tensor(f"{name}.bias", n * BF16, Role.WEIGHT)
        reads[f"{name}.bias"] = n * BF16
        work = work + m * n
    make.operator(name, kind, layer, reads, {target: made}, work, shape)


def norm(
    make: Builder,
    name: str,
    route: tuple[str, str],
    rows: Number,
    width: float,
    *,
    weight: bool = True,
    bias: bool = False,
) -> None:
    """RMSNorm as eight eager kernels: 36 bytes an element (two formats, eight round trips).

    Args:
        make: The graph in the making.
        name: Name of the norm; its weights are `name.weight` and `name.bias`.
        route: The tensor that it reads and the one that it makes.
        rows: Rows that are normalised, each by itself.
        width: Elements of a row.
        weight: Whether each element has a weight.
        bias: Whether each element has a bias too.
    """
    elements, learned = rows * width, width * BF16
    half, full, row = elements * BF16, elements * _FP32, rows * _FP32
    last = [part for part, there in (("weight", weight), ("bias", bias)) if there]
    source, target = route
    narrow = f"{name}.narrow" if last else target
    sizes, work = {"half": half, "full": full, "row": row}, {0: 0.0, 1: elements}
    made = {"source": (source, half)}
    for step, operator, kind, parts, result, size, flops in _norm_steps(name):
        written = target if step == "to_bf16" and not last else result
        made[step] = (written, sizes[size])
        make.tensor(written, sizes[size], wide=size != "half")
        reads = dict([made[part] for part in parts])
        make.operator(operator, kind, "norm", reads, {written: sizes[size]}, work[flops])
    for part in last:
        written = target if part == last[-1] else f"{name}.weighted"
        make.tensor(f"{name}.{part}", learned, Role.WEIGHT)
        make.tensor(written, half)
        reads = {narrow: half, f"{name}.{part}": learned}
        make.operator(f"{name}.{part}", OpKind.POINTWISE, "norm", reads, {written: half}, elements)
        narrow = written


_NormStep: TypeAlias = "tuple[str, str, OpKind, tuple[str, ...], str, str, int]"


@lru_cache(maxsize=64)
def _norm_steps(name: str) -> tuple[_NormStep, ...]:
    """Step, operator, kind, the steps whose results it reads, its own result, its size, and FLOPs an element."""
    point, reduce, copy = OpKind.POINTWISE, OpKind.REDUCTION, OpKind.COPY
    steps = (
        ("to_fp32", copy, ("source",), "wide", "full", 0),
        ("square", point, ("to_fp32",), "squares", "full", 1),
        ("mean", reduce, ("square",), "mean", "row", 1),
        ("add_epsilon", point, ("mean",), "moved", "row", 0),
        ("rsqrt", point, ("add_epsilon",), "root", "row", 0),
        ("normalise", point, ("to_fp32", "rsqrt"), "scaled", "full", 1),
        ("to_bf16", copy, ("normalise",), "narrow", "half", 0),
    )
    return tuple(
        (step, f"{name}.{step}", kind, parts, f"{name}.{result}", size, flops)
        for step, kind, parts, result, size, flops in steps
    )


def all_reduced(make: Builder, name: str, part: str, size: Number, ranks: int) -> str:
    """The sum of what each chip holds a part of; the part itself where there is one chip.

    Args:
        make: The graph in the making.
        name: What is summed, "attention".
        part: The tensor that holds a chip's part.
        size: Its bytes [B].
        ranks: Chips that hold a part.

    Returns:
        The tensor that holds the sum.
    """
    if ranks == 1:
        return part
    total = f"{part}_sum"
    make.unary(f"{name}_all_reduce", OpKind.ALL_REDUCE, "all-reduce", part, total, size)
    return total


def residual(make: Builder, name: str, added: str, stream: tuple[str, str], size: Number) -> None:
    """Addition to the residual stream.

    Args:
        make: The graph in the making.
        name: What is added, "attention".
        added: The tensor that is added.
        stream: The stream before and after.
        size: Its bytes [B].
    """
    before, after = stream
    make.tensor(after, size)
    reads, writes = {added: size, before: size}, {after: size}
    make.operator(f"{name}_residual", OpKind.POINTWISE, "residual", reads, writes, size / BF16)
