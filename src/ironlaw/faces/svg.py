"""The roofline as a standalone SVG, built as a tree: for files and for notebooks without a widget."""

from __future__ import annotations

from dataclasses import dataclass
from math import atan2, degrees, log10, sqrt
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element, ElementTree, SubElement

from ironlaw.base.errors import DomainError
from ironlaw.instruments.scale import with_prefix

if TYPE_CHECKING:
    from ironlaw.instruments.roofline import Dot, RedDot, Roof, RooflinePicture

WIDTH, HEIGHT = 900.0, 560.0
_LEFT, _RIGHT, _TOP, _BOTTOM = 92.0, 26.0, 64.0, 62.0
_INK, _SOFT, _LINE, _BLUE, _RED, _PAPER = (
    "#1c2126", "#5d666f", "#e4e1da", "#0b5cad", "#d7263d", "#fbfaf7",
)  # fmt: skip
_LARGEST_DOT = 18.0  # radius of a dot that takes the whole step
_LABELLED_SHARE = 0.04  # dots below this share of the step carry no label


@dataclass(frozen=True, slots=True)
class _Frame:
    """Where a point of the chart lands on the page."""

    picture: RooflinePicture

    def x(self, intensity: float) -> float:
        axis = self.picture.x
        clipped = min(max(intensity, axis.min), axis.max)
        part = log10(clipped / axis.min) / log10(axis.max / axis.min)
        return _LEFT + part * (WIDTH - _LEFT - _RIGHT)

    def y(self, rate: float) -> float:
        axis = self.picture.y
        clipped = min(max(rate, axis.min), axis.max)
        part = log10(clipped / axis.min) / log10(axis.max / axis.min)
        return HEIGHT - _BOTTOM - part * (HEIGHT - _TOP - _BOTTOM)


def write_roofline(picture: RooflinePicture, path: str | Path) -> None:
    """Write a roofline to a file.

    Args:
        picture: The description.
        path: A path that ends in ".svg".

    Raises:
        DomainError: if it does not.
    """
    target = Path(path)
    if target.suffix != ".svg":
        raise DomainError("plot", str(path), "the file names that end in .svg")
    tree = ElementTree(roofline_svg(picture))
    tree.write(target, encoding="utf-8", xml_declaration=True)


def roofline_svg(picture: RooflinePicture) -> Element:
    """A roofline as an SVG element.

    Args:
        picture: The description.
    """
    frame = _Frame(picture)
    root = Element(
        "svg",
        {
            "xmlns": "http://www.w3.org/2000/svg",
            "viewBox": f"0 0 {WIDTH:g} {HEIGHT:g}",
            "width": f"{WIDTH:g}",
            "height": f"{HEIGHT:g}",
            "role": "img",
            "font-family": "system-ui, Segoe UI, Roboto, sans-serif",
        },
    )
    SubElement(root, "title").text = picture.title
    _shape(root, "rect", width=WIDTH, height=HEIGHT, fill=_PAPER)
    _text(root, _LEFT, 30.0, picture.title, size=18.0, fill=_INK, weight="600")
    _text(root, _LEFT, 49.0, f"measured view: {picture.source}", size=11.5)
    _axes(root, frame)
    for roof in picture.roofs:
        _roof(root, frame, roof)
    for ridge in picture.ridges:
        x = frame.x(ridge.x)
        top, foot = frame.y(picture.roofs[0].peak), HEIGHT - _BOTTOM
        _shape(
            root, "line", x1=x, x2=x, y1=top, y2=foot, stroke=_SOFT, **{"stroke-dasharray": "3 4"}
        )
        _text(root, x + 6.0, foot - 10.0, ridge.label)
    for dot in sorted(picture.dots, key=lambda dot: -dot.share):
        _dot(root, frame, dot)
    if picture.selected is not None:
        _red(root, frame, picture.selected)
    return root


def _shape(parent: Element, tag: str, **attributes: float | str) -> Element:
    written = {
        name: value if isinstance(value, str) else f"{value:.1f}"
        for name, value in attributes.items()
    }
    return SubElement(parent, tag, written)


def _text(
    parent: Element,
    x: float,
    y: float,
    content: str,
    *,
    size: float = 12.5,
    fill: str = _SOFT,
    **attributes: str,
) -> None:
    style = {"font-size": f"{size:g}", "fill": fill}
    if "weight" in attributes:
        style["font-weight"] = attributes.pop("weight")
    if "anchor" in attributes:
        style["text-anchor"] = attributes.pop("anchor")
    _shape(parent, "text", x=x, y=y, **style, **attributes).text = content


def _axes(root: Element, frame: _Frame) -> None:
    picture = frame.picture
    foot, right = HEIGHT - _BOTTOM, WIDTH - _RIGHT
    for exponent in range(round(log10(picture.x.min)), round(log10(picture.x.max)) + 1):
        value = 10.0**exponent
        x = frame.x(value)
        _shape(root, "line", x1=x, x2=x, y1=_TOP, y2=foot, stroke=_LINE)
        _text(root, x, foot + 18.0, f"{value:g}", anchor="middle")
    for exponent in range(round(log10(picture.y.min)), round(log10(picture.y.max)) + 1):
        y = frame.y(10.0**exponent)
        _shape(root, "line", x1=_LEFT, x2=right, y1=y, y2=y, stroke=_LINE)
        label = with_prefix(10.0**exponent, "").strip()
        _text(root, _LEFT - 8.0, y + 4.0, label, anchor="end")
    middle = (_LEFT + right) / 2.0
    _text(root, middle, foot + 42.0, f"{picture.x.label}, {picture.x.unit}", anchor="middle")
    y = (_TOP + foot) / 2.0
    turn = f"rotate(-90 20 {y:.1f})"
    label = f"{picture.y.label}, {picture.y.unit}"
    _text(root, 20.0, y, label, anchor="middle", transform=turn)


def _roof(root: Element, frame: _Frame, roof: Roof) -> None:
    ridge = roof.peak / roof.bandwidth
    start, end = frame.picture.x.min, frame.picture.x.max
    foot = max(start, frame.picture.y.min / roof.bandwidth)
    points = [(foot, roof.bandwidth * foot), (ridge, roof.peak), (end, roof.peak)]
    path = " ".join(f"{frame.x(x):.1f},{frame.y(y):.1f}" for x, y in points)
    main = roof.role == "main"
    style = {"fill": "none", "stroke": _INK if main else _SOFT}
    style["stroke-width"] = "2.4" if main else "1.5"
    if not main:
        style["stroke-dasharray"] = "2 5" if roof.role == "level" else "6 4"
    _shape(root, "polyline", points=path, **style)
    if not main and roof.role != "level":
        return
    # the label lies along the slope, at an angle as drawn
    at = foot * 10.0
    x, y = frame.x(at), frame.y(at * roof.bandwidth)
    far_x, far_y = frame.x(at * 10.0), frame.y(at * 10.0 * roof.bandwidth)
    angle = degrees(atan2(far_y - y, far_x - x))
    turn = f"rotate({angle:.1f} {x:.1f} {y - 8.0:.1f})"
    _text(root, x, y - 8.0, roof.label, transform=turn)
    if main:
        right = WIDTH - _RIGHT - 4.0
        _text(root, right, frame.y(roof.peak) - 8.0, roof.peak_label, anchor="end")


def _dot(root: Element, frame: _Frame, dot: Dot) -> None:
    radius = max(_LARGEST_DOT * sqrt(dot.share), 3.0)
    x, y = frame.x(dot.intensity), frame.y(dot.flop_rate)
    if dot.intensity == 0.0:
        x, y = _LEFT, HEIGHT - _BOTTOM
    fill = {"fill": _BLUE, "fill-opacity": ".55", "stroke": _BLUE}
    circle = _shape(root, "circle", cx=x, cy=y, r=radius, **fill)
    SubElement(circle, "title").text = f"{dot.label}: {100.0 * dot.share:.1f} % of the step"
    if dot.share >= _LABELLED_SHARE and not dot.member:
        _text(root, x + radius + 6.0, y + 4.0, dot.label, fill=_INK)


def _red(root: Element, frame: _Frame, red: RedDot) -> None:
    radius = max(_LARGEST_DOT * sqrt(red.share), 6.0)
    x, y = frame.x(red.intensity), frame.y(red.flop_rate)
    if red.ghost_rate is not None:
        ghost = {"fill": "none", "stroke": _RED, "stroke-dasharray": "3 3"}
        _shape(root, "circle", cx=x, cy=frame.y(red.ghost_rate), r=radius, **ghost)
    _shape(root, "circle", cx=x, cy=y, r=radius, fill=_RED)
    left = x + radius + 8.0
    _text(root, left, y + radius + 10.0, red.label, fill=_INK, weight="700")
    _text(root, left, y + radius + 26.0, red.note)
