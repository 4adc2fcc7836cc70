"""Runs are counted: ten answers, the eleventh is refused, and nothing answers in between."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ironlaw.base.errors import ModelError
from ironlaw.lab.actions import after
from ironlaw.lab.ledger import Ledger
from ironlaw.lab.messages import Message
from ironlaw.lab.progress import opened
from ironlaw.lab.refusal import RefusedError
from ironlaw.lab.view import view
from ironlaw.system.diagnosis import diagnose
from ironlaw.system.question import scenario

STEPS = [
    *[("run", {})] * 6,
    ("turn", {"knobs": {"level": "full"}, "settled": True}),
    ("turn", {"knobs": {"batch": 256.0}, "settled": True}),
    ("turn", {"knobs": {"batch": 16.0}}),
    ("turn", {"knobs": {"phase": "prefill"}, "settled": True}),
    ("turn", {"knobs": {"phase": "decode"}, "settled": True}),
    ("turn", {"knobs": {"fuse:attention": False}, "settled": True}),
    ("turn", {"knobs": {"fuse:v_proj+cache_v": True}, "settled": True}),
    ("turn", {"knobs": {"fuse:nothing": True}, "settled": True}),
    ("visit", {"beat": "story"}),
    ("commit", {"answers": {"reduces": "traffic", "gone": 81.0}}),
    ("ready", {}),
    ("advance", {}),
]
ASKED = {"context": 8192, "tp": 8, "launch": "graph"}


def content(state):
    return json.loads(json.dumps(view(state)["content"], allow_nan=False))


@pytest.mark.parametrize("beat", ["story", "lock"])
def test_a_run_before_the_lock_is_refused_and_leaves_no_trace(fusion_at, say, beat):
    state = fusion_at(beat)
    with pytest.raises(RefusedError, match="opens when the prediction is locked") as error:
        say(state, "run")
    assert error.value.field == "run"
    assert state == fusion_at(beat)


def test_a_run_is_one_event_that_holds_knobs_and_outcome(fusion_at, say):
    before = fusion_at("workbench")
    after = say(before, "run")
    (event,) = after.ledger.events[len(before.ledger.events) :]
    assert event.kind == "run"
    assert event.payload["knobs"] == before.knobs
    expected = diagnose(scenario("llama-3-70b", "h100-sxm", batch=16, fusion="partial", **ASKED))
    outcome = event.payload["outcome"]
    assert outcome["value"] == pytest.approx(float(expected.mfu), rel=1e-12)
    assert outcome["time"] == pytest.approx(float(expected.step), rel=1e-12)
    assert outcome["traffic"] == float(expected.traffic)
    assert outcome["kernels"] == expected.n_kernels


def test_ten_runs_are_answered_and_the_eleventh_is_refused(fusion_at, say):
    state = fusion_at("workbench")
    for number in range(1, 11):
        state = say(state, "run")
        assert content(state)["runs"]["left"] == 10 - number
    ledger = state.ledger
    with pytest.raises(RefusedError, match="all 10 runs are made") as error:
        say(state, "run")
    assert error.value.field == "run"
    assert state.ledger is ledger
    assert len([event for event in ledger.events if event.kind == "run"]) == 10
    assert opened(Ledger("fusion", ledger.events)).standing.runs == state.standing.runs


def test_a_part_without_counted_runs_refuses_to_run(at, say):
    with pytest.raises(RefusedError, match="counts no runs"):
        say(at("workbench"), "run")


@pytest.mark.parametrize("beat", ["reveal", "reflect", "ledger"])
def test_no_run_is_made_once_the_optimum_was_seen(fusion_at, say, beat):
    with pytest.raises(RefusedError, match=f"mission is at {beat}"):
        say(fusion_at(beat), "run")


def test_nothing_answers_before_the_first_run(fusion_at, say):
    shown = content(fusion_at("workbench"))
    assert (shown["result"], shown["failure"], shown["stale"]) == (None, None, False)
    turned = content(say(fusion_at("workbench"), "turn", knobs={"level": "full"}, settled=True))
    assert turned["result"] is None
    assert turned["runs"]["rows"] == []


def test_the_result_is_the_last_runs_and_not_the_knobs(fusion_at, say):
    ran = fusion_at("ran")
    first = content(ran)
    turned = say(ran, "turn", knobs={"level": "full", "batch": 128.0}, settled=True)
    shown = content(turned)
    assert shown["result"] == first["result"]
    assert (first["stale"], shown["stale"]) == (False, True)
    again = content(say(turned, "run"))
    assert again["result"] != first["result"]
    assert not again["stale"]


def test_no_number_of_the_next_run_is_in_the_view_before_it(fusion_at, say):
    turned = say(fusion_at("ran"), "turn", knobs={"level": "full", "batch": 64.0}, settled=True)
    secret = say(turned, "run").standing.runs[-1].outcome
    words = json.dumps(view(turned))
    for number in (secret.value, secret.time, secret.traffic, secret.flops, secret.memory):
        assert repr(number) not in words


def test_looking_at_a_layer_costs_no_run_and_does_not_make_the_result_stale(fusion_at, say):
    ran = fusion_at("ran")
    knobs = {"layer": "lm head", "profiler": True}
    shown = content(say(ran, "turn", knobs=knobs, settled=True))
    assert not shown["stale"]
    assert shown["runs"] == content(ran)["runs"]
    assert shown["result"]["roofline"]["selected"]["id"] == "lm head"
    assert {look["id"]: look["value"] for look in shown["result"]["looks"]} == knobs


def test_a_failed_run_counts_says_by_how_much_and_can_be_undone(fusion_at, say):
    ran = fusion_at("ran")
    big = say(say(ran, "turn", knobs={"batch": 256.0}, settled=True), "run")
    shown = content(big)
    asked = diagnose(scenario("llama-3-70b", "h100-sxm", batch=256, fusion="partial", **ASKED))
    assert float(asked.spare) < 0.0
    failure, row = shown["failure"], shown["runs"]["rows"][-1]
    assert failure["over"] == row["over"] == -float(asked.spare)
    assert f"{-float(asked.spare) / 1e9:.1f} GB over" in failure["text"]
    assert (row["value"], row["failure"], shown["runs"]["left"]) == (None, "memory", 8)
    for instrument in ("waterfall", "roofline", "law", "kernels"):
        assert shown["result"][instrument] is None
    message = failure["undo"]["message"]
    back = say(big, message["type"], knobs=message["knobs"], settled=message["settled"])
    assert back.knobs == ran.knobs
    assert len(back.standing.runs) == 2


def test_a_first_run_that_fails_goes_back_to_where_the_knobs_began(fusion_at, say):
    start = fusion_at("workbench")
    big = say(say(start, "turn", knobs={"batch": 256.0}, settled=True), "run")
    undo = content(big)["failure"]["undo"]
    assert "began" in undo["label"]
    assert say(big, "turn", knobs=undo["message"]["knobs"], settled=True).knobs == start.knobs


def test_the_reveal_waits_for_a_run_that_the_score_is_about(fusion_at, say):
    state = fusion_at("workbench")
    assert view(state)["next"] is None
    with pytest.raises(RefusedError, match="make a run of decode"):
        say(state, "ready")
    prefill = say(say(state, "turn", knobs={"phase": "prefill"}, settled=True), "run")
    with pytest.raises(RefusedError, match="make a run of decode"):
        say(prefill, "ready")
    assert content(prefill)["runs"]["best"] is None
    decode = say(say(prefill, "turn", knobs={"phase": "decode"}, settled=True), "run")
    assert content(decode)["runs"]["best"] == 2
    assert [row["scored"] for row in content(decode)["runs"]["rows"]] == [False, True]
    assert view(decode)["next"]["message"] == {"type": "ready"}


def test_who_wastes_all_runs_still_comes_to_the_reveal(fusion_at, say):
    state = say(fusion_at("workbench"), "turn", knobs={"batch": 256.0}, settled=True)
    for _ in range(10):
        state = say(state, "run")
    revealed = view(say(state, "ready"))["content"]
    assert revealed["score"]["ratio"] == 0.0
    assert revealed["score"]["optimum"] > 0.0


def test_best_is_the_first_of_the_highest(fusion_at, say):
    state = fusion_at("ran")
    state = say(state, "run")
    assert content(state)["runs"]["best"] == 1
    state = say(say(state, "turn", knobs={"level": "full"}, settled=True), "run")
    assert content(state)["runs"]["best"] == 3


def test_a_run_is_made_at_the_knobs_that_are_still_being_turned(fusion_at, say):
    dragged = say(fusion_at("workbench"), "turn", knobs={"batch": 64.0})
    ran = say(dragged, "run")
    assert ran.standing.runs[-1].knobs["batch"] == 64.0
    assert ran.progress.standing.knobs["batch"] == 64.0
    assert opened(Ledger("fusion", ran.ledger.events)).progress == ran.progress


@settings(max_examples=12, deadline=None)
@given(st.lists(st.sampled_from(STEPS), min_size=15, max_size=40))
def test_whatever_is_sent_the_ledger_replays_and_never_holds_an_eleventh_run(sent):
    state = opened(Ledger("walk"))
    prediction = {"reduces": "both", "gone": 30.0}
    for kind, fields in (
        ("choose", {"track": "cloud-titan", "part": 2}),
        ("begin", {}),
        ("commit", {"answers": prediction}),
        *sent,
    ):
        before = state
        try:
            state = after(state, Message(type=kind, **fields), float(len(state.ledger.events)))
        except ModelError:
            assert state is before
    again = opened(Ledger("walk", state.ledger.events))
    assert again.progress == state.progress
    runs = [event for event in state.ledger.events if event.kind == "run"]
    assert len(runs) == len(state.standing.runs) <= 10
    asked_for = len([kind for kind, _ in sent if kind == "run"])
    assert len(runs) <= asked_for


@pytest.mark.parametrize(("beat", "closed"), [("workbench", False), ("reveal", True)])
def test_the_page_is_told_when_the_runs_are_over(fusion_at, say, beat, closed):
    state = fusion_at(beat)
    shown = say(state, "visit", beat="workbench")
    assert content(shown)["runs"]["closed"] is closed
