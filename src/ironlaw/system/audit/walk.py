"""The blame walk: backwards from the end of a frame, always to what the present moment waited for.

From a host thread the walk goes to the device where a call waits for it, and to another thread where the thread shows
nothing and the other one just finished; from the device to what ran before on the stream, to another stream, or to the
launching call. Its segments follow each other without a hole, so they add up to the latency of the frame.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from ironlaw.system.audit.frames import is_called
from ironlaw.system.audit.timeline import QUEUED, Window
from ironlaw.system.audit.vocabulary import DEVICE_KINDS, Kind, waits_for_device
from ironlaw.system.trace.categories import Category

if TYPE_CHECKING:
    from ironlaw.system.audit.timeline import Piece, Timeline

_SHORT_WAIT = 5_000  # [ns] a waiting call below is its own cost
_LONG_GAP = 200_000  # [ns] from here on another thread may be why
_JUST_ENDED = 15_000  # [ns] before the start of what depended on it
_WAKE_UP = 20_000  # [ns] clocks of two threads against each other
_LATE_WAKE_UP = 1_000_000  # [ns] from the end of another thread's work to this thread's next
_LATE_SHARE = 0.15
_STILL = 100_000  # [ns] that a thread shows nothing after it has given its work back
_OVERLAP = 0.3  # of a gap that another thread must have worked through
_NEVER = -(2**62)  # [ns]
_SILENT = frozenset({Kind.GAP, Kind.PYTHON, Kind.LOCK, Kind.SYSTEM})


class Segment(NamedTuple):
    """A stretch of the critical path of a frame."""

    kind: Kind
    stage: str
    """The outermost annotation inside the frame; empty where there is none."""
    name: str
    start: int
    """[ns]"""
    end: int
    """[ns]"""
    row: int
    """The event; −1 where there is none."""
    track: int

    @property
    def key(self) -> tuple[Kind, str, str]:
        """What segments of different frames have in common."""
        return self.kind, self.stage, self.name

    @property
    def time(self) -> int:
        """[ns]."""
        return self.end - self.start


@dataclass(slots=True, kw_only=True, eq=False)
class FrameView:
    """One frame of a timeline, its threads cut into pieces when they are asked for."""

    timeline: Timeline
    start: int
    end: int
    windows: dict[int, Window] = field(default_factory=dict[int, "Window"])

    @property
    def main(self) -> int:
        """The thread that the frame was found on."""
        return self.timeline.frames.track

    def window(self, track: int) -> Window:
        """A thread during the frame."""
        found = self.windows.get(track)
        if found is None:
            found = self.windows[track] = self.timeline.window(track, self.start, self.end)
        return found

    def stage(self, track: int, row: int) -> str:
        """The outermost annotation around an event that does not hold the whole frame.

        Args:
            track: The event's thread.
            row: The event.
        """
        timeline, parent = self.timeline, self.window(track).parent
        found = ""
        while row >= 0:
            if timeline.kind(row) is Kind.GAP and not self._holds_all(row):
                found = timeline.trace.text(row)
            row = parent.get(row, -1)
        return found

    def _holds_all(self, row: int) -> bool:
        timeline = self.timeline
        return timeline.trace.start[row] <= self.start and timeline.end(row) >= self.end

    def device_stage(self, row: int) -> str:
        """The stage that launched a piece of device work.

        Args:
            row: The device work.
        """
        timeline = self.timeline
        call = timeline.launch(row)
        if call < 0:
            return ""
        view = self if self.start <= timeline.trace.start[call] < self.end else self._earlier(call)
        stage = view.stage(timeline.trace.track[call], call)
        if stage or timeline.trace.track[call] == self.main:
            return stage
        return view.stage(self.main, view.window(self.main).at(timeline.trace.start[call] + 1).row)

    def _earlier(self, call: int) -> FrameView:
        """The moment of a call before this frame, as a frame of its own."""
        time, frames = self.timeline.trace.start[call], self.timeline.frames
        place = max(bisect_right(frames.start, time) - 1, 0)
        view = FrameView(timeline=self.timeline, start=frames.start[place], end=frames.end[place])
        for track in {self.timeline.trace.track[call], self.main}:
            view.windows[track] = self.timeline.window(track, time, time + 1)
        return view

    def host_segment(self, piece: Piece, track: int, start: int, end: int) -> Segment:
        """A stretch of a host thread as a segment.

        Args:
            piece: The stretch in which the same event is innermost.
            track: The thread.
            start: Where the segment begins [ns].
            end: Where it ends [ns].
        """
        timeline, row = self.timeline, piece.row
        if row < 0:
            return Segment(Kind.GAP, "", "", start, end, row, track)
        kind, stage = timeline.kind(row), self.stage(track, row)
        name = timeline.trace.text(row)
        if kind is Kind.OPERATOR and self._holds_all(row) and is_called(timeline.frames, name):
            kind = Kind.GAP
        if kind is Kind.GAP and self._holds_all(row):
            name = ""
        return Segment(kind, stage, name, start, end, row, track)

    def device_segment(self, row: int, start: int, end: int) -> Segment:
        """A stretch of device work as a segment.

        Args:
            row: The work.
            start: [ns]
            end: [ns]
        """
        trace = self.timeline.trace
        kind = Kind.KERNEL if trace.category[row] == Category.KERNEL else Kind.COPY
        return Segment(
            kind, self.device_stage(row), trace.text(row), start, end, row, trace.track[row]
        )


def walk(view: FrameView) -> list[Segment]:
    """The critical path of a frame: segments in order, which add up to its latency.

    Args:
        view: The frame.
    """
    walker = _Walker(view=view, now=view.end, track=view.main)
    while walker.now > view.start:
        if walker.work >= 0:
            walker.device_step()
        else:
            walker.host_step()
    segments = walker.found[::-1]
    return _with_off_core(view, segments) if view.timeline.off_core else segments


@dataclass(slots=True, kw_only=True, eq=False)
class _Walker:
    """Where the walk is."""

    view: FrameView
    now: int
    track: int
    """The host thread, while no device work is walked."""
    work: int = -1
    """Place of the device work; −1 on a host thread."""
    leave: int = _NEVER
    """When the walk goes back from another thread to the frame's own."""
    seen: set[int] = field(default_factory=set[int])
    found: list[Segment] = field(default_factory=list[Segment])

    def emit(self, segment: Segment) -> None:
        """Blame a stretch that ends now, and go to its start."""
        start = max(segment.start, self.view.start)
        if start < self.now:
            self.found.append(segment._replace(start=start, end=self.now))
            self.now = start

    def to_device(self, place: int) -> None:
        self.seen.add(place)
        self.work = place

    def to_host(self, track: int) -> None:
        self.work = -1
        self.track = track if track in self.view.timeline.threads else self.view.main

    def host_step(self) -> None:
        view = self.view
        if self.track != view.main and self.now <= self.leave:
            self.track, self.leave = view.main, _NEVER
        piece = view.window(self.track).at(self.now)
        if piece.row < 0 and self.track != view.main and self.leave == _NEVER:
            self.track = view.main
            return
        start = max(piece.start, self.leave) if self.track != view.main else piece.start
        segment = view.host_segment(piece, self.track, start, self.now)
        if self._to_what_it_waited_for(segment) or self._to_other_thread(segment):
            return
        self.emit(segment)

    def _to_what_it_waited_for(self, segment: Segment) -> bool:
        """To the device, if a call waited for it; the rest of the call comes after its end."""
        timeline = self.view.timeline
        alone = self.track not in timeline.threads  # a device, or times without their host
        waits = alone or waits_for_device(segment.kind, segment.name)
        if segment.time < (0 if alone else _SHORT_WAIT) or not waits:
            return False
        done = [p for p in timeline.finished_by(self.now, segment.start) if p not in self.seen]
        if not done:
            return False
        correlation = timeline.trace.correlation[segment.row] if segment.row >= 0 else -1
        own = [p for p in done if timeline.trace.correlation[timeline.device[p]] == correlation]
        place = own[0] if own and correlation >= 0 else done[0]
        kind = segment.kind if segment.kind is Kind.ALLOCATION else Kind.RETURN
        self.emit(segment._replace(kind=kind, start=timeline.end(timeline.device[place])))
        self.to_device(place)
        return True

    def _to_other_thread(self, segment: Segment) -> bool:
        """To another thread that worked while this one showed nothing, and ended just before it went on."""
        view = self.view
        long_gap = segment.kind in _SILENT and segment.time >= _LONG_GAP
        if not long_gap or self.track != view.main:
            return False
        found = max(
            (
                _handed(view.timeline, track, segment)
                for track in view.timeline.threads
                if track != view.main
            ),
            default=(0, 0, 0, -1),
        )
        busy, begin, end, track = found
        if busy <= _OVERLAP * segment.time:
            return False
        self.emit(segment._replace(start=min(end, self.now)))
        self.track, self.leave = track, max(segment.start, begin)
        return True

    def device_step(self) -> None:
        timeline, place = self.view.timeline, self.work
        row = timeline.device[place]
        segment = self.view.device_segment(row, timeline.trace.start[row], self.now)
        self.emit(segment)
        before, call = timeline.before[place], timeline.launch(row)
        free = timeline.end(timeline.device[before]) if before >= 0 else -(2**62)
        begun = timeline.trace.start[call] if call >= 0 else -(2**62)
        launched = min(timeline.end(call), self.now) if call >= 0 else -(2**62)
        if self.now - max(free, launched) > QUEUED and self._to_other_stream(
            segment, max(free, launched)
        ):
            return
        late = self.now - free > QUEUED
        behind = free >= launched or (free >= begun and not late)
        if before >= 0 and before not in self.seen and behind:
            kind, name = (Kind.LAUNCH, segment.name) if late else (Kind.QUEUE, "")
            self.emit(segment._replace(kind=kind, name=name, start=free))
            self.to_device(before)
        elif call >= 0 and begun < self.now:
            self.emit(segment._replace(kind=Kind.LAUNCH, start=launched))
            self.to_host(timeline.trace.track[call])
        else:
            self.to_host(self.view.main)

    def _to_other_stream(self, segment: Segment, ready: int) -> bool:
        """To work of another stream that ended just before this could start."""
        timeline = self.view.timeline
        place = timeline.last_finished(self.now)
        if place < 0 or place in self.seen:
            return False
        row = timeline.device[place]
        end = timeline.end(row)
        if timeline.trace.track[row] == segment.track or end <= ready:
            return False
        if self.now - end > _JUST_ENDED:
            return False
        self.emit(segment._replace(kind=Kind.DEPENDENCY, name="", start=end))
        self.to_device(place)
        return True


def _handed(timeline: Timeline, track: int, gap: Segment) -> tuple[int, int, int, int]:
    """How long another thread worked in a gap of this one, from when to when, and which: zero if it does not fit.

    It fits if one of its events ended just before the gap did; or if it began after the gap began, ended just before
    the gap did, and then stood still, as a thread does that is handed work and gives it back.
    """
    trace, least = timeline.trace, max(_LATE_WAKE_UP, int(_LATE_SHARE * gap.time))
    rows = timeline.rows_in(track, gap.start, gap.end)
    best, busy, until = (0, 0, 0, -1), 0, gap.start
    for row in rows:
        begin, end = max(trace.start[row], gap.start), min(timeline.end(row), gap.end)
        busy += max(end - max(begin, until), 0)
        until = max(until, end)
        if gap.end - least < timeline.end(row) <= gap.end + _WAKE_UP:
            best = max(best, (end - begin, trace.start[row], timeline.end(row), track))
    if not rows or trace.start[rows[0]] < gap.start or until <= gap.end - least:
        return best
    still = timeline.rows_in(track, gap.end + _WAKE_UP, gap.end + _WAKE_UP + _STILL)
    return best if still else max(best, (busy, trace.start[rows[0]], until, track))


def _with_off_core(view: FrameView, segments: list[Segment]) -> list[Segment]:
    """Segments of host threads, cut where the scheduler took the thread off its core without a call that waits."""
    found: list[Segment] = []
    inside = {
        track: [
            row
            for row in rows
            if view.timeline.trace.start[row] < view.end and view.timeline.end(row) > view.start
        ]
        for track, rows in view.timeline.off_core.items()
    }
    for segment in segments:
        spans = inside.get(segment.track, ())
        calls = segment.kind in {Kind.RETURN, Kind.LOCK, Kind.ALLOCATION, Kind.SYSTEM}
        if not spans or calls or segment.kind in DEVICE_KINDS:
            found.append(segment)
            continue
        now = segment.start
        for row in spans:
            start, end = max(view.timeline.trace.start[row], now), view.timeline.end(row)
            if start >= segment.end or end <= start:
                continue
            if start > now:
                found.append(segment._replace(start=now, end=start))
            now = min(end, segment.end)
            found.append(segment._replace(kind=Kind.OFF_CORE, start=start, end=now, row=row))
        if now < segment.end:
            found.append(segment._replace(start=now))
    return found
