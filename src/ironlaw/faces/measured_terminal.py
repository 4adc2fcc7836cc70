"""Scores of measured tables on the terminal, drawn by Rich."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text

from ironlaw.explore.measured.score import scores_by_kind
from ironlaw.faces.measured_text import HEADINGS, N_WORDS, TITLES, family_rows, score_cells
from ironlaw.faces.terminal import terminal

if TYPE_CHECKING:
    from ironlaw.explore.measured.score import Scored
    from ironlaw.faces.measured import ValidationReport


def print_validation(report: ValidationReport, *, detail: bool = False) -> None:
    """Print the scores, a table for each family, the line over all of it last and bold.

    Args:
        report: The scores.
        detail: Whether to add the scores by kernel, regime, window and the like.
    """
    console = terminal()
    for place, scored in enumerate(report.validation.families):
        if place:
            console.print()
        console.print(Text(TITLES[scored.family], style="bold"))
        console.print(_table(scored, detail=detail))
    console.print()
    console.print(Text(LEGEND, style="dim"))


LEGEND = (
    "median and p90: absolute error of the predicted time · geomean: predicted over measured · inside 80 %: share of "
    "the rows in the 80 % interval · naive median: the datasheet roofline's error"
)


def _table(scored: Scored, *, detail: bool) -> Table:
    table = Table(box=None, pad_edge=False, header_style="dim")
    for i, heading in enumerate(HEADINGS):
        table.add_column(heading, justify="left" if i < N_WORDS else "right", no_wrap=True)
    *cells, overall = family_rows(scored)
    for cell in cells:
        table.add_row(*(Text(text) for text in cell))
    if detail:
        for kind, score in scores_by_kind(scored.points).items():
            texts = ("all", kind, *score_cells(score))
            table.add_row(*(Text(text, style="dim") for text in texts))
    table.add_row(*(Text(text, style="bold") for text in overall))
    return table
