"""Exponentials of decaying modes, with the same digits everywhere."""

from __future__ import annotations

from ironlaw.base.errors import DomainError
from ironlaw.base.power import exponential

_SMALLEST_TERM = 1e-18  # what a series still adds to its first term


def moments(rate: float, degree: int, kept: float | None = None) -> tuple[float, ...]:
    r"""What a mode keeps of a power that grows like u^q, from u = 0 to 1, for each q up to a degree.

    $$ J_q = \int_0^1 e^{-x(1-u)} u^q du, J_q = (1 - q J_{q-1}) / x $$

    The recurrence is run upwards where q ≤ x and downwards where q > x: in both it damps its rounding errors.

    Args:
        rate: Rate of the mode times the span, x, not below zero.
        degree: The largest q.
        kept: e^-x, where it is known already.

    Raises:
        DomainError: for a rate below zero.

    Example:
        >>> moments(0.0, 2) == (1.0, 1 / 2, 1 / 3)
        True
    """
    if not rate >= 0.0:
        raise DomainError("rate", rate, "[0, ∞)")
    left = exponential(-rate) if kept is None else kept
    found = [0.0] * (degree + 1)
    turn = -1  # the largest q that is reached upwards
    if rate >= 1.0:
        found[0] = (1.0 - left) / rate
        turn = min(int(rate), degree)
        for q in range(1, turn + 1):
            found[q] = (1.0 - q * found[q - 1]) / rate
    if turn < degree:
        found[degree] = left * _series(rate, degree)
        for q in range(degree, turn + 1, -1):
            found[q - 1] = (1.0 - rate * found[q]) / q
    return tuple(found)


def _series(rate: float, q: int) -> float:
    """J_q e^x by a series of positive terms, Σ x^r / (r! (q + 1 + r)); good where x is not above q or so."""
    term, total, r = 1.0, 1.0 / (q + 1), 0
    while term > _SMALLEST_TERM * total:
        r += 1
        term *= rate / r
        total += term / (q + 1 + r)
    return total
