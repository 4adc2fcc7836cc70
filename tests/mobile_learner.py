"""A learner of Mobile Nomad."""

from __future__ import annotations

from ironlaw.lab.actions import after
from ironlaw.lab.ledger import Ledger
from ironlaw.lab.messages import Message
from ironlaw.lab.progress import opened
from ironlaw.lab.view import view

START = 1_790_000_000.0
HEAT = {"slope": "a_little", "seconds": 400.0}
FUSION = {"reduces": "both", "saved": 30.0}
SENTENCE = "Moving a byte costs the same joules however fast it goes, and there are more of them."


def say(state, kind, **fields):
    return after(state, Message(type=kind, **fields), START + len(state.ledger.events))


def turn(state, **knobs):
    return say(state, "turn", knobs=knobs, settled=True)


def at_lock(part):
    state = say(opened(Ledger("nomad")), "choose", track="mobile-nomad", part=part)
    return say(state, "begin")


def at_work(part):
    return say(at_lock(part), "commit", answers=HEAT if part == 1 else FUSION)


def ran(state, **knobs):
    return say(turn(state, **knobs) if knobs else state, "run")


def shown(state):
    return view(state)["content"]
