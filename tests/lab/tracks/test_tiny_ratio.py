"""Tiny Pioneer, Part 1: nothing before the lock, a bench that lives, feedback for each answer, claims judged."""

from __future__ import annotations

import json

import pytest

from edge_learner import say
from ironlaw.base.errors import DomainError
from ironlaw.lab.ledger import Ledger, is_intact
from ironlaw.lab.progress import opened
from ironlaw.lab.refusal import RefusedError
from ironlaw.lab.tracks import tiny_ratio, tiny_ratio_reflection
from ironlaw.lab.view import view
from ironlaw.system.hearable.enhancer import enhancer
from ironlaw.system.hearable.frame import PACKED, frame
from ironlaw.system.hearable.machine import machine

PREDICTION = {"slope": "a_little", "kilobytes": 50.0}
SENTENCE = "The bus to PSRAM never rests, and a faster core would only wait for longer."
CLAIM = {"constraint": "BW_mem", "mbu_raw": 70.7, "largest": 96.0, "sentence": SENTENCE}
INSTRUMENTS = ("roofline", "law", "gauges", "cache", "curve", "meter", "assumptions", "controls")


def at_lock():
    state = say(opened(Ledger("tiny")), "choose", track="tiny-pioneer", part=1)
    return say(state, "begin")


def at_work():
    return say(at_lock(), "commit", answers=PREDICTION)


def shown(state):
    return json.loads(json.dumps(view(state)["content"], allow_nan=False))


def turned(state, **knobs):
    return say(state, "turn", knobs=knobs, settled=True)


def gauges(state):
    return {gauge["id"]: gauge for gauge in shown(state)["gauges"]}


def reflected(state, **answers):
    return say(say(say(state, "ready"), "proceed"), "reflect", answers={**CLAIM, **answers})


def test_nothing_is_told_before_the_lock():
    state = at_lock()
    assert not set(INSTRUMENTS) & set(shown(state))
    for kind in ("turn", "ready"):
        with pytest.raises(RefusedError):
            say(state, kind, knobs={"hidden": 96.0}, settled=True)


def test_the_letter_is_computed():
    state = say(opened(Ledger("tiny")), "choose", track="tiny-pioneer", part=1)
    letter = shown(state)
    found = frame(enhancer(128), PACKED, machine("esp32"))
    assert f"{found.time * 1e3:.1f} ms" in letter["paragraphs"][0]
    assert [figure["value"] for figure in letter["figures"]] == ["13.5", "137", "295"]


def test_the_bench_has_every_instrument():
    bench = shown(at_work())
    assert bench["kind"] == "roofline"
    assert set(INSTRUMENTS) <= set(bench)
    assert bench["roofline"]["selected"]["intensity"] == 2.0 < bench["roofline"]["ridges"][0]["x"]
    assert bench["meter"]["floor"]["value"] == 0.00264
    assert bench["meter"]["floor"]["value"] > bench["meter"]["target"]["value"]
    assert bench["cache"]["traffic_ratio"] == 1.0
    assert sum(term["time"] for term in bench["law"]["terms"]) == pytest.approx(
        bench["law"]["total"]
    )
    assert gauges(at_work())["frame"]["value"] == pytest.approx(1.345, abs=1e-3)
    assert {row["knob"] for row in bench["assumptions"]["rows"]} >= {
        "psram_rate", "cores", "policy",
    }  # fmt: skip


@pytest.mark.parametrize(("hidden", "late"), [(96.0, False), (112.0, True)])
def test_the_hidden_size_moves_the_frame(hidden, late):
    state = turned(at_work(), hidden=hidden)
    assert (gauges(state)["frame"]["value"] > 1.0) is late
    assert (gauges(state)["frame"]["tone"] == "bad") is late


def test_weights_in_sram_carry_the_dot_over_the_ridge():
    state = turned(at_work(), **{"sram:lstm1.input": True, "sram:lstm1.state": True})
    picture = shown(turned(state, layer="frame"))["roofline"]
    assert picture["selected"]["intensity"] > picture["ridges"][0]["x"]
    assert "Across the ridge" in shown(state)["claim"]
    assert shown(state)["cache"] is None
    held = gauges(state)["sram"]["value"] * 520 * 1024
    assert held == pytest.approx(2 * 65536 + 2944)


def test_twice_the_peak_changes_nothing_and_twice_the_bandwidth_does():
    before = shown(at_work())["law"]["total"]
    assert shown(turned(at_work(), peak_scale=2.0))["law"]["total"] == before
    assert shown(turned(at_work(), bandwidth_scale=2.0))["law"]["total"] < 0.6 * before


def test_assumptions_can_be_changed_and_say_so():
    state = turned(at_work(), psram_rate=31e6, cores=1.0, policy="random")
    rows = {row["knob"]: row for row in shown(state)["assumptions"]["rows"] if row["knob"]}
    assert all(rows[knob]["changed"] for knob in ("psram_rate", "cores", "policy"))
    assert rows["psram_rate"]["value"] == 31e6
    (overlap,) = [row for row in shown(at_work())["assumptions"]["rows"] if row["id"] == "overlap"]
    assert overlap["value"] == pytest.approx(13.452e-3 + 7.827e-3, abs=1e-6)
    assert "Across the ridge" in shown(state)["claim"]


def test_too_much_in_sram_says_by_how_much():
    names = ("lstm1.input", "lstm1.state", "lstm2.input", "lstm2.state")
    state = turned(at_work(), hidden=256.0, **{f"sram:{name}": True for name in names})
    over = 4 * 256 * (128 + 3 * 256) + 5504 - 520 * 1024
    assert f"{over / 1e3:.0f} kB over the SRAM" in shown(state)["infeasible"]


def test_a_knob_outside_is_refused():
    with pytest.raises(DomainError, match=r"knobs\.hidden"):
        turned(at_work(), hidden=97.0)


@pytest.mark.parametrize("option", ["in_proportion", "a_little", "no", "larger_batch"])
def test_every_answer_to_the_slope_has_feedback_of_its_own(option):
    state = say(at_lock(), "commit", answers={**PREDICTION, "slope": option})
    choice = shown(say(state, "ready"))["choice"]
    assert choice["right"] is (option == "no")
    assert (choice["misconception"] is None) is (option == "no")
    others = {
        shown(say(say(at_lock(), "commit", answers={**PREDICTION, "slope": other}), "ready"))[
            "choice"
        ]["feedback"]
        for other in ("in_proportion", "a_little", "no", "larger_batch")
        if other != option
    }
    assert choice["feedback"] not in others


@pytest.mark.parametrize(
    ("guess", "word"), [(50.0, "Too few"), (128.0, "Close"), (200.0, "Too many"), (900.0, "not all")]
)  # fmt: skip
def test_the_number_is_compared_with_what_the_engine_finds(guess, word):
    state = say(at_lock(), "commit", answers={**PREDICTION, "kilobytes": guess})
    number = shown(say(state, "ready"))["number"]
    assert word in number["feedback"]
    found = frame(enhancer(128), PACKED, machine("esp32"))
    moved = number["actual"] * 1e3
    left = (294912 - moved) / 22e6 + moved / 400e6
    assert left == pytest.approx(found.compute)


def test_the_experiment_is_that_of_the_bench():
    bars = shown(say(at_work(), "ready"))["experiment"]["bars"]
    doubled = shown(turned(at_work(), bandwidth_scale=2.0))["law"]["total"]
    assert [bar["value"] for bar in bars][::2] == [shown(at_work())["law"]["total"], doubled]


def test_a_right_claim_passes_and_closes_the_part():
    state = reflected(at_work())
    assert state.standing.passed
    done = say(state, "finish")
    (section,) = shown(done)["sections"]
    pairs = {pair["label"]: pair["value"] for pair in section["summary"]}
    assert pairs["Kilobytes to SRAM, computed"] == f"{tiny_ratio_reflection.kilobytes():.1f} kB"
    assert pairs["In your words"] == SENTENCE
    assert is_intact(done.ledger)


@pytest.mark.parametrize(
    ("answers", "question", "word"),
    [
        ({"constraint": "R_peak"}, "constraint", "1.00×"),
        ({"constraint": "L_lat"}, "constraint", "something else"),
        ({"mbu_raw": 4.57}, "mbu_raw", "the MFU"),
        ({"mbu_raw": 0.553}, "mbu_raw", "how full the SRAM is"),
        ({"mbu_raw": 30.0}, "mbu_raw", "something else"),
        ({"largest": 112.0}, "largest", "does not meet"),
        ({"largest": 64.0}, "largest", "a larger one does too"),
    ],
)
def test_a_wrong_claim_is_told_why(answers, question, word):
    state = reflected(at_work(), **answers)
    assert not state.standing.passed
    verdict = shown(state)["verdicts"][question]
    assert not verdict["right"]
    assert word in verdict["feedback"]


def test_the_gauge_counts_within_five_percent():
    actual = 100.0 * gauges(at_work())["mbu_raw"]["value"]
    for factor, right in ((0.96, True), (1.04, True), (0.94, False), (1.06, False)):
        state = reflected(at_work(), mbu_raw=factor * actual)
        assert shown(state)["verdicts"]["mbu_raw"]["right"] is right


def test_a_claim_is_made_where_the_crisis_stands():
    state = say(say(at_work(), "ready"), "proceed")
    moved = turned(state, hidden=96.0)
    with pytest.raises(RefusedError, match="where it began"):
        say(moved, "reflect", answers=CLAIM)


def test_knobs_in_words():
    state = turned(at_work(), **{"sram:lstm1.state": True, "psram_rate": 31e6})
    words = tiny_ratio.in_words(state.standing.knobs)
    assert "H 128" in words
    assert "in SRAM: LSTM 1 U" in words
    assert "31 MB/s" in words
