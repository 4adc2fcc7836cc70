"""Gauges: MFU, MBU raw and useful, memory used."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from ironlaw.base.plain import plain_fields
from ironlaw.instruments.scale import significant, with_prefix

if TYPE_CHECKING:
    from ironlaw.system.diagnosis import Diagnosis

Tone = Literal["plain", "warn", "bad"]
_IDLE_RATIO = 2.0  # raw over useful bandwidth from which the bus is called idle in its business


@dataclass(frozen=True, slots=True, kw_only=True)
class Gauge:
    """A fraction with what it is a fraction of."""

    id: str
    label: str
    value: float
    note: str
    tone: Tone = "plain"

    def to_dict(self) -> dict[str, object]:
        """The gauge as plain data."""
        return plain_fields(self)


def gauges(diagnosis: Diagnosis, amplification: float | None) -> tuple[Gauge, ...]:
    """The gauges of a step.

    Args:
        diagnosis: The step.
        amplification: Bytes moved for each byte of the KV cache; None leaves that note out.
    """
    mfu = Gauge(
        id="mfu",
        label="MFU",
        value=float(diagnosis.mfu),
        note=f"of {with_prefix(diagnosis.peak, 'FLOP/s')} a chip",
    )
    return (mfu, *_bandwidth_gauges(diagnosis, amplification), _memory_gauge(diagnosis))


def _bandwidth_gauges(diagnosis: Diagnosis, amplification: float | None) -> tuple[Gauge, Gauge]:
    raw, useful = float(diagnosis.mbu_raw), float(diagnosis.mbu_useful)
    idle = raw > _IDLE_RATIO * useful
    bus = f"of {with_prefix(diagnosis.scenario.chip.bandwidth, 'B/s')} a chip"
    copies = "weights and cache, each once"
    if amplification is not None:
        moved = significant(amplification)
        copies = f"{moved} {'byte' if moved == '1' else 'bytes'} moved for each byte of cache"
    return (
        Gauge(
            id="mbu_raw",
            label="MBU, raw",
            value=raw,
            note="the bus is busy …" if idle else bus,
        ),
        Gauge(
            id="mbu_useful",
            label="MBU, useful",
            value=useful,
            note=f"… carrying copies: {copies}" if idle else copies,
            tone="warn" if idle else "plain",
        ),
    )


def _memory_gauge(diagnosis: Diagnosis) -> Gauge:
    used, capacity = float(diagnosis.footprint.total), diagnosis.scenario.chip.capacity
    return Gauge(
        id="memory",
        label="Memory",
        value=used / capacity,
        note=f"{with_prefix(used, 'B')} of {with_prefix(capacity, 'B')} a chip",
        tone="bad" if used > capacity else "plain",
    )
