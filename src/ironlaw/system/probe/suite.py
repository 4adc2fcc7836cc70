"""The operators that `ironlaw measure --kernels` times, with their sizes."""

from __future__ import annotations

from ironlaw.system.probe.operators import (
    Attention,
    Linear,
    Norm,
    Operator,
    attention_eager,
    attention_flash,
    gemm,
    linear_relu_eager,
    linear_relu_fused,
    norm_program,
    vector_gemm,
)

_ROWS, _INPUTS, _OUTPUTS = 8192, 256, 2048  # of the linear layers: an output of 64 MiB
_LINEAR_BLOCK = 256  # rows: 2 MiB of output
_HEADS, _TOKENS, _WIDTH = 16, 1024, 64  # of the attentions: scores of 64 MiB
_QUERIES, _KEYS = 256, 256  # of a flash block: scores of 256 KiB
_NORM_ROWS, _NORM_WIDTH, _NORM_BLOCK = 8192, 2048, 64  # 64 MiB, in blocks of 512 KiB


def suite() -> tuple[Operator, ...]:
    """The operators, each eager one before the fused one that replaces it."""
    return (*_matrices(), *_linears(), *_attentions(), *_norms())


def _share(total: int, parts: int, unit: int = 1) -> int:
    """One of equal shares, in whole units, one at least."""
    return max(total // unit // parts, 1) * unit


def _matrices() -> tuple[Operator, ...]:
    square, deep, wide = (1024, 1024, 1024), (512, 512, 4096), (4096, 4096)
    return (
        Operator(
            name="gemm",
            shape="1024 × 1024 × 1024",
            ran="one matmul",
            build=lambda ops, parts: gemm(ops, _share(square[0], parts), *square[1:]),
        ),
        Operator(
            name="gemm, long sums",
            shape="512 × 512 × 4096",
            ran="one matmul",
            build=lambda ops, parts: gemm(ops, _share(deep[0], parts), *deep[1:]),
        ),
        Operator(
            name="gemm, one row",
            shape="1 × 4096 × 4096",
            ran="one matmul that reads 64 MiB of weights",
            build=lambda ops, parts: vector_gemm(ops, _share(wide[0], parts), wide[1]),
        ),
    )


def _linears() -> tuple[Operator, ...]:
    shape = f"{_ROWS} × {_OUTPUTS} × {_INPUTS}"
    return (
        Operator(
            name="linear + relu, eager",
            shape=shape,
            ran="matmul to memory, then maximum from memory to memory",
            build=lambda ops, parts: linear_relu_eager(
                ops, Linear.made(ops, _share(_ROWS, parts), _INPUTS, _OUTPUTS)
            ),
        ),
        Operator(
            name="linear + relu, fused",
            shape=shape,
            ran=f"blocks of {_LINEAR_BLOCK} rows, maximum in place while they are cached",
            build=lambda ops, parts: linear_relu_fused(
                ops, Linear.made(ops, _share(_ROWS, parts), _INPUTS, _OUTPUTS), _LINEAR_BLOCK
            ),
        ),
    )


def _attentions() -> tuple[Operator, ...]:
    shape = f"{_HEADS} heads × {_TOKENS} tokens × {_WIDTH}"
    return (
        Operator(
            name="attention, eager",
            shape=shape,
            ran="all scores in memory, six passes in place over them between two matmuls a head",
            build=lambda ops, parts: attention_eager(
                ops, Attention.made(ops, _share(_HEADS, parts), _TOKENS, _WIDTH)
            ),
        ),
        Operator(
            name="attention, flash",
            shape=shape,
            ran=f"online softmax over blocks of {_QUERIES} × {_KEYS} scores",
            build=lambda ops, parts: attention_flash(
                ops, Attention.made(ops, _share(_HEADS, parts), _TOKENS, _WIDTH), _QUERIES, _KEYS
            ),
        ),
    )


def _norms() -> tuple[Operator, ...]:
    shape = f"{_NORM_ROWS} × {_NORM_WIDTH}"
    return (
        Operator(
            name="rmsnorm, eager",
            shape=shape,
            ran="seven passes over all rows, the squares in memory",
            build=lambda ops, parts: norm_program(
                ops,
                Norm.made(ops, _share(_NORM_ROWS, parts, _NORM_BLOCK), _NORM_WIDTH),
                _share(_NORM_ROWS, parts, _NORM_BLOCK),
            ),
        ),
        Operator(
            name="rmsnorm, fused",
            shape=shape,
            ran=f"the same passes over blocks of {_NORM_BLOCK} rows, which stay in a cache",
            build=lambda ops, parts: norm_program(
                ops,
                Norm.made(ops, _share(_NORM_ROWS, parts, _NORM_BLOCK), _NORM_WIDTH),
                _NORM_BLOCK,
            ),
        ),
    )
