"""A caching allocator: blocks are kept when freed, and given back to the driver only when nothing else is left."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from ironlaw.base.errors import DomainError

_SMALLEST = 512


class Step(NamedTuple):
    """What the allocator asks of the driver.

    Attributes:
        call: cudaMalloc, cudaDeviceSynchronize or cudaFree.
        size: Bytes, 0 for a synchronisation [B].
        failed: Whether the driver refused.
    """

    call: str
    size: int
    failed: bool = False


def size_class(size: int) -> int:
    """Size of the block that serves a request: the next power of two [B].

    Args:
        size: Bytes asked for [B].

    Example:
        >>> size_class(320_000)
        524288
    """
    block = _SMALLEST
    while block < size:
        block *= 2
    return block


@dataclass(slots=True)
class CachingAllocator:
    """Blocks by size class, under a limit.

    Attributes:
        limit: Bytes that it may hold of the driver [B].
        cached: Free blocks that it keeps [B].
        in_use: Bytes of blocks that are given out [B].
    """

    limit: int
    cached: list[int] = field(default_factory=list[int])
    in_use: int = 0

    @property
    def reserved(self) -> int:
        """Bytes held of the driver [B]."""
        total = self.in_use
        for block in self.cached:
            total += block
        return total

    def allocate(self, size: int) -> tuple[int, tuple[Step, ...]]:
        """Serve a request.

        Args:
            size: Bytes [B].

        Returns:
            The size of the block, and what the driver is asked for: nothing where a cached block fits.

        Raises:
            DomainError: if the request does not fit beside what is in use.
        """
        block = size_class(size)
        if block in self.cached:
            self.cached.remove(block)
            self.in_use += block
            return block, ()
        if self.in_use + block > self.limit:
            raise DomainError("size", size, f"what fits: {self.limit - self.in_use} B are left")
        steps: list[Step] = []
        if self.reserved + block > self.limit:
            steps = [Step("cudaMalloc", block, failed=True), Step("cudaDeviceSynchronize", 0)]
            steps += [Step("cudaFree", old) for old in sorted(self.cached, reverse=True)]
            self.cached.clear()
        self.in_use += block
        return block, (*steps, Step("cudaMalloc", block))

    def free(self, block: int) -> None:
        """Take a block back into the cache.

        Args:
            block: Its size [B].
        """
        self.in_use -= block
        self.cached.append(block)
