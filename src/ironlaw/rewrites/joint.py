"""When operators can run as one kernel, and the kernel that they make."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from ironlaw.base.number import anywhere, maximum
from ironlaw.rewrites.chains import reduces
from ironlaw.workload.graph import AttentionShape, GemmShape, Graph, Operator, OpKind, Role
from ironlaw.workload.shapes import ConvolutionShape

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ironlaw.base.number import Number

SMALL = frozenset((OpKind.POINTWISE, OpKind.COPY, OpKind.REDUCTION, OpKind.ROUTE))
"""Operators that stream over their data; every other one has a loop of its own."""

_COLLECTIVES = frozenset((OpKind.ALL_REDUCE, OpKind.REDUCE_SCATTER))
_EPILOGUED = frozenset(
    (OpKind.GEMM, OpKind.CONVOLUTION, OpKind.BATCHED_GEMM, OpKind.SCORES, OpKind.VALUES)
)
_ROW_SCALAR = 4.0  # a reduction keeps one fp32 number of a row [B]
_FRAGMENT = 16.0  # rows of the smallest tile of a matrix unit
_SCORE = 4.0  # scores and sums are kept in fp32 [B]
_ELEMENT = 2.0  # elements of a tile are kept in 16 bits [B]


def ordered(graph: Graph, members: Iterable[str]) -> tuple[str, ...]:
    """Operators in the order of the graph."""
    wanted = set(members)
    return tuple(name for name in graph.operators if name in wanted)


def obstacle(graph: Graph, members: Iterable[str], on_chip: float | None = None) -> str | None:
    """Why some operators cannot run as one kernel; None if they can.

    They can if no other kernel has to run in between; if no tensor that persists is both written and read; if they have
    one main loop (several GEMMs of the same activations are one, and so are scores with their values, and a depthwise
    convolution with the 1 × 1 that reads it); if what precedes and follows that loop fits its tiles; and if what one
    block of threads has to hold fits on the chip.

    Args:
        graph: The graph.
        members: Operators of it.
        on_chip: Memory of one block of threads [B]; None for any amount.
    """
    inside = ordered(graph, members)
    between = _between(graph, set(inside))
    if between:
        return f"{between} has to run in between"
    kept = _kept_open(graph, inside)
    if kept:
        return f"{kept} is written whole before it is read"
    problem = _loop_problem(graph, inside)
    if problem or on_chip is None:
        return problem
    need = on_chip_need(graph, inside)
    if anywhere(need > on_chip):
        return "what a block of threads holds does not fit on the chip"
    return None


def _between(graph: Graph, inside: set[str]) -> str | None:
    """An operator outside that needs some of those inside and is needed by others."""
    tainted: set[str] = set()
    for name, sources in _sources(graph).items():
        if name in inside:
            found = sources & tainted
            if found:
                return min(found)
        elif not (sources.isdisjoint(inside) and sources.isdisjoint(tainted)):
            tainted.add(name)
    return None


@lru_cache(maxsize=64)
def _sources(graph: Graph) -> dict[str, frozenset[str]]:
    """The operators that each operator reads from, in order; a search asks for them for each of its kernels."""
    makers = {made: op.name for op in graph.operators.values() for made in op.writes}
    return {
        op.name: frozenset([makers[name] for name in op.reads if name in makers])
        for op in graph.operators.values()
    }


def _kept_open(graph: Graph, inside: tuple[str, ...]) -> str | None:
    made = {name for member in inside for name in graph.operators[member].writes}
    for member in inside:
        for name in graph.operators[member].reads:
            if name in made and graph.tensors[name].role.persists:
                return name
    return None


def _loop_problem(graph: Graph, inside: tuple[str, ...]) -> str | None:
    """What keeps the loops of some operators from being one."""
    operators = [graph.operators[name] for name in inside]
    loops = [operator for operator in operators if operator.kind not in SMALL]
    if not loops:
        return None
    if not _is_one_loop(loops):
        return f"{' and '.join(loop.name for loop in loops)} are loops of their own"
    if _is_attention(loops):
        return _attention_problem(graph, operators)
    return _tile_problem(operators, loops)


def _is_one_loop(loops: list[Operator]) -> bool:
    if len(loops) == 1:
        return True
    if _is_attention(loops) or _is_separable(loops):
        return True
    return len({sibling_key(loop) for loop in loops}) == 1 and loops[0].kind is OpKind.GEMM


def sibling_key(operator: Operator) -> tuple[object, ...]:
    """What GEMMs share that are one wider GEMM: activations, format and layer."""
    shape = operator.shape
    dtype = shape.dtype if isinstance(shape, GemmShape) else None
    return (operator.kind, next(iter(operator.reads)), dtype, operator.layer)


def _is_attention(loops: list[Operator]) -> bool:
    return [loop.kind for loop in loops] == [OpKind.SCORES, OpKind.VALUES]


def _is_separable(loops: list[Operator]) -> bool:
    if len(loops) != 2 or any(loop.kind is not OpKind.CONVOLUTION for loop in loops):  # noqa: PLR2004
        return False
    first, second = loops[0].shape, loops[1].shape
    if not isinstance(first, ConvolutionShape) or not isinstance(second, ConvolutionShape):
        return False
    return first.depthwise and second.taps == 1 and second.groups == 1


def _attention_problem(graph: Graph, operators: list[Operator]) -> str | None:
    """Before the scores only heads are expanded; up to the values anything streams; then elements are moved."""
    stage = OpKind.SCORES
    for operator in operators:
        if operator.kind in (OpKind.SCORES, OpKind.VALUES):
            stage = OpKind.VALUES if operator.kind is OpKind.SCORES else OpKind.COPY
        elif _expands(graph, operator):
            continue
        elif stage is OpKind.SCORES:
            return f"{operator.name} comes before the tiles of attention"
        elif stage is OpKind.COPY and operator.kind is OpKind.REDUCTION:
            return f"{operator.name} needs whole rows"
    return None


def _expands(graph: Graph, operator: Operator) -> bool:
    """Whether an operator repeats heads of the cache, which a kernel does by its indices."""
    roles = [graph.tensors[name].role for name in operator.writes]
    return operator.kind is OpKind.COPY and all(role is Role.KV_COPY for role in roles)


def _tile_problem(operators: list[Operator], loops: list[Operator]) -> str | None:
    """Whether what stands beside a main loop can be done on its tiles."""
    main = loops[0]
    loop_names = {loop.name for loop in loops}
    made: set[str] = set()
    for operator in operators:
        if operator.name in loop_names:
            made.update(operator.writes)
            continue
        if made.isdisjoint(operator.reads):
            return f"{operator.name} does not follow {main.name}"
        if main.kind in _COLLECTIVES:
            made.update(operator.writes)
            continue
        if main.kind not in _EPILOGUED:
            return f"{main.name} has no epilogue"
        if operator.kind in (OpKind.REDUCTION, OpKind.ROUTE):
            last = operator is operators[-1]
            row = operator.kind is OpKind.REDUCTION and main.kind is OpKind.GEMM
            if not (row and last and reduces(operator)):
                return f"{operator.name} needs whole rows"
        elif operator.kind is OpKind.COPY and not _moves(operator):
            return f"{operator.name} moves elements between tiles"
        made.update(operator.writes)
    return None


def _moves(operator: Operator) -> bool:
    """Whether a copy only writes the same elements to another place."""
    read, written = list(operator.reads.values()), list(operator.writes.values())
    return len(read) == len(written) == 1 and not anywhere(read[0] != written[0])


def on_chip_need(graph: Graph, members: Iterable[str]) -> Number:
    """What one block of threads holds at least while it runs some operators as one kernel [B].

    A reduction over rows holds a row of every tensor that stays inside; attention holds one fragment of queries, keys
    and values and the fp32 sums; a separable pair holds all channels of a fragment of positions. A GEMM's epilogue
    works on the tile that it holds anyway.

    Args:
        graph: The graph.
        members: Operators of one kernel.
    """
    operators = [graph.operators[name] for name in ordered(graph, members)]
    kinds = {operator.kind for operator in operators}
    if {OpKind.SCORES, OpKind.VALUES} <= kinds:
        shape = next(op.shape for op in operators if isinstance(op.shape, AttentionShape))
        width = max(shape.d_head, shape.d_value)
        return _FRAGMENT * (width * (3.0 * _ELEMENT + _SCORE) + _FRAGMENT * _SCORE)
    shapes = [op.shape for op in operators if isinstance(op.shape, ConvolutionShape)]
    if len(shapes) > 1:
        return _FRAGMENT * float(shapes[0].out_channels) * _ELEMENT
    return _row(operators)


def _row(operators: list[Operator]) -> Number:
    """The largest row that a reduction inside a kernel needs and that another operator reads again [B]."""
    read: dict[str, int] = {}
    for operator in operators:
        for name in operator.reads:
            read[name] = read.get(name, 0) + 1
    made = {name for operator in operators for name in operator.writes}
    need: Number = 0.0
    for operator in operators:
        if operator.kind is not OpKind.REDUCTION or not reduces(operator):
            continue
        rows = next(iter(operator.writes.values())) / _ROW_SCALAR
        for other in operators:
            for name, size in other.reads.items():
                if name in made and read[name] > 1:
                    need = maximum(need, size / maximum(rows, 1.0))
    return need
