"""Seconds a byte takes on the way from memory, with what sits in the level-2 cache."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ironlaw.base.number import require_positive

if TYPE_CHECKING:
    from ironlaw.base.number import Number

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
