"""What attention moves for each byte of the KV cache."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ironlaw.base.number import summed
from ironlaw.workload.graph import Role

if TYPE_CHECKING:
    from ironlaw.system.diagnosis import Diagnosis
    from ironlaw.workload.kernels import Kernel

_COUNTED = (Role.KV_CACHE, Role.KV_COPY, Role.SCORES)


@dataclass(frozen=True, slots=True, kw_only=True)
class CacheTraffic:
    """Bytes of the KV cache, its copies and the scores [B].

    Attributes:
        moved: What crosses kernel borders in the step.
        once: The cache itself.
        makers: Kernels that write copies of the cache, with the bytes that they write.
    """

    moved: float
    once: float
    makers: dict[str, float]

    @property
    def amplification(self) -> float:
        """Bytes moved for each byte of the cache, r; 1 where there is no cache."""
        return self.moved / self.once if self.once > 0.0 else 1.0

    @property
    def copied_share(self) -> float:
        """Share of the bytes moved that one pass over the cache would not need."""
        return max(1.0 - self.once / self.moved, 0.0) if self.moved > 0.0 else 0.0


def cache_traffic(diagnosis: Diagnosis) -> CacheTraffic:
    """Add up what attention moves of the cache, of copies of it, and of scores.

    New rows that are appended in place are not counted: they are the cache being made.

    Args:
        diagnosis: The step.

    Returns:
        The traffic of one chip.
    """
    moved = 0.0
    makers: dict[str, float] = {}
    for launches in diagnosis.launches:
        kernel, count = launches.cost.kernel, launches.launches
        moved += count * _moved(kernel)
        for crossing in kernel.border.leaves:
            if crossing.role is Role.KV_COPY:
                written = count * float(kernel.writes[crossing.tensor])
                makers[kernel.name] = makers.get(kernel.name, 0.0) + written
    return CacheTraffic(moved=moved, once=float(diagnosis.footprint.step_cache), makers=makers)


def _moved(kernel: Kernel) -> float:
    border = kernel.border
    read = summed(float(kernel.reads[c.tensor]) for c in border.enters if c.role in _COUNTED)
    rewrites = any(c.role is Role.KV_CACHE for c in border.enters)
    written = summed(
        float(kernel.writes[c.tensor])
        for c in border.leaves
        if c.role in _COUNTED and (c.role is not Role.KV_CACHE or rewrites)
    )
    return read + written
