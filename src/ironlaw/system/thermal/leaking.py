r"""One step with leakage: the leakage as a polynomial in time, such that its own temperatures leak just that.

The modes under a polynomial are exact (`stretch`). The polynomial of degree 8 agrees with the leakage of its own
temperatures at nine Chebyshev points, found by iteration. Between them it misses that by a defect δ(t).

**The error is bounded.** Let e be the error of the heated node's temperature. Its leakage is wrong by δ and by what e
makes of it, at most k·P_max·|e|, with P_max the largest leakage on the way. The node answers heat through a kernel that
is never negative and whose integral is R_ja, so

$$ \sup|e| \le R_{ja} (\sup|\delta| + k P_{max} \sup|e|) \le \frac{R_{ja} \sup|\delta|}{1 - k P_{max} R_{ja}} $$

as long as k·P_max·R_ja < 1; over a span, the rise of the node in that span may stand for R_ja. The bound is proven for
a given sup|δ|; δ itself is measured, between the Chebyshev points, where the error of an interpolation is largest.
"""

from __future__ import annotations

import math
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from ironlaw.base.power import exponential
from ironlaw.system.thermal.eigen import dot
from ironlaw.system.thermal.exponential import moments
from ironlaw.system.thermal.stretch import Stretch

if TYPE_CHECKING:
    from ironlaw.system.thermal.body import Leakage, ThermalBody

_DEGREE = 8
_ROUNDS = 40  # of the iteration; a step that needs more is halved
_SAME = 2e-11  # relative change at which it stands


class Weights(NamedTuple):
    """What a step of one length does to the heated node, at the points of the step and then between them.

    Attributes:
        kept: What is left of each mode.
        steady: Rise for each watt of constant heat [K/W].
        changing: Rise for each watt that the leakage has changed by, at each of the points [K/W].
    """

    kept: tuple[tuple[float, ...], ...]
    steady: tuple[float, ...]
    changing: tuple[tuple[float, ...], ...]


def leaking_step(
    body: ThermalBody,
    leakage: Leakage,
    state: tuple[float, ...],
    load: float,
    ambient: float,
    step: float,
) -> Stretch | None:
    """One step from a state, or None where the iteration does not settle: the step is too long.

    Args:
        body: The body.
        leakage: Its leakage.
        state: z_i, by mode [J^(1/2)].
        load: Power of the work [W].
        ambient: T_amb [K].
        step: Its length, h [s].
    """
    weights = _weights(body.network.modes.rates, body.source, step)
    begun = [source * mode for source, mode in zip(body.source, state, strict=True)]
    first = leakage.at(ambient + dot(weights.kept[0], begun))
    places = zip(weights.kept, weights.steady, strict=True)
    bases = [ambient + dot(kept, begun) + (load + first) * steady for kept, steady in places]
    changes = _settled(leakage, first, bases, weights)
    if changes is None:
        return None
    defect = 0.0
    between = slice(_DEGREE + 1, None)
    for base, row, said in zip(bases[between], weights.changing[between], _said(), strict=True):
        leak = leakage.at(base + dot(row, changes))
        defect = max(defect, abs(leak - first - dot(said, changes)))
    heat = (load + first, *(dot(row, changes) for row in _inverse()[1:]))
    return Stretch(
        body=body, ambient=ambient, start=0.0, span=step, load=load,
        state=state, heat=heat, scale=step, defect=defect,
    )  # fmt: skip


def _settled(
    leakage: Leakage, first: float, bases: list[float], weights: Weights
) -> list[float] | None:
    """By how much the leakage has changed at each point, such that its own temperatures leak just that."""
    changes = [0.0] * (_DEGREE + 1)
    for _ in range(_ROUNDS):
        last = changes
        rows = zip(bases, weights.changing[: _DEGREE + 1], strict=False)
        changes = [leakage.at(base + dot(row, last)) - first for base, row in rows]
        moved = max(abs(new - old) for new, old in zip(changes, last, strict=True))
        if not math.isfinite(moved):
            return None
        if moved <= _SAME * (first + abs(changes[-1])):
            return changes
    return None


@lru_cache(maxsize=512)
def _weights(rates: tuple[float, ...], source: tuple[float, ...], step: float) -> Weights:
    """The weights of a step; lengths are powers of two, so that they come again."""
    kept: list[tuple[float, ...]] = []
    gained: list[list[float]] = []
    squares = [one * one for one in source]
    for place in (*_points(), *_between()):
        time = place * step
        left = tuple(exponential(-rate * time) for rate in rates)
        kept.append(left)
        answers = [
            moments(rate * time, _DEGREE, one) for rate, one in zip(rates, left, strict=True)
        ]
        by_power = zip(_powers(place), zip(*answers, strict=True), strict=True)
        gained.append([time * factor * dot(squares, answer) for factor, answer in by_power])
    columns = list(zip(*_inverse(), strict=True))
    changing = (tuple(dot(column, row) for column in columns) for row in gained)
    return Weights(tuple(kept), tuple(row[0] for row in gained), tuple(changing))


@lru_cache(maxsize=1)
def _said() -> tuple[tuple[float, ...], ...]:
    """The polynomial between the points, from its values at them."""
    columns = list(zip(*_inverse(), strict=True))
    return tuple(tuple(dot(column, _powers(place)) for column in columns) for place in _between())


@lru_cache(maxsize=1)
def _points() -> tuple[float, ...]:
    """The Chebyshev points (1 − cos(πk/8))/2 of a step, by square roots alone."""
    eighth = math.sqrt(2.0 + math.sqrt(2.0)) / 2.0
    quarter = math.sqrt(0.5)
    three = math.sqrt(2.0 - math.sqrt(2.0)) / 2.0
    cosines = (1.0, eighth, quarter, three, 0.0, -three, -quarter, -eighth, -1.0)
    return tuple((1.0 - cosine) / 2.0 for cosine in cosines)


@lru_cache(maxsize=1)
def _between() -> tuple[float, ...]:
    """The places halfway between the points."""
    points = _points()
    return tuple((one + other) / 2.0 for one, other in pairwise(points))


def _powers(place: float) -> tuple[float, ...]:
    found = [1.0]
    for _ in range(_DEGREE):
        found.append(found[-1] * place)
    return tuple(found)


@lru_cache(maxsize=1)
def _inverse() -> tuple[tuple[float, ...], ...]:
    """Coefficients of a polynomial from its values at the points: Lagrange's polynomials, written out."""
    points = _points()
    columns: list[list[float]] = []
    for own in points:
        terms, scale = [1.0], 1.0
        for other in points:
            if other != own:
                scale *= own - other
                shifted, kept = [0.0, *terms], [*terms, 0.0]
                terms = [one - other * two for one, two in zip(shifted, kept, strict=True)]
        columns.append([term / scale for term in terms])
    return tuple(tuple(column[q] for column in columns) for q in range(len(points)))
