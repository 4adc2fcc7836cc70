"""What a step does to a cache: touches, hits, misses and lines, by gate and by set."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ironlaw.base.number import summed

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True, slots=True, kw_only=True)
class GateCount:
    """Lines of one gate matrix.

    Attributes:
        matrices: Name of the matrices that it is one of.
        gate: Its number among them.
        distinct: Its lines; one that it shares with the matrix before is counted there.
        fetched: Lines fetched while it was read.
    """

    matrices: str
    gate: int
    distinct: int
    fetched: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SetCount:
    """Lines of one set of the cache.

    Attributes:
        distinct: Lines of the weights that it serves.
        fetched: Lines fetched into it.
        streams: Most of them that were walked at once.
    """

    distinct: int
    fetched: int
    streams: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CacheCount:
    """What a step does to the cache.

    Attributes:
        line: Bytes of a line [B].
        weights: Bytes of the weights, pads left out [B].
        accesses: Lines touched by loads; a load across two lines touches both.
        hits: Touches that found their line.
        misses: Touches that fetched it.
        distinct: Lines that hold what is read.
        gates: The same by gate matrix, in the order in which they are stored.
        sets: The same by set.
    """

    line: int
    weights: int
    accesses: int
    hits: int
    misses: int
    distinct: int
    gates: tuple[GateCount, ...]
    sets: tuple[SetCount, ...]

    @property
    def traffic(self) -> int:
        """Bytes fetched, D_vol [B]."""
        return self.misses * self.line

    @property
    def traffic_ratio(self) -> float:
        """Lines fetched over each line once."""
        return self.misses / self.distinct

    @property
    def inflation(self) -> float:
        """Bytes fetched over the bytes of the weights: what padding costs is in it too."""
        return self.traffic / self.weights


def total(counts: Iterable[int]) -> int:
    """Whole numbers added up.

    Example:
        >>> total([1, 2, 3])
        6
    """
    return int(summed(counts))
