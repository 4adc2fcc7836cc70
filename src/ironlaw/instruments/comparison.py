"""A table of few columns: the same quantities of two or three designs, in words."""

from __future__ import annotations

from dataclasses import dataclass

from ironlaw.base.errors import DomainError
from ironlaw.base.plain import plain_fields
from ironlaw.instruments.scale import significant


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparisonRow:
    """One quantity.

    Attributes:
        id: Its name.
        label: It in words.
        cells: Its values with their units, one a column.
        change: What the last column is of the first, in words; None where that says nothing.
    """

    id: str
    label: str
    cells: tuple[str, ...]
    change: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """The table.

    Attributes:
        title: What it shows.
        columns: Ids and labels.
        rows: One a quantity.
        note: What else is to be known.

    Raises:
        DomainError: for a row with more or fewer cells than there are columns.
    """

    title: str
    columns: tuple[tuple[str, str], ...]
    rows: tuple[ComparisonRow, ...]
    note: str = ""

    def __post_init__(self) -> None:
        """Refuse a ragged table."""
        for row in self.rows:
            if len(row.cells) != len(self.columns):
                raise DomainError(f"row {row.id}", row.cells, f"{len(self.columns)} cells")

    def to_dict(self) -> dict[str, object]:
        """The table as plain data."""
        columns = [{"id": name, "label": label} for name, label in self.columns]
        return {
            "title": self.title,
            "columns": columns,
            "rows": [plain_fields(row) for row in self.rows],
            "note": self.note,
        }


def change_words(before: float, after: float) -> str | None:
    """A change as a factor, in words; None where there is none.

    Args:
        before: The first value, above 0.
        after: The last one, above 0.

    Example:
        >>> change_words(70.0, 17.5), change_words(2.0, 3.0), change_words(2.0, 2.0)
        ('÷ 4', '× 1.5', None)
    """
    if before == after:
        return None
    return (
        f"× {significant(after / before)}" if after > before else f"÷ {significant(before / after)}"
    )
