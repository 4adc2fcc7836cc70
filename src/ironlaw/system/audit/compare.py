"""A spike beside the frames near the median: what took longer, and whether there was more of it or it was slower."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from ironlaw.base.number import summed
from ironlaw.system.audit.vocabulary import Kind
from ironlaw.system.audit.walk import FrameView, walk

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from ironlaw.system.audit.timeline import Timeline
    from ironlaw.system.audit.walk import Segment

Key: TypeAlias = "tuple[Kind, str, str]"

MOST_REFERENCES = 60
_RARE = 0.5  # of a thing a frame: seldomer than this among normal frames, it is new
_CONNECTIONS = frozenset({Kind.QUEUE, Kind.LAUNCH, Kind.DEPENDENCY, Kind.RETURN, Kind.OFF_CORE})


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Census:
    """All that happened in a frame, on its critical path or not."""

    counts: dict[Key, int]
    times: dict[Key, int]
    """[ns]"""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Seen:
    """A frame as the audit sees it."""

    place: int
    view: FrameView
    segments: list[Segment]
    census: Census

    @property
    def latency(self) -> int:
        """[ns]."""
        return self.view.end - self.view.start

    def path(self) -> dict[Key, int]:
        """The critical path by key [ns]."""
        found: dict[Key, int] = {}
        for segment in self.segments:
            found[segment.key] = found.get(segment.key, 0) + segment.time
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Normal:
    """What a key is in the frames near the median, on average a frame."""

    path: float = 0.0
    """[ns]"""
    count: float = 0.0
    time: float = 0.0
    """[ns]"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Excess:
    """What one key adds to a spike: the parts add up to its time on the path above normal."""

    key: Key
    new: float
    """No normal frame has it [ns]."""
    more: float
    """There is more of it, each as long as ever [ns]."""
    slower: float
    """There is as much of it, but it takes longer [ns]."""
    exposed: float
    """It was there before, hidden behind something else [ns]."""
    count: float
    normal: Normal

    @property
    def total(self) -> float:
        """[ns]."""
        return self.new + self.more + self.slower + self.exposed

    @property
    def kind(self) -> Kind:
        """What it is."""
        return self.key[0]

    @property
    def stage(self) -> str:
        """Where it is."""
        return self.key[1]

    @property
    def name(self) -> str:
        """What it is called."""
        return self.key[2]


def see(timeline: Timeline, place: int) -> Seen:
    """Walk a frame and count what is in it.

    Args:
        timeline: The trace.
        place: Which frame, from zero.
    """
    frames = timeline.frames
    view = FrameView(timeline=timeline, start=frames.start[place], end=frames.end[place])
    return Seen(place=place, view=view, segments=walk(view), census=_census(view))


def _census(view: FrameView) -> Census:
    counts: dict[Key, int] = {}
    times: dict[Key, int] = {}

    def note(key: Key, time: int, count: int) -> None:
        counts[key] = counts.get(key, 0) + count
        times[key] = times.get(key, 0) + time

    timeline, trace = view.timeline, view.timeline.trace
    for track in timeline.threads:
        met: set[int] = set()
        for piece in view.window(track).pieces:
            if piece.row < 0 and track != view.main:
                continue
            key = view.host_segment(piece, track, piece.start, piece.end).key
            again = piece.row in met and key[0] is not Kind.GAP
            note(key, piece.end - piece.start, 0 if again else 1)
            met.add(piece.row)
    first = bisect_left(timeline.device, view.start, key=trace.start.__getitem__)
    last = bisect_left(timeline.device, view.end, key=trace.start.__getitem__)
    for row in timeline.device[first:last]:
        end = trace.start[row] + trace.duration[row]
        note(view.device_segment(row, trace.start[row], end).key, trace.duration[row], 1)
    return Census(counts=counts, times=times)


def references(latencies: Sequence[int], center: float, threshold: float) -> list[int]:
    """The frames that stand for normal ones: those nearest the center that are no spikes.

    Args:
        latencies: One a frame [ns].
        center: What a normal frame takes [ns].
        threshold: Frames above it are spikes [ns].
    """
    calm = [i for i, time in enumerate(latencies) if time <= threshold]
    by_distance = sorted(calm or range(len(latencies)), key=lambda i: abs(latencies[i] - center))
    near = by_distance[: min(MOST_REFERENCES, max(len(by_distance) // 2, 3))]
    return sorted(near)


def normals(frames: Iterable[Seen]) -> dict[Key, Normal]:
    """What each key is in normal frames: means, because means of parts add up to the mean of the whole.

    Args:
        frames: The normal frames.
    """
    path: dict[Key, int] = {}
    counts: dict[Key, int] = {}
    times: dict[Key, int] = {}
    seen = list(frames)
    for frame in seen:
        on_path = frame.path()
        met = _path_counts(frame)
        for into, values in (
            (path, on_path),
            (counts, {**met, **frame.census.counts}),
            (times, {**{k: on_path[k] for k in met}, **frame.census.times}),
        ):
            for key, value in values.items():
                into[key] = into.get(key, 0) + value
    n = max(len(seen), 1)
    return {
        key: Normal(
            path=path.get(key, 0) / n, count=counts.get(key, 0) / n, time=times.get(key, 0) / n
        )
        for key in path.keys() | counts.keys()
    }


def _path_counts(frame: Seen) -> dict[Key, int]:
    """How often the connections between pieces of work stand on the path; a census has none."""
    found: dict[Key, int] = {}
    for segment in frame.segments:
        if segment.kind in _CONNECTIONS:
            found[segment.key] = found.get(segment.key, 0) + 1
    return found


def excesses(frame: Seen, normal: Mapping[Key, Normal]) -> list[Excess]:
    """What each key adds to a frame against normal ones, the largest first.

    Args:
        frame: The frame.
        normal: What is normal.
    """
    on_path, met = frame.path(), _path_counts(frame)
    found: list[Excess] = []
    for key in on_path.keys() | {key for key, usual in normal.items() if usual.path > 0.0}:
        usual = normal.get(key, Normal())
        over = on_path.get(key, 0) - usual.path
        connects = key[0] in _CONNECTIONS
        count = met.get(key, 0) if connects else frame.census.counts.get(key, 0)
        time = on_path.get(key, 0) if connects else frame.census.times.get(key, 0)
        found.append(_parted(key, over, float(count), float(time), usual))
    return sorted(found, key=lambda one: (-one.total, one.key))


def _parted(key: Key, over: float, count: float, time: float, usual: Normal) -> Excess:
    if usual.count < _RARE:
        new = more = slower = 0.0
        if usual.path <= 0.0 or over > 0.0:
            new = over
        else:
            slower = over
        return Excess(
            key=key, new=new, more=more, slower=slower, exposed=0.0, count=count, normal=usual
        )
    each = usual.time / usual.count
    more = _within((count - usual.count) * each, over)
    slower = _within(time - count * each, over - more)
    exposed = over - more - slower
    return Excess(
        key=key, new=0.0, more=more, slower=slower, exposed=exposed, count=count, normal=usual
    )


def _within(value: float, bound: float) -> float:
    """A part that has the sign of the whole and is not larger."""
    return min(max(value, 0.0), bound) if bound >= 0.0 else max(min(value, 0.0), bound)


def stretch(frame: Seen, normal: Mapping[Key, Normal]) -> list[tuple[float, float, Key]]:
    """How much longer each operator and kernel of a frame took than is normal, call by call.

    Args:
        frame: The frame.
        normal: What is normal.

    Returns:
        Ratio, the key's normal time in a frame [ns], and the key; the largest normal time first.
    """
    found: list[tuple[float, float, Key]] = []
    total = summed(
        usual.time for key, usual in normal.items() if key[0] in (Kind.OPERATOR, Kind.KERNEL)
    )
    for key, usual in normal.items():
        count, time = frame.census.counts.get(key, 0), frame.census.times.get(key, 0)
        work = key[0] in (Kind.OPERATOR, Kind.KERNEL)
        if work and count and usual.count >= 1.0 - _RARE and usual.time > 0.005 * total:
            found.append(((time / count) / (usual.time / usual.count), usual.time, key))
    return sorted(found, key=lambda one: (-one[1], one[2]))
