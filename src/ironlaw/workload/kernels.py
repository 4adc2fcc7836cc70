"""The kernels of a graph: what crosses each border, and what the operators inside do."""

from __future__ import annotations

from dataclasses import fields
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from ironlaw.base.number import maximum
from ironlaw.base.recording import Recorded, played
from ironlaw.workload.graph import Border, Crossing, OpKind

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ironlaw.base.number import Number
    from ironlaw.workload.graph import Graph, Group, Operator, Shape


class Parts(NamedTuple):
    """What a kernel holds, in numbers or recorded ones.

    Attributes:
        operators: Its operators, in order.
        reads: Bytes that enter, by tensor [B].
        writes: Bytes that leave, by tensor [B].
    """

    operators: tuple[Operator, ...]
    reads: dict[str, Number]
    writes: dict[str, Number]


class Kernel(NamedTuple):
    """Operators that run together.

    Attributes:
        border: Its name, its members and what crosses its border.
        flops: Work of its operators, O [FLOP].
        traffic: Bytes that cross its border, D_vol [B].
        parts: Its operators and what each tensor that crosses the border weighs, as they were written down.
        values: What the sizes come to that are recorded there; few are ever looked at.
    """

    border: Border
    flops: Number
    traffic: Number
    parts: Parts
    values: Sequence[Number] = ()

    @property
    def name(self) -> str:
        """The name of the kernel."""
        return self.border.name

    @property
    def reads(self) -> dict[str, Number]:
        """Bytes that enter, by tensor [B]."""
        return {name: played(size, self.values) for name, size in self.parts.reads.items()}

    @property
    def writes(self) -> dict[str, Number]:
        """Bytes that leave, by tensor [B]."""
        return {name: played(size, self.values) for name, size in self.parts.writes.items()}

    def size(self, size: Number) -> Number:
        """What a size of `parts` comes to."""
        return played(size, self.values)

    def shape(self, shape: _Shape) -> _Shape:
        """A shape of `parts` with its sizes as numbers."""
        if not self.values:
            return shape
        known, recorded = _fields(shape)
        sizes: dict[str, Any] = {name: self.values[place] for name, place in recorded}
        return type(shape)(**known, **sizes)


_Shape = TypeVar("_Shape", bound="Shape")


@lru_cache(maxsize=4096)
def _fields(shape: Shape) -> tuple[dict[str, Any], tuple[tuple[str, int], ...]]:
    """The fields of a shape that are known, and where the recorded ones stand on their tape."""
    found: dict[str, object] = {field.name: getattr(shape, field.name) for field in fields(shape)}
    recorded = {name: value.place for name, value in found.items() if isinstance(value, Recorded)}
    known = {name: value for name, value in found.items() if name not in recorded}
    return known, tuple(recorded.items())


def kernels(graph: Graph) -> list[Kernel]:
    """The kernels of a graph, with what crosses their borders.

    A tensor that is read by several operators of a kernel enters once. A tensor made inside does not enter, except for
    what was not made there (a cache to which rows are appended). A tensor leaves if another kernel reads it, if it is
    an output, or if it persists.

    Args:
        graph: The graph with its cut.

    Returns:
        One kernel for each group, in order.
    """
    known = graph.borders if graph.borders is not None else borders(graph)
    return [_kernel(graph.operators, border) for border in known]


def _kernel(operators: Mapping[str, Operator], border: Border) -> Kernel:
    members = tuple([operators[name] for name in border.members])
    reads: dict[str, Number] = {}
    traffic: Number = 0.0
    for crossing in border.enters:
        name, readers = crossing.tensor, crossing.operators
        size = operators[readers[0]].reads[name]
        for other in readers[1:]:
            size = maximum(size, operators[other].reads[name])
        if crossing.made_inside_by is not None:
            size = maximum(size - operators[crossing.made_inside_by].writes[name], 0.0)
        reads[name] = size
        traffic = traffic + size
    writes: dict[str, Number] = {}
    for crossing in border.leaves:
        size = operators[crossing.operators[0]].writes[crossing.tensor]
        writes[crossing.tensor] = size
        traffic = traffic + size
    flops: Number = 0.0
    for operator in members:
        flops = flops + operator.flops
    return Kernel(border, flops, traffic, Parts(members, reads, writes))


def kernel_of(graph: Graph, group: Group) -> Kernel:
    """One kernel of a graph, whatever the cut of the other operators is: only what leaves it to them matters.

    Args:
        graph: The graph.
        group: The operators of the kernel, in order.
    """
    inside, readers = frozenset(group.members), _readers(graph)
    made = [tensor for name in group.members for tensor in graph.operators[name].writes]
    read_in = {
        tensor: {0 if name in inside else 1 for name in readers[tensor]}
        for tensor in made
        if tensor in readers
    }
    return _kernel(graph.operators, _border(graph, 0, group, read_in))


@lru_cache(maxsize=64)
def _readers(graph: Graph) -> dict[str, list[str]]:
    """The operators that read each tensor; a search asks for them for each of its kernels."""
    found: dict[str, list[str]] = {}
    for operator in graph.operators.values():
        for tensor in operator.reads:
            found.setdefault(tensor, []).append(operator.name)
    return found


def borders(graph: Graph) -> tuple[Border, ...]:
    """What crosses the border of each kernel: structure, without sizes.

    Args:
        graph: The graph with its cut.

    Returns:
        One border for each group, in order.
    """
    home = {name: i for i, group in enumerate(graph.groups) for name in group.members}
    read_in: dict[str, set[int]] = {}
    for operator in graph.operators.values():
        for tensor in operator.reads:
            read_in.setdefault(tensor, set()).add(home[operator.name])
    return tuple(_border(graph, index, group, read_in) for index, group in enumerate(graph.groups))


def _border(graph: Graph, index: int, group: Group, read_in: Mapping[str, set[int]]) -> Border:
    members = tuple(graph.operators[name] for name in group.members)
    readers: dict[str, list[str]] = {}
    made: dict[str, str] = {}
    for operator in members:
        for name in operator.reads:
            if name not in made or graph.tensors[name].role.persists:
                readers.setdefault(name, []).append(operator.name)
        made.update(dict.fromkeys(operator.writes, operator.name))
    enters = tuple(
        Crossing(name, graph.tensors[name].role, tuple(found), made.get(name))
        for name, found in readers.items()
    )
    leaves = tuple(
        Crossing(name, graph.tensors[name].role, (maker,))
        for name, maker in made.items()
        if _leaves(graph, name, index, read_in)
    )
    touched = {*readers, *made, *(name for operator in members for name in operator.reads)}
    return Border(
        name=group.name,
        members=group.members,
        layer=main_operator(members).layer,
        kinds=frozenset(operator.kind for operator in members),
        enters=enters,
        leaves=leaves,
        touches_cache=any(graph.tensors[name].role.is_cache for name in touched),
    )


def _leaves(graph: Graph, name: str, index: int, read_in: Mapping[str, set[int]]) -> bool:
    elsewhere = any(reader != index for reader in read_in.get(name, ()))
    return elsewhere or graph.tensors[name].role.persists or name in graph.outputs


_WEIGHTIEST = (
    OpKind.ALL_REDUCE,
    OpKind.ALL_GATHER,
    OpKind.ALL_TO_ALL,
    OpKind.REDUCE_SCATTER,
    OpKind.EXPERTS,
    OpKind.GEMM,
    OpKind.CONVOLUTION,
    OpKind.RECURRENCE,
    OpKind.SCORES,
    OpKind.VALUES,
)


def main_operator(members: tuple[Operator, ...]) -> Operator:
    """The operator that names the layer of a kernel: a collective, a matrix, an attention, else the last one.

    Args:
        members: The operators of a kernel, in order.
    """
    for kind in _WEIGHTIEST:
        for operator in members:
            if operator.kind is kind:
                return operator
    return members[-1]
