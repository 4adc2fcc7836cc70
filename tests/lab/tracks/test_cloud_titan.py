"""Cloud Titan, Part 1: every number in its words is the engine's."""

from __future__ import annotations

import json
import re

import pytest

from ironlaw.lab.knobs import start_values
from ironlaw.lab.slope import CORRECT, MISCONCEPTIONS, slope_experiment
from ironlaw.lab.tracks import cloud_titan as track
from ironlaw.lab.tracks.catalogue import tracks
from ironlaw.lab.tracks.cloud_titan_reflection import judge
from ironlaw.lab.tracks.cloud_titan_texts import PREDICTION
from ironlaw.lab.view import view
from ironlaw.registry.chips import load_chip
from ironlaw.system.diagnosis import diagnose
from ironlaw.system.question import scenario

WRONG = [option.id for option in PREDICTION[0].options if option.id != CORRECT]


@pytest.fixture(scope="session")
def baseline():
    asked = {"batch": 16, "context": 8192, "tp": 8, "fusion": "full"}
    return diagnose(scenario("llama-3-70b", "a100-80gb-sxm", **asked))


def test_figures_of_the_story_are_the_engines(crisis, baseline):
    old, new = track.story()["figures"]
    for figure, answer in ((old, baseline), (new, crisis)):
        # 16 tokens a step
        assert figure["value"] == f"{16 / float(answer.step):,.0f}"
        assert f"{1e3 * float(answer.step):.3g} ms" in figure["detail"]
    assert (old["unit"], new["unit"]) == ("tokens/s", "tokens/s")


def test_the_letter_says_the_same_numbers(crisis, baseline):
    letter = " ".join(track.story()["paragraphs"])
    for answer in (crisis, baseline):
        assert f"{float(answer.tokens_per_second):,.0f}" in letter
    ratio = float(crisis.tokens_per_second / baseline.tokens_per_second)
    price = load_chip("h100-sxm").price / load_chip("a100-80gb-sxm").price
    assert f"serves {100 * ratio:.0f} % of what" in letter
    assert f"costs {price:.2g} times as much" in letter


def test_the_headline_is_true(crisis, baseline):
    # "Twice the chip, half the tokens"
    assert load_chip("h100-sxm").capacity == load_chip("a100-80gb-sxm").capacity
    assert 0.4 < crisis.tokens_per_second / baseline.tokens_per_second < 0.6


def test_cards_and_stakeholder_say_the_same(at):
    card = next(one for one in tracks() if one.id == "cloud-titan")
    assert card.crisis == track.says() == view(at("story"))["stakeholder"]["says"]


def test_the_reveal_is_computed(crisis):
    content = track.reveal({"slope": "no", "share": 35.0})
    number = content["number"]
    assert number["actual"] == pytest.approx(100 * float(crisis.cache_share))
    assert number["predicted"] == 35.0
    assert number["gap"] == pytest.approx(100 * float(crisis.cache_share) - 35.0)
    now, peak, bandwidth = (bar["value"] for bar in content["experiment"]["bars"])
    assert now == pytest.approx(float(crisis.step))
    assert peak == pytest.approx(now, rel=1e-4)
    assert now / bandwidth > 1.7
    said = content["experiment"]["claim"]
    assert f"takes {100 * (1 - bandwidth / now):.0f} % off" in said
    assert said.startswith("Twice the arithmetic takes less than 0.1 % off the step")
    assert content["choice"]["right"] is True
    assert content["choice"]["misconception"] is None


def test_a_gain_that_shows_is_told_with_its_digits():
    assert slope_experiment("step", 1.0, 0.985, 0.5)["claim"] == (
        "Twice the arithmetic takes 1.5 % off the step; twice the bandwidth takes 50 % off."
    )


def test_a_step_that_does_not_move_stays_where_it_is(crisis):
    feedback = track.reveal({"slope": "a_little", "share": 50.0})["choice"]["feedback"]
    assert f"With twice R_peak the step stays at {1e3 * float(crisis.step):.1f} ms" in feedback


def test_each_wrong_answer_has_its_own_feedback():
    found = [track.reveal({"slope": wrong, "share": 50.0})["choice"] for wrong in WRONG]
    right = track.reveal({"slope": CORRECT, "share": 50.0})["choice"]
    words = [choice["feedback"] for choice in (*found, right)]
    assert len(set(words)) == 4
    assert len({choice["misconception"] for choice in found}) == len(WRONG) == 3
    assert not any(choice["right"] for choice in found)
    assert all(choice["correct"]["id"] == CORRECT for choice in found)
    assert set(MISCONCEPTIONS) == {option.id for option in PREDICTION[0].options}


@pytest.mark.parametrize(
    ("guess", "start"), [(5.0, "Too low"), (99.0, "Too high"), (78.0, "Close")]
)
def test_each_guess_has_its_own_feedback(guess, start):
    feedback = track.reveal({"slope": "no", "share": guess})["number"]["feedback"]
    assert feedback.startswith(start)
    assert "17.1 bytes for each byte" in feedback


def test_feedback_on_batching_quotes_both_layers(crisis):
    feedback = track.reveal({"slope": "larger_batch", "share": 50.0})["choice"]["feedback"]
    before, after = map(
        float, re.search(r"goes from ([\d.]+) to ([\d.]+) FLOP/B", feedback).groups()
    )
    # 16 rows over weights of 2 B: near 16 FLOP/B; 256 rows near 256, less the activations
    assert before == pytest.approx(16, rel=0.02)
    assert 200 < after < 256
    own = re.search(r"its own cache: ([\d.]+) (?:becomes|stays) ([\d.]+)", feedback).groups()
    assert float(own[0]) == pytest.approx(float(own[1]), rel=0.1)


def verdicts(say, state, answers):
    return view(say(state, "reflect", answers=answers))["content"]["verdicts"]


def test_right_answers_are_right(at, say, right):
    assert all(v["right"] for v in verdicts(say, at("reflect"), right).values())


@pytest.mark.parametrize("factor", [0.96, 1.04])
def test_evidence_within_five_per_cent_is_right(at, say, right, factor):
    near = {**right, "mbu_raw": right["mbu_raw"] * factor, "amplification": 17.125 * factor}
    assert all(v["right"] for v in verdicts(say, at("reflect"), near).values())


@pytest.mark.parametrize("factor", [0.94, 1.06])
def test_evidence_further_off_is_wrong(at, say, right, factor):
    far = {**right, "mbu_raw": right["mbu_raw"] * factor, "amplification": 17.125 * factor}
    found = verdicts(say, at("reflect"), far)
    assert not found["mbu_raw"]["right"]
    assert not found["amplification"]["right"]


def test_useful_instead_of_raw_is_recognised(at, say, right, crisis):
    swapped = {**right, "mbu_raw": 100 * float(crisis.mbu_useful)}
    useful = verdicts(say, at("reflect"), swapped)["mbu_raw"]
    mfu = verdicts(say, at("reflect"), {**right, "mbu_raw": 100 * float(crisis.mfu)})["mbu_raw"]
    other = verdicts(say, at("reflect"), {**right, "mbu_raw": 50.0})["mbu_raw"]
    assert "That is the useful MBU" in useful["feedback"]
    assert "That is the MFU" in mfu["feedback"]
    assert not any(verdict["right"] for verdict in (useful, mfu, other))
    assert len({verdict["feedback"] for verdict in (useful, mfu, other)}) == 3


def wrong_options(question_id):
    questions = track_questions()
    rights = {"constraint": "BW_mem", "kernel": "expand_k+expand_v"}
    (question,) = (q for q in questions if q.id == question_id)
    return [option.id for option in question.options if option.id != rights[question_id]]


def track_questions():
    part = next(one for one in tracks() if one.id == "cloud-titan").parts[0]
    return part.reflection(part.start())


@pytest.mark.parametrize("question", ["constraint", "kernel"])
def test_every_wrong_option_has_feedback_of_its_own(at, say, right, question):
    options = wrong_options(question)
    assert len(options) >= 2
    found = [verdicts(say, at("reflect"), {**right, question: o})[question] for o in options]
    assert not any(verdict["right"] for verdict in found)
    assert len({verdict["feedback"] for verdict in found}) == len(options)


def test_the_right_kernels_are_among_the_options():
    (question,) = (q for q in track_questions() if q.id == "kernel")
    assert "expand_k+expand_v" in {option.id for option in question.options}


def test_verdicts_follow_the_knobs(right):
    # one sequence of 256 tokens: launches and the weights are what is left
    knobs = {**start_values(track.controls()), "batch": 1.0, "context": 256.0}
    asked = {"batch": 1, "context": 256, "tp": 8, "fusion": "partial"}
    raw = 100 * float(diagnose(scenario("llama-3-70b", "h100-sxm", **asked)).mbu_raw)
    assert abs(raw / right["mbu_raw"] - 1) > 0.05
    assert not judge(right, knobs)["mbu_raw"].right
    assert judge({**right, "mbu_raw": raw}, knobs)["mbu_raw"].right


def test_the_summary_repeats_prediction_and_result(at, crisis):
    pairs = {
        entry["label"]: entry["value"]
        for entry in view(at("ledger"))["content"]["sections"][0]["summary"]
    }
    assert pairs["Share of the KV cache, predicted"] == "35 %"
    assert pairs["Share of the KV cache, computed"] == f"{100 * float(crisis.cache_share):.1f} %"
    assert pairs["Attempts at the defence"] == "2"


def test_stops_of_the_sliders_stay_inside_the_model():
    sliders = {control.id: control for control in track.controls() if hasattr(control, "stops")}
    assert max(sliders["context"].stops) == 8192.0
    for slider in sliders.values():
        assert slider.value in slider.stops
        assert len(slider.shown) == len(slider.stops)
        assert list(slider.stops) == sorted(slider.stops)
    assert json.dumps([control.to_dict(control.value) for control in track.controls()])
