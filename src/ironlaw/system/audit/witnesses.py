"""What a trace can say for a cause, in words: neighbours of a gap, shapes, memory, and what would have told more."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ironlaw.base.number import summed
from ironlaw.system.audit.distribution import median
from ironlaw.system.audit.vocabulary import Kind
from ironlaw.system.trace.categories import Category, Phase

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ironlaw.system.audit.causes import Case
    from ironlaw.system.audit.compare import Excess, Key, Normal, Seen
    from ironlaw.system.audit.walk import FrameView
    from ironlaw.system.trace.columns import Trace

WANTED_SCHEDULER = (
    "nsys --cpuctxsw=process-tree, or perf sched, shows whether the thread was taken off its core"
)
WANTED_CLOCKS = "clocks and temperatures beside the trace (nvidia-smi, tegrastats) tell throttling from contention"
_REGULAR_THREAD = 0.1  # of a normal frame
_LARGE = 16 * 2**20  # [B] an allocation worth a word
_LONG_SHAPE = 90
_CHANGING = 0.2  # distinct shapes a call, from which an operator's shapes depend on the data
_LARGER = 1.5  # times the largest usual input, which then is new
_CLOCK = re.compile(r"clock|freq|hz", re.IGNORECASE)
_SLOWER_CLOCK = 0.95  # of the usual one
_BURST = (
    0.3  # of a frame's latency: an engine that worked so much longer than usual is worth a word
)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Shapes:
    """The shapes of operators in normal frames."""

    recorded: bool
    """Whether the trace has shapes at all."""
    usual: Mapping[str, frozenset[str]]
    """By operator name."""
    largest: Mapping[str, int]
    """Elements of the largest input, of the operators whose shapes change from call to call."""

    def is_new(self, name: str, shape: str) -> bool:
        """Whether normal frames do not have a shape; where they have a new one each time, whether it is far larger.

        Args:
            name: The operator.
            shape: Its shapes.
        """
        if not shape or shape in self.usual.get(name, frozenset()):
            return False
        return name not in self.largest or elements(shape) > _LARGER * self.largest[name]

    def are_new(self, frame: Seen, key: Key) -> bool:
        """Whether most of what an operator took in a frame was on shapes that normal frames do not have.

        Args:
            frame: The frame.
            key: The operator.
        """
        new = known = 0
        for segment in frame.segments:
            if segment.key == key:
                shape = shape_of(frame.view, segment.row)
                if self.is_new(segment.name, shape):
                    new += segment.time
                else:
                    known += segment.time
        return new > known

    def new_shape(self, frame: Seen, key: Key) -> str:
        """The shape of the longest call on a new one.

        Args:
            frame: The frame.
            key: The operator.
        """
        longest = max((s for s in frame.segments if s.key == key), key=lambda s: s.time)
        return shape_of(frame.view, longest.row)[:_LONG_SHAPE]

    def mostly_new(self, frame: Seen, slow: Sequence[Excess]) -> bool:
        """Whether what is slower ran on new shapes.

        Args:
            frame: The frame.
            slow: What is slower.
        """
        new = summed(
            one.slower for one in slow if one.kind is Kind.OPERATOR and self.are_new(frame, one.key)
        )
        return new > 0.5 * summed(one.slower for one in slow)


def usual_shapes(frames: Sequence[Seen]) -> Shapes:
    """The shapes of operators in normal frames.

    Args:
        frames: The normal frames.
    """
    found: dict[str, set[str]] = {}
    calls: dict[str, int] = {}
    for frame in frames:
        for track in frame.view.windows:
            for row in frame.view.window(track).parent:
                shape = shape_of(frame.view, row)
                if shape:
                    name = frame.view.timeline.trace.text(row)
                    found.setdefault(name, set()).add(shape)
                    calls[name] = calls.get(name, 0) + 1
    changing = [name for name, shapes in found.items() if len(shapes) > _CHANGING * calls[name]]
    largest = {name: max(map(elements, found[name])) for name in changing if len(found[name]) > 1}
    usual = {name: frozenset(shapes) for name, shapes in found.items()}
    recorded = any(frames[0].view.timeline.trace.shapes[row] >= 0 for row in _rows(frames))
    return Shapes(recorded=recorded, usual=usual, largest=largest)


def elements(shape: str) -> int:
    """Elements of the largest tensor of some shapes as they are recorded.

    Args:
        shape: A JSON list of lists.

    Example:
        >>> elements("[[2, 3], [], [4]]")
        6
    """
    largest, product = 0, 1
    for number in re.findall(r"\d+|\]", shape):
        if number == "]":
            largest, product = max(largest, product), 1
        else:
            product *= int(number)
    return largest


def burst_row(case: Case, engines: Sequence[str]) -> int:
    """The longest event of some engines in a frame; −1 if there is none.

    Args:
        case: The spike.
        engines: Their names.
    """
    view = case.frame.view
    trace = view.timeline.trace
    found = (0, -1)
    for row in view.timeline.beside:
        shared = min(view.timeline.end(row), view.end) - max(trace.start[row], view.start)
        if shared > found[0] and trace.text(row) in engines:
            found = shared, row
    return found[1]


def slower_clock(case: Case) -> str:
    """A clock that the recorder sampled lower than usual in a frame, in words; empty where none is.

    Args:
        case: The spike.
    """
    view = case.frame.view
    for counter in view.timeline.trace.counters:
        last = bisect_left(counter.time, view.end) - 1
        if last < 0 or not _CLOCK.search(counter.name):
            continue
        usual = median(counter.value)
        read = min(counter.value[last : last + 2])  # between two samples it may have fallen already
        if read < _SLOWER_CLOCK * usual:
            return f"{counter.name} reads {read:g} where {usual:g} is usual"
    return ""


def _rows(frames: Sequence[Seen]) -> list[int]:
    return [
        row
        for frame in frames[:3]
        for window in frame.view.windows.values()
        for row in window.parent
    ]


def shape_of(view: FrameView, row: int) -> str:
    """The shapes of an operator's inputs, or of the nearest operator around it that has any.

    Args:
        view: The frame.
        row: The operator.
    """
    trace = view.timeline.trace
    parent = view.window(trace.track[row]).parent if row >= 0 else {}
    while row >= 0:
        if trace.category[row] != Category.OPERATOR:
            return ""
        if trace.shapes[row] >= 0:
            return trace.shapes_text(row)
        row = parent.get(row, -1)
    return ""


def track_of(frame: Seen, key: Key) -> int:
    """The thread that has most of a key on the path; the frame's own if it is not on the path.

    Args:
        frame: The frame.
        key: The key.
    """
    times: dict[int, int] = {}
    for segment in frame.segments:
        if segment.key == key:
            times[segment.track] = times.get(segment.track, 0) + segment.time
    return max(times, key=lambda track: times[track]) if times else frame.view.main


def regular_threads(normal: Mapping[Key, Normal], case: Case) -> frozenset[int]:
    """Other threads that have a part in every frame, such as autograd's.

    Args:
        normal: What is normal.
        case: The spike.
    """
    times: dict[int, float] = {}
    view = case.frame.view
    for track in view.timeline.threads:
        if track == view.main:
            continue
        keys = {segment.key for segment in case.frame.segments if segment.track == track}
        usual = summed(normal[key].path for key in keys if key in normal and key[0] is not Kind.GAP)
        times[track] = usual
    return frozenset(track for track, time in times.items() if time > _REGULAR_THREAD * case.usual)


def thread_name(trace: Trace, track: int) -> str:
    """A thread in words.

    Args:
        trace: The trace.
        track: Which.
    """
    known = trace.tracks[track]
    return known.name if known.name else f"thread {known.thread}"


def row_of(frame: Seen, key: Key) -> int:
    """The event of the longest segment with a key; −1 if none is on the path.

    Args:
        frame: The frame.
        key: The key.
    """
    times = [(segment.time, segment.row) for segment in frame.segments if segment.key == key]
    return max(times)[1] if times else -1


def beside(case: Case) -> list[str]:
    """Engines that worked for far more of a frame than is usual, in words.

    Args:
        case: The spike.
    """
    found: list[str] = []
    for key, time in case.frame.census.times.items():
        usual = case.normal[key].time if key in case.normal else 0.0
        if key[0] is Kind.BESIDE and time - usual > _BURST * case.frame.latency:
            found.append(key[2])
    return sorted(found)


def wanted_for_operator(*, known: bool) -> str:
    """What would have told why an operator was slow.

    Args:
        known: Whether shapes are recorded.
    """
    shapes = "" if known else "record_shapes=True tells larger inputs from a slower machine; "
    return f"{shapes}profile_memory=True shows fresh memory; {WANTED_SCHEDULER}"


def kernel_words(frame: Seen, one: Excess) -> str:
    """How a slow kernel looks: its time against the normal one, and who launched it.

    Args:
        frame: The frame.
        one: The kernel.
    """
    longest = max(
        (segment for segment in frame.segments if segment.key == one.key),
        key=lambda segment: segment.time,
        default=None,
    )
    usual = one.normal.time / max(one.normal.count, 1e-9)
    if longest is None:
        return f"{one.normal.count:.0f} launches took {one.slower / 1e6:.2f} ms more than usual"
    launcher = launching_operator(frame, longest.row)
    by = f", launched by {launcher}" if launcher else ""
    time = frame.view.timeline.trace.duration[longest.row]
    many = f"one of {one.count:.0f} launches" if one.count > 1 else "its launch"
    return f"{many} took {time / 1e6:.2f} ms, usual are {usual / 1e6:.3f} ms{by}"


def launching_operator(frame: Seen, row: int) -> str:
    """The operator that launched a piece of device work, by correlation.

    Args:
        frame: The frame.
        row: The device work.
    """
    view = frame.view
    trace = view.timeline.trace
    call = view.timeline.launch(row)
    if call < 0:
        return ""
    around = [
        other
        for other in view.timeline.rows_in(
            trace.track[call], trace.start[call], trace.start[call] + 1
        )
        if trace.category[other] == Category.OPERATOR and view.timeline.kind(other) is Kind.OPERATOR
    ]
    return trace.text(around[-1]) if around else ""


def copy_words(frame: Seen, one: Excess) -> str:
    """How a slow copy looks.

    Args:
        frame: The frame.
        one: The copy.
    """
    trace = frame.view.timeline.trace
    sizes = [trace.size[s.row] for s in frame.segments if s.key == one.key and s.row >= 0]
    moved = f" of {max(sizes) / 1e6:.1f} MB" if sizes and max(sizes) > 0 else ""
    usual = "" if one.count == one.normal.count else f" where {one.normal.count:.0f} are usual"
    copies = "one copy" if one.count == 1 else f"{one.count:.0f} copies"
    return f"{copies}{moved}{usual}, {one.total / 1e6:.2f} ms more on the path"


def memory_words(frame: Seen) -> str:
    """The largest allocation of a frame, if it is large.

    Args:
        frame: The frame.
    """
    view = frame.view
    trace = view.timeline.trace
    first = bisect_left(trace.start, view.start)
    last = bisect_left(trace.start, view.end)
    largest = max(
        (
            trace.size[row]
            for row in range(first, last)
            if trace.category[row] == Category.MEMORY and trace.phase[row] == Phase.INSTANT
        ),
        default=0,
    )
    return f"; {largest / 2**20:.0f} MiB are allocated in the frame" if largest >= _LARGE else ""


def stretch_words(
    long: Sequence[tuple[float, float, Key]],
    calm: Sequence[tuple[float, float, Key]],
    *,
    everything: bool,
) -> str:
    """How a slower machine looks.

    Args:
        long: What is stretched: ratio, normal time, key.
        calm: What is not.
        everything: Whether all is stretched.
    """
    least, most = min(row[0] for row in long), max(row[0] for row in long)
    if everything:
        kinds = f"{len(long)} kinds of work are {least:.2f} to {most:.2f} times as long"
        return f"{kinds}: a lower clock, or a shared machine"
    return (
        f"{len(long)} kernels are {least:.2f} to {most:.2f} times as long while {len(calm)} are as ever: "
        "what memory binds is slow, what arithmetic binds is not"
    )
