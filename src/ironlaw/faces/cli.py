"""The command line: `diagnose`, `served`, `sweep`, `measure`, `audit`, `lab`, `hardware`, `models`, `validate`."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, cast

import typer

from ironlaw.base.errors import DomainError, ModelError
from ironlaw.faces import (
    audit_commands,
    cache_commands,
    fusion_commands,
    jitter_commands,
    measure_commands,
    measured_commands,
    sweep_commands,
    thermal_commands,
)
from ironlaw.faces.bare_options import with_values

if TYPE_CHECKING:
    from collections.abc import Callable

    from ironlaw.registry.facts import Fact
    from ironlaw.system.question import Ask
    from ironlaw.workload.network import Network

app = typer.Typer(
    name="ironlaw",
    help="What binds this workload on this machine, and what would change that?",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
hardware = typer.Typer(
    help="List and show chips, every fact with its source.", no_args_is_help=True
)
models = typer.Typer(help="List and show models, every fact with its source.", no_args_is_help=True)
app.add_typer(hardware, name="hardware")
app.add_typer(models, name="models")

AsJson = Annotated[bool, typer.Option("--json", help="JSON in SI units instead of a table.")]
ChipName = Annotated[str, typer.Argument(help="A chip of the registry, or a TOML file.")]
Name = Annotated[str, typer.Argument(help="A model of the registry, or a file.")]


def _version(asked: bool) -> None:  # noqa: FBT001 - the signature that a callback has
    if asked:
        from ironlaw import __version__

        sys.stdout.write(f"ironlaw {__version__}\n")
        raise typer.Exit


@app.callback()
def options(
    *,
    version: Annotated[
        bool, typer.Option("--version", help="Show the version.", callback=_version, is_eager=True)
    ] = False,
) -> None:
    """What binds this workload on this machine, and what would change that?"""
    del version  # answered by its callback


def main() -> None:
    """Run the command line; an error of the engine is one line on standard error and exit code 2."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal that knows no × still gets its answer
    try:
        app(list(with_values(sys.argv[1:])), standalone_mode=True)
    except ModelError as error:
        sys.stderr.write(f"ironlaw: {error}\n")
        sys.exit(2)


@app.command()
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
    draft: Annotated[
        str | None, typer.Option(help="Who drafts tokens: a decoder, or ngram.", metavar="MODEL")
    ] = None,
    acceptance: Annotated[
        str | None,
        typer.Option(help="Share of drafted tokens that are right; or of each.", metavar="A[,A…]"),
    ] = None,
    draft_len: Annotated[
        int | None, typer.Option(help="Tokens drafted in a round.", show_default="4")
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
    as_json: AsJson = False,
    plot: Annotated[
        Path | None, typer.Option(help="Draw the roofline.", metavar="FILE.svg")
    ] = None,
    energy: Annotated[
        bool, typer.Option("--energy", help="Draw the roofline of --plot in joules.")
    ] = False,
    html: Annotated[
        Path | None, typer.Option(help="Write the dashboard, one page.", metavar="FILE.html")
    ] = None,
) -> None:
    """Diagnose one step: what binds it, and what would change that."""
    from ironlaw.faces.algorithm import asked_draft, numbers
    from ironlaw.faces.api import diagnose as ask

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
    }
    said = cast("Ask", {name: value for name, value in given.items() if value is not None})
    drafted = asked_draft(draft, numbers("acceptance", acceptance), draft_len, draft_tp)
    report = ask(_with_dims(model, dim or []), on=on, draft=drafted, waterfall=waterfall, **said)
    if energy and plot is None:
        raise DomainError(
            "energy", energy, "runs with --plot FILE.svg, whose roofline it draws in joules"
        )
    if plot is not None:
        report.plot(plot, energy=energy)
    if html is not None:
        from ironlaw.faces.dashboard import dashboard

        dashboard(report, html)
    if as_json:
        _write_json(report.to_dict())
    else:
        from ironlaw.faces.terminal import print_report

        print_report(report, top)
        if plot is not None:
            sys.stdout.write(f"roofline written to {plot}\n")
        if html is not None:
            sys.stdout.write(f"dashboard written to {html}\n")


@app.command()
def served(  # noqa: PLR0913 - options of a command line, not parameters of a formula
    model: Annotated[str, typer.Argument(help="A model of the registry, or a config.json.")],
    *,
    on: Annotated[str, typer.Option("--on", help="A chip of the registry, or a TOML file.")],
    backend: Annotated[str, typer.Option(help="trtllm, vllm or sglang.")] = "vllm",
    concurrency: Annotated[int, typer.Option(help="Sequences in flight.")] = 1,
    isl: Annotated[int, typer.Option(help="Tokens of a prompt.")] = 1024,
    osl: Annotated[int, typer.Option(help="Tokens made for it.")] = 1024,
    tp: Annotated[int, typer.Option(help="Chips that share each matrix.")] = 1,
    ep: Annotated[int, typer.Option(help="Chips that each hold some experts.")] = 1,
    pp: Annotated[int, typer.Option(help="Stages that the layers are split into.")] = 1,
    dtype: Annotated[
        str | None,
        typer.Option(help="Weights: bf16, fp8, fp8-block, nvfp4.", show_default="as published"),
    ] = None,
    kv_dtype: Annotated[
        str, typer.Option(help="KV cache: bf16, fp8, or auto: the framework's choice.")
    ] = "auto",
    as_json: AsJson = False,
) -> None:
    """Say what a served model takes for each output token."""
    from ironlaw.faces.served import served as ask

    said = {"dtype": dtype}
    report = ask(
        model,
        on=on,
        backend=backend,
        concurrency=concurrency,
        isl=isl,
        osl=osl,
        tp=tp,
        ep=ep,
        pp=pp,
        kv_dtype=kv_dtype,
        **{name: value for name, value in said.items() if value is not None},
    )
    if as_json:
        _write_json(report.to_dict())
    else:
        sys.stdout.write(f"{report.table()}\n")


app.registered_commands.extend(sweep_commands.commands.registered_commands)
measured_commands.register(app)
app.registered_commands.extend(fusion_commands.commands.registered_commands)
app.registered_commands.extend(jitter_commands.commands.registered_commands)
app.registered_commands.extend(cache_commands.commands.registered_commands)
app.registered_commands.extend(thermal_commands.commands.registered_commands)
app.registered_commands.extend(measure_commands.commands.registered_commands)
app.registered_commands.extend(audit_commands.commands.registered_commands)


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


@app.command()
def lab(
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port; 0 takes a free one.")] = 8040,
    host: Annotated[str, typer.Option(help="Address to bind to.")] = "127.0.0.1",
    *,
    browser: Annotated[bool, typer.Option(help="Open the browser.")] = True,
    data_dir: Annotated[Path | None, typer.Option(help="Folder of the ledgers.")] = None,
) -> None:
    """Serve the lab and open it in the browser."""
    try:
        from ironlaw.faces.serve import serve
    except ModuleNotFoundError as error:
        sys.stderr.write(f"ironlaw: {error.name} is missing; pip install 'ironlaw[server]'\n")
        raise typer.Exit(2) from error
    serve(host=host, port=port, browser=browser, folder=data_dir)


@hardware.command("list")
def list_hardware(*, as_json: AsJson = False) -> None:
    """List the chips, by where they work."""
    from ironlaw.faces.chip_listing import chip_overview, chip_rows

    if as_json:
        _write_json(chip_rows())
        return
    from ironlaw.faces.terminal import print_groups

    print_groups(chip_overview())


@hardware.command("show")
def show_hardware(name: ChipName, *, as_json: AsJson = False) -> None:
    """Show every fact of a chip with its source."""
    from ironlaw.faces.chip_listing import chip_facts, chip_remarks, show_data
    from ironlaw.faces.terminal import print_facts, print_remarks

    chip, facts = chip_facts(name)
    if as_json:
        _write_json(show_data(chip, facts))
        return
    print_facts(chip.title, facts, chip.sheet.own_sources)
    print_remarks(chip_remarks(chip), facts)


@models.command("list")
def list_models(*, as_json: AsJson = False) -> None:
    """List the language models and the networks."""
    from ironlaw.faces.listing import model_overview, model_rows

    if as_json:
        _write_json(model_rows())
        return
    from ironlaw.faces.terminal import print_tables

    print_tables(model_overview())


@models.command("show")
def show_model(name: Name, *, as_json: AsJson = False) -> None:
    """Show the configuration of a model and every fact with its source."""
    from ironlaw.faces.listing import model_facts

    _write_facts(name, model_facts, as_json=as_json)


def _write_json(data: object) -> None:
    json.dump(data, sys.stdout, ensure_ascii=False, indent=2)
    sys.stdout.write("\n")


def _write_facts(
    name: str, facts_of: Callable[[str], tuple[str, list[Fact]]], *, as_json: bool
) -> None:
    title, facts = facts_of(name)
    if as_json:
        _write_json({"name": name, "title": title, "facts": [fact.to_dict() for fact in facts]})
        return
    from ironlaw.faces.terminal import print_facts

    print_facts(title, facts)
