"""Ledgers as they are stored and read again."""

from __future__ import annotations

import json

from ironlaw.lab.ledger import Event, Ledger, is_intact
from ironlaw.lab.progress import opened


def read_back(name, entries):
    """A ledger from its entries as JSON has them; it has to be intact."""
    ledger = Ledger(
        name,
        tuple(
            Event(**{key: value for key, value in one.items() if key != "hash"}, seal=one["hash"])
            for one in entries
        ),
    )
    assert is_intact(ledger)
    return ledger


def replayed(state):
    """A state from its ledger alone, written as JSON and read back."""
    stored = json.loads(json.dumps([event.to_dict() for event in state.ledger.events]))
    return opened(read_back(state.ledger.id, stored))
