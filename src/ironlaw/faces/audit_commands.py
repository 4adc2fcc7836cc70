"""The command of recorded traces: `ironlaw audit`."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ironlaw.base.errors import DomainError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ironlaw.faces.audit_many import Answer

commands = typer.Typer()
"""Added to those of `ironlaw`."""


@commands.command()
def audit(  # noqa: PLR0913 - options of a command line, not parameters of a formula
    traces: Annotated[
        list[Path],
        typer.Argument(
            help="Traces, or directories of them: PyTorch profiler, Chrome or Perfetto JSON, nsys SQLite export, "
            "trtexec times.",
            metavar="TRACE...",
        ),
    ],
    *,
    deadline: Annotated[
        str | None,
        typer.Option(help="What a frame may take: 10ms.", show_default="a robust threshold"),
    ] = None,
    on: Annotated[
        str | None,
        typer.Option(
            help="Chip, or its TOML file: place the operators under its roof.", show_default=False
        ),
    ] = None,
    top: Annotated[
        int | None, typer.Option(min=1, help="Show only so many spikes, the latest first.")
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="JSON in SI units instead of a table.")
    ] = False,
    detail: Annotated[
        bool, typer.Option("--detail", help="With --json: suspects, segments, findings, the tail.")
    ] = False,
    html: Annotated[
        Path | None, typer.Option(help="Write the report, one page.", metavar="FILE.html")
    ] = None,
    cluster: Annotated[
        str | None,
        typer.Option(
            help="A task of Dask for each trace, at this scheduler; on this machine without an address.",
            metavar="[tcp://HOST:PORT]",
            show_default=False,
        ),
    ] = None,
) -> None:
    """Audit recorded traces: which frames were late, and what made each of them late.

    The exit code is 2 if a trace cannot be audited; the others are audited all the same.
    """
    from ironlaw.faces.audit import deadline_of
    from ironlaw.faces.audit_many import Wanted, answers, traces_in
    from ironlaw.faces.audit_terminal import Bar, paper
    from ironlaw.faces.standalone import save_page
    from ironlaw.registry.chips import load_chip

    files = traces_in(traces)
    if html is not None and len(files) > 1:
        raise DomainError("html", str(html), f"one trace a page; there are {len(files)}")
    if on is not None:
        load_chip(on)
    wanted = Wanted(
        deadline=deadline_of(deadline),
        on=on,
        data=as_json,
        detail=detail,
        page=html is not None,
        top=top,
        paper=None if as_json else paper(),
    )
    with Bar() as bar:
        found = answers(files, wanted, cluster, bar.report)
    if html is not None and found[0].page is not None:
        save_page(found[0].page, html)
    if as_json:
        _write_json(found, listed=files != traces or len(files) > 1)
    else:
        _print(found, html)
    for answer in found:
        if answer.error is not None:
            sys.stderr.write(f"ironlaw: {answer.error}\n")
    if any(answer.error is not None for answer in found):
        raise typer.Exit(2)


def _write_json(found: Sequence[Answer], *, listed: bool) -> None:
    """One trace as it is; several as a list with their paths, what cannot be audited with its error."""
    if not listed:
        if found[0].data is None:
            return
        data = found[0].data
    else:
        data = {
            "traces": [
                {"trace": one.path, **({"error": one.error} if one.data is None else one.data)}
                for one in found
            ]
        }
    json.dump(data, sys.stdout, ensure_ascii=False, indent=2, allow_nan=False)
    sys.stdout.write("\n")


def _print(found: Sequence[Answer], html: Path | None) -> None:
    printed = [one.printed for one in found if one.printed is not None]
    sys.stdout.write("\n".join(printed))
    if html is not None and printed:
        sys.stdout.write(f"report written to {html}\n")
