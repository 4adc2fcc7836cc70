"""Weights that are zero, and the lines and multiply-adds that they save: those whose line holds nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from ironlaw.base.errors import DomainError
from ironlaw.base.power import power
from ironlaw.system.cache.geometry import require_whole

_BITS = 8.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Pruned:
    """Weights of which a share is zero.

    Attributes:
        zeros: Share of the weights that are zero, below 1.
        block: Bytes of a row that are zero or not together; those of one weight are unstructured [B].

    Raises:
        DomainError: naming the field.
    """

    zeros: float
    block: int = 1

    def __post_init__(self) -> None:
        """Refuse what no pruning is."""
        if not 0.0 <= self.zeros < 1.0:
            raise DomainError("zeros", self.zeros, "[0, 1)")
        require_whole("block", self.block)


class Kept(NamedTuple):
    """What is left of a matrix.

    Attributes:
        share: Of its lines that hold a weight: they are fetched, and their multiply-adds are done.
        flags: Bytes that say which lines those are, one bit a line [B].
    """

    share: float
    flags: float


def lines_kept(zeros: float, block: float, line: int) -> float:
    """Expected share of lines that hold a weight which is not zero, where no block lies across two lines.

    Args:
        zeros: Share of the weights that are zero.
        block: Bytes that are zero or not together [B].
        line: Bytes of a line [B].

    Example:
        >>> lines_kept(0.5, 32.0, 32), lines_kept(0.5, 16.0, 32)
        (0.5, 0.75)
    """
    return 1.0 - float(power(zeros, max(line / block, 1.0)))


def kept(rows: int, columns: int, pruned: Pruned, line: int, element: int) -> Kept:
    """Lines that a walk over a pruned matrix fetches, if it skips those that hold only zeros."""
    share = lines_kept(pruned.zeros, float(max(pruned.block, element)), line)
    lines = -(-rows * columns * element // line)
    return Kept(share, lines / _BITS)
