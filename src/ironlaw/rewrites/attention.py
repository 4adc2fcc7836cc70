"""Attention: a static cache, a fused softmax, and attention whose scores never leave the chip."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ironlaw.rewrites.fusion import fuse
from ironlaw.workload.attention import attended_pairs
from ironlaw.workload.graph import AttentionShape, Graph, Operator, OpKind

if TYPE_CHECKING:
    from ironlaw.base.number import Number

_SOFTMAX = ("scores.scale", "scores.mask", "scores.sink", "scores.softmax", "scores.cast")
_CACHES = ("cache_k", "cache_v", "cache_latent")
_ATTENTION = ("expand_k", "expand_v", "scores", *_SOFTMAX, "values", "transpose")


def static_cache(graph: Graph) -> Graph:
    """Append new rows to a cache of fixed place instead of concatenating a new one.

    Law: no FLOPs change; the bytes of the append fall from twice the cache to twice the new rows.

    Args:
        graph: A graph with operators `cache_…`, or without: then it is returned unchanged.
    """
    appends = [operator for name in _CACHES if (operator := graph.operators.get(name))]
    if not appends:
        return graph
    operators = dict(graph.operators)
    tensors = dict(graph.tensors)
    for old in appends:
        new = {name: size for name, size in old.reads.items() if not name.endswith("_past")}
        rows: Number = 0.0
        for size in new.values():
            rows = rows + size
        (cache,) = old.writes
        operators[old.name] = Operator(old.name, OpKind.COPY, "kv cache", new, {cache: rows})
        tensors.pop(cache.replace("_cache", "_past"), None)
    return replace(graph, operators=operators, tensors=tensors)


def fuse_softmax(graph: Graph) -> Graph:
    """Run scale, mask, softmax and cast as one kernel, and write the heads in place: 8 instead of 24 bytes a score.

    Law: as for every fusion, only the cut changes.
    """
    return fuse(fuse(graph, "softmax", _SOFTMAX), "values", ("values", "transpose"))


def flash_attention(graph: Graph) -> Graph:
    """Run the whole attention as one kernel, softmax online: scores and expanded heads never leave the chip.

    Law: traffic falls to Q, K, V and the output, each once. In decode the FLOPs stay. In prefill the blocks above the
    diagonal are skipped, which the eager graph computes and masks: the FLOPs of the scores fall to the lower triangle.

    Source:
        Dao 2023 (FlashAttention-2); split over the cache in decode: Flash-Decoding.
    """
    return fuse_attention(skip_masked(graph))


def fuse_attention(graph: Graph) -> Graph:
    """Run everything from the expansion of the heads to the output as one kernel.

    Law: as for every fusion, only the cut changes. What makes it possible is the online softmax.
    """
    return fuse(graph, "flash_attention", _ATTENTION)


def skip_masked(graph: Graph) -> Graph:
    """Leave out the blocks that a causal mask would erase.

    Law: FLOPs of attention fall from S² to S·(S+1)/2 pairs for each head; a step of one query to a sequence has nothing
    to skip and is returned unchanged.
    """
    scores = graph.operators.get("scores")
    if scores is None or not isinstance(scores.shape, AttentionShape):
        return graph
    if scores.shape.skips_masked or scores.shape.decode:
        return graph
    kept = kept_fraction(scores.shape)
    operators = dict(graph.operators)
    for name in _ATTENTION:
        if name in operators:
            old = operators[name]
            shape = old.shape
            if isinstance(shape, AttentionShape):
                shape = replace(shape, skips_masked=True)
            operators[name] = old._replace(flops=old.flops * kept, shape=shape)
    return replace(graph, operators=operators)


def kept_fraction(shape: AttentionShape) -> Number:
    """Share of the score matrix that the causal mask and the window leave.

    With q new tokens of S, query i sees the last w of S − q + i tokens. In decode the cache holds no more than those.

    Args:
        shape: Query length q, context S and window.

    Returns:
        A fraction; 1 for a single query.

    Example:
        >>> from ironlaw.workload.graph import AttentionShape
        >>> kept_fraction(AttentionShape(decode=True, batch=1.0, query_len=1.0, context_len=4096.0, n_heads=8.0,
        ...                              n_kv_heads=1.0, d_head=128.0, causal=True))
        1.0
    """
    if not shape.causal or shape.skips_masked or (shape.window and shape.decode):
        return 1.0
    new, context = shape.query_len, shape.context_len
    if shape.window:
        return attended_pairs(new, context, shape.window) / (new * context)
    return (context - new + (new + 1.0) / 2.0) / context
