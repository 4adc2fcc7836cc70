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

from ironlaw.system.thermal.eigen import dot
from ironlaw.system.thermal.exponential import exponential, moments
from ironlaw.system.thermal.stretch import Stretch

if TYPE_CHECKING:
    from ironlaw.system.thermal.body import Leakage, ThermalBody

_DEGREE = 8
_ROUNDS = 40  # of the iteration; a step that needs more is halved
_SAME = 1e-14  # relative change at which it stands


class Weights(NamedTuple):
    """What a step of one length does to the heated node, at the points of the step.

    Attributes:
        kept: At each point, what is left of each mode.
        gained: At each point, the rise for each coefficient of the polynomial [K/W].
    """

    kept: tuple[tuple[float, ...], ...]
    gained: tuple[tuple[float, ...], ...]


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
    bases = [
        ambient + dot(kept, begun) + load * gained[0]
        for kept, gained in zip(weights.kept, weights.gained, strict=True)
    ]
    points, between = slice(0, _DEGREE + 1), slice(_DEGREE + 1, None)
    leaks = [leakage.at(bases[0])] * (_DEGREE + 1)
    for _ in range(_ROUNDS):
        polynomial = _polynomial(leaks)
        rises = (dot(polynomial, gained) for gained in weights.gained[points])
        found = [leakage.at(base + rise) for base, rise in zip(bases[points], rises, strict=True)]
        change = max(abs(new - old) for new, old in zip(found, leaks, strict=True))
        if not math.isfinite(change):
            return None
        leaks = found
        if change <= _SAME * max(leaks):
            break
    else:
        return None
    polynomial = _polynomial(leaks)
    defect = 0.0
    middles = zip(bases[between], weights.gained[between], _between(), strict=True)
    for base, gained, place in middles:
        said = dot(polynomial, _powers(place))
        defect = max(defect, abs(leakage.at(base + dot(polynomial, gained)) - said))
    heat = (load + polynomial[0], *polynomial[1:])
    return Stretch(
        body=body, ambient=ambient, start=0.0, span=step, load=load,
        state=state, heat=heat, scale=step, defect=defect,
    )  # fmt: skip


def _polynomial(leaks: list[float]) -> list[float]:
    """The coefficients of the leakage; taken of its change, whose rounding errors are smaller."""
    changes = [leak - leaks[0] for leak in leaks]
    return [leaks[0], *(dot(row, changes) for row in _inverse()[1:])]


@lru_cache(maxsize=512)
def _weights(rates: tuple[float, ...], source: tuple[float, ...], step: float) -> Weights:
    """The weights of a step; lengths are powers of two times one time, so that they come again."""
    kept: list[tuple[float, ...]] = []
    gained: list[tuple[float, ...]] = []
    for place in (*_points(), *_between()):
        time = place * step
        kept.append(tuple(exponential(-rate * time) for rate in rates))
        answers = [moments(rate * time, _DEGREE) for rate in rates]
        gained.append(
            tuple(
                time
                * factor
                * dot([one * one for one in source], [answer[q] for answer in answers])
                for q, factor in enumerate(_powers(place))
            )
        )
    return Weights(tuple(kept), tuple(gained))


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


@lru_cache(maxsize=64)
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
