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


def validate(
    folder: Annotated[
        Path, typer.Argument(help="Folder with gemm.csv, attention_decode.csv and the like.")
    ],
    *,
    family: Annotated[str | None, typer.Option(help="Judge this table only: gemm.")] = None,
    detail: Annotated[
        bool, typer.Option("--detail", help="Also by kernel, regime, window, collective.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Say how wrong the engine is on measured tables."""
    from ironlaw.faces.measured import validate as judge

    report = judge(folder, family, progress_line())
    _warn(report.warnings)
    if as_json:
        json.dump(report.to_dict(), sys.stdout, ensure_ascii=False, indent=2)
        sys.stdout.write("\n")
    else:
        from ironlaw.faces.measured_terminal import print_validation

        print_validation(report, detail=detail)


def progress_line() -> Callable[[Family, int, int], None]:
    """A reporter that says once a second on standard error where the work stands."""
    last = monotonic()

    def report(family: Family, done: int, total: int) -> None:
        nonlocal last
        if monotonic() - last > _PATIENCE:
            last = monotonic()
            sys.stderr.write(f"ironlaw: {family}, {done:,} of {total:,} rows\n")

    return report


def _warn(lines: tuple[str, ...]) -> None:
    for line in lines:
        sys.stderr.write(f"ironlaw: {line}\n")
