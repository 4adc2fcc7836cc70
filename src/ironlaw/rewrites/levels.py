"""The three levels of fusion that the lab compares, as sequences of rewrites."""

from __future__ import annotations

from dataclasses import replace
from enum import Enum
from typing import TYPE_CHECKING, TypeAlias

from ironlaw.rewrites.attention import fuse_attention, fuse_softmax, skip_masked, static_cache
from ironlaw.rewrites.fusion import (
    fuse_all_reduce_norms,
    fuse_head_norms,
    fuse_norms,
    fuse_residual_norms,
    fuse_rope,
    fuse_routing,
    fuse_swiglu,
    fuse_swiglu_epilogue,
    merge_projections,
)
from ironlaw.workload.graph import Block, Graph
from ironlaw.workload.kernels import borders

if TYPE_CHECKING:
    from collections.abc import Callable

    Rewrite: TypeAlias = Callable[[Graph], Graph]


class FusionLevel(Enum):
    """How much of the eager graph is fused."""

    NONE = "none"
    PARTIAL = "partial"
    FULL = "full"


# Rewrites of operators, applied to the sizes of each graph; then fusions, which depend on its structure alone.
_OPERATORS: dict[FusionLevel, tuple[Rewrite, ...]] = {
    FusionLevel.NONE: (),
    FusionLevel.PARTIAL: (static_cache,),
    FusionLevel.FULL: (static_cache, skip_masked),
}
_FUSIONS: dict[FusionLevel, tuple[Rewrite, ...]] = {
    FusionLevel.NONE: (),
    FusionLevel.PARTIAL: (
        merge_projections,
        fuse_norms,
        fuse_residual_norms,
        fuse_rope,
        fuse_softmax,
        fuse_swiglu,
        fuse_routing,
    ),
    FusionLevel.FULL: (
        merge_projections,
        fuse_norms,
        fuse_residual_norms,
        fuse_all_reduce_norms,
        fuse_head_norms,
        fuse_attention,
        fuse_swiglu_epilogue,
        fuse_routing,
    ),
}


def at_level(blocks: tuple[Block, ...], level: FusionLevel) -> tuple[Block, ...]:
    """The blocks of an eager workload, rewritten to a level of fusion.

    Args:
        blocks: Eager blocks.
        level: None, Partial (static cache, merged projections, fused norms, rotary embedding, softmax, SwiGLU and
            routing) or Full (attention in one kernel, GEMM epilogues, norms fused into the all-reduce, those of heads
            into the rotary embedding).

    Returns:
        The same blocks under another cut.
    """
    return tuple(
        Block(block.name, _rewritten(block.graph, level), block.count, block.resident)
        for block in blocks
    )


def _rewritten(graph: Graph, level: FusionLevel) -> Graph:
    for rewrite in (*_OPERATORS[level], *_FUSIONS[level]):
        graph = rewrite(graph)
    return replace(graph, borders=borders(graph))
