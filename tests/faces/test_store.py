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
