"""Mobile Nomad, Part 1: the heat of a filter, walked by messages; every number in its words is the engine's."""

from __future__ import annotations

import pytest

from ironlaw.lab.refusal import RefusedError
from ironlaw.lab.slope import CORRECT
from ironlaw.lab.tracks import mobile_heat as track
from ironlaw.lab.tracks import mobile_heat_story as story
from ironlaw.lab.tracks.catalogue import tracks
from ironlaw.lab.tracks.mobile_glasses import (
    AMBIENTS,
    MILD,
    WARM,
    assumption_controls,
    budget_at,
    operating_points,
    printed,
)
from ironlaw.lab.tracks.mobile_heat_texts import CONSTRAINTS
from ironlaw.lab.view import view
from ledgers import replayed
from mobile_learner import SENTENCE, at_lock, at_work, say, shown, turn


def gauge(state, name):
    return next(one for one in shown(state)["gauges"] if one["id"] == name)


def test_the_crisis_is_that_of_the_dossier():
    load = track.crisis()
    assert load.power == pytest.approx(4.4, rel=0.01)
    assert load.rate == load.asked == 60.0
    assert load.budget.heat == pytest.approx(1.50)
    assert budget_at(track.start(), WARM).heat == pytest.approx(0.67, abs=0.005)
    assert budget_at(track.start(), 303.15).heat == pytest.approx(1.08, abs=0.005)
    assert load.moved / load.joules > 0.9


def test_the_story_says_what_the_engine_computes():
    load, letter = track.crisis(), " ".join(story.story()["paragraphs"])
    figures = story.story()["figures"]
    assert f"needs {load.power:.2f} W" in letter
    assert [figure["value"] for figure in figures] == [f"{load.power:.2f}", "1.5", "667"]
    assert f"{track.board_scale():g} times the memory bandwidth" in letter
    own = track.load_at({**track.start(), "bandwidth_scale": 1.0})
    assert own.rate < 10.0
    assert f"only {own.rate:.1f} frames a second" in letter


def test_the_prototype_has_the_least_memory_that_is_in_time():
    scale = track.board_scale()
    slower = track.load_at({**track.start(), "bandwidth_scale": scale / 2.0})
    assert slower.rate < 60.0 == track.crisis().rate


def test_cards_and_stakeholder_say_the_same():
    card = next(one for one in tracks() if one.id == "mobile-nomad")
    assert card.crisis == story.says() == view(at_lock(1))["stakeholder"]["says"]
    assert [part.title for part in card.parts] == [
        "The Thermal-Precision Trap",
        "The Fusion Gain",
        "Algorithmic Innovation",
    ]


def test_nothing_of_the_bench_is_told_before_the_lock():
    state = at_lock(1)
    assert set(shown(state)) == {"heading", "questions", "warning", "submit", "committed"}
    with pytest.raises(RefusedError):
        turn(state, ambient=WARM)
    with pytest.raises(RefusedError):
        say(state, "ready")


def test_each_answer_has_its_own_feedback():
    options = [option.id for option in story.prediction()[0].options]
    found = [story.reveal({"slope": name, "seconds": 100.0})["choice"] for name in options]
    assert len({choice["feedback"] for choice in found}) == 4
    assert [choice["right"] for choice in found] == [name == CORRECT for name in options]


def test_each_guess_has_its_own_feedback():
    actual = story.seconds()
    guesses = {
        "Too soon": actual / 2.0,
        "Close": 1.05 * actual,
        "Too late": min(2.0 * actual, 600.0),
    }
    for start, guess in guesses.items():
        number = story.reveal({"slope": "no", "seconds": guess})["number"]
        assert number["feedback"].startswith(start)
        assert number["actual"] == actual


def test_on_the_memory_of_the_glasses_only_bandwidth_shows():
    now, peak, bandwidth = (
        bar["value"] for bar in story.reveal({"slope": "no", "seconds": 1.0})["experiment"]["bars"]
    )
    assert peak == pytest.approx(now, rel=1e-3)
    assert bandwidth == pytest.approx(now / 2.0, rel=0.01)


def test_less_memory_is_slower_and_cooler_and_says_so():
    state = at_work(1)
    assert shown(state)["infeasible"] is None
    assert gauge(state, "power")["tone"] == "bad"
    slower = turn(state, bandwidth_scale=1.0)
    assert "Too slow" in shown(slower)["infeasible"]
    assert gauge(slower, "frame")["tone"] == "bad"
    assert gauge(slower, "power")["tone"] == "plain"
    assert gauge(slower, "power")["value"] < gauge(state, "power")["value"]


@pytest.mark.parametrize("field", ["energy", "thermal", "joules", "assumptions", "roofline"])
def test_the_bench_carries_each_instrument(field):
    assert shown(at_work(1))[field]


def test_dots_are_called_as_people_call_their_layers_and_no_range_is_claimed():
    bench = shown(at_work(1))
    for name in ("roofline", "energy"):
        labels = {dot["label"] for dot in bench[name]["dots"]}
        assert labels == {"depthwise 3×3", "ReLU", "pointwise 1×1", "add"}
        assert bench[name]["selected"]["label"] == "depthwise 3×3"
    assert set(bench["law"]) == {"total", "terms"}
    assert sum(term["time"] for term in bench["law"]["terms"]) == pytest.approx(
        bench["law"]["total"]
    )


def test_the_joules_of_a_frame_add_up():
    joules = shown(at_work(1))["joules"]
    total = joules["before"]["value"] + sum(step["change"] for step in joules["steps"])
    assert total == pytest.approx(joules["after"]["value"])
    assert 60.0 * joules["before"]["value"] == pytest.approx(track.crisis().power)
    table = shown(at_work(1))["kernels"]
    assert sum(row["energy"] for row in table["rows"]) == pytest.approx(joules["before"]["value"])


def test_ten_minutes_reach_the_limit_and_the_governor_slows_down():
    trace = shown(at_work(1))["thermal"]
    assert trace["time_to_limit"] == pytest.approx(story.seconds())
    first, second = trace["levels"][:2]
    assert first["rate"] == 60.0
    assert 0.95 * story.seconds() < first["end"] <= story.seconds()
    assert second["rate"] < 60.0
    assert second["held_back"]
    assert trace["sustained_rate"] == pytest.approx(track.crisis().bearable, rel=0.05)
    free = shown(turn(at_work(1), governor=False))["thermal"]
    assert len(free["levels"]) == 1
    skin = next(one for one in free["series"] if one["id"] == "skin")
    assert skin["points"][-1][1] > trace["limit"] + trace["hysteresis"]


def test_fewer_frames_are_cooler():
    state = turn(at_work(1), fps=15.0)
    assert gauge(state, "power")["tone"] == "plain"
    assert shown(state)["thermal"]["time_to_limit"] is None


@pytest.mark.parametrize("control", [one.id for one in assumption_controls()])
def test_every_assumption_can_be_changed(control):
    state = at_work(1)
    (row,) = (row for row in shown(state)["assumptions"]["rows"] if row["knob"] == control)
    slider = next(one for one in shown(state)["controls"] if one["id"] == control)
    assert slider["group"] == "assumption"
    assert slider["value"] == row["value"]
    assert not row["changed"]
    other = next(stop for stop in slider["stops"] if stop != slider["value"])
    changed = shown(turn(state, **{control: other}))
    (now,) = (row for row in changed["assumptions"]["rows"] if row["knob"] == control)
    assert (now["value"], now["changed"]) == (other, True)


@pytest.mark.parametrize(
    ("knob", "factor"),
    [("r_sa", 2.0), ("e_mem", 2.0), ("e_fp16", 2.0), ("leakage", 2.0), ("e_sram", 2.0)],
)
def test_an_assumption_that_is_worse_lets_fewer_frames_be_worn(knob, factor):
    begun = track.start()
    worse = track.load_at({**begun, knob: factor * begun[knob]})
    assert worse.bearable < track.crisis().bearable


def test_hotter_air_leaves_less():
    loads = [budget_at(track.start(), air).load for air in AMBIENTS]
    assert loads == sorted(loads, reverse=True)


def test_what_runs_is_the_network_of_the_layer():
    state = turn(at_work(1), layer="ocr.conv.conv")
    load = track.load_at(state.standing.knobs)
    assert (load.job, load.asked) == ("ocr", 6.0)
    assert load.power == pytest.approx(0.353, rel=0.01)
    assert "plateau" in shown(state)["claim"]


def test_the_governor_halves_until_the_skin_bears_it():
    points = operating_points(60.0, (60.0, 45.0, 30.0), lambda rate: rate * 0.1, 1.0)
    assert [point.rate for point in points] == [60.0, 45.0, 30.0, 15.0, 7.5]
    cool = operating_points(40.0, (60.0, 45.0, 30.0), lambda rate: rate * 0.01, 1.0)
    assert [point.rate for point in cool] == [40.0, 30.0]


def at_claim():
    return say(say(at_work(1), "ready"), "proceed")


def right(state):
    load = track.load_at(state.standing.knobs)
    return {
        "constraint": "e_mem",
        "moved": 100.0 * load.moved / load.joules,
        "rate": shown(state)["bench"]["thermal"]["sustained_rate"],
        "sentence": SENTENCE,
    }


def test_the_right_claim_passes_and_replay_gives_the_same_digits():
    state = at_claim()
    state = say(state, "reflect", answers=right(state))
    assert state.standing.passed, shown(state)["verdicts"]
    state = say(state, "finish")
    (section,) = shown(state)["sections"]
    told = {pair["label"]: pair["value"] for pair in section["summary"]}
    assert told["In your words"] == SENTENCE
    again = replayed(state)
    assert view(again) == view(state)
    assert view(state)["next"]["label"] == "To part 2"


@pytest.mark.parametrize("wrong", [name for name in CONSTRAINTS if name != "e_mem"])
def test_each_wrong_constraint_is_told_apart(wrong):
    state = at_claim()
    state = say(state, "reflect", answers={**right(state), "constraint": wrong})
    verdict = shown(state)["verdicts"]["constraint"]
    assert not verdict["right"]
    assert "with half the joules of a byte" in verdict["feedback"]


@pytest.mark.parametrize(
    ("question", "value", "said"),
    [
        ("moved", 87.0, "memory alone"),
        ("moved", 6.2, "That is the arithmetic"),
        ("moved", 50.0, "say something else"),
        ("rate", 60.0, "what is asked for"),
        ("rate", 30.0, "Too many"),
        ("rate", 5.0, "Too few"),
    ],
)
def test_each_wrong_reading_is_told_apart(question, value, said):
    state = at_claim()
    state = say(state, "reflect", answers={**right(state), question: value})
    verdict = shown(state)["verdicts"][question]
    assert not verdict["right"]
    assert said in verdict["feedback"]


def test_a_claim_is_judged_at_the_crisis():
    state = turn(at_claim(), ambient=WARM)
    with pytest.raises(RefusedError, match="turn everything else back"):
        say(state, "reflect", answers=right(state))
    assert turn(state, ambient=MILD).standing.knobs == track.start()


def test_the_reflection_begins_at_the_filter():
    state = turn(at_work(1), layer="ocr.conv.conv", r_sa=6.0)
    state = say(say(state, "ready"), "proceed")
    assert state.standing.knobs == track.start()


def test_assumptions_that_were_changed_stand_in_the_ledgers_words():
    state = turn(at_work(1), r_sa=6.0)
    words = next(one for one in tracks() if one.id == "mobile-nomad").parts[0].in_words
    assert "skin to air 6 K/W" in words(state.standing.knobs)
    assert "skin to air" not in words(track.start())
    assert printed().sheet.fact("thermal.skin_to_ambient").kind == "assumption"
