"""The one function of the lab."""

from __future__ import annotations

import pytest

from ironlaw.lab.ledger import Ledger
from ironlaw.lab.messages import Message
from ironlaw.lab.mission import handle
from ironlaw.lab.progress import RefusedError, opened
from ironlaw.lab.view import view


def test_a_message_gives_the_state_after_it_and_its_view():
    before = opened(Ledger("one"))
    state, shown = handle(before, Message(type="choose", track="cloud-titan"), 5.0)
    assert [event.kind for event in state.ledger.events] == ["start"]
    assert state.ledger.events[0].time == 5.0
    assert shown == view(state)
    assert shown["beat"] == "story"
    assert before.ledger.events == ()


def test_a_refused_message_leaves_the_old_state():
    before = opened(Ledger("one"))
    with pytest.raises(RefusedError, match="the mission is at tracks"):
        handle(before, Message(type="begin"), 5.0)
    assert opened(before.ledger) == before
