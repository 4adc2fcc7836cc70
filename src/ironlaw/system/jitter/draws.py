"""Random numbers with the same digits everywhere: uniform ones of Python's own generator, and sums of them."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, TypeVar

from ironlaw.base.number import square_root

if TYPE_CHECKING:
    from collections.abc import Sequence

_Item = TypeVar("_Item")
_MIDDLE = 2.0  # of the sum of four uniform numbers, which lies within 3.5 standard deviations of it
_WIDTH = float(square_root(3.0))  # their variance is four twelfths

MOST = _MIDDLE * _WIDTH
"""The farthest that a bell-shaped number lies from 0, in standard deviations."""


class Draws:
    """A stream of random numbers of its own for each purpose: what one purpose draws moves no other.

    Args:
        key: What the numbers are for: a seed, a frame, a name.

    Example:
        >>> Draws(7, "scene").count(1, 6) == Draws(7, "scene").count(1, 6)
        True
    """

    def __init__(self, *key: object) -> None:
        self._random = random.Random(":".join(map(str, key)))  # noqa: S311 - a simulation, no secret

    def share(self) -> float:
        """A number from 0 to 1."""
        return self._random.random()

    def between(self, low: float, high: float) -> float:
        """A number between two others.

        Args:
            low: The least.
            high: The most.
        """
        return low + (high - low) * self._random.random()

    def count(self, low: int, high: int) -> int:
        """A whole number from `low` to `high`.

        Args:
            low: The least.
            high: The most.
        """
        return low + int(self._random.random() * (high - low + 1))

    def one_of(self, items: Sequence[_Item]) -> _Item:
        """One of several.

        Args:
            items: At least one.
        """
        return items[self.count(0, len(items) - 1)]

    def bell(self) -> float:
        """A bell-shaped number of mean and median 0 and standard deviation 1: a sum, no logarithm (Irwin-Hall)."""
        draw = self._random.random
        return (draw() + draw() + draw() + draw() - _MIDDLE) * _WIDTH
