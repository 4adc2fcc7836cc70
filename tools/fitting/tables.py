"""Measured tables as columns, cut into the cells that have constants of their own."""

from __future__ import annotations

import csv
import zlib
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from ironlaw.registry.constants import ReferenceRates
from silicon_names import DTYPES
from silicon_split import SHAPE_COLUMNS, held_out

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

Row: TypeAlias = dict[str, str]
Key: TypeAlias = tuple[str, ...]

FOLDS = 5
CELLS: dict[str, Key] = {
    "gemm": ("gpu", "dtype"),
    "attention_prefill": ("gpu", "q_dtype", "kv_dtype"),
    "attention_decode": ("gpu", "kv_dtype"),
    "moe": ("gpu", "dtype", "kernel"),
    "allreduce": ("gpu", "collective", "impl"),
}
"""The columns that name a cell of each family."""


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Cell:
    """The measured kernels of one family that share their constants.

    Attributes:
        family: Stem of the table.
        key: Chip, format, implementation: the columns of `CELLS`.
        rows: As text by column.
        times: Measured [s].
        left_out: Whether a row's shape is left out of every fit.
        fold: Which part of a cross-validation a row's shape is in.
    """

    family: str
    key: Key
    rows: list[Row]
    times: NDArray[np.float64]
    left_out: NDArray[np.bool_]
    fold: NDArray[np.int64]

    def column(self, name: str) -> NDArray[np.float64]:
        """A column of numbers."""
        return np.array([float(row[name]) for row in self.rows])


def rates(data: dict[str, Any], chip: str) -> ReferenceRates:
    """The rates of a chip in the description of the tables, constants.json."""
    hardware = data["hardware"][chip]
    return ReferenceRates(
        peaks={dtype: hardware[name] for name, dtype in DTYPES.items() if hardware.get(name)},
        bandwidth=hardware["bw"],
        l2_capacity=hardware["l2"],
        n_sm=hardware["sm"],
        clock=hardware["clk"],
        compute_capability=hardware["cc"],
        link_bandwidth=data["link_Bps"].get(chip, 0.0),
    )


def cells(folder: Path, family: str) -> dict[Key, Cell]:
    """The cells of a table; empty where the table is missing."""
    path = folder / f"{family}.csv"
    if not path.is_file():
        return {}
    groups: defaultdict[Key, list[Row]] = defaultdict(list)
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            groups[tuple(row[column] for column in CELLS[family])].append(row)
    return {key: _cell(family, key, rows) for key, rows in sorted(groups.items())}


def _cell(family: str, key: Key, rows: list[Row]) -> Cell:
    return Cell(
        family=family,
        key=key,
        rows=rows,
        times=np.array([float(row["t_s"]) for row in rows]),
        left_out=np.array([held_out(family, row) for row in rows]),
        fold=np.array([_fold(family, row) for row in rows]),
    )


def _fold(family: str, row: Row) -> int:
    shape = ",".join(row[column] for column in SHAPE_COLUMNS[family])
    return zlib.crc32(f"fold of {family}:{shape}".encode()) % FOLDS
