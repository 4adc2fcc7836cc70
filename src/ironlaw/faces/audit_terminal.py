"""An audit on the terminal, drawn by Rich."""

from __future__ import annotations

from io import StringIO
from time import monotonic
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from ironlaw.faces import audit_roofline as words
from ironlaw.faces import audit_text as text
from ironlaw.faces.terminal import terminal

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from types import TracebackType

    from rich.progress import TaskID

    from ironlaw.faces.audit import AuditReport
    from ironlaw.system.trace.roofline import TraceRoofline

_WORDS = {
    *("cause", "culprit", "stage", "evidence", "frames", "what was seen"),
    *("operator", "inputs", "bound", "not placed", "because"),
}
_PATIENCE = 1.0  # seconds before there is a bar
_STYLES = {"located": "yellow", "unexplained": "bold yellow"}


def paper() -> tuple[int, bool]:
    """What an audit is printed on, here or in another process: columns, and whether it is a terminal."""
    console = terminal()
    return console.width, console.is_terminal


def printed_audit(report: AuditReport, top: int | None, on: tuple[int, bool]) -> str:
    """An audit in print: the verdict on top, then the figures, the spikes, what recurs, and what to record next.

    Args:
        report: The audit.
        top: Show only so many spikes, the latest first; all if None.
        on: The paper.
    """
    printed = StringIO()
    width, is_terminal = on
    _print(Console(file=printed, width=width, force_terminal=is_terminal), report, top)
    return printed.getvalue()


def _print(console: Console, report: AuditReport, top: int | None) -> None:
    console.print(Text(text.question(report), style="dim"))
    console.print(Text(text.verdict(report), style="bold"))
    console.print(Text(" · ".join(f"{name} {value}" for name, value in text.figures(report))))
    console.print(Text(text.tail(report), style="dim"))
    shown = report.spikes if top is None else report.spikes[:top]
    if shown:
        console.print(_table(text.HEADINGS, [text.cells(one) for one in shown]))
    if len(shown) < len(report.spikes):
        console.print(Text(f"and {len(report.spikes) - len(shown)} more spikes", style="dim"))
    if report.findings:
        console.print()
        rows = [text.finding_cells(one) for one in report.findings]
        console.print(_table(text.FINDING_HEADINGS, rows, wrapped="what was seen"))
    if report.roofline is not None:
        _print_roofline(console, report.roofline)
    for line in text.wanted(report):
        console.print(Text(f"to decide it, record: {line}"))
    for remark in report.remarks:
        console.print(Text(f"note: {remark}", style="yellow"))


def _print_roofline(console: Console, roofline: TraceRoofline) -> None:
    console.print()
    console.print(Text(words.claim(roofline), style="bold"))
    points = [words.cells(point) for point in roofline.points[: words.MOST_OPERATORS]]
    console.print(_table(words.HEADINGS, points))
    others = [words.underived_cells(one) for one in roofline.underived[: words.MOST_UNDERIVED]]
    if others:
        console.print(_table(words.UNDERIVED_HEADINGS, others, wrapped="because"))
    left = words.left_out(roofline)
    for note in roofline.notes if left is None else (left, *roofline.notes):
        console.print(Text(note, style="dim"))


def _table(headings: Sequence[str], rows: Iterable[Sequence[str]], wrapped: str = "") -> Table:
    table = Table(box=None, pad_edge=False, header_style="dim")
    for heading in headings:
        table.add_column(
            heading,
            justify="left" if heading in _WORDS else "right",
            overflow="fold",
            no_wrap=heading != wrapped,
        )
    for row in rows:
        table.add_row(*(Text(cell, style=_STYLES.get(cell, "")) for cell in row))
    return table


class Bar:
    """A bar on a terminal for what takes longer than a second; nothing before, and nothing in a file."""

    def __init__(self) -> None:
        self._console = Console(stderr=True)
        self._began = monotonic()
        self._bar: Progress | None = None
        self._tasks: dict[str, TaskID] = {}

    def __enter__(self) -> Bar:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._bar is not None:
            self._bar.stop()

    def report(self, what: str, done: int, total: int) -> None:
        """Show what is done.

        Args:
            what: Of what.
            done: How much.
            total: Of how much.
        """
        if self._bar is None:
            if not self._console.is_terminal or monotonic() - self._began < _PATIENCE:
                return
            columns = (TextColumn("{task.description}"), BarColumn(), TimeRemainingColumn())
            self._bar = Progress(*columns, console=self._console, transient=True)
            self._bar.start()
        if what not in self._tasks:
            self._tasks[what] = self._bar.add_task(what, total=total)
        self._bar.update(self._tasks[what], completed=done, total=total)
