"""A curve as part of an SVG: linear axes, lines, limits, and where one stands."""

from __future__ import annotations

from dataclasses import dataclass
from math import floor, log10
from typing import TYPE_CHECKING

from ironlaw.faces.svg_parts import BLUE, INK, LINE, RED, SOFT, shape, text
from ironlaw.instruments.scale import significant, with_prefix

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

    from ironlaw.instruments.curve import Curve, CurveAxis

_TICKS = 6  # at most so many steps on an axis
_STEPS = (1.0, 2.0, 5.0, 10.0)
_COLOURS = (BLUE, "#a4581b", SOFT, "#2f7d4f", "#7a4fa3")
_DASHES = ("", "6 4", "2 4", "8 3 2 3", "1 3")
_LETTER = 6.6  # pixels of one in a label


@dataclass(frozen=True, slots=True)
class Box:
    """Where a picture stands in a page, in pixels."""

    left: float
    top: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """Its right side."""
        return self.left + self.width

    @property
    def foot(self) -> float:
        """Its lower side."""
        return self.top + self.height


@dataclass(frozen=True, slots=True)
class _Plane:
    """Where a point lands."""

    box: Box
    x_axis: CurveAxis
    y_axis: CurveAxis

    def x(self, value: float) -> float:
        return self.box.left + _share(self.x_axis, value) * self.box.width

    def y(self, value: float) -> float:
        return self.box.foot - _share(self.y_axis, value) * self.box.height


def _share(axis: CurveAxis, value: float) -> float:
    return (value - axis.min) / ((axis.max - axis.min) or 1.0)


def draw_curve(root: Element, curve: Curve, box: Box) -> None:
    """Draw a curve into a box; titles of the axes stand outside of it.

    Args:
        root: The page.
        curve: The description.
        box: The area of the lines.
    """
    plane = _Plane(box, curve.x, curve.y)
    text(root, box.left, box.top - 30.0, curve.title, size=14.0, fill=INK, weight="600")
    shape(root, "rect", x=box.left, y=box.top, width=box.width, height=box.height, fill="#ffffff")
    _axes(root, plane)
    _legend(root, curve, box)
    for place, series in enumerate(curve.series):
        if series.sparse:
            for x, y in series.points:
                _dot(root, plane.x(x), plane.y(y), place)
            continue
        points = " ".join(f"{plane.x(x):.1f},{plane.y(y):.1f}" for x, y in series.points)
        shape(root, "polyline", points=points, **_stroke(place))
    for limit in curve.limits:
        y = plane.y(limit.y)
        shape(root, "line", x1=box.left, x2=box.right, y1=y, y2=y, stroke=RED)
        text(root, box.right - 4.0, y - 5.0, limit.label, fill=RED, anchor="end")
    for mark in curve.marks:
        x, y = plane.x(mark.x), plane.y(mark.y)
        shape(root, "circle", cx=x, cy=y, r=5.0, fill=RED)
        before = x + 10.0 + _LETTER * len(mark.label) > box.right
        at, anchor = (x - 10.0, "end") if before else (x + 10.0, "start")
        text(
            root,
            at,
            max(y - 8.0, box.top + 12.0),
            mark.label,
            fill=INK,
            anchor=anchor,
            weight="600",
        )


def _dot(root: Element, x: float, y: float, place: int) -> None:
    """A point that stands alone."""
    shape(root, "circle", cx=x, cy=y, r=3.5, fill=_COLOURS[place % len(_COLOURS)])


def _stroke(place: int) -> dict[str, float | str]:
    dashes = _DASHES[place % len(_DASHES)]
    style: dict[str, float | str] = {
        "fill": "none", "stroke": _COLOURS[place % len(_COLOURS)], "stroke-width": "1.8",
    }  # fmt: skip
    return {**style, "stroke-dasharray": dashes} if dashes else style


def _legend(root: Element, curve: Curve, box: Box) -> None:
    x = box.left
    for place, series in enumerate(curve.series):
        y = box.top - 14.0
        if series.sparse:
            _dot(root, x + 12.0, y, place)
        else:
            shape(root, "polyline", points=f"{x:g},{y:g} {x + 24.0:g},{y:g}", **_stroke(place))
        text(root, x + 30.0, y + 4.0, series.label, size=11.5)
        x += 50.0 + _LETTER * len(series.label)


def _axes(root: Element, plane: _Plane) -> None:
    box, x_axis, y_axis = plane.box, plane.x_axis, plane.y_axis
    for value in ticks(x_axis.min, x_axis.max):
        x = plane.x(value)
        shape(root, "line", x1=x, x2=x, y1=box.top, y2=box.foot, stroke=LINE)
        text(root, x, box.foot + 18.0, _written(value, x_axis.unit), anchor="middle")
    for value in ticks(y_axis.min, y_axis.max):
        y = plane.y(value)
        shape(root, "line", x1=box.left, x2=box.right, y1=y, y2=y, stroke=LINE)
        text(root, box.left - 8.0, y + 4.0, _written(value, y_axis.unit), anchor="end")
    text(root, (box.left + box.right) / 2.0, box.foot + 38.0, x_axis.label, anchor="middle")
    middle = (box.top + box.foot) / 2.0
    turn = f"rotate(-90 {box.left - 58.0:.1f} {middle:.1f})"
    text(root, box.left - 58.0, middle, y_axis.label, anchor="middle", transform=turn)


def _written(value: float, unit: str) -> str:
    return with_prefix(value, unit).strip() if unit else significant(value)


def ticks(low: float, high: float) -> list[float]:
    """Round values between two, a few of them.

    Args:
        low: The smallest that may stand.
        high: The largest.

    Example:
        >>> ticks(1.0, 2.0)
        [1.0, 1.2, 1.4, 1.6, 1.8, 2.0]
        >>> ticks(3.0, 3.0)
        [3.0]
    """
    if high <= low:
        return [low]
    rough = (high - low) / _TICKS
    decade = 10.0 ** floor(log10(rough))
    step = next(step * decade for step in _STEPS if step * decade >= rough * 0.999)
    first, last = -floor(-low / step + 1e-9), floor(high / step + 1e-9)
    return [round(number * step, 12) for number in range(first, last + 1)]
