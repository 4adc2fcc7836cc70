"""The report of an audit as one page that stands alone: no script, no request, light and dark."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element, SubElement, tostring

from ironlaw.faces import audit_blame, audit_pictures
from ironlaw.faces import audit_roofline as roof
from ironlaw.faces import audit_text as text
from ironlaw.faces.dashboard_parts import line, table
from ironlaw.instruments.scale import percent

if TYPE_CHECKING:
    from collections.abc import Callable

    from ironlaw.faces.audit import AuditReport
    from ironlaw.system.audit.verdict import Finding, Spike
    from ironlaw.system.trace.roofline import TraceRoofline

_STYLES = (Path(__file__).with_name("dashboard.css"), Path(__file__).with_name("audit.css"))
_BODY = (
    "body{margin:0;background:#faf8f4}@media (prefers-color-scheme:dark){body{background:#111518}}"
)
_WIDE, _NARROW = 1080.0, 360.0
_MOST_SHOWN = 6  # findings with pictures
_MOST_ROWS = 200  # spikes in the table
_WORDS = (3, 4, 5, 7)


def page(report: AuditReport) -> str:
    """The report as a whole document.

    Args:
        report: The audit.
    """
    document = Element("html", {"lang": "en"})
    head = SubElement(document, "head")
    SubElement(head, "meta", {"charset": "utf-8"})
    SubElement(head, "title").text = text.question(report)
    view = {"name": "viewport", "content": "width=device-width, initial-scale=1"}
    SubElement(head, "meta", view)
    SubElement(head, "style").text = _BODY + _style()
    main = SubElement(SubElement(document, "body"), "main")
    main.append(_article(report, "h1"))
    return "<!doctype html>\n" + tostring(document, encoding="unicode", method="html") + "\n"


def fragment(report: AuditReport) -> str:
    """The report for a page of one's own: its style and one article.

    Args:
        report: The audit.
    """
    style = Element("style")
    style.text = _style()
    elements = (style, _article(report, "h2"))
    return "".join(tostring(one, encoding="unicode", method="html") for one in elements)


def _style() -> str:
    return "".join(path.read_text(encoding="utf-8") for path in _STYLES)


def _article(report: AuditReport, heading: str) -> Element:
    article = Element("article", {"class": "il-dash"})
    head = SubElement(article, "header")
    line(head, "p", "ironlaw · audit of a trace", "kicker")
    line(head, heading, f"{text.verdict(report)}.")
    line(head, "p", text.question(report), "asked")
    figures = SubElement(article, "dl", {"class": "figures"})
    for name, value in text.figures(report):
        pair = SubElement(figures, "div")
        line(pair, "dt", name)
        line(pair, "dd", value, "long" if "(" in value else "")
    audit = report.audit
    said = f"Latency of every frame; frames: {audit.frames.how}. In red: spikes, {audit.outliers.rule}."
    article.append(_figure(lambda w: audit_pictures.timeline(audit, w, 260.0), said))
    counts = f"How many frames took how long; counts on a logarithmic scale. {text.tail(report)}."
    article.append(_figure(lambda w: audit_pictures.histogram(audit, w, 220.0), counts))
    _blamed(article, report)
    _spikes(article, report)
    if report.roofline is not None:
        _roofline(article, report.roofline)
    _limits(article, report)
    return article


def _figure(draw: Callable[[float], Element], caption: str) -> Element:
    """A picture in both widths under one caption."""
    figure = Element("figure", {"class": "card"})
    for style, width in (("wide", _WIDE), ("narrow", _NARROW)):
        svg = draw(width)
        svg.set("class", style)
        figure.append(svg)
    if caption:
        line(figure, "figcaption", caption)
    return figure


def _blamed(article: Element, report: AuditReport) -> None:
    """Each finding: its worst spike beside the median frame, and the flame of the blame."""
    if not report.findings:
        return
    part = SubElement(article, "section", {"class": "part"})
    line(part, "h2", "What made them late")
    worst = {spike.frame: spike for spike in report.spikes}
    for finding in report.findings[:_MOST_SHOWN]:
        spike = max((worst[frame] for frame in finding.frames), key=lambda one: one.excess)
        part.append(_finding(report, finding, spike))
    left = len(report.findings) - _MOST_SHOWN
    if left > 0:
        line(part, "p", f"{left} smaller findings are in the table below only.", "note")
    legend = SubElement(part, "p", {"class": "legend"})
    for group, meaning in audit_blame.GROUPS.items():
        entry = SubElement(legend, "span")
        SubElement(entry, "i", {"class": group}).tail = meaning


def _finding(report: AuditReport, finding: Finding, spike: Spike) -> Element:
    card = Element("article", {"class": "card"})
    title = f"{text.CAUSES[finding.cause.value][0].upper()}{text.CAUSES[finding.cause.value][1:]}"
    line(card, "h3", f"{title}: {text.shortened(finding.culprit)}")
    said = SubElement(card, "p", {"class": "said"})
    line(
        said, "span", finding.evidence.value, f"badge {finding.evidence.value}"
    ).tail = f" {finding.words}. {_share(finding, spike)}"
    if finding.wanted and finding.evidence.value != "named":
        line(card, "p", f"To decide it, record: {finding.wanted}.", "note said")
    for style, width in (("wide", _WIDE), ("narrow", _NARROW)):
        for svg in (
            audit_blame.beside(report.audit, spike, width),
            audit_blame.flame(spike, width),
        ):
            svg.set("class", style)
            card.append(svg)
    return card


def _share(finding: Finding, spike: Spike) -> str:
    count = len(finding.frames)
    frames = "Frame" if count == 1 else f"{count} frames, the worst"
    explained = (
        f"explains {percent(spike.explained)} of " if spike.explained > 0.0 else "leaves open "
    )
    return f"{frames} {spike.frame}: it {explained}{text.seconds(spike.excess)} above the median."


def _spikes(article: Element, report: AuditReport) -> None:
    if not report.spikes:
        return
    part = SubElement(article, "section", {"class": "part"})
    line(part, "h2", "Every spike")
    region = {"class": "scroll", "tabindex": "0", "role": "region", "aria-label": "Every spike"}
    rows = [text.cells(spike) for spike in report.spikes[:_MOST_ROWS]]
    table(SubElement(part, "div", region), text.HEADINGS, rows, words=_WORDS)
    left = len(report.spikes) - len(rows)
    if left > 0:
        line(part, "p", f"{left} shorter spikes are in the JSON only.", "note")


def _roofline(article: Element, roofline: TraceRoofline) -> None:
    part = SubElement(article, "section", {"class": "part"})
    line(part, "h2", f"{roof.claim(roofline)}.")
    points = [roof.cells(point) for point in roofline.points[: roof.MOST_OPERATORS]]
    others = [roof.underived_cells(one) for one in roofline.underived[: roof.MOST_UNDERIVED]]
    for label, headings, rows, of_words in (
        ("Operators under the roof", roof.HEADINGS, points, (0, 1, 6)),
        ("What is not placed", roof.UNDERIVED_HEADINGS, others, (0, 3)),
    ):
        region = {"class": "scroll", "tabindex": "0", "role": "region", "aria-label": label}
        if rows:
            table(SubElement(part, "div", region), headings, rows, words=of_words)
    left = roof.left_out(roofline)
    for note in roofline.notes if left is None else (left, *roofline.notes):
        line(part, "p", f"{note[0].upper()}{note[1:]}.", "note")


def _limits(article: Element, report: AuditReport) -> None:
    part = SubElement(article, "section", {"class": "part"})
    line(part, "h2", "What limits this answer")
    listed = SubElement(part, "ul", {"class": "plain"})
    for remark in report.remarks:
        line(listed, "li", f"{remark[0].upper()}{remark[1:]}.")
    if not report.trace.lost and not report.trace.n_bad:
        line(listed, "li", "Nothing was lost in reading.")
    line(listed, "li", "The longest latency seen is no bound on what can happen.")
