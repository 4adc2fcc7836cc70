"""`ironlaw measure`: the machine at hand, and the lab's operators on it."""

from __future__ import annotations

import json
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from rich.table import Table

    from ironlaw.faces.measure import MeasureReport

commands = typer.Typer()
"""Added to those of `ironlaw`."""

_MIB = 2.0**20
_PATIENCE = 1.0  # seconds before the first report of progress


@commands.command()
def measure(
    *,
    backend: Annotated[
        str, typer.Option(help="numpy, torch, cuda; auto: cuda where there is a GPU, else numpy.")
    ] = "auto",
    threads: Annotated[int, typer.Option(min=1, help="Cores that the figures are for.")] = 1,
    kernels: Annotated[
        bool, typer.Option("--kernels", help="Time the lab's operators beside their prediction.")
    ] = False,
    quick: Annotated[bool, typer.Option("--quick", help="Fewer sizes and rounds.")] = False,
    out: Annotated[
        Path | None,
        typer.Option(help="Write the machine file that --on reads.", metavar="FILE.toml"),
    ] = None,
    title: Annotated[
        str | None, typer.Option(help="Name of the machine.", show_default="the processor's")
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="JSON in SI units instead of a table.")
    ] = False,
) -> None:
    """Measure this machine: bandwidth by level, peak rates, dispatch; under a minute."""
    from ironlaw.base.errors import DomainError
    from ironlaw.faces.measure import measure as take

    if out is not None and out.suffix != ".toml":
        raise DomainError("out", str(out), "names that end in .toml, as --on reads them")
    report = take(
        backend, threads=threads, kernels=kernels, quick=quick, title=title, progress=_progress
    )
    if out is not None:
        out.write_text(report.text, encoding="utf-8")
    if as_json:
        json.dump(report.to_dict(), sys.stdout, ensure_ascii=False, indent=2)
        sys.stdout.write("\n")
        return
    _print(report)
    if out is not None:
        sys.stdout.write(f"machine file written to {out}: ironlaw diagnose MODEL --on {out}\n")


def _progress(done: int, spent: float) -> None:
    if spent > _PATIENCE:
        sys.stderr.write(f"ironlaw: {done} rounds, {spent:.0f} s\n")


def _print(report: MeasureReport) -> None:
    from rich.text import Text

    from ironlaw.faces.terminal import terminal
    from ironlaw.instruments.scale import percent

    console, found = terminal(), report.found
    console.print(Text(report.chip.title, style="bold"))
    console.print(Text(report.under.text, style="dim"))
    console.print(_levels(report))
    console.print(_rates(report))
    if len({one.workers for one in found.sweep}) > 1:
        console.print(_scaling(report))
    if report.kernels:
        from ironlaw.system.probe.compare import median_error

        console.print(_kernels(report))
        console.print(f"median error of the operators: {percent(median_error(report.kernels))}")
    if report.kernels and found.backend == "numpy" and find_spec("torch") is not None:
        console.print(
            Text("PyTorch is installed: --backend torch times the same with it", style="dim")
        )
    for warning in report.warnings:
        console.print(Text(f"note: {warning}", style="yellow"))


def _table(*headings: str, words: int = 1) -> Table:
    from rich.table import Table

    table = Table(box=None, pad_edge=False, header_style="dim")
    for index, heading in enumerate(headings):
        table.add_column(heading, justify="left" if index < words else "right", no_wrap=True)
    return table


def _levels(report: MeasureReport) -> Table:
    from ironlaw.instruments.scale import with_prefix

    table = _table("level", "working sets", "fetched", words=2)
    for index, level in enumerate(report.found.levels, start=1):
        last = index == len(report.found.levels)
        table.add_row(
            "main memory" if last else f"caches {index}",
            f"{level.first / _MIB:g} to {level.last / _MIB:g} MiB",
            with_prefix(level.bandwidth, "B/s"),
        )
    return table


def _rates(report: MeasureReport) -> Table:
    from ironlaw.instruments.scale import percent, with_prefix

    found = report.found
    table = _table("rate", "what ran", "reached", "spread", words=2)
    for name, rate in found.peaks.items():
        side = rate.task.size
        shown = (with_prefix(rate.value, "FLOP/s"), percent(rate.spread))
        table.add_row(f"peak {name}", f"matmul, {side} × {side}", *shown)
    for name, rate in found.slow.items():
        shown = (with_prefix(rate.value, "FLOP/s"), percent(rate.spread))
        table.add_row(f"{name}, no peak", "matmul in NumPy's own loop, no BLAS", *shown)
    for name, rate in found.rates.items():
        shown = (with_prefix(rate.value, "/s"), percent(rate.spread))
        table.add_row(name, "elements of a cached block", *shown)
    for where, time in found.spread.items():
        ran = "an element more where each row has its factor"
        table.add_row(f"by rows, {where}", ran, with_prefix(time, "s"), "")
    for name, reading in (("toolkit", found.toolkit_call), ("python", found.python_call)):
        ran = "add of one element" if name == "toolkit" else "empty function"
        table.add_row(f"{name} call", ran, with_prefix(reading.time, "s"), percent(reading.spread))
    return table


def _scaling(report: MeasureReport) -> Table:
    from ironlaw.instruments.scale import with_prefix
    from ironlaw.system.probe.readings import median

    table = _table("workers", "read", "copy", "triad", "fp32")
    for count, product in report.found.scaling.items():
        sets = report.found.memory(count)
        if sets:
            streams = [median([one.fetched[name] for one in sets]) for name in sets[0].fetched]
            cells = [with_prefix(value, "B/s") for value in streams]
            table.add_row(str(count), *cells, with_prefix(product, "FLOP/s"))
    return table


def _kernels(report: MeasureReport) -> Table:
    from ironlaw.instruments.scale import percent, with_prefix

    table = _table(
        "operator", "shape", "predicted", "measured", "error", "spread", "what ran", words=2
    )
    table.columns[-1].justify, table.columns[-1].no_wrap = "left", False
    for row in report.kernels:
        table.add_row(
            row.operator.name,
            row.operator.shape,
            with_prefix(row.prediction.time, "s"),
            with_prefix(row.reading.time, "s"),
            f"{100.0 * row.error:+.1f} %",
            percent(row.reading.spread),
            row.operator.ran,
        )
    return table
