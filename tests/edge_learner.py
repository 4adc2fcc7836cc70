"""A learner of Edge Guardian, Part 1, and what is right about a case."""

from __future__ import annotations

from ironlaw.lab.actions import after
from ironlaw.lab.ledger import Ledger
from ironlaw.lab.messages import Message
from ironlaw.lab.progress import opened
from ironlaw.lab.view import view
from ironlaw.system.jitter.truth import case

START = 1_790_000_000.0
FRAMES = 300
SENTENCE = "What looked guilty was only late: the time had gone before it began to run."
PREDICTION = {
    "slope": "a_little",
    "causes": ["alloc_flush", "emc_or_dvfs_throttle"],
    "hours": 1.0,
}
SEEDS = {
    "alloc_flush": 1,
    "new_shape_autotune_or_lazy_load": 13,
    "emc_or_dvfs_throttle": 11,
    "dram_contention": 4,
    "nms_box_explosion": 7,
    "cpu_preempt_or_gc": 5,
}


def say(state, kind, **fields):
    return after(state, Message(type=kind, **fields), START + len(state.ledger.events))


def locked(seed, shelf=None):
    """A learner at the lock."""
    state = opened(Ledger("audit"), None, shelf or {})
    state = say(state, "choose", track="edge-guardian", seed=seed)
    return say(state, "begin")


def at_work(seed, shelf=None):
    """A learner at the workbench."""
    return say(locked(seed, shelf), "commit", answers=PREDICTION)


def at_verdict(seed):
    """A learner who has a verdict to give."""
    return say(say(at_work(seed), "ready"), "proceed")


def events_of(state):
    """The events that can be accused."""
    (question,) = (q for q in view(state)["content"]["questions"] if q["id"] == "event")
    return [option["id"] for option in question["options"]]


def right(seed, state):
    """The right verdict, and an event that is guilty among those on offer."""
    truth = case(seed, FRAMES)
    event = next(name for name in events_of(state) if name in truth.events)
    return {
        "event": event,
        "stage": truth.stages[0].value,
        "cause": truth.cause.value,
        "evidence": list(truth.evidence),
        "fix": truth.cause.value,
        "sentence": SENTENCE,
    }
