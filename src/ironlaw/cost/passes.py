"""A pass over memory on a machine whose rates were measured: bytes by the level that serves them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ironlaw.base.errors import DomainError
from ironlaw.base.number import summed
from ironlaw.cost.iron_law import TimeTerms, compute_time, memory_time

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ironlaw.base.number import Number


def pass_terms(
    flops: Number,
    flop_rate: Number,
    fetched: Sequence[Number],
    bandwidths: Sequence[Number],
    overhead: Number = 0.0,
) -> TimeTerms:
    r"""The time of one pass: its arithmetic overlaps with its traffic, its levels serve it one after the other.

    $$ T = \max(O / R, \sum_i D_i / BW_i) + L_{lat} $$

    The bytes are those that are fetched: what is read, and each line that is written without having been read. Lines
    on their way back travel beside them.

    Args:
        flops: Work, O [FLOP].
        flop_rate: Rate of this kind of pass, R [FLOP/s].
        fetched: Bytes that each level serves, D_i [B].
        bandwidths: What each level can serve, BW_i [B/s].
        overhead: Dispatch of the call, L_lat [s].

    Returns:
        The terms [s].

    Raises:
        DomainError: if a rate is not positive, or bytes and bandwidths are not one for each level.

    Source:
        williams-2009, with one slope for each level.

    Example:
        >>> pass_terms(1e9, 1e12, (4e6, 8e6), (4e9, 2e9)).total
        0.005
    """
    if len(fetched) != len(bandwidths):
        raise DomainError(
            "fetched", list(fetched), f"one number for each of {len(bandwidths)} levels"
        )
    moved = summed(memory_time(size, rate) for size, rate in zip(fetched, bandwidths, strict=True))
    return TimeTerms(compute=compute_time(flops, flop_rate), memory=moved, latency=overhead)
