"""What a sweep comes to, in one pass: the best point of each chip and format, and the front."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ironlaw.explore.selection import Best, Front

if TYPE_CHECKING:
    from ironlaw.explore.points import Point
    from ironlaw.explore.selection import Limits
    from ironlaw.explore.sweep import Sweep
    from ironlaw.system.diagnosis import Scenario


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Group:
    """The best of the points of one model, chip and formats.

    Attributes:
        case: One of their scenarios.
        best: The best point, None where none fits.
    """

    case: Scenario
    best: Point | None


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Summary:
    """A sweep at a glance.

    Attributes:
        groups: The best of each model, chip and formats.
        front: Points that no other one beats in both columns, the best x first.
        n_points: Points that were evaluated.
        n_feasible: Those that fit their chip's memory.
    """

    groups: tuple[Group, ...]
    front: tuple[Point, ...]
    n_points: int
    n_feasible: int


def summary(
    found: Sweep,
    *,
    objective: str,
    pareto: tuple[str, str],
    within: Limits | None = None,
) -> Summary:
    """Look at every point of a sweep once.

    Args:
        found: The sweep.
        objective: The column that the best points are best in.
        pareto: The two columns of the front.
        within: Ranges that columns have to lie in.

    Raises:
        UnknownNameError: for a column that does not exist.
    """
    front = Front(*pareto, within)
    bests: dict[tuple[str, ...], tuple[Scenario, Best]] = {}
    n_points = n_feasible = 0
    for chunk in found.chunks():
        case = chunk.case
        key = (case.spec.name, case.chip.name, case.weights.value, case.cache.value)
        if key not in bests:
            bests[key] = (case, Best(objective, within))
        bests[key][1].take(chunk)
        front.take(chunk)
        n_points += chunk.size
        n_feasible += int(chunk.feasible.sum())
    return Summary(
        groups=tuple(Group(case=case, best=best.point()) for case, best in bests.values()),
        front=front.points(),
        n_points=n_points,
        n_feasible=n_feasible,
    )
