"""A trace as columns: one row an event, whole nanoseconds, texts interned."""

from __future__ import annotations

from array import array
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ironlaw.base.errors import ModelError
from ironlaw.system.trace.categories import DEVICE_WORK, LAUNCHES, Category, Phase

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

ABSENT = -1
"""What a column of ids holds where the event has none."""

NANOSECOND = 1e-9
"""One count of the columns of time [s]."""


class TraceError(ModelError, ValueError):
    """A file that cannot be read as a trace, with what to do about it."""

    def __init__(self, path: str, problem: str) -> None:
        super().__init__(path, f"{path}: {problem}")
        self.problem = problem

    def __reduce__(self) -> tuple[type[TraceError], tuple[str, str]]:
        """How it travels from one process to another."""
        return TraceError, (self.field, self.problem)


@dataclass(frozen=True, slots=True, kw_only=True)
class Track:
    """Where events happen one after the other: a host thread, a stream of a device."""

    process: str
    """The process or device, as the recorder numbers it."""
    thread: str
    """The thread or stream, as the recorder numbers it."""
    process_name: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Counter:
    """A quantity that the recorder sampled."""

    name: str
    track: int
    """Index into the trace's tracks."""
    time: array[int]
    """When it was sampled [ns], in order."""
    value: array[float]
    """What was sampled, in the recorder's own unit."""


def _longs() -> array[int]:
    return array("q")


def _ints() -> array[int]:
    return array("i")


def _bytes() -> array[int]:
    return array("b")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Trace:
    """One recording: parallel columns, one row an event, sorted by start and, from one start, the longest first.

    A parent comes before its children. Numbers that a recorder leaves out are `ABSENT`; sizes are then zero.
    """

    path: str
    format: str
    """kineto, chrome, nsight or trtexec."""
    phase: array[int] = field(default_factory=_bytes)
    """`Phase`."""
    category: array[int] = field(default_factory=_bytes)
    """`Category`."""
    start: array[int] = field(default_factory=_longs)
    """[ns], on the recorder's own clock."""
    duration: array[int] = field(default_factory=_longs)
    """[ns]; zero for an instant."""
    track: array[int] = field(default_factory=_ints)
    """Index into `tracks`."""
    name: array[int] = field(default_factory=_ints)
    """Index into `strings`."""
    correlation: array[int] = field(default_factory=_longs)
    """What a call that hands work to a device shares with that work; unique in the trace."""
    external: array[int] = field(default_factory=_longs)
    """What an operator shares with the calls and device work below it."""
    device: array[int] = field(default_factory=_ints)
    stream: array[int] = field(default_factory=_ints)
    size: array[int] = field(default_factory=_longs)
    """Bytes copied, set, allocated; negative where memory is given back [B]."""
    shapes: array[int] = field(default_factory=_ints)
    """The recorded shapes of an operator's inputs, as JSON text: index into `strings`."""
    types: array[int] = field(default_factory=_ints)
    """The recorded types of an operator's inputs, as JSON text: index into `strings`."""
    concrete: array[int] = field(default_factory=_ints)
    """The recorded values of an operator's scalar inputs, as JSON text: index into `strings`."""
    strings: tuple[str, ...] = ()
    tracks: tuple[Track, ...] = ()
    counters: tuple[Counter, ...] = ()
    frames: array[int] = field(default_factory=_ints)
    """Rows that the file itself declares to be frames (trtexec); empty where it declares none."""
    metadata: dict[str, object] = field(default_factory=dict[str, object])
    """What stands beside the events: deviceProperties, with_stack, record_shapes, baseTimeNanoseconds …"""
    lost: tuple[str, ...] = ()
    """What could not be read, in sentences."""
    doubts: tuple[str, ...] = ()
    """What was read and cannot be right, in sentences: a kernel before its launch, an id used twice."""
    notes: tuple[str, ...] = ()
    """What else is worth knowing of how it was read, in sentences."""
    n_bad: int = 0
    """Events that could not be read."""

    def __len__(self) -> int:
        return len(self.start)

    @property
    def begin(self) -> int:
        """When the first event starts [ns]; zero without events."""
        return self.start[0] if self.start else 0

    @property
    def end(self) -> int:
        """When the last event ends [ns]; zero without events."""
        return max(map(int.__add__, self.start, self.duration), default=0)

    def text(self, row: int) -> str:
        """The name of an event."""
        return self.strings[self.name[row]]

    def shapes_text(self, row: int) -> str:
        """The shapes of an operator's inputs as JSON text; empty where none were recorded."""
        return self.strings[self.shapes[row]] if self.shapes[row] >= 0 else ""


def rows_of(
    trace: Trace, categories: Collection[Category], phase: Phase = Phase.SLICE
) -> Iterator[int]:
    """The rows of some categories and one phase, in the trace's order.

    Args:
        trace: The trace.
        categories: Which categories.
        phase: Which phase.
    """
    wanted = bytes(int(code in categories) for code in Category)
    kinds, phases = trace.category, trace.phase
    return (row for row in range(len(kinds)) if wanted[kinds[row]] and phases[row] == phase)


def rows_by_track(trace: Trace, categories: Collection[Category]) -> dict[int, array[int]]:
    """The slices of some categories, apart by track, each in the trace's order.

    Args:
        trace: The trace.
        categories: Which categories.

    Returns:
        Rows under the index of their track; a track without any is left out.
    """
    found: dict[int, array[int]] = {}
    for row in rows_of(trace, categories):
        track = trace.track[row]
        if track not in found:
            found[track] = array("i")
        found[track].append(row)
    return found


def launches(trace: Trace) -> dict[int, int]:
    """The call that handed work to a device, by correlation; the first where an id is used twice.

    Args:
        trace: The trace.
    """
    calls: dict[int, int] = {}
    for row in rows_of(trace, LAUNCHES):
        if trace.correlation[row] != ABSENT:
            calls.setdefault(trace.correlation[row], row)
    return calls


def device_work(trace: Trace) -> dict[int, array[int]]:
    """The kernels, copies and sets behind each correlation: one launch of a captured graph has many.

    Args:
        trace: The trace.
    """
    work: dict[int, array[int]] = {}
    for row in rows_of(trace, DEVICE_WORK):
        correlation = trace.correlation[row]
        if correlation != ABSENT:
            work.setdefault(correlation, array("i")).append(row)
    return work
