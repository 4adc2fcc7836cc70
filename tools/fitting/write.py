"""Fitted constants and residuals as TOML of the registry."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from silicon_names import DTYPES

if TYPE_CHECKING:
    from fitting.solve import Constants
    from fitting.tables import Key
    from ironlaw.registry.constants import ReferenceRates

SECONDS = {
    "t0",
    "tk",
    "ts",
    "tc",
    "tm",
    "tr",
    "tw",
    "tg",
    "tp",
    "te",
    "a",
    "an",
    "as_",
    "am",
    "asn",
    "tick",
    "phase",
}
FLOPS = {"f0"}
FAMILIES = {
    "gemm": "gemm", "attention_prefill": "prefill", "attention_decode": "decode", "moe": "experts",
    "allreduce": "collective",
}  # fmt: skip
COLLECTIVES = {"all_reduce", "all_gather", "alltoall", "reduce_scatter"}
VERSIONS = {
    "a100_sxm": "TensorRT-LLM 1.0.0 (GEMM, prefill, experts), vLLM 0.14.0 (decode), NCCL 2.27.3",
    "l40s": "TensorRT-LLM 1.3.0rc20, NCCL 2.27.3",
    "b60": "vLLM 0.20.0 (XPU)",
}
USUAL = "TensorRT-LLM 1.3.0rc20, NCCL 2.29.2"


def fact(name: str, value: float, unit: str) -> str:
    """A fact as a line of TOML."""
    return f'{name} = {{ value = {value:.5g}, unit = "{unit}" }}'


def _unit(name: str) -> str:
    return "s" if name in SECONDS else "FLOP" if name in FLOPS else "1"


def path_of(family: str, key: Key) -> str:
    """Where the constants of a cell stand in the calibration file of its chip."""
    if family == "allreduce":
        collective = "all_to_all" if key[1] == "alltoall" else key[1]
        return f"{collective}.{key[2]}"
    name = FAMILIES[family]
    if family == "attention_prefill":
        return f"{name}.{DTYPES[key[1]].value}_{DTYPES[key[2]].value}"
    cell = DTYPES[key[1]].value
    return f"{name}.{cell}.{key[2]}" if family == "moe" else f"{name}.{cell}"


def replaced(text: str, path: str, tables: str) -> str:
    """A TOML file with the tables of a cell in place of those that it holds.

    Args:
        text: The file.
        path: Where the cell stands: its tables are [path] and those below it.
        tables: The new ones.
    """
    kept: list[str] = []
    placed = False
    for part in re.split(r"\n(?=\[)", text.rstrip("\n") + "\n"):
        if not re.match(rf"\[{re.escape(path)}[.\]]", part):
            kept.append(part)
        elif not placed:
            kept.append(tables.strip("\n") + "\n")
            placed = True
    if not placed:
        kept.append(tables.strip("\n") + "\n")
    return "\n".join(kept)


def table(path: str, where: str, constants: Constants) -> list[str]:
    """The constants of a cell as TOML tables, those of a head width in tables of their own."""
    lines = ["", f"[{path}]", f'where = "{where}"']
    tables: dict[str, list[str]] = {}
    for name, value in constants.items():
        plain, _, width = name.partition("@")
        line = fact(plain, value, _unit(plain))
        if not width:
            lines.append(line)
            continue
        inner = "fallback" if width == "0" else f"width.{width}"
        tables.setdefault(inner, ["", f"[{path}.{inner}]", f'where = "{where}"']).append(line)
    return lines + [line for inner in tables.values() for line in inner]


def reference(chip: str, rates: ReferenceRates, date: str) -> list[str]:
    """The head of a calibration file: what was measured, and the rates that the constants multiply."""
    where = f"the rates of {chip} in the description of the measured tables: the constants multiply them"
    return [
        f'measured = "{VERSIONS.get(chip, USUAL)} kernels on {chip}, tables of ai-dynamo/aiconfigurator"',
        'kind = "fitted"',
        'source = "aiconfigurator"',
        f'date = "{date}"',
        "",
        "[reference]",
        f'where = "{where}"',
        fact("bandwidth", rates.bandwidth / 1e12, "TB/s"),
        fact("l2_capacity", rates.l2_capacity / 1e6, "MB"),
        fact("n_sm", rates.n_sm, "1"),
        fact("clock", rates.clock / 1e9, "GHz"),
        fact("compute_capability", rates.compute_capability, "1"),
        fact("link_bandwidth", rates.link_bandwidth / 1e9, "GB/s"),
        "",
        "[reference.peak]",
        *(fact(dtype.value, rate / 1e12, "TFLOP/s") for dtype, rate in rates.peaks.items()),
    ]
