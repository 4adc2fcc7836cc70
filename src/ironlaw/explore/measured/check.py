"""A roofline as a data validator: what in a measured table cannot be true, row by row."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from ironlaw.explore.measured.columns import SPECS, Kind, family_of_columns
from ironlaw.explore.measured.copies import repeats
from ironlaw.explore.measured.judge import judge
from ironlaw.explore.measured.predict import target
from ironlaw.explore.measured.score import quantile
from ironlaw.explore.measured.tables import (
    ORIGIN,
    TableError,
    header_of,
    measured_names,
    read_table,
)
from ironlaw.explore.measured.work import has_work, limits, work_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ironlaw.explore.measured.columns import Family
    from ironlaw.explore.measured.judge import Point, Verdicts
    from ironlaw.explore.measured.tables import Problem, Row, Table

_STEP_SLACK = 0.75  # the cache's format and the sequences really in flight are not in the table
_SLOW = 4.0  # a cell whose median time is this many times the engine's is suspect
_FEW_CELLS = 3  # cells that say nothing of what is usual
_FEWEST = 8  # rows that a cell needs for that,
_LONG = 20e-6  # each with a roofline that no launch or overhead comes near [s]


class Finding(NamedTuple):
    """A row that cannot be true, or that is not to be believed.

    Attributes:
        line: Its line in the file.
        reason: What is wrong, in the same words for all of its kind.
        limit: What it breaks: a physical limit with its rate, what may stand in the cell, or the row that it repeats.
        value: The measured time [s], or what stands in the cell.
        ratio: How many times over the limit; None where that means nothing.
    """

    line: int
    reason: str
    limit: str
    value: float | str
    ratio: float | None


@dataclass(frozen=True, slots=True, eq=False)
class Checked:
    """A table, checked.

    Attributes:
        file: Name of the file.
        family: What was measured.
        rows: Rows of the file.
        flagged: What was found, by line.
        unchecked: Rows of chips or formats that the registry does not know.
        notes: What else a reader should know.
        lines: The lines that the engine has an answer to.
        points: Those rows beside the engine's predictions, to draw.
    """

    file: str
    family: Family
    rows: int
    flagged: tuple[Finding, ...]
    unchecked: tuple[Problem, ...]
    notes: tuple[str, ...]
    lines: tuple[int, ...]
    points: tuple[Point, ...]

    @property
    def groups(self) -> dict[str, int]:
        """How many rows were flagged for each reason, the most frequent first."""
        return dict(Counter(finding.reason for finding in self.flagged).most_common())


def check_table(file: str | Path, family: Family | None = None) -> Checked:
    """Check a measured table against physics and against itself.

    Args:
        file: A CSV file.
        family: What was measured; recognised by the columns if None.

    Raises:
        TableError: if the file cannot be read, or is none of the tables.
    """
    path = Path(file)
    known = family_of_columns(header_of(path)) if family is None else family
    if known is None:
        raise TableError(path.name, "has the columns of no measured table; say which with --family")
    table = read_table(path, known)
    verdicts = judge(table)
    names, notes = measured_names(), list(table.notes)
    found = [*_broken_cells(table), *_repeated(table), *_slow(verdicts)]
    if has_work(known):
        every = (_fastest(known, row, names[row.chip]) for row in table.rows)
        found += [broken for broken in every if broken is not None]
    else:
        found += _fast_steps(verdicts)
        notes += verdicts.notes
    flagged = tuple(sorted(found, key=lambda finding: (finding.line, finding.reason)))
    unchecked = tuple(problem for problem in table.problems if not _is_wrong(problem))
    return Checked(
        file=path.name,
        family=known,
        rows=table.n_rows,
        flagged=flagged,
        unchecked=unchecked,
        notes=tuple(notes),
        lines=tuple(row.line for row in verdicts.rows),
        points=tuple(verdicts.points),
    )


def _fastest(family: Family, row: Row, chip: str) -> Finding | None:
    """The limit that a row breaks the most, or None."""
    on = target(chip).chip
    broken = [one for one in limits(work_of(family, row), on) if row.time < one.slack * one.time]
    if not broken:
        return None
    worst = max(broken, key=lambda one: one.time)
    limit = f"{worst.name} of {on.name}, {worst.rate}: at least {worst.time:.4g} s"
    return Finding(
        row.line, f"faster than the {worst.name}", limit, row.time, worst.time / row.time
    )


def _fast_steps(verdicts: Verdicts) -> Iterator[Finding]:
    """Served runs that beat the datasheet roofline of their decode step."""
    for row, point in zip(verdicts.rows, verdicts.points, strict=True):
        if row.time < _STEP_SLACK * point.naive:
            limit = f"roofline of the decode step on {row.chip}: about {point.naive:.4g} s"
            yield Finding(
                row.line, "faster than the served step", limit, row.time, point.naive / row.time
            )


def _broken_cells(table: Table) -> Iterator[Finding]:
    for problem in table.problems:
        if _is_wrong(problem):
            limit = f"{problem.column}: {problem.allowed}"
            yield Finding(problem.line, _fault(problem), limit, problem.value, None)


def _is_wrong(problem: Problem) -> bool:
    """Whether the table is at fault; a name that the registry does not know is not."""
    return problem.allowed not in (Kind.CHIP.value, *_CHOICES)


_CHOICES = {column.allowed for spec in SPECS.values() for column in spec.required if column.choices}


def _fault(problem: Problem) -> str:
    if problem.column == "columns":
        return "wrong number of cells"
    try:
        value = float(problem.value)
    except ValueError:
        return "not a number" if problem.value else "empty cell"
    if math.isnan(value):
        return "not a number"
    what = "time" if problem.allowed == Kind.TIME.value else "shape"
    return f"zero or negative {what}" if value <= 0.0 else f"impossible {what}"


def _repeated(table: Table) -> Iterator[Finding]:
    """Rows whose time is that of another row, or should be."""
    found = repeats(table.family, table.rows)
    for reason, twins in (
        ("copied from another table", found.copied),
        ("repeats another row", found.repeated),
        ("contradicts another row", found.contradicting),
        ("same time for other shapes", found.stuck),
        ("times of another block", found.pasted),
    ):
        for twin in twins:
            where = f"line {twin.other.line} ({twin.series}), {twin.other.time:.6g} s"
            ratio = twin.row.time / twin.other.time
            yield Finding(twin.row.line, reason, where, twin.row.time, ratio)


def _slow(verdicts: Verdicts) -> Iterator[Finding]:
    """A finding at the first row of each cell that as a whole is far slower than it should be.

    It should be as fast as the engine says; where only the roofline answers, as far above it as the other cells are.
    """
    cells: dict[str, list[tuple[Row, Point]]] = {}
    for row, point in zip(verdicts.rows, verdicts.points, strict=True):
        if point.naive >= _LONG:
            who = (row.words[column] for column in _RUNS if row.words.get(column))
            cells.setdefault(" ".join((point.cell, *who)), []).append((row, point))
    above = {name: _median(p.measured / p.naive for _, p in cell) for name, cell in cells.items()}
    for name, cell in cells.items():
        first, point = cell[0]
        if point.basis:
            ratio, than = _median(1.0 / p.ratio for _, p in cell), "the engine says"
        else:
            others = (part for other, part in above.items() if other != name)
            usual, than = _median(others, 1.0), "other cells are above the roofline"
            ratio = above[name] / max(usual, 1.0) if len(cells) > _FEW_CELLS else 0.0
        if ratio > _SLOW and len(cell) >= _FEWEST:
            limit = f"{name}, {len(cell):,} rows: at most {_SLOW:g} times what {than}"
            yield Finding(first.line, "slow as a whole", limit, "median of the cell", ratio)


def _median(values: Iterable[float], default: float | None = None) -> float:
    ordered = sorted(values)
    return default if default is not None and not ordered else quantile(ordered, 0.5)


_RUNS = ("kernel", "impl", *ORIGIN)  # columns of who ran it
