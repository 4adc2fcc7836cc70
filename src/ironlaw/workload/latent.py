"""Latent attention: keys and values of all heads are made from one compressed vector a token, and that is the cache.

A prompt is read in the expanded form: keys and values of each head are made and attended over. A new token is made in
the absorbed form, as vLLM and SGLang run it: queries are taken into the latent space, all heads attend over the cached
latents, which are read once, and only the result is taken back.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ironlaw.workload.attention import (
    AttentionSizes,
    append,
    rotary,
    scores,
    softmax,
    values,
)
from ironlaw.workload.graph import GemmShape, OpKind
from ironlaw.workload.parts import BF16, batched_gemm, gemm, norm
from ironlaw.workload.spec import Phase

if TYPE_CHECKING:
    from ironlaw.base.number import Number
    from ironlaw.workload.builder import Builder
    from ironlaw.workload.spec import DecoderSpec, LatentAttention, Request


def latent_attention(
    make: Builder, spec: DecoderSpec, latent: LatentAttention, local: Request
) -> float:
    """Write down a layer's attention from the tensor `x_normed` to the tensor `attended`.

    Every chip of a tensor-parallel group has the compressing matrices and the whole cache: the latent has no heads.

    Args:
        make: The graph in the making.
        spec: The model.
        latent: Widths of its attention.
        local: The request as this chip sees it.

    Returns:
        Columns of `attended` on this chip.
    """
    heads, tokens = spec.n_heads / local.tensor_parallel, local.tokens
    _queries(make, spec, latent, tokens, heads)
    width, d_model = float(latent.cache_rank + latent.d_rope), float(spec.d_model)
    gemm(make, "kv_down_proj", "qkv", ("x_normed", "kv_down"), GemmShape(tokens, width, d_model))
    norm(make, "latent_norm", ("kv_down", "latent"), tokens, latent.cache_rank)
    rotary(make, "q", "q", tokens * heads * latent.d_rope)
    rotary(make, "k", "kv_down", tokens * latent.d_rope)
    new: dict[str, Number] = {
        "latent": tokens * latent.cache_rank * BF16,
        "k_rotated": tokens * latent.d_rope * BF16,
    }
    append(make, "latent", new, local.batch * local.context_len * width * BF16)
    if local.phase is Phase.DECODE:
        _absorbed(make, latent, local, heads)
    else:
        _expanded(make, latent, local, heads)
    return heads * latent.d_value


def _queries(
    make: Builder, spec: DecoderSpec, latent: LatentAttention, tokens: Number, heads: float
) -> None:
    """Queries, through a narrow matrix and a norm where the model compresses them."""
    width, d_model = heads * (latent.d_nope + latent.d_rope), float(spec.d_model)
    if not latent.query_rank:
        gemm(make, "q_proj", "qkv", ("x_normed", "q"), GemmShape(tokens, width, d_model))
        return
    rank = float(latent.query_rank)
    gemm(make, "q_down_proj", "qkv", ("x_normed", "q_down"), GemmShape(tokens, rank, d_model))
    norm(make, "query_norm", ("q_down", "q_latent"), tokens, rank)
    gemm(make, "q_up_proj", "qkv", ("q_latent", "q"), GemmShape(tokens, width, rank))


def _absorbed(make: Builder, latent: LatentAttention, local: Request, heads: float) -> None:
    """All heads attend over the cached latents: one key-value head of the latent's width."""
    tokens, rank = local.tokens, float(latent.cache_rank)
    sizes = _sizes(local, heads, d_head=rank + latent.d_rope, d_value=rank, shared=True)
    into = GemmShape(tokens, heads * rank, float(latent.d_nope))
    batched_gemm(make, "absorb_queries", "latent", ("q", "q_absorbed"), into, heads)
    cached = local.batch * local.context_len
    reads: dict[str, Number] = {
        "q_absorbed": tokens * heads * rank * BF16,
        "q_rotated": tokens * heads * latent.d_rope * BF16,
        "latent_cache": cached * (rank + latent.d_rope) * BF16,
    }
    scores(make, reads, sizes)
    softmax(make, sizes)
    values(make, {"latent_cache": cached * rank * BF16}, sizes, "attended_latent")
    back = GemmShape(tokens, heads * latent.d_value, rank)
    batched_gemm(make, "expand_values", "latent", ("attended_latent", "attended"), back, heads)


def _expanded(make: Builder, latent: LatentAttention, local: Request, heads: float) -> None:
    """Keys and values of each head are made; the rotary part of a key is copied to every head."""
    tokens, nope, rope = local.tokens, float(latent.d_nope), float(latent.d_rope)
    sizes = _sizes(local, heads, d_head=nope + rope, d_value=float(latent.d_value), shared=False)
    shape = GemmShape(tokens, heads * (nope + latent.d_value), float(latent.cache_rank))
    gemm(make, "kv_up_proj", "latent", ("latent", "kv"), shape)
    pairs = tokens * heads * BF16
    for name, source, rotated in (("q", "q", pairs * rope), ("k", "kv", tokens * rope * BF16)):
        make.tensor(f"{name}_joined", pairs * (nope + rope))
        reads = {source: pairs * nope, f"{name}_rotated": rotated}
        writes = {f"{name}_joined": pairs * (nope + rope)}
        make.operator(f"join_{name}", OpKind.COPY, "rope", reads, writes)
    joined: dict[str, Number] = dict.fromkeys(("q_joined", "k_joined"), pairs * (nope + rope))
    scores(make, joined, sizes)
    softmax(make, sizes)
    values(make, {"kv": pairs * latent.d_value}, sizes, "attended_heads")
    size = pairs * latent.d_value
    make.unary("transpose", OpKind.COPY, "attention", "attended_heads", "attended", size)


def _sizes(
    local: Request, heads: float, *, d_head: float, d_value: float, shared: bool
) -> AttentionSizes:
    return AttentionSizes(
        decode=local.phase is Phase.DECODE,
        batch=local.batch,
        query_len=local.query_len,
        context_len=local.context_len,
        n_heads=heads,
        n_kv_heads=1.0 if shared else heads,
        d_head=d_head,
        d_value=d_value,
    )
