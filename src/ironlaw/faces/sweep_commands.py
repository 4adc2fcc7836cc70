"""The command of sweeps: `ironlaw sweep`."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from ironlaw.base.errors import DomainError

_RANGE = "1,2,4 or 1:256 or 1024:131072:1024 or 1:4096:x2"
_PAIR = 2

Contexts = Annotated[
    str | None,
    typer.Option(help="Prompt, or cached tokens with the new one.", show_default="4096"),
]
Degrees = Annotated[
    str | None, typer.Option(help="Chips that share each matrix.", show_default="1")
]
Limits = Annotated[
    list[str] | None, typer.Option(help="Keep to a limit: 'step<=50ms'.", metavar="LIMIT")
]
AsJson = Annotated[bool, typer.Option("--json", help="JSON in SI units instead of a table.")]


commands = typer.Typer()


@commands.command()
def sweep(  # noqa: PLR0913 - options of a command line, not parameters of a formula
    model: Annotated[str, typer.Argument(help="Models of the registry, or files; commas between.")],
    *,
    on: Annotated[
        str, typer.Option("--on", help="Chips of the registry, or TOML files; commas between.")
    ],
    batch: Annotated[str, typer.Option(help=f"Sequences: {_RANGE}.")] = "1:256",
    context: Contexts = None,
    tp: Degrees = None,
    dtype: Annotated[
        str | None, typer.Option(help="Weights: bf16,fp8,nvfp4.", show_default="as published")
    ] = None,
    kv_dtype: Annotated[
        str | None, typer.Option(help="KV cache: bf16,fp8.", show_default="as published")
    ] = None,
    phase: Annotated[
        str | None, typer.Option(help="prefill,decode.", show_default="decode")
    ] = None,
    fusion: Annotated[
        str | None, typer.Option(help="none,partial,full.", show_default="full")
    ] = None,
    best: Annotated[
        str, typer.Option(help="Column that the best points are best in.")
    ] = "tokens_per_s",
    within: Limits = None,
    pareto: Annotated[
        str, typer.Option(help="The two columns of the front.")
    ] = "step_s,tokens_per_s_per_chip",
    top: Annotated[int, typer.Option(min=1, help="Points of the front to show at most.")] = 10,
    as_json: AsJson = False,
    csv: Annotated[Path | None, typer.Option(help="Write every point.", metavar="FILE.csv")] = None,
) -> None:
    """Ask about every combination: the best, and the Pareto front."""
    from ironlaw.faces.ranges import counts, limits, words
    from ironlaw.faces.sweeps import sweep as ask

    axes: dict[str, object] = {"batch": counts("batch", batch)}
    for name, numbers in (("context", context), ("tp", tp)):
        if numbers is not None:
            axes[name] = counts(name, numbers)
    for name, names in (
        *(("dtype", dtype), ("kv_dtype", kv_dtype), ("phase", phase), ("fusion", fusion)),
    ):
        if names is not None:
            axes[name] = words(names)
    columns = words(pareto)
    if len(columns) != _PAIR:
        raise DomainError("pareto", pareto, "two columns with a comma between them")
    report = ask(
        words(model),
        on=words(on),
        best=best,
        pareto=(columns[0], columns[1]),
        within=limits(within or ()),
        **axes,  # type: ignore[arg-type] # names and values are checked by the sweep
    )
    if csv is not None:
        report.to_csv(csv)
    if as_json:
        json.dump(report.to_dict(), sys.stdout, ensure_ascii=False, indent=2)
        sys.stdout.write("\n")
        return
    from ironlaw.faces.sweep_terminal import print_sweep

    print_sweep(report, top)
    if csv is not None:
        sys.stdout.write(f"{report.n_points:,} points written to {csv}\n")
