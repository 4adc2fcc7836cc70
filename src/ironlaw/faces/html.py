"""A report as HTML, built as a tree."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element, SubElement, tostring

from ironlaw.faces import text
from ironlaw.faces.svg import roofline_svg

if TYPE_CHECKING:
    from ironlaw.faces.api import Report


def report_html(report: Report) -> str:
    """The report for a notebook: question, verdict, roofline and kernel table.

    Args:
        report: A report.
    """
    root = Element("div")
    SubElement(root, "p").text = text.question(report)
    SubElement(SubElement(root, "p"), "strong").text = text.verdict(report)
    facts = " · ".join(f"{name} {value}" for name, value in text.headline(report))
    SubElement(root, "p").text = facts
    root.append(roofline_svg(report.roofline(), text.question(report)))
    table = SubElement(root, "table")
    heading = SubElement(table, "tr")
    for name in text.HEADINGS:
        SubElement(heading, "th").text = name
    for row in report.kernels:
        line = SubElement(table, "tr")
        for cell in text.cells(row):
            SubElement(line, "td").text = cell
    return tostring(root, encoding="unicode")
