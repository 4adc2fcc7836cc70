"""Where matrices lie, and the lines that hold what is read of them: each line once, by gate and by set."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ironlaw.system.cache.geometry import CacheGeometry
    from ironlaw.system.cache.layout import Matrices


@dataclass(frozen=True, slots=True, kw_only=True)
class Lines:
    """The lines that hold some matrices.

    Attributes:
        bases: Address of the first row of each [B].
        by_gate: Lines of each gate matrix; one that it shares with the matrix before is counted there.
        by_set: Lines that each set of the cache serves.
    """

    bases: tuple[int, ...]
    by_gate: tuple[tuple[int, ...], ...]
    by_set: tuple[int, ...]


def lines_of(matrices: tuple[Matrices, ...], cache: CacheGeometry) -> Lines:
    """Lay matrices out one after the other, each from the boundary of a line, and list the lines that their rows touch.

    Args:
        matrices: What is read.
        cache: The cache, with the size of its lines.
    """
    bases: list[int] = []
    by_gate: list[tuple[int, ...]] = []
    steps = [0] * (cache.sets + 1)  # where the number of lines a set grows by one, and shrinks
    address = 0
    for one in matrices:
        bases.append(address + one.start)
        by_gate.append(_read(one, bases[-1], cache, steps))
        address = -(-(bases[-1] + one.stored) // cache.line) * cache.line
    return Lines(bases=tuple(bases), by_gate=tuple(by_gate), by_set=tuple(accumulate(steps[:-1])))


def _read(matrices: Matrices, base: int, cache: CacheGeometry, steps: list[int]) -> tuple[int, ...]:
    """The lines of each gate matrix; rows stand in the order of their addresses, so a shared line is the last one."""
    line, last = cache.line, base // cache.line - 1
    found: list[int] = []
    for gate in range(matrices.gates):
        seen = 0
        begin = base + gate * matrices.gate_stride
        for row in range(begin, begin + matrices.rows * matrices.row_stride, matrices.row_stride):
            first = max(row // line, last + 1)
            last = (row + matrices.row_size - 1) // line
            if last >= first:
                _add(steps, first, last, cache.sets)
                seen += last - first + 1
        found.append(seen)
    return tuple(found)


def _add(steps: list[int], first: int, last: int, sets: int) -> None:
    """One more line for the sets of a run of lines."""
    whole, rest = divmod(last - first + 1, sets)
    begin = first % sets
    steps[0] += whole
    steps[begin] += 1 if rest else 0
    end = begin + rest
    if end > sets:
        steps[0] += 1
        end -= sets
    steps[end] -= 1 if rest else 0
