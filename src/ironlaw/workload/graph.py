"""A workload is a graph of operators on named tensors, cut into kernels.

An operator reads and writes tensors and does FLOPs. A kernel is a set of operators that run together: its traffic is
what crosses its border, its FLOPs are the sum of its operators'. Fusion changes the cut and nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from ironlaw.base.errors import ModelError
from ironlaw.registry.dtypes import Dtype
from ironlaw.workload.shapes import ConvolutionShape, QuantiseShape, RecurrentShape, Sparse

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ironlaw.base.number import Number
    from ironlaw.workload.router import Law


class Role(Enum):
    """What the data of a tensor are."""

    WEIGHT = "weight"
    ACTIVATION = "activation"
    INDEX = "indices"
    KV_CACHE = "kv cache"
    KV_COPY = "copy of the kv cache"
    SCORES = "attention scores"

    __hash__ = (
        object.__hash__
    )  # members are unique: their identity is quicker to hash than their name

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
    BATCHED_GEMM = "batched gemm"
    SCORES = "attention scores"
    VALUES = "attention values"
    POINTWISE = "pointwise"
    REDUCTION = "reduction"
    QUANTISE = "quantise"
    COPY = "copy"
    GATHER = "gather"
    ROUTE = "expert routing"
    EXPERTS = "experts"
    CONVOLUTION = "convolution"
    RECURRENCE = "recurrence"
    ALL_REDUCE = "all-reduce"
    ALL_GATHER = "all-gather"
    ALL_TO_ALL = "all-to-all"
    REDUCE_SCATTER = "reduce-scatter"
    SEND = "send"

    __hash__ = (
        object.__hash__
    )  # members are unique: their identity is quicker to hash than their name


@dataclass(frozen=True, slots=True, eq=False)
class GemmShape:
    """C[m, n] = A[m, k] · W[n, k]ᵀ, with the format of its weights.

    It computes in that format too, unless `widened` names another: weights are then widened on their way in. `sparse`
    is what a sparsity leaves of W.
    """

    m: Number
    n: Number
    k: Number
    dtype: Dtype = Dtype.BF16
    widened: Dtype | None = None
    sparse: Sparse | None = None

    @property
    def arithmetic(self) -> Dtype:
        """The format that it computes in, where the chip has it."""
        return self.dtype if self.widened is None else self.widened


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class AttentionShape:
    """The attention of one layer on one chip.

    Attributes:
        decode: Whether each sequence brings one token to its cache.
        batch: Sequences.
        query_len: Tokens that each brings.
        context_len: Tokens that each attends over.
        n_heads: Query heads.
        n_kv_heads: Key-value heads.
        d_head: Width of a head.
        causal: Whether a token sees only what came before it.
        skips_masked: Whether the blocks above the diagonal are left out instead of computed and masked.
        cache_dtype: Format of the KV cache.
        window: Tokens that a token attends over at most, itself included; 0 for all.
        d_value: Width of a value head where it is not d_head, as in latent attention; else 0 or d_head.
    """

    decode: bool
    batch: Number
    query_len: Number
    context_len: Number
    n_heads: Number
    n_kv_heads: Number
    d_head: float
    causal: bool
    skips_masked: bool = False
    cache_dtype: Dtype = Dtype.BF16
    window: Number = 0.0
    d_value: float = 0.0

    @property
    def is_latent(self) -> bool:
        """Whether values are not as wide as keys: latent attention, expanded or absorbed."""
        return self.d_value not in (0.0, self.d_head)


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class ExpertShape:
    """The routed experts of one layer on one chip: permute, grouped GEMMs and combine in one call.

    Attributes:
        tokens: Tokens of the whole expert-parallel group, T.
        d_model: Width of the residual stream.
        d_expert: Width of an expert on this chip, after tensor parallelism.
        n_experts: Experts of the layer, N_e.
        local_experts: Those that live on this chip.
        top_k: Experts of a token, k.
        gated: Whether an expert has three matrices (gate, up, down) or two.
        rows: Token-expert pairs that this chip computes.
        active_experts: Its experts that at least one token asked for.
        largest_count: Rows of the most wanted of them.
        dtype: Format of the weights.
        counts: Rows of each local expert, where the routing is known.
        sparse: What a sparsity leaves of the weights; None where they are dense.
        law: The routing and how experts are dealt to chips, where it is uneven.
    """

    tokens: Number
    d_model: Number
    d_expert: Number
    n_experts: Number
    local_experts: Number
    top_k: Number
    gated: bool
    rows: Number
    active_experts: Number
    largest_count: Number
    dtype: Dtype = Dtype.BF16
    counts: tuple[float, ...] = ()
    sparse: Sparse | None = None
    law: Law | None = None

    @property
    def weight_size(self) -> float:
        """Bytes of a weight, those of its values that are left out not counted [B]."""
        return self.dtype.size * (1.0 if self.sparse is None else self.sparse.stored)


Shape: TypeAlias = (
    GemmShape | AttentionShape | ExpertShape | ConvolutionShape | RecurrentShape | QuantiseShape
)
"""What a model form reads beside bytes and FLOPs."""


class Tensor(NamedTuple):
    """Data on an edge of the graph.

    Attributes:
        name: Unique in its graph.
        size: Bytes [B].
        role: What the data are.
        wide: Whether it is kept in fp32 because sums and exponentials stand in it; a copy of one tensor to another of
            which one is wide is a cast and does nothing else.
    """

    name: str
    size: Number
    role: Role = Role.ACTIVATION
    wide: bool = False


class Operator(NamedTuple):
    """One step of the computation.

    Attributes:
        name: Unique in its graph.
        kind: What it does.
        layer: The layer of the model that it belongs to, "attention".
        reads: Bytes that it reads of each tensor [B].
        writes: Bytes that it writes of each tensor [B].
        flops: Its work, O [FLOP].
        shape: The shape that its model form reads.
    """

    name: str
    kind: OpKind
    layer: str
    reads: dict[str, Number]
    writes: dict[str, Number]
    flops: Number = 0.0
    shape: Shape | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """The operators of one kernel, in order, under the name that the kernel goes by."""

    name: str
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Crossing:
    """A tensor that crosses the border of a kernel, and the operators of the kernel that read or write it."""

    tensor: str
    role: Role
    operators: tuple[str, ...]
    made_inside_by: str | None = (
        None  # of a tensor that enters: who made the part that need not enter
    )


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Border:
    """What a kernel is but for sizes: found once for each structure of a graph."""

    name: str
    members: tuple[str, ...]
    layer: str
    kinds: frozenset[OpKind]
    enters: tuple[Crossing, ...]
    leaves: tuple[Crossing, ...]
    touches_cache: bool


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Graph:
    """Operators in an order in which they can run, and their cut into kernels.

    Attributes:
        operators: By name, in order.
        tensors: By name.
        outputs: Tensors that are needed after the graph.
        groups: The cut; each operator is in exactly one group.
        borders: What each kernel of the cut reads and writes, where that is already known.
    """

    operators: dict[str, Operator]
    tensors: dict[str, Tensor]
    outputs: frozenset[str]
    groups: tuple[Group, ...]
    borders: tuple[Border, ...] | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Block:
    """A graph that is run `count` times: a repeated layer is one graph with a multiplicity.

    Attributes:
        name: Unique among the blocks of a step.
        graph: What is run.
        count: How often the step runs it.
        resident: How many of them one chip keeps in memory; all where the step is not split into stages.
    """

    name: str
    graph: Graph
    count: int
    resident: int | None = None


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
    names = known.keys()
    for operator in by_name.values():
        if not (operator.reads.keys() <= names and operator.writes.keys() <= names):
            name = next(n for n in (*operator.reads, *operator.writes) if n not in known)
            raise GraphError(name, f"operator {operator.name} uses the unknown tensor {name}")
    return Graph(
        operators=by_name,
        tensors=known,
        outputs=frozenset(outputs),
        groups=tuple([_alone(name) for name in by_name]),
    )


@lru_cache(maxsize=1024)
def _alone(name: str) -> Group:
    """The kernel of one operator."""
    return Group(name, (name,))


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
    changed = replace(graph, groups=cut, borders=None)
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


def structure(graph: Graph) -> tuple[object, ...]:
    """What a graph is but for its sizes: who reads and writes which tensor, and what is needed afterwards."""
    wiring = [
        (op.name, op.kind, op.layer, *op.reads, "→", *op.writes) for op in graph.operators.values()
    ]
    roles = tuple([tensor.role for tensor in graph.tensors.values()])
    return (*wiring, *graph.tensors, roles, graph.outputs)
