"""A challenge: attempts at a proof, refused with the number against it, and how often one may try."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ironlaw.base.errors import DomainError
from ironlaw.lab import progress
from ironlaw.lab.challenge import Challenge, Judgement, challenge_view
from ironlaw.lab.ledger import is_intact
from ironlaw.lab.questions import Question, Verdict, near, quantity
from ironlaw.lab.refusal import RefusedError
from ironlaw.lab.tracks.catalogue import track_named
from ironlaw.lab.view import view
from ledgers import replayed

ACTUAL = 17.25


def judge(answers, standing):
    said = quantity(answers, "read")
    right = near(said, ACTUAL) and standing.knobs["batch"] == 32.0
    return Judgement(
        verdicts={
            "read": Verdict(right=near(said, ACTUAL), feedback="", answer=said),
            "where": Verdict(right=standing.knobs["batch"] == 32.0, feedback="", answer="here"),
        },
        text=f"{ACTUAL} {'carries' if right else 'refutes'} it at batch {standing.knobs['batch']:g}",
    )


CHALLENGE = Challenge(
    who="Product lead",
    asks=lambda: "Prove it.",
    target="2×",
    questions=lambda _: (
        Question(id="read", kind="number", text="How many?", unit="×", min=0.0, max=100.0),
        Question(id="where", kind="text", text="Where?", min_length=1),
    ),
    judge=judge,
    label=lambda knobs: f"batch {knobs['batch']:g}",
    decision=lambda answers, _: f"proved it with {answers['read']:g}",
    limit=3,
)
WRONG = {"read": 3.0, "where": "somewhere else than here, I think"}
RIGHT = {"read": 17.0, "where": "right here and nowhere else, I think"}


@pytest.fixture
def challenged(monkeypatch):
    """Cloud Titan whose first part has something to prove."""
    track = track_named("cloud-titan")
    first, *others = track.parts
    parts = (replace(first, challenge=CHALLENGE, waterfall=lambda _: {"title": "all"}), *others)
    changed = replace(track, parts=parts)
    monkeypatch.setattr(progress, "track_named", lambda _: changed)
    return changed


@pytest.fixture
def bench(challenged, at):
    return at("workbench")


def test_a_wrong_claim_is_refused_with_the_number_and_counts(bench, say):
    state = say(bench, "prove", answers=WRONG)
    (tried,) = state.standing.tries
    assert (tried.proved, tried.number, tried.label) == (False, 1, "batch 16")
    assert tried.judgement.text == "17.25 refutes it at batch 16"
    shown = challenge_view(CHALLENGE, state.standing)
    assert (shown["left"], shown["limit"], shown["proved"]) == (2, 3, False)
    assert shown["verdicts"]["read"] == {"right": False, "feedback": "", "answer": 3.0}
    assert view(state)["next"] is None
    with pytest.raises(RefusedError, match="2 of 3 attempts left"):
        say(state, "ready")


def test_the_knobs_at_which_it_is_claimed_decide(bench, say):
    there = say(bench, "turn", knobs={"batch": 32.0}, settled=True)
    state = say(there, "prove", answers=RIGHT)
    assert state.standing.tries[0].proved
    kinds = [event.kind for event in state.ledger.events[-2:]]
    assert kinds == ["prove", "decide"]
    assert state.ledger.events[-1].payload["decision"] == "proved it with 17"
    assert state.progress.at == "workbench"
    assert view(state)["next"]["message"] == {"type": "ready"}
    with pytest.raises(RefusedError, match="it is proved"):
        say(state, "prove", answers=RIGHT)
    assert say(state, "ready").progress.at == "reveal"


def test_when_no_attempt_is_left_the_reveal_opens(bench, say):
    state = bench
    for _ in range(CHALLENGE.limit):
        state = say(state, "prove", answers=WRONG)
    with pytest.raises(RefusedError, match="no attempt is left"):
        say(state, "prove", answers=RIGHT)
    assert say(state, "ready").progress.at == "reveal"


def test_what_is_typed_badly_costs_no_attempt(bench, say):
    with pytest.raises(DomainError, match=r"answers\.read"):
        say(bench, "prove", answers={**WRONG, "read": 300.0})
    assert bench.standing.tries == ()


def test_nothing_is_proved_before_the_lock_or_where_nothing_is_asked(challenged, at, say):
    with pytest.raises(RefusedError, match="locked"):
        say(at("lock"), "prove", answers=WRONG)


def test_a_part_without_a_challenge_has_nothing_to_prove(at, say):
    with pytest.raises(RefusedError, match="nothing to prove"):
        say(at("workbench"), "prove", answers=WRONG)


def test_replaying_the_ledger_gives_the_attempts_and_the_ledger_tells_them(bench, say):
    state = say(say(bench, "prove", answers=WRONG), "turn", knobs={"batch": 32.0}, settled=True)
    state = say(state, "prove", answers=RIGHT)
    again = replayed(state)
    assert again.progress == state.progress
    assert is_intact(state.ledger)
    words = [entry["summary"] for entry in view(say(state, "ready"))["content"].get("events", [])]
    assert words == []
    assert view(again) == view(state)


def test_the_ledger_shows_attempts_and_waterfall_once_it_is_defended(bench, say, right):
    state = say(bench, "turn", knobs={"batch": 32.0}, settled=True)
    state = say(say(state, "prove", answers=WRONG), "prove", answers=RIGHT)
    for kind in ("ready", "proceed"):
        state = say(state, kind)
    state = say(state, "turn", knobs={"batch": 16.0}, settled=True)
    state = say(say(state, "reflect", answers=right), "finish")
    (section,) = view(state)["content"]["sections"]
    assert [row["proved"] for row in section["tries"]] == [False, True]
    assert section["optimizations"] == {"title": "all"}
    words = " ".join(entry["summary"] for entry in view(state)["content"]["events"])
    assert "tried to prove it at batch 32: 17.25 refutes it" in words
    assert "proved it with 17" in words


def test_the_parts_before_are_known_to_the_next(challenged, say, at, right):
    state = say(
        say(at("workbench"), "turn", knobs={"batch": 32.0}, settled=True), "prove", answers=RIGHT
    )
    for kind in ("ready", "proceed"):
        state = say(state, kind)
    state = say(state, "turn", knobs={"batch": 16.0}, settled=True)
    state = say(say(say(state, "reflect", answers=right), "finish"), "advance")
    assert set(state.standing.earlier) == {1}
    assert state.standing.earlier[1].tries[0].proved
    assert replayed(state).progress == state.progress
