"""`ironlaw cache`: the cache lines that the weights of an LSTM cell fetch."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

commands = typer.Typer()
"""Added to those of `ironlaw`."""


@commands.command()
def cache(  # noqa: PLR0913 - options of a command line, not parameters of a formula
    *,
    chip: Annotated[str, typer.Option(help="A chip of the registry, or a TOML file.")],
    hidden: Annotated[int, typer.Option(help="Hidden size H of the cell.")],
    gate_order: Annotated[
        str,
        typer.Option(help="blocked: gate by gate; interleaved: row j of all four, load by load."),
    ] = "blocked",
    pad: Annotated[
        int, typer.Option(help="Bytes between one stored gate matrix and the next.")
    ] = 0,
    row_multiple: Annotated[
        int, typer.Option(help="Rows begin at multiples of it: 1 packed, 32 padded to the line.")
    ] = 1,
    dtype: Annotated[str, typer.Option(help="Weights: int8, int16, fp16, bf16 or fp32.")] = "int8",
    load_width: Annotated[int, typer.Option(help="Bytes of one load.")] = 4,
    inputs: Annotated[
        int | None, typer.Option(help="Inputs of the first layer: read a whole step, W and U.")
    ] = None,
    layers: Annotated[
        int | None, typer.Option(help="LSTM layers of the step, with --inputs.")
    ] = None,
    policy: Annotated[str, typer.Option(help="lru, fifo, plru or random.")] = "lru",
    seed: Annotated[int, typer.Option(help="Draws the ways of the random policy.")] = 0,
    warm: Annotated[
        bool, typer.Option("--warm", help="After the same step; otherwise from an empty cache.")
    ] = False,
    rate: Annotated[
        str | None,
        typer.Option(
            help='What fills the lines: planned, fetch, memory, flash, or one\'s own "15 MB/s".',
            show_default="the rate to plan with",
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="JSON in SI units.")] = False,
    plot: Annotated[
        Path | None, typer.Option(help="Draw the sets and the saw-tooth.", metavar="FILE.svg")
    ] = None,
) -> None:
    """Count the cache lines that an LSTM cell's weights fetch from external memory, and the time that they take."""
    from ironlaw.faces.cache_lines import CacheAsk, cache_lines

    ask = CacheAsk(
        gate_order=gate_order,
        pad=pad,
        row_multiple=row_multiple,
        dtype=dtype,
        load_width=load_width,
        inputs=inputs,
        layers=layers,
        policy=policy,
        seed=seed,
        warm=warm,
        rate=rate,
    )
    report = cache_lines(chip, hidden, **ask)
    if plot is not None:
        report.plot(plot)
    if as_json:
        typer.echo(json.dumps(report.to_dict(), indent=2, allow_nan=False, ensure_ascii=False))
        return
    typer.echo(report.text())
    if plot is not None:
        typer.echo(f"picture written to {plot}")
