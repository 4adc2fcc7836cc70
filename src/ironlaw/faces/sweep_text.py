"""Sweeps as plain text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ironlaw.faces.sweeps import field_named
from ironlaw.instruments.scale import grouped, percent, significant, with_prefix
from ironlaw.registry.dtypes import Dtype
from ironlaw.workload.network import Network

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ironlaw.explore.points import Floats, Point
    from ironlaw.explore.summary import Group
    from ironlaw.faces.sweeps import SweepReport
    from ironlaw.system.diagnosis import Scenario

HEADINGS = (
    *("model", "chip", "weights", "tp", "batch", "context", "step", "tokens/s", "a chip", "MFU"),
    *("memory", "$/M tokens", "bound"),
)
WORDS = (0, 1, 2, 12)
"""Columns that hold words."""

_MILLION = 1e6


def question(report: SweepReport) -> str:
    """What was swept, in a line."""
    cases = report.sweep.cases
    parts = [
        _named(case.spec.name for case in cases),
        _named(case.chip.name for case in cases),
        _named(case.request.phase.value for case in cases),
        f"batch {_extent(report.sweep.batch)}",
        *(
            []
            if isinstance(cases[0].spec, Network)
            else [f"context {_extent(report.sweep.context)}"]
        ),
        f"tp {_named(str(case.request.tensor_parallel) for case in cases)}",
        _named(case.weights.value for case in cases),
    ]
    return " · ".join(parts) + f": {grouped(report.n_points)} points"


def _named(names: Iterable[str]) -> str:
    return ", ".join(dict.fromkeys(names))


def _extent(values: Floats) -> str:
    low, high = float(values.min()), float(values.max())
    return grouped(low) if low == high else f"{grouped(low)} to {grouped(high)}"


def counted(report: SweepReport) -> str:
    """How many points fit, in a line."""
    found = report.summary
    share = percent(found.n_feasible / found.n_points)
    return f"{grouped(found.n_feasible)} points fit their chip's memory ({share})"


def ranked(report: SweepReport) -> str:
    """What the best points are best in."""
    name = field_named(report.objective).replace("_", " ")
    limited = "".join(
        f", {engine.replace('_', ' ')} {_between(low, high)}"
        for engine, (low, high) in report.within.items()
    )
    return f"best {name} of the points that fit{limited}"


def _between(low: float, high: float) -> str:
    if low == -float("inf"):
        return f"at most {significant(high)}"
    return f"at least {significant(low)}" if high == float("inf") else f"{low:g} to {high:g}"


def group_cells(group: Group) -> tuple[str, ...]:
    """A row for the best of a group, under `HEADINGS`."""
    if group.best is not None:
        return cells(group.best)
    names = _names(group.case)
    return (*names, *[""] * (len(HEADINGS) - len(names) - 1), "no point fits")


def _names(case: Scenario) -> tuple[str, str, str]:
    """Model, chip and formats; the cache's where it is not that of most."""
    plain = case.cache is Dtype.BF16 or isinstance(case.spec, Network)
    cache = "" if plain else f", KV {case.cache.value}"
    return case.spec.name, case.chip.name, f"{case.weights.value}{cache}"


def cells(point: Point) -> tuple[str, ...]:
    """A row for a point, under `HEADINGS`."""
    asked, values = point.scenario, point.values
    cost = values["cost_per_token"] * _MILLION
    return (
        *_names(asked),
        str(asked.request.tensor_parallel),
        grouped(values["batch"]),
        grouped(values["context"]),
        with_prefix(values["step"], "s"),
        grouped(values["tokens_per_second"]),
        grouped(values["tokens_per_second_per_chip"]),
        percent(values["mfu"]),
        with_prefix(values["footprint"], "B"),
        f"{cost:.3g}" if cost == cost else "",  # noqa: PLR0124 - NaN where no price is recorded
        point.bound,
    )


def front_title(report: SweepReport, shown: int) -> str:
    """What the front is of, and how much of it is shown."""
    x, y = (field_named(name).replace("_", " ") for name in report.pareto_columns)
    total = len(report.front)
    some = grouped(total) if shown == total else f"{shown} of {grouped(total)}"
    return f"Pareto front of {x} against {y}: {some} points"


def spread(points: Sequence[Point], most: int) -> tuple[Point, ...]:
    """So many points at most, evenly spread, the first and the last among them.

    Args:
        points: The front.
        most: How many.

    Example:
        >>> spread("abcdefg", 3)
        ('a', 'd', 'g')
    """
    if len(points) <= most:
        return tuple(points)
    if most == 1:
        return (points[0],)
    last = len(points) - 1
    return tuple(points[round(i * last / (most - 1))] for i in range(most))
