"""How far the calibrated forms are from measured kernels: writes docs/accuracy.md and the registry's residuals.

    python tools/accuracy.py ../shared/silicon

Reads the measured tables (gemm, attention_prefill, attention_decode, allreduce), keeps no row of them, and writes the
median and the ninetieth percentile of the absolute error by family, chip and format, beside the datasheet roofline's.
"""

from __future__ import annotations

import csv
import math
import statistics
import sys
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING

from ironlaw.cost.attention import prefill_traffic
from ironlaw.cost.benchmark import (
    decode_benchmark,
    decode_traffic,
    gemm_benchmark,
    gemm_traffic,
    prefill_benchmark,
)
from ironlaw.cost.collective import all_gather_volume, all_reduce_volume, collective_terms
from ironlaw.cost.iron_law import roofline_time
from ironlaw.registry.calibration import load_calibration, step_constants
from ironlaw.registry.chips import load_chip
from ironlaw.workload.graph import AttentionShape, GemmShape
from silicon_names import CHIPS, DTYPES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ironlaw.registry.calibration import Calibration
    from ironlaw.registry.chips import Chip

ROOT = Path(__file__).resolve().parents[1]
TARGET = ROOT / "docs/accuracy.md"
RESIDUAL_FILE = ROOT / "src/ironlaw/registry/data/residuals.toml"

Row = dict[str, str]
Prediction = tuple[str, float, float]  # cell, predicted [s], datasheet roofline [s]
# measured over predicted, over the roofline, and over the roofline with a launch; by chip and cell
Ratios = dict[tuple[str, str], list[tuple[float, float, float]]]


def gemm(row: Row, chip: Chip, fit: Calibration) -> Prediction:
    """A GEMM of the table."""
    dtype = DTYPES[row["dtype"]]
    m, n, k = float(row["m"]), float(row["n"]), float(row["k"])
    shape = GemmShape(m, n, k, dtype)
    traffic = gemm_traffic(shape)
    terms = gemm_benchmark(shape, constants=fit.gemm[dtype], rates=fit.reference)
    naive = roofline_time(2.0 * m * n * k, sum(traffic), chip.peak(dtype), chip.bandwidth)
    return dtype.value, float(terms.total), float(naive)


def shape_of(row: Row, length: str, *, decode: bool) -> AttentionShape:
    """The attention of a row."""
    context = float(row[length])
    return AttentionShape(
        decode=decode,
        batch=float(row["batch"]),
        query_len=1.0 if decode else context,
        context_len=context,
        n_heads=float(row["heads_q"]),
        n_kv_heads=float(row["heads_kv"]),
        d_head=float(row["head_dim"]),
        causal=True,
        cache_dtype=DTYPES[row["kv_dtype"]],
    )


def prefill(row: Row, chip: Chip, fit: Calibration) -> Prediction:
    """A prefill attention of the table."""
    shape, rates = shape_of(row, "seq", decode=False), fit.reference
    query, arithmetic = DTYPES[row["q_dtype"]], DTYPES[row["math_dtype"]]
    moved, _ = prefill_traffic(shape)
    constants = fit.prefill[query, shape.cache_dtype]
    peak = rates.peaks[arithmetic]
    terms = prefill_benchmark(shape, constants=constants, rates=rates, peak=peak)
    pairs = shape.batch * shape.n_heads * shape.query_len * (shape.query_len + 1.0) / 2.0
    naive = roofline_time(4.0 * pairs * shape.d_head, moved, chip.peak(arithmetic), chip.bandwidth)
    return f"{query.value}, cache {shape.cache_dtype.value}", float(terms.total), float(naive)


def decode(row: Row, chip: Chip, fit: Calibration) -> Prediction:
    """A decode attention of the table."""
    shape, rates = shape_of(row, "kv_len", decode=True), fit.reference
    terms = decode_benchmark(shape, constants=fit.decode[shape.cache_dtype], rates=rates)
    moved = decode_traffic(shape)
    naive = moved / chip.bandwidth
    return f"cache {shape.cache_dtype.value}", float(terms.total), float(naive)


def collective(row: Row, chip: Chip, fit: Calibration) -> Prediction:
    """An all-reduce or all-gather of the table."""
    ranks, size, name = int(row["n_gpus"]), float(row["bytes"]), row["collective"]
    volume_of = all_reduce_volume if name == "all_reduce" else all_gather_volume
    volume = volume_of(size, ranks)
    constants = (fit.all_reduce if name == "all_reduce" else fit.all_gather)[row["impl"]]
    link = fit.reference.link_bandwidth
    terms = collective_terms(volume, ranks, constants=constants, link_bandwidth=link)
    cell = f"{name.replace('_', '-')}, {row['impl'].replace('_', ' ')}"
    return cell, float(terms.total), float(volume / (chip.link_bandwidth or link))


FAMILIES: dict[str, tuple[str, Callable[[Row, Chip, Calibration], Prediction], str]] = {
    "GEMM": ("gemm.csv", gemm, "gemm"),
    "Prefill attention": ("attention_prefill.csv", prefill, "prefill"),
    "Decode attention": ("attention_decode.csv", decode, "decode"),
    "Collectives": ("allreduce.csv", collective, "collective"),
}


def usable(folder: Path, name: str) -> Iterator[Row]:
    """Rows of a table that the engine covers: its chips, full attention, reductions and gathers."""
    with (folder / name).open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            windowed = row.get("window", "0") != "0"
            other = row.get("collective", "all_reduce") not in ("all_reduce", "all_gather")
            if row["gpu"] in CHIPS and not windowed and not other:
                yield row


def ratios(folder: Path, family: str) -> Ratios:
    """Measured time over the form's and over the datasheet roofline's, by chip and cell."""
    name, predict, _ = FAMILIES[family]
    found: Ratios = defaultdict(list)
    for row in usable(folder, name):
        chip, fit = load_chip(CHIPS[row["gpu"]]), load_calibration(CHIPS[row["gpu"]])
        if fit is None:
            continue
        cell, predicted, naive = predict(row, chip, fit)
        measured = float(row["t_s"])
        fallback = (
            naive + step_constants().small_launch
        )  # as the engine answers without calibration
        found[chip.name, cell].append((measured / predicted, measured / naive, measured / fallback))
    return found


def table(family: str, found: Ratios) -> list[str]:
    """The table of a family as Markdown."""
    lines = [
        f"\n## {family}\n",
        "| chip | format | rows | median | p90 | datasheet roofline, median |",
        "|---|---|---|---|---|---|",
    ]
    for (chip, cell), pairs in sorted(found.items()):
        ours = sorted(abs(1.0 / ratio - 1.0) for ratio, _, _ in pairs)
        naive = statistics.median(abs(1.0 / ratio - 1.0) for _, ratio, _ in pairs)
        p90 = ours[int(0.9 * (len(ours) - 1))]
        lines.append(
            f"| {chip} | {cell} | {len(ours):,} | {statistics.median(ours):.1%} | {p90:.0%} | {naive:.0%} |"
        )
    return lines


INTRODUCTION = """# Accuracy

How far the calibrated kernel forms are from measured kernels: absolute error of the predicted time, written by
`python tools/accuracy.py ../shared/silicon`. The measured rows are TensorRT-LLM, vLLM and NCCL kernels from the public
tables of aiconfigurator (see NOTICE).

These are the rows that the constants were fitted on, so this is how well a form with eight or nine constants
*describes* a chip, not yet how well it predicts shapes that it has not seen. Rows with a sliding window are left out. A
step adds to these errors what the kernels do to each other: its weights and cache are cold, its launches overlap."""


RESIDUALS = """# Measured over predicted time: the range that holds 80 % of the rows of each family, chip and format.
# Written by tools/accuracy.py. The rows are those that the constants were fitted on.
kind = "derived"
source = "aiconfigurator"
date = "2026-11"
"""


def span(ratios_of_cell: list[float]) -> tuple[float, float]:
    """The tenth and the ninetieth percentile."""
    ordered = sorted(ratios_of_cell)
    return ordered[int(0.1 * (len(ordered) - 1))], ordered[math.ceil(0.9 * (len(ordered) - 1))]


def entry(path: str, values: list[float]) -> str:
    """The range of a cell as a TOML table."""
    low, high = span(values)
    return (
        f'\n[{path}]\nwhere = "tools/accuracy.py, {len(values):,} rows"\n'
        f'low = {{ value = {low:.4g}, unit = "1" }}\nhigh = {{ value = {high:.4g}, unit = "1" }}\n'
    )


def residuals(every: dict[str, Ratios]) -> str:
    """The residual file of the registry; both implementations of a collective stand together."""
    lines, naive = [RESIDUALS], list[float]()
    for family, found in every.items():
        cells: dict[str, list[float]] = defaultdict(list)
        for (chip, cell), pairs in sorted(found.items()):
            key = cell.removeprefix("cache ").replace(", cache ", "_").split(",")[0]
            cells[f"{FAMILIES[family][2]}.{chip}.{key}"] += [ratio for ratio, _, _ in pairs]
            naive += [fallback for _, _, fallback in pairs]
        lines += [entry(path, values) for path, values in cells.items()]
    return "".join([*lines, entry("roofline", naive)])


def main(folder: Path) -> None:
    """Write the page and the residuals."""
    every = {family: ratios(folder, family) for family in FAMILIES}
    lines = [INTRODUCTION]
    for family, found in every.items():
        lines += table(family, found)
    TARGET.write_text("\n".join(lines) + "\n", encoding="utf-8")
    RESIDUAL_FILE.write_text(residuals(every), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
