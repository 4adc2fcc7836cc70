"""The operators of a trace under a chip's roof: in words, and as plain data."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ironlaw.instruments.scale import grouped, percent, significant, with_prefix

if TYPE_CHECKING:
    from ironlaw.system.trace.roofline import OperatorPoint, TraceRoofline, Underived

HEADINGS = ("operator", "inputs", "calls", "time", "share", "of roof", "bound", "FLOP/B", "FLOP/s")
UNDERIVED_HEADINGS = ("not placed", "time", "share", "because")
MOST_OPERATORS = 12
MOST_UNDERIVED = 4
_LONG_INPUTS = 28


def claim(roofline: TraceRoofline) -> str:
    """How much of the time is placed, and under which roof.

    Args:
        roofline: The operators of a trace.
    """
    whose = "device" if roofline.on_device else "host"
    placed, time = percent(roofline.derived_share), with_prefix(roofline.time, "s")
    return f"Under the roof of {roofline.chip}: {placed} of {time} of {whose} time is placed by recorded shapes"


def cells(point: OperatorPoint) -> tuple[str, ...]:
    """A row of the table.

    Args:
        point: An operator on its inputs.
    """
    inputs = point.shapes
    if len(inputs) > _LONG_INPUTS:
        inputs = f"{inputs[: _LONG_INPUTS - 1]}…"
    if point.of_roof is None:
        bound, reached = "–", "–"
    else:
        bound, reached = ("compute" if point.compute_bound else "memory"), percent(point.of_roof)
    return (
        point.name,
        inputs,
        grouped(float(point.n_calls)),
        with_prefix(point.time, "s"),
        percent(point.share),
        reached,
        bound,
        significant(point.intensity) if point.intensity else "0",
        with_prefix(point.flop_rate, "FLOP/s") if point.flop_rate else "0 FLOP/s",
    )


def underived_cells(one: Underived) -> tuple[str, ...]:
    """A row of what could not be placed.

    Args:
        one: Operators or kernels, and the reason.
    """
    return one.name, with_prefix(one.time, "s"), percent(one.share), one.reason


def left_out(roofline: TraceRoofline) -> str | None:
    """What the tables leave out; None if nothing.

    Args:
        roofline: The operators of a trace.
    """
    points, others = roofline.points[MOST_OPERATORS:], roofline.underived[MOST_UNDERIVED:]
    if not points and not others:
        return None
    return (
        f"and {len(points)} more operators, {len(others)} more that are not placed: --json has them"
    )


def to_dict(roofline: TraceRoofline) -> dict[str, object]:
    """The roofline as plain data in SI units.

    Args:
        roofline: The operators of a trace.
    """
    return {
        "chip": roofline.chip,
        "on_device": roofline.on_device,
        "time_s": roofline.time,
        "derived_share": roofline.derived_share,
        "operators": [_point(point) for point in roofline.points],
        "underived": [
            {"name": one.name, "reason": one.reason, "time_s": one.time, "share": one.share}
            for one in roofline.underived
        ],
        "notes": list(roofline.notes),
    }


def _point(point: OperatorPoint) -> dict[str, object]:
    return {
        "name": point.name,
        "shapes": point.shapes,
        "dtype": None if point.dtype is None else point.dtype.value,
        "calls": point.n_calls,
        "flops": point.flops,
        "traffic_B": point.traffic,
        "time_s": point.time,
        "share": point.share,
        "flop_per_B": point.intensity,
        "flop_per_s": point.flop_rate,
        "B_per_s": point.bandwidth,
        "compute_bound": point.compute_bound,
        "of_roof": point.of_roof,
    }
