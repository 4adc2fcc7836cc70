"""The ends of a decoder: the embedding of its tokens, and the LM head with its sampling."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ironlaw.base.number import minimum
from ironlaw.workload.builder import Builder
from ironlaw.workload.graph import GemmShape, OpKind, Role
from ironlaw.workload.parts import BF16, gemm, norm

if TYPE_CHECKING:
    from ironlaw.workload.graph import Graph
    from ironlaw.workload.spec import DecoderSpec, Request

_TOKEN_ID = 8.0  # an int64 token id [B]


def embedding(spec: DecoderSpec, request: Request) -> Graph:
    """Gather the rows of the tokens, and normalise them for the first layer.

    Args:
        spec: The model.
        request: Tokens and tensor-parallel degree of one chip.
    """
    make = Builder()
    rows = request.tokens * spec.d_model * BF16
    parallel = request.tensor_parallel
    table = spec.embedding_params * BF16 / parallel
    make.tensor("ids", request.tokens * _TOKEN_ID)
    make.tensor("embedding.weight", table, Role.WEIGHT)
    found = "x_part" if parallel > 1 else "x"
    make.tensor(found, rows)
    reads = {"ids": request.tokens * _TOKEN_ID, "embedding.weight": rows / parallel}
    make.operator("embedding", OpKind.GATHER, "embedding", reads, {found: rows})
    if parallel > 1:
        make.unary("embedding_all_reduce", OpKind.ALL_REDUCE, "all-reduce", "x_part", "x", rows)
    stream = _with_positions(make, spec, request) if spec.learned_positions else "x"
    route = (stream, "x_normed")
    norm(make, "input_norm", route, request.tokens, spec.d_model, bias=spec.norm_bias)
    return make.graph((stream, "x_normed"))


def _with_positions(make: Builder, spec: DecoderSpec, request: Request) -> str:
    """Add the learned vector of each token's position; every chip has the table."""
    rows = request.tokens * spec.d_model * BF16
    table = spec.max_context_len * spec.d_model * BF16
    make.tensor("positions.weight", table, Role.WEIGHT)
    make.tensor("x_positions", rows)
    reads, writes = {"positions.weight": minimum(rows, table)}, {"x_positions": rows}
    make.operator("positions", OpKind.GATHER, "embedding", reads, writes)
    make.tensor("x_placed", rows)
    reads, work = {"x": rows, "x_positions": rows}, request.tokens * spec.d_model
    make.operator(
        "embedding_residual", OpKind.POINTWISE, "embedding", reads, {"x_placed": rows}, work
    )
    return "x_placed"


def head(spec: DecoderSpec, request: Request) -> Graph:
    """LM head on the last tokens of each sequence, vocabulary split over the chips, then greedy sampling.

    Args:
        spec: The model.
        request: Sequences and tensor-parallel degree of one chip.
    """
    make = Builder()
    parallel, rows = request.tensor_parallel, request.batch * request.judged_len
    share = float(-(-spec.vocab_size // parallel))
    make.tensor("x_normed", rows * spec.d_model * BF16)
    logits = "logits_part" if parallel > 1 else "logits"
    shape = GemmShape(rows, share, float(spec.d_model))
    tied = "embedding.weight" if spec.tied_embeddings else None
    gemm(make, "lm_head", "lm head", ("x_normed", logits), shape, weight=tied)
    size = rows * spec.vocab_size * BF16
    if parallel > 1:
        make.tensor("logits", size)
        reads = {"logits_part": rows * share * BF16}
        make.operator("logits_all_gather", OpKind.ALL_GATHER, "all-reduce", reads, {"logits": size})
    make.tensor("token", rows * _TOKEN_ID)
    writes = {"token": rows * _TOKEN_ID}
    work = rows * spec.vocab_size
    make.operator("sample", OpKind.REDUCTION, "sampling", {"logits": size}, writes, work)
    return make.graph(("token",))
