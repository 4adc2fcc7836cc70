"""Several fronts mixed: what each of some choices costs and spares, and the best of all their combinations."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING, Generic, NamedTuple, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

Choice = TypeVar("Choice")


class Point(NamedTuple, Generic[Choice]):
    """A choice: what is lost by it, and what it costs."""

    loss: float
    cost: float
    choices: tuple[Choice, ...]


def front(points: Iterable[Point[Choice]]) -> tuple[Point[Choice], ...]:
    """The points than which no other loses less at no more cost, by rising loss.

    Args:
        points: Any points.

    Example:
        >>> [p.loss for p in front([Point(1.0, 5.0, ()), Point(2.0, 6.0, ()), Point(3.0, 4.0, ())])]
        [1.0, 3.0]
    """
    kept: list[Point[Choice]] = []
    for point in sorted(points, key=lambda point: (point.loss, point.cost)):
        if not kept or point.cost < kept[-1].cost:
            kept.append(point)
    return tuple(kept)


def mixed(fronts: Sequence[Sequence[Point[Choice]]]) -> tuple[Point[Choice], ...]:
    """The front of all combinations that take one point of each.

    Loss and cost of a combination are the sums of its parts, so that a point which is not on its own front is on no
    front of combinations: leaving it out loses nothing, and the answer is exact.

    Args:
        fronts: At least one, each of at least one point.
    """
    found = front(fronts[0])
    for other in fronts[1:]:
        found = front(
            Point(a.loss + b.loss, a.cost + b.cost, (*a.choices, *b.choices))
            for a, b in product(found, front(other))
        )
    return found


def least_loss(points: Sequence[Point[Choice]], budget: float) -> Point[Choice] | None:
    """The point of a front that loses least within a budget; None if none is.

    Args:
        points: A front, by rising loss.
        budget: What may be spent, in the unit of the cost.
    """
    return next((point for point in points if point.cost <= budget), None)
