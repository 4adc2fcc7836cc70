"""Rows of the reference predictions for the chips of the registry."""

from __future__ import annotations

import csv

import pytest

from ironlaw.registry.dtypes import Dtype

CHIPS = {
    "a100_sxm": "a100-80gb-sxm",
    "h100_sxm": "h100-sxm",
    "h200_sxm": "h200-sxm",
    "b200_sxm": "b200-sxm",
    "l40s": "l40s",
}
DTYPES = {
    "bfloat16": Dtype.BF16,
    "fp8": Dtype.FP8,
    "fp8_block": Dtype.FP8_BLOCK,
    "nvfp4": Dtype.NVFP4,
}


@pytest.fixture
def reference_rows(shared):
    """A function from a file's name to its rows; chips and formats under the registry's names."""

    def read(name: str) -> list[dict[str, str]]:
        path = shared / "silicon" / "reference" / name
        if not path.is_file():
            pytest.skip(f"no {path}: the reference predictions are not here")
        with path.open(encoding="utf-8") as lines:
            found = [row for row in csv.DictReader(lines) if row["gpu"] in CHIPS]
        return [row | {"chip": CHIPS[row["gpu"]]} for row in found]

    return read


@pytest.fixture
def dtypes():
    """Formats of the reference by the names that its files use."""
    return DTYPES
