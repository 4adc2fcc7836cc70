"""The command line: `diagnose`, `served`, `sweep`, `measure`, `audit`, `lab`, `hardware`, `models`, `validate`."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ironlaw.base.errors import ModelError
from ironlaw.faces import (
    audit_commands,
    cache_commands,
    diagnose_commands,
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


app.registered_commands.extend(diagnose_commands.commands.registered_commands)


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
