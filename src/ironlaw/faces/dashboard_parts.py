"""The parts of the dashboard, each a tree of elements."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element, SubElement

from ironlaw.cost.tiling import tile_text
from ironlaw.faces import text
from ironlaw.faces.svg import roofline_svg
from ironlaw.faces.svg_parts import BLUE, INK, LINE, PAPER, RED, SOFT
from ironlaw.instruments.law import law_bar
from ironlaw.instruments.roofline import in_words
from ironlaw.instruments.scale import percent, significant, with_prefix

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ironlaw.cost.tiling import Tiling
    from ironlaw.faces.api import Report
    from ironlaw.instruments.gauges import Gauge
    from ironlaw.instruments.roofline import RooflinePicture

_THEME = {INK: "ink", SOFT: "soft", LINE: "line", BLUE: "blue", RED: "red", PAPER: "card"}
_HEADINGS_HEIGHT = 66  # of a roofline on its own; here the page says it
_SIZES = {"wide": (860.0, 560.0), "narrow": (430.0, 470.0)}
_HALF = 0.5
_THIN = 0.12  # parts of the bar below this share have no room for words


def line(parent: Element, tag: str, content: str, style: str = "") -> Element:
    """An element that holds a text."""
    made = SubElement(parent, tag, {"class": style} if style else {})
    made.text = content
    return made


def finding(report: Report) -> str:
    """The verdict as a sentence for the head of the page."""
    verdict = text.verdict(report)
    if report.feasible:
        verdict = verdict.partition(": ")[2]
    return f"{verdict[0].upper()}{verdict[1:]}."


def roofline(report: Report) -> Element:
    """The roofline in both widths, in the colours of the page."""
    picture = report.roofline()
    red = picture.selected
    selected = "" if red is None else f" In red: {red.label}, {red.note}."
    caption = (
        f"{picture.title}; area of a dot: its share of the step.{selected} Times: {picture.source}."
    )
    return figure_of(report, picture, caption, tuple(_SIZES))


def figure_of(
    report: Report, picture: RooflinePicture, caption: str, sizes: tuple[str, ...]
) -> Element:
    """A roofline in some widths, in the colours of the page.

    Args:
        report: What it is about.
        picture: The roofline.
        caption: What stands under it.
        sizes: "wide" for a broad page, "narrow" for a phone.
    """
    figure = Element("figure", {"class": "card"})
    for style in sizes:
        width, height = _SIZES[style]
        svg = roofline_svg(picture, width=width, height=height)
        if len(sizes) > 1:
            svg.set("class", style)
        svg.set("viewBox", f"0 {_HEADINGS_HEIGHT} {width:g} {height - _HEADINGS_HEIGHT:g}")
        svg.set("height", f"{height - _HEADINGS_HEIGHT:g}")
        described = Element("desc")
        described.text = f"{text.question(report)}. {text.verdict(report)}. Every kernel is a row of the table below."
        svg.insert(1, described)
        themed(svg)
        figure.append(svg)
    line(figure, "figcaption", caption)
    return figure


def themed(svg: Element) -> None:
    """Colours become those of the page's theme; the attributes stay for who knows no style.

    Args:
        svg: A picture in the colours of `svg_parts`.
    """
    for element in svg.iter():
        found = [
            f"{name}:var(--il-{_THEME[element.attrib[name]]})"
            for name in ("fill", "stroke")
            if element.get(name) in _THEME
        ]
        if found:
            element.set("style", ";".join(found))


def law(report: Report) -> list[Element]:
    """The Iron Law bar, and its parts in words."""
    bar = law_bar(report.kernels, report.interval)
    row = Element("div", {"class": "law"})
    line(row, "strong", with_prefix(bar.total, "s"))
    words = " · ".join(f"{term.label} {with_prefix(term.time, 's')}" for term in bar.terms)
    label = {"role": "img", "aria-label": f"The step by what it waits for: {words}"}
    track = SubElement(row, "div", {"class": "bar", **label})
    for place, term in enumerate(bar.terms):
        share = term.time / bar.total
        part = SubElement(track, "span", {"style": f"flex:{share:.4f} 1 0"})
        if place == 0:
            part.text = f"{term.label} {with_prefix(term.time, 's')}"
        elif share < _THIN:
            part.set("class", "thin")
    said = Element("p", {"class": "parts"})
    said.text = (
        f"{words}. Expected between {text.between(bar.low, bar.high).replace(' to ', ' and ')}."
    )
    return [row, said]


def gauges(report: Report) -> Element:
    """The gauges with what they are fractions of."""
    aside = Element("section", {"class": "gauges", "aria-label": "Gauges"})
    for gauge in report.gauges:
        _gauge(aside, gauge)
    return aside


def _gauge(parent: Element, gauge: Gauge) -> None:
    box = SubElement(parent, "div", {"class": f"gauge {gauge.tone}"})
    head = SubElement(box, "div", {"class": "head"})
    line(head, "span", gauge.label)
    line(head, "strong", percent(gauge.value))
    shown = min(max(100.0 * gauge.value, 0.0), 100.0)
    meter = {"role": "meter", "aria-label": gauge.label, "aria-valuetext": percent(gauge.value)}
    limits = {"aria-valuemin": "0", "aria-valuemax": "100", "aria-valuenow": f"{shown:.1f}"}
    track = SubElement(box, "span", {"class": "track", **meter, **limits})
    SubElement(track, "span", {"style": f"width:{shown:.1f}%"})
    line(box, "p", gauge.note, "note")


def traffic(report: Report) -> Element:
    """What the step moves on one chip, and why."""
    diagnosis, cache = report.diagnosis, report.cache
    rows = [
        ("all kernels move", with_prefix(float(diagnosis.traffic), "B")),
        ("no algorithm could leave out", with_prefix(float(diagnosis.useful_traffic), "B")),
        ("operations", with_prefix(float(diagnosis.flops), "FLOP")),
    ]
    if cache.once > 0.0:
        rows += [
            ("the KV cache, once", with_prefix(cache.once, "B")),
            ("moved of cache, copies and scores", with_prefix(cache.moved, "B")),
            ("bytes moved for each byte of cache", f"{significant(cache.amplification)} ×"),
        ]
        makers = sorted(cache.makers.items(), key=lambda maker: -maker[1])
        rows += [(f"copies that {in_words(k)} writes", with_prefix(v, "B")) for k, v in makers]
    made = Element("section")
    line(made, "h2", "Data moved, a chip and step")
    made.append(_useful(float(diagnosis.useful_traffic), float(diagnosis.traffic)))
    table(made, ("what", "bytes or FLOP"), rows, wrap=True)
    return made


def _useful(useful: float, moved: float) -> Element:
    """A bar of all that is moved, what no algorithm could leave out in front."""
    share = min(useful / moved, 1.0) if moved > 0.0 else 1.0
    words = f"{percent(share)} of the bytes could not be left out"
    bar = Element("div", {"class": "bar", "role": "img", "aria-label": words})
    first = SubElement(bar, "span", {"style": f"flex:{share:.4f} 1 0"})
    rest = SubElement(bar, "span", {"style": f"flex:{1.0 - share:.4f} 1 0"})
    (first if share >= _HALF else rest).text = words
    (rest if share >= _HALF else first).set("class", "thin")
    return bar


def changes(report: Report) -> Element:
    """What would make the step faster."""
    made = Element("section")
    line(made, "h2", "What would change it")
    rows = [
        (
            change.name if change.factor == 1.0 else f"{change.factor:g} × {change.name}",
            with_prefix(change.step, "s"),
            f"{change.speedup:.2f} ×",
        )
        for change in report.changes
    ]
    table(made, ("change", "step", "faster by"), rows, wrap=True)
    return made


def algorithm(report: Report) -> list[Element]:
    """What experts, sparsity and draft do; nothing where there are none."""
    said = text.algorithm(report)
    if not said:
        return []
    made = Element("section", {"class": "part"})
    line(made, "h2", "The algorithm")
    for sentence in said:
        line(made, "p", sentence.strip())
    return [made]


def kernels(report: Report) -> Element:
    """The kernel table, in the order of the step."""
    made = Element("section", {"class": "part"})
    line(made, "h2", "Kernels of the step")
    region = {"class": "scroll", "tabindex": "0", "role": "region", "aria-label": "Kernels"}
    table(SubElement(made, "div", region), text.HEADINGS, [text.cells(k) for k in report.kernels])
    return made


def tilings(report: Report) -> list[Element]:
    """How the GEMMs are cut into tiles and waves; nothing where the chip has no plans."""
    if not report.plans:
        return []
    made = Element("section", {"class": "part"})
    line(made, "h2", "Tiles and waves of the GEMMs")
    asked = report.diagnosis.scenario.tiling
    chosen = (
        "What the fitted form finds fastest; no measurement says which tile a library took."
        if asked is None
        else f"As asked: {_asked(asked)}."
    )
    n_sm = next((p.plan.waves.n_sm for p in report.plans if p.plan.waves is not None), None)
    held = "" if n_sm is None else f" A wave is one tile on each of {n_sm} SMs."
    line(made, "p", f"{chosen}{held}", "note")
    region = {"class": "scroll", "tabindex": "0", "role": "region", "aria-label": "Tiles and waves"}
    rows = [text.tiling_cells(planned) for planned in report.plans]
    table(SubElement(made, "div", region), text.TILING_HEADINGS, rows)
    return [made]


def _asked(tiling: Tiling) -> str:
    """The tile and split that were asked for; the other is the fastest that is left."""
    tile = "" if tiling.tile is None else f"tile {tile_text(tiling.tile)}"
    split = "" if tiling.split is None else f"split-K {tiling.split}"
    rest = "" if tile and split else f", the {'tile' if split else 'split-K'} left to the library"
    return f"{tile}{' and ' if tile and split else ''}{split}{rest}"


def basis(report: Report) -> Element:
    """What the answer takes for granted, and the facts of the chip with their sources."""
    made = Element("section", {"class": "part"})
    if report.notes:
        line(made, "h2", "Notes")
        listed = SubElement(made, "ul", {"style": "margin-bottom:34px"})
        for note in report.notes:
            line(listed, "li", f"{note[0].upper()}{note[1:]}.")
    line(made, "h2", "Sources")
    region = {"class": "scroll", "tabindex": "0", "role": "region", "aria-label": "Sources"}
    headings = ("fact", "as written", "kind", "source", "date")
    table(
        SubElement(made, "div", region), headings, list(_sources(report)), words=(2, 3), wrap=True
    )
    return made


def _sources(report: Report) -> Iterable[tuple[str, ...]]:
    """Peak, bandwidth and capacity of the chip; the measurements that its constants are fitted to."""
    asked = report.diagnosis.scenario
    sheet = asked.chip.sheet
    names = (f"peak.{asked.chip.runs(asked.weights).value}", "memory.bandwidth", "memory.capacity")
    for name in names:
        fact = sheet.facts.get(name)
        if fact is not None:
            source = sheet.source(fact.source)
            place = f"{source.title} ({source.publisher})"
            yield f"{asked.chip.name}: {fact.path}", fact.written, fact.kind, place, fact.date
    if asked.calibration is not None:
        said = f"constants of {asked.calibration.chip}"
        yield said, "registry/data/calibration", "fitted", asked.calibration.source, ""


def table(
    parent: Element,
    headings: Sequence[str],
    rows: Iterable[Sequence[str]],
    *,
    words: tuple[int, ...] = (),
    wrap: bool = False,
) -> None:
    """A table whose first column heads its rows.

    Args:
        parent: Where it is added.
        headings: Of the columns.
        rows: Cells as text.
        words: Columns that hold words, flush left.
        wrap: Whether long cells may break.
    """
    made = SubElement(parent, "table", {"class": "wrap"} if wrap else {})
    head = SubElement(SubElement(made, "thead"), "tr")
    for place, name in enumerate(headings):
        cell = line(head, "th", name)
        cell.set("scope", "col")
        if place in words:
            cell.set("style", "text-align:left")
    body = SubElement(made, "tbody")
    for row in rows:
        tr = SubElement(body, "tr")
        for place, content in enumerate(row):
            cell = line(tr, "td" if place else "th", content, "words" if place in words else "")
            if place == 0:
                cell.set("scope", "row")
