"""What the page may say to the lab: one message type, validated at the door."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

MessageType = Literal[
    "hello", "choose", "begin", "commit", "turn", "run", "ready", "proceed", "reflect", "finish",
    "advance", "visit", "restart", "load", "prove",
]  # fmt: skip
Knob = str | float | bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One message of the page; which fields it needs depends on its type (docs/protocol.md)."""

    type: MessageType
    id: int = 0
    ledger: str | None = None
    track: str | None = None
    part: int | None = None
    seed: int | None = None
    trace: str | None = None
    beat: str | None = None
    answers: dict[str, str | float | list[str]] = field(
        default_factory=dict[str, "str | float | list[str]"]
    )
    knobs: dict[str, str | float | bool] = field(default_factory=dict[str, "str | float | bool"])
    settled: bool = False
