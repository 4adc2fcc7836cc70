"""Which shapes of a measured table are left out of every fit: a fifth of them, the same on every chip.

The constants are fitted on the other shapes, and every figure in docs/accuracy.md is about the shapes left out. The
choice is a hash of the shape alone, so a shape is left out with all its chips, number formats and libraries at once.
"""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

_PARTS = 5  # one part of five is left out

SHAPE_COLUMNS: dict[str, tuple[str, ...]] = {
    "gemm": ("m", "n", "k"),
    "attention_prefill": ("batch", "seq", "heads_q", "heads_kv", "head_dim", "window"),
    "attention_decode": ("batch", "kv_len", "heads_q", "heads_kv", "head_dim", "window"),
    "moe": ("tokens", "hidden", "inter", "topk", "experts"),
    "allreduce": ("n_gpus", "bytes"),
    "e2e": ("model", "isl", "osl", "concurrency", "tp"),
}


def held_out(family: str, row: Mapping[str, str]) -> bool:
    """Whether the shape of a row is left out of the fit.

    Args:
        family: The table's file stem.
        row: A row of it, as text by column.

    Raises:
        KeyError: if the family is unknown, or the row lacks a column of its shape.

    Example:
        >>> held_out("gemm", {"m": "1", "n": "6144", "k": "8192"})
        False
    """
    key = ",".join(row[column].strip() for column in SHAPE_COLUMNS[family])
    return zlib.crc32(f"{family}:{key}".encode()) % _PARTS == 0
