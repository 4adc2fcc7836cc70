"""A learner who walks through Cloud Titan."""

from __future__ import annotations

import pytest

from ironlaw.lab.actions import after
from ironlaw.lab.ledger import Ledger
from ironlaw.lab.messages import Message
from ironlaw.lab.progress import opened
from ironlaw.lab.view import view
from ironlaw.system.diagnosis import diagnose
from ironlaw.system.question import scenario

START = 1_790_000_000.0
PREDICTION = {"slope": "in_proportion", "share": 35.0}
SENTENCE = "The bus carries eight copies of every key and value, so most of its bytes are waste."


@pytest.fixture(scope="session")
def crisis():
    """The crisis, asked of the engine and not of the lab."""
    asked = {"batch": 16, "context": 8192, "tp": 8}
    return diagnose(scenario("llama-3-70b", "h100-sxm", fusion="partial", **asked))


@pytest.fixture(scope="session")
def right(crisis):
    """Right answers of the reflection at the start values of the knobs."""
    return {
        "constraint": "BW_mem",
        "mbu_raw": 100.0 * float(crisis.mbu_raw),
        "kernel": "expand_k+expand_v",
        "amplification": 17.125,  # 1 + 8 + 8 and 8 bytes a score
        "sentence": SENTENCE,
    }


@pytest.fixture(scope="session")
def say():
    """A function that sends one message, a second after the last event."""

    def send(state, kind, **fields):
        return after(state, Message(type=kind, **fields), START + len(state.ledger.events))

    return send


@pytest.fixture(scope="session")
def at(say, right):
    """A function from a beat to the state of a learner who has just come there."""
    steps = {
        "tracks": [],
        "story": [("choose", {"track": "cloud-titan"})],
        "lock": [("begin", {})],
        "workbench": [("commit", {"answers": PREDICTION})],
        "reveal": [("turn", {"knobs": {"batch": 32.0}, "settled": True}), ("ready", {})],
        "reflect": [
            ("turn", {"knobs": {"batch": 16.0}, "settled": True}),
            ("proceed", {}),
        ],
        "passed": [
            ("reflect", {"answers": {**right, "constraint": "R_peak"}}),
            ("reflect", {"answers": right}),
        ],
        "ledger": [("finish", {})],
    }

    def reach(beat):
        state = opened(Ledger("attempt"))
        for name, messages in steps.items():
            for kind, fields in messages:
                state = say(state, kind, **fields)
            if name == beat:
                return state
        raise AssertionError(beat)

    return reach


FUSION_PREDICTION = {"reduces": "both", "gone": 30.0}
FUSION_SENTENCE = (
    "While the host was late the tiles did nothing; only the launches could take time off."
)


@pytest.fixture(scope="session")
def fusion_at(say):
    """A function from a beat of Part 2 to the state of an expert who joined there."""
    free = {"tile": "any", "split_k": "any", "launch": "graph"}
    steps = {
        "story": [("choose", {"track": "cloud-titan", "part": 2})],
        "lock": [("begin", {})],
        "workbench": [("commit", {"answers": FUSION_PREDICTION})],
        "ran": [("run", {})],
        "reveal": [
            ("turn", {"knobs": {"level": "full", "batch": 64.0}, "settled": True}),
            ("run", {}),
            ("turn", {"knobs": {"batch": 256.0}, "settled": True}),
            ("run", {}),
            ("ready", {}),
        ],
        "reflect": [("proceed", {})],
        "passed": [("turn", {"knobs": free, "settled": True}), ("defend", {})],
        "ledger": [("finish", {})],
    }

    def reach(beat):
        state = opened(Ledger("fusion"))
        for name, messages in steps.items():
            for kind, fields in messages:
                state = defended(say, state) if kind == "defend" else say(state, kind, **fields)
            if name == beat:
                return state
        raise AssertionError(beat)

    return reach


def defended(say, state):
    """The state after a reflection whose number is read off the instrument."""
    share = view(state)["content"]["bench"]["overhead_share"]
    answers = {"overhead": 100.0 * share, "moved": "launch", "sentence": FUSION_SENTENCE}
    return say(state, "reflect", answers=answers)


ALGORITHM_PREDICTION = {"draft": "less", "experts": 8.0}
SCOUT = "llama-4-scout"
SHORT = 256.0
BATCHES = tuple(float(2**power) for power in range(12))
ALGORITHM_SENTENCE = (
    "The machine was fused first; experts pay only where a batch is bound by arithmetic."
)


@pytest.fixture(scope="session")
def scout_gain():
    """A function from a batch to the tokens of a mixture over the dense model's; None where one does not fit."""

    def gain(batch):
        load = {"batch": batch, "context": SHORT, "tp": 8}
        now, dense = (diagnose(scenario(m, "h100-sxm", **load)) for m in (SCOUT, "llama-3-70b"))
        fits = min(float(now.spare), float(dense.spare)) >= 0.0
        return float(now.tokens_per_second / dense.tokens_per_second) if fits else None

    return gain


@pytest.fixture(scope="session")
def scout_at(scout_gain):
    """The knobs at which the engine has a mixture at twice the dense model, and at its least."""
    found = {batch: scout_gain(batch) for batch in BATCHES}
    fitting = {batch: gain for batch, gain in found.items() if gain is not None}
    worst = min(fitting, key=lambda batch: fitting[batch])
    twice = max(batch for batch, gain in fitting.items() if gain >= 2.0)
    at = {"model": SCOUT, "context": SHORT}
    return {"refused": {**at, "batch": worst}, "proved": {**at, "batch": twice}}


@pytest.fixture(scope="session")
def read_off():
    """A function that reads a proof's numbers off the workbench, as a learner does."""

    def read(state):
        content = view(state)["content"]
        rows = {row["id"]: row for row in content["comparison"]["rows"]}
        line = next(one for one in content["curve"]["series"] if one["id"] == "experts")
        return {
            "total": float(rows["total"]["cells"][1].split()[0]),
            "active": float(rows["active"]["cells"][1].split()[0]),
            "footprint": float(rows["node"]["change"].split()[1]),
            "worst": min(y for _, y in line["points"]),
        }

    return read


@pytest.fixture(scope="session")
def algorithm_at(say, read_off, scout_at):
    """A function from a beat of Part 3 to the state of an expert who joined there."""
    steps = {
        "story": [("choose", {"track": "cloud-titan", "part": 3})],
        "lock": [("begin", {})],
        "workbench": [("commit", {"answers": ALGORITHM_PREDICTION})],
        "refused": [("turn", {"knobs": scout_at["refused"], "settled": True}), ("read", {})],
        "proved": [("turn", {"knobs": scout_at["proved"], "settled": True}), ("read", {})],
        "reveal": [("ready", {})],
        "reflect": [("proceed", {})],
        "passed": [("defend", {})],
        "ledger": [("finish", {})],
    }

    def reach(beat):
        state = opened(Ledger("algorithm"))
        for name, messages in steps.items():
            for kind, fields in messages:
                if kind == "read":
                    answers = {"claim": "computes", **read_off(state)}
                    state = say(state, "prove", answers=answers)
                elif kind == "defend":
                    state = say(state, "reflect", answers=last_words(state))
                else:
                    state = say(state, kind, **fields)
            if name == beat:
                return state
        raise AssertionError(beat)

    return reach


def last_words(state):
    """The defence, its side and factor read off the exhibit."""
    sides = view(state)["content"]["bench"]["optimizations"]["sides"]
    side = max(sides, key=lambda name: sides[name])
    return {"side": side, "factor": sides[side], "sentence": ALGORITHM_SENTENCE}
