"""What the GPU finds at each moment: its clocks, and the bandwidth that other engines leave."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from ironlaw.system.jitter.pipeline import Work

NANOSECOND = 1_000_000_000


def nanoseconds(time: float) -> int:
    """A time in whole nanoseconds.

    Args:
        time: Not below zero [s].

    Example:
        >>> nanoseconds(1.5e-6)
        1500
    """
    return int(time * NANOSECOND + 0.5)


class Clocks(NamedTuple):
    """How much slower the clocks are than the full ones.

    Attributes:
        gpu: Full over actual clock of the GPU.
        memory: Full over actual clock of the memory.
    """

    gpu: float = 1.0
    memory: float = 1.0


class Burst(NamedTuple):
    """Another engine on the memory.

    Attributes:
        start: When it begins [ns].
        end: When it is over [ns].
        share: Of the bandwidth that it takes.
    """

    start: int
    end: int
    share: float


class Timeline:
    """Clocks and bursts of a frame.

    Args:
        clocks: The same all through the frame.
        bursts: Other engines; where several are at work, their shares add up.
    """

    def __init__(self, clocks: Clocks, bursts: tuple[Burst, ...]) -> None:
        self.clocks = clocks
        self.bursts: tuple[Burst, ...] = ()
        self._edges: list[int] = []
        for burst in bursts:
            self.add(burst)

    def add(self, burst: Burst) -> None:
        """Another engine starts to use the memory.

        Args:
            burst: From when to when, and how much.
        """
        self.bursts = (*self.bursts, burst)
        self._edges = sorted({*self._edges, burst.start, burst.end})

    def free(self, moment: int) -> float:
        """Fraction of the bandwidth that is left to the GPU.

        Args:
            moment: When [ns].
        """
        left = 1.0
        for burst in self.bursts:
            if burst.start <= moment < burst.end:
                left -= burst.share
        return left

    def end(self, start: int, work: Work) -> int:
        """When a kernel is done: each piece of time does its part of the work, at the rate of that piece.

        Args:
            start: When it begins [ns].
            work: What it does at full clocks.
        """
        gpu, memory = self.clocks
        now, undone = start, 1.0
        for edge in self._edges:
            if edge <= now:
                continue
            whole = work.time(gpu, memory / self.free(now)) * NANOSECOND
            if undone * whole <= edge - now:
                break
            undone -= (edge - now) / whole
            now = edge
        return now + nanoseconds(undone * work.time(gpu, memory / self.free(now)))
