"""A graph with sparse matrices: fewer bytes of weights, fewer multiply-adds, the same activations."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from ironlaw.base.number import ceil
from ironlaw.registry.dtypes import Dtype
from ironlaw.registry.sparsity import predictor_rank
from ironlaw.rewrites.precision import KEPT_WIDE
from ironlaw.rewrites.sparsity import Kind, Sparsity, active_share, stored_ratio
from ironlaw.workload.graph import (
    ExpertShape,
    GemmShape,
    Graph,
    Group,
    Operator,
    OpKind,
    Role,
    Tensor,
)
from ironlaw.workload.shapes import QUANTISED, ConvolutionShape, Sparse

if TYPE_CHECKING:
    from ironlaw.base.number import Number

    Matrix = GemmShape | ExpertShape | ConvolutionShape

_MATRICES = frozenset((OpKind.GEMM, OpKind.EXPERTS, OpKind.CONVOLUTION))
_GROUP_OF_FOUR = 4
_BITS = 8.0  # of a byte
_NEURONS = ("gate_proj", "up_proj", "down_proj")
_SIXTEEN_BITS = Dtype.BF16.size


class Units(NamedTuple):
    """What the units of a chip make of a sparsity, in one format.

    Attributes:
        dtype: The format that they compute in where it is asked for.
        work: Multiply-adds that they do, as a share of those of the dense matrix.
        rate: Rate of their arithmetic over the dense one, both by the FLOPs of the dense matrix.
    """

    dtype: Dtype
    work: float
    rate: float


class Pruning(NamedTuple):
    """A sparsity, and what a chip makes of it.

    Attributes:
        sparsity: The sparsity.
        units: What the units make of it, for each format of arithmetic that a step has.
        tile: Columns n and depth k of the part of W[n, k] that a GEMM loads at a time.
    """

    sparsity: Sparsity
    units: tuple[Units, ...]
    tile: tuple[int, int]

    def sparse(self, shape: Matrix) -> Sparse:
        """What is left of a matrix.

        Args:
            shape: Its shape.
        """
        arithmetic = shape.arithmetic if isinstance(shape, GemmShape) else shape.dtype
        known = {units.dtype: units for units in self.units}
        units = known[arithmetic]
        stored = stored_ratio(self.sparsity, shape.dtype, self.tile)
        return Sparse(stored=stored, work=units.work, rate=units.rate)


def prune(graph: Graph, pruning: Pruning | None) -> Graph:
    """The graph with sparse matrices; LM head, embedding, router and norms stay dense.

    2:4, unstructured and blocks leave out values of the weights: of GEMMs, experts and dense convolutions. A matrix
    whose inner length is no multiple of four has no 2:4, depthwise and recurrent layers stay dense. Contextual sparsity
    leaves out neurons of feed-forward networks.

    Law: activations, outputs and what other operators do stay. Bytes and FLOPs of the weights do not rise, but for what
    a predictor needs. A share of 0 changes nothing.

    Args:
        graph: A graph that is not fused yet, in its formats.
        pruning: The sparsity and what the chip makes of it; None leaves the graph as it is.
    """
    if pruning is None or pruning.sparsity.share == 0.0:
        return graph
    if pruning.sparsity.kind is Kind.CONTEXTUAL:
        return _with_active_neurons(graph, pruning.sparsity)
    tensors, operators = dict(graph.tensors), dict(graph.operators)
    for name, weight in _prunable(graph, pruning.sparsity).items():
        old = operators[name]
        shape = old.shape
        assert isinstance(shape, (GemmShape, ExpertShape, ConvolutionShape))  # noqa: S101 - chosen so
        left = pruning.sparse(shape)
        operators[name] = old._replace(
            reads={**old.reads, weight: old.reads[weight] * left.stored},
            flops=_kept_flops(old.flops, shape, left.work),
            shape=replace(shape, sparse=left),
        )
        tensors[weight] = tensors[weight]._replace(size=graph.tensors[weight].size * left.stored)
    return replace(graph, operators=operators, tensors=tensors)


def _kept_flops(flops: Number, shape: Matrix, work: float) -> Number:
    """FLOPs without the multiply-adds that are left out; those of biases stay [FLOP]."""
    return flops - (1.0 - work) * _multiply_adds(shape)


def _multiply_adds(shape: Matrix) -> Number:
    if isinstance(shape, GemmShape):
        return 2.0 * shape.m * shape.n * shape.k
    if isinstance(shape, ConvolutionShape):
        return shape.flops
    matrices = 3.0 if shape.gated else 2.0
    return shape.rows * 2.0 * (matrices * shape.d_model * shape.d_expert)


def _prunable(graph: Graph, sparsity: Sparsity) -> dict[str, str]:
    """The operators whose matrix can be sparse, each with the tensor of its weights, which nobody else reads."""
    readers: dict[str, int] = {}
    for operator in graph.operators.values():
        for name in operator.reads:
            readers[name] = readers.get(name, 0) + 1
    found: dict[str, str] = {}
    for name, operator in graph.operators.items():
        if name in KEPT_WIDE or operator.kind not in _MATRICES or not _fits(operator, sparsity):
            continue
        weight = _weight_of(graph, operator)
        if weight is not None and readers[weight] == 1:
            found[name] = weight
    return found


def _weight_of(graph: Graph, operator: Operator) -> str | None:
    """The matrix that an operator reads: its first tensor of weights, biases come after it."""
    weights = (name for name in operator.reads if graph.tensors[name].role is Role.WEIGHT)
    return next(weights, None)


def _fits(operator: Operator, sparsity: Sparsity) -> bool:
    """Whether there are kernels for a sparse matrix of this shape."""
    shape = operator.shape
    if isinstance(shape, ConvolutionShape):
        deep = shape.in_channels // shape.groups
        fours = deep % _GROUP_OF_FOUR == 0 and shape.groups == 1
        return fours if sparsity.kind is Kind.TWO_FOUR else shape.groups == 1
    if isinstance(shape, ExpertShape):
        return True
    if not isinstance(shape, GemmShape):
        return False
    whole = isinstance(shape.k, (float, int)) and shape.k % _GROUP_OF_FOUR == 0.0
    return whole or sparsity.kind is not Kind.TWO_FOUR


def _with_active_neurons(graph: Graph, sparsity: Sparsity) -> Graph:
    """Feed-forward networks that multiply the neurons that a step needs, and a predictor that foretells them.

    The predictor is two matrices with a narrow waist; it writes a bit for each token and neuron. Activations keep their
    size: neurons that are left out are zeros in them.
    """
    if "down_proj" not in graph.operators:
        return graph
    tensors = dict(graph.tensors)
    operators: dict[str, Operator] = {}
    for name, old in graph.operators.items():
        shape = old.shape
        if name not in _NEURONS or not isinstance(shape, GemmShape):
            operators[name] = old
            continue
        if "predictor_in" not in operators:
            found = _predictor(old, shape, tensors)
            operators.update({added.name: added for added in found})
        operators[name] = _narrowed(old, shape, active_share(sparsity, shape.m))
    groups = tuple(Group(name, (name,)) for name in operators)
    return replace(graph, operators=operators, tensors=tensors, groups=groups, borders=None)


def _narrowed(old: Operator, shape: GemmShape, active: Number) -> Operator:
    """A matrix of the neurons: its columns (gate, up) or its depth (down), as many as are needed."""
    weight, down = f"{old.name}.weight", old.name == "down_proj"
    neurons = shape.k if down else shape.n
    small = replace(shape, k=shape.k * active) if down else replace(shape, n=shape.n * active)
    flags = shape.m * neurons / _BITS
    return old._replace(
        reads={**old.reads, weight: old.reads[weight] * active, "active_neurons": flags},
        flops=old.flops * active,
        shape=small,
    )


def _predictor(
    reader: Operator, shape: GemmShape, tensors: dict[str, Tensor]
) -> tuple[Operator, Operator]:
    """The two GEMMs of the predictor, in 16 bits; their tensors are added to those of the graph."""
    source = next(iter(reader.reads)).removesuffix(QUANTISED)
    wide, neurons = float(shape.k), float(shape.n)
    waist = float(ceil(predictor_rank() * wide))
    inner = GemmShape(shape.m, waist, wide)
    outer = GemmShape(shape.m, neurons, waist)
    tensors["active_neurons"] = Tensor("active_neurons", shape.m * neurons / _BITS, Role.INDEX)
    tensors["predictor_waist"] = Tensor("predictor_waist", shape.m * waist * _SIXTEEN_BITS)
    return (
        _foretelling("predictor_in", inner, (source, "predictor_waist"), tensors),
        _foretelling("predictor_out", outer, ("predictor_waist", "active_neurons"), tensors),
    )


def _foretelling(
    name: str, shape: GemmShape, route: tuple[str, str], tensors: dict[str, Tensor]
) -> Operator:
    """A GEMM of the predictor, from one tensor to another."""
    source, target = route
    weight, size = f"{name}.weight", shape.n * shape.k * _SIXTEEN_BITS
    tensors[weight] = Tensor(weight, size, Role.WEIGHT)
    return Operator(
        name,
        OpKind.GEMM,
        "neuron predictor",
        {source: shape.m * shape.k * _SIXTEEN_BITS, weight: size},
        {target: tensors[target].size},
        2.0 * shape.m * shape.n * shape.k,
        shape,
    )


def skipped_flops(graph: Graph) -> list[Number]:
    """FLOPs that a graph leaves out of each of its sparse matrices; none where it has none [FLOP].

    Args:
        graph: A graph.
    """
    found: list[Number] = []
    for operator in graph.operators.values():
        shape = operator.shape
        if "active_neurons" in operator.reads:
            weight = f"{operator.name}.weight"
            found.append(
                operator.flops * (graph.tensors[weight].size / operator.reads[weight] - 1.0)
            )
        elif isinstance(shape, (GemmShape, ExpertShape, ConvolutionShape)) and shape.sparse:
            found.append((1.0 - shape.sparse.work) * _multiply_adds(shape))
    return found
