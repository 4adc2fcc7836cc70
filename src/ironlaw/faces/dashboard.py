"""One diagnosis as one picture: a page that stands alone, without a script and without a request."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element, SubElement, tostring

from ironlaw.faces import dashboard_parts as parts
from ironlaw.faces import text
from ironlaw.faces.dashboard_energy import energy
from ironlaw.faces.dashboard_optimizations import optimizations
from ironlaw.faces.standalone import Page
from ironlaw.faces.svg import roofline_svg

if TYPE_CHECKING:
    from ironlaw.faces.api import Report

_CSS = Path(__file__).with_name("dashboard.css")
_BODY = (
    "body{margin:0;background:#faf8f4}@media (prefers-color-scheme:dark){body{background:#111518}}"
)


@dataclass(frozen=True, eq=False)
class Dashboard(Page):
    """The composed picture of one diagnosis; a notebook shows it.

    Attributes:
        report: What is shown.
    """

    report: Report

    @property
    def html(self) -> str:
        """The page: a whole document, light and dark."""
        document = Element("html", {"lang": "en"})
        head = SubElement(document, "head")
        SubElement(head, "meta", {"charset": "utf-8"})
        SubElement(head, "title").text = text.question(self.report)
        view = {"name": "viewport", "content": "width=device-width, initial-scale=1"}
        SubElement(head, "meta", view)
        SubElement(head, "style").text = _BODY + _style()
        main = SubElement(SubElement(document, "body"), "main")
        main.append(_article(self.report, "h1"))
        return "<!doctype html>\n" + tostring(document, encoding="unicode", method="html") + "\n"

    @property
    def svg(self) -> str:
        """The roofline alone, as a standalone SVG."""
        drawn = roofline_svg(self.report.roofline(), text.question(self.report))
        return tostring(drawn, encoding="unicode")

    @property
    def fragment(self) -> str:
        """The picture for a page of one's own: its style and one article."""
        style = Element("style")
        style.text = _style()
        elements = (style, _article(self.report, "h2"))
        return "".join(tostring(one, encoding="unicode", method="html") for one in elements)

    def _repr_html_(self) -> str:
        """The picture in a notebook."""
        return self.fragment


def dashboard(result: Report, path: str | Path | None = None) -> Dashboard:
    """The composed picture of one diagnosis: verdict, roofline, Iron Law bar, gauges, traffic, kernels, tiles, sources.

    Args:
        result: A report of `ironlaw.diagnose`.
        path: Where to write the page, a name that ends in ".html"; nowhere if None.

    Returns:
        The picture: `.html`, `.svg`, `.save(path)`; a notebook shows it.

    Raises:
        DomainError: for a path that does not end in ".html" or cannot be written.

    Example:
        >>> from ironlaw.faces.api import diagnose
        >>> dashboard(diagnose("llama-3-8b", on="h100-sxm")).html.startswith("<!doctype html>")
        True
    """
    picture = Dashboard(result)
    if path is not None:
        picture.save(path)
    return picture


def _style() -> str:
    return _CSS.read_text(encoding="utf-8")


def _article(report: Report, heading: str) -> Element:
    article = Element("article", {"class": "il-dash"})
    head = SubElement(article, "header")
    parts.line(head, "p", "ironlaw · diagnosis of one step", "kicker")
    parts.line(head, heading, parts.finding(report))
    parts.line(head, "p", text.question(report), "asked")
    bench = SubElement(article, "div", {"class": "bench"})
    left = SubElement(bench, "div")
    left.append(parts.roofline(report))
    left.extend(parts.law(report))
    bench.append(parts.gauges(report))
    pair = SubElement(article, "section", {"class": "part"})
    pair = SubElement(pair, "div", {"class": "pair"})
    pair.append(parts.traffic(report))
    pair.append(parts.changes(report))
    article.extend(parts.algorithm(report))
    article.extend(optimizations(report))
    article.extend(energy(report))
    article.append(parts.kernels(report))
    article.extend(parts.tilings(report))
    article.append(parts.basis(report))
    return article
