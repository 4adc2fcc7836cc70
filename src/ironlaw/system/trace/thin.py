"""A trace of any size in memory of one size: where the rows become too many, the shortest events go."""

from __future__ import annotations

from array import array
from importlib.util import find_spec
from itertools import accumulate, compress, count
from typing import TYPE_CHECKING

from ironlaw.base.number import summed
from ironlaw.system.trace.arrange import arrange, with_numpy
from ironlaw.system.trace.categories import Category, Phase
from ironlaw.system.trace.columns import ABSENT, NANOSECOND
from ironlaw.system.trace.pairs import close_edges

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ironlaw.system.trace.rows import Rows

MOST_ROWS = 8_000_000
"""Rows that are kept: with the copies of a sort about a gigabyte."""

_SAMPLE = 20_000  # durations that the limit is taken from


def most_rows() -> int:
    """Rows that are kept; a sort without NumPy takes twice the memory."""
    return MOST_ROWS if find_spec("numpy") is not None else MOST_ROWS // 2


def thin(rows: Rows) -> None:
    """Drop the shorter half of the events, their parents keep their time. Annotations stay, unless they are the most.

    Args:
        rows: What was read so far; what is dropped is counted.
    """
    close_edges(rows)
    durations = rows.columns["duration"]
    sample = sorted(durations[:: max(1, len(durations) // _SAMPLE)])
    rows.floor = max(rows.floor, sample[len(sample) // 2] + 1)
    before = len(rows)
    drop_short(rows)
    if 4 * len(rows) > 3 * before:
        rows.spares_annotations = False
        drop_short(rows)


def drop_short(rows: Rows) -> None:
    """Drop the events below the limit that was come to, also those read since.

    Args:
        rows: What was read so far; what is dropped is counted.
    """
    keep = _long_enough(rows)
    for row in _needed(rows):
        keep[row] = 1
    _count_dropped(rows, keep)
    tracks, times, opened = rows.edges
    if len(opened) or any(rows.open_spans.values()):
        places = array("i", accumulate(keep, initial=0))
        moved = array("i", [row if row == ABSENT else places[row] for row in opened])
        rows.edges = (tracks, times, moved)
        for waiting in rows.open_spans.values():
            waiting[:] = [places[row] for row in waiting]
    arrange(rows.columns, array("q", compress(count(), keep)))


def _long_enough(rows: Rows) -> bytearray:
    """One for each event that is not below the limit, zero for the others."""
    durations = rows.columns["duration"]
    if with_numpy(len(durations)):
        import numpy as np  # noqa: PLC0415 - only for many rows (style rule 3)

        return bytearray((np.frombuffer(durations, np.int64) >= rows.floor).tobytes())
    return bytearray(map(rows.floor.__le__, durations))


def _count_dropped(rows: Rows, keep: bytearray) -> None:
    durations = rows.columns["duration"]
    rows.n_thinned += keep.count(0)
    if with_numpy(len(durations)):
        import numpy as np  # noqa: PLC0415 - only for many rows (style rule 3)

        dropped = int(np.frombuffer(durations, np.int64)[np.frombuffer(keep, np.bool_) == 0].sum())
        rows.thinned_time += NANOSECOND * dropped
    else:
        short = compress(durations, map((1).__sub__, keep))
        rows.thinned_time += NANOSECOND * summed(short)


def _needed(rows: Rows) -> Iterator[int]:
    """Rows that stay however short they are: what has no end yet, annotations, and what stands aside."""
    yield from (row for row in rows.edges[2] if row != ABSENT)
    for waiting in rows.open_spans.values():
        yield from waiting
    if rows.spares_annotations:
        yield from compress(count(), map(Category.ANNOTATION.__eq__, rows.columns["category"]))
        yield from compress(count(), map(Phase.SPAN.__eq__, rows.columns["phase"]))


def said(rows: Rows) -> Iterator[str]:
    """What was dropped, in a sentence.

    Args:
        rows: What was read.
    """
    if rows.n_thinned:
        yield (
            f"{rows.n_thinned} events shorter than {rows.floor / 1000:.3g} µs, together {rows.thinned_time:.3g} s, were"
            " dropped to keep the memory bounded: record fewer steps, or fewer kinds of events, to have them"
        )
