"""The three levels of fusion for networks: eager, a compiler's epilogues and chains, and a deployment engine's."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ironlaw.registry.dtypes import Dtype
from ironlaw.rewrites.chains import (
    concatenate_in_place,
    fuse_epilogues,
    fuse_pointwise_chains,
    fuse_residual_epilogues,
    fuse_row_reductions,
    fuse_scores,
    fuse_separable,
    reduces,
)
from ironlaw.rewrites.levels import FusionLevel
from ironlaw.workload.graph import AttentionShape, OpKind, Role, structure
from ironlaw.workload.kernels import borders
from ironlaw.workload.shapes import ConvolutionShape

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeAlias

    from ironlaw.base.number import Number
    from ironlaw.workload.graph import Block, Border, Graph, Group, Operator, Shape

    Rewrite: TypeAlias = Callable[[Graph], Graph]

_FUSIONS: dict[FusionLevel, tuple[Rewrite, ...]] = {
    FusionLevel.NONE: (),
    FusionLevel.PARTIAL: (fuse_epilogues, fuse_pointwise_chains),
    FusionLevel.FULL: (
        fuse_scores,
        fuse_residual_epilogues,
        fuse_separable,
        fuse_residual_epilogues,
        fuse_row_reductions,
        fuse_pointwise_chains,
    ),
}
_KEPT_WIDE = frozenset({Role.INDEX})


def network_at_level(blocks: tuple[Block, ...], level: FusionLevel) -> tuple[Block, ...]:
    """The blocks of an eager network, rewritten to a level of fusion.

    Args:
        blocks: Eager blocks.
        level: None: each operator is a kernel. Partial: batch norm and activation run in the kernel of their
            convolution or matrix, and small operators in a row as one. Full: also residual additions, depthwise with
            1 × 1 convolutions, attention in one kernel, and no copy for a concatenation.

    Returns:
        The same blocks under another cut.
    """
    return tuple(replace(block, graph=_rewritten(block.graph, level)) for block in blocks)


_CUTS: dict[tuple[object, ...], tuple[tuple[Group, ...], tuple[Border, ...]]] = {}


def _rewritten(graph: Graph, level: FusionLevel) -> Graph:
    """Apply a level; the cut is found once for each structure and what the rules see of its shapes."""
    if level is FusionLevel.FULL:
        graph = concatenate_in_place(graph)
    key = (level, *structure(graph), *map(_seen, graph.operators.values()))
    if key not in _CUTS:
        fused = graph
        for rewrite in _FUSIONS[level]:
            fused = rewrite(fused)
        _CUTS[key] = fused.groups, borders(fused)
    groups, known = _CUTS[key]
    return replace(graph, groups=groups, borders=known)


def _seen(operator: Operator) -> object:
    """What the fusion rules read of a shape."""
    shape = operator.shape
    if isinstance(shape, ConvolutionShape):
        return shape.depthwise, shape.taps, shape.groups
    if operator.kind is OpKind.REDUCTION:
        return reduces(operator)
    return type(shape)


def in_format(graph: Graph, dtype: Dtype) -> Graph:
    """Keep weights and activations of a network in a format; indices stay as they are.

    Law: FLOPs stay; bytes scale with the bytes of an element. Shapes say the format, which the arithmetic follows.

    Args:
        graph: A graph at two bytes an element.
        dtype: The format.
    """
    factor = dtype.size / Dtype.BF16.size
    scale = {
        name: 1.0 if tensor.role in _KEPT_WIDE else factor for name, tensor in graph.tensors.items()
    }
    tensors = {
        name: tensor._replace(size=tensor.size * scale[name])
        for name, tensor in graph.tensors.items()
    }
    operators = {
        name: operator._replace(
            reads=_times(operator.reads, scale),
            writes=_times(operator.writes, scale),
            shape=_shape_in(operator.shape, dtype),
        )
        for name, operator in graph.operators.items()
    }
    return replace(graph, operators=operators, tensors=tensors)


def _times(sizes: dict[str, Number], scale: dict[str, float]) -> dict[str, Number]:
    return {name: size * scale[name] for name, size in sizes.items()}


def _shape_in(shape: Shape | None, dtype: Dtype) -> Shape | None:
    if shape is None:
        return None
    if isinstance(shape, AttentionShape):
        return replace(shape, cache_dtype=dtype)
    return replace(shape, dtype=dtype)
