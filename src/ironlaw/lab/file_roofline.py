"""Operators of a frame of one's own trace on the roofline of its device, each with its ghost of the median frame."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, cast

from ironlaw.instruments.roofline import Axis, Dot, RooflinePicture, chip_roofs, ridge
from ironlaw.instruments.scale import decade, percent
from ironlaw.registry.devices import chip_of_device
from ironlaw.system.trace.roofline import TraceWork

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ironlaw.registry.chips import Chip
    from ironlaw.registry.dtypes import Dtype
    from ironlaw.system.audit.verdict import Audit
    from ironlaw.system.trace.columns import Trace
    from ironlaw.system.trace.roofline import OperatorPoint, TraceRoofline

_MOST_DOTS = 40  # operators that take most of the frame


def device_of(trace: Trace) -> str:
    """The name of the device that a trace was recorded on; empty where it does not say.

    Args:
        trace: The trace.
    """
    devices = trace.metadata.get("deviceProperties")
    first = cast("list[object]", devices)[0] if isinstance(devices, list) and devices else None
    return (
        str(cast("Mapping[str, object]", first).get("name", "")) if isinstance(first, dict) else ""
    )


def file_rooflines(audit: Audit) -> Callable[[int, int], RooflinePicture | None]:
    """The roofline of any frame of a trace beside another; None where its device or its shapes are not known.

    Args:
        audit: The trace and its frames.
    """
    device = device_of(audit.trace)
    chip = chip_of_device(device)

    @cache
    def work() -> TraceWork:
        return TraceWork(audit.trace)

    @cache
    def roofline(frame: int, chip: Chip) -> TraceRoofline:
        return work().roofline(chip, (audit.frames.start[frame], audit.frames.end[frame]))

    def picture(frame: int, median: int) -> RooflinePicture | None:
        if chip is None:
            return None
        return _picture(roofline(frame, chip), roofline(median, chip), chip, device)

    return picture


def _picture(
    frame: TraceRoofline, median: TraceRoofline, chip: Chip, device: str
) -> RooflinePicture | None:
    points = [one for one in frame.points if one.flops and one.dtype is not None and one.time]
    if not points:
        return None
    usual = {_key(one): one.flop_rate for one in median.points}
    dots = tuple(_dot(one, usual.get(_key(one))) for one in points[:_MOST_DOTS])
    dtype = chip.runs(cast("Dtype", points[0].dtype))
    rates = [rate for dot in dots for rate in (dot.flop_rate, dot.ghost_rate) if rate]
    sides = [dot.intensity for dot in dots]
    placed = percent(frame.derived_share)
    return RooflinePicture(
        title=f"Operators of the frame under the roof of {chip.short_title}",
        x=Axis("arithmetic intensity", "FLOP/B", min(0.1, decade(min(sides))[0]), 1e4),
        y=Axis(
            "performance", "FLOP/s",
            min(decade(chip.bandwidth / 400.0)[0], decade(min(rates))[0]),
            decade(4.0 * chip.peak(dtype))[1],
        ),
        roofs=chip_roofs(chip, dtype),
        ridges=(ridge(chip, dtype),),
        dots=dots,
        selected=None,
        profiler=True,
        source=f"recorded on {device}, times as recorded; FLOPs and bytes follow from the recorded shapes for {placed} "
        "of the device's time in the frame. Ghosts: the median frame",
    )  # fmt: skip


def _key(point: OperatorPoint) -> tuple[str, str, Dtype | None]:
    return point.name, point.shapes, point.dtype


def _dot(point: OperatorPoint, usual: float | None) -> Dot:
    return Dot(
        id=f"{point.name} {point.shapes}",
        label=point.name.removeprefix("aten::"),
        layer=point.name,
        intensity=point.intensity,
        flop_rate=point.flop_rate,
        share=point.share,
        time=point.time,
        count=point.n_calls,
        traffic=point.traffic,
        flops=point.flops,
        bound="compute" if point.compute_bound else "memory",
        member=False,
        ghost_rate=usual,
    )
