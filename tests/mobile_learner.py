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
ALGORITHM = {"draft": "less", "joules": 40.0}
PROOF = {"factor": 2.0, "work": 0.5, "footprint": 50.0, "paid": "operations"}
TWICE = {
    "draft": "frequent",
    "draft_len": 2.0,
    "experts": 8.0,
    "width": 0.25,
    "sparsity": "2:4",
}
SENTENCE = "Moving a byte costs the same joules however fast it goes, and there are more of them."


def say(state, kind, **fields):
    return after(state, Message(type=kind, **fields), START + len(state.ledger.events))


def turn(state, **knobs):
    return say(state, "turn", knobs=knobs, settled=True)


def at_lock(part):
    state = say(opened(Ledger("nomad")), "choose", track="mobile-nomad", part=part)
    return say(state, "begin")


def at_work(part, **answers):
    known = {1: HEAT, 2: FUSION, 3: ALGORITHM}[part]
    return say(at_lock(part), "commit", answers={**known, **answers})


def ran(state, **knobs):
    return say(turn(state, **knobs) if knobs else state, "run")


def shown(state):
    return view(state)["content"]


def read_off(bench):
    """What the challenge asks for, read off the gauges."""
    gauges = {one["id"]: one["value"] for one in bench["gauges"]}
    return {
        "factor": 1.0 / gauges["joules"],
        "work": gauges["work"],
        "footprint": 100.0 * gauges["memory"],
        "paid": "bytes",
    }


def proved(state):
    """Twice the words, proved."""
    state = turn(state, **TWICE)
    return say(state, "prove", answers=read_off(shown(state)))
