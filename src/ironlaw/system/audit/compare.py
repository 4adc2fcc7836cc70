"""A spike beside the frames near the median: what took longer, and whether there was more of it or it was slower."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from ironlaw.base.number import summed
from ironlaw.system.audit.distribution import median
from ironlaw.system.audit.vocabulary import Kind
from ironlaw.system.audit.walk import FrameView, walk

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from ironlaw.system.audit.timeline import Timeline
    from ironlaw.system.audit.walk import Segment

Key: TypeAlias = "tuple[Kind, str, str]"

MOST_REFERENCES, LEAST_REFERENCES = 60, 8
_RARE = 0.5  # of a thing a frame: seldomer than this among normal frames, it is new
_CONNECTIONS = frozenset({Kind.QUEUE, Kind.LAUNCH, Kind.DEPENDENCY, Kind.RETURN, Kind.OFF_CORE})


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Census:
    """All that happened in a frame, on its critical path or not."""

    counts: dict[Key, int]
    times: dict[Key, int]
    """[ns]; device work is counted in the frame that launched it."""
    longest: dict[Key, int]
    """The longest single piece of device work [ns]."""


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
    """What a key is in the frames near the median."""

    path: float = 0.0
    """Its mean on the critical path [ns]."""
    count: float = 0.0
    """The median of how often it happens."""
    time: float = 0.0
    """The median of what it takes, on the path or not [ns]."""
    longest: float = 0.0
    """The median of its longest single piece of device work [ns]."""


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
    longest: dict[Key, int] = {}

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
    around = view.start - timeline.longest_beside
    first = bisect_left(timeline.beside, around, key=trace.start.__getitem__)
    last = bisect_left(timeline.beside, view.end, key=trace.start.__getitem__)
    for row in timeline.beside[first:last]:
        start, end = max(trace.start[row], view.start), min(timeline.end(row), view.end)
        if start < end:
            note((Kind.BESIDE, "", trace.text(row)), end - start, 1)
    first = bisect_left(timeline.launch_times, view.start)
    last = bisect_left(timeline.launch_times, view.end)
    for row in timeline.by_launch[first:last]:
        end = trace.start[row] + trace.duration[row]
        key = view.device_segment(row, trace.start[row], end).key
        note(key, trace.duration[row], 1)
        longest[key] = max(longest.get(key, 0), trace.duration[row])
    return Census(counts=counts, times=times, longest=longest)


def references(latencies: Sequence[int], center: float, threshold: float) -> list[int]:
    """The frames that stand for normal ones: those nearest the center that are no spikes.

    Args:
        latencies: One a frame [ns].
        center: What a normal frame takes [ns].
        threshold: Frames above it are spikes [ns].
    """
    calm = [i for i, time in enumerate(latencies) if time <= threshold]
    by_distance = sorted(calm or range(len(latencies)), key=lambda i: abs(latencies[i] - center))
    near = by_distance[: min(MOST_REFERENCES, max(len(by_distance) // 2, LEAST_REFERENCES))]
    return sorted(near)


def normals(frames: Iterable[Seen]) -> dict[Key, Normal]:
    """What each key is in normal frames.

    On the path that is the mean, because means of parts add up to the mean of the whole; of all that happened it is the
    median, because a normal frame may have launched what made the next one late.

    Args:
        frames: The normal frames.
    """
    seen = list(frames)
    path: dict[Key, int] = {}
    census: dict[
        Key, list[tuple[int, int, int]]
    ] = {}  # count, time, longest of each frame that has it
    for frame in seen:
        on_path = frame.path()
        for key, time in on_path.items():
            path[key] = path.get(key, 0) + time
        for key, count in _path_counts(frame).items():
            census.setdefault(key, []).append((count, on_path[key], 0))
        for key, count in frame.census.counts.items():
            longest = frame.census.longest.get(key, 0)
            census.setdefault(key, []).append((count, frame.census.times[key], longest))
    n = max(len(seen), 1)
    found: dict[Key, Normal] = {}
    for key in path.keys() | census.keys():
        met = census.get(key, [])
        absent = [(0, 0, 0)] * (n - len(met))
        middle = [median(column) for column in zip(*(met + absent), strict=True)]
        found[key] = Normal(
            path=path.get(key, 0) / n, count=middle[0], time=middle[1], longest=middle[2]
        )
    return found


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
        time = float(on_path.get(key, 0) if connects else frame.census.times.get(key, 0))
        if key[0] in (Kind.KERNEL, Kind.COPY):
            time += _outgrown(frame, key, usual)
        found.append(_parted(key, over, float(count), time, usual))
    return sorted(found, key=lambda one: (-one.total, one.key))


def _outgrown(frame: Seen, key: Key, usual: Normal) -> float:
    """What the longest device work on the path takes beyond any normal one, if an earlier frame launched it [ns]."""
    segments = [segment for segment in frame.segments if segment.key == key]
    longest = max(segments, key=lambda segment: segment.time, default=None)
    if longest is None or frame.census.longest.get(key, 0) >= longest.time:
        return 0.0
    return max(longest.time - usual.longest, 0.0)


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
