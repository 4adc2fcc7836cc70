"""One pass of a network over a batch: its kernels at a format and level of fusion, and what no algorithm could skip."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ironlaw.rewrites.network_levels import in_format, network_at_level
from ironlaw.rewrites.sparse_matrices import prune
from ironlaw.workload.graph import Role
from ironlaw.workload.network import network_blocks

if TYPE_CHECKING:
    from ironlaw.base.number import Number
    from ironlaw.registry.dtypes import Dtype
    from ironlaw.rewrites.levels import FusionLevel
    from ironlaw.rewrites.sparse_matrices import Pruning
    from ironlaw.workload.graph import Block, Graph
    from ironlaw.workload.network import Network


def forward_blocks(
    network: Network,
    batch: Number,
    dtype: Dtype,
    level: FusionLevel,
    pruning: Pruning | None = None,
) -> tuple[Block, ...]:
    """The blocks of a pass, at a format and a level of fusion.

    Args:
        network: The model.
        batch: Samples, B.
        dtype: Format of weights and activations.
        level: How much is fused.
        pruning: The sparsity of its matrices; None where they are dense.
    """
    return network_at_level(eager_forward(network, batch, dtype, pruning), level)


def eager_forward(
    network: Network, batch: Number, dtype: Dtype, pruning: Pruning | None
) -> tuple[Block, ...]:
    """The blocks of a pass, each operator a kernel of its own.

    Args:
        network: The model.
        batch: Samples, B.
        dtype: Format of weights and activations.
        pruning: The sparsity of its matrices; None where they are dense.
    """
    return tuple(
        replace(block, graph=prune(in_format(block.graph, dtype), pruning))
        for block in network_blocks(network, batch)
    )


def useful_traffic(blocks: tuple[Block, ...]) -> Number:
    """Bytes that a pass cannot do without: each weight once, of a table the rows asked for, what comes in and goes out.

    Args:
        blocks: The blocks of the pass.
    """
    weights: dict[str, Number] = {}
    for block in blocks:
        for name, size in _weights_read(block.graph).items():
            weights[name] = (block.resident or block.count) * size
    total: Number = 0.0
    for size in weights.values():
        total = total + size
    first, last = blocks[0].graph, blocks[-1].graph
    made = {name for operator in first.operators.values() for name in operator.writes}
    for name, tensor in first.tensors.items():
        if tensor.role is not Role.WEIGHT and name not in made:
            total = total + tensor.size
    for name in last.outputs:
        total = total + last.tensors[name].size
    return total


def _weights_read(graph: Graph) -> dict[str, Number]:
    return {
        name: size
        for operator in graph.operators.values()
        for name, size in operator.reads.items()
        if graph.tensors[name].role is Role.WEIGHT
    }
