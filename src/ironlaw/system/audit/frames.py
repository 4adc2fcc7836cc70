"""The frames of a trace: what repeats, and is held to a deadline."""

from __future__ import annotations

import itertools
import re
from array import array
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ironlaw.base.number import summed
from ironlaw.system.audit.distribution import median
from ironlaw.system.trace.categories import DEVICE_WORK, HOST, Category
from ironlaw.system.trace.columns import rows_by_track

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ironlaw.system.trace.columns import Trace

_STEP = "ProfilerStep"
_LEAST_STEPS, _LEAST_REPEATS = 3, 8
_LEAST_COVERAGE, _LEAST_APART = 0.2, 0.95
_SLACK = 2_000  # [ns] annotations of a device may overlap by a few nanoseconds, legacy clocks by a microsecond
_FRAME_WORD = re.compile(r"frame|step|iter|infer|request|tick", re.IGNORECASE)
_OUTER_WORD = re.compile(r"epoch|main|train|run|warm", re.IGNORECASE)
_DIGITS = re.compile(r"\d+")
_MARKER_COVERAGE, _MARKER_SPREAD = 0.7, 0.5
_PACED = 0.05  # share of the period that is idle, from which frames wait for something to begin


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Frames:
    """The frames, in the order of their start."""

    start: array[int] = field(default_factory=lambda: array("q"))
    """[ns]"""
    end: array[int] = field(default_factory=lambda: array("q"))
    """[ns]"""
    track: int = -1
    """Where they were found: index into the trace's tracks."""
    name: str = ""
    """What they are called."""
    how: str = "no frames were found"
    """By what they were found, in words."""

    def __len__(self) -> int:
        return len(self.start)

    @property
    def latencies(self) -> list[int]:
        """[ns]."""
        return [end - start for start, end in zip(self.start, self.end, strict=True)]


def is_called(frames: Frames, text: str) -> bool:
    """Whether an event has the name of the frames, whatever its number.

    Args:
        frames: The frames.
        text: The event's name.
    """
    return _DIGITS.sub("#", text) == frames.name


def find_frames(trace: Trace) -> Frames:
    """What repeats in a trace: declared frames, profiler steps, the best annotation, or a periodic marker.

    Args:
        trace: The trace.

    Returns:
        The frames; none if nothing repeats.
    """
    if trace.frames:
        return _declared(trace)
    tracks = rows_by_track(trace, HOST)
    found = _steps(trace, tracks) or _annotation(trace, tracks)
    if found is not None:
        return found
    return _marker(trace, tracks or rows_by_track(trace, DEVICE_WORK))


def _declared(trace: Trace) -> Frames:
    rows = sorted(trace.frames, key=trace.start.__getitem__)
    name = trace.text(rows[0])
    return _frames(trace, rows, trace.track[rows[0]], name, "the inferences that the file lists")


def _frames(trace: Trace, rows: Iterable[int], track: int, name: str, how: str) -> Frames:
    listed = list(rows)
    return Frames(
        start=array("q", (trace.start[row] for row in listed)),
        end=array("q", (trace.start[row] + trace.duration[row] for row in listed)),
        track=track,
        name=name,
        how=how,
    )


def _steps(trace: Trace, tracks: dict[int, array[int]]) -> Frames | None:
    """The steps that PyTorch's profiler marks if it has a schedule."""
    marks = {i for i, text in enumerate(trace.strings) if text.startswith(_STEP)}
    best: tuple[int, list[int]] = (-1, [])
    for track, rows in tracks.items() if marks else ():
        steps = [row for row in rows if trace.name[row] in marks]
        if len(steps) > len(best[1]):
            best = track, steps
    if len(best[1]) < _LEAST_STEPS:
        return None
    return _frames(trace, best[1], best[0], _STEP, "the profiler's steps")


def _may_name_frames(text: str, category: int) -> bool:
    """Annotations, and whatever older recorders and other tools write in their place."""
    if category == Category.ANNOTATION:
        return True
    return category in {Category.OPERATOR, Category.OTHER} and "::" not in text


def _annotation(trace: Trace, tracks: dict[int, array[int]]) -> Frames | None:
    """The repeated annotation that covers most of its thread without overlapping itself."""
    best: tuple[float, int, str, list[int]] | None = None
    for track, rows in tracks.items():
        groups: dict[str, list[int]] = {}
        patterns: dict[int, str] = {}
        for row in rows:
            name = trace.name[row]
            pattern = patterns.get(name)
            if pattern is None:
                pattern = patterns[name] = _DIGITS.sub("#", trace.strings[name])
            if _may_name_frames(pattern, trace.category[row]):
                groups.setdefault(pattern, []).append(row)
        span = _span(trace, rows)
        for pattern, members in groups.items():
            score = _score(trace, members, pattern, span)
            if score > 0.0 and (best is None or score > best[0]):
                best = score, track, pattern, members
    if best is None:
        return None
    _, track, pattern, rows_found = best
    return _frames(trace, rows_found, track, pattern, f"the annotation “{pattern}”")


def _span(trace: Trace, rows: array[int]) -> int:
    return max(trace.start[row] + trace.duration[row] for row in rows) - trace.start[rows[0]]


def _score(trace: Trace, rows: list[int], pattern: str, span: int) -> float:
    """Coverage times the share that does not overlap, more for words that mean a frame."""
    if len(rows) < _LEAST_REPEATS or span <= 0:
        return 0.0
    starts = [trace.start[row] for row in rows]
    ends = [trace.start[row] + trace.duration[row] for row in rows]
    pairs = zip(starts[1:], ends, strict=False)
    apart = summed(float(start >= end - _SLACK) for start, end in pairs) / (len(rows) - 1)
    coverage = summed(float(trace.duration[row]) for row in rows) / span
    if apart < _LEAST_APART or coverage < _LEAST_COVERAGE:
        return 0.0
    named = trace.category[rows[0]] == Category.ANNOTATION
    words = bool(_FRAME_WORD.search(pattern)) - bool(_OUTER_WORD.search(pattern))
    return coverage * apart + 0.3 * words + 0.2 * named


def _marker(trace: Trace, tracks: dict[int, array[int]]) -> Frames:
    """Frames from one regular outermost event to the next: the one before which the thread idles longest."""
    if not tracks:
        return Frames()
    track = max(
        tracks, key=lambda one: summed(float(trace.duration[r]) for r in _top(trace, tracks[one]))
    )
    top = _top(trace, tracks[track])
    idle_before = _idle_before(trace, top)
    places: dict[int, list[int]] = {}
    for place, row in enumerate(top):
        places.setdefault(trace.name[row], []).append(place)
    span = trace.start[top[-1]] - trace.start[top[0]]
    regular = [found for found in places.values() if _is_regular(trace, top, found, span)]
    if not regular:
        return Frames()
    marks = max(regular, key=lambda found: (median([idle_before[i] for i in found]), -found[0]))
    return _between(trace, top, marks, track, idle_before)


def _top(trace: Trace, rows: array[int]) -> list[int]:
    """The outermost events of a track."""
    found: list[int] = []
    until = -(2**62)
    for row in rows:
        if trace.start[row] >= until:
            found.append(row)
            until = trace.start[row] + trace.duration[row]
    return found


def _idle_before(trace: Trace, top: list[int]) -> list[int]:
    ends = [trace.start[row] + trace.duration[row] for row in top]
    return [0, *(trace.start[row] - end for row, end in zip(top[1:], ends, strict=False))]


def _is_regular(trace: Trace, top: list[int], places: list[int], span: int) -> bool:
    if len(places) < _LEAST_REPEATS or span <= 0:
        return False
    starts = [trace.start[top[place]] for place in places]
    steps = [b - a for a, b in itertools.pairwise(starts)]
    middle = median(steps)
    if middle <= 0.0 or (starts[-1] - starts[0]) < _MARKER_COVERAGE * span:
        return False
    return median([abs(step - middle) for step in steps]) < _MARKER_SPREAD * middle


def _between(
    trace: Trace, top: list[int], marks: list[int], track: int, idle_before: list[int]
) -> Frames:
    """From mark to mark; to the last event before the next mark where the thread idles in between."""
    starts = [trace.start[top[place]] for place in marks]
    period = median([b - a for a, b in itertools.pairwise(starts)])
    idle = median([idle_before[place] for place in marks])
    name = trace.text(top[marks[0]])
    how = f"the periodic event “{name}”"
    if idle > _PACED * period:
        ends = [trace.start[top[p - 1]] + trace.duration[top[p - 1]] for p in marks[1:]]
        how += ", each frame to the last event before the next: what delays its start is not in it"
    else:
        ends = starts[1:]
        how += ", each frame to the start of the next"
    return Frames(
        start=array("q", starts[:-1]), end=array("q", ends), track=track, name=name, how=how
    )
