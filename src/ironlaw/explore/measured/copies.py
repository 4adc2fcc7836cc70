"""Times that stand in a table twice: copied tables and blocks, repeated rows, rows that contradict each other."""

from __future__ import annotations

from collections import defaultdict
from itertools import combinations, groupby
from typing import TYPE_CHECKING, NamedTuple

from ironlaw.explore.measured.columns import SPECS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from ironlaw.explore.measured.columns import Family
    from ironlaw.explore.measured.tables import Row

# Honest tables coincide by chance in up to 7 % of the shapes that two of their series share, in runs of up to three
# (silicon tables of aiconfigurator, 108,000 rows); timers of limited resolution see to that.
_RUN = 6  # shapes in a row with the same time that are no chance
_FEWEST = 5  # shapes with the same time that a copied table has at least
_MOST_SHARED = 0.5  # share of the common shapes with the same time above which the whole is a copy
_STUCK = 5  # rows in a row with one time and different shapes that are no chance
_NOISE = 1.25  # repeats of one measurement further apart than this contradict each other

Shape = tuple[object, ...]
Series = tuple[str, ...]


class Twin(NamedTuple):
    """A row whose time is found elsewhere, or should be and is not.

    Attributes:
        row: The later row.
        other: The earlier one.
        series: Who measured the earlier one, in words.
    """

    row: Row
    other: Row
    series: str


class Repeats(NamedTuple):
    """What stands in a table twice.

    Attributes:
        copied: Rows that repeat the times of another chip, library, version or format, shape by shape.
        repeated: Rows that repeat another row of their own.
        contradicting: Rows of the same shape and origin with another time.
        stuck: Rows with the time of the row before them, in long runs.
        pasted: Rows of a run of times that stands earlier in the file, whatever their shapes; none of the above.
    """

    copied: tuple[Twin, ...]
    repeated: tuple[Twin, ...]
    contradicting: tuple[Twin, ...]
    stuck: tuple[Twin, ...]
    pasted: tuple[Twin, ...]


def repeats(family: Family, rows: Sequence[Row]) -> Repeats:
    """What stands in a table twice.

    Args:
        family: The table.
        rows: Its rows, in the order of the file.
    """
    seen: dict[Series, dict[Shape, Row]] = defaultdict(dict)
    repeated: list[Twin] = []
    contradicting: list[Twin] = []
    for row in rows:
        shape, series = _identity(family, row)
        first = seen[series].setdefault(shape, row)
        if first is row:
            continue
        twin = Twin(row, first, _named(series))
        if max(row.time, first.time) > _NOISE * min(row.time, first.time):
            contradicting.append(twin)
        elif row.time == first.time:
            repeated.append(twin)
    copied = tuple(sorted(_copies(seen), key=lambda twin: twin.row.line))
    known = {twin.row.line for twin in (*copied, *repeated)}
    pasted = tuple(twin for twin in _pasted(family, rows) if twin.row.line not in known)
    lines = {twin.row.line for twin in pasted}
    contradicting = [twin for twin in contradicting if twin.row.line not in lines]
    stuck = tuple(_stuck(family, rows))
    return Repeats(copied, tuple(repeated), tuple(contradicting), stuck, pasted)


def _identity(family: Family, row: Row) -> tuple[Shape, Series]:
    """The shape of a row, and who measured it in which formats."""
    shape_words = SPECS[family].shape_words
    shape = (*row.numbers.values(), *(row.words[name] for name in shape_words))
    others = (word for name, word in row.words.items() if name not in shape_words)
    return shape, (row.chip, *others)


def _named(series: Series) -> str:
    return " ".join(word for word in series if word)


def _copies(seen: dict[Series, dict[Shape, Row]]) -> Iterator[Twin]:
    """Rows of a series that repeat another one's; the one that starts later in the file counts as the copy."""
    taken: set[int] = set()
    for one, other in _suspects(seen):
        first, second = sorted((one, other), key=lambda series: _first_line(seen[series]))
        for shape in _same(seen[first], seen[second]):
            row = seen[second][shape]
            if row.line not in taken:
                taken.add(row.line)
                yield Twin(row, seen[first][shape], _named(first))


def _first_line(rows: dict[Shape, Row]) -> int:
    return min(row.line for row in rows.values())


def _suspects(seen: dict[Series, dict[Shape, Row]]) -> list[tuple[Series, Series]]:
    """Pairs of series with enough times in common to look at them closely."""
    by_time: dict[tuple[Shape, float], list[Series]] = defaultdict(list)
    for series, rows in seen.items():
        for shape, row in rows.items():
            by_time[shape, row.time].append(series)
    common: dict[tuple[Series, Series], int] = defaultdict(int)
    for found in by_time.values():
        for pair in combinations(found, 2):
            common[pair] += 1
    return [pair for pair, count in common.items() if count >= _FEWEST]


def _same(first: dict[Shape, Row], second: dict[Shape, Row]) -> Iterable[Shape]:
    """The shapes with one time in both: all of them in a copied table, else those in long runs."""
    shared = [shape for shape in second if shape in first]
    same = [shape for shape in shared if first[shape].time == second[shape].time]
    if len(same) > _MOST_SHARED * len(shared):
        return same
    runs = groupby(shared, key=lambda shape: first[shape].time == second[shape].time)
    blocks = [list(block) for equal, block in runs if equal]
    return [shape for block in blocks if len(block) >= _RUN for shape in block]


def _stuck(family: Family, rows: Sequence[Row]) -> Iterator[Twin]:
    """Rows of long runs with one time, where no two shapes are the same."""
    for _, run in groupby(rows, key=lambda row: row.time):
        block = list(run)
        kinds = {_identity(family, row)[0] for row in block}
        if len(block) >= _STUCK and len(kinds) == len(block):
            first = block[0]
            series = _named(_identity(family, first)[1])
            yield from (Twin(row, first, series) for row in block[1:])


def _pasted(family: Family, rows: Sequence[Row]) -> Iterator[Twin]:
    """Rows of runs of different times that stand in the same order earlier in the file.

    No two runs of even four times coincide in the honest tables.
    """
    first_of: dict[tuple[float, ...], int] = {}
    origin: dict[int, int] = {}
    for start in range(len(rows) - _RUN + 1):
        run = tuple(row.time for row in rows[start : start + _RUN])
        if len(set(run)) < _RUN:
            continue
        first = first_of.setdefault(run, start)
        if first != start:
            for step in range(_RUN):
                origin.setdefault(start + step, first + step)
    for place, source in sorted(origin.items()):
        series = _named(_identity(family, rows[source])[1])
        yield Twin(rows[place], rows[source], series)
