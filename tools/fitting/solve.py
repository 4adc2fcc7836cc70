"""Least squares on the logarithm of time, with a loss that outliers do not rule."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from scipy.optimize import least_squares

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from numpy.typing import NDArray

    from fitting.tables import Cell
    from ironlaw.cost.iron_law import TimeTerms

Constants: TypeAlias = dict[str, float]

_SOFT = 0.03  # deviation from which the loss grows linearly: half of the typical error
_STEP = 1e-4  # relative step of a derivative
_SKETCH = 12  # evaluations to choose between starts and whole-numbered constants
_EVALUATIONS = 60


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Problem:
    """A cell with the form that is fitted to it.

    Attributes:
        cell: The measured rows.
        terms: The form: constants in, time terms of all rows out.
        free: The constants to fit.
        starts: Where to start from, with the constants that are not fitted.
        bounds: Lower and upper bound of each constant.
        read: The constant that rounds a time to the readings of a clock; it is left out of a descent.
    """

    cell: Cell
    terms: Callable[[Constants], TimeTerms]
    free: tuple[str, ...]
    starts: tuple[Constants, ...]
    bounds: dict[str, tuple[float, float]]
    read: str = ""


def predicted(problem: Problem, constants: Constants) -> NDArray[np.float64]:
    """Predicted times of all rows [s]."""
    total = problem.terms(constants).total
    return np.broadcast_to(np.asarray(total, dtype=float), problem.cell.times.shape)


def fit(problem: Problem, rows: NDArray[np.bool_]) -> Constants:
    """The constants that describe the chosen rows best, from the most promising start."""
    sketches = [_descend(problem, rows, start, _SKETCH) for start in problem.starts]
    ranked = sorted(sketches, key=lambda found: found[0])
    finals = [_descend(problem, rows, start, _EVALUATIONS) for _, start in ranked[:2]]
    return min(finals, key=lambda found: found[0])[1]


def refit(problem: Problem, rows: NDArray[np.bool_], start: Constants) -> Constants:
    """The constants for other rows of the same cell, from those of all of them."""
    return _descend(problem, rows, start, _EVALUATIONS // 2)[1]


def _descend(
    problem: Problem, rows: NDArray[np.bool_], start: Constants, evaluations: int
) -> tuple[float, Constants]:
    names = problem.free
    low = np.log([problem.bounds[name][0] for name in names])
    high = np.log([problem.bounds[name][1] for name in names])
    first = np.clip(np.log([start[name] for name in names]), low + 1e-3, high - 1e-3)
    measured = np.log(problem.cell.times[rows])
    smooth = {problem.read: 0.0} if problem.read else {}

    def deviations(point: NDArray[np.float64]) -> NDArray[np.float64]:
        now = start | dict(zip(names, np.exp(point).tolist(), strict=True)) | smooth
        return np.log(predicted(problem, now)[rows]) - measured

    if not names:
        return _cost(deviations(first)), start
    found = least_squares(
        deviations,
        first,
        bounds=(low, high),
        loss="soft_l1",
        f_scale=_SOFT,
        max_nfev=evaluations,
        diff_step=np.full(len(names), _STEP),
    )
    point: NDArray[np.float64] = found.x
    return _cost(deviations(point)), start | dict(zip(names, np.exp(point).tolist(), strict=True))


def _cost(deviations: NDArray[np.float64]) -> float:
    scaled = deviations / _SOFT
    return float(np.mean(np.sqrt(1.0 + scaled * scaled)))


def scattered(parts: Iterable[tuple[NDArray[np.int64], TimeTerms]], size: int) -> TimeTerms:
    """The terms of groups of rows, put back into the order of the table."""
    from ironlaw.cost.iron_law import TimeTerms

    whole = {name: np.zeros(size) for name in TimeTerms._fields}
    for index, terms in parts:
        for name, column in whole.items():
            column[index] = getattr(terms, name)
    return TimeTerms(**whole)
