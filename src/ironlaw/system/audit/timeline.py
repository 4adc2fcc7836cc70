"""A trace as threads and streams: who ran when, and who launched what."""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from ironlaw.system.audit.vocabulary import Kind, kind_of_host
from ironlaw.system.trace.categories import DEVICE_WORK, HOST, Category, Phase
from ironlaw.system.trace.columns import ABSENT, launches, rows_by_track, rows_of

if TYPE_CHECKING:
    from ironlaw.system.audit.frames import Frames
    from ironlaw.system.trace.columns import Trace


QUEUED = 20_000
"""The longest usual pause between two pieces of work of one stream [ns]."""


_MOST_THREADS = 64


class Piece(NamedTuple):
    """A stretch of a thread in which the same event is innermost."""

    start: int
    end: int
    row: int
    """The event; −1 where there is none."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Window:
    """One thread between two times."""

    pieces: list[Piece]
    """Without a hole from the window's start to its end."""
    ends: list[int]
    """Of the pieces."""
    parent: dict[int, int]
    """The event around each event; −1 around the outermost."""

    def at(self, time: int) -> Piece:
        """The piece that ends at a time or spans it."""
        return self.pieces[min(bisect_left(self.ends, time), len(self.pieces) - 1)]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Timeline:
    """A trace, arranged for the walk along its critical path."""

    trace: Trace
    frames: Frames
    threads: dict[int, array[int]]
    """Rows of each host thread."""
    outer: dict[int, list[int]]
    """Rows of each thread that are longer than a usual frame."""
    reach: int
    """How long any other event may be [ns]."""
    device: array[int]
    """Kernels, copies and sets by start."""
    by_launch: array[int]
    """The same rows by the start of their launching call, or their own where there is none."""
    launch_times: array[int]
    """In that order [ns]."""
    by_end: array[int]
    """Places in `device` by end."""
    ends: array[int]
    """The ends in that order [ns]."""
    before: array[int]
    """For each place in `device`, the place of what its stream ran before; −1 if it is the first."""
    launched_by: dict[int, int]
    """The launching call by correlation."""
    off_core: dict[int, list[int]]
    """Rows of when each thread was off its core."""
    tasks: list[int]
    """Rows of what the scheduler ran on the cores."""
    beside: list[int]
    """Rows of engines that worked on their own, by start."""
    longest_beside: int
    """[ns]"""
    kinds: dict[int, Kind] = field(default_factory=dict[int, Kind])
    """Kinds of names, filled as they are met: keyed by category and name."""

    def end(self, row: int) -> int:
        """When an event ends [ns]."""
        return self.trace.start[row] + self.trace.duration[row]

    def kind(self, row: int) -> Kind:
        """What an event of a host thread is."""
        key = self.trace.name[row] * 32 + self.trace.category[row]
        found = self.kinds.get(key)
        if found is None:
            found = kind_of_host(self.trace.category[row], self.trace.text(row))
            self.kinds[key] = found
        return found

    def launch(self, row: int) -> int:
        """The call that launched a piece of device work; −1 if it is not recorded."""
        correlation = self.trace.correlation[row]
        return self.launched_by.get(correlation, -1) if correlation != ABSENT else -1

    def finished_by(self, time: int, after: int) -> list[int]:
        """Places of device work that ended after one time and not after another, the last first."""
        found: list[int] = []
        place = bisect_right(self.ends, time) - 1
        while place >= 0 and self.ends[place] > after:
            found.append(self.by_end[place])
            place -= 1
        return found

    def last_finished(self, time: int) -> int:
        """The place of the device work that ended last, not after a time; −1 if none did."""
        place = bisect_right(self.ends, time) - 1
        return self.by_end[place] if place >= 0 else -1

    def queued_before(self, row: int) -> list[int]:
        """Device work whose end was the start of the next of its stream, back from a piece of it, which comes first.

        Args:
            row: The piece.
        """
        place = bisect_left(self.device, self.trace.start[row], key=self.trace.start.__getitem__)
        while place < len(self.device) and self.device[place] != row:
            place += 1
        found: list[int] = []
        while place >= 0:
            row = self.device[place]
            found.append(row)
            place = self.before[place]
            call = self.launch(row)
            idle = place < 0 or self.end(self.device[place]) + QUEUED < self.trace.start[row]
            if idle or (call >= 0 and self.trace.start[call] > self.end(self.device[place])):
                break
        return found

    def rows_in(self, track: int, start: int, end: int) -> list[int]:
        """Events of a host thread that overlap a time span, a parent before its children."""
        rows, trace = self.threads.get(track, array("i")), self.trace
        first = bisect_left(rows, start - self.reach, key=trace.start.__getitem__)
        last = bisect_left(rows, end, key=trace.start.__getitem__)
        inside = [row for row in rows[first:last] if self.end(row) > start]
        known = set(inside)
        outer = [
            row
            for row in self.outer.get(track, ())
            if trace.start[row] < end and self.end(row) > start and row not in known
        ]
        return sorted([*outer, *inside])

    def window(self, track: int, start: int, end: int) -> Window:
        """One host thread between two times, cut where the innermost event changes.

        Args:
            track: The thread.
            start: [ns]
            end: [ns]
        """
        pieces, parent = _innermost(self, self.rows_in(track, start, end), start, end)
        return Window(pieces=pieces, ends=[piece.end for piece in pieces], parent=parent)


def _innermost(
    timeline: Timeline, rows: list[int], start: int, end: int
) -> tuple[list[Piece], dict[int, int]]:
    """Pieces and parents; the latest event that is still open is innermost, whether or not it nests."""
    pieces: list[Piece] = []
    parent: dict[int, int] = {}
    open_rows: list[tuple[int, int]] = []  # (end, row)
    now = start

    def until(time: int) -> None:
        nonlocal now
        time = min(time, end)
        while open_rows and now < time:
            ends, row = open_rows[-1]
            if ends > now:
                pieces.append(Piece(now, min(ends, time), row))
                now = pieces[-1].end
            if ends <= now:
                open_rows.pop()
        if now < time:
            pieces.append(Piece(now, time, -1))
            now = time

    for row in rows:
        begins = timeline.trace.start[row]
        until(begins)
        while open_rows and open_rows[-1][0] <= begins:
            open_rows.pop()
        parent[row] = open_rows[-1][1] if open_rows else -1
        open_rows.append((timeline.end(row), row))
    until(end)
    return pieces, parent


def timeline_of(trace: Trace, frames: Frames) -> Timeline:
    """A trace, arranged for the walk.

    Args:
        trace: The trace.
        frames: Its frames.
    """
    threads = _busiest(rows_by_track(trace, HOST), frames.track)
    latencies = sorted(frames.latencies)
    reach = latencies[len(latencies) // 2] if latencies else 0
    outer = {
        track: [row for row in rows if trace.duration[row] > reach]
        for track, rows in threads.items()
    }
    device = array("i", rows_of(trace, DEVICE_WORK))
    called = launches(trace)
    begun = array("q", (trace.start[called.get(trace.correlation[row], row)] for row in device))
    launch_order = sorted(range(len(device)), key=begun.__getitem__)
    finish = [trace.start[row] + trace.duration[row] for row in device]
    by_end = array("i", sorted(range(len(device)), key=finish.__getitem__))
    beside = list(rows_of(trace, {Category.OTHER}, Phase.SPAN))
    off_core: dict[int, list[int]] = {}
    for row in rows_of(trace, {Category.SCHEDULER}, Phase.SPAN):
        off_core.setdefault(trace.track[row], []).append(row)
    return Timeline(
        trace=trace,
        frames=frames,
        threads=threads,
        outer=outer,
        reach=reach,
        device=device,
        by_launch=array("i", (device[place] for place in launch_order)),
        launch_times=array("q", (begun[place] for place in launch_order)),
        by_end=by_end,
        ends=array("q", (finish[place] for place in by_end)),
        before=_before(trace, device),
        launched_by=called,
        off_core=off_core,
        tasks=list(rows_of(trace, {Category.SCHEDULER})),
        beside=beside,
        longest_beside=max((trace.duration[row] for row in beside), default=0),
    )


def _busiest(threads: dict[int, array[int]], main: int) -> dict[int, array[int]]:
    """The frames' own thread and those with the most events: a broken trace may hold a million."""
    if len(threads) <= _MOST_THREADS:
        return threads
    kept = sorted(threads, key=lambda track: (track != main, -len(threads[track])))
    return {track: threads[track] for track in kept[:_MOST_THREADS]}


def _before(trace: Trace, device: array[int]) -> array[int]:
    """What each stream ran before each piece of device work."""
    last: dict[int, int] = {}
    found = array("i")
    for place, row in enumerate(device):
        found.append(last.get(trace.track[row], -1))
        last[trace.track[row]] = place
    return found
