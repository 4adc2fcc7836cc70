"""How warm a device gets as a standalone SVG: junction and skin over time, and the operating points under them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ironlaw.faces.curve_svg import Box, draw_curve
from ironlaw.faces.svg_parts import BLUE, INK, PAPER, RED, document, shape, text, wrapped, write_svg
from ironlaw.faces.thermal_text import assumed, question
from ironlaw.instruments.curve import Curve, CurveLimit, CurveMark, CurveSeries, axis_over
from ironlaw.instruments.thermal_trace import ZERO_CELSIUS, celsius, duration

if TYPE_CHECKING:
    from pathlib import Path
    from xml.etree.ElementTree import Element

    from ironlaw.faces.thermal import ThermalReport
    from ironlaw.instruments.thermal_trace import ThermalTrace

_WIDTH, _HEIGHT, _MARGIN = 960.0, 620.0, 28.0
_BOX = Box(100.0, 182.0, 830.0, 300.0)
_BAND = 18.0  # height of the operating points
_LETTER = 6.6  # pixels of one in a label
_LETTERS = 150  # of a line
_MINUTE = 60.0
_LONG = 600.0  # from here on the axis counts minutes


def write_thermal(report: ThermalReport, path: str | Path) -> None:
    """Write the picture of a report.

    Args:
        report: The report.
        path: A path that ends in ".svg".

    Raises:
        DomainError: if it does not, or cannot be written.
    """
    write_svg(thermal_svg(report), path)


def thermal_svg(report: ThermalReport) -> Element:
    """The picture of a report.

    Args:
        report: The report.
    """
    trace = report.trace
    root = document(_WIDTH, _HEIGHT, trace.title)
    text(root, _MARGIN, 34.0, trace.title, size=18.0, fill=INK, weight="600")
    for place, line in enumerate((question(report), *report.notes)):
        text(root, _MARGIN, 56.0 + 17.0 * place, line, size=11.5, fill=INK)
    draw_curve(root, curve_of(trace), _BOX)
    _points(root, trace)
    for place, line in enumerate(wrapped(assumed(report), _LETTERS)):
        text(root, _MARGIN, _HEIGHT - 40.0 + 17.0 * place, line, size=11.5)
    return root


def curve_of(trace: ThermalTrace) -> Curve:
    """The lines of a trace in °C over seconds or minutes.

    Args:
        trace: The trace.
    """
    unit, scale = ("min", _MINUTE) if trace.span >= _LONG else ("s", 1.0)
    series = tuple(
        CurveSeries(
            id=line.id,
            label=line.label,
            points=tuple((time / scale, value - ZERO_CELSIUS) for time, value in line.points),
        )
        for line in trace.series
    )
    limit, reached = trace.limit - ZERO_CELSIUS, trace.time_to_limit
    marks: tuple[CurveMark, ...] = ()
    label = f"skin limit {celsius(trace.limit)}"
    if reached is not None and reached <= trace.span:
        label += f", reached after {duration(reached)}"
        marks = (CurveMark(label="", x=reached / scale, y=limit),)
    heights = [value for line in series for _, value in line.points]
    return Curve(
        title="Temperature over time",
        x=axis_over(f"time, {unit}", "", [0.0, trace.span / scale], least=0.0),
        y=axis_over(
            "temperature, °C", "", [*heights, limit + 1.0], least=trace.ambient - ZERO_CELSIUS
        ),
        series=series,
        limits=(CurveLimit(label=label, y=limit),),
        marks=marks,
    )


def _points(root: Element, trace: ThermalTrace) -> None:
    """The operating points in time, those that are held back in red."""
    top = _BOX.foot + 52.0
    for level in trace.levels:
        left = _BOX.left + level.start / trace.span * _BOX.width
        width = (level.end - level.start) / trace.span * _BOX.width
        colour = RED if level.held_back else BLUE
        shape(
            root, "rect", x=left, y=top, width=width, height=_BAND, fill=colour, stroke=PAPER
        )  # fmt: skip
        if width > _LETTER * len(level.label):
            text(root, left + 6.0, top + 13.0, level.label, size=11.5, fill="#ffffff")
