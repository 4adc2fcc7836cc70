"""The roofline as a standalone SVG, built as a tree: for files and for notebooks without a widget."""

from __future__ import annotations

from dataclasses import dataclass
from math import log10, sqrt
from typing import TYPE_CHECKING
from xml.etree.ElementTree import SubElement

from ironlaw.faces.svg_parts import BLUE, INK, LINE, RED, SOFT, document, shape, text, write_svg
from ironlaw.instruments.scale import with_prefix

if TYPE_CHECKING:
    from pathlib import Path
    from xml.etree.ElementTree import Element

    from ironlaw.instruments.roofline import RedDot, Roof, RooflinePicture

WIDTH, HEIGHT = 900.0, 560.0
_MARGIN, _GUTTER = (
    92.0,
    40.0,
)  # the gutter holds pure copies, which have no place on a logarithmic axis
_LEFT, _RIGHT, _TOP, _BOTTOM = _MARGIN + _GUTTER + 8.0, 26.0, 84.0, 62.0
_LINE_HEIGHT = 16.0
_LARGEST_DOT = 18.0  # radius of a dot that takes the whole step
_LETTER = 7.4  # width of a letter in a label, about
_NEAR = 120.0  # labels that start closer than this side by side may touch
_ARCH = 64  # lines that draw an arch
_LABELLED_SHARE = 0.04  # dots below this share of the step carry no label


@dataclass(frozen=True, slots=True)
class _Frame:
    """Where a point of the chart lands on the page."""

    picture: RooflinePicture
    width: float = WIDTH
    height: float = HEIGHT

    def x(self, intensity: float) -> float:
        axis = self.picture.x
        clipped = min(max(intensity, axis.min), axis.max)
        part = log10(clipped / axis.min) / log10(axis.max / axis.min)
        return _LEFT + part * (self.width - _LEFT - _RIGHT)

    def y(self, rate: float) -> float:
        axis = self.picture.y
        clipped = min(max(rate, axis.min), axis.max)
        part = log10(clipped / axis.min) / log10(axis.max / axis.min)
        return self.height - _BOTTOM - part * (self.height - _TOP - _BOTTOM)


def write_roofline(picture: RooflinePicture, path: str | Path, subtitle: str = "") -> None:
    """Write a roofline to a file.

    Args:
        picture: The description.
        path: A path that ends in ".svg".
        subtitle: What was asked, in a line.

    Raises:
        DomainError: if it does not, or cannot be written.
    """
    write_svg(roofline_svg(picture, subtitle), path)


def roofline_svg(
    picture: RooflinePicture, subtitle: str = "", *, width: float = WIDTH, height: float = HEIGHT
) -> Element:
    """A roofline as an SVG element.

    Args:
        picture: The description.
        subtitle: What was asked, in a line; without one the page around the chart has its headings.
        width: Of the page [px]; texts keep their size.
        height: Of the page [px].
    """
    frame = _Frame(picture, width, height)
    root = document(width, height, picture.title)
    if subtitle:
        text(root, _MARGIN, 30.0, picture.title, size=18.0, fill=INK, weight="600")
        text(root, _MARGIN, 50.0, subtitle, fill=INK)
        basis = "Times" if picture.y.unit == "FLOP/s" else "Joules"
        text(root, _MARGIN, 67.0, f"{basis}: {picture.source}", size=11.5)
    _axes(root, frame)
    for place, roof in enumerate(picture.roofs):
        _roof(root, frame, roof, place)
    for ridge in picture.ridges:
        x = frame.x(ridge.x)
        top, foot = frame.y(picture.roofs[0].peak), frame.height - _BOTTOM
        dashes = {"stroke-dasharray": "3 4"}
        shape(root, "line", x1=x, x2=x, y1=top, y2=foot, stroke=SOFT, **dashes)
        room = frame.width - x > _LETTER * len(ridge.label)
        at, anchor = (x + 6.0, "start") if room else (x - 6.0, "end")
        text(root, at, foot - 10.0, ridge.label, anchor=anchor)
    _dots(root, frame)
    if picture.selected is not None:
        _red(root, frame, picture.selected)
    return root


def _axes(root: Element, frame: _Frame) -> None:
    picture = frame.picture
    foot, right = frame.height - _BOTTOM, frame.width - _RIGHT
    shape(root, "rect", x=_MARGIN, y=_TOP, width=_GUTTER, height=foot - _TOP, fill=LINE)
    text(root, _MARGIN + _GUTTER / 2.0, foot + 18.0, "0", anchor="middle")
    gutter = f"rotate(-90 {_MARGIN + 25.0:g} {_TOP + 10.0:g})"
    text(root, _MARGIN + 25.0, _TOP + 10.0, "0: pure copies", anchor="end", transform=gutter)
    for exponent in range(round(log10(picture.x.min)), round(log10(picture.x.max)) + 1):
        value = 10.0**exponent
        x = frame.x(value)
        shape(root, "line", x1=x, x2=x, y1=_TOP, y2=foot, stroke=LINE)
        text(root, x, foot + 18.0, f"{value:g}", anchor="middle")
    for exponent in range(round(log10(picture.y.min)), round(log10(picture.y.max)) + 1):
        y = frame.y(10.0**exponent)
        shape(root, "line", x1=_LEFT, x2=right, y1=y, y2=y, stroke=LINE)
        label = with_prefix(10.0**exponent, "").strip()
        text(root, _MARGIN - 8.0, y + 4.0, label, anchor="end")
    middle = (_LEFT + right) / 2.0
    text(root, middle, foot + 42.0, f"{picture.x.label}, {picture.x.unit}", anchor="middle")
    y = (_TOP + foot) / 2.0
    turn = f"rotate(-90 20 {y:.1f})"
    label = f"{picture.y.label}, {picture.y.unit}"
    text(root, 20.0, y, label, anchor="middle", transform=turn)


def _roof(root: Element, frame: _Frame, roof: Roof, place: int) -> None:
    """A slope and its plateau, named in the corner above the roofs."""
    points = _outline(frame, roof)
    path = " ".join(f"{frame.x(x):.1f},{frame.y(y):.1f}" for x, y in points)
    main = roof.role == "main"
    style = {"fill": "none", "stroke": INK if main else SOFT}
    style["stroke-width"] = "2.4" if main else "1.5"
    if not main:
        style["stroke-dasharray"] = "2 5" if roof.role == "level" else "6 4"
    shape(root, "polyline", points=path, **style)
    y = _TOP + 18.0 + place * _LINE_HEIGHT
    sample = f"{_LEFT + 12.0:g},{y - 4.0:g} {_LEFT + 38.0:g},{y - 4.0:g}"
    shape(root, "polyline", points=sample, **style)
    text(root, _LEFT + 46.0, y, roof.label, fill=INK)
    if main:
        right = frame.width - _RIGHT - 4.0
        text(root, right, frame.y(roof.peak) - 8.0, roof.peak_label, anchor="end")


def _outline(frame: _Frame, roof: Roof) -> list[tuple[float, float]]:
    """The corners of a slope and its plateau; of an arch, in which both add up, points along it."""
    start, end = frame.picture.x.min, frame.picture.x.max
    foot = max(start, frame.picture.y.min / roof.bandwidth)
    if roof.form == "max":
        ridge = roof.peak / roof.bandwidth
        return [(foot, roof.bandwidth * foot), (ridge, roof.peak), (end, roof.peak)]
    step = log10(end / foot) / _ARCH
    along = [foot * 10.0 ** (step * place) for place in range(_ARCH + 1)]
    return [(x, 1.0 / (1.0 / roof.peak + 1.0 / (roof.bandwidth * x))) for x in along]


def _dots(root: Element, frame: _Frame) -> None:
    """A circle for each kernel, a square in the gutter for each pure copy; labels keep out of each other's way."""
    style = {"fill": BLUE, "fill-opacity": ".55", "stroke": BLUE}
    stacked = frame.height - _BOTTOM
    labels = _red_lines(frame)
    for dot in sorted(frame.picture.dots, key=lambda dot: -dot.share):
        radius = max(_LARGEST_DOT * sqrt(dot.share), 3.0)
        if dot.intensity == 0.0:
            stacked -= 2.0 * radius + 2.0
            left = _MARGIN + (_GUTTER - 2.0 * radius) / 2.0
            side = 2.0 * radius
            drawn = shape(root, "rect", x=left, y=stacked, width=side, height=side, **style)
        else:
            x, y = frame.x(dot.intensity), frame.y(dot.flop_rate)
            drawn = shape(root, "circle", cx=x, cy=y, r=radius, **style)
            if dot.share >= _LABELLED_SHARE and not dot.member:
                at = _free_line(labels, x, y + 4.0)
                text(root, x + radius + 8.0, at, dot.label, fill=INK)
        whole = "step" if dot.energy is None else "energy"
        SubElement(drawn, "title").text = f"{dot.label}: {100.0 * dot.share:.1f} % of the {whole}"


def _free_line(taken: list[tuple[float, float]], x: float, y: float) -> float:
    """The first line at or below y that no label near x stands on."""
    while any(abs(y - other) < _LINE_HEIGHT and abs(x - near) < _NEAR for near, other in taken):
        y += 1.0
    taken.append((x, y))
    return y


def _red_lines(frame: _Frame) -> list[tuple[float, float]]:
    """Where the lines of the selected layer stand, which no label may touch."""
    red = frame.picture.selected
    if red is None:
        return []
    x, y = frame.x(red.intensity), frame.y(red.flop_rate)
    first = y + max(_LARGEST_DOT * sqrt(red.share), 6.0) + 10.0
    return [(x, first + place * _LINE_HEIGHT) for place in range(3)]


def _red(root: Element, frame: _Frame, red: RedDot) -> None:
    radius = max(_LARGEST_DOT * sqrt(red.share), 6.0)
    x, y = frame.x(red.intensity), frame.y(red.flop_rate)
    if red.ghost_rate is not None:
        ghost = {"fill": "none", "stroke": RED, "stroke-dasharray": "3 3"}
        shape(root, "circle", cx=x, cy=frame.y(red.ghost_rate), r=radius, **ghost)
    shape(root, "circle", cx=x, cy=y, r=radius, fill=RED)
    before = x > (_LEFT + frame.width) / 2.0  # the note stands on the side that has more room
    left = x - radius - 8.0 if before else x + radius + 8.0
    anchor = "end" if before else "start"
    text(root, left, y + radius + 10.0, red.label, fill=INK, weight="700", anchor=anchor)
    room = left - _LEFT if before else frame.width - left
    lines = [red.note] if room > _LETTER * len(red.note) else red.note.split(" · ")
    if _LETTER * max(len(said) for said in lines) > room:
        return  # a narrow chart, whose page has the note in words
    for place, said in enumerate(lines):
        at = y + radius + 26.0 + place * _LINE_HEIGHT
        text(root, left, at, said, anchor=anchor)
