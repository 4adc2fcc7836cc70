"""Ledgers in SQLite: every event is committed before it is acknowledged, and a broken file is kept aside."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING, cast

from ironlaw.base.errors import ModelError
from ironlaw.lab.ledger import Event, EventKind, Ledger, is_intact

if TYPE_CHECKING:
    from collections.abc import Mapping

_SCHEMA = """
CREATE TABLE IF NOT EXISTS events (
    ledger TEXT NOT NULL,
    seq INTEGER NOT NULL,
    time REAL NOT NULL,
    kind TEXT NOT NULL,
    payload TEXT NOT NULL,
    previous TEXT NOT NULL,
    seal TEXT NOT NULL,
    PRIMARY KEY (ledger, seq)
) STRICT, WITHOUT ROWID
"""


class StoreError(ModelError, OSError):
    """The ledger file cannot be read or written."""


class Store:
    """The ledgers of one data folder.

    Attributes:
        path: The file.
        notice: What to say to learners about the file, such as that a broken one was kept aside.
    """

    def __init__(self, folder: Path) -> None:
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StoreError(
                "data-dir", f"{folder} is no folder to write to: {error.strerror}"
            ) from error
        self.path = folder / "ledgers.sqlite3"
        self.notice: str | None = None
        self._connection = self._opened()

    def _opened(self) -> sqlite3.Connection:
        try:
            return _connected(self.path)
        except (
            sqlite3.OperationalError
        ) as error:  # locked, or not to be opened: the file may be healthy
            raise StoreError("data-dir", f"{self.path} cannot be used: {error}") from error
        except sqlite3.DatabaseError:
            aside = _free_name(self.path)
            for suffix in ("", "-wal", "-shm"):
                part = self.path.with_name(self.path.name + suffix)
                if part.exists():
                    part.rename(aside.with_name(aside.name + suffix))
            self.notice = (
                f"The ledger file could not be read. It is kept as {aside.name}, untouched; "
                "a new one was started."
            )
            return _connected(self.path)

    def load(self, ledger: str) -> Ledger:
        """A ledger by its id; an unknown one is empty.

        Args:
            ledger: Its id.

        Raises:
            StoreError: if its events are not the ones that were sealed.
        """
        query = "SELECT seq, time, kind, payload, previous, seal FROM events WHERE ledger = ? ORDER BY seq"
        try:
            rows = self._connection.execute(query, (ledger,)).fetchall()
        except sqlite3.Error as error:
            raise StoreError("ledger", f"the ledger file cannot be read: {error}") from error
        try:
            found = Ledger(ledger, tuple(_event(row) for row in rows))
        except (TypeError, ValueError) as error:
            raise StoreError("ledger", f"ledger {ledger} cannot be read: {error}") from error
        if not is_intact(found):
            raise StoreError("ledger", f"ledger {ledger} was changed after it was sealed")
        return found

    def save(self, ledger: Ledger, known: int) -> None:
        """Commit the events after the first `known` ones.

        Args:
            ledger: The ledger.
            known: Events that are already in the file.

        Raises:
            StoreError: if another window has already added other events.
        """
        rows = [
            (
                ledger.id,
                event.seq,
                event.time,
                event.kind,
                json.dumps(event.payload, ensure_ascii=False),
                event.previous,
                event.seal,
            )
            for event in ledger.events[known:]
        ]
        try:
            with self._connection:
                self._connection.executemany(
                    "INSERT INTO events VALUES (?, ?, ?, ?, ?, ?, ?)", rows
                )
        except sqlite3.IntegrityError as error:
            message = "this mission went on in another window; reload to continue from there"
            raise StoreError("ledger", message) from error
        except sqlite3.Error as error:
            message = f"the ledger file cannot be written, so nothing was done: {error}"
            raise StoreError("ledger", message) from error

    def close(self) -> None:
        """Close the file."""
        self._connection.close()


_PATIENCE = 1.0  # how long to wait for another process that writes [s]
_HEADER = b"SQLite format 3\0"


def _connected(path: Path) -> sqlite3.Connection:
    if path.is_file() and path.stat().st_size > 0:
        with path.open("rb") as file:
            if (
                file.read(len(_HEADER)) != _HEADER
            ):  # SQLite would take a short file for an empty one
                raise sqlite3.DatabaseError("not a ledger file")
    connection = sqlite3.connect(path, timeout=_PATIENCE, check_same_thread=False)
    try:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        _require_sound(connection)
        with connection:
            connection.execute(_SCHEMA)
        _require_own_table(connection)
    except sqlite3.DatabaseError:
        connection.close()
        raise
    return connection


def _require_own_table(connection: sqlite3.Connection) -> None:
    columns = [row[1] for row in connection.execute("PRAGMA table_info(events)")]
    if columns != ["ledger", "seq", "time", "kind", "payload", "previous", "seal"]:
        raise sqlite3.DatabaseError("a table of another program")


def _require_sound(connection: sqlite3.Connection) -> None:
    (verdict,) = connection.execute("PRAGMA quick_check").fetchone()
    if verdict != "ok":
        raise sqlite3.DatabaseError(verdict)


def _free_name(path: Path) -> Path:
    number = 1
    while path.with_name(f"{path.stem}.broken-{number}{path.suffix}").exists():
        number += 1
    return path.with_name(f"{path.stem}.broken-{number}{path.suffix}")


def _event(row: tuple[int, float, str, str, str, str]) -> Event:
    seq, time, kind, payload, previous, seal = row
    return Event(
        seq=seq,
        time=time,
        kind=cast("EventKind", kind),
        payload=cast("Mapping[str, object]", json.loads(payload)),
        previous=previous,
        seal=seal,
    )
