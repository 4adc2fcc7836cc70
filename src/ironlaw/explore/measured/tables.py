"""Measured tables as rows: what cannot be read is named by file, line and column, and the rest is still read."""

from __future__ import annotations

import csv
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from ironlaw.base.errors import ModelError
from ironlaw.explore.measured.columns import FAMILIES, SPECS, Column, Kind, routing_exponent
from ironlaw.registry.chips import chip_names, load_chip

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ironlaw.explore.measured.columns import Family, TableSpec


_USABLE = "usable"  # optional column: 0 where a row is no fair measurement


ORIGIN = ("source", "framework", "version", "backend_version")
"""Optional columns that say who measured; rows are compared by them."""


class TableError(ModelError, ValueError):
    """A measured table, or a folder of them, that cannot be judged at all."""

    def __init__(self, path: str, problem: str) -> None:
        super().__init__(path, f"{path}: {problem}")


class Row(NamedTuple):
    """A measured row.

    Attributes:
        line: Its line in the file.
        chip: The chip, as the table spells it.
        label: The number formats, as the table spells them.
        numbers: Shape and flags by column.
        words: Names by column, those of who measured included.
        time: The measured time [s].
    """

    line: int
    chip: str
    label: str
    numbers: dict[str, float]
    words: dict[str, str]
    time: float


class Problem(NamedTuple):
    """A row, or a table, that is left out, and why.

    Attributes:
        file: Name of the file.
        line: Line in it; 0 for the table as a whole.
        column: The column at fault.
        value: What stands there.
        allowed: What may stand there.
    """

    file: str
    line: int
    column: str
    value: str
    allowed: str

    @property
    def text(self) -> str:
        """The problem in a line."""
        where = f"{self.file}, line {self.line}" if self.line else self.file
        return f"{where}: {self.column} = {self.value!r} is outside {self.allowed}"


@dataclass(slots=True)
class Table:
    """The rows of a file that can be judged.

    Attributes:
        family: What was measured.
        file: Name of the file.
        rows: The rows that can be judged.
        problems: The rows that cannot.
        notes: What else a reader should know.
        n_rows: Rows of the file, the left out ones included.
    """

    family: Family
    file: str
    rows: list[Row] = field(default_factory=list[Row])
    problems: list[Problem] = field(default_factory=list[Problem])
    notes: list[str] = field(default_factory=list[str])
    n_rows: int = 0


def measured_names() -> dict[str, str]:
    """The chips of the registry by the names that tables give them.

    A chip is also found by its registry name or an alias, with dashes or with underscores.
    """
    found: dict[str, str] = {}
    for name in chip_names():
        chip = load_chip(name)
        for known in (name, chip.measured_name or name, *chip.aliases):
            found[known] = found[known.replace("-", "_")] = name
    return found


def read_folder(folder: str | Path, family: Family | None = None) -> Iterator[Table]:
    """Read the tables of a folder, one at a time.

    Args:
        folder: Where gemm.csv and its siblings lie; any of them may be missing.
        family: Read this table only.

    Yields:
        A table for each file that is there; one that cannot be read has no rows and says why in its notes.

    Raises:
        TableError: if the folder holds no table.
    """
    root = Path(folder)
    if not root.is_dir():
        problem = "is a file, not a folder" if root.exists() else "there is no such folder"
        raise TableError(str(folder), problem)
    wanted: tuple[Family, ...] = FAMILIES if family is None else (family,)
    present: list[Family] = [name for name in wanted if (root / f"{name}.csv").is_file()]
    if not present:
        names = ", ".join(f"{name}.csv" for name in wanted)
        raise TableError(str(folder), f"holds no measured table; expected one of {names}")
    chips = measured_names()
    for name in present:
        yield _read_or_tell(root / f"{name}.csv", name, chips)


def _read_or_tell(path: Path, family: Family, chips: dict[str, str]) -> Table:
    """A table, or one without rows that says why it cannot be read."""
    try:
        return read_table(path, family, chips)
    except TableError as error:
        return Table(family, path.name, notes=[str(error)])


def read_table(path: Path, family: Family, chips: dict[str, str] | None = None) -> Table:
    """Read one table.

    Args:
        path: A CSV file.
        family: What was measured.
        chips: Registry names by the names that tables give them; those of the registry if None.

    Raises:
        TableError: if the file cannot be read or lacks columns.
    """
    spec, table = SPECS[family], Table(family, path.name)
    lines = read_lines(path)
    _, header = next(lines, (0, list[str]()))
    names = [name.strip() for name in header]
    _require_columns(path.name, spec, names)
    _note_extra(table, spec, names)
    reader = _RowReader(spec, names, measured_names() if chips is None else chips)
    usable, unusable = names.index(_USABLE) if _USABLE in names else None, 0
    for line, cells in lines:
        table.n_rows += 1
        if usable is not None and len(cells) == len(names) and cells[usable].strip() == "0":
            unusable += 1
            continue
        read = reader.read(table.file, line, cells)
        if isinstance(read, Row):
            table.rows.append(read)
        else:
            table.problems.append(read)
    if not table.n_rows:
        table.notes.append(f"{path.name}: no rows below the header")
    if unusable:
        table.notes.append(f"{path.name}: {unusable:,} rows with {_USABLE} = 0 left out")
    return table


def read_lines(path: Path) -> Iterator[tuple[int, list[str]]]:
    """The lines of a CSV file with their numbers, empty ones left out.

    Raises:
        TableError: if the file cannot be read as text in columns.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.reader(file)
            for cells in reader:
                if cells:
                    yield reader.line_num, cells
    except OSError as error:
        raise TableError(path.name, f"cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise TableError(path.name, f"not UTF-8: {error.reason}") from error
    except csv.Error as error:
        raise TableError(path.name, f"not a CSV file: {error}") from error


def header_of(path: Path) -> tuple[str, ...]:
    """The column names of a CSV file; none if it is empty.

    Raises:
        TableError: if the file cannot be read as text in columns.
    """
    return tuple(name.strip() for _, cells in islice(read_lines(path), 1) for name in cells)


def _require_columns(file: str, spec: TableSpec, names: list[str]) -> None:
    if not names:
        raise TableError(file, f"is empty; expected the columns {', '.join(spec.names)}")
    missing = [name for name in spec.names if name not in names]
    if missing:
        word = "column" if len(missing) == 1 else "columns"
        expected = ", ".join(spec.names)
        raise TableError(file, f"lacks the {word} {', '.join(missing)}; expected {expected}")


def _note_extra(table: Table, spec: TableSpec, names: list[str]) -> None:
    known = {*spec.names, *spec.optional}
    extra = list(dict.fromkeys(name for name in names if name not in known))
    if extra:
        table.notes.append(f"{table.file}: columns not read: {', '.join(extra)}")
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        table.notes.append(f"{table.file}: twice in the header, first taken: {', '.join(twice)}")


class _RowReader:
    """Turns the cells of a line into a row; what repeats is looked up once."""

    def __init__(self, spec: TableSpec, names: list[str], chips: dict[str, str]) -> None:
        self._origin = [(names.index(name), name) for name in ORIGIN if name in names]
        self._columns = [(names.index(column.name), column) for column in spec.required]
        self._width = len(names)
        self._spec, self._chips = spec, chips
        self._seen: dict[tuple[str, str], float | None] = {}

    def read(self, file: str, line: int, cells: list[str]) -> Row | Problem:
        """The row of a line, or what is wrong with it."""
        if len(cells) != self._width:
            return Problem(file, line, "columns", str(len(cells)), f"{self._width}, as the header")
        numbers: dict[str, float] = {}
        words: dict[str, str] = {}
        for place, column in self._columns:
            text = cells[place].strip()
            if column.is_number:
                value = self._number(column, text)
                if value is None:
                    return Problem(file, line, column.name, text, column.allowed)
                numbers[column.name] = value
            elif not self._is_word(column, text):
                return Problem(file, line, column.name, text, column.allowed)
            else:
                words[column.name] = text
        wrong = _contradiction(self._spec.family, numbers)
        if wrong is not None:
            name, allowed = wrong
            return Problem(file, line, name, f"{numbers[name]:g}", allowed)
        for place, name in self._origin:
            words[name] = cells[place].strip()
        time = numbers.pop(self._spec.time)
        label = "/".join(words[name] for name in self._spec.label)
        return Row(line, words.pop("gpu"), label, numbers, words, time)

    def _number(self, column: Column, text: str) -> float | None:
        if column.kind is Kind.TIME:
            return column.number(text)
        key = (column.name, text)
        if key not in self._seen:
            self._seen[key] = column.number(text)
        return self._seen[key]

    def _is_word(self, column: Column, text: str) -> bool:
        if column.kind is Kind.CHIP:
            return text in self._chips
        if column.kind is Kind.ROUTING:
            return routing_exponent(text) is not None
        return text in column.choices if column.kind is Kind.CHOICE else bool(text)


def _contradiction(family: Family, numbers: dict[str, float]) -> tuple[str, str] | None:
    """A column whose value another column forbids, and what it would allow."""
    if family == "moe":
        experts = numbers["experts"]
        for name in ("topk", "ep"):
            if numbers[name] > experts:
                return name, f"the whole numbers from 1 to experts = {experts:g}"
    if family in ("attention_prefill", "attention_decode"):
        heads = numbers["heads_q"]
        if numbers["heads_kv"] > heads:
            return "heads_kv", f"the whole numbers from 1 to heads_q = {heads:g}"
    return None
