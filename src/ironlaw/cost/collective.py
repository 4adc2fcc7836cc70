"""Collectives between the chips of a node: two protocols, the faster one runs."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from ironlaw.base.errors import DomainError
from ironlaw.base.number import where
from ironlaw.base.power import log2, power
from ironlaw.cost.iron_law import TimeTerms

if TYPE_CHECKING:
    from ironlaw.base.number import Number
    from ironlaw.registry.calibration import CollectiveConstants


_PAIR = 2


def all_reduce_volume(size: Number, ranks: int) -> Number:
    """Bytes that each chip sends for an all-reduce, 2·(n − 1)/n of the message [B].

    Args:
        size: Message [B].
        ranks: Chips, n.

    Example:
        >>> all_reduce_volume(8.0, 8)
        14.0
    """
    return 2.0 * (ranks - 1.0) / ranks * size


def all_gather_volume(size: Number, ranks: int) -> Number:
    """Bytes that each chip sends for an all-gather of a result of `size` bytes, (n − 1)/n of it [B].

    Args:
        size: The gathered result [B].
        ranks: Chips, n.
    """
    return (ranks - 1.0) / ranks * size


def collective_terms(
    volume: Number, ranks: int, *, constants: CollectiveConstants, link_bandwidth: float
) -> TimeTerms:
    r"""Time terms of a collective.

    $$ t = \min(a + a_n (n-1) + V / (e_l BW_l), a + a_n (n-1) + a_s + V / (e(n) BW_l)), e(n) = e (n/2)^{\log_2 e_n} $$

    Args:
        volume: Bytes that each chip sends, V [B].
        ranks: Chips, n.
        constants: Fitted constants of chip and implementation.
        link_bandwidth: BW of the links of a chip, one direction [B/s].

    Returns:
        The terms [s].

    Raises:
        DomainError: for fewer than two chips.

    Source:
        model form of the calibration, fitted to aiconfigurator; reproduces its reference predictions.
    """
    if ranks < _PAIR:
        raise DomainError(
            "ranks", ranks, "the whole numbers from 2: one chip has nothing to exchange"
        )
    grown = constants.e * _growth(constants.en, ranks)
    start = constants.a + constants.an * (ranks - 1.0)
    small = volume / (constants.el * link_bandwidth)
    large = volume / (grown * link_bandwidth)
    quick = small <= constants.as_ + large
    return TimeTerms(
        link=where(quick, small, large), latency=start + where(quick, 0.0, constants.as_)
    )


@lru_cache(maxsize=256)
def _growth(gain: float, ranks: int) -> float:
    """What the doublings from two ranks on gain, en^log2(n/2)."""
    return float(power(gain, float(log2(ranks / 2.0))))


def faster(first: TimeTerms, second: TimeTerms) -> TimeTerms:
    """The terms of the faster of two implementations, element by element.

    Args:
        first: Terms of one.
        second: Terms of the other.
    """
    pick = first.total <= second.total
    return TimeTerms(
        link=where(pick, first.link, second.link),
        latency=where(pick, first.latency, second.latency),
    )
