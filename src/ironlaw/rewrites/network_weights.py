"""Weights of a network stored in fewer bytes, as pruned weights are, and multiplied as if nothing were missing."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ironlaw.base.errors import DomainError
from ironlaw.workload.graph import OpKind, Role

if TYPE_CHECKING:
    from collections.abc import Collection

    from ironlaw.workload.network import Network, Stage


def with_stored_weights(network: Network, ratio: float, kept: Collection[str] = ()) -> Network:
    """A network whose matrices lie in memory in fewer bytes: less traffic, the same arithmetic.

    Args:
        network: The network.
        ratio: Bytes stored over those of all elements.
        kept: Layers whose matrices stay as they are.

    Raises:
        DomainError: for a ratio that is not above 0.
    """
    if not ratio > 0.0:
        raise DomainError("ratio", ratio, "the numbers above 0")
    return replace(network, stages=tuple(_stage(stage, ratio, kept) for stage in network.stages))


def _stage(stage: Stage, ratio: float, kept: Collection[str]) -> Stage:
    weights = {value.name for value in stage.values if value.role is Role.WEIGHT}
    packed = {
        name
        for step in stage.steps
        if step.kind is OpKind.GEMM and step.layer not in kept
        for name in step.reads.keys() & weights
    }
    return replace(
        stage,
        steps=tuple(
            step._replace(
                reads={
                    name: amount._replace(size=amount.size * ratio) if name in packed else amount
                    for name, amount in step.reads.items()
                }
            )
            for step in stage.steps
        ),
        values=tuple(
            value._replace(amount=value.amount._replace(size=value.amount.size * ratio))
            if value.name in packed
            else value
            for value in stage.values
        ),
    )
