"""`ironlaw jitter`: a trace of the PointPillars pipeline with a rare slow frame, and the truth about it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from ironlaw.system.jitter.simulate import Run
    from ironlaw.system.jitter.truth import Truth

commands = typer.Typer()
"""Added to those of `ironlaw`."""

Seed = Annotated[int, typer.Option(help="Draws the cause, the frame and all noise.")]
Frames = Annotated[int, typer.Option(help="Length of the trace.")]
Out = Annotated[
    Path | None, typer.Option(help="Write the trace here, as Kineto does; .gz compresses it.")
]


@commands.command()
def jitter(  # noqa: PLR0913 - options of a command line, not parameters of a formula
    *,
    seed: Seed,
    frames: Frames = 2000,
    out: Out = None,
    without_cause: Annotated[
        bool, typer.Option("--without-cause", help="The same trace without its cause.")
    ] = False,
    pool: Annotated[str, typer.Option(help="Memory: caching or static.")] = "caching",
    graph: Annotated[
        bool, typer.Option("--graph", help="Voxels, network and decoding as one captured graph.")
    ] = False,
    fusion: Annotated[str, typer.Option(help="none, partial or full.")] = "full",
    truth: Annotated[
        bool, typer.Option("--truth", help="Tell the cause, and what proves it.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="JSON in SI units.")] = False,
) -> None:
    """Simulate the PointPillars loop on Jetson AGX Orin with one rare slow frame, and write it as a trace."""
    from ironlaw.system.jitter.case import drawn_case
    from ironlaw.system.jitter.kineto import write_trace
    from ironlaw.system.jitter.simulate import simulate
    from ironlaw.system.jitter.truth import case

    removed = drawn_case(seed, frames).cause if without_cause else None
    run = simulate(seed, frames, without=removed, pool=pool, graph_launch=graph, fused=fusion)
    written = None if out is None else write_trace(run, out)
    report = {**_summary(run), "trace": None if out is None else str(out), "trace_B": written}
    if truth:
        report["truth"] = _told(case(seed, frames))
    if as_json:
        typer.echo(json.dumps(report, indent=2, allow_nan=False))
        return
    _print(run, out, report.get("truth"))


def _summary(run: Run) -> dict[str, object]:
    """Latencies of a trace, as plain data."""
    from ironlaw.system.jitter.simulate import STAGES, latencies, network_flops

    seen = latencies(run)
    return {
        "frames": len(run.frames),
        "events": len(run.events),
        "median_s": seen.median,
        "stages_s": dict(zip((stage.value for stage in STAGES), seen.stages, strict=True)),
        "network_FLOP": network_flops(run),
        "p99_s": seen.p99,
        "max_s": seen.most,
        "slowest_frame": seen.slowest,
        "deadline_misses": seen.misses,
        "skipped_scans": seen.skipped,
    }


def _told(truth: Truth) -> dict[str, object]:
    """The truth as plain data."""
    return {
        "cause": truth.cause.value,
        "kind": truth.kind,
        "frame": truth.frame,
        "last_frame": truth.last,
        "stages": [stage.value for stage in truth.stages],
        "events": list(truth.events),
        "culprits": list(truth.culprits),
        "decoys": list(truth.decoys),
        "evidence": list(truth.evidence),
        "level": truth.level,
        "fix": truth.fix,
        "latency_s": truth.latency,
        "excess_s": truth.excess,
        "possible": [
            {
                "cause": one.cause.value,
                "possible": one.possible,
                "reach_s": one.reach,
                "why": one.why,
            }
            for one in truth.possible
        ],
    }


def _print(run: Run, out: Path | None, told: object) -> None:
    from ironlaw.instruments.scale import grouped, with_prefix
    from ironlaw.system.jitter.simulate import latencies

    seen = latencies(run)
    typer.echo(
        f"{grouped(float(len(run.frames)))} frames: median {with_prefix(seen.median, 's')}, "
        f"p99 {with_prefix(seen.p99, 's')}, max {with_prefix(seen.most, 's')} in frame {seen.slowest}; "
        f"{seen.misses} past the deadline of {with_prefix(seen.deadline, 's')}"
    )
    if out is not None:
        typer.echo(f"{grouped(float(len(run.events)))} events in {out}")
    if isinstance(told, dict):
        typer.echo(json.dumps(told, indent=2, allow_nan=False, ensure_ascii=False))
