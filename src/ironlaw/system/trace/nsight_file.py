"""The SQLite file of Nsight Systems: any table may be missing, and any column, so each is asked for first."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

BATCH = 20_000
"""Rows that are fetched at a time."""

Row = tuple[Any, ...]


class NsightFile:
    """One database, open to be read and never written."""

    def __init__(self, path: Path, progress: Callable[[int, int], None] | None = None) -> None:
        address = f"file:{quote(str(path.absolute()))}?mode=ro&immutable=1"
        self._connection = sqlite3.connect(address, uri=True)
        self._connection.text_factory = _text
        self._progress = progress
        self._n_done = 0
        self._columns: dict[str, frozenset[str]] = {}
        self.n_rows = 0
        """Rows of the tables that were announced."""

    def close(self) -> None:
        """Let the file go."""
        self._connection.close()

    def columns(self, table: str) -> frozenset[str]:
        """The columns of a table; none where it is missing.

        Args:
            table: Its name.
        """
        if table not in self._columns:
            found = self._connection.execute(f'PRAGMA table_info("{table}")')
            self._columns[table] = frozenset(str(row[1]) for row in found)
        return self._columns[table]

    def announce(self, tables: Sequence[str]) -> None:
        """Count the rows that will be read, for the progress.

        Args:
            tables: Which tables; those that are missing have none.
        """
        for table in filter(self.columns, tables):
            query = f'SELECT MAX(rowid) FROM "{table}"'  # noqa: S608 - a name of this package
            (size,) = self._connection.execute(query).fetchone()
            self.n_rows += size or 0

    def batches(self, table: str, columns: Sequence[str], order: str = "") -> Iterator[list[Row]]:
        """The rows of a table, in lists.

        Args:
            table: Its name; one that is missing has no rows.
            columns: Which columns; one that is missing is None throughout.
            order: The column to sort by, if any.
        """
        has = self.columns(table)
        if not has:
            return
        chosen = ", ".join(f'"{name}"' if name in has else "NULL" for name in columns)
        sorting = f' ORDER BY "{order}"' if order in has else ""
        query = f'SELECT {chosen} FROM "{table}"{sorting}'  # noqa: S608 - names of this package
        cursor = self._connection.execute(query)
        while batch := cursor.fetchmany(BATCH):
            self._n_done += len(batch)
            if self._progress is not None and self.n_rows:
                self._progress(min(self._n_done, self.n_rows), self.n_rows)
            yield batch

    def rows(self, table: str, columns: Sequence[str]) -> Iterator[Row]:
        """The rows of a small table.

        Args:
            table: Its name; one that is missing has no rows.
            columns: Which columns; one that is missing is None throughout.
        """
        for batch in self.batches(table, columns):
            yield from batch


def _text(stored: bytes) -> str:
    """A text as it is stored, whatever its bytes are."""
    return stored.decode("utf-8", "replace")
