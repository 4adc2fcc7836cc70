"""Finds attention in a graph that was imported operator by operator."""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING

from ironlaw.workload.graph import AttentionShape, OpKind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ironlaw.workload.network import Step
    from ironlaw.workload.tracer import Dims, Tracer

_BETWEEN = (OpKind.POINTWISE, OpKind.COPY)


def join_attention(trace: Tracer, products: Mapping[str, tuple[str, Dims, int]]) -> None:
    """Name the two products around each softmax: scores and values of one attention.

    A product of two activations, small operators, a softmax, small operators, a product that reads them: what comes
    before is the scores, what comes after the values. Anything else stays the product that it is.

    Args:
        trace: The operators.
        products: Products of two activations by name: what they make, its shape and the reduced dimension.
    """
    maker = {made: step for step in trace.steps for made in step.writes}
    readers: dict[str, list[Step]] = {}
    for step in trace.steps:
        for name in step.reads:
            readers.setdefault(name, []).append(step)
    for step in trace.steps:
        if step.layer != "softmax":
            continue
        before = _before(step, maker)
        after = _after(step, readers)
        if before is None or after is None or before.name not in products:
            continue
        if after.name not in products:
            continue
        _, dims, width = products[before.name]
        shape = attention_shape(dims, width)
        trace.relabel(before.name, OpKind.SCORES, shape)
        trace.relabel(after.name, OpKind.VALUES, shape)


def attention_shape(scores: Dims, d_head: int) -> AttentionShape:
    """The attention whose score matrix has a shape of [batch …, heads, queries, keys].

    Args:
        scores: Shape of the scores.
        d_head: Width of a head.
    """
    *outer, rows, context = scores
    heads = outer[-1] if outer else 1
    return AttentionShape(
        decode=rows == 1 and context > 1,
        batch=float(prod(outer[:-1])),
        query_len=float(rows),
        context_len=float(context),
        n_heads=float(heads),
        n_kv_heads=float(heads),
        d_head=float(d_head),
        causal=False,
    )


def _before(step: Step, maker: Mapping[str, Step]) -> Step | None:
    found: Step | None = maker.get(next(iter(step.reads)))
    while found is not None and found.kind in _BETWEEN:
        found = maker.get(next(iter(found.reads)))
    return found


def _after(step: Step, readers: Mapping[str, list[Step]]) -> Step | None:
    made = next(iter(step.writes))
    while len(readers.get(made, ())) == 1:
        found = readers[made][0]
        if found.kind not in _BETWEEN:
            return found
        made = next(iter(found.writes))
    return None
