"""A step under many sparsities, and one sparsity over many batches: where it gains and where it does nothing."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple, Unpack, cast

from ironlaw.system.sparsity import Sparsified, sparsified

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ironlaw.system.question import Ask


class SparsityPoint(NamedTuple):
    """A step with sparse matrices over the same step with dense ones.

    Attributes:
        name: The sparsity, as it is asked for.
        share: Share of zeros, or of the neurons that a token does not need.
        batch: Sequences or samples, B.
        speedup: Time of the dense step over that of the sparse one.
        weights_ratio: Resident bytes of the weights.
        flops_ratio: FLOPs that are done.
        traffic_ratio: Bytes that are moved.
        joules_ratio: Energy; None where the chip's file lacks energy facts.
        feasible: Whether the sparse step fits the memory.
        bound: What most of the sparse step waits for.
    """

    name: str
    share: float
    batch: int
    speedup: float
    weights_ratio: float
    flops_ratio: float
    traffic_ratio: float
    joules_ratio: float | None
    feasible: bool
    bound: str


def sparsity_point(found: Sparsified) -> SparsityPoint:
    """A step of single numbers as a point.

    Args:
        found: The step.
    """
    return SparsityPoint(
        name=found.sparsity.name,
        share=found.share,
        batch=int(found.sparse.scenario.request.batch),
        speedup=float(found.speedup),
        weights_ratio=float(found.weights_ratio),
        flops_ratio=float(found.flops_ratio),
        traffic_ratio=float(found.traffic_ratio),
        joules_ratio=found.joules_ratio,
        feasible=float(found.sparse.spare) >= 0.0,
        bound=found.bound,
    )


def sparsity_curve(
    model: str, chip: str, names: Sequence[str], **ask: Unpack[Ask]
) -> tuple[SparsityPoint, ...]:
    """A step under each of several sparsities that leave something out.

    Answers are kept, so that asking again costs nothing: lists in the question are tuples, and files are read once.

    Args:
        model: As in `scenario`.
        chip: As in `scenario`.
        names: Sparsities, as in `Ask`.
        **ask: As in `scenario`, without a sparsity.

    Raises:
        DomainError: as `sparsified` does.

    Example:
        >>> half, most = sparsity_curve("llama-3-8b", "h100-sxm", ("unstructured:0.5", "unstructured:0.8"))
        >>> half.speedup < most.speedup, half.flops_ratio
        (True, 1.0)
    """
    return tuple(_point(model, chip, _kept({**ask, "sparsity": name})) for name in names)


def sparsity_over_batch(
    model: str, chip: str, name: str, batches: Sequence[int], **ask: Unpack[Ask]
) -> tuple[SparsityPoint, ...]:
    """A sparsity at each of several batches.

    Args:
        model: As in `scenario`.
        chip: As in `scenario`.
        name: The sparsity, as in `Ask`.
        batches: Sequences or samples, B.
        **ask: As in `scenario`, without a batch and a sparsity.

    Raises:
        DomainError: as `sparsified` does.
    """
    asked: dict[str, object] = {**ask, "sparsity": name}
    return tuple(_point(model, chip, _kept({**asked, "batch": batch})) for batch in batches)


def _kept(ask: dict[str, object]) -> tuple[tuple[str, object], ...]:
    return tuple(sorted(ask.items()))


@lru_cache(maxsize=512)
def _point(model: str, chip: str, ask: tuple[tuple[str, object], ...]) -> SparsityPoint:
    return sparsity_point(sparsified(model, chip, **cast("Ask", dict(ask))))
