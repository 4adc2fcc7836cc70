"""`ironlaw diagnose`: one step of a model on a node, what binds it, and what would change that."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, cast

import typer

from ironlaw.base.errors import DomainError

if TYPE_CHECKING:
    from ironlaw.system.question import Ask
    from ironlaw.workload.network import Network

commands = typer.Typer()
"""Added to those of `ironlaw`."""


@commands.command()
def diagnose(  # noqa: PLR0913 - options of a command line, not parameters of a formula
    model: Annotated[
        str,
        typer.Argument(
            help="A model of the registry, or a config.json, .toml, .onnx or .pt2 file."
        ),
    ],
    *,
    on: Annotated[str, typer.Option("--on", help="A chip of the registry, or a TOML file.")],
    tp: Annotated[
        int | None, typer.Option(help="Chips that share each matrix.", show_default="1")
    ] = None,
    ep: Annotated[
        int | None,
        typer.Option(
            help="Chips that each hold some experts: 1, as tp, or any with tp 1.", show_default="1"
        ),
    ] = None,
    pp: Annotated[
        int | None, typer.Option(help="Stages that the layers are split into.", show_default="1")
    ] = None,
    batch: Annotated[
        int | None, typer.Option(help="Sequences, or samples.", show_default="1")
    ] = None,
    context: Annotated[
        int | None,
        typer.Option(help="Prompt, or cached tokens with the new one.", show_default="4096"),
    ] = None,
    phase: Annotated[
        str | None, typer.Option(help="prefill or decode.", show_default="decode")
    ] = None,
    fusion: Annotated[str, typer.Option(help="none, partial or full.")] = "full",
    fuse: Annotated[
        str | None,
        typer.Option(help="A set of one's own, of `ironlaw fusions`.", metavar="NAME,NAME…"),
    ] = None,
    launch: Annotated[
        str | None, typer.Option(help="eager, stream or graph.", show_default="the usual")
    ] = None,
    dtype: Annotated[
        str | None,
        typer.Option(
            help="Weights: bf16, fp8, fp8-block, int8, int4, mxfp4, nvfp4; a network: fp32 to int8.",
            show_default="as published",
        ),
    ] = None,
    kv_dtype: Annotated[
        str | None, typer.Option(help="KV cache: bf16 or fp8.", show_default="as published")
    ] = None,
    tile: Annotated[
        str | None,
        typer.Option(help="Tile of every GEMM.", metavar="128x256", show_default="the library's"),
    ] = None,
    split_k: Annotated[
        int | None,
        typer.Option(help="Parts that every GEMM splits K into.", show_default="the library's"),
    ] = None,
    activations: Annotated[
        str | None,
        typer.Option(
            help="auto: quantised before quantised GEMMs; bf16: weights widened instead.",
            show_default="auto",
        ),
    ] = None,
    accumulate: Annotated[
        str | None,
        typer.Option(
            help="What norms and softmaxes sum up between kernels: fp32, or bf16 as the activations.",
            show_default="fp32",
        ),
    ] = None,
    routing: Annotated[
        str | None,
        typer.Option(
            help="Which experts are wanted; or a share or count of each.",
            metavar="uniform|power-law:S|N,N…",
            show_default="uniform",
        ),
    ] = None,
    experts: Annotated[
        int | None, typer.Option(help="Experts of a dense model's MoE twin.", metavar="E")
    ] = None,
    top_k: Annotated[int | None, typer.Option(help="Experts of a token of the twin.")] = None,
    d_expert: Annotated[int | None, typer.Option(help="Width of an expert of the twin.")] = None,
    d_shared: Annotated[
        int | None, typer.Option(help="Width of its shared experts.", show_default="0")
    ] = None,
    shared: Annotated[
        str | None,
        typer.Option(
            help="Shared experts beside the routed ones, or after.",
            metavar="beside|after",
            show_default="beside, in a graph",
        ),
    ] = None,
    sparsity: Annotated[
        str | None,
        typer.Option(
            help="Matrices: 2:4, unstructured:0.9, block:0.5@128x128 or contextual:0.9.",
            show_default="dense",
        ),
    ] = None,
    draft: Annotated[
        str | None,
        typer.Option(
            help="Who drafts tokens: a decoder, ngram, or mtp, a head of its own.", metavar="MODEL"
        ),
    ] = None,
    acceptance: Annotated[
        str | None,
        typer.Option(
            help="Share of drafted tokens that are right; or of each depth, of each candidate: 0.6/0.2.",
            metavar="A[,A…]",
        ),
    ] = None,
    draft_len: Annotated[
        str | None,
        typer.Option(
            help="Tokens drafted in a round, or best.", metavar="N|best", show_default="4"
        ),
    ] = None,
    draft_tree: Annotated[
        str | None,
        typer.Option(help="Candidates after each token, depth by depth.", metavar="4,2,1"),
    ] = None,
    draft_tp: Annotated[
        int | None, typer.Option(help="Chips that share the draft.", show_default="as the target")
    ] = None,
    waterfall: Annotated[
        bool, typer.Option("--waterfall", help="What precision, fusion and draft each did.")
    ] = False,
    dim: Annotated[
        list[str] | None,
        typer.Option(help="Size of a free dimension of an ONNX or .pt2 file.", metavar="NAME=N"),
    ] = None,
    top: Annotated[int | None, typer.Option(min=1, help="Show only the longest kernels.")] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="JSON in SI units instead of a table.")
    ] = False,
    plot: Annotated[
        Path | None, typer.Option(help="Draw the roofline.", metavar="FILE.svg")
    ] = None,
    energy: Annotated[
        bool, typer.Option("--energy", help="Draw the roofline of --plot in joules.")
    ] = False,
    plot_waterfall: Annotated[
        Path | None, typer.Option(help="Draw the waterfall.", metavar="FILE.svg")
    ] = None,
    html: Annotated[
        Path | None, typer.Option(help="Write the dashboard, one page.", metavar="FILE.html")
    ] = None,
) -> None:
    """Diagnose one step: what binds it, and what would change that."""
    from ironlaw.faces.algorithm import asked_draft
    from ironlaw.faces.api import diagnose as ask
    from ironlaw.faces.experts import asked_routing

    given = {
        "tp": tp,
        "ep": ep,
        "pp": pp,
        "batch": batch,
        "context": context,
        "phase": phase,
        "fusion": fusion,
        "launch": launch,
        "dtype": dtype,
        "kv_dtype": kv_dtype,
        "tile": tile,
        "split_k": split_k,
        "fusions": None if fuse is None else [name for name in fuse.split(",") if name],
        "activations": activations,
        "accumulate": accumulate,
        "routing": asked_routing(routing),
        "experts": experts,
        "top_k": top_k,
        "d_expert": d_expert,
        "d_shared": d_shared,
        "shared": shared,
        "sparsity": sparsity,
    }
    said = cast("Ask", {name: value for name, value in given.items() if value is not None})
    drafted = asked_draft(
        draft,
        acceptance=acceptance,
        draft_len=draft_len,
        draft_tp=draft_tp,
        draft_tree=draft_tree,
    )
    shares = waterfall or plot_waterfall is not None
    report = ask(_with_dims(model, dim or []), on=on, draft=drafted, waterfall=shares, **said)
    if energy and plot is None:
        raise DomainError(
            "energy", energy, "runs with --plot FILE.svg, whose roofline it draws in joules"
        )
    if plot is not None:
        report.plot(plot, energy=energy)
    if plot_waterfall is not None:
        report.plot_waterfall(plot_waterfall)
    if html is not None:
        from ironlaw.faces.dashboard import dashboard

        dashboard(report, html)
    if as_json:
        json.dump(report.to_dict(), sys.stdout, ensure_ascii=False, indent=2)
        sys.stdout.write("\n")
    else:
        from ironlaw.faces.terminal import print_report

        print_report(report, top)
        if plot is not None:
            sys.stdout.write(f"roofline written to {plot}\n")
        if plot_waterfall is not None:
            sys.stdout.write(f"waterfall written to {plot_waterfall}\n")
        if html is not None:
            sys.stdout.write(f"dashboard written to {html}\n")


def _with_dims(model: str, dims: list[str]) -> str | Network:
    """The model as it is named, or the network of a file with sizes for its free dimensions."""
    if not dims:
        return model
    from ironlaw.system.network_question import load_network

    sizes: dict[str, int] = {}
    for written in dims:
        name, _, size = written.rpartition("=")
        if not name or not size.isdecimal() or int(size) < 1:
            raise DomainError("dim", written, "NAME=SIZE with a whole number from 1")
        sizes[name] = int(size)
    return load_network(model, dims=sizes)
