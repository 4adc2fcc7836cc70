"""The Python API of sweeps: axes in, a report out that computes what it is asked for."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Unpack

from ironlaw.base.errors import DomainError, UnknownNameError
from ironlaw.explore.summary import Summary, summary
from ironlaw.explore.sweep import Axes, Sweep
from ironlaw.explore.sweep import sweep as sweep_cases
from ironlaw.system.table import BOUNDS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ironlaw.explore.points import Chunk, Floats, Point
    from ironlaw.explore.selection import Limits
    from ironlaw.system.diagnosis import Scenario

FIELDS: Mapping[str, str] = MappingProxyType(
    {
        "batch": "batch",
        "context": "context",
        "step_s": "step",
        "tokens_per_s": "tokens_per_second",
        "tokens_per_s_per_chip": "tokens_per_second_per_chip",
        "mfu": "mfu",
        "mbu_raw": "mbu_raw",
        "footprint_B": "footprint",
        "spare_B": "spare",
        "usd_per_token": "cost_per_token",
    }
)
"""Columns as JSON and CSV name them, with the engine's names."""

_SHORT = {"step": "step_s", "footprint": "footprint_B", "spare": "spare_B"}


def field_named(name: str) -> str:
    """The engine's name of a column.

    Args:
        name: As JSON names it, or without its unit.

    Raises:
        UnknownNameError: offering the nearest names.
    """
    full = _SHORT.get(name, name)
    if full not in FIELDS:
        raise UnknownNameError("column", name, FIELDS)
    return FIELDS[full]


@dataclass(frozen=True, eq=False, kw_only=True)
class SweepReport:
    """Many steps at once, in SI units; points are computed when they are asked for.

    Attributes:
        sweep: The engine's sweep.
        objective: The column that the best points are best in.
        pareto_columns: The two columns of the front.
        within: Ranges that columns have to lie in, by the engine's names.
    """

    sweep: Sweep
    objective: str = "tokens_per_s"
    pareto_columns: tuple[str, str] = ("step_s", "tokens_per_s_per_chip")
    within: Limits

    @property
    def n_points(self) -> int:
        """Points of the sweep."""
        return self.sweep.n_points

    @cached_property
    def summary(self) -> Summary:
        """The best of each chip and format, and the front: one pass over all points."""
        x, y = (field_named(name) for name in self.pareto_columns)
        objective = field_named(self.objective)
        return summary(self.sweep, objective=objective, pareto=(x, y), within=self.within)

    @property
    def best(self) -> Point | None:
        """The best of all points that fit, None where none does."""
        return self.sweep.best(field_named(self.objective), self.within)

    @property
    def front(self) -> tuple[Point, ...]:
        """The points that no other one beats in both columns."""
        return self.summary.front

    @property
    def notes(self) -> tuple[str, ...]:
        """What was replaced in the questions or is uncertain in the answers, and what was left out."""
        said = dict.fromkeys(note for case in self.sweep.cases for note in case.notes)
        left = (f"left out: {what}: {reason}" for what, reason in self.sweep.skipped)
        return (*said, *left)

    def columns(self, *names: str) -> dict[str, Floats]:
        """Columns of all points as NumPy arrays, by the names of the JSON; all of them if none is named.

        Args:
            *names: "step_s", "tokens_per_s" and so on.

        Raises:
            UnknownNameError: offering the nearest names.
        """
        asked = names or tuple(FIELDS)
        found = self.sweep.columns(*(field_named(name) for name in asked))
        return {name: found[field_named(name)] for name in asked}

    def to_csv(self, path: str | Path) -> None:
        """Write every point as a row, whether it fits or not.

        Args:
            path: Where to.

        Raises:
            DomainError: if it cannot be written.
        """
        try:
            with Path(path).open("w", encoding="utf-8", newline="") as file:
                table = csv.writer(file, lineterminator="\n")
                table.writerow((*_CASE, *FIELDS, "feasible", "bound"))
                for chunk in self.sweep.chunks():
                    table.writerows(_rows(chunk))
        except OSError as error:
            domain = f"the files that can be written: {error.strerror}"
            raise DomainError("csv", str(path), domain) from error

    def to_dict(self) -> dict[str, object]:
        """The summary as plain data: the JSON of `ironlaw sweep`, in SI units."""
        found = self.summary
        return {
            "n_points": found.n_points,
            "n_feasible": found.n_feasible,
            "objective": self.objective,
            "best": [
                {
                    **_case_data(group.case),
                    **(_NONE if group.best is None else point_data(group.best)),
                }
                for group in found.groups
            ],
            "pareto": {
                "x": self.pareto_columns[0],
                "y": self.pareto_columns[1],
                "points": [point_data(point) for point in found.front],
            },
            "notes": list(self.notes),
        }

    def __repr__(self) -> str:
        """What was swept."""
        from ironlaw.faces.sweep_text import question

        return question(self)


_CASE = ("model", "chip", "phase", "fusion", "launch", "tp", "dtype", "kv_dtype")
_NONE: Mapping[str, object] = MappingProxyType({"tp": None, **dict.fromkeys(FIELDS), "bound": None})


def sweep(
    model: str | Iterable[str],
    *,
    on: str | Iterable[str],
    best: str = "tokens_per_s",
    pareto: tuple[str, str] = ("step_s", "tokens_per_s_per_chip"),
    within: Limits | None = None,
    **axes: Unpack[Axes],
) -> SweepReport:
    """Ask about all combinations of models, chips, batches, contexts, layouts and formats, with the extra `sweep`.

    Args:
        model: Names in the registry or paths, one or several.
        on: Chips, one or several.
        best: The column that the best points are best in.
        pareto: The two columns of the front.
        within: Ranges that columns have to lie in, both ends included: {"step_s": (0.0, 0.05)}.
        **axes: batch, context, tp, dtype, kv_dtype, phase, fusion, launch: one value or several of each; or points,
            pairs of batch and context: see `ironlaw.explore.sweep.Axes`.

    Returns:
        The report. Points that do not fit their chip are in its columns, and in no best and no front.

    Raises:
        MissingPackageError: without NumPy.
        UnknownNameError: for a name or column that is not there, offering the nearest.
        DomainError: for a value outside its range, or where no combination can run.

    Example:
        >>> report = sweep("llama-3-8b", on="h100-sxm", batch=range(1, 129), context=8192)
        >>> report.best.values["batch"]
        59.0
    """
    for name in (best, *pareto):
        field_named(name)
    limits: Limits = {} if within is None else within
    ranges = {field_named(name): ends for name, ends in limits.items()}
    found = sweep_cases(model, on, **axes)
    return SweepReport(sweep=found, objective=best, pareto_columns=pareto, within=ranges)


def _case_data(case: Scenario) -> dict[str, object]:
    request = case.request
    values = (
        *(case.spec.name, case.chip.name, request.phase.value, case.level.value, case.launch.value),
        *(request.tensor_parallel, case.weights.value, case.cache.value),
    )
    return dict(zip(_CASE, values, strict=True))


def point_data(point: Point) -> dict[str, object]:
    """A point as plain data; what is not known, such as a price, is null.

    Args:
        point: A point.
    """
    numbers = {name: point.values[engine] for name, engine in FIELDS.items()}
    known = {name: value if value == value else None for name, value in numbers.items()}  # noqa: PLR0124 - NaN
    return {**_case_data(point.scenario), **known, "bound": point.bound}


def _rows(chunk: Chunk) -> Iterable[tuple[object, ...]]:
    """The points of a chunk as rows of the CSV; an unknown number is an empty cell."""
    case = tuple(_case_data(chunk.case).values())
    columns = [_cells(chunk.column(engine)) for engine in FIELDS.values()]
    feasible, bounds = chunk.feasible.tolist(), chunk.bound.tolist()
    for *values, fits, bound in zip(*columns, feasible, bounds, strict=True):
        yield (*case, *values, str(fits).lower(), BOUNDS[bound])


def _cells(values: Floats) -> list[float | str]:
    found: list[float | str] = values.tolist()
    return found if bool((values == values).all()) else ["" if x != x else x for x in found]  # noqa: PLR0124 - NaN
