"""The mission is a fold over its ledger; what is not possible is refused and changes nothing."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ironlaw.base.errors import DomainError, ModelError, UnknownNameError
from ironlaw.lab import progress
from ironlaw.lab.ledger import Ledger, is_intact
from ironlaw.lab.progress import BEATS, may_visit, opened
from ironlaw.lab.refusal import RefusedError
from ironlaw.lab.tracks.catalogue import track_named
from ledgers import replayed

PREDICTION = {"slope": "no", "share": 77.0}
JOURNEY = ("tracks", "story", "lock", "workbench", "reveal", "reflect", "passed", "ledger")


def kinds(state):
    return [event.kind for event in state.ledger.events]


def test_a_whole_mission_leaves_its_events(at):
    state = at("ledger")
    assert kinds(state) == [
        "start",
        "read",
        "predict",
        "lock",
        "act",
        "reveal",
        "act",
        "read",
        "reflect",
        "reflect",
        "decide",
    ]
    assert is_intact(state.ledger)
    assert (state.standing.attempts, state.standing.passed) == (2, True)


@pytest.mark.parametrize("beat", JOURNEY)
def test_replaying_the_ledger_gives_the_state(at, beat):
    state = at(beat)
    again = opened(Ledger(state.ledger.id, state.ledger.events))
    assert again.progress == state.progress
    assert again == state


def test_each_prefix_of_a_mission_is_a_mission(at, say):
    events = at("ledger").ledger.events
    for length in range(len(events) + 1):
        state = opened(Ledger("attempt", events[:length]))
        assert state.progress.at in BEATS
        assert is_intact(state.ledger)
    beats = [opened(Ledger("attempt", events[:n])).progress.at for n in (0, 1, 2, 4, 6, 8, 11)]
    assert beats == list(BEATS)


def test_a_prediction_whose_lock_was_not_stored_is_still_a_commitment(at, say):
    # `predict` and `lock` are two events; a crash between them leaves the first
    events = at("workbench").ledger.events
    state = opened(Ledger("attempt", events[:3]))
    assert kinds(state)[-1] == "predict"
    with pytest.raises(RefusedError, match="locked"):
        say(state, "commit", answers=PREDICTION)


def test_replay_survives_storage_as_json(at):
    state = at("ledger")
    assert replayed(state).progress == state.progress


def test_a_second_commit_is_refused_and_changes_nothing(at, say):
    state = at("workbench")
    before = state.ledger
    with pytest.raises(RefusedError, match="a commitment cannot be changed") as error:
        say(state, "commit", answers=PREDICTION)
    assert error.value.field == "answers"
    assert state.ledger is before
    assert state.standing.answers == {"slope": "in_proportion", "share": 35.0}


@pytest.mark.parametrize("beat", ["reveal", "reflect", "ledger"])
def test_no_later_commit_either(at, say, beat):
    with pytest.raises(RefusedError, match="locked"):
        say(at(beat), "commit", answers=PREDICTION)


def test_the_lock_seals_the_prediction(at):
    predict, lock = at("workbench").ledger.events[-2:]
    assert lock.payload == {"prediction": predict.seal}


@pytest.mark.parametrize(
    ("answers", "field"),
    [
        ({"slope": "no", "share": 101.0}, "answers.share"),
        ({"slope": "no", "share": -0.1}, "answers.share"),
        ({"slope": "no", "share": float("nan")}, "answers.share"),
        ({"slope": "no"}, "answers.share"),
        ({"slope": "perhaps", "share": 50.0}, "answers.slope"),
        ({"share": 50.0}, "answers.slope"),
        ({}, "answers.slope"),
    ],
)
def test_a_prediction_outside_its_range_is_refused_by_name(at, say, answers, field):
    with pytest.raises(DomainError, match=field) as error:
        say(at("lock"), "commit", answers=answers)
    assert error.value.field == field


@pytest.mark.parametrize(
    ("beat", "kind"),
    [
        ("tracks", "begin"),
        ("tracks", "commit"),
        ("story", "choose"),
        ("story", "commit"),
        ("lock", "ready"),
        ("lock", "begin"),
        ("lock", "reflect"),
        ("workbench", "proceed"),
        ("workbench", "reflect"),
        ("workbench", "finish"),
        ("reveal", "ready"),
        ("reveal", "finish"),
        ("reflect", "proceed"),
        ("ledger", "finish"),
        ("ledger", "reflect"),
    ],
)
def test_a_message_out_of_turn_is_refused(at, say, beat, kind, right):
    answers = right if kind == "reflect" else PREDICTION
    with pytest.raises(RefusedError, match=f"mission is at {beat}"):
        say(at(beat), kind, answers=answers, track="cloud-titan")


@pytest.mark.parametrize("beat", ["tracks", "story", "lock"])
def test_knobs_do_not_turn_before_the_lock(at, say, beat):
    with pytest.raises(RefusedError, match="opens when the prediction is locked"):
        say(at(beat), "turn", knobs={"batch": 1.0}, settled=True)


def test_dragging_is_answered_and_not_kept(at, say):
    state = at("workbench")
    dragged = say(state, "turn", knobs={"batch": 64.0})
    assert dragged.knobs["batch"] == 64.0
    assert dragged.ledger is state.ledger
    assert dragged.progress == state.progress
    settled = say(dragged, "turn", knobs={"batch": 64.0}, settled=True)
    assert kinds(settled) == [*kinds(state), "act"]
    assert settled.progress.standing.knobs["batch"] == 64.0
    assert settled.dragging is None


def test_settling_where_it_was_is_not_an_event(at, say):
    state = at("workbench")
    back = say(
        say(state, "turn", knobs={"batch": 64.0}), "turn", knobs={"batch": 16.0}, settled=True
    )
    assert back.ledger is state.ledger
    assert back.knobs == state.knobs


@pytest.mark.parametrize(
    ("knobs", "message"),
    [
        ({"batch": 3.0}, r"knobs\.batch = 3\.0 is outside the stops"),
        ({"layer": "brain"}, r"knobs\.layer = 'brain' is outside the options"),
        ({"profiler": "on"}, r"knobs\.profiler = 'on' is outside true or false"),
        ({"turbo": 1.0}, "knobs = 'turbo' is outside the knobs"),
    ],
)
def test_knobs_are_validated(at, say, knobs, message):
    with pytest.raises(DomainError, match=message):
        say(at("workbench"), "turn", knobs=knobs)


def test_tracks_that_are_not_built_are_not_open(at, say, monkeypatch):
    closed = replace(track_named("cloud-titan"), parts=())
    monkeypatch.setattr(progress, "track_named", lambda _: closed)
    with pytest.raises(RefusedError, match="the track cloud-titan is not open yet"):
        say(at("tracks"), "choose", track="cloud-titan")


@pytest.mark.parametrize("track", ["cloud-titans", None, ""])
def test_unknown_tracks_are_refused(at, say, track):
    with pytest.raises(UnknownNameError, match="no track is named"):
        say(at("tracks"), "choose", track=track)


def test_finishing_needs_a_passed_reflection(at, say, right):
    state = at("reflect")
    with pytest.raises(RefusedError, match="the reflection is not right yet"):
        say(state, "finish")
    wrong = say(state, "reflect", answers={**right, "mbu_raw": 1.0})
    assert not wrong.standing.passed
    with pytest.raises(RefusedError, match="the reflection is not right yet"):
        say(wrong, "finish")
    passed = say(wrong, "reflect", answers=right)
    assert passed.standing.passed
    assert passed.standing.attempts == 2
    assert say(passed, "finish").progress.at == "ledger"


def test_a_right_answer_can_be_spoilt(at, say, right):
    spoilt = say(at("passed"), "reflect", answers={**right, "constraint": "R_peak"})
    assert not spoilt.standing.passed


@pytest.mark.parametrize("beat", ["story", "lock", "workbench", "reveal"])
def test_visiting_undoes_nothing(at, say, beat):
    state = at("reflect")
    visiting = say(state, "visit", beat=beat)
    assert (visiting.beat, visiting.progress) == (beat, state.progress)
    assert visiting.ledger is state.ledger
    back = say(visiting, "visit", beat="reflect")
    assert (back.beat, back.looking) == ("reflect", None)


@pytest.mark.parametrize("beat", ["workbench", "reveal", "reflect", "ledger", "tracks"])
def test_what_was_not_reached_cannot_be_visited(at, say, beat):
    with pytest.raises(RefusedError, match=f"{beat} is not open yet"):
        say(at("lock"), "visit", beat=beat)
    assert not may_visit(at("lock").progress, beat)


@pytest.mark.parametrize("beat", ["cellar", None])
def test_beats_that_do_not_exist_are_refused(at, say, beat):
    with pytest.raises(DomainError, match=r"beat = .* is outside the beats"):
        say(at("workbench"), "visit", beat=beat)


def test_knobs_turned_while_looking_back_stay_turned(at, say):
    state = say(at("reflect"), "visit", beat="workbench")
    turned = say(state, "turn", knobs={"batch": 1.0}, settled=True)
    assert (turned.beat, turned.knobs["batch"]) == ("workbench", 1.0)


def test_a_reflection_is_about_the_crisis_and_not_about_other_knobs(at, say, right):
    for knobs in ({"context": 1024.0, "batch": 1.0}, {"bandwidth_scale": 4.0}, {"batch": 256.0}):
        for settled in (True, False):
            elsewhere = say(at("reflect"), "turn", knobs=knobs, settled=settled)
            with pytest.raises(RefusedError, match="turn machine and load back"):
                say(elsewhere, "reflect", answers=right)
    looked = say(at("reflect"), "turn", knobs={"layer": "lm head", "profiler": True}, settled=True)
    judged = say(looked, "reflect", answers=right)
    assert judged.standing.passed
    assert judged.ledger.events[-1].payload["knobs"] == looked.knobs


def test_the_reflection_begins_at_the_crisis_whatever_the_bench_was_turned_to(at, say):
    start = dict(at("workbench").knobs)
    turned = say(at("workbench"), "turn", knobs={"batch": 1.0, "layer": "norm"}, settled=True)
    reflecting = say(say(turned, "ready"), "proceed")
    assert dict(reflecting.knobs) == {**start, "layer": "norm"}


@pytest.mark.parametrize("beat", JOURNEY)
def test_a_refused_message_leaves_the_state_as_it_was(at, say, beat):
    state = at(beat)
    events, progress = state.ledger.events, state.progress
    for kind in ("choose", "begin", "commit", "turn", "ready", "proceed", "reflect", "finish"):
        try:
            say(state, kind, track="nowhere", answers={}, knobs={"nothing": 1.0})
        except ModelError:
            assert state.ledger.events is events
            assert state.progress is progress
    assert state == at(beat)


def test_a_sentence_that_no_text_can_hold_is_refused(at, say, right):
    # half of a surrogate pair passes JSON and fails UTF-8, which seals and stores need
    with pytest.raises(DomainError, match=r"answers\.sentence"):
        say(at("reflect"), "reflect", answers={**right, "sentence": "\ud800" * 50})
