"""Which level of the memory hierarchy serves a byte: levels that keep what was touched last."""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING

from ironlaw.base.errors import DomainError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ironlaw.system.probe.recording import Stretch

_CHUNK = 16384  # bytes that come and go together [B]


class Hierarchy:
    """Caches in front of a memory, each of which keeps the bytes that were touched last.

    Args:
        capacities: Sizes of the caches, smallest first [B].
    """

    def __init__(self, capacities: Sequence[float]) -> None:
        if list(capacities) != sorted(capacities):
            raise DomainError("capacities", list(capacities), "sizes in rising order")
        self._room = [int(capacity // _CHUNK) for capacity in capacities]
        self._kept: list[OrderedDict[int, None]] = [OrderedDict() for _ in capacities]

    def touch(self, stretches: Sequence[Stretch]) -> tuple[float, ...]:
        """Touch the bytes of one pass.

        Args:
            stretches: What the pass touches.

        Returns:
            Bytes that each cache serves, smallest first, and the memory last [B].
        """
        served = [0.0] * (len(self._kept) + 1)
        for first, last in stretches:
            for chunk in range(first // _CHUNK, -(-last // _CHUNK)):
                begin, end = max(first, chunk * _CHUNK), min(last, (chunk + 1) * _CHUNK)
                served[self._touched(chunk)] += float(end - begin)
        return tuple(served)

    def _touched(self, chunk: int) -> int:
        """The level that holds a chunk; afterwards all of them do."""
        found = len(self._kept)
        for level, kept in enumerate(self._kept):
            if chunk in kept:
                found = min(found, level)
                kept.move_to_end(chunk)
                continue
            kept[chunk] = None
            if len(kept) > self._room[level]:
                kept.popitem(last=False)
        return found
