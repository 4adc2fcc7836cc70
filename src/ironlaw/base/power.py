"""Logarithms and powers with the same digits everywhere: in CPython, in Pyodide and in NumPy.

C libraries and NumPy's vector code round `exp`, `pow` and their like differently in the last bit. What is here uses the
four operations and exact scaling by powers of two alone, which IEEE 754 fixes to the bit.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, cast

from ironlaw.base.errors import DomainError
from ironlaw.base.number import everywhere, floor, is_scalar, require_positive, where
from ironlaw.base.recording import recorded

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from ironlaw.base.number import Number

_LN2 = 0.6931471805599453
_TWO_OVER_LN2 = 2.8853900817779268
_SQRT_HALF = 0.7071067811865476
# 1/(2i + 1): log2(m) = 2/ln 2 · Σ s^(2i+1)/(2i + 1), s = (m − 1)/(m + 1), |s| ≤ 0.172: the rest is below 1e-18
_ODD = tuple(1.0 / (2 * i + 1) for i in range(11, -1, -1))
# 1/i!: e^y = Σ y^i/i!, |y| ≤ 0.347: the rest is below 1e-17
_FACTORIAL = tuple(1.0 / math.factorial(i) for i in range(14, -1, -1))
_LARGEST_EXPONENT = 1023.0
_LOG2_E = 1.4426950408889634
_LN2_HIGH, _LN2_LOW = 0.693147180369123816490, 1.90821492927058770002e-10  # ln 2 in two parts
_LEAST = -700.0  # e to less than that is no normal number


def log2(value: Number) -> Number:
    r"""The binary logarithm, exact for powers of two and within two units of the last place elsewhere.

    $$ \log_2 x = e + \frac{2}{\ln 2} \sum_i \frac{s^{2i+1}}{2i+1}, x = m 2^e, s = \frac{m-1}{m+1} $$

    Args:
        value: A positive number.

    Raises:
        DomainError: if it is not positive and finite.

    Example:
        >>> log2(8.0)
        3.0
    """
    require_positive("value", value)
    mantissa, exponent = _split(value)
    small = mantissa < _SQRT_HALF
    mantissa = where(small, 2.0 * mantissa, mantissa)
    exponent = where(small, exponent - 1.0, exponent)
    s = (mantissa - 1.0) / (mantissa + 1.0)
    square = s * s
    series: Number = 0.0
    for coefficient in _ODD:
        series = series * square + coefficient
    return exponent + _TWO_OVER_LN2 * (s * series)


def exp2(value: Number) -> Number:
    r"""Two to a power, exact for whole ones and within two units of the last place elsewhere.

    $$ 2^x = 2^n \sum_i \frac{(f \ln 2)^i}{i!}, x = n + f, |f| \le 1/2 $$

    Args:
        value: The exponent, from −1023 to 1023.

    Raises:
        DomainError: if the power is not a normal number.

    Example:
        >>> exp2(10.0)
        1024.0
    """
    if is_scalar(value):
        number = cast("float", value)
        if not abs(number) < _LARGEST_EXPONENT:
            raise DomainError("exponent", value, "(-1023, 1023)")
        whole = float(math.floor(number + 0.5))
        return math.ldexp(_exponential((number - whole) * _LN2), int(whole))
    import numpy as np  # noqa: PLC0415 - only when an array is there (style rule 3)

    if not bool(np.all(np.abs(value) < _LARGEST_EXPONENT)):
        raise DomainError("exponent", value, "(-1023, 1023)")
    wholes = np.floor(value + 0.5)
    return cast("Number", np.ldexp(_exponential((value - wholes) * _LN2), wholes.astype(int)))


def exponential(value: float) -> float:
    """The natural exponential: zero where it is too small for a normal number, infinite where it is too large.

    Written out for one number, because the course of a temperature is made of tens of thousands of them.

    Args:
        value: The exponent.

    Example:
        >>> exponential(0.0)
        1.0
    """
    if value < _LEAST:
        return 0.0
    if value > -_LEAST:
        return math.inf
    whole = math.floor(value * _LOG2_E + 0.5)
    y = (value - whole * _LN2_HIGH) - whole * _LN2_LOW
    rest = 1.0 + y / 9.0 * (1.0 + y / 10.0 * (1.0 + y / 11.0 * (1.0 + y / 12.0 * (1.0 + y / 13.0))))
    half = 1.0 + y / 5.0 * (1.0 + y / 6.0 * (1.0 + y / 7.0 * (1.0 + y / 8.0 * rest)))
    return math.ldexp(1.0 + y * (1.0 + y / 2.0 * (1.0 + y / 3.0 * (1.0 + y / 4.0 * half))), whole)


def logarithm(value: float) -> float:
    """The natural logarithm.

    Args:
        value: A positive number.

    Raises:
        DomainError: if it is not positive and finite.

    Example:
        >>> logarithm(1.0)
        0.0
    """
    return float(cast("float", log2(value))) / _LOG2_E


def power(base: Number, exponent: float) -> Number:
    r"""A positive number to a constant power: the product for the whole part, 2^(f log2 x) for the rest.

    Args:
        base: A positive number, x.
        exponent: Any number not below zero, up to 1023.

    Raises:
        DomainError: for an exponent outside its range, or a base that is not positive.

    Example:
        >>> power(1.5, 2.0)
        2.25
        >>> power(4.0, 1.5)
        8.0
    """
    if not 0.0 <= exponent < _LARGEST_EXPONENT:
        raise DomainError("exponent", exponent, "[0, 1023)")
    whole = int(exponent)
    result: Number = 1.0
    for _ in range(whole):
        result = result * base
    rest = exponent - whole
    return result if rest == 0.0 else result * exp2(rest * log2(base))


def whole_power(base: float, exponent: Number) -> Number:
    """Base to a whole exponent, by squaring: the same products, and so the same digits, everywhere.

    Args:
        base: A number from 0 to 1.
        exponent: Whole numbers from 0.

    Raises:
        DomainError: for a base outside that range.

    Example:
        >>> whole_power(0.5, 10.0)
        0.0009765625
    """
    if not 0.0 <= base <= 1.0:
        raise DomainError("base", base, "[0, 1]")
    if isinstance(exponent, (float, int)):
        result, left = 1.0, int(exponent)
        while left and base:
            if left % 2:
                result *= base
            base *= base
            left //= 2
        return result if not left else 0.0
    noted = recorded(whole_power, base, exponent)
    if noted is not None:
        return noted
    powers: Number = exponent * 0.0 + 1.0
    rest: Number = exponent
    while not everywhere(rest < 1.0):
        half = floor(rest / 2.0)
        powers = where(rest > 2.0 * half, powers * base, powers)
        base, rest = base * base, half
    return powers


def _exponential(y: Number) -> Number:
    """e^y near zero."""
    series: Number = 0.0
    for coefficient in _FACTORIAL:
        series = series * y + coefficient
    return series


def _split(value: Number) -> tuple[Number, Number]:
    """Mantissa in [1/2, 1) and exponent."""
    if is_scalar(value):
        mantissa, exponent = math.frexp(cast("float", value))
        return mantissa, float(exponent)
    import numpy as np  # noqa: PLC0415 - only when an array is there (style rule 3)

    mantissas, exponents = np.frexp(cast("NDArray[np.float64]", value))
    return mantissas, exponents.astype(float)
