"""The command of recorded traces: `ironlaw audit`."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ironlaw.base.errors import DomainError, ModelError

if TYPE_CHECKING:
    from collections.abc import Callable

    from ironlaw.faces.audit import AuditReport

commands = typer.Typer()
"""Added to those of `ironlaw`."""


@commands.command()
def audit(
    traces: Annotated[
        list[Path],
        typer.Argument(
            help="Traces: PyTorch profiler, Chrome or Perfetto JSON, nsys SQLite export, trtexec times.",
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
) -> None:
    """Audit recorded traces: which frames were late, and what made each of them late.

    The exit code is 2 if a trace cannot be audited; the others are audited all the same.
    """
    from ironlaw.faces.audit import deadline_of
    from ironlaw.registry.chips import load_chip

    limit = deadline_of(deadline)
    if html is not None and len(traces) > 1:
        raise DomainError("html", str(html), f"one trace a page; there are {len(traces)}")
    if on is not None:
        load_chip(on)
    answers = _audited_all(traces, limit, on)
    if html is not None and not isinstance(answers[0], ModelError):
        answers[0].save(html)
    if as_json:
        _write_json(traces, answers, detail=detail)
    else:
        _print(answers, top, html)
    for answer in answers:
        if isinstance(answer, ModelError):
            sys.stderr.write(f"ironlaw: {answer}\n")
    if any(isinstance(answer, ModelError) for answer in answers):
        raise typer.Exit(2)


def _audited_all(
    traces: list[Path], deadline: float | None, on: str | None
) -> list[AuditReport | ModelError]:
    """Each trace by a process of its own, as many at a time as there are cores."""
    from functools import partial

    from ironlaw.faces.audit_terminal import Bar

    workers = min(os.cpu_count() or 1, len(traces))
    with Bar() as bar:
        if workers <= 1:
            return [_audited(path, deadline, on, bar.report) for path in traces]
        from concurrent.futures import ProcessPoolExecutor
        from multiprocessing import get_context

        found: list[AuditReport | ModelError] = []
        with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
            for answer in pool.map(partial(_audited, deadline=deadline, on=on), traces):
                found.append(answer)
                bar.report("traces", len(found), len(traces))
        return found


def _audited(
    path: Path,
    deadline: float | None,
    on: str | None,
    report: Callable[[str, int, int], None] | None = None,
) -> AuditReport | ModelError:
    from ironlaw.faces.audit import audit as ask

    try:
        return ask(path, deadline=deadline, on=on, progress=report)
    except ModelError as error:
        return error


def _write_json(
    traces: list[Path], answers: list[AuditReport | ModelError], *, detail: bool
) -> None:
    """One trace as it is; several as a list with their paths, what cannot be audited with its error."""
    if len(answers) == 1:
        if isinstance(answers[0], ModelError):
            return
        data: dict[str, object] = answers[0].to_dict(detail=detail)
    else:
        listed: list[dict[str, object]] = []
        for path, answer in zip(traces, answers, strict=True):
            said: dict[str, object] = {"trace": str(path)}
            if isinstance(answer, ModelError):
                said["error"] = str(answer)
            else:
                said |= answer.to_dict(detail=detail)
            listed.append(said)
        data = {"traces": listed}
    json.dump(data, sys.stdout, ensure_ascii=False, indent=2, allow_nan=False)
    sys.stdout.write("\n")


def _print(answers: list[AuditReport | ModelError], top: int | None, html: Path | None) -> None:
    from ironlaw.faces.audit_terminal import print_audit

    reports = [answer for answer in answers if not isinstance(answer, ModelError)]
    for place, report in enumerate(reports):
        if place:
            sys.stdout.write("\n")
        print_audit(report, top)
    if html is not None and reports:
        sys.stdout.write(f"report written to {html}\n")
