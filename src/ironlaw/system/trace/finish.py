"""From the growing columns of a reader to a trace: pairs closed, rows sorted, what cannot be right said."""

from __future__ import annotations

from array import array
from bisect import bisect_right
from itertools import compress, count
from operator import eq, le
from typing import TYPE_CHECKING, Any

from ironlaw.system.trace import thin
from ironlaw.system.trace.arrange import arrange, with_numpy
from ironlaw.system.trace.categories import DEVICE_WORK, LAUNCHES, Category, Phase
from ironlaw.system.trace.columns import ABSENT, Counter, Trace
from ironlaw.system.trace.pairs import end_waiting

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ironlaw.system.trace.arrange import Columns
    from ironlaw.system.trace.rows import Rows

_PROFILER_PROCESSES = {"Spans", "Traces"}
_SAME = (
    *("start", "duration", "track", "name", "category", "phase", "correlation", "external"),
    *("stream", "device", "size", "shapes", "types", "concrete"),
)


def finished(rows: Rows, path: str, kind: str, metadata: dict[str, object]) -> Trace:
    """The trace of all rows that were read. The rows are used up.

    Args:
        rows: What a reader has filled.
        path: The file.
        kind: Its format.
        metadata: What stands beside its events.
    """
    lost = [*rows.lost, *_closed(rows), *rows.texts.lost()]
    if rows.n_thinned:
        thin.drop_short(rows)
        lost += thin.said(rows)
    columns = rows.columns
    n_negative = _without_negative(columns)
    if n_negative:
        lost.append(f"{_events(n_negative)} would last less than nothing: left out")
    order = _order(columns)
    if order is not None:
        arrange(columns, order)
    n_double = _without_doubles(columns)
    if n_double:
        lost.append(f"{_events(n_double)} stand there twice: each is kept once")
    if rows.n_bad:
        lost.append(f"{_events(rows.n_bad)} cannot be read: left out")
    _mark_profiler(columns, rows)
    return Trace(
        path=path,
        format=kind,
        **columns,
        strings=tuple(rows.texts.texts),
        tracks=rows.tracks.finished(),
        counters=tuple(map(_in_order, rows.counters.values())),
        metadata=metadata,
        lost=tuple(lost),
        doubts=tuple(_doubts(columns)),
        notes=tuple(rows.notes),
        n_bad=rows.n_bad,
    )


def _events(count: int) -> str:
    return "1 event" if count == 1 else f"{count} events"


def _closed(rows: Rows) -> Iterator[str]:
    """Close what was begun and not ended; what was found open, in sentences."""
    unended = end_waiting(rows)
    if unended:
        yield f"{_events(unended)} begin and do not end: they are taken to last to the end"
    if rows.n_unopened:
        yield f"{_events(rows.n_unopened)} end and did not begin: left out"


def _without_negative(columns: Columns) -> int:
    """Drop rows of negative duration; how many there were."""
    duration = columns["duration"]
    if not duration or min(duration) >= 0:
        return 0
    keep = array("q", (row for row in range(len(duration)) if duration[row] >= 0))
    arrange(columns, keep)
    return len(duration) - len(keep)


def _order(columns: Columns) -> Any | None:  # noqa: ANN401 - a list, or an array of NumPy
    """The rows by start and, from one start, the longest first; None where they stand so already."""
    start, duration = columns["start"], columns["duration"]
    if _in_time(start, duration):
        return None
    if with_numpy(len(start)):
        import numpy as np  # noqa: PLC0415 - only for many rows (style rule 3)

        return np.lexsort((-np.frombuffer(duration, np.int64), np.frombuffer(start, np.int64)))
    order = sorted(range(len(start)), key=start.__getitem__)
    sorted_start = array("q", map(start.__getitem__, order))
    done = 0
    for row in _ties(sorted_start):
        if row >= done:
            done = bisect_right(sorted_start, sorted_start[row], row)
            order[row:done] = sorted(order[row:done], key=duration.__getitem__, reverse=True)
    return order


def _in_time(start: array[int], duration: array[int]) -> bool:
    if not all(map(le, start, memoryview(start)[1:])):
        return False
    return all(duration[row] >= duration[row + 1] for row in _ties(start))


def _ties(start: array[int]) -> Iterator[int]:
    """The rows after which another begins at the same time."""
    return compress(count(), map(eq, start, memoryview(start)[1:]))


def _without_doubles(columns: Columns) -> int:
    """Drop slices that are another one in every column; how many there were.

    They stand side by side, or with others of the same start and duration between them.
    """
    start, duration, phase = columns["start"], columns["duration"], columns["phase"]
    alike = [
        row + 1
        for row in _ties(start)
        if duration[row] == duration[row + 1] > 0 and phase[row] == Phase.SLICE
    ]
    seen: set[tuple[int, ...]] = set()
    doubles: set[int] = set()
    before = ABSENT
    for row in alike:
        if row - 1 != before:
            seen = {_key(columns, row - 1)}
        before = row
        key = _key(columns, row)
        if key in seen:
            doubles.add(row)
        seen.add(key)
    if doubles:
        arrange(columns, array("q", (row for row in range(len(start)) if row not in doubles)))
    return len(doubles)


def _key(columns: Columns, row: int) -> tuple[int, ...]:
    return tuple(columns[name][row] for name in _SAME)


def _mark_profiler(columns: Columns, rows: Rows) -> None:
    """The recorder's own tracks hold nothing of the program."""
    own = {n for (process, _), n in rows.tracks.numbers.items() if process in _PROFILER_PROCESSES}
    if not own:
        return
    kinds = columns["category"]
    for row in compress(count(), map(own.__contains__, columns["track"])):
        kinds[row] = Category.PROFILER


def _in_order(counter: Counter) -> Counter:
    order = sorted(range(len(counter.time)), key=counter.time.__getitem__)
    return Counter(
        name=counter.name,
        track=counter.track,
        time=array("q", map(counter.time.__getitem__, order)),
        value=array("d", map(counter.value.__getitem__, order)),
    )


def _doubts(columns: Columns) -> Iterable[str]:
    """What cannot be right in how device work and its launches fit together."""
    kinds, start, correlation = columns["category"], columns["start"], columns["correlation"]
    calls: dict[int, int] = {}
    joined = array("i", compress(count(), map((ABSENT).__ne__, correlation)))
    shared = early = 0
    for row in joined:
        if kinds[row] in LAUNCHES:
            shared += correlation[row] in calls
            calls.setdefault(correlation[row], start[row])
    for row in joined:
        if kinds[row] in DEVICE_WORK and start[row] < calls.get(correlation[row], start[row]):
            early += 1
    if shared:
        yield f"{shared} calls share their correlation with another: which device work is theirs is uncertain"
    if early:
        yield f"{early} kernels, copies or sets start before the call that launches them: the clocks disagree"
