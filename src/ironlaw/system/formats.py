"""A decoder's graph in the formats that a question asks for: weights, activations and cache, each by itself."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, Protocol

from ironlaw.rewrites.precision import (
    quantise_activations,
    quantise_cache,
    quantise_weights,
    widen_weights,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from ironlaw.registry.dtypes import Dtype
    from ironlaw.workload.graph import Graph


class Activations(Enum):
    """Where the activations of quantised GEMMs are quantised."""

    INSIDE = "inside"  # in the cost of the GEMM: no kernel shows it
    APART = "auto"  # by kernels of their own
    WIDE = "bf16"  # nowhere: weights are widened instead


class Formats(Protocol):
    """What says in which formats a step keeps its numbers: a scenario, or its outline."""

    @property
    def weights(self) -> Dtype:
        """Format of the layers' matrices."""
        ...

    @property
    def cache(self) -> Dtype:
        """Format of the KV cache."""
        ...

    @property
    def experts_only(self) -> bool:
        """Whether only the experts are in the format of the weights."""
        ...

    @property
    def activations(self) -> Activations:
        """Where activations are quantised."""
        ...


def in_formats(graph: Graph, formats: Formats) -> Graph:
    """An eager graph with weights, activations and cache in some formats.

    Args:
        graph: A graph that is not fused yet.
        formats: The formats.
    """
    narrow = quantise_weights(graph, formats.weights, experts_only=formats.experts_only)
    return quantise_cache(_ACTIVATIONS[formats.activations](narrow), formats.cache)


_ACTIVATIONS: dict[Activations, Callable[[Graph], Graph]] = {
    Activations.INSIDE: lambda graph: graph,
    Activations.APART: quantise_activations,
    Activations.WIDE: widen_weights,
}
