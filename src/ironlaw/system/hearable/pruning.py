"""Weights that are zero, and the lines and multiply-adds that they save: those whose line holds nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from ironlaw.base.errors import DomainError
from ironlaw.rewrites.sparsity import Kind, Sparsity
from ironlaw.system.cache.geometry import require_whole
from ironlaw.system.cache.sparse_lines import lines_touched, sparse_lines

_BITS = 8.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Pruned:
    """Weights of which a share is zero.

    Attributes:
        zeros: Share of the weights that are zero, below 1.
        block: Bytes that are zero or not together; those of one weight are unstructured [B].
        by_row: Whether blocks begin with each row, and so across lines; else they are cut as the lines lie.

    Raises:
        DomainError: naming the field.
    """

    zeros: float
    block: int = 1
    by_row: bool = False

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


@lru_cache(maxsize=4096)
def kept(rows: int, columns: int, pruned: Pruned, line: int, element: int) -> Kept:
    """Lines that a walk over a pruned matrix fetches, if it skips those that hold only zeros.

    Args:
        rows: Rows of the matrix.
        columns: Weights of a row, with its padding.
        pruned: Which of them are zero.
        line: Bytes of a line [B].
        element: Bytes of a weight [B].

    Raises:
        DomainError: for blocks that are neither parts nor multiples of a line, where they are cut as the lines lie.
    """
    block = max(pruned.block, element)
    flags = -(-rows * columns * element // line) / _BITS
    if not pruned.by_row:
        return Kept(lines_touched(pruned.zeros, float(block), float(line)), flags)
    sparsity = Sparsity(kind=Kind.BLOCK, share=pruned.zeros, block=(1, block // element))
    return Kept(sparse_lines(rows, columns, sparsity, line, element).ratio, flags)
