"""The energy of a step on the dashboard: its arch, its joules by what takes them, and what the facts are."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element, SubElement

from ironlaw.faces.dashboard_parts import figure_of, line, table
from ironlaw.instruments.scale import percent, with_prefix

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ironlaw.faces.api import Report
    from ironlaw.system.energy import StepEnergy


def energy(report: Report) -> list[Element]:
    """The energy roofline beside the joules of the step; nothing where the chip's file lacks energy facts."""
    found = report.energy
    if found is None:
        return []
    made = Element("section", {"class": "part"})
    line(made, "h2", _headline(report, found))
    pair = SubElement(made, "div", {"class": "pair"})
    picture = report.energy_roofline()
    red = picture.selected
    selected = "" if red is None else f" In red: {red.label}, {red.note}."
    caption = (
        f"{picture.title}; area of a dot: its share of the joules, static ones aside.{selected}"
    )
    pair.append(figure_of(report, picture, caption, ("narrow",)))
    right = SubElement(pair, "section")
    table(right, ("what takes them", "energy", "share"), list(_rows(report, found)), wrap=True)
    line(right, "p", _basis(report), "note")
    return [made]


def _headline(report: Report, found: StepEnergy) -> str:
    item = report.items.removesuffix("s")
    each = with_prefix(float(found.per_output), "J")
    return f"Energy: {each} a {item}, {with_prefix(float(found.power), 'W')} in the mean"


def _rows(report: Report, found: StepEnergy) -> Iterable[tuple[str, ...]]:
    levels = zip(report.diagnosis.scenario.chip.levels, found.terms.levels, strict=True)
    parts = [("arithmetic", found.terms.compute), *((level.name, j) for level, j in levels)]
    total = float(found.total)
    for name, joules in (*parts, ("idle power, all the time", found.terms.static)):
        if float(joules) > 0.0:
            yield name, with_prefix(float(joules), "J"), percent(float(joules) / total)
    yield "the step", with_prefix(total, "J"), percent(1.0)


def _basis(report: Report) -> str:
    """The evidence of the facts that the joules rest on, the weakest last."""
    chip = report.diagnosis.scenario.chip
    names = (
        f"energy.{chip.runs(report.diagnosis.scenario.weights).value}",
        "memory.energy",
        "power.idle",
    )
    said = [
        f"{label} {chip.sheet.facts[name].written} ({chip.sheet.facts[name].kind})"
        for label, name in zip(("a FLOP", "a byte", "idle"), names, strict=True)
        if name in chip.sheet.facts
    ]
    return f"What it rests on: {', '.join(said)}."
