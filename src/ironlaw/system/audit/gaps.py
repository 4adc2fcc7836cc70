"""Where the host showed nothing: what stands around a gap, and what would have told what happened in it."""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING

from ironlaw.system.audit.vocabulary import Kind, launches_work
from ironlaw.system.audit.witnesses import WANTED_SCHEDULER, memory_words
from ironlaw.system.trace.categories import Category
from ironlaw.system.trace.columns import ABSENT

if TYPE_CHECKING:
    from ironlaw.system.audit.compare import Key, Seen
    from ironlaw.system.audit.walk import FrameView, Segment

_NEAR = 12  # pieces after a gap among which its first call is looked for
_NOTABLE = 1_000_000  # [ns] a gap worth counting
_SWITCH = (4_500_000, 6_500_000)  # [ns] around the switch interval of CPython


def task_during(view: FrameView, gap: Segment) -> str:
    """What the scheduler ran while a thread was off its core; empty where it is not recorded.

    Args:
        view: The frame.
        gap: The time off the core.
    """
    timeline, found = view.timeline, (0, "")
    start, end = timeline.trace.start[gap.row], timeline.end(gap.row)
    for row in timeline.tasks:
        shared = min(timeline.end(row), end) - max(timeline.trace.start[row], start)
        inside = timeline.trace.start[row] >= start and timeline.end(row) <= end
        if inside and shared > found[0]:
            found = shared, timeline.trace.text(row)
    return found[1]


def gap_place(view: FrameView, gap: Segment) -> str:
    """Where a gap stands: after what, and before what; a launch is named with its kernel.

    Args:
        view: The frame.
        gap: The gap.
    """
    window = view.window(view.main)
    at = bisect_left(window.ends, gap.end)
    before = _operator(view, window.pieces[at - 1].row) if at > 0 else ""
    after = _operator(view, window.pieces[at + 1].row) if at + 1 < len(window.pieces) else ""
    places = [f"after {before}"] if before else ["at the start of the frame"]
    places += [f"before {after}"] if after else ["at the end of the frame"]
    call = after_gap(view, gap)
    trace = view.timeline.trace
    inside = call >= 0 and _operator(view, call) == after
    if after and inside and launches_work(trace.text(call)):
        launched = _launched(view, call)
        called = trace.text(call) if trace.text(call) != after else ""
        places.append(" ".join(filter(None, [called, f"of {launched}" if launched else ""])))
    return ", ".join(filter(None, places))


def call_after(view: FrameView, stall: Segment) -> tuple[int, str]:
    """The call of the same operator that came after a stall in it, and in words; −1 and nothing if there is none.

    Args:
        view: The frame.
        stall: The stall.
    """
    trace, call = view.timeline.trace, after_gap(view, stall)
    inside = call >= 0 and trace.start[call] < view.timeline.end(stall.row)
    if not inside or view.timeline.kind(call) not in (Kind.CALL, Kind.ALLOCATION):
        return -1, ""
    launched = _launched(view, call)
    return call, f", before {trace.text(call)}" + (f" of {launched}" if launched else "")


def after_gap(view: FrameView, gap: Segment) -> int:
    """The first call of the runtime after a gap, or else the first event; −1 if there is none.

    Args:
        view: The frame.
        gap: The gap.
    """
    window = view.window(view.main)
    at = bisect_left(window.ends, gap.end)
    rows = [piece.row for piece in window.pieces[at + 1 : at + 1 + _NEAR] if piece.row >= 0]
    calls = [row for row in rows if view.timeline.kind(row) in (Kind.CALL, Kind.ALLOCATION)]
    return (calls or rows or [-1])[0]


def _launched(view: FrameView, call: int) -> str:
    """The device work behind a call."""
    timeline = view.timeline
    trace = timeline.trace
    first = bisect_left(timeline.launch_times, trace.start[call])
    for row in timeline.by_launch[first : first + _NEAR]:
        if trace.correlation[row] == trace.correlation[call] != ABSENT:
            return trace.text(row)
    return ""


def _operator(view: FrameView, row: int) -> str:
    """The outermost operator or call around an event, or the annotation if it is one."""
    parent, found = view.window(view.main).parent, ""
    while row >= 0:
        kind = view.timeline.kind(row)
        if kind is not Kind.GAP or (not found and view.timeline.trace.start[row] > view.start):
            found = view.timeline.trace.text(row)
        row = parent.get(row, -1)
    return found


def gap_words(frame: Seen, key: Key, longest: Segment) -> str:
    """How the gaps of a stage look.

    Args:
        frame: The frame.
        key: The gaps.
        longest: The longest of them.
    """
    times = [segment.time for segment in frame.segments if segment.key == key]
    many = [time for time in times if time > _NOTABLE]
    words = f"the host thread shows nothing for {longest.time / 1e6:.1f} ms at a time"
    if len(many) > 1:
        words = f"the host thread shows nothing in {len(many)} gaps, the longest {longest.time / 1e6:.1f} ms"
        if any(_SWITCH[0] < time < _SWITCH[1] for time in many):
            words += "; gaps of 5 ms are how long Python lets another thread run"
    return (
        words
        + ": it slept, waited, ran what was not recorded, or was off its core"
        + memory_words(frame)
    )


def wanted_for_gap(view: FrameView) -> str:
    """What would have told what the host did in a gap.

    Args:
        view: The frame.
    """
    trace = view.timeline.trace
    wanted: list[str] = []
    if not any(trace.category[row] == Category.PYTHON for row in view.window(view.main).parent):
        wanted.append(
            "with_stack=True names the Python code, record_python_gc_info=True beside it the collector"
        )
    if len(view.timeline.threads) < 2:  # noqa: PLR2004
        wanted.append("profile_all_threads=True shows the thread that it may have waited for")
    if not view.timeline.off_core:
        wanted.append(WANTED_SCHEDULER)
    return "; ".join(wanted)
