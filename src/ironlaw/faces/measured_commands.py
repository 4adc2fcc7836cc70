"""The commands of measured tables: `ironlaw validate` and `ironlaw check-data`."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from collections.abc import Callable

    from ironlaw.explore.measured.columns import Family

AsJson = Annotated[bool, typer.Option("--json", help="JSON in SI units instead of a table.")]
_PATIENCE = 1.0  # seconds between two reports of progress


def register(app: typer.Typer) -> None:
    """Add the commands to the command line."""
    app.command("validate")(validate)
    app.command("check-data")(check_data)


def validate(
    folder: Annotated[
        Path, typer.Argument(help="Folder with gemm.csv, attention_decode.csv and the like.")
    ],
    *,
    family: Annotated[str | None, typer.Option(help="Judge one table only: gemm.")] = None,
    detail: Annotated[
        bool, typer.Option("--detail", help="Also by kernel, regime, window, collective.")
    ] = False,
    as_json: AsJson = False,
    plot: Annotated[
        Path | None, typer.Option(help="Draw predicted against measured.", metavar="FILE.svg")
    ] = None,
) -> None:
    """Say how wrong the engine is on measured tables."""
    from ironlaw.faces.measured import validate as judge

    report = judge(folder, family, progress_line())
    _warn(report.warnings)
    if plot is not None:
        report.plot(plot, f"{folder}: {report.rows:,} measured rows")
    if as_json:
        _write_json(report.to_dict())
    else:
        from ironlaw.faces.measured_terminal import print_validation

        print_validation(report, detail=detail)
        _say_written(plot)


def check_data(
    file: Annotated[Path, typer.Argument(help="A table of measured kernels, such as gemm.csv.")],
    *,
    family: Annotated[
        str | None, typer.Option(help="What was measured.", show_default="by its columns")
    ] = None,
    top: Annotated[
        int, typer.Option(min=1, help="Findings of each kind to show; --json has all.")
    ] = 10,
    as_json: AsJson = False,
    plot: Annotated[
        Path | None, typer.Option(help="Draw measured against the roofline.", metavar="FILE.svg")
    ] = None,
) -> None:
    """Flag what in a measured table cannot be true.

    The exit code is 1 if anything is flagged.
    """
    from ironlaw.faces.measured import check_data as check

    report = check(file, family)
    _warn(report.warnings)
    if plot is not None:
        report.plot(plot)
    if as_json:
        _write_json(report.to_dict())
    else:
        sys.stdout.write(report.text(top) + "\n")
        _say_written(plot)
    if not report.clean:
        raise typer.Exit(1)


def progress_line() -> Callable[[Family, int, int], None]:
    """A reporter that says once a second on standard error where the work stands."""
    last = monotonic()

    def report(family: Family, done: int, total: int) -> None:
        nonlocal last
        if monotonic() - last > _PATIENCE:
            last = monotonic()
            sys.stderr.write(f"ironlaw: {family}, {done:,} of {total:,} rows\n")

    return report


def _say_written(plot: Path | None) -> None:
    if plot is not None:
        sys.stdout.write(f"picture written to {plot}\n")


def _write_json(data: object) -> None:
    json.dump(data, sys.stdout, ensure_ascii=False, indent=2)
    sys.stdout.write("\n")


def _warn(lines: tuple[str, ...]) -> None:
    for line in lines:
        sys.stderr.write(f"ironlaw: {line}\n")
