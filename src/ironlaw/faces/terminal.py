"""Tables for the terminal, drawn by Rich."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table
from rich.text import Text

from ironlaw.faces import text
from ironlaw.registry.facts import sources

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ironlaw.faces.api import Report
    from ironlaw.registry.facts import Fact, Source

_WIDE = 120  # columns from which the facts stand in a table
_PIPE_WIDTH = 160  # columns where the output is not a terminal
_DOUBTFUL = ("recalled", "assumption")  # kinds of evidence that are shown as such
_WORDS = (0, 5)  # columns of the kernel table that hold words


def terminal() -> Console:
    """The terminal at its width; a pipe gets room enough not to fold."""
    console = Console()
    return console if console.is_terminal else Console(width=_PIPE_WIDTH)


def print_report(report: Report, top: int | None = None) -> None:
    """Print a diagnosis: the verdict on top, then the figures, the kernels, and what would change it.

    Args:
        report: The diagnosis.
        top: Show only so many kernels, the longest first; all, in the order of the step, if None.
    """
    console = terminal()
    console.print(Text(text.question(report), style="dim"))
    console.print(Text(text.verdict(report), style="bold" if report.feasible else "bold red"))
    facts = " · ".join(f"{name} {value}" for name, value in text.headline(report))
    console.print(Text(facts))
    table = Table(box=None, pad_edge=False, header_style="dim")
    for i, heading in enumerate(text.HEADINGS):
        table.add_column(heading, justify="left" if i in _WORDS else "right", no_wrap=True)
    shown, rest = text.longest(report.kernels, top)
    for row in shown:
        table.add_row(*(Text(cell) for cell in text.cells(row)))
    console.print(table)
    if rest:
        console.print(Text(text.remainder(rest), style="dim"))
    for line in (text.overhead(report), text.energy(report), text.tiling(report)):
        if line:
            console.print(Text(line, style="dim"))
    console.print(Text(f"what would change it: {text.advice(report)}"))
    for line in text.further(report):
        console.print(Text(line))
    for note in report.notes:
        console.print(Text(f"note: {note}", style="yellow"))


def print_tables(tables: Mapping[str, list[dict[str, object]]]) -> None:
    """Print rows as one table for each group, whose keys are its own, under its name."""
    for name, rows in tables.items():
        terminal().print(Text(name, style="bold"))
        table = Table(box=None, pad_edge=False, header_style="dim")
        for heading in rows[0]:
            table.add_column(heading, overflow="fold")
        for row in rows:
            table.add_row(*(Text(str(cell)) for cell in row.values()))
        terminal().print(table)


def print_groups(groups: Mapping[str, list[dict[str, object]]]) -> None:
    """Print rows of the same keys as one table, each group under its name."""
    table = Table(box=None, pad_edge=False, header_style="dim")
    for heading in next(iter(groups.values()))[0]:
        table.add_column(heading, overflow="fold")
    for name, rows in groups.items():
        table.add_row(Text(name, style="bold"))
        for row in rows:
            table.add_row(*(Text(str(cell)) for cell in row.values()))
    terminal().print(table)


def print_facts(title: str, facts: Iterable[Fact], own: Mapping[str, Source] | None = None) -> None:
    """Print facts, and then the sources that they name; two lines a fact where the terminal is narrow.

    Args:
        title: What they are facts of.
        facts: The facts.
        own: Sources beside those of the registry.
    """
    described = {**sources(), **(own or {})}
    console = terminal()
    console.print(Text(title, style="bold"))
    known = list(facts)
    if console.width >= _WIDE:
        console.print(_fact_table(known))
    else:
        for fact in known:
            console.print(Text(f"{fact.path}  {fact.written}"))
            rest = f"  {fact.kind} · {fact.source} · {fact.date} · {fact.where}"
            console.print(Text(rest, style="dim"))
    for key in dict.fromkeys(fact.source for fact in known if fact.source in described):
        source = described[key]
        console.print(Text(f"{key}: {source.title}. {source.publisher}", style="dim"))


def _fact_table(facts: Iterable[Fact]) -> Table:
    table = Table(box=None, pad_edge=False, header_style="dim")
    for heading in ("fact", "value", "kind", "source", "date", "where"):
        table.add_column(heading, overflow="fold", no_wrap=heading != "where")
    for fact in facts:
        cells = (fact.path, fact.written, fact.kind, fact.source, fact.date, fact.where)
        style = "yellow" if fact.kind in _DOUBTFUL else ""
        table.add_row(*(Text(cell, style=style) for cell in cells))
    return table


def print_remarks(remarks: Mapping[str, str], facts: Iterable[Fact]) -> None:
    """Print what stands beside the facts of a chip, and which of them nobody measured or printed."""
    console, known = terminal(), list(facts)
    for name, words in remarks.items():
        console.print(Text(f"{name}: {words}"))
    for kind in _DOUBTFUL:
        found = [fact.path for fact in known if fact.kind == kind]
        if found:
            console.print(Text(f"{kind}: {', '.join(found)}", style="yellow"))
