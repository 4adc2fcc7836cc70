"""A governor at work: one operating point after the other, each up to the event that ends it."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from ironlaw.system.thermal.budget import first_time, forever
from ironlaw.system.thermal.course import stretches
from ironlaw.system.thermal.crossing import first_below, first_reached, highest
from ironlaw.system.thermal.eigen import dot
from ironlaw.system.thermal.steady import SteadyState, steady_state
from ironlaw.system.thermal.stretch import direction

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ironlaw.system.thermal.body import ThermalBody
    from ironlaw.system.thermal.governor import Governor, OperatingPoint
    from ironlaw.system.thermal.stretch import Stretch

_GUESSES = 60
_MARGIN = 1e-6  # of the hysteresis: how close to its end a governor goes that has to act early


class Level(NamedTuple):
    """A time at one operating point, by its number; without end where nothing changes any more."""

    place: int
    stretches: tuple[Stretch, ...]
    start: float
    end: float


@dataclass(slots=True)
class Control:
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
    _ahead: dict[tuple[int, tuple[float, ...]], tuple[list[Stretch], Iterator[Stretch]]] = field(
        default_factory=dict[
            "tuple[int, tuple[float, ...]]", "tuple[list[Stretch], Iterator[Stretch]]"
        ]
    )

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
        parts = self.parts(place, state)
        return first_time(parts, self.body, ceiling, self.rests(place)) is None

    def parts(self, place: int, state: tuple[float, ...]) -> Iterator[Stretch]:
        """Stretches at an operating point from a state on, at time 0; what was looked ahead is not computed again."""
        key = (place, state)
        if key not in self._ahead:
            load = self.points[place].load
            self._ahead[key] = ([], stretches(self.body, state, load, self.ambient, 0.0))
        known, more = self._ahead[key]
        yield from known
        for part in more:
            known.append(part)
            yield part

    def levels(self, state: tuple[float, ...]) -> Iterator[Level]:
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

    def _warming(self, place: int, state: tuple[float, ...], time: float) -> Level:
        """Until the skin is at its limit, or the last moment from which it can still be held."""
        lowest = len(self.points) - 1
        level = self._until(place, state, time, self.governor.limit)
        if not math.isfinite(level.end) or not self.bearable(lowest):
            return level
        if self.stays(lowest, _last(level, state)):
            return level
        if not self.stays(lowest, state):
            return Level(place, (), time, time)
        return _cut(level, time + self._last_moment(level, state))

    def _last_moment(self, level: Level, state: tuple[float, ...]) -> float:
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
        for part in self.parts(place, state):
            peak = max(peak, highest(part, self.node))
            going = direction(part)
            if going or part.end > forever(self.body):
                return peak if going <= 0 else max(peak, self.rests(place))
        return math.inf

    def _cooling(self, place: int, state: tuple[float, ...], time: float) -> Level:
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
    ) -> Level:
        """At an operating point until the skin is at a temperature, from below or from above."""
        rests = self.rests(place)
        search, sign = (first_reached, 1) if rising else (first_below, -1)
        found: list[Stretch] = []
        for part in self.parts(place, state):
            after = search(part, self.node, level)
            moved = part.later(time)
            if after is not None:
                if after > 0.0:
                    found.append(moved.until(after))
                return Level(place, tuple(found), time, moved.start + after)
            found.append(moved)
            going = sign * direction(part)
            never = going < 0 or (going > 0 and sign * rests <= sign * level)
            if moved.end >= self.span and (never or part.end > forever(self.body)):
                break
        return Level(place, tuple(found), time, math.inf)

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


def _last(level: Level, state: tuple[float, ...]) -> tuple[float, ...]:
    """The state at the end of a level that began in a state."""
    return level.stretches[-1].last if level.stretches else state


def _cut(level: Level, end: float) -> Level:
    """A level up to a time."""
    parts = [part for part in level.stretches if part.start < end]
    if parts:
        parts[-1] = parts[-1].until(min(parts[-1].span, end - parts[-1].start))
    return Level(level.place, tuple(parts), level.start, end)
