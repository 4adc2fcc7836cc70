"""The one function that every face of the lab calls: a message in, the new state and its view out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ironlaw.lab.actions import after
from ironlaw.lab.view import view

if TYPE_CHECKING:
    from ironlaw.lab.messages import Message
    from ironlaw.lab.part import Content
    from ironlaw.lab.progress import State


def handle(state: State, message: Message, time: float) -> tuple[State, Content]:
    """What follows from a message, for the WebSocket and for a Pyodide worker alike.

    Args:
        state: Where the learner stands.
        message: What the page says.
        time: When [s since 1970].

    Returns:
        The state after it, whose ledger holds the events that it caused, and the view to paint.

    Raises:
        RefusedError: if the message is not possible now; the old state still holds.
        DomainError: if an answer or knob is outside what is allowed, naming it.
    """
    following = after(state, message, time)
    return following, view(following)
