"""A governor: it holds the skin by slowing the work, event by event on the exact course.

When the skin reaches its limit, the work falls to the highest operating point that the skin can bear for good: its
steady state is not above the limit, and what the inner nodes still hold does not carry the skin over the limit by more
than the hysteresis. When the skin has cooled by the hysteresis, the work rises to the lowest point that warms it again.
So between two changes the skin travels the whole hysteresis, and the governor does not chatter.

Where a body holds so much heat inside that even the lowest point would let the skin pass that much, the governor acts
sooner: at the last moment from which the lowest point keeps it within.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from ironlaw.base.errors import DomainError
from ironlaw.base.number import require_positive, summed
from ironlaw.system.thermal.body import require_load, require_temperature
from ironlaw.system.thermal.control import Control
from ironlaw.system.thermal.course import Course, starting_state

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ironlaw.system.thermal.body import ThermalBody
    from ironlaw.system.thermal.control import Level

_MOST_CHANGES = 10_000
_FEW = 20  # changes after which their number is foreseen
_CYCLE = 2  # levels of a cycle: warming and cooling
_CYCLES = 40  # after which the last one stands for all that follow
_SAME_CYCLE = 1e-4  # relative change of the mean rate from one cycle to the next


@dataclass(frozen=True, slots=True)
class OperatingPoint:
    """A speed of the work.

    Attributes:
        rate: Frames a second [1/s].
        load: Power at that rate, without leakage [W].
    """

    rate: float
    load: float


@dataclass(frozen=True, slots=True)
class Governor:
    """What holds the watched node.

    Attributes:
        limit: Its highest temperature [K].
        hysteresis: How far it has to cool before the work rises again [K].

    Raises:
        DomainError: for a limit that is no temperature, or a hysteresis not above zero.
    """

    limit: float
    hysteresis: float

    def __post_init__(self) -> None:
        """Refuse a governor that would chatter."""
        require_temperature("limit", self.limit)
        require_positive("hysteresis", self.hysteresis)


@dataclass(frozen=True, slots=True)
class Span:
    """A time at one operating point [s]."""

    start: float
    end: float
    point: OperatingPoint


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Governed:
    """A course under a governor.

    Attributes:
        course: The temperatures.
        spans: The operating points in time.
        held: Whether the skin stays within its limit and the hysteresis, for good.
        sustained_rate: Mean rate once the changes repeat themselves; None where the limit is not held [1/s].
    """

    course: Course
    spans: tuple[Span, ...]
    held: bool
    sustained_rate: float | None

    @property
    def mean_rate(self) -> float:
        """Mean rate over the course [1/s]."""
        done = summed(span.point.rate * (span.end - span.start) for span in self.spans)
        return done / self.course.end


def points_of(load: float, rates: Sequence[float]) -> tuple[OperatingPoint, ...]:
    """Operating points of the same energy a frame: the load falls with the rate.

    Args:
        load: Power at the highest rate, without leakage [W].
        rates: Frames a second, the highest first [1/s].

    Example:
        >>> [point.load for point in points_of(2.0, (60.0, 45.0, 30.0))]
        [2.0, 1.5, 1.0]
    """
    require_load("load", load)
    return tuple(OperatingPoint(rate, load * rate / rates[0]) for rate in rates)


def governed(
    body: ThermalBody,
    points: Sequence[OperatingPoint],
    governor: Governor,
    ambient: float,
    span: float,
    start: Sequence[float] | None = None,
) -> Governed:
    """The course of a body whose governor keeps a limit; it begins at the first point.

    Args:
        body: The body.
        points: Operating points, the fastest first.
        governor: The limit and the hysteresis.
        ambient: Temperature of the air, T_amb [K].
        span: How long to look [s].
        start: Temperatures of the nodes to begin with; the ambient if None [K].

    Raises:
        DomainError: for points that do not fall, a span not above zero, what is no temperature, or a hysteresis so
            small that the governor changes ten thousand times.
    """
    require_positive("span", span)
    _require_falling(points)
    control = Control(body, tuple(points), governor, ambient, span)
    found: list[Level] = []
    for level in control.levels(starting_state(body, ambient, start)):
        found.append(level)
        if level.end >= span and (level.end == math.inf or _repeats(control, found)):
            break
        if len(found) > _FEW and len(found) * span > _MOST_CHANGES * level.end:
            domain = f"those that change fewer than {_MOST_CHANGES} times in {span:g} s"
            raise DomainError("hysteresis", governor.hysteresis, domain)
    held = control.bearable(len(points) - 1) and not control.passed
    shown = [level for level in found if level.start < min(span, level.end)]
    parts = (part for level in shown for part in level.stretches if part.start < span)
    cut = tuple(part if part.end <= span else part.until(span - part.start) for part in parts)
    end = cut[-1].end
    return Governed(
        course=Course(cut, runs_away=end < span),
        spans=tuple(Span(one.start, min(one.end, end), points[one.place]) for one in shown),
        held=held,
        sustained_rate=_sustained(control, found) if held else None,
    )


def _repeats(control: Control, levels: Sequence[Level]) -> bool:
    """Whether the last cycle, of warming and cooling, was like the one before."""
    if len(levels) % 2 or len(levels) < 2 * _CYCLE:
        return False
    last, before = _rate(control, levels[-_CYCLE:]), _rate(control, levels[-2 * _CYCLE : -_CYCLE])
    return abs(last - before) <= _SAME_CYCLE * before or len(levels) > _CYCLE * _CYCLES


def _rate(control: Control, levels: Sequence[Level]) -> float:
    """Mean rate of levels that end."""
    done = (control.points[one.place].rate * (one.end - one.start) for one in levels)
    return summed(done) / (levels[-1].end - levels[0].start)


def _sustained(control: Control, levels: Sequence[Level]) -> float:
    last = levels[-1]
    return (
        control.points[last.place].rate
        if last.end == math.inf
        else _rate(control, levels[-_CYCLE:])
    )


def _require_falling(points: Sequence[OperatingPoint]) -> None:
    """Refuse operating points that do not get slower and cooler, or are none.

    Raises:
        DomainError: naming the points.
    """
    if not points:
        raise DomainError("points", list(points), "at least one operating point")
    for point in points:
        require_load("point.load", point.load)
        require_load("point.rate", point.rate)
    for faster, slower in pairwise(points):
        if not (faster.rate > slower.rate and faster.load > slower.load):
            pair = f"{faster.rate:g}/s at {faster.load:g} W, {slower.rate:g}/s at {slower.load:g} W"
            raise DomainError(
                "points", pair, "points of which each is slower and draws less than the one before"
            )
