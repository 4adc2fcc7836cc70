"""`ironlaw thermal`: how warm a device gets, and what its skin sustains."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from ironlaw.base.errors import DomainError

commands = typer.Typer()
"""Added to those of `ironlaw`."""

_MINUTE = 60.0


@commands.command()
def thermal(  # noqa: PLR0913 - options of a command line, not parameters of a formula
    *,
    chip: Annotated[str, typer.Option(help="A chip of the registry, or a TOML file.")],
    power: Annotated[
        float, typer.Option(help="Power of the work in W; leakage comes on top of it.")
    ],
    ambient: Annotated[float, typer.Option(help="Temperature of the air in °C.")] = 25.0,
    limit: Annotated[
        float | None,
        typer.Option(help="Highest temperature of the skin in °C.", show_default="the chip's"),
    ] = None,
    duty: Annotated[
        float, typer.Option(help="Share of the time at work, in turns of a few seconds at most.")
    ] = 1.0,
    minutes: Annotated[float, typer.Option(help="How long to look.")] = 10.0,
    governor: Annotated[
        bool, typer.Option("--governor", help="Slow the work when the skin is at its limit.")
    ] = False,
    points: Annotated[
        str | None,
        typer.Option(
            help="Frames a second and W of each point of the governor, the fastest first.",
            metavar="60:2,45:1.5,30:1",
            show_default="the chip's, at the same energy a frame",
        ),
    ] = None,
    hysteresis: Annotated[
        float | None,
        typer.Option(
            help="Cooling in K before the governor allows for more.", show_default="the chip's"
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="JSON in SI units.")] = False,
    plot: Annotated[
        Path | None, typer.Option(help="Draw the temperatures.", metavar="FILE.svg")
    ] = None,
) -> None:
    """Say how warm a device gets, when its skin is at its limit, and which power it sustains."""
    from ironlaw.faces.thermal import thermal as ask
    from ironlaw.instruments.thermal_trace import ZERO_CELSIUS

    report = ask(
        chip,
        power=power,
        ambient=ambient + ZERO_CELSIUS,
        limit=None if limit is None else limit + ZERO_CELSIUS,
        duty=duty,
        span=minutes * _MINUTE,
        governor=governor or points is not None,
        points=None if points is None else _pairs(points),
        hysteresis=hysteresis,
    )
    if plot is not None:
        report.plot(plot)
    if as_json:
        typer.echo(json.dumps(report.to_dict(), indent=2, allow_nan=False, ensure_ascii=False))
        return
    typer.echo(report.text())
    if plot is not None:
        typer.echo(f"picture written to {plot}")


def _pairs(written: str) -> list[tuple[float, float]]:
    """Operating points as they are written: "60:2,30:1".

    Raises:
        DomainError: naming what cannot be read.
    """
    found: list[tuple[float, float]] = []
    for part in written.split(","):
        rate, _, load = part.partition(":")
        try:
            found.append((float(rate), float(load)))
        except ValueError as error:
            raise DomainError("points", written, "pairs of numbers, such as 60:2,30:1") from error
    return found
