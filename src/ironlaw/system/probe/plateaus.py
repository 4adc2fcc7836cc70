"""Levels of a memory hierarchy, read from what a sweep of working sets reaches; no size is assumed."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from ironlaw.base.errors import DomainError
from ironlaw.system.probe.readings import median

if TYPE_CHECKING:
    from collections.abc import Sequence

_LEVEL = 0.75  # of the rate that a plateau begins with: below it another begins
_LEAST_POINTS = 2  # a single size between two plateaus is the slope from one to the other


class SweepPoint(NamedTuple):
    """A working set and what is fetched from it.

    Attributes:
        size: Working set of all workers [B].
        bandwidth: What they fetch together [B/s].
    """

    size: float
    bandwidth: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Plateau:
    """Working sets of about the same bandwidth.

    Attributes:
        first: Smallest of them [B].
        last: Largest of them: as much as the level is seen to hold [B].
        bandwidth: Median over them [B/s].
    """

    first: float
    last: float
    bandwidth: float


def plateaus(points: Sequence[SweepPoint]) -> tuple[Plateau, ...]:
    """The plateaus of a sweep, the fastest first; the last one is the main memory.

    A set that fits where a larger one fits is served at least as fast, so a point counts at least as much as the best
    one to its right. A plateau then holds what stays above three quarters of its first point. One point alone is a
    slope, unless it is the last: the memory.

    Args:
        points: The sweep, by rising size.

    Raises:
        DomainError: if there is no point, or the sizes do not rise.

    Example:
        >>> found = plateaus([SweepPoint(2.0**i, 90e9 if i < 24 else 30e9) for i in range(18, 29)])
        >>> [(level.last / 2**20, level.bandwidth / 1e9) for level in found]
        [(8.0, 90.0), (256.0, 30.0)]
    """
    sizes = [point.size for point in points]
    if not sizes or any(a >= b for a, b in pairwise(sizes)):
        raise DomainError("points", sizes, "sizes that rise, one at least")
    groups = _groups(_falling(points))
    kept = [group for group in groups[:-1] if len(group) >= _LEAST_POINTS]
    return tuple(_plateau([points[i] for i in group]) for group in [*kept, groups[-1]])


def _falling(points: Sequence[SweepPoint]) -> list[float]:
    """Bandwidths with dips filled up: each at least the best of all larger sets."""
    best = 0.0
    falling: list[float] = []
    for point in reversed(points):
        best = max(best, point.bandwidth)
        falling.append(best)
    return falling[::-1]


def _groups(bandwidths: Sequence[float]) -> list[list[int]]:
    groups = [[0]]
    for index in range(1, len(bandwidths)):
        if bandwidths[index] >= _LEVEL * bandwidths[groups[-1][0]]:
            groups[-1].append(index)
        else:
            groups.append([index])
    return groups


def _plateau(points: Sequence[SweepPoint]) -> Plateau:
    return Plateau(
        first=points[0].size,
        last=points[-1].size,
        bandwidth=median([point.bandwidth for point in points]),
    )
