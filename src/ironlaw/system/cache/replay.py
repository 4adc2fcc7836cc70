"""Any stream of loads through a cache, one after the other: for kernels that are no walk over stored matrices."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ironlaw.system.cache.geometry import require_whole
from ironlaw.system.cache.sets import State, touching

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ironlaw.system.cache.geometry import CacheGeometry


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamCount:
    """What a stream does to a cache.

    Attributes:
        hits: Touches that found their line.
        misses: Touches that fetched it.
    """

    hits: int
    misses: int

    @property
    def accesses(self) -> int:
        """Lines touched."""
        return self.hits + self.misses


def replay(addresses: Iterable[int], cache: CacheGeometry, load_width: int = 1) -> StreamCount:
    """Load from addresses in their order, from an empty cache.

    Args:
        addresses: Address of the first byte of each load [B].
        cache: The cache.
        load_width: Bytes of one load; it touches every line that it lies in [B].

    Returns:
        Hits and misses.

    Raises:
        DomainError: if an address is not a whole number from 0, or a load is empty.

    Example:
        >>> from ironlaw.system.cache.geometry import CacheGeometry
        >>> replay([0, 4, 32, 0], CacheGeometry(line=32, sets=1, ways=1))
        StreamCount(hits=1, misses=3)
    """
    require_whole("load_width", load_width)
    touch = touching(cache, State(cache))
    accesses = misses = 0
    for address in addresses:
        require_whole("address", address, least=0)
        for line in range(address // cache.line, (address + load_width - 1) // cache.line + 1):
            accesses += 1
            misses += touch(line)
    return StreamCount(hits=accesses - misses, misses=misses)
