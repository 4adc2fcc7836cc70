"""Write the calibration files of the registry from a directory of fitted constants.

    python tools/import_constants.py ../shared/silicon

Reads `constants.json` and writes `src/ironlaw/registry/data/calibration/<chip>.toml`. No measured row is read or kept.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from silicon_names import CHIPS
from silicon_names import DTYPES as FORMATS

TARGET = Path(__file__).parents[1] / "src/ironlaw/registry/data/calibration"
DTYPES = {measured: dtype.value for measured, dtype in FORMATS.items()}
COLLECTIVES = ("all_reduce", "all_gather")
SECONDS = {"t0", "tk", "ts", "tc", "tm", "tr", "a", "an", "as_"}
VERSIONS = {
    "a100_sxm": "TensorRT-LLM 1.0.0 (GEMM, prefill), vLLM 0.14.0 (decode), NCCL 2.27.3",
    "l40s": "TensorRT-LLM 1.3.0rc20, NCCL 2.27.3",
}
USUAL = "TensorRT-LLM 1.3.0rc20, NCCL 2.29.2"
DATE = "2026-11"
Data = dict[str, Any]  # families, cells and constants as they stand in the JSON


def fact(name: str, value: float, unit: str) -> str:
    """A fact as a line of TOML."""
    return f'{name} = {{ value = {value!r}, unit = "{unit}" }}'


def table(path: str, key: str, constants: dict[str, float]) -> list[str]:
    """The constants of one fit as a TOML table."""
    lines = ["", f"[{path}]", f'where = "constants.json, {key}"']
    for name, value in constants.items():
        field = "as_" if name == "as" else name
        lines.append(fact(field, value, "s" if field in SECONDS else "1"))
    return lines


def reference(chip: str, data: Data) -> list[str]:
    """The rates that the constants multiply."""
    hardware = data["hardware"][chip]
    lines = [
        f'measured = "{VERSIONS.get(chip, USUAL)} kernels on {chip}, tables of ai-dynamo/aiconfigurator"',
        'kind = "fitted"',
        'source = "aiconfigurator"',
        f'date = "{DATE}"',
        "",
        "[reference]",
        f'where = "constants.json, hardware.{chip}: the rates that the constants multiply"',
        fact("bandwidth", hardware["bw"] / 1e12, "TB/s"),
        fact("l2_capacity", hardware["l2"] / 1e6, "MB"),
        fact("n_sm", hardware["sm"], "1"),
        fact("clock", hardware["clk"] / 1e9, "GHz"),
        fact("compute_capability", hardware["cc"], "1"),
        fact("link_bandwidth", data["link_Bps"][chip] / 1e9, "GB/s"),
        "",
        "[reference.peak]",
    ]
    peaks = {name: hardware.get(key) for key, name in DTYPES.items()}
    return lines + [fact(name, rate / 1e12, "TFLOP/s") for name, rate in peaks.items() if rate]


def prefill_name(pair: str) -> str:
    """bfloat16/fp8 as bf16_fp8."""
    return "_".join(DTYPES[name] for name in pair.split("/"))


def calibration(chip: str, data: Data) -> str:
    """The calibration file of a chip."""
    lines = reference(chip, data)
    for family, path, name_of in (
        ("gemm", "gemm", DTYPES.__getitem__),
        ("attention_prefill", "prefill", prefill_name),
        ("attention_decode", "decode", DTYPES.__getitem__),
    ):
        for key, constants in data[family].items():
            gpu, cell = key.split("|")
            if gpu == chip:
                passes = {"cq": 0.0} if family == "gemm" else {}
                lines += table(f"{path}.{name_of(cell)}", f"{family} {key}", passes | constants)
    for key, constants in data["comm"].items():
        gpu, implementation, collective, _ = key.split("|")
        if gpu == chip and collective in COLLECTIVES:
            lines += table(f"{collective}.{implementation}", f"comm {key}", constants)
    return "\n".join(lines) + "\n"


def main(folder: str) -> None:
    """Write every calibration file."""
    data = json.loads((Path(folder) / "constants.json").read_text(encoding="utf-8"))
    for chip, name in CHIPS.items():
        (TARGET / f"{name}.toml").write_text(calibration(chip, data), encoding="utf-8")
        sys.stdout.write(f"{name}.toml\n")


if __name__ == "__main__":
    main(sys.argv[1])
