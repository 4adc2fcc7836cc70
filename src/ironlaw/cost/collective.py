"""Collectives between the chips of a node: two protocols, the faster one runs."""

from __future__ import annotations

import math
from functools import lru_cache
from typing import TYPE_CHECKING

from ironlaw.base.errors import DomainError
from ironlaw.base.number import where
from ironlaw.base.power import log2, power
from ironlaw.cost.iron_law import TimeTerms

if TYPE_CHECKING:
    from ironlaw.base.number import Number
    from ironlaw.registry.constants import CollectiveConstants


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
    r"""Time terms of a collective: the fastest of three protocols.

    $$ t = a + a_n (n-1) + \min(V / (e_l(n) BW_l), a_m + V / (e_m(n) BW_l), a_s + a_{sn} (n-2) + V / (e(n) BW_l)) $$

    with e(n) = e (n/2)^{log2 e_n}, and e_m(n) likewise; e_l(n) grows with e_{ln}.

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
        model form of the calibration, fitted to aiconfigurator.
    """
    if ranks < _PAIR:
        raise DomainError(
            "ranks", ranks, "the whole numbers from 2: one chip has nothing to exchange"
        )
    (rate, latency), *others = _protocols(constants, ranks, link_bandwidth)
    found = TimeTerms(link=volume / rate, latency=latency)
    for rate, latency in others:
        found = faster(found, TimeTerms(link=volume / rate, latency=latency))
    return found


@lru_cache(maxsize=256)
def _protocols(
    constants: CollectiveConstants, ranks: int, link_bandwidth: float
) -> tuple[tuple[float, float], ...]:
    """Rate [B/s] and latency [s] of each protocol: what does not depend on the message."""
    grown = _growth(constants.en, ranks) * link_bandwidth
    small = constants.el * _growth(constants.eln, ranks) * link_bandwidth
    start = constants.a + constants.an * (ranks - 1.0)
    late = start + constants.as_ + constants.asn * (ranks - 2.0)
    middle = (constants.em * grown, start + constants.am) if constants.am < math.inf else None
    found = ((small, start), middle, (constants.e * grown, late))
    return tuple(protocol for protocol in found if protocol is not None)


def _growth(gain: float, ranks: int) -> float:
    """What the doublings from two ranks on gain, en^log2(n/2)."""
    return float(power(gain, float(log2(ranks / 2.0))))


def faster(first: TimeTerms, second: TimeTerms) -> TimeTerms:
    """The terms of the faster of two collectives, of which only links and latency take time, element by element.

    Args:
        first: Terms of one.
        second: Terms of the other.
    """
    pick = first.link + first.latency <= second.link + second.latency
    return TimeTerms(
        link=where(pick, first.link, second.link),
        latency=where(pick, first.latency, second.latency),
    )
