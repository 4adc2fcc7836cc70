"""How wrong the engine is on measured tables: errors by family, chip and number format, and over a family."""

from __future__ import annotations

from dataclasses import dataclass
from math import floor
from typing import TYPE_CHECKING, NamedTuple

from ironlaw.base.number import summed
from ironlaw.base.power import exp2, log2
from ironlaw.explore.measured.judge import judge
from ironlaw.explore.measured.tables import TableError, read_folder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

    from ironlaw.explore.measured.columns import Family
    from ironlaw.explore.measured.judge import Point
    from ironlaw.explore.measured.tables import Problem


class Score(NamedTuple):
    """How far predictions are from measured times.

    Attributes:
        n: Rows.
        median_ape: Median absolute error, a part of the measured time.
        p90_ape: Its ninetieth percentile.
        geomean: Geometric mean of predicted over measured.
        coverage80: Share of the rows inside the 80 % interval.
        naive_median_ape: Median absolute error of the datasheet roofline.
    """

    n: int
    median_ape: float
    p90_ape: float
    geomean: float
    coverage80: float
    naive_median_ape: float


@dataclass(frozen=True, slots=True, eq=False)
class Scored:
    """A family, judged and scored.

    Attributes:
        family: The table.
        points: A point for each row that was judged.
        cells: Scores by chip and number formats.
        overall: The score over all rows.
    """

    family: Family
    points: tuple[Point, ...]
    cells: dict[str, Score]
    overall: Score


@dataclass(frozen=True, slots=True, eq=False)
class Validation:
    """A folder of measured tables beside the engine's predictions.

    Attributes:
        families: What was judged, in the order of the tables.
        problems: Rows that could not be.
        notes: What else a reader should know.
    """

    families: tuple[Scored, ...]
    problems: tuple[Problem, ...]
    notes: tuple[str, ...]


def validate_folder(
    folder: str | Path,
    family: Family | None = None,
    progress: Callable[[Family, int, int], None] | None = None,
) -> Validation:
    """Judge every measured table of a folder.

    Args:
        folder: Where gemm.csv and its siblings lie.
        family: Judge this table only.
        progress: Called now and then with the family, the rows done and all rows.

    Returns:
        The scores; rows and tables that cannot be judged are named, the others are judged.

    Raises:
        TableError: if no row at all can be judged.
    """
    families: list[Scored] = []
    problems: list[Problem] = []
    notes: list[str] = []
    for table in read_folder(folder, family):
        problems += table.problems
        verdicts = judge(table, progress)
        notes += [*table.notes, *verdicts.notes]
        if verdicts.points:
            families.append(scored(table.family, verdicts.points))
    if not families:
        reasons = [*notes, *(problem.text for problem in problems[:1])]
        raise TableError(str(folder), "no row can be judged: " + "; ".join(reasons))
    return Validation(tuple(families), tuple(problems), tuple(notes))


def scored(family: Family, points: Iterable[Point]) -> Scored:
    """The scores of a family's points.

    Args:
        family: The table.
        points: At least one.
    """
    every = tuple(points)
    cells: dict[str, list[Point]] = {}
    for point in every:
        cells.setdefault(point.cell, []).append(point)
    by_cell = {cell: score(cells[cell]) for cell in sorted(cells)}
    return Scored(family, every, by_cell, score(every))


def scores_by_kind(points: Iterable[Point]) -> dict[str, Score]:
    """Scores by what the rows are besides their chip and formats, such as their kernel or regime.

    Args:
        points: Points of one family.
    """
    kinds: dict[str, list[Point]] = {}
    for point in points:
        for kind in point.kinds:
            kinds.setdefault(kind, []).append(point)
    return {kind: score(kinds[kind]) for kind in sorted(kinds)}


def score(points: Sequence[Point]) -> Score:
    """The score of some points.

    Args:
        points: At least one.
    """
    errors = sorted(point.error for point in points)
    naive = sorted(point.naive_error for point in points)
    logarithms = summed(float(log2(point.predicted / point.measured)) for point in points)
    return Score(
        n=len(points),
        median_ape=quantile(errors, 0.5),
        p90_ape=quantile(errors, 0.9),
        geomean=float(exp2(logarithms / len(points))),
        coverage80=len([1 for point in points if point.is_covered]) / len(points),
        naive_median_ape=quantile(naive, 0.5),
    )


def quantile(ordered: Sequence[float], part: float) -> float:
    """A quantile of numbers in ascending order, linear between neighbours.

    Args:
        ordered: At least one number.
        part: From 0 for the least to 1 for the largest.

    Example:
        >>> quantile([1.0, 2.0, 4.0], 0.75)
        3.0
    """
    place = part * (len(ordered) - 1)
    below = floor(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (place - below) * (ordered[above] - ordered[below])
