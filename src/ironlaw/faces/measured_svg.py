"""Measured tables as a standalone SVG: times against times, thinned to what the eye can tell apart."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, floor, log10
from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element

from ironlaw.faces.measured_text import TITLES, percent
from ironlaw.faces.svg_parts import BLUE, INK, LINE, RED, document, shape, text
from ironlaw.instruments.scale import with_prefix

if TYPE_CHECKING:
    from ironlaw.instruments.measured_picture import Dot, MeasuredPicture, Panel

_SIDE, _WIDE_SIDE = 292.0, 560.0  # of a panel among others, and of one alone
_COLUMNS = 3
_LEFT, _TOP, _RIGHT, _BOTTOM = 66.0, 92.0, 26.0, 24.0
_HEAD, _FOOT, _GAP = 46.0, 46.0, 66.0  # over a panel, under it, and between two
_CELL = 1.6  # dots nearer than this are drawn as one
_DENSE = (1, 4, 16)  # rows from which a dot is drawn stronger
_OPACITIES = ("0.35", "0.65", "1")
_DOT, _LARGE_DOT = "2.4", "3.4"  # diameters in a panel among others, and in one alone
_MOST_LABELS = 6  # decades from which every other one is labelled


@dataclass(frozen=True, slots=True)
class _Frame:
    """Where a time lands in a panel."""

    left: float
    top: float
    side: float
    first: int  # decade at the origin
    last: int

    def along(self, time: float) -> float:
        """The part of the axis up to a time."""
        return (log10(time) - self.first) / (self.last - self.first)

    def x(self, time: float) -> float:
        return self.left + self.along(time) * self.side

    def y(self, time: float) -> float:
        return self.top + (1.0 - self.along(time)) * self.side


def measured_svg(picture: MeasuredPicture, subtitle: str = "") -> Element:
    """Times against times as an SVG element.

    Args:
        picture: The description.
        subtitle: What was judged, in a line.
    """
    columns = min(len(picture.panels), _COLUMNS)
    lines = -(-len(picture.panels) // columns)
    side = _WIDE_SIDE if len(picture.panels) == 1 else _SIDE
    width = _LEFT + columns * side + (columns - 1) * _GAP + _RIGHT
    height = _TOP + lines * (_HEAD + side + _FOOT) + _BOTTOM
    root = document(width, height, picture.title)
    text(root, 28.0, 32.0, picture.title, size=18.0, fill=INK, weight="600")
    text(root, 28.0, 52.0, subtitle, fill=INK)
    _legend(root, picture)
    for place, panel in enumerate(picture.panels):
        left = _LEFT + place % columns * (side + _GAP)
        top = _TOP + place // columns * (_HEAD + side + _FOOT) + _HEAD
        first, last = _decades(panel)
        _panel(root, picture, panel, _Frame(left, top, side, first, last))
    return root


def _legend(root: Element, picture: MeasuredPicture) -> None:
    y, x = 74.0, 28.0
    for colour, label in ((BLUE, picture.good), (RED, picture.bad)):
        shape(root, "circle", cx=x + 4.0, cy=y - 4.0, r=4.0, fill=colour)
        text(root, x + 14.0, y, label)
        x += 34.0 + 6.4 * len(label)
    if picture.band:
        shape(root, "rect", x=x, y=y - 9.0, width=18.0, height=10.0, fill=BLUE, opacity=".13")
        text(root, x + 24.0, y, picture.band)
        x += 44.0 + 6.4 * len(picture.band)
    shape(root, "line", x1=x, x2=x + 18.0, y1=y + 1.0, y2=y - 9.0, stroke=INK)
    text(root, x + 24.0, y, f"diagonal: {picture.diagonal}")


def _decades(panel: Panel) -> tuple[int, int]:
    """The powers of ten around every dot of a panel."""
    least = min(min(dot.x, dot.y) for dot in panel.dots)
    largest = max(max(dot.x, dot.y) for dot in panel.dots)
    first = floor(log10(least))
    return first, max(ceil(log10(largest)), first + 1)


def _panel(root: Element, picture: MeasuredPicture, panel: Panel, frame: _Frame) -> None:
    over, under = frame.top - 26.0, frame.top - 9.0
    text(root, frame.left, over, TITLES[panel.family], size=14.0, fill=INK, weight="600")
    rows = f"{len(panel.dots):,} rows"
    text(root, frame.left + frame.side, over, rows, size=11.5, anchor="end")
    text(root, frame.left, under, _summary(panel, picture), size=11.5)
    side = frame.side
    shape(root, "rect", x=frame.left, y=frame.top, width=side, height=side, fill="#ffffff")
    _axes(root, picture, frame)
    _band(root, panel, frame)
    low, high = 10.0**frame.first, 10.0**frame.last
    ends = {"x1": frame.x(low), "y1": frame.y(low), "x2": frame.x(high), "y2": frame.y(high)}
    shape(root, "line", stroke=INK, **ends)
    layers = [(False, RED), (True, BLUE)]  # the many over the few, but what is flagged on top
    for good, colour in layers if picture.band else reversed(layers):
        _dots(root, [dot for dot in panel.dots if dot.good is good], frame, colour)


def _summary(panel: Panel, picture: MeasuredPicture) -> str:
    if panel.median is None or panel.p90 is None:
        return f"{percent(panel.share)} {picture.good}"
    error = f"median error {percent(panel.median)}, p90 {percent(panel.p90)}"
    return f"{error}, {percent(panel.share)} inside"


def _axes(root: Element, picture: MeasuredPicture, frame: _Frame) -> None:
    foot, right = frame.top + frame.side, frame.left + frame.side
    step = 2 if frame.last - frame.first > _MOST_LABELS else 1
    for decade in range(frame.first, frame.last + 1):
        x, y = frame.x(10.0**decade), frame.y(10.0**decade)
        shape(root, "line", x1=x, x2=x, y1=frame.top, y2=foot, stroke=LINE)
        shape(root, "line", x1=frame.left, x2=right, y1=y, y2=y, stroke=LINE)
        if (decade - frame.first) % step == 0:
            label = with_prefix(10.0**decade, "s", digits=1)
            text(root, x, foot + 15.0, label, size=11.0, anchor="middle")
            text(root, frame.left - 7.0, y + 4.0, label, size=11.0, anchor="end")
    middle = frame.left + frame.side / 2.0
    text(root, middle, foot + 33.0, picture.x_label, size=11.5, anchor="middle")
    x, y = frame.left - 50.0, frame.top + frame.side / 2.0
    turn = f"rotate(-90 {x:.1f} {y:.1f})"
    text(root, x, y, picture.y_label, size=11.5, anchor="middle", transform=turn)


def _band(root: Element, panel: Panel, frame: _Frame) -> None:
    """The band along the diagonal, cut at the frame."""
    if panel.band is None:
        return
    low, high = (log10(part) for part in panel.band)
    first, last = float(frame.first), float(frame.last)
    corners = [
        *((at, at + high) for at in (first, last - max(high, 0.0))),
        (last, last),
        *((at, at + low) for at in (last, first - min(low, 0.0))),
        (first, first),
    ]
    inside = [(min(max(x, first), last), min(max(y, first), last)) for x, y in corners]
    points = " ".join(f"{frame.x(10.0**x):.1f},{frame.y(10.0**y):.1f}" for x, y in inside)
    shape(root, "polygon", points=points, fill=BLUE, opacity=".13")


def _dots(root: Element, dots: list[Dot], frame: _Frame, colour: str) -> None:
    """A path of round points for each strength: dots that fall together are one, the stronger the more they are."""
    cells: dict[tuple[int, int], int] = {}
    for dot in dots:
        cell = (int(frame.x(dot.x) / _CELL), int(frame.y(dot.y) / _CELL))
        cells[cell] = cells.get(cell, 0) + 1
    for i, opacity in enumerate(_OPACITIES):
        top = _DENSE[i + 1] if i + 1 < len(_DENSE) else len(dots) + 1
        places = [cell for cell, count in cells.items() if _DENSE[i] <= count < top]
        if places:
            path = "".join(f"M{x * _CELL:.1f} {y * _CELL:.1f}h0" for x, y in sorted(places))
            width = _DOT if frame.side == _SIDE else _LARGE_DOT
            style = {"stroke": colour, "stroke-width": width, "stroke-linecap": "round"}
            shape(root, "path", d=path, fill="none", opacity=opacity, **style)
