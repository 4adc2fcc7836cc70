"""Events that are written as two, a begin and an end, put together."""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING

from ironlaw.system.trace.columns import ABSENT

if TYPE_CHECKING:
    from ironlaw.system.trace.rows import Rows


def close_edges(rows: Rows) -> None:
    """Give every begun event its end: the next end on its track that no later begin takes.

    What has no end yet stays noted, and one more part of the file may bring it.

    Args:
        rows: What was read; durations are filled in, ends without a begin counted.
    """
    tracks, times, opened = rows.edges
    start, duration = rows.columns["start"], rows.columns["duration"]
    stacks: dict[int, list[int]] = {}
    for edge in sorted(range(len(times)), key=times.__getitem__):
        track = tracks[edge]
        stack = stacks.setdefault(track, [])
        rows.last_edge[track] = times[edge]
        if opened[edge] != ABSENT:
            stack.append(opened[edge])
        elif stack:
            row = stack.pop()
            duration[row] = times[edge] - start[row]
        else:
            rows.n_unopened += 1
    waiting = [(track, row) for track, stack in stacks.items() for row in stack]
    rows.edges = (
        array("i", [track for track, _ in waiting]),
        array("q", [start[row] for _, row in waiting]),
        array("i", [row for _, row in waiting]),
    )


def end_waiting(rows: Rows) -> int:
    """Let what has no end last to the end of its track, or of the trace where it is on none.

    Args:
        rows: What was read, to its last event.

    Returns:
        How many there are.
    """
    close_edges(rows)
    start, duration = rows.columns["start"], rows.columns["duration"]
    tracks, _, opened = rows.edges
    for track, row in zip(tracks, opened, strict=True):
        duration[row] = rows.last_edge[track] - start[row]
    waiting = [row for open_rows in rows.open_spans.values() for row in open_rows]
    end = max(map(int.__add__, start, duration)) if waiting else 0
    for row in waiting:
        duration[row] = end - start[row]
    return len(opened) + len(waiting)
