"""The state of a cache, set by set, and what one touch of a line does to it.

The lines of a set stand in a list: by age of their last touch under LRU, of their arrival under FIFO, and by way under
the other two. `marks` holds what else a policy knows of a set: the bits of its tree, or its last draw.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from ironlaw.system.cache.geometry import Policy

if TYPE_CHECKING:
    from collections.abc import Callable

    from ironlaw.system.cache.geometry import CacheGeometry

Touch: TypeAlias = "Callable[[int], bool]"
"""Touches a line by its number and says whether it was missing."""

_WORD = 0xFFFFFFFF  # a draw is a word of 32 bits
_FACTOR, _STEP = 1664525, 1013904223  # congruential generator of Numerical Recipes
_SPREAD = 2654435761  # odd number near 2³² over the golden ratio: neighbouring sets draw apart
_HIGH = 16  # the low bits of such a generator repeat early


class State:
    """What every set holds.

    Attributes:
        lines: Of each set, the numbers of its lines.
        marks: Of each set, what its policy remembers beside them.
    """

    __slots__ = ("lines", "marks")

    def __init__(self, cache: CacheGeometry) -> None:
        """A cold cache."""
        self.lines: list[list[int]] = [[] for _ in range(cache.sets)]
        drawn = cache.policy is Policy.RANDOM
        self.marks = [
            (cache.seed ^ (index * _SPREAD)) & _WORD if drawn else 0 for index in range(cache.sets)
        ]


def touching(cache: CacheGeometry, state: State) -> Touch:
    """The function that touches a line.

    Args:
        cache: The cache.
        state: What it holds, which every touch changes.
    """
    makers = {
        Policy.LRU: _least_recent,
        Policy.FIFO: _first_in,
        Policy.TREE_PLRU: _tree,
        Policy.RANDOM: _drawn,
    }
    return makers[cache.policy](cache, state)


def _least_recent(cache: CacheGeometry, state: State) -> Touch:
    held, sets, ways = state.lines, cache.sets, cache.ways

    def touch(line: int) -> bool:
        lines = held[line % sets]
        if line in lines:
            if lines[-1] != line:
                lines.remove(line)
                lines.append(line)
            return False
        if len(lines) == ways:
            del lines[0]
        lines.append(line)
        return True

    return touch


def _first_in(cache: CacheGeometry, state: State) -> Touch:
    held, sets, ways = state.lines, cache.sets, cache.ways

    def touch(line: int) -> bool:
        lines = held[line % sets]
        if line in lines:
            return False
        if len(lines) == ways:
            del lines[0]
        lines.append(line)
        return True

    return touch


def _tree(cache: CacheGeometry, state: State) -> Touch:
    """A binary tree over the ways: every node points to the half that was touched less recently."""
    held, marks, sets, ways = state.lines, state.marks, cache.sets, cache.ways

    def touch(line: int) -> bool:
        place = line % sets
        lines = held[place]
        missing = line not in lines
        if not missing:
            way = lines.index(line)
        elif len(lines) < ways:
            way = len(lines)
            lines.append(line)
        else:
            way = _pointed_at(marks[place], ways)
            lines[way] = line
        marks[place] = _pointed_away(marks[place], way, ways)
        return missing

    return touch


def _pointed_at(bits: int, ways: int) -> int:
    """The way that the tree leads to; node n has the children 2n and 2n + 1, bit n is 1 where it points right."""
    node = 1
    while node < ways:
        node = 2 * node + ((bits >> node) & 1)
    return node - ways


def _pointed_away(bits: int, way: int, ways: int) -> int:
    """The tree after a touch of a way: every node above it points to its other half."""
    node = way + ways
    while node > 1:
        parent = node >> 1
        bits = bits | (1 << parent) if node & 1 == 0 else bits & ~(1 << parent)
        node = parent
    return bits


def _drawn(cache: CacheGeometry, state: State) -> Touch:
    drawing, sets = drawn_in_turn(cache, state), cache.sets

    def touch(line: int) -> bool:
        return bool(drawing([line], line % sets))

    return touch


def drawn_in_turn(cache: CacheGeometry, state: State) -> Callable[[list[int], int], list[int]]:
    """The function that touches lines of one set in turn under random draws, and says which of the touches missed.

    Args:
        cache: The cache.
        state: What it holds, which every touch changes.
    """
    held, marks, ways = state.lines, state.marks, cache.ways

    def touch_all(lines: list[int], place: int) -> list[int]:
        inside, word = held[place], marks[place]
        missed: list[int] = []
        for index, line in enumerate(lines):
            if line in inside:
                continue
            missed.append(index)
            if len(inside) < ways:
                inside.append(line)
            else:
                word = (word * _FACTOR + _STEP) & _WORD
                inside[(word >> _HIGH) % ways] = line
        marks[place] = word
        return missed

    return touch_all
