"""The legal fusions of any graph: which operators may share a kernel, what each saves, and any set of them.

A fusion says that some operators run in one kernel. Fusions that share an operator are one kernel together, so a set
of them is a cut of the graph: the order in which they are chosen cannot matter, nor that one is chosen twice.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from itertools import pairwise
from typing import TYPE_CHECKING

from ironlaw.rewrites.chains import in_order
from ironlaw.rewrites.joint import SMALL, obstacle, ordered, sibling_key
from ironlaw.workload.graph import Graph, GraphError, Operator, OpKind, regrouped
from ironlaw.workload.kernels import kernels

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ironlaw.base.number import Number


class FusionKind(Enum):
    """What makes one kernel of several operators."""

    STEPS = "steps of one operator"
    CHAIN = "one after the other"
    SIBLINGS = "GEMMs of the same activations"
    SIDE_BY_SIDE = "side by side in one launch"
    EPILOGUE = "epilogue of a matrix"
    COLLECTIVE = "after a collective"
    SEPARABLE = "separable convolution"
    ATTENTION = "attention with online softmax"


@dataclass(frozen=True, slots=True)
class Fusion:
    """Operators that may run as one kernel.

    Attributes:
        name: What it joins, "silu+multiply".
        kind: What makes one kernel of them.
        members: The operators, in the order of the graph.
    """

    name: str
    kind: FusionKind
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Saving:
    """What a fusion spares a graph that runs each operator alone.

    Attributes:
        traffic: Bytes that need not move [B].
        kernels: Launches that fall away.
    """

    traffic: Number
    kernels: int


def legal_fusions(graph: Graph, on_chip: float | None = None) -> tuple[Fusion, ...]:
    """Every fusion that is legal by itself, in the order of the graph.

    Args:
        graph: Any graph; its cut does not matter.
        on_chip: Memory of one block of threads [B]; None for any amount.
    """
    parts = _parts(graph)
    found: dict[frozenset[str], Fusion] = {}
    for fusion in _candidates(graph, parts):
        key = frozenset(fusion.members)
        if len(key) > 1 and key not in found and obstacle(graph, key, on_chip) is None:
            found[key] = fusion
    place = {name: i for i, name in enumerate(graph.operators)}
    return tuple(sorted(found.values(), key=lambda fusion: place[fusion.members[0]]))


def saving(graph: Graph, fusion: Fusion) -> Saving:
    """What a fusion alone saves against each operator as a kernel of its own.

    Args:
        graph: The graph of the fusion.
        fusion: One of its legal fusions.
    """
    apart = _total(separated(graph))
    together = _total(with_fusions(graph, (fusion,)))
    return Saving(apart - together, len(fusion.members) - 1)


def _total(graph: Graph) -> Number:
    total: Number = 0.0
    for kernel in kernels(graph):
        total = total + kernel.traffic
    return total


def separated(graph: Graph) -> Graph:
    """The same operators, each a kernel of its own."""
    return _cut(graph, [(name,) for name in graph.operators])


def with_fusions(graph: Graph, fusions: Iterable[Fusion], on_chip: float | None = None) -> Graph:
    """The graph under the cut that a set of fusions makes.

    Law: FLOPs stay, traffic does not rise, a tensor with a reader outside is still written. The order of the set does
    not matter, nor what the graph's cut was.

    Args:
        graph: The graph.
        fusions: Any of its legal fusions.
        on_chip: Memory of one block of threads [B]; None for any amount.

    Raises:
        GraphError: if the operators that come together cannot run as one kernel, saying why.
    """
    parts = joined(graph, fusions)
    for members in parts:
        problem = obstacle(graph, members, on_chip) if len(members) > 1 else None
        if problem:
            raise GraphError("fusions", f"{', '.join(members)} cannot be one kernel: {problem}")
    return _cut(graph, parts)


def _cut(graph: Graph, parts: Iterable[tuple[str, ...]]) -> Graph:
    return regrouped(graph, in_order(graph, [list(members) for members in parts]))


def joined(graph: Graph, fusions: Iterable[Fusion]) -> list[tuple[str, ...]]:
    """The operators by the kernel that they run in, legal or not, in the order of the graph.

    Args:
        graph: The graph.
        fusions: Fusions of it; those that share an operator are one kernel together.

    Raises:
        GraphError: if a fusion names an operator that the graph does not have.
    """
    home = {name: name for name in graph.operators}

    def root(name: str) -> str:
        while home[name] != name:
            name = home[name]
        return name

    for fusion in fusions:
        strange = [name for name in fusion.members if name not in home]
        if strange:
            raise GraphError("fusions", f"{fusion.name} joins {strange[0]}, which is not there")
        for name in fusion.members[1:]:
            home[root(name)] = root(fusion.members[0])
    found: dict[str, list[str]] = {}
    for name in graph.operators:
        found.setdefault(root(name), []).append(name)
    return [tuple(members) for members in found.values()]


def fusions_named(graph: Graph, names: Iterable[str]) -> tuple[Fusion, ...]:
    """Legal fusions of a graph by their names.

    Raises:
        GraphError: for a name that no legal fusion has, with those that there are.
    """
    known = {fusion.name: fusion for fusion in legal_fusions(graph)}
    wanted = list(names)
    strange = [name for name in wanted if name not in known]
    if strange:
        raise GraphError("fusions", f"{strange[0]!r} is none of the fusions {', '.join(known)}")
    return tuple(known[name] for name in wanted)


def _parts(graph: Graph) -> list[tuple[str, ...]]:
    """The small operators, those that are steps of one together.

    They share a name up to its last dot with each other and with no matrix, and they touch.
    """
    by_stem: dict[str, list[Operator]] = {}
    for operator in graph.operators.values():
        stem = operator.name.rpartition(".")[0] or f".{operator.name}"  # alone
        by_stem.setdefault(stem, []).append(operator)
    parts: list[tuple[str, ...]] = []
    for operators in by_stem.values():
        small = [operator.name for operator in operators if operator.kind in SMALL]
        if len(small) == len(operators):
            parts += _touching(graph, small)
        else:
            parts += [(name,) for name in small]
    return parts


def _touching(graph: Graph, names: list[str]) -> list[tuple[str, ...]]:
    """Names in groups that are connected by tensors which do not persist."""
    groups: list[list[str]] = []
    for name in names:
        near = [group for group in groups if any(_feeds(graph, other, name) for other in group)]
        rest = [group for group in groups if group not in near]
        groups = [*rest, [*(member for group in near for member in group), name]]
    return [ordered(graph, group) for group in groups]


def _feeds(graph: Graph, first: str, second: str) -> bool:
    """Whether the second operator reads what the first makes, and that does not persist."""
    shared = graph.operators[first].writes.keys() & graph.operators[second].reads.keys()
    return any(not graph.tensors[name].role.persists for name in shared)


def _candidates(graph: Graph, parts: list[tuple[str, ...]]) -> Iterator[Fusion]:
    part_of = {name: part for part in parts for name in part}
    for part in parts:
        if len(part) > 1:
            title = _stem(part)
            last = part[-1].rpartition(".")[2]
            taken = (
                title in graph.operators
            )  # "scores" is a matrix: its steps go by the first and the last
            yield Fusion(f"{part[0]}…{last}" if taken else title, FusionKind.STEPS, part)
    yield from _siblings(graph)
    yield from _edges(graph, part_of)
    yield from _side_by_side(graph, parts)
    yield from _attention(graph)


def _stem(part: tuple[str, ...]) -> str:
    """What the steps are of: a norm, a rotation."""
    stem, _, _ = part[0].rpartition(".")
    if not stem:
        return "+".join(part)
    return stem


def _fused(graph: Graph, kind: FusionKind, *sets: Iterable[str]) -> Fusion:
    """A fusion of some parts, named after each of them."""
    names = [ordered(graph, one) for one in sets]
    title = "+".join(name[0] if len(name) == 1 else _stem(name) for name in names)
    return Fusion(title, kind, ordered(graph, [name for one in names for name in one]))


def _siblings(graph: Graph) -> Iterator[Fusion]:
    """GEMMs that read the same activations, and are one wider GEMM."""
    readers: dict[tuple[object, ...], list[str]] = {}
    for operator in graph.operators.values():
        if operator.kind is OpKind.GEMM:
            readers.setdefault(sibling_key(operator), []).append(operator.name)
    for names in readers.values():
        if len(names) > 1:
            yield Fusion("+".join(names), FusionKind.SIBLINGS, tuple(names))


def _edges(graph: Graph, part_of: dict[str, tuple[str, ...]]) -> Iterator[Fusion]:
    """An operator, or the steps of one, with what reads it."""
    makers = {made: op for op in graph.operators.values() for made in op.writes}
    for reader in graph.operators.values():
        for tensor in reader.reads:
            maker = makers.get(tensor)
            if maker is None or graph.tensors[tensor].role.persists:
                continue
            second = part_of.get(reader.name, (reader.name,))
            if maker.name in second:
                continue
            first = part_of.get(maker.name, (maker.name,))
            kind = _edge_kind(maker, reader)
            if kind is not None:
                yield _fused(graph, kind, first, second)
        if reader.kind is OpKind.CONVOLUTION:
            yield from _separable(graph, makers, reader)


def _edge_kind(maker: Operator, reader: Operator) -> FusionKind | None:
    if reader.kind not in SMALL:
        return None
    if maker.kind in SMALL:
        return FusionKind.CHAIN
    if maker.kind in (OpKind.ALL_REDUCE, OpKind.REDUCE_SCATTER):
        return FusionKind.COLLECTIVE
    return FusionKind.EPILOGUE


def _separable(graph: Graph, makers: dict[str, Operator], reader: Operator) -> Iterator[Fusion]:
    """A convolution with the one before it and the small operators on the way."""
    members = {reader.name}
    maker = makers.get(next(iter(reader.reads)))
    while maker is not None and maker.kind in SMALL:
        members.add(maker.name)
        maker = makers.get(next(iter(maker.reads)))
    if maker is not None and maker.kind is OpKind.CONVOLUTION:
        name = f"{maker.name}+{reader.name}"
        whole = ordered(graph, {*members, maker.name})
        yield Fusion(name, FusionKind.SEPARABLE, whole)


def _side_by_side(graph: Graph, parts: list[tuple[str, ...]]) -> Iterator[Fusion]:
    """Small operators of one layer that do the same to different tensors."""
    alike: dict[tuple[object, ...], list[tuple[str, ...]]] = {}
    for part in parts:
        kinds = tuple(graph.operators[name].kind for name in part)
        alike.setdefault((graph.operators[part[0]].layer, kinds), []).append(part)
    for same in alike.values():
        for first, second in pairwise(same):
            yield _fused(graph, FusionKind.SIDE_BY_SIDE, first, second)


def _attention(graph: Graph) -> Iterator[Fusion]:
    """Scores and the values that they weigh, with all that lies between, expands their heads, and moves the result."""
    makers = {made: op.name for op in graph.operators.values() for made in op.writes}
    above: dict[str, set[str]] = {}
    for operator in graph.operators.values():
        sources = {makers[name] for name in operator.reads if name in makers}
        above[operator.name] = sources.union(*(above[name] for name in sources))
        if operator.kind is not OpKind.VALUES:
            continue
        loops = [n for n in above[operator.name] if graph.operators[n].kind is OpKind.SCORES]
        for scores in loops:
            inner = {n for n in above[operator.name] if scores in above[n]}
            core = {scores, *inner, operator.name}
            expanded = {
                makers[name]
                for member in (scores, operator.name)
                for name in graph.operators[member].reads
                if name in makers and graph.operators[makers[name]].kind is OpKind.COPY
            }
            moved = {
                op.name
                for op in graph.operators.values()
                if op.kind is OpKind.COPY and _feeds(graph, operator.name, op.name)
            }
            for members in (core | expanded | moved, core | expanded, core | moved, core):
                whole = ordered(graph, members)
                if obstacle(graph, whole) is None:
                    yield Fusion("attention", FusionKind.ATTENTION, whole)
                    break
