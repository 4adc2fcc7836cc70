"""What precision, fusion and algorithm each did, on the dashboard."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element, SubElement

from ironlaw.faces import text
from ironlaw.faces.dashboard_parts import line, table, themed
from ironlaw.faces.optimization_svg import optimization_svg
from ironlaw.instruments.scale import significant, with_prefix

if TYPE_CHECKING:
    from ironlaw.faces.api import Report

_HEADINGS = 62.0  # pixels of title and question, which the page says


def optimizations(report: Report) -> list[Element]:
    """The OptimizationWaterfall and its table; nothing where it was not asked for."""
    picture = report.waterfall_picture
    if picture is None:
        return []
    made = Element("section", {"class": "part"})
    line(made, "h2", f"{picture.title}.")
    figure = SubElement(made, "figure", {"class": "card"})
    drawn = optimization_svg(picture, text.question(report))
    width, height = float(drawn.attrib["width"]), float(drawn.attrib["height"])
    drawn.set("viewBox", f"0 {_HEADINGS:g} {width:g} {height - _HEADINGS:g}")
    drawn.set("height", f"{height - _HEADINGS:g}")
    drawn.set("style", "min-width:560px")
    themed(drawn)
    region = {"class": "scroll", "tabindex": "0", "role": "region", "aria-label": picture.title}
    SubElement(figure, "div", region).append(drawn)
    headings = ("change", "means", "before", "after", "in this order", "in any order")
    rows = [
        (
            share.optimization.label,
            share.optimization.means.value,
            with_prefix(share.before, picture.unit),
            with_prefix(share.after, picture.unit),
            f"{significant(share.in_order)} ×",
            f"{significant(share.fair)} ×",
        )
        for share in picture.found.shares
    ]
    columns = {"class": "scroll", "tabindex": "0", "role": "region", "aria-label": "The changes"}
    table(SubElement(made, "div", columns), headings, rows, words=(1,), wrap=True)
    return [made]
