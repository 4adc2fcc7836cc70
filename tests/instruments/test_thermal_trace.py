"""The thermal trace: its lines, its levels, and what its words and its equation say."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import pairwise

import pytest

from ironlaw.base.errors import DomainError
from ironlaw.instruments.thermal_trace import ThermalQuestion, thermal_trace
from ironlaw.registry.chips import load_chip
from ironlaw.registry.thermal import thermal_facts
from ironlaw.system.thermal.body import Leakage, ThermalBody, wearable
from ironlaw.system.thermal.governor import OperatingPoint, points_of
from ironlaw.system.thermal.network import Node, ThermalNetwork

FACTS = thermal_facts(load_chip("ar-glasses"))
GLASSES = wearable(FACTS)
AMBIENT = 298.15
TWO_WATTS = ThermalQuestion(
    points=points_of(2.0, FACTS.rates), ambient=AMBIENT, limit=316.15, hysteresis=1.0
)


@pytest.fixture(scope="module")
def shown():
    return thermal_trace(GLASSES, TWO_WATTS).to_dict()


def test_it_has_the_fields_of_the_protocol(shown):
    protocol = (
        "title span ambient limit hysteresis series levels sustained_power time_to_limit "
        "sustained_rate note peek"
    )
    assert sorted(shown) == sorted(protocol.split())
    assert sorted(shown["levels"][0]) == ["end", "held_back", "label", "power", "rate", "start"]
    json.dumps(shown, allow_nan=False)


def test_the_skin_comes_first_and_both_start_at_the_air(shown):
    assert [line["id"] for line in shown["series"]] == ["skin", "junction"]
    for line in shown["series"]:
        times = [time for time, _ in line["points"]]
        assert times == sorted(times)
        assert (times[0], times[-1]) == (0.0, 600.0)
        assert len(times) <= 300
        assert line["points"][0][1] == pytest.approx(AMBIENT, abs=1e-9)


def test_the_levels_follow_each_other_over_the_whole_span(shown):
    levels = shown["levels"]
    assert [level["label"] for level in levels] == ["60 FPS", "30 FPS", "45 FPS"]
    assert [level["held_back"] for level in levels] == [False, True, True]
    assert levels[0]["start"] == 0.0
    assert levels[-1]["end"] == 600.0
    assert all(one["end"] == other["start"] for one, other in pairwise(levels))
    assert levels[0]["end"] == pytest.approx(shown["time_to_limit"])


def test_the_line_bends_where_the_level_changes(shown):
    junction = dict(map(tuple, shown["series"][1]["points"]))
    turn = shown["levels"][1]["start"]
    assert turn in junction
    assert junction[turn] == max(junction.values())


def test_the_equation_gives_the_sustained_power(shown):
    assert shown["peek"]["value"] == pytest.approx(shown["sustained_power"], rel=1e-12)
    assert shown["sustained_power"] == pytest.approx(1.5, rel=1e-9)


def test_the_words_say_the_numbers(shown):
    assert shown["note"] == (
        "At 25 °C of air a skin of 43 °C carries 1.5 W away: 1.42 W for work beside 77 mW of leakage. "
        "At 2 W of work the skin is at its limit after 472 s. The governor leaves 41.4 FPS of 60 FPS for good."
    )


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"governor": False}, "after 472 s."),
        ({"points": points_of(1.0, FACTS.rates)}, "The governor has nothing to do."),
        ({"points": points_of(4.4, FACTS.rates)}, "Even 30 FPS is too much for the skin"),
        ({"ambient": 316.0}, "nothing is left for work: leakage alone brings the skin to 43 °C"),
        ({"ambient": 317.0}, "The skin is at its limit from the start."),
        ({"ambient": 317.15}, "Air of 44 °C is no cooler than the skin may be"),
    ],
)
def test_the_words_of_other_cases(changes, words):
    note = thermal_trace(GLASSES, replace(TWO_WATTS, **changes)).note
    assert words in note
    assert changes.get("governor", True) or "governor" not in note


def test_a_runaway_ends_the_trace_and_says_so():
    body = ThermalBody(
        ThermalNetwork((Node("skin", 2.0, 0.05),)), "skin", "skin", Leakage(0.2, 0.04, AMBIENT)
    )
    question = ThermalQuestion(
        points=(OperatingPoint(60.0, 3.0),), ambient=AMBIENT, limit=500.0, hysteresis=1.0
    )
    trace = thermal_trace(body, replace(question, governor=False))
    assert trace.span < 600.0
    assert "The chip runs away after" in trace.note
    assert "heats itself without end" in trace.note
    assert trace.to_dict()["peek"]["value"] == pytest.approx(trace.sustained_power)
    assert trace.sustained_rate is None


def test_many_changes_leave_room_for_the_even_points():
    fast = ThermalBody(ThermalNetwork((Node("skin", 0.1, 0.1),)), "skin", "skin", None)
    question = replace(TWO_WATTS, points=points_of(3.0, (60.0, 30.0)))
    trace = thermal_trace(fast, question)
    assert len(trace.levels) > 100
    assert len(trace.series[0].points) <= 300


def test_bad_input_is_refused():
    with pytest.raises(DomainError, match=r"span = 0\.0"):
        thermal_trace(GLASSES, replace(TWO_WATTS, span=0.0))
    with pytest.raises(DomainError, match="at least one operating point"):
        thermal_trace(GLASSES, replace(TWO_WATTS, points=()))
