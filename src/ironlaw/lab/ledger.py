"""The ledger: an append-only list of events, each sealed to the one before it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

EventKind = Literal[
    "start", "read", "predict", "lock", "act", "run", "prove", "reveal", "reflect", "decide"
]

_GENESIS = "0" * 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that the learner did.

    Attributes:
        seq: Its place, from 1.
        time: When, in seconds since 1970 [s].
        kind: What it was.
        payload: What it holds, as plain JSON data.
        previous: Seal of the event before it.
        seal: SHA-256 over all of the above.
    """

    seq: int
    time: float
    kind: EventKind
    payload: Mapping[str, object]
    previous: str
    seal: str

    def to_dict(self) -> dict[str, object]:
        """The event as plain data."""
        return {
            "seq": self.seq,
            "time": self.time,
            "kind": self.kind,
            "payload": dict(self.payload),
            "previous": self.previous,
            "hash": self.seal,
        }


@dataclass(frozen=True, slots=True)
class Ledger:
    """The events of one attempt at a mission."""

    id: str
    events: tuple[Event, ...] = ()

    @property
    def head(self) -> str:
        """Seal of the last event."""
        return self.events[-1].seal if self.events else _GENESIS


def appended(ledger: Ledger, kind: EventKind, payload: Mapping[str, object], time: float) -> Ledger:
    """The ledger with one more event.

    Args:
        ledger: The ledger.
        kind: What happened.
        payload: What it holds; plain JSON data.
        time: When [s since 1970].
    """
    seq = len(ledger.events) + 1
    seal = seal_of(seq, time, kind, payload, ledger.head)
    event = Event(seq=seq, time=time, kind=kind, payload=payload, previous=ledger.head, seal=seal)
    return Ledger(ledger.id, (*ledger.events, event))


def seal_of(seq: int, time: float, kind: str, payload: Mapping[str, object], previous: str) -> str:
    """SHA-256 over an event and the seal before it, as hexadecimal digits.

    Args:
        seq: Place of the event.
        time: When [s since 1970].
        kind: What happened.
        payload: What it holds.
        previous: Seal of the event before.

    Example:
        >>> seal_of(1, 0.0, "start", {"track": "cloud-titan"}, "0" * 64)[:8]
        'a866c08e'
    """
    content = json.dumps(
        [seq, time, kind, payload, previous],
        sort_keys=True,
        separators=(",", ":"),
        ensure_ascii=False,
    )
    return sha256(content.encode(errors="surrogatepass")).hexdigest()


def is_intact(ledger: Ledger) -> bool:
    """Whether every event follows the one before it and holds what was sealed.

    Args:
        ledger: The ledger.
    """
    previous = _GENESIS
    for place, event in enumerate(ledger.events, start=1):
        seal = seal_of(event.seq, event.time, event.kind, event.payload, event.previous)
        if event.seq != place or event.previous != previous or event.seal != seal:
            return False
        previous = event.seal
    return True
