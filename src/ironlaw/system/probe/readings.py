"""Readings on a machine that others use too: the least disturbed round, and how near to it the others come."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ironlaw.base.errors import DomainError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

STEADY = 0.1
"""Spread from which a reading is called disturbed."""

_QUARTER = 4  # one round in four has to agree with the best one


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What one task takes.

    Attributes:
        time: A call in the least disturbed round [s].
        spread: How far above it the best quarter of all rounds reaches, as a fraction.
        rounds: Rounds that were taken.
    """

    time: float
    spread: float
    rounds: int

    @property
    def is_steady(self) -> bool:
        """Whether a quarter of the rounds agree with the best one."""
        return self.spread <= STEADY


def median(values: Sequence[float]) -> float:
    """The middle value; of an even count the mean of the two in the middle.

    Args:
        values: One at least.

    Raises:
        DomainError: if there is none.

    Example:
        >>> median([3.0, 1.0, 2.0, 10.0])
        2.5
    """
    if not values:
        raise DomainError("values", [], "lists of at least one number")
    ordered = sorted(values)
    half = len(ordered) // 2
    if len(ordered) % 2:
        return ordered[half]
    return (ordered[half - 1] + ordered[half]) / 2.0


def reading_of(rounds: Sequence[float]) -> Reading:
    """The reading of a task from its rounds.

    A round is many calls on all workers, from a common start to the last end. Another process can only make it longer,
    so the shortest is the nearest to the machine alone; that a quarter of the rounds come near it says that it was no
    accident.

    Args:
        rounds: Mean time of a call in each round [s].

    Raises:
        DomainError: if there is no round, or a time that is not above zero.

    Example:
        >>> reading_of([1.0, 1.5, 1.25, 4.0]).spread
        0.25
    """
    ordered = sorted(rounds)
    if not ordered or ordered[0] <= 0.0:
        raise DomainError("rounds", list(rounds), "times above zero, one at least")
    quarter = ordered[min(-(-len(ordered) // _QUARTER), len(ordered) - 1)]
    return Reading(time=ordered[0], spread=quarter / ordered[0] - 1.0, rounds=len(ordered))


def calls_for(timed: Callable[[int], float], window: float) -> int:
    """Calls that fill a window; one at least.

    Args:
        timed: Runs a task so many times and says how long that took [s].
        window: Time of one round [s].
    """
    calls = 1
    while (took := timed(calls)) < window:
        grown = calls * 2 if took <= 0.0 else int(calls * window / took) + 1
        calls = min(max(grown, calls + 1), 16 * calls)
    return calls
