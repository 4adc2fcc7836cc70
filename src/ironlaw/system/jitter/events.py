"""What a simulated trace is made of."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

HOST = "host"


class Event(NamedTuple):
    """One event of a trace.

    Attributes:
        frame: The frame that it belongs to, from 0.
        name: As the trace shows it.
        category: Kineto's name of its kind; "sched", "engine" and "clock" where Kineto has none.
        track: The row: "host", "stream 7", "cpu 4", the name of an engine.
        start: When it begins [ns].
        end: When it is over; an instant's start [ns].
        occurrence: How many of its name came before it in the frame.
        correlation: Joins a call to what it launched; 0 for none.
        args: What else is recorded.
    """

    frame: int
    name: str
    category: str
    track: str
    start: int
    end: int
    occurrence: int
    correlation: int
    args: Mapping[str, object]

    @property
    def key(self) -> str:
        """Its name in verdicts: frame, name, and which of that name."""
        return event_key(self.frame, self.name, self.occurrence)

    @property
    def duration(self) -> int:
        """How long it lasts [ns]."""
        return self.end - self.start


def event_key(frame: int, name: str, occurrence: int = 0) -> str:
    """The name of an event in verdicts.

    Args:
        frame: From 0.
        name: Of the event.
        occurrence: How many of its name came before it in the frame.

    Example:
        >>> event_key(12, "nms_kernel")
        '12/nms_kernel/0'
    """
    return f"{frame}/{name}/{occurrence}"


class Frame(NamedTuple):
    """One frame of the loop.

    Attributes:
        number: From 0.
        start: When the pipeline takes it up [ns].
        end: When its boxes are there [ns].
        stages: Time of each stage; their sum is the latency [ns].
        points: Points of the scan.
        boxes: Boxes that reached suppression.
        skipped: Scans that were dropped before it because the one before took too long.
    """

    number: int
    start: int
    end: int
    stages: tuple[int, int, int]
    points: int
    boxes: int
    skipped: int

    @property
    def latency(self) -> float:
        """From scan to boxes [s]."""
        return (self.end - self.start) / 1e9
