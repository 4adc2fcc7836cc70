"""What the engine says that an operator takes on a machine that was measured."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ironlaw.base.number import maximum, summed
from ironlaw.cost.iron_law import TimeTerms
from ironlaw.cost.passes import pass_terms
from ironlaw.registry.dtypes import Dtype
from ironlaw.system.probe.recording import passes_of
from ironlaw.system.probe.reuse import Hierarchy

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ironlaw.registry.chips import Chip
    from ironlaw.system.probe.operators import Operator
    from ironlaw.system.probe.recording import Pass

RATES = ("exp", "divide", "row_max", "row_sum")
"""Passes that arithmetic binds even in a cache; their rates are facts `detail.NAME_rate` of a machine file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Prediction:
    """The time of one call of an operator.

    Attributes:
        terms: Its terms, passes added up one after the other [s].
        passes: Passes of one share.
        flops: Work of one share: FLOPs of its products, elements of its other passes.
        fetched: Bytes of one share by the level that serves them, the memory last [B].
        queued: Whether a device runs the passes while the host issues the next ones.
    """

    terms: tuple[TimeTerms, ...]
    passes: int
    flops: float
    fetched: tuple[float, ...]
    queued: bool = False

    @property
    def time(self) -> float:
        """All passes, one after the other; calls that are queued overlap with the passes before them [s]."""
        if not self.queued:
            return summed(float(terms.total) for terms in self.terms)
        running = summed(float(terms.overlapped) for terms in self.terms)
        issuing = summed(float(terms.latency) for terms in self.terms)
        return float(maximum(running, issuing))


def predict(operator: Operator, chip: Chip, parts: int, *, queued: bool = False) -> Prediction:
    """The time of an operator that is called again and again, each worker with an equal share of machine and rows.

    Args:
        operator: The operator.
        chip: The measured machine.
        parts: Workers that share it.
        queued: Whether a device runs the passes while the host issues the next ones.

    Raises:
        DomainError: if the machine has no fp32 arithmetic.
    """
    caches = chip.levels[:-1]
    rates = [level.bandwidth for level in caches] + [chip.bandwidth]
    bandwidths = tuple(rate / parts for rate in rates if rate is not None)
    hierarchy = Hierarchy(
        [level.capacity / parts for level in caches if level.bandwidth is not None]
    )
    passes = passes_of(operator, parts)
    for one in passes:
        hierarchy.touch(one.touched)  # the call before leaves its bytes in the caches
    served = [hierarchy.touch(one.touched) for one in passes]
    terms = tuple(
        pass_terms(
            one.work, _rate(one, chip) / parts, fetched, bandwidths, _overhead(one, fetched, chip)
        )
        for one, fetched in zip(passes, served, strict=True)
    )
    return Prediction(
        queued=queued,
        terms=terms,
        passes=len(passes),
        flops=summed(one.work for one in passes),
        fetched=tuple(summed(column) for column in zip(*served, strict=True)),
    )


def _rate(one: Pass, chip: Chip) -> float:
    """The rate that binds the arithmetic of a pass: of a kind that was measured apart, else the peak [FLOP/s]."""
    known = chip.sheet.optional(f"detail.{one.name}_rate") if one.name in RATES else None
    return chip.peak(Dtype.FP32) if known is None else known


def _overhead(one: Pass, fetched: Sequence[float], chip: Chip) -> float:
    """What nothing hides: the call, and the way through NumPy's buffer of a pass by rows [s]."""
    mostly_memory = fetched[-1] > summed(fetched[:-1])
    copied = chip.sheet.optional(f"detail.spread_{'memory' if mostly_memory else 'cached'}")
    return (chip.eager_dispatch or 0.0) + one.spread * (copied or 0.0)
