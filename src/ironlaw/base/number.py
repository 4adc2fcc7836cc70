"""Arithmetic that serves a scalar and a sweep alike.

A Python float is answered by the standard library. An array is answered by NumPy, which is imported only when an
array is there. Both give the same digits. A recorded number is answered by a note on its tape.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, TypeAlias, cast, overload

from ironlaw.base.errors import DomainError
from ironlaw.base.recording import recorded

if TYPE_CHECKING:
    from collections.abc import Iterable

    import numpy as np
    from numpy.typing import NDArray

Number: TypeAlias = "float | NDArray[np.float64]"
"""A float, or an array of them: every formula takes and returns either."""


_LARGEST_COUNT = 2**53  # whole numbers up to here are floats


def is_scalar(value: object) -> bool:
    """Whether a number is a plain Python number and not an array."""
    return isinstance(value, (float, int))


def as_float(value: Number) -> Number:
    """A whole number as a float; an array as it is.

    Counts outgrow int64, which wraps in silence, so formulas work on floats.
    """
    return float(value) if isinstance(value, (float, int)) else value.astype(float)


def maximum(first: Number, second: Number) -> Number:
    """The larger of two numbers, element by element.

    Example:
        >>> maximum(1.0, 2.0)
        2.0
    """
    if type(first) is float and type(second) is float:  # the hot path of every kernel's cost
        return first if first >= second else second
    if isinstance(first, (float, int)) and isinstance(second, (float, int)):
        return float(max(first, second))
    noted = recorded(maximum, first, second)
    if noted is not None:
        return noted
    import numpy as np  # noqa: PLC0415 - only when an array is there (style rule 3)

    return cast("Number", np.maximum(first, second))


def minimum(first: Number, second: Number) -> Number:
    """The smaller of two numbers, element by element."""
    if isinstance(first, (float, int)) and isinstance(second, (float, int)):
        return float(min(first, second))
    noted = recorded(minimum, first, second)
    if noted is not None:
        return noted
    import numpy as np  # noqa: PLC0415 - only when an array is there (style rule 3)

    return cast("Number", np.minimum(first, second))


def where(condition: object, then: Number, otherwise: Number) -> Number:
    """One number where the condition holds and the other where it does not.

    Args:
        condition: A bool, or an array of them.
        then: The value where it holds.
        otherwise: The value elsewhere.

    Example:
        >>> where(2.0 > 1.0, 10.0, 20.0)
        10.0
    """
    if isinstance(condition, bool):
        return then if condition else otherwise
    import numpy as np  # noqa: PLC0415 - only when an array is there (style rule 3)

    return cast("Number", np.where(cast("NDArray[np.bool_]", condition), then, otherwise))


def ceil(value: Number) -> Number:
    """The smallest whole number not below the value, as a float.

    Example:
        >>> ceil(1.2)
        2.0
    """
    if isinstance(value, (float, int)):
        return float(math.ceil(value))
    noted = recorded(ceil, value)
    if noted is not None:
        return noted
    import numpy as np  # noqa: PLC0415 - only when an array is there (style rule 3)

    return cast("Number", np.ceil(value))


def root(value: Number) -> Number:
    """The square root, which IEEE 754 rounds the same everywhere.

    Example:
        >>> root(9.0)
        3.0
    """
    if isinstance(value, (float, int)):
        return math.sqrt(value)
    import numpy as np  # noqa: PLC0415 - only when an array is there (style rule 3)

    return cast("Number", np.sqrt(value))


def clip(value: Number, low: Number, high: Number) -> Number:
    """The value, held between two limits."""
    return minimum(maximum(value, low), high)


def everywhere(condition: object) -> bool:
    """Whether a condition holds, for all elements if it is an array.

    Example:
        >>> everywhere(3.0 > 2.0)
        True
    """
    if isinstance(condition, bool):
        return condition
    import numpy as np  # noqa: PLC0415 - only when an array is there (style rule 3)

    return bool(np.all(cast("NDArray[np.bool_]", condition)))


def anywhere(condition: object) -> bool:
    """Whether a condition holds, for any element if it is an array.

    Example:
        >>> anywhere(3.0 > 2.0)
        True
    """
    if isinstance(condition, bool):
        return condition
    import numpy as np  # noqa: PLC0415 - only when an array is there (style rule 3)

    return bool(np.any(cast("NDArray[np.bool_]", condition)))


@overload
def summed(values: Iterable[float]) -> float: ...


@overload
def summed(values: Iterable[Number]) -> Number: ...


def summed(values: Iterable[Number]) -> Number:
    """Numbers added up from the first to the last.

    The `sum` of Python 3.12 and later compensates its rounding errors, that of 3.11 does not, and NumPy adds in pairs:
    a sum that is the same everywhere is a loop.

    Args:
        values: Numbers of one unit.

    Example:
        >>> summed([0.1, 0.2, 0.3])
        0.6000000000000001
    """
    total: Number = 0.0
    for value in values:
        total = total + value
    return total


def square_root(value: Number) -> Number:
    """The square root, correctly rounded everywhere.

    Example:
        >>> square_root(9.0)
        3.0
    """
    if isinstance(value, (float, int)):
        return math.sqrt(value)
    noted = recorded(square_root, value)
    if noted is not None:
        return noted
    import numpy as np  # noqa: PLC0415 - only when an array is there (style rule 3)

    return cast("Number", np.sqrt(value))


def floor(value: Number) -> Number:
    """The largest whole number not above the value, as a float."""
    return -ceil(-value)


def require_positive(name: str, value: Number) -> None:
    """Refuse a number that is not above zero and finite.

    Raises:
        DomainError: naming the parameter.
    """
    if isinstance(value, (float, int)):
        if not (value > 0.0 and math.isfinite(value)):
            raise DomainError(name, value, "(0, ∞)")
        return
    if not everywhere((value > 0.0) & (value < math.inf)):
        raise DomainError(name, value, "(0, ∞)")


def require_count(name: str, value: Number) -> None:
    """Refuse a number that is not a whole number of at least one.

    Raises:
        DomainError: naming the parameter.
    """
    if not _is_number(value):
        raise DomainError(name, value, "the whole numbers from 1 to 2^53")
    if not everywhere((value >= 1.0) & (ceil_or_nan(value) == value)):
        raise DomainError(name, value, "the whole numbers from 1 to 2^53")


def _is_number(given: object) -> bool:
    """Whether a caller without types passed a number at all, one that a float holds exactly."""
    if isinstance(given, int):
        return not isinstance(given, bool) and abs(given) <= _LARGEST_COUNT
    return isinstance(given, float) or hasattr(given, "dtype")


def ceil_or_nan(value: Number) -> Number:
    """Like `ceil`, but NaN where the value is not finite."""
    if isinstance(value, (float, int)):
        return ceil(value) if math.isfinite(value) else math.nan
    return where(abs(value) < math.inf, ceil(value), math.nan)
