"""Levels of a memory hierarchy, read from what a sweep of working sets reaches; no size is assumed."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from ironlaw.base.errors import DomainError
from ironlaw.system.probe.readings import median

if TYPE_CHECKING:
    from collections.abc import Sequence

_LEVEL = 0.75  # of a rate is what the plateau beside it reaches, at least, if it is the same one
_EDGE = 0.9  # of a plateau's rate is what its largest set reaches, at least
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
    one to its right. From the largest set down, a point belongs to the plateau whose median is three quarters of it or
    more. What is a tenth slower than a cache's median at its end, or a tenth faster than the memory's at its beginning,
    is the slope between them. One point alone is a slope too, unless it is the last: the memory.

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
    falling = _falling(points)
    *caches, memory = _groups(falling)
    trimmed = [_without_slope(group, falling) for group in caches]
    kept = [group for group in trimmed if len(group) >= _LEAST_POINTS]
    kept.append(_without_ascent(memory, falling))
    return tuple(_plateau([points[i] for i in group]) for group in kept)


def _falling(points: Sequence[SweepPoint]) -> list[float]:
    """Bandwidths with dips filled up: each at least the best of all larger sets."""
    best = 0.0
    falling: list[float] = []
    for point in reversed(points):
        best = max(best, point.bandwidth)
        falling.append(best)
    return falling[::-1]


def _groups(bandwidths: Sequence[float]) -> list[list[int]]:
    last = len(bandwidths) - 1
    groups = [[last]]
    for index in range(last - 1, -1, -1):
        if _middle(groups[-1], bandwidths) >= _LEVEL * bandwidths[index]:
            groups[-1].append(index)
        else:
            groups.append([index])
    return [group[::-1] for group in reversed(groups)]


def _without_slope(group: list[int], bandwidths: Sequence[float]) -> list[int]:
    """A cache without the sets at its end that are partly behind it already."""
    least = _EDGE * _middle(group, bandwidths)
    last = max(index for index in group if bandwidths[index] >= least)
    return [index for index in group if index <= last]


def _without_ascent(group: list[int], bandwidths: Sequence[float]) -> list[int]:
    """The memory without the sets at its beginning that are partly in a cache still."""
    most = _middle(group, bandwidths) / _EDGE
    return [index for index in group if bandwidths[index] <= most]


def _middle(group: Sequence[int], bandwidths: Sequence[float]) -> float:
    return median([bandwidths[index] for index in group])


def _plateau(points: Sequence[SweepPoint]) -> Plateau:
    return Plateau(
        first=points[0].size,
        last=points[-1].size,
        bandwidth=median([point.bandwidth for point in points]),
    )
