"""Selections from a sweep that look at one chunk after the other and keep little of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, TypeAlias

from ironlaw.base.errors import DomainError
from ironlaw.explore.points import Point, column_named, point_at

if TYPE_CHECKING:
    from ironlaw.explore.points import Chunk, Flags, Floats
    from ironlaw.system.diagnosis import Scenario

Limits: TypeAlias = Mapping[str, tuple[float, float]]
"""Ranges, both ends included, by column."""


class Best:
    """The best point of the chunks taken so far."""

    __slots__ = ("_found", "_objective", "_score", "_sign", "_within")

    def __init__(self, objective: str, within: Limits | None = None) -> None:
        self._objective = objective
        self._sign = column_named(objective).sign
        self._within = _checked(within)
        self._score = float("-inf")
        self._found: Point | None = None

    def take(self, chunk: Chunk) -> None:
        """Look at a chunk."""
        import numpy as np  # noqa: PLC0415 - only when an array is there (style rule 3)

        values = self._sign * chunk.column(self._objective)
        allowed = admitted(chunk, self._within) & (values > self._score)  # never holds for NaN
        if not bool(allowed.any()):
            return
        place = int(np.argmax(np.where(allowed, values, -np.inf)))
        self._score = float(values[place])
        self._found = chunk.point(place)

    def point(self) -> Point | None:
        """The best point, None where none fits."""
        return self._found


class Front:
    """The points of the chunks taken so far that no other one beats in two columns."""

    __slots__ = ("_cases", "_names", "_rows", "_signs", "_within")

    def __init__(self, x: str, y: str, within: Limits | None = None) -> None:
        import numpy as np  # noqa: PLC0415 - only when an array is there (style rule 3)

        self._names = (x, y)
        self._signs = (column_named(x).sign, column_named(y).sign)
        self._within = _checked(within)
        self._cases: list[Scenario] = []
        self._rows: Floats = np.empty((0, 5))  # x and y (more is better), case, batch, context

    def take(self, chunk: Chunk) -> None:
        """Look at a chunk."""
        import numpy as np  # noqa: PLC0415 - only when an array is there (style rule 3)

        allowed = admitted(chunk, self._within)
        x, y = (
            sign * chunk.column(name)[allowed]
            for sign, name in zip(self._signs, self._names, strict=True)
        )
        if not self._cases or self._cases[-1] is not chunk.case:
            self._cases.append(chunk.case)
        number = np.full(x.shape, float(len(self._cases) - 1))
        batch, context = (chunk.column(name)[allowed] for name in ("batch", "context"))
        new = np.column_stack((x, y, number, batch, context))
        self._rows = undominated(np.concatenate((self._rows, undominated(new))))

    def points(self) -> tuple[Point, ...]:
        """The front, the best x first."""
        return tuple(
            point_at(self._cases[int(number)], batch, context)
            for _, _, number, batch, context in self._rows.tolist()
        )


def undominated(rows: Floats) -> Floats:
    """The rows that no other row beats, where more is better in the first two columns.

    Args:
        rows: A row for each point; of equal ones the first stays.

    Returns:
        Those rows, the largest first column first.
    """
    import numpy as np  # noqa: PLC0415 - only when an array is there (style rule 3)

    known: Floats = rows[~(np.isnan(rows[:, 0]) | np.isnan(rows[:, 1]))]
    ordered: Floats = known[np.lexsort((-known[:, 1], -known[:, 0]))]
    before = np.maximum.accumulate(ordered[:, 1])[:-1]
    kept = np.concatenate((np.ones(min(len(ordered), 1), dtype=bool), ordered[1:, 1] > before))
    front: Floats = ordered[kept]
    return front


def admitted(chunk: Chunk, within: Limits) -> Flags:
    """Whether each point fits the memory and lies in the ranges.

    Args:
        chunk: The points.
        within: Ranges by column.
    """
    allowed = chunk.feasible
    for name, (low, high) in within.items():
        values = chunk.column(name)
        allowed = allowed & (values >= low) & (values <= high)
    return allowed


def _checked(within: Limits | None) -> Limits:
    """The ranges, refused where a column does not exist or nothing lies in a range.

    Raises:
        UnknownNameError: for a column that does not exist.
        DomainError: for an empty range.
    """
    limits: Limits = {} if within is None else within
    for name, (low, high) in limits.items():
        column_named(name)
        if not low <= high:
            raise DomainError(f"within.{name}", (low, high), "ranges whose low end is not above")
    return limits
