"""Rows put into another order, or some of them dropped."""

from __future__ import annotations

from array import array
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from ironlaw.system.trace.rows import CODES

if TYPE_CHECKING:
    from typing import TypeAlias

    Columns: TypeAlias = dict[str, array[int]]

FEW = 100_000
"""Rows that are handled without NumPy, whose import takes longer."""


def with_numpy(count: int) -> bool:
    """Whether so many rows are better handled by NumPy, and it is there.

    Args:
        count: Rows.
    """
    return count > FEW and find_spec("numpy") is not None


def arrange(columns: Columns, order: Any) -> None:  # noqa: ANN401 - a list, or an array of NumPy
    """Put the rows into an order, or keep only some; one column after the other, so that one copy is in memory.

    Args:
        columns: All columns of the rows; they are replaced.
        order: The rows to keep, in their new order.
    """
    many = with_numpy(len(order))
    for name, code in CODES.items():
        column = columns[name]
        if len(column) and column.count(column[0]) == len(column):
            del column[len(order) :]
        elif many:
            import numpy as np  # noqa: PLC0415 - only for many rows (style rule 3)

            columns[name] = array(code, bytes(column.itemsize * len(order)))
            np.take(np.frombuffer(column, code), order, out=np.frombuffer(columns[name], code))
        else:
            columns[name] = array(code, map(column.__getitem__, order))
