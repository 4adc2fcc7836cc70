"""Kernels that stream through a memory next to the arithmetic: which operators in a row may share one.

Such a kernel walks over its rows once. Each operator reads what one before it makes; one of them may look at
neighbouring rows, for which a few rows wait in the memory, beside the weights of all. Two that do would need more rows
of each other the longer the chain is. Residuals and activations ride along.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from ironlaw.base.number import root
from ironlaw.rewrites.chains import reduces
from ironlaw.workload.graph import Graph, Group, Operator, OpKind, Role, regrouped
from ironlaw.workload.network import MATRIX_KINDS
from ironlaw.workload.shapes import ConvolutionShape

if TYPE_CHECKING:
    from collections.abc import Collection

    from ironlaw.base.number import Number

_BYTES = 1e3  # of a kB


def apart(graph: Graph, first: str, second: str) -> str | None:
    """Why two operators in a row cannot share a kernel, whatever the memory; None if they may.

    Args:
        graph: The graph.
        first: An operator.
        second: The one after it.
    """
    made = graph.operators[first].writes.keys() & graph.operators[second].reads.keys()
    if not made:
        return f"{second} does not read what {first} makes"
    kept = [name for name in made if graph.tensors[name].role.persists]
    return f"{kept[0]} is written whole before it is read" if kept else None


def stream_obstacle(graph: Graph, members: tuple[str, ...], capacity: float) -> str | None:
    """Why operators in a row cannot stream through one kernel; None if they can.

    Args:
        graph: The graph, in the widest format that the kernel may run in.
        members: Operators of it, in order and in a row.
        capacity: Memory next to the arithmetic [B].
    """
    for first, second in pairwise(members):
        reason = apart(graph, first, second)
        if reason is not None:
            return reason
    operators = [graph.operators[name] for name in members]
    wide = [operator.name for operator in operators if _looks_around(operator, operators)]
    if len(wide) > 1:
        return f"{wide[0]} and {wide[1]} both look at neighbouring rows"
    loops = [op for op in operators if op.kind in MATRIX_KINDS or op.name in wide]
    if len(loops) < 2:  # noqa: PLR2004 - one loop streams its weights and keeps nothing
        return None
    need = _held(graph, operators)
    if need > capacity:
        return f"weights and rows take {need / _BYTES:.0f} kB of {capacity / _BYTES:.0f} kB on the chip"
    return None


def _looks_around(operator: Operator, beside: list[Operator]) -> bool:
    """Whether an operator needs other rows than the one that it makes."""
    shape = operator.shape
    if isinstance(shape, ConvolutionShape):
        return shape.taps > 1
    if operator.kind is OpKind.VALUES:  # attention looks around once
        return all(other.kind is not OpKind.SCORES for other in beside)
    if operator.kind is OpKind.REDUCTION:
        return reduces(operator)
    return operator.kind in (OpKind.SCORES, OpKind.RECURRENCE)


def _held(graph: Graph, operators: list[Operator]) -> Number:
    """Weights of a kernel, and the rows that wait in it for an operator which looks at neighbours [B]."""
    made = {name for operator in operators for name in operator.writes}
    held: Number = 0.0
    for operator in operators:
        for name, size in operator.reads.items():
            if graph.tensors[name].role is Role.WEIGHT:
                held = held + size
            elif name in made:
                held = held + size * _waiting(operator)
    return held


def _waiting(operator: Operator) -> float:
    """Share of what an operator reads that has to wait: as many rows as its window is high, along the longer side."""
    shape = operator.shape
    if isinstance(shape, ConvolutionShape) and shape.taps > 1:
        return float(min(root(float(shape.taps)) / root(float(shape.in_positions)), 1.0))
    return 1.0 if operator.kind in (OpKind.SCORES, OpKind.VALUES, OpKind.RECURRENCE) else 0.0


def runs(graph: Graph, fused: Collection[str]) -> tuple[tuple[str, ...], ...]:
    """The operators of a graph by kernel, where some share one with the next.

    Args:
        graph: The graph.
        fused: Operators that share a kernel with the one after them.
    """
    found: list[list[str]] = []
    joins = False
    for name in graph.operators:
        if joins:
            found[-1].append(name)
        else:
            found.append([name])
        joins = name in fused
    return tuple(tuple(members) for members in found)


def streamed(graph: Graph, fused: Collection[str]) -> Graph:
    """The graph under the cut in which some operators share a kernel with the next.

    Law: FLOPs stay, traffic does not rise, and what another kernel reads is still written.

    Args:
        graph: The graph.
        fused: Operators that share a kernel with the one after them.
    """
    groups = [Group("+".join(members), members) for members in runs(graph, fused)]
    return regrouped(graph, groups)
