"""The cache lines of a cell as a standalone SVG: its gates, the sets of the cache, the saw-tooth over H."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ironlaw.faces.cache_lines import what
from ironlaw.faces.cache_text import headline, question, times
from ironlaw.faces.curve_svg import Box, draw_curve
from ironlaw.faces.svg_parts import BLUE, INK, LINE, RED, document, shape, text, wrapped, write_svg
from ironlaw.instruments.scale import grouped

if TYPE_CHECKING:
    from pathlib import Path
    from xml.etree.ElementTree import Element

    from ironlaw.faces.cache_lines import CacheReport
    from ironlaw.instruments.cache_map import CacheMap

_WIDTH, _MARGIN, _LEFT = 960.0, 28.0, 150.0
_GATES_TOP, _BAR, _STEP = 164.0, 15.0, 24.0
_SETS_HEIGHT, _CURVE_HEIGHT = 150.0, 260.0
_LETTERS = 150  # of a line of the note


def write_cache(report: CacheReport, path: str | Path) -> None:
    """Write the picture of a report.

    Args:
        report: The report.
        path: A path that ends in ".svg".

    Raises:
        DomainError: if it does not, or cannot be written.
    """
    write_svg(cache_svg(report), path)


def cache_svg(report: CacheReport) -> Element:
    """The picture of a report.

    Args:
        report: The report.
    """
    picture, teeth = report.map, report.saw_tooth()
    gates = Box(_LEFT, _GATES_TOP, _WIDTH - _LEFT - 110.0, _STEP * len(picture.rows))
    sets = Box(_LEFT, gates.foot + 66.0, _WIDTH - _LEFT - _MARGIN, _SETS_HEIGHT)
    curve = Box(_LEFT, sets.foot + 120.0, _WIDTH - _LEFT - _MARGIN, _CURVE_HEIGHT)
    words = wrapped(f"{picture.note} {teeth.note}", _LETTERS)
    root = document(_WIDTH, curve.foot + 62.0 + 18.0 * len(words), picture.title)
    text(root, _MARGIN, 34.0, picture.title, size=18.0, fill=INK, weight="600")
    asked = [what(report), question(report), headline(report), times(report)[0]]
    for place, line in enumerate(asked):
        text(root, _MARGIN, 56.0 + 18.0 * place, line, size=11.5, fill=INK)
    _gates(root, picture, gates)
    _sets(root, picture, sets)
    draw_curve(root, teeth, curve)
    for place, line in enumerate(words):
        text(root, _MARGIN, curve.foot + 66.0 + 18.0 * place, line, size=11.5, fill=INK)
    return root


def _gates(root: Element, picture: CacheMap, box: Box) -> None:
    """A bar of lines fetched for each gate matrix; what each line once would be stands in it."""
    text(
        root, _MARGIN, box.top - 14.0, "lines fetched, by matrix", size=14.0, fill=INK, weight="600"
    )
    most = max(max(row.fetched, row.distinct) for row in picture.rows)
    for place, row in enumerate(picture.rows):
        y = box.top + _STEP * place
        text(root, box.left - 10.0, y + 12.0, row.label, anchor="end", fill=INK)
        _bar(root, Box(box.left, y, box.width, _BAR), row.fetched / most, row.distinct / most)
        label = f"{grouped(float(row.fetched))} of {grouped(float(row.distinct))}"
        text(root, box.left + box.width * row.fetched / most + 8.0, y + 12.0, label, size=11.5)


def _bar(root: Element, box: Box, fetched: float, once: float) -> None:
    """Lines fetched once in blue, fetched again in red."""
    useful = min(fetched, once)
    shape(
        root, "rect", x=box.left, y=box.top, height=box.height, width=box.width * useful, fill=BLUE
    )
    if fetched > once:
        again = box.width * (fetched - once)
        start = box.left + box.width * once
        shape(root, "rect", x=start, y=box.top, height=box.height, width=again, fill=RED)


def _sets(root: Element, picture: CacheMap, box: Box) -> None:
    """A column of lines fetched for each bin of sets."""
    size = picture.bins[0].last - picture.bins[0].first + 1
    heading = f"lines fetched, by {size} sets" if size > 1 else "lines fetched, by set"
    text(root, _MARGIN, box.top - 24.0, heading, size=14.0, fill=INK, weight="600")
    said = "blue: each line once, red: again; above: walked at once through one set"
    text(root, box.right, box.top - 24.0, said, size=11.5, anchor="end")
    shape(root, "rect", x=box.left, y=box.top, width=box.width, height=box.height, fill="#ffffff")
    most = max(max(one.fetched, one.distinct) for one in picture.bins)
    step = box.width / len(picture.bins)
    for place, one in enumerate(picture.bins):
        x, wide = box.left + step * place + 1.0, step - 2.0
        high = box.height * one.fetched / most
        useful = box.height * min(one.fetched, one.distinct) / most
        shape(root, "rect", x=x, y=box.foot - high, width=wide, height=high - useful, fill=RED)
        shape(root, "rect", x=x, y=box.foot - useful, width=wide, height=useful, fill=BLUE)
        text(root, x + wide / 2.0, box.top - 5.0, str(one.streams), size=9.0, anchor="middle")
    shape(root, "line", x1=box.left, x2=box.right, y1=box.foot, y2=box.foot, stroke=LINE)
    text(root, box.left - 8.0, box.top + 10.0, grouped(float(most)), anchor="end")
    text(root, box.left - 8.0, box.foot, "0", anchor="end")
    text(root, box.left, box.foot + 16.0, "set 0")
    text(root, box.right, box.foot + 16.0, f"set {picture.sets - 1}", anchor="end")
