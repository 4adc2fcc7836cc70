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
from typing import TYPE_CHECKING, NamedTuple

from ironlaw.base.errors import DomainError
from ironlaw.base.number import require_positive, summed
from ironlaw.system.thermal.body import require_load, require_temperature
from ironlaw.system.thermal.budget import forever, reached_after
from ironlaw.system.thermal.course import Course, starting_state, stretches
from ironlaw.system.thermal.crossing import first_below, first_reached, highest
from ironlaw.system.thermal.eigen import dot
from ironlaw.system.thermal.steady import SteadyState, steady_state
from ironlaw.system.thermal.stretch import direction

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ironlaw.system.thermal.body import ThermalBody
    from ironlaw.system.thermal.stretch import Stretch

_MOST_CHANGES = 10_000
_FEW = 20  # changes after which their number is foreseen
_CYCLE = 2  # levels of a cycle: warming and cooling
_CYCLES = 40  # after which the last one stands for all that follow
_SAME_CYCLE = 1e-4  # relative change of the mean rate from one cycle to the next
_GUESSES = 60
_MARGIN = 1e-6  # of the hysteresis: how close to its end a governor goes that has to act early


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


class _Level(NamedTuple):
    """A time at one operating point, by its number; without end where nothing changes any more."""

    place: int
    stretches: tuple[Stretch, ...]
    start: float
    end: float


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
    control = _Control(body, tuple(points), governor, ambient, span)
    found: list[_Level] = []
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


@dataclass(slots=True)
class _Control:
    """A governor at work.

    Attributes:
        passed: Whether even the lowest point passes the limit by more than the hysteresis, from the start on.
    """

    body: ThermalBody
    points: tuple[OperatingPoint, ...]
    governor: Governor
    ambient: float
    span: float
    passed: bool = False

    @property
    def node(self) -> int:
        """Number of the watched node."""
        return self.body.network.place(self.body.watched)

    def rests(self, place: int) -> float:
        """Where the watched node settles at an operating point; infinite where it runs away [K]."""
        found = steady_state(self.body, self.points[place].load, self.ambient)
        return found.temperatures[self.node] if isinstance(found, SteadyState) else math.inf

    def bearable(self, place: int) -> bool:
        """Whether the skin can stay at an operating point for good."""
        return self.rests(place) <= self.governor.limit

    def stays(self, place: int, state: tuple[float, ...]) -> bool:
        """Whether the skin, from a state on, passes its limit by no more than the hysteresis at an operating point."""
        ceiling = self.governor.limit + self.governor.hysteresis
        load = self.points[place].load
        return reached_after(self.body, state, load, ceiling, self.ambient) is None

    def levels(self, state: tuple[float, ...]) -> Iterator[_Level]:
        """Operating points one after the other: warming at one, cooling at the next, without end."""
        place, time = 0, 0.0
        self.passed = not self.stays(len(self.points) - 1, state)
        if len(self.points) == 1:
            yield self._until(0, state, 0.0, math.inf)
            return
        while True:
            level = self._warming(place, state, time)
            yield level
            if not math.isfinite(level.end):
                return
            time, state = level.end, _last(level, state)
            place = self._lower(place, state)
            level = self._cooling(place, state, time)
            yield level
            if not math.isfinite(level.end):
                return
            time, state = level.end, _last(level, state)
            place = self._higher(place)

    def _warming(self, place: int, state: tuple[float, ...], time: float) -> _Level:
        """Until the skin is at its limit, or the last moment from which it can still be held."""
        lowest = len(self.points) - 1
        level = self._until(place, state, time, self.governor.limit)
        if not math.isfinite(level.end) or not self.bearable(lowest):
            return level
        if self.stays(lowest, _last(level, state)):
            return level
        if not self.stays(lowest, state):
            return _Level(place, (), time, time)
        return _cut(level, time + self._last_moment(level, state))

    def _last_moment(self, level: _Level, state: tuple[float, ...]) -> float:
        """The last moment of a level, from its start, from which the lowest point keeps the skin within [s].

        The peak that would follow is brought just under the ceiling by false position; `stays` has the last word.
        """
        governor, lowest = self.governor, len(self.points) - 1
        wanted = governor.limit + (1.0 - _MARGIN) * governor.hysteresis
        early, late = 0.0, level.end - level.start
        under = self._peak(lowest, state) - wanted
        over = self._peak(lowest, _last(level, state)) - wanted
        for _ in range(_GUESSES):
            share = under / (under - over) if under < 0.0 < over else 0.5
            guess = early + (late - early) * share
            then = _last(_cut(level, level.start + guess), state)
            found = self._peak(lowest, then) - wanted
            if abs(found) < _MARGIN * governor.hysteresis and self.stays(lowest, then):
                return guess
            if found > 0.0:
                late, over, under = guess, found, under / 2.0
            else:
                early, under, over = guess, found, over / 2.0
        return early

    def _peak(self, place: int, state: tuple[float, ...]) -> float:
        """The highest temperature of the skin from a state on, at an operating point it can bear [K]."""
        peak = -math.inf
        for part in stretches(self.body, state, self.points[place].load, self.ambient, 0.0):
            peak = max(peak, highest(part, self.node))
            going = direction(part)
            if going or part.end > forever(self.body):
                return peak if going <= 0 else max(peak, self.rests(place))
        return math.inf

    def _cooling(self, place: int, state: tuple[float, ...], time: float) -> _Level:
        """Until the skin has cooled by the hysteresis; one that was slowed before its limit warms up to it first."""
        floor = self.governor.limit - self.governor.hysteresis
        row = self.body.network.modes.shapes[self.node]
        if self.ambient + dot(row, state) > floor:
            return self._until(place, state, time, floor, rising=False)
        first = self._until(place, state, time, self.governor.limit)
        if not math.isfinite(first.end):
            return first
        then = self._until(place, _last(first, state), first.end, floor, rising=False)
        return then._replace(stretches=(*first.stretches, *then.stretches), start=time)

    def _until(
        self,
        place: int,
        state: tuple[float, ...],
        time: float,
        level: float,
        *,
        rising: bool = True,
    ) -> _Level:
        """At an operating point until the skin is at a temperature, from below or from above."""
        rests, load = self.rests(place), self.points[place].load
        search, sign = (first_reached, 1) if rising else (first_below, -1)
        found: list[Stretch] = []
        for part in stretches(self.body, state, load, self.ambient, time):
            after = search(part, self.node, level)
            if after is not None:
                if after > 0.0:
                    found.append(part.until(after))
                return _Level(place, tuple(found), time, part.start + after)
            found.append(part)
            going = sign * direction(part)
            never = going < 0 or (going > 0 and sign * rests <= sign * level)
            if part.end >= self.span and (never or part.end - time > forever(self.body)):
                break
        return _Level(place, tuple(found), time, math.inf)

    def _lower(self, place: int, state: tuple[float, ...]) -> int:
        """The highest point below one that the skin bears for good from a state on; else the lowest."""
        for lower in range(place + 1, len(self.points)):
            if self.bearable(lower) and self.stays(lower, state):
                return lower
        return len(self.points) - 1

    def _higher(self, place: int) -> int:
        """The lowest point above one that warms the skin again; else the highest."""
        floor = self.governor.limit - self.governor.hysteresis
        return next((one for one in range(place - 1, 0, -1) if self.rests(one) > floor), 0)


def _last(level: _Level, state: tuple[float, ...]) -> tuple[float, ...]:
    """The state at the end of a level that began in a state."""
    return level.stretches[-1].last if level.stretches else state


def _cut(level: _Level, end: float) -> _Level:
    """A level up to a time."""
    parts = [part for part in level.stretches if part.start < end]
    if parts:
        parts[-1] = parts[-1].until(min(parts[-1].span, end - parts[-1].start))
    return _Level(level.place, tuple(parts), level.start, end)


def _repeats(control: _Control, levels: Sequence[_Level]) -> bool:
    """Whether the last cycle, of warming and cooling, was like the one before."""
    if len(levels) % 2 or len(levels) < 2 * _CYCLE:
        return False
    last, before = _rate(control, levels[-_CYCLE:]), _rate(control, levels[-2 * _CYCLE : -_CYCLE])
    return abs(last - before) <= _SAME_CYCLE * before or len(levels) > _CYCLE * _CYCLES


def _rate(control: _Control, levels: Sequence[_Level]) -> float:
    """Mean rate of levels that end."""
    done = (control.points[one.place].rate * (one.end - one.start) for one in levels)
    return summed(done) / (levels[-1].end - levels[0].start)


def _sustained(control: _Control, levels: Sequence[_Level]) -> float:
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
