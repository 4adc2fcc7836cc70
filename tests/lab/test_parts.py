"""A track has several parts; each is a fold of its own, and everything earlier stays in the ledger."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ironlaw.base.errors import DomainError
from ironlaw.lab.ledger import Ledger, appended, is_intact
from ironlaw.lab.progress import opened
from ironlaw.lab.refusal import RefusedError
from ironlaw.lab.view import view
from ledgers import read_back, replayed

FIXTURES = Path(__file__).parent / "fixtures"
JOURNEY = ("story", "lock", "workbench", "ran", "reveal", "reflect", "passed", "ledger")


def states(shown):
    return [(part["number"], part["state"]) for part in shown["track"]["parts"]]


@pytest.mark.parametrize("beat", JOURNEY)
def test_replaying_the_ledger_of_a_later_part_gives_the_state(fusion_at, beat):
    state = fusion_at(beat)
    again = replayed(state)
    assert again.progress == state.progress
    assert view(again) == view(state)


def test_an_expert_joins_in_the_middle_and_the_ledger_says_so(fusion_at):
    state = fusion_at("story")
    assert state.ledger.events[0].payload == {"track": "cloud-titan", "part": 2}
    shown = view(state)
    assert states(shown) == [(1, "skipped"), (2, "now"), (3, "todo")]
    assert shown["part"]["number"] == 2
    (section,) = view(fusion_at("ledger"))["content"]["sections"]
    assert section["title"].startswith("Part 2")


def test_the_next_part_follows_from_the_ledger_of_the_last(at, say):
    done = at("ledger")
    assert view(done)["next"]["message"] == {"type": "advance"}
    second = say(done, "advance")
    assert (second.progress.number, second.beat) == (2, "story")
    assert states(view(second)) == [(1, "done"), (2, "now"), (3, "todo")]
    assert second.ledger.events[: len(done.ledger.events)] == done.ledger.events
    assert is_intact(second.ledger)
    assert second.progress.parts[1] == done.progress.parts[1]


def test_the_rail_is_that_of_the_part_at_hand(at, say):
    second = say(at("ledger"), "advance")
    assert [step["state"] for step in view(second)["steps"]] == ["now", *["todo"] * 5]
    for beat in ("workbench", "reveal", "ledger"):
        with pytest.raises(RefusedError, match=f"{beat} is not open yet"):
            say(second, "visit", beat=beat)
    with pytest.raises(RefusedError, match="opens when the prediction is locked"):
        say(second, "turn", knobs={"batch": 1.0}, settled=True)


def test_the_prediction_of_one_part_does_not_lock_the_next(at, say):
    lock = say(say(at("ledger"), "advance"), "begin")
    assert view(lock)["content"]["committed"] is None
    locked = say(lock, "commit", answers={"reduces": "neither", "gone": 5.0})
    assert locked.standing.answers == {"reduces": "neither", "gone": 5.0}
    assert locked.progress.parts[1].answers == {"slope": "in_proportion", "share": 35.0}


def test_events_are_told_in_the_words_of_their_own_part(at, say):
    state = say(say(at("ledger"), "advance"), "begin")
    state = say(state, "commit", answers={"reduces": "both", "gone": 30.0})
    for kind in ("run", "ready", "proceed"):
        state = say(state, kind)
    free = {"tile": "any", "split_k": "any", "launch": "graph"}
    state = say(state, "turn", knobs=free, settled=True)
    share = view(state)["content"]["bench"]["overhead_share"]
    given = {"overhead": 100 * share, "moved": "launch", "sentence": "x " * 40}
    state = say(say(state, "reflect", answers=given), "finish")
    content = view(state)["content"]
    told = [event["summary"] for event in content["events"]]
    assert any("35 %" in line and "predicted" in line for line in told)
    assert any("30 %" in line and "predicted" in line for line in told)
    assert any(line.startswith("ran decode, batch 16") for line in told)
    titles = [section["title"] for section in content["sections"]]
    assert [title[:6] for title in titles] == ["Part 1", "Part 2"]
    assert [section["runs"] is None for section in content["sections"]] == [True, False]


def test_a_ledger_of_the_version_before_folds_as_it_did(say):
    # written by the lab as it was when a track had one part
    stored = json.loads((FIXTURES / "ledger_before_parts.json").read_text(encoding="utf-8"))
    state = opened(read_back(stored["id"], stored["events"]))
    assert (state.progress.at, state.standing.attempts, state.standing.passed) == (
        "ledger",
        2,
        True,
    )
    assert state.standing.answers == {"slope": "in_proportion", "share": 35.0}
    content = view(state)["content"]
    assert content["verified"]
    assert len(content["events"]) == len(stored["events"])
    assert states(view(state)) == [(1, "now"), (2, "todo"), (3, "todo")]
    second = say(state, "advance")
    assert (second.progress.number, is_intact(second.ledger)) == (2, True)


@pytest.mark.parametrize("part", [0, 4, -1])
def test_a_part_that_is_not_there_is_refused_by_name(say, part):
    with pytest.raises(DomainError, match=rf"part = {part} is outside the parts 1, 2, 3"):
        say(opened(Ledger("x")), "choose", track="cloud-titan", part=part)


def test_the_last_part_has_no_next(algorithm_at, say):
    state = algorithm_at("ledger")
    assert view(state)["next"] is None
    with pytest.raises(RefusedError, match="part 3 is the last one that is built"):
        say(state, "advance")


@pytest.mark.parametrize("beat", ["story", "lock", "workbench", "reveal", "reflect"])
def test_a_part_is_not_left_before_it_is_finished(at, say, beat):
    with pytest.raises(RefusedError, match=f"mission is at {beat}"):
        say(at(beat), "advance")


def test_an_event_before_any_start_is_no_mission():
    with pytest.raises(RefusedError, match="stands before the start of a part"):
        opened(appended(Ledger("x"), "read", {"next": "lock"}, 0.0))
