"""Tiny Pioneer, Part 2: runs under a deadline and an SRAM, the aliasing trap and its pad, the optimum, the decision."""

from __future__ import annotations

import json

import pytest

from edge_learner import say
from ironlaw.base.errors import DomainError
from ironlaw.lab.ledger import Ledger, is_intact
from ironlaw.lab.progress import opened
from ironlaw.lab.refusal import RefusedError
from ironlaw.lab.tracks import tiny_fusion as track
from ironlaw.lab.tracks import tiny_fusion_reflection as reflection
from ironlaw.lab.tracks import tiny_fusion_reveal as reveal
from ironlaw.lab.view import view

PREDICTION = {"reduces": "both", "times": 1.0}
SENTENCE = "Four walks that are a way apart meet in one set, and the set has only two lines."
HOLDS = {"gate_pad": "32", "sram:lstm1.input": True, "sram:lstm2.state": True}
MATRICES = ("lstm1.input", "lstm1.state", "lstm2.input", "lstm2.state", "dense1", "dense2")
WHOLE = {f"sram:{name}": True for name in MATRICES}


def at_lock():
    state = say(opened(Ledger("tiny")), "choose", track="tiny-pioneer", part=2)
    return say(state, "begin")


def at_work(**answers):
    return say(at_lock(), "commit", answers={**PREDICTION, **answers})


def ran(state, **knobs):
    turned = say(state, "turn", knobs=knobs, settled=True) if knobs else state
    return say(turned, "run")


def shown(state):
    return json.loads(json.dumps(view(state)["content"], allow_nan=False))


def last(state):
    return state.standing.runs[-1].outcome


def at_reflection():
    state = ran(at_work(), **HOLDS)
    return say(say(state, "ready"), "proceed")


def test_nothing_is_told_before_the_lock():
    state = at_lock()
    assert not {"plan", "runs", "controls", "result", "assumptions"} & set(shown(state))
    for kind in ("run", "ready"):
        with pytest.raises(RefusedError):
            say(state, kind)


def test_the_instruments_answer_only_after_a_run():
    bench = shown(at_work())
    assert bench["kind"] == "fusion"
    assert bench["graph"] is bench["result"] is bench["failure"] is None
    assert [row["id"] for row in bench["plan"]["rows"]] == list(MATRICES)
    result = shown(ran(at_work()))["result"]
    assert all(result[name] for name in ("waterfall", "roofline", "law", "cache", "curve", "meter"))


def test_the_aligned_size_aliases_and_is_late():
    state = ran(at_work())
    failure = shown(state)["failure"]
    assert (failure["kind"], failure["unit"]) == ("deadline", "s")
    assert failure["over"] == last(state).over == pytest.approx(last(state).time - 10e-3)
    assert "drive each other out" in failure["text"]
    assert last(state).value is None
    assert shown(state)["result"]["cache"]["traffic_ratio"] == 8.0


@pytest.mark.parametrize("hidden", [128.0, 256.0])
def test_one_line_of_pad_heals_it(hidden):
    before = ran(at_work(), hidden=hidden)
    after = ran(before, gate_pad="32")
    times = [run.outcome.time for run in after.standing.runs]
    assert times[0] > 7.0 * times[1]
    cache = shown(after)["result"]["cache"]
    assert cache["traffic_ratio"] == 1.0


def test_rows_padded_to_the_line_do_not():
    state = ran(ran(at_work()), row_multiple="32")
    assert last(state).traffic == state.standing.runs[0].outcome.traffic


def test_a_run_that_holds_has_a_value_and_figures():
    state = ran(at_work(), **HOLDS)
    out = last(state)
    assert out.failure is None
    assert out.value == pytest.approx(2 * 294912 / (1.92e9 * 10e-3))
    figures = {figure.label: figure.value for figure in out.figures}
    assert figures["H"] == 128.0
    assert figures["power"] == pytest.approx(0.16 * out.time / 16e-3 + 0.00264)
    (row,) = shown(state)["runs"]["rows"]
    assert row["figures"][1]["unit"] == "W"
    gauges = {gauge["id"]: gauge["value"] for gauge in shown(state)["result"]["gauges"]}
    assert gauges["budget"] == pytest.approx(out.value)


def test_the_waterfall_adds_up():
    result = shown(ran(at_work(), **HOLDS))["result"]["waterfall"]
    steps = [step["change"] for step in result["steps"]]
    assert result["before"]["value"] + sum(steps) == pytest.approx(result["after"]["value"])
    assert result["operations"]["before"] == result["operations"]["after"]
    assert [step["id"] for step in result["steps"]] == ["gate_pad", "lstm1.input", "lstm2.state"]


@pytest.mark.parametrize(
    "knobs",
    [
        {"order": "blocked", "fused": False},
        {"row_multiple": "32", "hidden": 140.0},
        {"load_width": "1", "gate_pad": "64"},
        {"dtype": "int16", "hidden": 96.0},
    ],
)
def test_every_waterfall_adds_up(knobs):
    result = shown(ran(at_work(), **{**HOLDS, **knobs}))["result"]["waterfall"]
    steps = sum(step["change"] for step in result["steps"])
    assert result["before"]["value"] + steps == pytest.approx(result["after"]["value"])


def test_too_much_for_the_sram_does_not_start_and_the_way_back_is_offered():
    state = ran(ran(at_work(), **HOLDS), **WHOLE, hidden=192.0)
    failure = shown(state)["failure"]
    assert (failure["kind"], failure["unit"]) == ("sram", "B")
    assert failure["over"] == pytest.approx(last(state).memory - 520 * 1024)
    assert last(state).time is None
    assert [gauge["id"] for gauge in shown(state)["result"]["gauges"]] == ["sram"]
    message = {k: v for k, v in failure["undo"]["message"].items() if k != "type"}
    back = say(state, "turn", **message)
    assert back.standing.knobs == state.standing.runs[0].knobs
    assert last(ran(back)) == state.standing.runs[0].outcome


@pytest.mark.parametrize(
    ("knobs", "field", "why"),
    [
        ({"order": "blocked"}, "knobs.order", "fused cell"),
        ({"fused": True}, "knobs.fused", "fused cell"),
        ({"load_width": "1"}, "knobs.load_width", "a weight has 2 B"),
    ],
)
def test_what_cannot_stand_is_refused_with_the_reason(knobs, field, why):
    start = {"order": "blocked", "fused": False, "dtype": "int16"}
    state = say(at_work(), "turn", knobs=start if "order" not in knobs else {}, settled=True)
    with pytest.raises(RefusedError, match=why) as error:
        say(state, "turn", knobs=knobs, settled=True)
    assert error.value.field == field


def test_a_knob_outside_is_refused():
    with pytest.raises(DomainError, match=r"knobs\.gate_pad"):
        say(at_work(), "turn", knobs={"gate_pad": "33"}, settled=True)


def test_the_optimum_is_a_run_that_holds_and_no_stop_above_it_does():
    goal = track.optimum()
    one = goal.frame
    assert one.time <= 10e-3
    assert one.sram_over <= 0.0
    assert one.enhancer.hidden == 148
    assert one.enhancer.hidden % 32 != 0
    walk = one.layout.walk
    knobs = {name: name.removeprefix("sram:") in one.layout.sram for name in WHOLE}
    state = ran(
        at_work(),
        **knobs,
        hidden=float(one.enhancer.hidden),
        order=walk.order.value,
        fused=one.layout.fused,
        row_multiple=f"{walk.row_multiple}",
        gate_pad=f"{walk.gate_pad}",
        load_width=f"{walk.load_width}",
        dtype=walk.dtype.value,
    )
    assert last(state).value == track.value_of(one)
    score = shown(say(state, "ready"))["score"]
    assert score["ratio"] == 1.0
    assert score["differences"] == ["Nothing: the design is the same."]
    assert score["cuts"] == goal.designs > 10_000


def test_the_score_says_what_the_optimum_does_differently():
    state = ran(ran(at_work()), **HOLDS)
    score = shown(say(state, "ready"))["score"]
    assert 0.0 < score["ratio"] < 1.0
    assert score["yours"] == last(state).value
    assert any("H = 148 instead of 128" in line for line in score["differences"])


def test_runs_at_other_assumptions_are_not_scored():
    state = ran(at_work(), **HOLDS, psram_rate=31e6)
    with pytest.raises(RefusedError, match="at the assumptions as they were"):
        say(state, "ready")


def test_a_line_that_gives_way_at_random_is_fetched_less_often():
    lru, other = (last(ran(at_work(), policy=policy)).traffic for policy in ("lru", "random"))
    assert other < lru


def test_ten_runs_and_no_more():
    state = at_work()
    for _ in range(track.RUNS):
        state = ran(state)
    with pytest.raises(RefusedError, match="no further one"):
        ran(state)
    score = shown(say(state, "ready"))["score"]
    assert score["yours"] == 0.0
    assert "H = 148 is possible" in score["claim"]


@pytest.mark.parametrize("option", ["operations", "traffic", "both", "neither"])
def test_every_answer_to_the_choice_has_feedback_of_its_own(option):
    texts = {
        name: shown(say(ran(at_work(reduces=name), **HOLDS), "ready"))["choice"]
        for name in ("operations", "traffic", "both", "neither")
    }
    mine = texts[option]
    assert mine["right"] is (option == "traffic")
    assert [one["feedback"] for one in texts.values()].count(mine["feedback"]) == 1


@pytest.mark.parametrize(
    ("guess", "word"), [(1.0, "As if"), (4.0, "Too few"), (8.0, "Close"), (32.0, "Too many")]
)
def test_the_number_is_what_the_cache_counts(guess, word):
    number = shown(say(ran(at_work(times=guess), **HOLDS), "ready"))["number"]
    assert number["actual"] == pytest.approx(8.0) == reveal.times(track.found())
    assert number["feedback"].startswith(word)


def test_the_experiment_shows_the_pad_and_not_the_rows():
    bars = shown(say(ran(at_work(), **HOLDS), "ready"))["experiment"]["bars"]
    found, rows, pad, blocked = (bar["value"] for bar in bars)
    assert found == rows > 7.0 * pad
    assert pad == blocked == 294912.0


def test_the_reflection_begins_at_the_worst_layout():
    bench = shown(at_reflection())["bench"]
    assert bench["kind"] == "tiling"
    assert bench["overhead_share"] == bench["start_overhead_share"] > 0.9
    assert bench["time"] > bench["time_limit"] == 10e-3
    assert bench["threshold"] < 0.01
    assert bench["peeks"][0]["value"] == pytest.approx(bench["overhead_share"])


GOOD = {"gate_pad": "32", "fused": True, "load_width": "4"}


def defended(knobs, **answers):
    state = say(at_reflection(), "turn", knobs=knobs, settled=True)
    time = shown(state)["bench"]["time"] * 1e3
    given = {"time": time, "moved": "gate_pad", "milliwatt": "chip", "sentence": SENTENCE}
    return say(state, "reflect", answers={**given, **answers})


@pytest.mark.parametrize("decision", ["chip", "specification"])
def test_a_proposal_under_the_threshold_passes_with_either_decision(decision):
    state = defended(GOOD, milliwatt=decision)
    assert state.standing.passed
    done = say(state, "finish")
    section = shown(done)["sections"][-1]
    pairs = {pair["label"]: pair["value"] for pair in section["summary"]}
    assert pairs["The decision on 1 mW"].startswith("Another ")
    assert "of it wasted" in pairs["The proposal"]
    assert is_intact(done.ledger)


def test_the_other_chip_is_under_the_milliwatt():
    feedback = shown(defended(GOOD))["verdicts"]["milliwatt"]["feedback"]
    assert "Apollo4 Plus" in feedback
    draws = float(feedback.split(" at ")[1].split(" µW")[0])
    assert 405.0 < draws < 420.0


@pytest.mark.parametrize("decision", ["smaller", "rarer"])
def test_no_duty_cycle_is_a_decision(decision):
    verdict = shown(defended(GOOD, milliwatt=decision))["verdicts"]["milliwatt"]
    assert not verdict["right"]
    assert "2.64 mW" in verdict["feedback"]


@pytest.mark.parametrize(
    "knobs", [{}, {"load_width": "4"}, {"gate_pad": "32"}, {"fused": True}, {"order": "blocked"}]
)
def test_half_a_proposal_is_over_the_threshold(knobs):
    verdict = shown(defended(knobs))["verdicts"]["time"]
    assert not verdict["right"]
    assert "still too much" in verdict["feedback"]


def test_the_time_counts_within_five_percent():
    state = say(at_reflection(), "turn", knobs=GOOD, settled=True)
    time = shown(state)["bench"]["time"] * 1e3
    for factor, right in ((0.96, True), (1.04, True), (0.9, False), (1.1, False)):
        verdict = shown(defended(GOOD, time=factor * time))["verdicts"]["time"]
        assert verdict["right"] is right


@pytest.mark.parametrize("name", ["load_width", "row_multiple", "fused"])
def test_the_change_that_moves_most_is_the_pad(name):
    verdict = shown(defended(GOOD, moved=name))["verdicts"]["moved"]
    assert not verdict["right"]
    assert "7.8" in verdict["feedback"]


def test_whatever_else_is_turned_the_proposal_is_about_the_layout():
    state = say(at_reflection(), "turn", knobs={**GOOD, "hidden": 64.0}, settled=True)
    assert reflection.proposed(state.standing.knobs).enhancer.hidden == 128


def test_a_reload_after_the_commitment_is_where_it_was():
    state = ran(at_work(), **HOLDS)
    again = opened(state.ledger)
    assert shown(again) == shown(state)


def test_part_1_leads_on_to_part_2():
    names = [part["title"] for part in view(at_work())["track"]["parts"]]
    assert names == ["The Memory-Math Ratio", "The Fusion Gain", "Algorithmic Innovation"]
