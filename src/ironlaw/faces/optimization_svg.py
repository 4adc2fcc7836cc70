"""The OptimizationWaterfall as an SVG: a stair of times in the order taken, and under it the shares in any order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ironlaw.base.number import summed
from ironlaw.base.power import log2
from ironlaw.explore.attribution import Means
from ironlaw.faces.svg_parts import INK, LINE, RED, document, shape, text, wrapped, write_svg
from ironlaw.instruments.scale import significant, with_prefix

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path
    from xml.etree.ElementTree import Element

    from ironlaw.explore.attribution import Share
    from ironlaw.instruments.optimizations import OptimizationWaterfall

_WIDTH, _MARGIN, _NAMES = 860.0, 24.0, 250.0
_ROW, _BAR, _STRIP = 34.0, 18.0, 26.0
TOP = 86.0
"""Where the bars begin; above them stand title, question and what the bars are."""
_COLOURS = {
    Means.PRECISION: "#a4581b", Means.FUSION: "#1a66b3", Means.CHIP: "#6b7280", Means.ALGORITHM: "#2f7d4f",
}  # fmt: skip
"""Dark enough for white words on a light and on a dark page."""
_LETTERS = 40  # of a label in a line
_INSIDE = 70.0  # pixels of a strip's part that holds words


def optimization_svg(picture: OptimizationWaterfall, asked: str) -> Element:
    """The picture as a page of its own.

    Args:
        picture: The description.
        asked: The question, in words.
    """
    rows = len(picture.found.shares) + 2
    stair = TOP + _ROW * rows
    root = document(_WIDTH, stair + 92.0 + (20.0 if picture.note else 0.0), picture.title)
    text(root, _MARGIN, 30.0, picture.title, size=15.0, fill=INK, weight="600")
    text(root, _MARGIN, 50.0, asked)
    text(
        root, _MARGIN, TOP - 8.0, f"{picture.quantity}, in the order taken:", fill=INK, weight="600"
    )
    _stair(root, picture)
    _strip(root, picture, stair + 38.0)
    return root


def write_optimizations(picture: OptimizationWaterfall, path: str | Path, asked: str) -> None:
    """Write the picture to a file.

    Args:
        picture: The description.
        path: A path that ends in ".svg".
        asked: The question, in words.

    Raises:
        DomainError: if it does not, or cannot be written.
    """
    write_svg(optimization_svg(picture, asked), path)


def _stair(root: Element, picture: OptimizationWaterfall) -> None:
    """The times from before to after; a change takes the part between its before and its after."""
    found, unit = picture.found, picture.unit
    left, right = _MARGIN + _NAMES, _WIDTH - _MARGIN - 120.0
    most = max(found.times[frozenset()], *(share.before for share in found.shares), found.after)

    def x(value: float) -> float:
        return left + (right - left) * value / most

    shape(
        root,
        "line",
        x1=left,
        x2=left,
        y1=TOP - 6.0,
        y2=TOP + _ROW * (len(found.shares) + 2),
        stroke=LINE,
    )
    _whole(root, x, 0, (picture.ends[0], found.before), unit)
    for place, share in enumerate(found.shares, start=1):
        y = TOP + _ROW * place
        low, high = sorted((share.before, share.after))
        colour = _COLOURS[share.optimization.means] if share.after <= share.before else RED
        _name(root, y, share.optimization.label)
        shape(
            root, "rect", x=x(low), y=y, width=max(x(high) - x(low), 1.0), height=_BAR, fill=colour
        )
        said = f"{_factor(share.in_order)} → {with_prefix(share.after, unit)}"
        text(root, x(high) + 8.0, y + 13.5, said, fill=INK)
    _whole(root, x, len(found.shares) + 1, (picture.ends[1], found.after), unit)


def _whole(
    root: Element, x: Callable[[float], float], place: int, end: tuple[str, float], unit: str
) -> None:
    y, (label, value) = TOP + _ROW * place, end
    _name(root, y, label, weight="600")
    shape(root, "rect", x=x(0.0), y=y, width=x(value) - x(0.0), height=_BAR, fill=INK)
    text(root, x(value) + 8.0, y + 13.5, with_prefix(value, unit), fill=INK, weight="600")


def _name(root: Element, y: float, label: str, weight: str = "400") -> None:
    lines = wrapped(label, _LETTERS)
    x = _MARGIN + _NAMES - 10.0
    for number, words in enumerate(lines[:2]):
        lift = 13.5 if len(lines) == 1 else 7.0 + 13.0 * number
        text(root, x, y + lift, words, fill=INK, anchor="end", weight=weight)


def _strip(root: Element, picture: OptimizationWaterfall, top: float) -> None:
    """The shares in doublings: gains to the right of the line, losses to its left."""
    shares = sorted(
        picture.found.shares, key=lambda share: share.optimization.means.side, reverse=True
    )
    gains = summed(max(share.doublings, 0.0) for share in shares)
    losses = summed(max(0.0 - share.doublings, 0.0) for share in shares)
    text(
        root,
        _MARGIN,
        top - 8.0,
        "In any order (Shapley shares; a doubling is as wide anywhere):",
        fill=INK,
        weight="600",
    )
    if gains + losses <= 0.0:
        return
    scale = (_WIDTH - 2.0 * _MARGIN) / (gains + losses)
    zero = _MARGIN + losses * scale
    _runs(root, [s for s in shares if s.doublings > 0.0], (zero, top, scale))
    _runs(root, [s for s in shares if s.doublings < 0.0], (_MARGIN, top, scale))
    shape(root, "line", x1=zero, x2=zero, y1=top - 4.0, y2=top + _STRIP + 4.0, stroke=INK)
    sides = " · ".join(
        f"{side} {_factor(factor)} ({significant(float(log2(factor)))} doublings)"
        for side, factor in picture.sides.items()
    )
    whole = f"{sides} · together {_factor(picture.found.speedup)}"
    text(root, _MARGIN, top + _STRIP + 22.0, whole, fill=INK)
    if picture.note:
        text(root, _MARGIN, top + _STRIP + 42.0, picture.note)


def _runs(root: Element, shares: Sequence[Share], place: tuple[float, float, float]) -> None:
    x, y, scale = place
    for share in shares:
        width = abs(share.doublings) * scale
        means = share.optimization.means
        fill = _COLOURS[means] if share.doublings > 0.0 else RED
        shape(root, "rect", x=x, y=y, width=width, height=_STRIP, fill=fill, stroke="#ffffff")
        if width > _INSIDE:
            said = f"{means.value} {_factor(share.fair)}"
            text(
                root, x + width / 2.0, y + 17.5, said, fill="#ffffff", anchor="middle", weight="600"
            )
        x += width


def _factor(value: float) -> str:
    return f"{significant(value)}×"
