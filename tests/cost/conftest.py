"""Rows of the reference predictions for the chips of the registry."""

from __future__ import annotations

import csv

import pytest

from silicon_names import CHIPS, DTYPES


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
