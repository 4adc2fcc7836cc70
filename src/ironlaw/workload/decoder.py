"""The decoder-only transformer, eager: each line of the reference implementation is an operator of its own.

The cut starts after the norm that feeds a layer, so that a layer ends with the norm of the next one and every layer is
the same graph: embedding and first norm · layer × L · LM head and sampling.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ironlaw.base.number import require_count
from ironlaw.registry.dtypes import Dtype
from ironlaw.workload.attention import AttentionSizes, eager_attention
from ironlaw.workload.builder import Builder
from ironlaw.workload.graph import Block, GemmShape, OpKind, Role
from ironlaw.workload.spec import Phase, require_shardable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ironlaw.base.number import Number
    from ironlaw.workload.spec import DecoderSpec, Request

_TOKEN_ID = 8.0  # an int64 token id [B]
_FP32 = Dtype.FP32.size


def decoder_blocks(spec: DecoderSpec, request: Request) -> tuple[Block, ...]:
    """The step of a decoder on one chip of its tensor-parallel group, eager and in bf16.

    Args:
        spec: The model.
        request: Phase, batch B, context S and tensor-parallel degree t.

    Returns:
        Embedding, the repeated layer, and the head.

    Raises:
        DomainError: if a size is not a whole number from 1, or the degree does not divide the model.

    Source:
        The reference implementation in Hugging Face transformers, operator by operator.
    """
    require_count("batch", request.batch)
    require_count("context", request.context_len)
    require_shardable(spec, request.tensor_parallel)
    return (
        Block("embedding", _embedding(spec, request).graph(("x", "x_normed")), 1),
        Block("layer", _layer(spec, request).graph(("x_out", "x_out_normed")), spec.n_layers),
        Block("head", _head(spec, request).graph(("token",)), 1),
    )


def _embedding(spec: DecoderSpec, request: Request) -> Builder:
    make = Builder()
    rows = request.tokens * spec.d_model * Dtype.BF16.size
    parallel = request.tensor_parallel
    table = spec.embedding_params * Dtype.BF16.size / parallel
    make.tensor("ids", request.tokens * _TOKEN_ID)
    make.tensor("embedding.weight", table, Role.WEIGHT)
    found = "x_part" if parallel > 1 else "x"
    make.tensor(found, rows)
    reads = {"ids": request.tokens * _TOKEN_ID, "embedding.weight": rows / parallel}
    make.operator("embedding", OpKind.GATHER, "embedding", reads, {found: rows})
    if parallel > 1:
        make.unary("embedding_all_reduce", OpKind.ALL_REDUCE, "all-reduce", "x_part", "x", rows)
    _norm(make, "input_norm", "x", "x_normed", request.tokens, spec.d_model)
    return make


def _layer(spec: DecoderSpec, request: Request) -> Builder:
    make = Builder()
    tokens, parallel = request.tokens, request.tensor_parallel
    d, b = spec.d_model, Dtype.BF16.size
    n_heads = spec.n_heads / parallel
    n_kv_heads = float(max(1, spec.n_kv_heads // parallel))
    rows = tokens * d * b
    make.tensor("x", rows)
    make.tensor("x_normed", rows)
    for name, heads in (("q", n_heads), ("k", n_kv_heads), ("v", n_kv_heads)):
        shape = GemmShape(tokens, heads * spec.d_head, float(d))
        _gemm(make, f"{name}_proj", "qkv", "x_normed", name, shape)
    sizes = AttentionSizes(
        decode=request.phase is Phase.DECODE,
        batch=request.batch,
        query_len=request.query_len,
        context_len=request.context_len,
        n_heads=n_heads,
        n_kv_heads=n_kv_heads,
        d_head=float(spec.d_head),
    )
    eager_attention(make, sizes)
    shape = GemmShape(tokens, float(d), n_heads * spec.d_head)
    _gemm(make, "o_proj", "attention output", "attended", "o", shape)
    _reduced_residual(make, "attention", "o", "x", "x_mid", rows, request)
    _norm(make, "mlp_norm", "x_mid", "x_mid_normed", tokens, d)
    _gated_mlp(make, spec, request)
    _reduced_residual(make, "mlp", "down", "x_mid", "x_out", rows, request)
    _norm(make, "next_norm", "x_out", "x_out_normed", tokens, d)
    return make


def _gated_mlp(make: Builder, spec: DecoderSpec, request: Request) -> None:
    tokens, width = request.tokens, spec.d_ff / request.tensor_parallel
    size = tokens * width * Dtype.BF16.size
    for name in ("gate", "up"):
        shape = GemmShape(tokens, width, float(spec.d_model))
        _gemm(make, f"{name}_proj", "feed-forward up", "x_mid_normed", name, shape)
    make.unary(
        "silu", OpKind.POINTWISE, "activation", "gate", "gate_silu", size, 4.0 * tokens * width
    )
    make.tensor("gated", size)
    reads = {"gate_silu": size, "up": size}
    make.operator(
        "multiply", OpKind.POINTWISE, "activation", reads, {"gated": size}, tokens * width
    )
    shape = GemmShape(tokens, float(spec.d_model), width)
    _gemm(make, "down_proj", "feed-forward down", "gated", "down", shape)


def _head(spec: DecoderSpec, request: Request) -> Builder:
    """LM head on the last token of each sequence, vocabulary split over the chips, then greedy sampling."""
    make = Builder()
    parallel, batch = request.tensor_parallel, request.batch
    share = float(-(-spec.vocab_size // parallel))
    make.tensor("x_normed", batch * spec.d_model * Dtype.BF16.size)
    logits = "logits_part" if parallel > 1 else "logits"
    shape = GemmShape(batch, share, float(spec.d_model))
    tied = "embedding.weight" if spec.tied_embeddings else None
    _gemm(make, "lm_head", "lm head", "x_normed", logits, shape, tied)
    size = batch * spec.vocab_size * Dtype.BF16.size
    if parallel > 1:
        make.tensor("logits", size)
        reads = {"logits_part": batch * share * Dtype.BF16.size}
        make.operator("logits_all_gather", OpKind.ALL_GATHER, "all-reduce", reads, {"logits": size})
    make.tensor("token", batch * _TOKEN_ID)
    writes = {"token": batch * _TOKEN_ID}
    work = batch * spec.vocab_size
    make.operator("sample", OpKind.REDUCTION, "sampling", {"logits": size}, writes, work)
    return make


def _gemm(
    make: Builder,
    name: str,
    layer: str,
    source: str,
    target: str,
    shape: GemmShape,
    weight: str | None = None,
) -> None:
    """C[m, n] = A[m, k] · W[n, k]ᵀ in bf16: 2·m·n·k FLOP and each matrix once."""
    m, n, k, b = shape.m, shape.n, shape.k, Dtype.BF16.size
    weight = f"{name}.weight" if weight is None else weight
    make.tensor(weight, n * k * b, Role.WEIGHT)
    make.tensor(target, m * n * b)
    reads = {source: m * k * b, weight: n * k * b}
    make.operator(name, OpKind.GEMM, layer, reads, {target: m * n * b}, 2.0 * m * n * k, shape)


def _norm(make: Builder, name: str, source: str, target: str, tokens: Number, d: int) -> None:
    """RMSNorm as eight eager kernels: 36 bytes an element (two formats, eight round trips)."""
    elements = tokens * d
    half, full, row = elements * Dtype.BF16.size, elements * _FP32, tokens * _FP32
    weight_size = d * Dtype.BF16.size
    make.tensor(f"{name}.weight", weight_size, Role.WEIGHT)
    for step, kind, reads, target_name, size, work in _norm_steps(
        name, source, target, half, full, row, weight_size
    ):
        make.tensor(target_name, size)
        flops = elements * work if kind is not OpKind.COPY else 0.0
        make.operator(f"{name}.{step}", kind, "norm", reads, {target_name: size}, flops)


def _norm_steps(
    name: str, source: str, target: str, half: Number, full: Number, row: Number, weight_size: float
) -> Iterator[tuple[str, OpKind, dict[str, Number], str, Number, float]]:
    """Step, kind, reads, what it writes, its size, and FLOPs an element."""
    wide, square, mean = f"{name}.wide", f"{name}.squares", f"{name}.mean"
    moved, root, scaled, narrow = (
        f"{name}.moved",
        f"{name}.root",
        f"{name}.scaled",
        f"{name}.narrow",
    )
    point, reduce, copy = OpKind.POINTWISE, OpKind.REDUCTION, OpKind.COPY
    weight = f"{name}.weight"
    yield "to_fp32", copy, {source: half}, wide, full, 0.0
    yield "square", point, {wide: full}, square, full, 1.0
    yield "mean", reduce, {square: full}, mean, row, 1.0
    yield "add_epsilon", point, {mean: row}, moved, row, 0.0
    yield "rsqrt", point, {moved: row}, root, row, 0.0
    yield "normalise", point, {wide: full, root: row}, scaled, full, 1.0
    yield "to_bf16", copy, {scaled: full}, narrow, half, 0.0
    yield "weight", point, {narrow: half, weight: weight_size}, target, half, 1.0


def _reduced_residual(
    make: Builder, name: str, part: str, residual: str, target: str, rows: Number, request: Request
) -> None:
    """All-reduce of the partial sums (where there are several chips) and addition to the residual stream."""
    total = part
    if request.tensor_parallel > 1:
        total = f"{part}_sum"
        make.unary(f"{name}_all_reduce", OpKind.ALL_REDUCE, "all-reduce", part, total, rows)
    make.tensor(target, rows)
    reads = {total: rows, residual: rows}
    work = rows / Dtype.BF16.size
    make.operator(f"{name}_residual", OpKind.POINTWISE, "residual", reads, {target: rows}, work)
