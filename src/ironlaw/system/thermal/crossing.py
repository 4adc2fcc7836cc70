r"""When a temperature first reaches a level, found without stepping over it.

Between two times f lies above its chord by at most B w²/8, with B a bound on |f''|; where that cannot reach the level
there is no crossing. Where f' cannot change its sign there is one crossing at most, and Newton's method finds it. Else
the interval is halved. Where all nodes rise, or all fall, they go on doing so, and the ends say it all.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ironlaw.base.number import summed
from ironlaw.system.thermal.eigen import dot
from ironlaw.system.thermal.stretch import direction

if TYPE_CHECKING:
    from ironlaw.system.thermal.stretch import Stretch

_FINEST = 1e-10  # of the fastest mode: no interval is halved further
_STEPS = 100
_FLAT = 1e-10  # K: what is left to a peak


class _Place(NamedTuple):
    """A moment: how far the temperature is above the level, how fast it goes, and a bound on its second derivative."""

    after: float
    value: float
    slope: float
    bend: float


class _Search(NamedTuple):
    """What is looked for in a stretch; `sign` is −1 where the temperature is to fall below the level."""

    stretch: Stretch
    node: int
    level: float
    sign: float

    def at(self, after: float) -> _Place:
        """The moment a time after the start of the stretch."""
        stretch, body = self.stretch, self.stretch.body
        row, rates = body.network.modes.shapes[self.node], body.network.modes.rates
        modes = stretch.last if after == stretch.span else stretch.modes(after)
        flows = stretch.flows(after, modes)
        bends = (
            abs(one) * (rate * abs(flow) + 2.0 * abs(source) * stretch.steepest)
            for one, rate, flow, source in zip(row, rates, flows, body.source, strict=True)
        )
        value = stretch.ambient + dot(row, modes) - self.level
        return _Place(after, self.sign * value, self.sign * dot(row, flows), summed(bends))


def first_reached(stretch: Stretch, node: int, level: float) -> float | None:
    """When a node first is at a level or above it, as a time after the start of the stretch; None if never [s].

    Args:
        stretch: The stretch.
        node: Number of the node.
        level: The temperature [K].
    """
    return _first(_Search(stretch, node, level, 1.0))


def first_below(stretch: Stretch, node: int, level: float) -> float | None:
    """When a node first is at a level or below it, as a time after the start of the stretch; None if never [s].

    Args:
        stretch: The stretch.
        node: Number of the node.
        level: The temperature [K].
    """
    return _first(_Search(stretch, node, level, -1.0))


def highest(stretch: Stretch, node: int) -> float:
    """The highest temperature of a node in a stretch in which it turns once at most [K].

    Args:
        stretch: The stretch.
        node: Number of the node.
    """
    search = _Search(stretch, node, 0.0, 1.0)
    low, high = search.at(0.0), search.at(stretch.span)
    if not low.slope > 0.0 > high.slope:
        return max(low.value, high.value)
    for _ in range(_STEPS):
        after = low.after + (high.after - low.after) * low.slope / (low.slope - high.slope)
        if not low.after < after < high.after:
            break
        place = search.at(after)
        if abs(place.slope) * (high.after - low.after) < _FLAT:
            return place.value
        if place.slope > 0.0:
            low, high = place, high._replace(slope=high.slope / 2.0)
        else:
            low, high = low._replace(slope=low.slope / 2.0), place
    return max(low.value, high.value)


def _first(search: _Search) -> float | None:
    finest = _FINEST * search.stretch.body.fastest
    start, end = search.at(0.0), search.at(search.stretch.span)
    if start.value >= 0.0:
        return 0.0
    if search.sign * direction(
        search.stretch, end=False
    ):  # all nodes go one way, from start to end
        return None if end.value < 0.0 else _root(search, start, end)
    waiting = [(start, end)]
    while waiting:
        low, high = waiting.pop()
        width = high.after - low.after
        if high.value < 0.0:
            if max(low.value, high.value) + low.bend * width * width / 8.0 < 0.0 or width < finest:
                continue
        elif low.slope - low.bend * width > 0.0:
            return _root(search, low, high)
        elif width < finest:
            return high.after
        middle = search.at((low.after + high.after) / 2.0)
        if middle.value < 0.0:
            waiting.append((middle, high))
        waiting.append((low, middle))
    return None


def _root(search: _Search, low: _Place, high: _Place) -> float:
    """The one crossing between two moments, by Newton's method held between them."""
    place = low
    for _ in range(_STEPS):
        guess = place.after - place.value / place.slope if place.slope > 0.0 else low.after
        if not low.after < guess < high.after:
            guess = (low.after + high.after) / 2.0
        if guess in (low.after, high.after, place.after):
            return guess
        place = search.at(guess)
        low, high = (place, high) if place.value < 0.0 else (low, place)
    return place.after
