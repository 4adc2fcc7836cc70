"""Exact bounds of a probability from a count, with the same digits everywhere."""

from __future__ import annotations

from ironlaw.base.errors import DomainError
from ironlaw.base.power import exponential, logarithm

_HALF_LN_TAU = 0.9189385332046727  # ln(2π)/2
# B_2i/(2i(2i − 1)) of Stirling's series; above 10 what follows is below 1e-16
_STIRLING = (1 / 12, -1 / 360, 1 / 1260, -1 / 1680, 1 / 1188, -691 / 360360, 1 / 156)
_ENOUGH = 10.0
_SMALLEST = 1e-300
_MOST_STEPS = 10_000
_CONVERGED = 1e-15
_MOST_HALVINGS = 200


def log_gamma(value: float) -> float:
    r"""The logarithm of the gamma function by Stirling's series.

    $$ \ln\Gamma(x) = (x - 1/2)\ln x - x + \ln(2\pi)/2 + \sum_i \frac{B_{2i}}{2i(2i-1)x^{2i-1}} $$

    Args:
        value: A positive number.

    Example:
        >>> round(log_gamma(5.0), 12) == round(logarithm(24.0), 12)
        True
    """
    product = 1.0
    while value < _ENOUGH:
        product *= value
        value += 1.0
    series, term = 0.0, 1.0 / value
    for coefficient in _STIRLING:
        series += coefficient * term
        term /= value * value
    stirling = (value - 0.5) * logarithm(value) - value + _HALF_LN_TAU + series
    return stirling - logarithm(product)


def beta_share(value: float, first: float, second: float) -> float:
    r"""The regularised incomplete beta function $I_x(a, b)$, by its continued fraction.

    Args:
        value: x, from 0 to 1.
        first: a, positive.
        second: b, positive.

    Source:
        The modified Lentz algorithm on DLMF 8.17.22.

    Example:
        >>> round(beta_share(0.5, 2.0, 2.0), 12)
        0.5
    """
    if value <= 0.0 or value >= 1.0:
        return 0.0 if value <= 0.0 else 1.0
    if value > (first + 1.0) / (first + second + 2.0):
        return 1.0 - beta_share(1.0 - value, second, first)
    front = log_gamma(first + second) - log_gamma(first) - log_gamma(second)
    front += first * logarithm(value) + second * logarithm(1.0 - value)
    return exponential(front) * _fraction(value, first, second) / first


def _fraction(x: float, a: float, b: float) -> float:
    """The continued fraction of the incomplete beta function."""
    c, d = 1.0, 1.0 / _apart(1.0 - (a + b) * x / (a + 1.0))
    value = d
    for m in range(1, _MOST_STEPS):
        even = m * (b - m) * x / ((a + 2 * m - 1.0) * (a + 2 * m))
        odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1.0))
        step = 1.0
        for term in (even, odd):
            d = 1.0 / _apart(1.0 + term * d)
            c = _apart(1.0 + term / c)
            step = c * d
            value *= step
        if abs(step - 1.0) < _CONVERGED:
            break
    return value


def _apart(value: float) -> float:
    """A divisor that is not zero."""
    return value if abs(value) > _SMALLEST else _SMALLEST


def share_bounds(count: int, total: int, confidence: float = 0.95) -> tuple[float, float]:
    """The Clopper-Pearson interval of a share: what values would not make the count a surprise.

    Args:
        count: How often it happened.
        total: Out of how many.
        confidence: Of the interval, between 0 and 1.

    Returns:
        The lowest and the highest share.

    Raises:
        DomainError: if the count is not between zero and the total, or the total is zero.

    Source:
        clopper-pearson-1934.

    Example:
        >>> low, high = share_bounds(0, 300)
        >>> low, round(high, 5)
        (0.0, 0.01222)
    """
    if total < 1:
        raise DomainError("total", total, "the whole numbers from 1")
    if not 0 <= count <= total:
        raise DomainError("count", count, f"the whole numbers from 0 to {total}")
    if not 0.0 < confidence < 1.0:
        raise DomainError("confidence", confidence, "(0, 1)")
    beside = (1.0 - confidence) / 2.0
    low = 0.0 if count == 0 else _quantile(beside, float(count), total - count + 1.0)
    high = 1.0 if count == total else _quantile(1.0 - beside, count + 1.0, float(total - count))
    return low, high


def _quantile(share: float, first: float, second: float) -> float:
    """Where the incomplete beta function reaches a share, by halving."""
    low, high = 0.0, 1.0
    for _ in range(_MOST_HALVINGS):
        middle = 0.5 * (low + high)
        if middle in (low, high):
            break
        if beta_share(middle, first, second) < share:
            low = middle
        else:
            high = middle
    return 0.5 * (low + high)


def at_least(count: int, total: int, share: float) -> float:
    """The probability that something of a given share happens at least so often.

    Args:
        count: How often at least.
        total: Out of how many.
        share: Its probability each time.

    Example:
        >>> round(at_least(2, 2, 0.5), 12)
        0.25
    """
    return 1.0 if count <= 0 else beta_share(share, float(count), total - count + 1.0)
