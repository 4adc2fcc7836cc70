"""Ledgers on disk: committed before acknowledged, never overwritten."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

import pytest

from ironlaw.faces.store import Store, StoreError
from ironlaw.lab.ledger import Ledger, appended

if TYPE_CHECKING:
    from pathlib import Path


def some_ledger(name: str = "one") -> Ledger:
    ledger = appended(Ledger(name), "start", {"track": "cloud-titan", "part": 1}, 1.5)
    return appended(ledger, "read", {"next": "lock"}, 2.25)


def test_events_survive_a_restart_of_the_server(tmp_path: Path):
    ledger = some_ledger()
    first = Store(tmp_path)
    first.save(ledger, 0)
    # not closed: what was acknowledged must be on disk already
    second = Store(tmp_path)
    assert second.load("one") == ledger
    first.close()
    second.close()


def test_the_file_is_in_wal_mode_and_synchronous(tmp_path: Path):
    store = Store(tmp_path)
    connection = sqlite3.connect(store.path)
    assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    connection.close()
    store.close()


def test_ledgers_do_not_mix_and_an_unknown_one_is_empty(tmp_path: Path):
    store = Store(tmp_path)
    store.save(some_ledger("one"), 0)
    store.save(some_ledger("two"), 0)
    assert len(store.load("one").events) == 2
    assert store.load("three") == Ledger("three")
    store.close()


def test_only_new_events_are_written(tmp_path: Path):
    store = Store(tmp_path)
    ledger = some_ledger()
    store.save(ledger, 0)
    longer = appended(ledger, "reveal", {}, 3.0)
    store.save(longer, 2)
    assert store.load("one") == longer
    store.close()


def test_two_windows_cannot_both_go_on(tmp_path: Path):
    store = Store(tmp_path)
    ledger = some_ledger()
    store.save(ledger, 0)
    store.save(appended(ledger, "reveal", {}, 3.0), 2)
    with pytest.raises(StoreError, match="went on in another window"):
        store.save(appended(ledger, "lock", {}, 4.0), 2)
    assert store.load("one").events[-1].kind == "reveal"
    store.close()


def test_a_changed_event_is_noticed(tmp_path: Path):
    store = Store(tmp_path)
    store.save(some_ledger(), 0)
    connection = sqlite3.connect(store.path)
    with connection:
        connection.execute("UPDATE events SET time = 9.0 WHERE seq = 2")
    connection.close()
    with pytest.raises(StoreError, match="was changed after it was sealed"):
        store.load("one")
    store.close()


@pytest.mark.parametrize("content", [b"this is not a database at all, not even close" * 50, b"x"])
def test_a_broken_file_is_kept_aside_and_never_overwritten(tmp_path: Path, content: bytes):
    path = tmp_path / "ledgers.sqlite3"
    path.write_bytes(content)
    store = Store(tmp_path)
    kept = tmp_path / "ledgers.broken-1.sqlite3"
    assert kept.read_bytes() == content
    assert store.notice is not None
    assert "ledgers.broken-1.sqlite3" in store.notice
    store.save(some_ledger(), 0)
    assert store.load("one") == some_ledger()
    store.close()
    path.write_bytes(content)
    again = Store(tmp_path)
    assert kept.read_bytes() == content
    assert (tmp_path / "ledgers.broken-2.sqlite3").read_bytes() == content
    again.close()


def test_a_file_that_is_only_locked_stays_where_it_is(tmp_path: Path):
    first = Store(tmp_path)
    first.save(some_ledger(), 0)
    first.close()
    other = sqlite3.connect(tmp_path / "ledgers.sqlite3")
    other.execute("PRAGMA locking_mode = EXCLUSIVE")
    other.execute("BEGIN EXCLUSIVE")
    with pytest.raises(StoreError, match="cannot be used: database is locked"):
        Store(tmp_path)
    other.rollback()
    other.close()
    assert not list(tmp_path.glob("*broken*"))
    again = Store(tmp_path)
    assert again.load("one") == some_ledger()
    again.close()


def test_a_writer_that_waits_in_vain_says_so(tmp_path: Path):
    store = Store(tmp_path)
    other = sqlite3.connect(tmp_path / "ledgers.sqlite3")
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreError, match="nothing was done: database is locked"):
        store.save(some_ledger(), 0)
    other.rollback()
    other.close()
    store.save(some_ledger(), 0)
    assert store.load("one") == some_ledger()
    store.close()


def test_a_damaged_page_and_a_foreign_table_are_kept_aside(tmp_path: Path):
    path = tmp_path / "ledgers.sqlite3"
    store = Store(tmp_path)
    for number in range(200):
        store.save(some_ledger(f"{number:032x}"), 0)
    store._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    store.close()
    whole = path.read_bytes()
    path.write_bytes(whole[:8192] + b"\xff" * 4096 + whole[12288:])
    damaged = Store(tmp_path)
    assert damaged.notice is not None
    damaged.close()
    path.unlink()
    foreign = sqlite3.connect(path)
    foreign.execute("CREATE TABLE events (what TEXT)")
    foreign.close()
    beside = Store(tmp_path)
    assert beside.notice is not None
    assert len(list(tmp_path.glob("ledgers.broken-*.sqlite3"))) == 2
    beside.close()


def test_a_folder_that_is_none_is_an_error_and_no_traceback(tmp_path: Path):
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match="is no folder to write to"):
        Store(tmp_path / "file")


def test_every_commit_reaches_the_disk(tmp_path: Path):
    store = Store(tmp_path)
    assert store._connection.execute("PRAGMA synchronous").fetchone() == (2,)  # FULL
    store.close()
