"""Precision layer by layer: which matrices are kept and multiplied in a narrower format, and what follows from it.

A tensor lies in memory in the narrow format if any operator that touches it is narrow: whoever makes it quantises on
the way out, whoever reads it widens on the way in. Operators without a matrix follow the one before them.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from ironlaw.registry.dtypes import Dtype
from ironlaw.workload.graph import AttentionShape, GemmShape, OpKind, Role

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from ironlaw.workload.graph import Block, Graph, Operator, Shape, Tensor

_FORMATTED = frozenset(
    {*(OpKind.GEMM, OpKind.BATCHED_GEMM, OpKind.CONVOLUTION), *(OpKind.RECURRENCE, OpKind.EXPERTS)}
)


class Precision(NamedTuple):
    """The formats of a narrow layer: its weights, and its activations and arithmetic."""

    weights: Dtype = Dtype.INT8
    activations: Dtype = Dtype.INT8


def format_owners(blocks: Iterable[Block]) -> dict[str, str]:
    """The operator whose format each operator follows: itself where it has weights to multiply.

    An operator without follows the one that made what it reads; where nobody did, the next that has some.

    Args:
        blocks: The blocks of a network, in order; names of operators are unique among them.
    """
    owners: dict[str, str] = {}
    waiting: list[str] = []
    for block in blocks:
        makers = {made: op.name for op in block.graph.operators.values() for made in op.writes}
        for operator in block.graph.operators.values():
            if operator.kind in _FORMATTED:
                owners.update(dict.fromkeys((operator.name, *waiting), operator.name))
                waiting = []
                continue
            found = [owners.get(makers[name]) for name in operator.reads if name in makers]
            known = [owner for owner in found if owner is not None]
            if known:
                owners[operator.name] = known[0]
            else:
                waiting.append(operator.name)
    last = next(reversed(owners.values()), "")
    return {**owners, **{name: last or name for name in waiting}}


def narrow_tensors(blocks: Iterable[Block], narrow: Collection[str]) -> frozenset[str]:
    """The tensors that at least one narrow operator touches.

    Args:
        blocks: The blocks of a network.
        narrow: Narrow operators.
    """
    return frozenset(
        name
        for block in blocks
        for operator in block.graph.operators.values()
        if operator.name in narrow
        for name in (*operator.reads, *operator.writes)
    )


def size_factor(tensor: Tensor, precision: Precision) -> float:
    """Bytes of a tensor in the narrow format over those at two bytes an element; indices stay.

    Args:
        tensor: The tensor.
        precision: The narrow format.
    """
    if tensor.role is Role.INDEX:
        return 1.0
    dtype = precision.weights if tensor.role is Role.WEIGHT else precision.activations
    return dtype.size / Dtype.BF16.size


def operator_in(
    operator: Operator, factors: Mapping[str, float], precision: Precision | None
) -> Operator:
    """An operator with some of its tensors narrower, in a format.

    Args:
        operator: An operator at two bytes an element.
        factors: Bytes of each narrow tensor over those at two bytes an element; 1 where absent.
        precision: What it computes in; None for 16 bits.
    """
    shape = operator.shape
    return operator._replace(
        reads={name: size * factors.get(name, 1.0) for name, size in operator.reads.items()},
        writes={name: size * factors.get(name, 1.0) for name, size in operator.writes.items()},
        shape=shape if precision is None or shape is None else _shape_in(shape, precision),
    )


def _shape_in(shape: Shape, precision: Precision) -> Shape:
    if isinstance(shape, AttentionShape):
        return replace(shape, cache_dtype=precision.activations)
    if isinstance(shape, GemmShape):
        same = precision.weights is precision.activations
        return replace(
            shape, dtype=precision.weights, widened=None if same else precision.activations
        )
    return replace(shape, dtype=precision.activations)


def in_layer_formats(
    graph: Graph, narrow: Collection[str], tensors: Collection[str], precision: Precision
) -> Graph:
    """A graph of which some operators are narrow.

    Law: FLOPs and the cut stay; bytes do not rise. With every operator narrow it is the graph in that format.

    Args:
        graph: A graph at two bytes an element.
        narrow: Its narrow operators.
        tensors: Tensors that are kept narrow, as `narrow_tensors` says for the whole network.
        precision: The narrow format.
    """
    factors = {
        name: size_factor(tensor, precision)
        for name, tensor in graph.tensors.items()
        if name in tensors
    }
    operators = {
        name: operator_in(old, factors, precision if name in narrow else None)
        for name, old in graph.operators.items()
    }
    changed = {
        name: old._replace(size=old.size * factors.get(name, 1.0))
        for name, old in graph.tensors.items()
    }
    return replace(graph, operators=operators, tensors=changed)
