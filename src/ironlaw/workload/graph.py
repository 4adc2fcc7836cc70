"""A workload is a graph of operators on named tensors, cut into kernels.

An operator reads and writes tensors and does FLOPs. A kernel is a set of operators that run together: its traffic is
what crosses its border, its FLOPs are the sum of its operators'. Fusion changes the cut and nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum
from typing import TYPE_CHECKING

from ironlaw.base.errors import ModelError
from ironlaw.base.number import Number, maximum
from ironlaw.registry.dtypes import Dtype

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


class Role(Enum):
    """What the data of a tensor are."""

    WEIGHT = "weight"
    ACTIVATION = "activation"
    KV_CACHE = "kv cache"
    KV_COPY = "copy of the kv cache"
    SCORES = "attention scores"

    @property
    def is_cache(self) -> bool:
        """Whether the data are the KV cache or a copy of it."""
        return self in (Role.KV_CACHE, Role.KV_COPY)

    @property
    def persists(self) -> bool:
        """Whether the data stay in memory between steps."""
        return self in (Role.WEIGHT, Role.KV_CACHE)


class OpKind(Enum):
    """What an operator does."""

    GEMM = "gemm"
    SCORES = "attention scores"
    VALUES = "attention values"
    POINTWISE = "pointwise"
    REDUCTION = "reduction"
    COPY = "copy"
    GATHER = "gather"
    ALL_REDUCE = "all-reduce"
    ALL_GATHER = "all-gather"


@dataclass(frozen=True, slots=True, eq=False)
class GemmShape:
    """C[m, n] = A[m, k] · W[n, k]ᵀ, with the format of its weights."""

    m: Number
    n: float
    k: float
    dtype: Dtype = Dtype.BF16


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class AttentionShape:
    """The attention of one layer on one chip; `decode` where each sequence brings one token to its cache."""

    decode: bool
    batch: Number
    query_len: Number
    context_len: Number
    n_heads: float
    n_kv_heads: float
    d_head: float
    causal: bool
    cache_dtype: Dtype = Dtype.BF16


@dataclass(frozen=True, slots=True, eq=False)
class Tensor:
    """Data on an edge of the graph."""

    name: str
    size: Number  # [B]
    role: Role = Role.ACTIVATION


@dataclass(slots=True, eq=False)
class Operator:
    """One step of the computation; treated as frozen, like every datum here.

    Attributes:
        name: Unique in its graph.
        kind: What it does.
        layer: The layer of the model that it belongs to, "attention".
        reads: Bytes that it reads of each tensor [B].
        writes: Bytes that it writes of each tensor [B].
        flops: Its work, O [FLOP].
        shape: The shape of a GEMM or of an attention.
    """

    name: str
    kind: OpKind
    layer: str
    reads: dict[str, Number]
    writes: dict[str, Number]
    flops: Number = 0.0
    shape: GemmShape | AttentionShape | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """The operators of one kernel, in order, under the name that the kernel goes by."""

    name: str
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Graph:
    """Operators in an order in which they can run, and their cut into kernels.

    Attributes:
        operators: By name, in order.
        tensors: By name.
        outputs: Tensors that are needed after the graph.
        groups: The cut; each operator is in exactly one group.
    """

    operators: dict[str, Operator]
    tensors: dict[str, Tensor]
    outputs: frozenset[str]
    groups: tuple[Group, ...]


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Kernel:
    """Operators that run together.

    Attributes:
        name: Its name.
        layer: The layer of its main operator.
        operators: Its operators, in order.
        reads: Bytes that enter, by tensor [B].
        writes: Bytes that leave, by tensor [B].
        flops: Work of its operators [FLOP].
        traffic: Bytes that cross its border, D_vol [B].
        touches_cache: Whether it reads, copies, expands or appends the KV cache.
    """

    name: str
    layer: str
    operators: tuple[Operator, ...]
    reads: dict[str, Number]
    writes: dict[str, Number]
    flops: Number
    traffic: Number
    touches_cache: bool


@dataclass(frozen=True, slots=True, eq=False)
class Block:
    """A graph that is run `count` times: a repeated layer is one graph with a multiplicity."""

    name: str
    graph: Graph
    count: int


class GraphError(ModelError, ValueError):
    """A graph or a cut that cannot run."""


def separate(
    operators: Iterable[Operator], tensors: Iterable[Tensor], outputs: Iterable[str]
) -> Graph:
    """A graph in which each operator is a kernel of its own.

    Args:
        operators: In an order in which they can run.
        tensors: All tensors that they name.
        outputs: Tensors that are needed afterwards.

    Raises:
        GraphError: if a tensor is not described.
    """
    by_name = {operator.name: operator for operator in operators}
    known = {tensor.name: tensor for tensor in tensors}
    for operator in by_name.values():
        for name in (*operator.reads, *operator.writes):
            if name not in known:
                raise GraphError(name, f"operator {operator.name} uses the unknown tensor {name}")
    return Graph(
        operators=by_name,
        tensors=known,
        outputs=frozenset(outputs),
        groups=tuple(Group(name, (name,)) for name in by_name),
    )


def regrouped(graph: Graph, groups: Iterable[Group]) -> Graph:
    """The same operators under another cut.

    Args:
        graph: The graph.
        groups: The new cut, in an order in which the kernels can run.

    Raises:
        GraphError: if an operator is missing, doubled, or would run before one that it needs.
    """
    cut = tuple(groups)
    members = [name for group in cut for name in group.members]
    if sorted(members) != sorted(graph.operators):
        raise GraphError("groups", "the cut does not hold each operator exactly once")
    changed = replace(graph, groups=cut)
    _require_order(changed)
    return changed


def _require_order(graph: Graph) -> None:
    produced_by = {name: op.name for op in graph.operators.values() for name in op.writes}
    position = {name: i for i, group in enumerate(graph.groups) for name in group.members}
    for operator in graph.operators.values():
        for tensor in operator.reads:
            producer = produced_by.get(tensor)
            if producer is not None and position[producer] > position[operator.name]:
                raise GraphError(
                    operator.name, f"{operator.name} would run before {producer}, which it reads"
                )


def kernels(graph: Graph) -> list[Kernel]:
    """The kernels of a graph, with what crosses their borders.

    A tensor that is read by several operators of a kernel enters once. A tensor made inside does not enter, except for
    what was not made there (a cache to which rows are appended). A tensor leaves if another kernel reads it, if it is an
    output, or if it persists.

    Args:
        graph: The graph with its cut.

    Returns:
        One kernel for each group, in order.
    """
    home = {name: i for i, group in enumerate(graph.groups) for name in group.members}
    read_in: dict[str, set[int]] = {}
    for operator in graph.operators.values():
        index = home[operator.name]
        for tensor in operator.reads:
            read_in.setdefault(tensor, set()).add(index)
    return [_kernel(graph, index, group, read_in) for index, group in enumerate(graph.groups)]


def _kernel(graph: Graph, index: int, group: Group, read_in: Mapping[str, set[int]]) -> Kernel:
    members = tuple(graph.operators[name] for name in group.members)
    reads: dict[str, Number] = {}
    made: dict[str, Number] = {}
    cache = False
    flops: Number = 0.0
    for operator in members:
        for name, size in operator.reads.items():
            inside = made.get(name)
            entering = size if inside is None else maximum(size - inside, 0.0)
            known = reads.get(name)
            reads[name] = entering if known is None else maximum(known, entering)
        made.update(operator.writes)
        flops = flops + operator.flops
    writes: dict[str, Number] = {}
    traffic: Number = 0.0
    tensors = graph.tensors
    for name, size in made.items():
        role = tensors[name].role
        cache = cache or role.is_cache
        readers = read_in.get(name)
        leaves = readers is not None and (len(readers) > 1 or index not in readers)
        if leaves or role.persists or name in graph.outputs:
            writes[name] = size
            traffic = traffic + size
    for name, size in reads.items():
        cache = cache or tensors[name].role.is_cache
        traffic = traffic + size
    return Kernel(
        name=group.name,
        layer=main_operator(members).layer,
        operators=members,
        reads=reads,
        writes=writes,
        flops=flops,
        traffic=traffic,
        touches_cache=cache,
    )


_WEIGHTIEST = (
    OpKind.ALL_REDUCE,
    OpKind.ALL_GATHER,
    OpKind.GEMM,
    OpKind.SCORES,
    OpKind.VALUES,
)


def main_operator(members: tuple[Operator, ...]) -> Operator:
    """The operator that names the family of a kernel: a collective, a GEMM, an attention, else the last one."""
    if len(members) == 1:
        return members[0]
    for kind in _WEIGHTIEST:
        for operator in members:
            if operator.kind is kind:
                return operator
    return members[-1]


def structure(graph: Graph) -> tuple[object, ...]:
    """What a graph is but for its sizes: which operator reads and writes which tensor, and what is needed afterwards."""
    wiring = [(op.name, *op.reads, "→", *op.writes) for op in graph.operators.values()]
    return (*wiring, graph.outputs)
