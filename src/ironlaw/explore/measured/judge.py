"""Measured rows against the engine: predicted time with its range, and the naive datasheet roofline."""

from __future__ import annotations

from collections import Counter
from sys import intern
from typing import TYPE_CHECKING, NamedTuple

from ironlaw.base.errors import ModelError
from ironlaw.explore.measured.predict import is_covered, predict, target
from ironlaw.explore.measured.served_runs import kinds_of_run, served_run
from ironlaw.explore.measured.tables import measured_names
from ironlaw.explore.measured.work import Work, roofline, work_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from ironlaw.explore.measured.columns import Family
    from ironlaw.explore.measured.tables import Row, Table
    from ironlaw.registry.chips import Chip

_REPORT_EVERY = 1024  # rows between two reports of progress
_FAR = 3.0  # a kernel this many times over its roofs is bound by neither
_WIDEST_GROUP = 16.0  # query heads to a key-value head beyond which a slow kernel runs


class Point(NamedTuple):
    """A measured time beside what the engine says of it.

    Attributes:
        cell: Chip and number formats, "h100_sxm|bfloat16", as the table spells them.
        kinds: What else the row is, such as its kernel or its regime.
        measured: The measured time [s].
        predicted: The engine's time [s].
        naive: The datasheet roofline without any launch [s].
        low: Lower end of the 80 % interval [s].
        high: Its upper end [s].
        basis: The chip whose constants answered; empty where only the datasheet roofline did.
    """

    cell: str
    kinds: tuple[str, ...]
    measured: float
    predicted: float
    naive: float
    low: float
    high: float
    basis: str = ""

    @property
    def ratio(self) -> float:
        """Predicted over measured."""
        return self.predicted / self.measured

    @property
    def error(self) -> float:
        """Absolute error of the predicted time, as a part of the measured one."""
        return abs(self.predicted - self.measured) / self.measured

    @property
    def naive_error(self) -> float:
        """Absolute error of the naive roofline, as a part of the measured time."""
        return abs(self.naive - self.measured) / self.measured

    @property
    def is_covered(self) -> bool:
        """Whether the interval holds the measured time."""
        return self.low <= self.measured <= self.high


class Verdicts(NamedTuple):
    """A table, judged.

    Attributes:
        points: A point for each row that the engine has an answer to.
        notes: What was answered otherwise than by constants of the chip itself, and what was left out.
        rows: The rows of the points.
    """

    points: list[Point]
    notes: tuple[str, ...]
    rows: tuple[Row, ...] = ()


def judge(table: Table, progress: Callable[[Family, int, int], None] | None = None) -> Verdicts:
    """Judge the rows of a table.

    Args:
        table: The table.
        progress: Called now and then with the family, the rows done and all rows.
    """
    family, total = table.family, len(table.rows)
    if family != "e2e" and not is_covered(family):
        return Verdicts([], (f"{table.file}: {total:,} rows left out, no form is built for them",))
    names, points = measured_names(), list[Point]()
    other: Counter[tuple[str, str]] = Counter()
    unanswered: Counter[str] = Counter()
    answered: list[Row] = []
    for done, row in enumerate(table.rows):
        if progress is not None and done % _REPORT_EVERY == 0:
            progress(family, done, total)
        try:
            point = _judged(family, row, names[row.chip])
        except ModelError as error:  # a model, framework or layout that the registry does not know
            unanswered[str(error)] += 1
            continue
        points.append(point)
        answered.append(row)
        if point.basis != names[row.chip]:
            other[point.cell, point.basis] += 1
    notes = [_note(table.file, cell, basis, n) for (cell, basis), n in sorted(other.items())]
    notes += [f"{table.file}: {n:,} rows left out, {why}" for why, n in sorted(unanswered.items())]
    return Verdicts(points, tuple(notes), tuple(answered))


def _judged(family: Family, row: Row, chip: str) -> Point:
    """The point of a row."""
    if family == "e2e":
        return _served(row, chip)
    on = target(chip)
    work = work_of(family, row)
    naive = roofline(work, on.chip)
    time, span, basis = predict(family, row, on, naive)
    return Point(
        cell=intern(f"{row.chip}|{row.label}"),
        kinds=kinds_of(family, row, work, on.chip),
        measured=row.time,
        predicted=time,
        naive=naive,
        low=time * span.low,
        high=time * span.high,
        basis=basis,
    )


def _served(row: Row, chip: str) -> Point:
    """The point of a served run."""
    found = served_run(row, chip)
    return Point(
        cell=intern(f"{row.chip}|{row.label}"),
        kinds=kinds_of_run(row),
        measured=row.time,
        predicted=found.tpot,
        naive=found.naive,
        low=found.low,
        high=found.high,
        basis=found.basis,
    )


def _note(file: str, cell: str, basis: str, count: int) -> str:
    how = f"constants of {basis}" if basis else "the datasheet roofline and a launch"
    return f"{file}: {cell} has no constants of its own; {how} answered {count:,} rows"


def kinds_of(family: Family, row: Row, work: Work, chip: Chip) -> tuple[str, ...]:
    """What a row is besides its chip and formats; each word is a line in the detailed table.

    Args:
        family: The table that the row stands in.
        row: The row.
        work: What it asks for.
        chip: The chip that it was measured on.
    """
    numbers, words = row.numbers, row.words
    if family == "allreduce":
        return (f"{words['impl']} {words['collective']}", f"{numbers['n_gpus']:.0f} chips")
    bound = _regime(row, work, chip)
    if family == "moe":
        return (f"kernel {words['kernel']}", words["distribution"], bound)
    if family == "attention_prefill":
        return (_window(row), bound)
    if family == "attention_decode":
        return (_window(row), _group(row), bound)
    return (bound,)


def _regime(row: Row, work: Work, chip: Chip) -> str:
    """What binds a measured row: the nearest roof, or its launch where the roofs are far below it."""
    compute = work.flops / chip.peaks[chip.runs(work.arithmetic)]
    memory = work.traffic / chip.bandwidth
    if max(compute, memory) * _FAR < row.time:
        return "launch-bound"
    return "compute-bound" if compute >= memory else "memory-bound"


def _window(row: Row) -> str:
    return "windowed" if row.numbers["window"] else "full attention"


def _group(row: Row) -> str:
    group = row.numbers["heads_q"] / row.numbers["heads_kv"]
    if group > _WIDEST_GROUP:
        return "more than 16 queries to a head"
    return "no shared heads" if group == 1.0 else "2 to 16 queries to a head"
