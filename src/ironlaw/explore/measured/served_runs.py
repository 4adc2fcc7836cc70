"""What the engine says of a served run: the row of a measured table as a question by name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ironlaw.explore.measured.work import DTYPES
from ironlaw.system.served_question import ServedPrediction, served_tpot

if TYPE_CHECKING:
    from ironlaw.explore.measured.tables import Row


def served_run(row: Row, chip: str) -> ServedPrediction:
    """The prediction for a served run.

    The column `kv_dtype_assumed` is an assumption and is not read: the KV cache has the format that the framework takes
    unless it is told otherwise.

    Args:
        row: A row of e2e.csv.
        chip: The chip's name in the registry.

    Raises:
        ModelError: if the registry lacks the model or the framework, or the layout does not divide the model.
    """
    numbers, words = row.numbers, row.words
    return served_tpot(
        words["model"],
        chip,
        backend=words["backend"],
        concurrency=numbers["concurrency"],
        isl=numbers["isl"],
        osl=numbers["osl"],
        tp=int(numbers["tp"]),
        dtype=DTYPES[words["gemm_dtype"]].value,
    )


def kinds_of_run(row: Row) -> tuple[str, ...]:
    """What a run is besides its chip and formats; each word is a line in the detailed table.

    Args:
        row: A row of e2e.csv.
    """
    return row.words["backend"], row.words["model"], f"tp {row.numbers['tp']:.0f}"
