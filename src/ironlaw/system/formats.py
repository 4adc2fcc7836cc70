"""A decoder's graph in the formats that a question asks for: weights, activations, cache and sums, each by itself."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, Protocol

from ironlaw.base.errors import DomainError
from ironlaw.registry.dtypes import Dtype
from ironlaw.rewrites.precision import (
    accumulate_in,
    quantise_activations,
    quantise_cache,
    quantise_weights,
    widen_weights,
)
from ironlaw.rewrites.sparse_matrices import prune

if TYPE_CHECKING:
    from collections.abc import Callable

    from ironlaw.registry.chips import Chip
    from ironlaw.rewrites.sparse_matrices import Pruning
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

    @property
    def accumulate(self) -> Dtype:
        """Format of what norms, softmaxes and routers keep in memory between their kernels."""
        ...

    @property
    def pruning(self) -> Pruning | None:
        """The sparsity of the layers' matrices; None where they are dense."""
        ...


def in_formats(graph: Graph, formats: Formats) -> Graph:
    """An eager graph with weights, activations, cache and sums in some formats, and the sparsity of its matrices.

    Args:
        graph: A graph that is not fused yet.
        formats: The formats.
    """
    narrow = quantise_weights(graph, formats.weights, experts_only=formats.experts_only)
    cached = quantise_cache(_ACTIVATIONS[formats.activations](narrow), formats.cache)
    return prune(accumulate_in(cached, formats.accumulate), formats.pruning)


_ACTIVATIONS: dict[Activations, Callable[[Graph], Graph]] = {
    Activations.INSIDE: lambda graph: graph,
    Activations.APART: quantise_activations,
    Activations.WIDE: widen_weights,
}


def accumulation(chip: Chip, asked: object) -> Dtype:
    """The format that sums are kept in between kernels, where it makes sense: fp32, or that of the activations.

    Args:
        chip: The chip; one without bf16 keeps activations in fp16.
        asked: The name of a format.

    Raises:
        DomainError: for another format: sums in fewer bits are no sums, and a second format of 16 bits would keep
            every cast.
    """
    sixteen = Dtype.FP16 if chip.runs(Dtype.BF16) is Dtype.FP16 else Dtype.BF16
    for dtype in (Dtype.FP32, sixteen):
        if asked == dtype.value:
            return dtype
    domain = f"the formats fp32 and {sixteen.value}, that of activations on {chip.name}"
    raise DomainError("accumulate", asked, domain)
