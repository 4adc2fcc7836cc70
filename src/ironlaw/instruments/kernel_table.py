"""The kernel table behind the charts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ironlaw.base.plain import plain_fields
from ironlaw.instruments.roofline import in_words

if TYPE_CHECKING:
    from ironlaw.system.table import KernelRow


@dataclass(frozen=True, slots=True)
class Column:
    """A column: key of its values, heading, SI unit ("" for a count or words)."""

    id: str
    label: str
    unit: str


@dataclass(frozen=True, slots=True)
class Table:
    """Columns and rows of values by column key."""

    columns: tuple[Column, ...]
    rows: tuple[dict[str, str | float | int], ...]

    def to_dict(self) -> dict[str, object]:
        """The table as plain data."""
        return {
            "columns": [plain_fields(column) for column in self.columns],
            "rows": list(self.rows),
        }


_COLUMNS = (
    Column("name", "kernel", ""),
    Column("count", "launches", ""),
    Column("flops", "work", "FLOP"),
    Column("traffic", "traffic", "B"),
    Column("intensity", "intensity", "FLOP/B"),
    Column("bound", "bound", ""),
    Column("time", "time", "s"),
    Column("share", "share", "%"),
)


def kernel_table(rows: tuple[KernelRow, ...]) -> Table:
    """The table of a step; shares are fractions of it.

    Args:
        rows: Rows of the kernel table.
    """
    return Table(
        _COLUMNS,
        tuple(
            {
                "name": in_words(row.name),
                "count": row.count,
                "flops": row.flops,
                "traffic": row.traffic,
                "intensity": row.intensity,
                "bound": row.bound,
                "time": row.time,
                "share": row.share,
            }
            for row in rows
        ),
    )
