"""DynamicRooflineVisualizer: the roofs of a chip and a dot for each kernel, the selected layer's in red."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from ironlaw.base.number import summed
from ironlaw.base.plain import plain_fields
from ironlaw.cost.iron_law import ridge_point
from ironlaw.instruments.scale import percent, significant, with_prefix
from ironlaw.system.table import KernelRow, intensity

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ironlaw.registry.chips import Chip
    from ironlaw.registry.dtypes import Dtype

RoofRole = Literal["main", "level", "other", "unscaled"]


@dataclass(frozen=True, slots=True)
class Axis:
    """A logarithmic axis."""

    label: str
    unit: str
    min: float
    max: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Roof:
    """A slope of `bandwidth` [B/s] under a plateau of `peak` [FLOP/s]; of form "sum" an arch, both at once.

    An energy roofline has B/J and FLOP/J instead: joules of bytes and of operations add up, they do not overlap.
    """

    id: str
    role: RoofRole
    label: str
    peak_label: str
    bandwidth: float
    peak: float
    form: Literal["max", "sum"] = "max"


@dataclass(frozen=True, slots=True)
class Ridge:
    """Where a slope meets its plateau [FLOP/B]."""

    roof: str
    x: float
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Dot:
    """A kernel: all its launches in the step. Intensity 0 is a pure copy; the ghost is what it is compared with.

    In an energy roofline the rate is in FLOP/J, the share one of the joules, and the energy is there [J].
    """

    id: str
    label: str
    layer: str
    intensity: float
    flop_rate: float
    share: float
    time: float
    count: int
    traffic: float
    flops: float
    bound: str
    member: bool
    ghost_rate: float | None = None
    energy: float | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """A point of the chart."""

    intensity: float
    flop_rate: float


@dataclass(frozen=True, slots=True)
class GapPart:
    """A part of the time between the roof and what silicon was seen to take [s]."""

    label: str
    time: float


@dataclass(frozen=True, slots=True, kw_only=True)
class RedDot:
    """The selected layer.

    Attributes:
        id: Its name.
        label: Its name in words.
        intensity: I [FLOP/B].
        flop_rate: Where it is drawn [FLOP/s].
        ghost_rate: Where the roof would let it be, in Profiler Mode [FLOP/s].
        before: Where it was before the knobs were turned.
        share: Of the step.
        note: In words.
        gap: What the distance to the roof is made of, in Profiler Mode.
    """

    id: str
    label: str
    intensity: float
    flop_rate: float
    ghost_rate: float | None
    before: Place | None
    share: float
    note: str
    gap: tuple[GapPart, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RooflinePicture:
    """The description of the chart."""

    title: str
    x: Axis
    y: Axis
    roofs: tuple[Roof, ...]
    ridges: tuple[Ridge, ...]
    dots: tuple[Dot, ...]
    selected: RedDot | None
    profiler: bool
    source: str

    def to_dict(self) -> dict[str, object]:
        """The picture as plain data."""
        return plain_fields(self)


def chip_roofs(chip: Chip, dtype: Dtype, role: RoofRole = "main") -> tuple[Roof, ...]:
    """The roof of a chip's main memory, and for the main role that of its level-2 cache.

    Args:
        chip: The chip.
        dtype: Number format of the plateau.
        role: How the roof is drawn.
    """
    peak = chip.peak(dtype)
    slope = f"{chip.memory} {with_prefix(chip.bandwidth, 'B/s')}"
    plateau = f"{with_prefix(peak, 'FLOP/s')} {dtype.value}"
    labels: dict[RoofRole, tuple[str, str]] = {
        "main": (slope, plateau),
        "unscaled": ("as printed", ""),
        "other": (chip.short_title, chip.short_title),
        "level": (slope, ""),
    }
    main = Roof(
        id=chip.name if role == "other" else role,
        role=role,
        label=labels[role][0],
        peak_label=labels[role][1],
        bandwidth=chip.bandwidth,
        peak=peak,
    )
    if role != "main" or chip.l2_bandwidth is None:
        return (main,)
    level = Roof(
        id="l2",
        role="level",
        label=f"L2 {with_prefix(chip.l2_bandwidth, 'B/s')}",
        peak_label="",
        bandwidth=chip.l2_bandwidth,
        peak=peak,
    )
    return (main, level)


def ridge(chip: Chip, dtype: Dtype) -> Ridge:
    """The ridge point of a chip's main memory."""
    x = float(ridge_point(chip.peak(dtype), chip.bandwidth))
    return Ridge("main", x, f"ridge {significant(x)} FLOP/B")


def kernel_dots(
    rows: Iterable[KernelRow], chip: Chip, *, layer: str | None, profiler: bool
) -> tuple[Dot, ...]:
    """A dot for each kernel that moves bytes.

    Args:
        rows: The kernel table.
        chip: The chip whose roof the kernels are under.
        layer: The selected layer.
        profiler: Draw them where silicon was seen, not on the roof.
    """
    return tuple(
        Dot(
            id=row.name,
            label=in_words(row.name),
            layer=row.layer,
            intensity=row.intensity,
            flop_rate=row.flop_rate if profiler else roof_rate((row,), chip),
            share=row.share,
            time=row.time,
            count=row.count,
            traffic=row.traffic,
            flops=row.flops,
            bound=row.bound,
            member=row.layer == layer,
        )
        for row in rows
        if row.traffic > 0.0
    )


def roof_rate(rows: tuple[KernelRow, ...], chip: Chip) -> float:
    """The rate that the roof allows some kernels together, each under its own plateau [FLOP/s].

    Args:
        rows: Kernels that run one after the other.
        chip: The chip.
    """
    flops = summed(row.flops for row in rows)
    least = summed(max(row.flops / row.peak, row.traffic / chip.bandwidth) for row in rows)
    return flops / least if least > 0.0 else 0.0


def red_dot(
    layer: str, rows: tuple[KernelRow, ...], chip: Chip, *, profiler: bool, before: Place | None
) -> RedDot:
    """The selected layer, all its kernels together.

    Args:
        layer: Its name.
        rows: Its kernels.
        chip: The chip.
        profiler: Whether to draw it where silicon was seen.
        before: Where it was before the knobs were turned.
    """
    flops, traffic = summed(row.flops for row in rows), summed(row.traffic for row in rows)
    time = summed(row.time for row in rows)
    allowed, seen = roof_rate(rows, chip), flops / time if time > 0.0 else 0.0
    return RedDot(
        id=layer,
        label=in_words(layer),
        intensity=intensity(flops, traffic),
        flop_rate=seen if profiler else allowed,
        ghost_rate=allowed if profiler else None,
        before=before,
        share=summed(row.share for row in rows),
        note=_note(rows, allowed, seen, profiler=profiler),
        gap=gap_parts(rows) if profiler else (),
    )


def _note(rows: tuple[KernelRow, ...], allowed: float, seen: float, *, profiler: bool) -> str:
    share = percent(summed(row.share for row in rows))
    if profiler and allowed > 0.0:
        return f"{percent(seen / allowed)} of what the roof allows · {share} of the step"
    return f"on the roof, where physics would let it be · {share} of the step"


def gap_parts(rows: tuple[KernelRow, ...]) -> tuple[GapPart, ...]:
    """What lies between the printed rates and what silicon was seen to take; the parts add up to it [s].

    Args:
        rows: Kernels.
    """
    parts = {"bandwidth reached": 0.0, "arithmetic reached": 0.0, "link reached": 0.0}
    serial = launch = 0.0
    for row in rows:
        terms = row.terms
        excess = float(terms.overlapped) - row.ideal
        if float(terms.link) > max(float(terms.compute), float(terms.memory)):
            parts["link reached"] += excess
        elif float(terms.compute) > float(terms.memory):
            parts["arithmetic reached"] += excess
        else:
            parts["bandwidth reached"] += excess
        serial += float(terms.serial)
        launch += float(terms.latency)
    parts["time that nothing overlaps"] = serial
    parts["launch and latency"] = launch
    return tuple(GapPart(label, time) for label, time in parts.items() if time > 0.0)


_WORDS = {
    "step": "the whole step",
    "qkv_proj": "Q, K, V projection",
    "q_proj": "Q projection",
    "k_proj": "K projection",
    "v_proj": "V projection",
    "o_proj": "output projection",
    "expand_k": "expand K heads",
    "expand_v": "expand V heads",
    "scores": "scores QKᵀ",
    "values": "values PV",
    "gate_up_proj": "gate and up projection",
    "gate_up_swiglu": "gate, up and SwiGLU",
    "down_proj": "down projection",
    "rope_append": "RoPE and cache append",
    "flash_attention": "FlashAttention",
    "lm_head": "LM head",
    "swiglu": "SwiGLU",
    "kv cache": "cache append",
    "qkv": "Q, K, V projection",
    "lm head": "LM head",
    "rope": "RoPE",
}


def in_words(name: str) -> str:
    """The name of a kernel or layer as people write it."""
    return _WORDS.get(name, name.replace("_", " ").replace(".", ": "))
