"""Put what the engine answers about sparsity into docs/sparsity.md.

    python tools/refresh_sparsity.py

`tests/test_sparsity_page.py` fails where the page and the engine disagree.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from ironlaw.cost.kernel import kernel_cost
from ironlaw.cost.machine import Machine
from ironlaw.explore.sparsities import sparsity_curve, sparsity_over_batch
from ironlaw.registry.chips import load_chip
from ironlaw.registry.dtypes import Dtype
from ironlaw.registry.relatives import calibration_of
from ironlaw.registry.sparsity import kernel_tile, sparsity_sheet
from ironlaw.rewrites.sparse_matrices import prune
from ironlaw.rewrites.sparsity import empty_tiles, sparsity_named, stored_ratio
from ironlaw.system.cache.sparse_lines import sparse_lines
from ironlaw.system.pruning import crossing_share, pruning_of
from ironlaw.system.question import load_decoder
from ironlaw.workload.builder import Builder
from ironlaw.workload.graph import GemmShape
from ironlaw.workload.kernels import kernels
from ironlaw.workload.parts import gemm

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ironlaw.cost.kernel import KernelCost

PAGE = Path(__file__).resolve().parents[1] / "docs" / "sparsity.md"
LAYERS = {
    "attention": ("Q, K, V, output", 12288.0, 12288.0),
    "feed_forward_up": ("FC1", 49152.0, 12288.0),
    "feed_forward_down": ("FC2", 12288.0, 49152.0),
}
"""The layers of OPT-175B that SparseGPT timed: columns and depth."""

_BATCHES = (1, 4, 16, 64, 256)
_CROSSINGS = (
    *(("v100-sxm2", Dtype.FP16), ("a100-80gb-sxm", Dtype.BF16), ("h100-sxm", Dtype.BF16)),
    *(("b200-sxm", Dtype.BF16), ("mi300x", Dtype.BF16), ("jetson-agx-orin", Dtype.FP16)),
    *(("jetson-agx-orin", Dtype.INT8), ("raspberry-pi-5", Dtype.FP32)),
)


def gemm_cost(chip: str, shape: tuple[float, float, float], sparsity: str | None) -> KernelCost:
    """One bf16 GEMM as it stands in a step.

    Args:
        chip: The chip.
        shape: Rows, columns and depth.
        sparsity: That of its weights.
    """
    rows, columns, depth = shape
    make = Builder()
    make.tensor("x", rows * depth * Dtype.BF16.size)
    gemm(make, "up_proj", "up", ("x", "y"), GemmShape(rows, columns, depth))
    described = load_chip(chip)
    pruning = pruning_of(sparsity, load_decoder("llama-3-8b"), described, (Dtype.BF16,))
    graph = prune(make.graph(["y"]), pruning)
    machine = Machine(chip=described, calibration=calibration_of(described))
    return kernel_cost(kernels(graph)[0], machine)


def _table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    heads = list(head)
    lines = [heads, ["---"] * len(heads), *map(list, rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def bytes_table() -> str:
    """Bytes that are stored, by sparsity and format."""
    formats = (Dtype.BF16, Dtype.FP8, Dtype.INT8, Dtype.INT4)
    names = ("2:4", *(f"unstructured:{share}" for share in (0.05, 0.3, 0.5, 0.7, 0.9, 0.98)))
    rows = (
        (f"`{name}`", *(f"{stored_ratio(sparsity_named(name), d):.3f}" for d in formats))
        for name in names
    )
    return _table(("stored over dense", *(d.value for d in formats)), rows)


def layers_table() -> str:
    """The engine's GEMMs beside those that were timed."""
    rows: list[tuple[str, ...]] = []
    for name, (words, columns, depth) in LAYERS.items():
        shape = (2048.0, columns, depth)
        dense, sparse = (
            float(gemm_cost("a100-80gb-sxm", shape, s).terms.total) for s in (None, "2:4")
        )
        seen = sparsity_sheet().number(f"two_four.{name}")
        error = 100.0 * (dense / sparse / seen - 1.0)
        times = (f"{1e3 * dense:.2f} ms", f"{1e3 * sparse:.2f} ms")
        gains = (f"{dense / sparse:.2f}", f"{seen:.2f}", f"{error:+.0f} %")
        rows.append((words, f"{columns:.0f} × {depth:.0f}", *times, *gains))
    head = ("layer", "n × k", "dense", "2:4", "speed-up", "published", "error")
    return _table(head, rows)


def crossing_table() -> str:
    """From which share of zeros vector units win."""
    rows = (
        (
            load_chip(chip).short_title,
            d.value,
            f"{100.0 * crossing_share(load_chip(chip), d):.1f} %",
        )
        for chip, d in _CROSSINGS
    )
    return _table(("chip", "matrix format", "vector units win from"), rows)


def batch_table() -> str:
    """Whole steps of Llama-3-8B over the batch, and the prompt."""
    names = (
        *("2:4", "unstructured:0.5", "unstructured:0.8", "unstructured:0.95"),
        *("block:0.5@128x128", "contextual:0.9"),
    )
    rows: list[list[str]] = []
    for name in names:
        decode = sparsity_over_batch("llama-3-8b", "h100-sxm", name, _BATCHES)
        (prompt,) = sparsity_curve("llama-3-8b", "h100-sxm", (name,), phase="prefill")
        found = [f"{point.speedup:.2f}" for point in (*decode, prompt)]
        rows.append([f"`{name}`", *found, f"{100.0 * prompt.weights_ratio:.0f} %"])
    head = ("Llama-3-8B, H100, 4k", *(f"B = {b}" for b in _BATCHES), "prompt", "weights")
    return _table(head, rows)


def models_table() -> str:
    """2:4 of whole models, decoding and reading a prompt."""
    rows: list[list[str]] = []
    for model, chip, ask in (
        ("llama-3-8b", "h100-sxm", {}),
        ("llama-3-8b", "a100-80gb-sxm", {}),
        ("llama-3-8b", "h100-sxm", {"dtype": "fp8"}),
        ("llama-3-70b", "h100-sxm", {"tp": 8}),
        ("llama-3-70b", "a100-80gb-sxm", {"tp": 8}),
        ("mixtral-8x22b", "h100-sxm", {"tp": 8}),
    ):
        decode = sparsity_over_batch(model, chip, "2:4", (1, 64), **ask)
        (prompt,) = sparsity_curve(model, chip, ("2:4",), phase="prefill", **ask)
        said = ", ".join(f"{name} {value}" for name, value in ask.items())
        found = [f"{point.speedup:.2f}" for point in (*decode, prompt)]
        rows.append([f"{model}{' ' * bool(said)}{said}", chip, *found])
    return _table(("2:4", "chip", "decode, B = 1", "B = 64", "prompt"), rows)


def networks_table() -> str:
    """Networks on an edge chip."""
    names = ("2:4", "unstructured:0.5", "unstructured:0.95", "block:0.5@128x64", "block:0.5@64x64")
    rows: list[list[str]] = []
    for network, dtype in (
        ("pointpillars", "fp16"),
        ("pointpillars", "int8"),
        ("resnet-50", "int8"),
    ):
        points = sparsity_curve(network, "jetson-agx-orin", names, dtype=dtype)
        rows.append([f"{network}, {dtype}", *(f"{point.speedup:.2f}" for point in points)])
    return _table(("AGX Orin, one frame", *(f"`{name}`" for name in names)), rows)


def blocks_table() -> str:
    """Tiles that blocks empty."""
    tile = kernel_tile()
    blocks = ("256x128", "128x64", "64x64", "64x32", "96x64", "192x64", "100x100", "16x16", "1x1")
    rows = (
        (
            block.replace("x", " × "),
            *(
                f"{100.0 * empty_tiles(sparsity_named(f'block:{s}@{block}'), tile):.2f} %"
                for s in (0.5, 0.9)
            ),
        )
        for block in blocks
    )
    return _table(("block", "half of the blocks are zero", "nine tenths"), rows)


def lines_table() -> str:
    """Lines of an LSTM's matrix that are fetched."""
    rows: list[tuple[str, ...]] = []
    for name in (
        *("unstructured:0.5", "unstructured:0.9", "block:0.5@1x4", "block:0.5@1x16"),
        *("block:0.5@1x32", "block:0.5@1x64", "block:0.5@1x24"),
    ):
        found = sparse_lines(512, 128, sparsity_named(name), 32)
        packed = f"{100.0 * found.packed_bytes / (512 * 128):.0f} %"
        rows.append((f"`{name}`", f"{found.lines:.0f} of {found.dense_lines:.0f}", packed))
    return _table(("512 × 128 of int8, lines of 32 B", "fetched in place", "bytes packed"), rows)


TABLES = {
    "bytes": bytes_table,
    "layers": layers_table,
    "crossing": crossing_table,
    "batch": batch_table,
    "models": models_table,
    "networks": networks_table,
    "blocks": blocks_table,
    "lines": lines_table,
}


def page(text: str) -> str:
    """The page with what the engine answers today."""
    for name, table in TABLES.items():
        mark = re.compile(rf"<!-- {name} -->\n.*?<!-- /{name} -->", re.DOTALL)
        text = mark.sub(f"<!-- {name} -->\n{table()}\n<!-- /{name} -->", text)
    return text


if __name__ == "__main__":
    PAGE.write_text(page(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
