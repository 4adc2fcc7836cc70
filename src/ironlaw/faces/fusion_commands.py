"""`ironlaw fusions`: what may run as one kernel in a step, what each saves, and the best set of all."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated, cast

import typer

if TYPE_CHECKING:
    from ironlaw.faces.fusions import FusionReport
    from ironlaw.system.question import Ask

AsJson = Annotated[bool, typer.Option("--json", help="JSON in SI units instead of a table.")]


commands = typer.Typer()
"""Added to those of `ironlaw`."""


@commands.command()
def fusions(  # noqa: PLR0913 - options of a command line, not parameters of a formula
    model: Annotated[str, typer.Argument(help="Name of a model, or path of its file.")],
    *,
    on: Annotated[str, typer.Option("--on", help="Chip.", metavar="CHIP")],
    phase: Annotated[str | None, typer.Option(help="prefill or decode.")] = None,
    batch: Annotated[float, typer.Option(help="Sequences, or samples of a network.")] = 1.0,
    context: Annotated[float | None, typer.Option(help="Tokens of a sequence.")] = None,
    tp: Annotated[int | None, typer.Option(help="Chips that share each matrix.")] = None,
    accumulate: Annotated[
        str | None, typer.Option(help="Sums between kernels: fp32, or bf16 as the activations.")
    ] = None,
    best: Annotated[str, typer.Option(help="Objective: time, mfu or energy.")] = "time",
    as_json: AsJson = False,
) -> None:
    """List the legal fusions of a step with what each alone saves, and the exact best set of them."""
    from ironlaw.faces.fusions import fusions_of

    asked = {"phase": phase, "context": context, "tp": tp, "accumulate": accumulate}
    known = {name: value for name, value in asked.items() if value is not None}
    report = fusions_of(model, on, best, **cast("Ask", {"batch": batch, **known}))
    if as_json:
        typer.echo(json.dumps(report.to_dict(), indent=2, allow_nan=False))
        return
    _print(report)


def _print(report: FusionReport) -> None:
    from rich.console import Console
    from rich.table import Table

    from ironlaw.instruments.scale import grouped, with_prefix

    choices, optimum, eager = report.choices, report.optimum, report.eager_kernels
    table = Table(box=None, pad_edge=False)
    for title in ("fusion", "what it is", "block"):
        table.add_column(title)
    for title in ("saves", "launches"):
        table.add_column(title, justify="right")
    table.add_column("best", justify="center")
    for choice in choices:
        chosen = "●" if choice.name in optimum.fusions else ""
        table.add_row(
            choice.name,
            choice.kind,
            choice.block,
            with_prefix(float(choice.traffic), "B"),
            grouped(float(choice.kernels)),
            chosen,
        )
    console = Console()
    console.print(table)
    answer = optimum.diagnosis
    joules = f"{with_prefix(optimum.value, 'J')} and " if report.objective.value == "energy" else ""
    console.print(
        f"best set: {joules}{with_prefix(float(answer.step), 's')} a step, "
        f"{with_prefix(float(answer.traffic), 'B')}, {answer.n_kernels} of {eager} kernels; "
        f"exact over {optimum.cuts:.3g} different cuts"
    )
