"""Precision: weights and cache in fewer bytes."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ironlaw.registry.dtypes import Dtype
from ironlaw.workload.graph import (
    AttentionShape,
    ExpertShape,
    GemmShape,
    Graph,
    Operator,
    Role,
    Tensor,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ironlaw.base.number import Number

_KEPT = ("lm_head", "embedding", "router", "shared_gate")
_SIXTEEN_BITS = (
    Dtype.BF16,
    Dtype.FP16,
)  # the graph's own format, and one that moves the same bytes


def quantise_weights(graph: Graph, dtype: Dtype, *, experts_only: bool = False) -> Graph:
    """Keep the matrices of the layers in another format; LM head, embedding, router, norms and biases stay in bf16.

    Activations stay in bf16 between the kernels: they are quantised where a GEMM reads them, which its cost contains.

    Law: FLOPs stay; weight bytes scale with the bytes of an element. What is quantised already stays as it is.

    Args:
        graph: A graph.
        dtype: The format of the weights.
        experts_only: Whether the other matrices stay in bf16 too.
    """
    if dtype in _SIXTEEN_BITS:
        return graph
    factor = dtype.size / Dtype.BF16.size
    kinds = (ExpertShape,) if experts_only else (GemmShape, ExpertShape)
    chosen = {
        name: operator.shape
        for name, operator in graph.operators.items()
        if isinstance(operator.shape, kinds)
        and operator.shape.dtype is Dtype.BF16
        and name not in _KEPT
    }
    weights = {f"{name}.weight": factor for name in chosen}
    operators = dict(graph.operators)
    for name, shape in chosen.items():
        old = operators[name]
        reads = _scaled(old.reads, weights)
        new_shape = replace(shape, dtype=dtype)
        operators[name] = Operator(
            name, old.kind, old.layer, reads, old.writes, old.flops, new_shape
        )
    return replace(graph, operators=operators, tensors=_scaled_tensors(graph, weights))


def quantise_cache(graph: Graph, dtype: Dtype) -> Graph:
    """Keep the KV cache in another format. Copies of it, where a graph makes any, are in the format of the arithmetic.

    Law: FLOPs stay; bytes of the cache scale with the bytes of an element. A quantised cache stays as it is.

    Args:
        graph: A graph.
        dtype: The format of the cache.
    """
    if dtype in _SIXTEEN_BITS or _cache_is_quantised(graph):
        return graph
    factor = dtype.size / Dtype.BF16.size
    caches = {name: factor for name, t in graph.tensors.items() if t.role is Role.KV_CACHE}
    operators = dict(graph.operators)
    for name, old in graph.operators.items():
        shape = old.shape
        if isinstance(shape, AttentionShape):
            shape = replace(shape, cache_dtype=dtype)
        operators[name] = Operator(
            name,
            old.kind,
            old.layer,
            _scaled(old.reads, caches),
            _scaled(old.writes, caches),
            old.flops,
            shape,
        )
    return replace(graph, operators=operators, tensors=_scaled_tensors(graph, caches))


def _cache_is_quantised(graph: Graph) -> bool:
    shapes = [operator.shape for operator in graph.operators.values()]
    return any(
        isinstance(shape, AttentionShape) and shape.cache_dtype is not Dtype.BF16
        for shape in shapes
    )


def _scaled(sizes: Mapping[str, Number], factors: Mapping[str, float]) -> dict[str, Number]:
    return {name: size * factors.get(name, 1.0) for name, size in sizes.items()}


def _scaled_tensors(graph: Graph, factors: Mapping[str, float]) -> dict[str, Tensor]:
    tensors = dict(graph.tensors)
    for name, factor in factors.items():
        old = tensors[name]
        tensors[name] = Tensor(name, old.size * factor, old.role)
    return tensors
