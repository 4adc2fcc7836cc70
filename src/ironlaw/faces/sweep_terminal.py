"""Sweeps in the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text

from ironlaw.faces import sweep_text
from ironlaw.faces.terminal import terminal

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ironlaw.faces.sweeps import SweepReport


def print_sweep(report: SweepReport, top: int) -> None:
    """Print the best of each chip and format, the front, and what was left out.

    Args:
        report: The sweep.
        top: Points of the front to show at most.
    """
    console = terminal()
    console.print(Text(sweep_text.question(report), style="dim"))
    console.print(Text(sweep_text.counted(report)))
    console.print(Text(sweep_text.ranked(report), style="bold"))
    groups, several = (
        report.summary.groups,
        len({case.spec.name for case in report.sweep.cases}) > 1,
    )
    console.print(_table([sweep_text.group_cells(group) for group in groups], several=several))
    if report.front:
        shown = sweep_text.spread(report.front, top)
        console.print(Text(sweep_text.front_title(report, len(shown)), style="bold"))
        console.print(_table([sweep_text.cells(point) for point in shown], several=several))
    for note in report.notes:
        console.print(Text(f"note: {note}", style="yellow"))


def _table(rows: Iterable[tuple[str, ...]], *, several: bool) -> Table:
    """Rows under the headings; the model's column only where there are several."""
    first = 0 if several else 1
    table = Table(box=None, pad_edge=False, header_style="dim")
    for i, heading in enumerate(sweep_text.HEADINGS):
        if i >= first:
            words = i in sweep_text.WORDS
            table.add_column(heading, justify="left" if words else "right", no_wrap=True)
    for row in rows:
        table.add_row(*(Text(cell) for cell in row[first:]))
    return table
