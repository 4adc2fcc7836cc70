"""How long the frames of a trace take: quantiles, misses of a deadline, and which frames stand out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ironlaw.base.errors import DomainError
from ironlaw.system.audit.chance import share_bounds
from ironlaw.system.audit.tail import Tail, fit_tail

if TYPE_CHECKING:
    from collections.abc import Sequence

NANOSECOND = 1e-9
FEW_FRAMES = 12
_NORMAL_MAD = 1.4826  # of a normal distribution: one standard deviation a median absolute deviation
_NORMAL_THIRD = (
    0.8615  # standard deviations of a normal distribution: the width of its densest third
)
_DEVIATIONS, _FACTOR = 6.0, 1.5
_FEW_DEVIATIONS, _FEW_FACTOR = 4.0, 1.25
_WIDER = 2.0  # times: the spread of all frames against that of the densest third, from which they are a mixture
_MIXED_SHARE = 0.15
_LEAST_BEYOND = 2  # one frame alone is an exception, not a kind
_BAD_SHARE = 0.3
_LEAST_TO_MIX = 6  # frames, of which three may lie close together


@dataclass(frozen=True, slots=True, kw_only=True)
class Distribution:
    """The latencies of all frames in figures."""

    n_frames: int
    median: float
    """[s]"""
    p99: float
    """[s]"""
    p999: float
    """[s]; the maximum where there are fewer than a thousand frames."""
    maximum: float
    """The longest that was seen [s]: no bound on what can happen."""
    deadline: float | None
    """[s]"""
    misses: int
    """Frames longer than the deadline; without one, zero."""
    miss_bounds: tuple[float, float] | None
    """The Clopper-Pearson interval of the share of misses at 95 %, if frames miss independently."""
    tail: Tail
    """What the largest latencies say of larger ones, or why they say nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outliers:
    """Which frames are spikes, and by what rule."""

    threshold: float
    """Frames longer than this are spikes [ns]."""
    center: float
    """What a normal frame takes [ns]."""
    spread: float
    """The robust standard deviation of a normal frame [ns]."""
    frames: tuple[int, ...]
    """The spikes, in the order of the trace."""
    rule: str
    """In words."""
    remarks: tuple[str, ...]
    """What to know before the spikes are believed."""


def quantile(ordered: Sequence[float], share: float) -> float:
    """A quantile, between two values by a straight line.

    Args:
        ordered: Values in order, at least one.
        share: Of the values below, from 0 to 1.

    Example:
        >>> quantile([1.0, 2.0, 4.0], 0.5), quantile([1.0, 2.0], 0.5)
        (2.0, 1.5)
    """
    place = share * (len(ordered) - 1)
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (place - below) * (ordered[above] - ordered[below])


def median(values: Sequence[float]) -> float:
    """The middle of some values.

    Args:
        values: At least one.

    Example:
        >>> median([3, 1, 2])
        2.0
    """
    return quantile(sorted(map(float, values)), 0.5)


def distribution(latencies: Sequence[int], deadline: float | None = None) -> Distribution:
    """The latencies of frames in figures.

    Args:
        latencies: One a frame, in the order of the trace [ns].
        deadline: What a frame may take [s].

    Raises:
        DomainError: without a frame, or for a deadline that is not positive.

    Example:
        >>> distribution([5_000_000] * 299 + [50_000_000], deadline=0.01).misses
        1
    """
    if not latencies:
        raise DomainError("latencies", latencies, "the sequences of at least one frame")
    if deadline is not None and not 0.0 < deadline < float("inf"):
        raise DomainError("deadline", deadline, "(0, ∞) s")
    seconds = [value * NANOSECOND for value in latencies]
    ordered = sorted(seconds)
    limit = float("inf") if deadline is None else deadline
    misses = len([one for one in seconds if one > limit])
    return Distribution(
        n_frames=len(seconds),
        median=quantile(ordered, 0.5),
        p99=quantile(ordered, 0.99),
        p999=quantile(ordered, 0.999),
        maximum=ordered[-1],
        deadline=deadline,
        misses=misses,
        miss_bounds=None if deadline is None else share_bounds(misses, len(seconds)),
        tail=fit_tail(seconds),
    )


def outliers(latencies: Sequence[int], deadline: float | None = None) -> Outliers:
    """The frames that stand out: over the deadline if there is one, else beyond a robust threshold.

    The threshold is the larger of the median and six robust standard deviations, and one and a half medians. Where the
    densest third of the frames is far narrower than the median deviation says, more than one kind of frame was
    recorded, and the densest third sets the threshold.

    Args:
        latencies: One a frame [ns].
        deadline: What a frame may take [s].

    Raises:
        DomainError: without a frame.

    Example:
        >>> outliers([5_000_000 + i for i in range(99)] + [50_000_000]).frames
        (99,)
    """
    if not latencies:
        raise DomainError("latencies", latencies, "the sequences of at least one frame")
    values = sorted(map(float, latencies))
    few = len(values) < FEW_FRAMES
    deviations, factor = (_FEW_DEVIATIONS, _FEW_FACTOR) if few else (_DEVIATIONS, _FACTOR)
    center, spread, remarks = _normal(values, deviations, factor)
    if deadline is None:
        threshold = max(center + deviations * spread, factor * center)
        rule = (
            f"longer than {factor:g} × the median and than it by {deviations:g} robust deviations"
        )
    else:
        threshold, rule = deadline / NANOSECOND, "longer than the deadline"
    found = tuple(place for place, value in enumerate(latencies) if value > threshold)
    if few:
        remarks.append(
            f"{len(values)} frames are too few for a robust threshold: below {FEW_FRAMES} it is set lower, "
            "and what counts as normal is uncertain"
        )
    if len(found) > _BAD_SHARE * len(values):
        remarks.append(
            f"{len(found)} of {len(values)} frames stand out: two kinds of frames were recorded, "
            "not a rule with exceptions"
        )
    return Outliers(
        threshold=threshold,
        center=center,
        spread=spread,
        frames=found,
        rule=rule,
        remarks=tuple(remarks),
    )


def _normal(
    ordered: list[float], deviations: float, factor: float
) -> tuple[float, float, list[str]]:
    """Center and robust deviation of normal frames, and what was strange about them."""
    center = quantile(ordered, 0.5)
    spread = _NORMAL_MAD * median([abs(value - center) for value in ordered])
    if len(ordered) < _LEAST_TO_MIX:
        return center, spread, []
    dense_center, dense_spread = _densest(ordered)
    threshold = max(dense_center + deviations * dense_spread, factor * dense_center)
    beyond = len([value for value in ordered if value > threshold])
    share = beyond / len(ordered)
    if beyond < _LEAST_BEYOND or share < _MIXED_SHARE or spread < _WIDER * dense_spread:
        return center, spread, []
    remark = (
        f"the frames are a mixture: {100 * share:.0f} % lie beyond the densest of them, "
        "which sets the threshold instead of the median deviation"
    )
    return dense_center, dense_spread, [remark]


def _densest(ordered: list[float]) -> tuple[float, float]:
    """The middle of the shortest stretch that holds a third of the values, and its normal standard deviation."""
    third = len(ordered) // 3
    width, start = min((ordered[i + third] - ordered[i], i) for i in range(len(ordered) - third))
    return median(ordered[start : start + third + 1]), width / _NORMAL_THIRD
