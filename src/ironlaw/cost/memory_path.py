"""Seconds a byte takes on the way from memory, with what sits in the level-2 cache."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from ironlaw.base.errors import DomainError
from ironlaw.base.number import maximum, minimum, require_positive, root

if TYPE_CHECKING:
    from ironlaw.base.number import Number

_FOURTH = 4.0
_NO_TIME = 1e-300  # in place of zero in a quotient [s]
_USABLE = 0.8  # share of the level-2 cache that one buffer can keep (form of the calibration)


def warm_fraction(footprint: Number, l2_capacity: float) -> Number:
    r"""Share of a buffer that a repeated measurement finds in the level-2 cache.

    $$ hit = 1 / (1 + (footprint / (0.8 \cdot L2))^4) $$

    It exists because micro-benchmarks replay one buffer. In a step the weights and the cache are cold: hit = 0.

    Args:
        footprint: Bytes that the kernel touches [B].
        l2_capacity: L2 [B].

    Returns:
        A fraction.

    Source:
        model form of the calibration, fitted to aiconfigurator.

    Example:
        >>> warm_fraction(40e6, 50e6)
        0.5
    """
    require_positive("l2_capacity", l2_capacity)
    ratio = footprint / (_USABLE * l2_capacity)
    square = ratio * ratio
    return 1.0 / (1.0 + square * square)


def seconds_per_byte(
    bandwidth: float, efficiency: float, l2_multiple: float, hit: Number = 0.0
) -> Number:
    r"""Time of a byte of traffic, part of it from the level-2 cache.

    $$ \beta = (1 - hit) / (eb \cdot BW) + hit / (l2x \cdot BW) $$

    Args:
        bandwidth: BW_mem [B/s].
        efficiency: Reached fraction of it, eb.
        l2_multiple: Level-2 bandwidth as a multiple of it, l2x.
        hit: Warm fraction.

    Returns:
        β [s/B].

    Source:
        model form of the calibration, fitted to aiconfigurator.
    """
    return (1.0 - hit) / (efficiency * bandwidth) + hit / (l2_multiple * bandwidth)


def blended(first: Number, second: Number, exponent: float) -> Number:
    r"""Two times that overlap, in the norm of an exponent.

    $$ (T_1^p + T_2^p)^{1/p} $$

    An infinite exponent is the perfect overlap, their maximum. Real kernels that are near the ridge get a little less.

    Args:
        first: A time [s].
        second: Another [s].
        exponent: p, 4 or infinite.

    Returns:
        The time [s], at most 1.19 times the maximum.

    Raises:
        DomainError: for another exponent.

    Example:
        >>> blended(1.0, 1.0, 4.0)
        1.189207115002721
    """
    longer = maximum(first, second)
    if exponent == math.inf:
        return longer
    if exponent != _FOURTH:
        raise DomainError("exponent", exponent, "4 and infinity")
    ratio = minimum(first, second) / maximum(longer, _NO_TIME)
    square = ratio * ratio
    return longer * root(root(1.0 + square * square))
