"""The power that a limit allows for, and how long a larger one is borne: the dossier's numbers."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from heat_networks import AMBIENT, CELSIUS, bodies
from ironlaw.base.errors import DomainError
from ironlaw.registry.chips import load_chip
from ironlaw.registry.thermal import thermal_facts
from ironlaw.system.thermal.body import Leakage, ThermalBody, wearable
from ironlaw.system.thermal.budget import heat_budget, time_to_limit
from ironlaw.system.thermal.course import heat_course
from ironlaw.system.thermal.crossing import first_below, first_reached
from ironlaw.system.thermal.network import Node, ThermalNetwork, ladder
from ironlaw.system.thermal.steady import SteadyState, steady_state

FACTS = thermal_facts(load_chip("ar-glasses"))
GLASSES = wearable(FACTS)
LIMIT = FACTS.skin_limit


@pytest.mark.parametrize(("ambient", "heat"), [(25.0, 1.50), (30.0, 1.08), (35.0, 0.67)])
def test_the_sustained_power_of_the_dossier_is_heat_with_leakage(ambient, heat):
    found = heat_budget(GLASSES, LIMIT, ambient + CELSIUS)
    assert found.heat == pytest.approx(heat, abs=0.005)
    assert found.load == pytest.approx(found.heat - found.leakage, rel=1e-14)
    assert found.bound == "limit"
    settled = steady_state(GLASSES, found.load, ambient + CELSIUS)
    assert isinstance(settled, SteadyState)
    assert settled.temperatures[1] == pytest.approx(LIMIT, abs=1e-9)
    assert settled.leakage == pytest.approx(found.leakage, rel=1e-9)


def test_the_table_of_the_dossier(shared):
    """Its powers are loads, on top of which it leaks; its times are those of Euler's steps, a few seconds early."""
    table = json.loads((shared / "facts/edge_mobile_tiny.json").read_text(encoding="utf-8"))
    assert len(table["thermal"]) == 8
    for load, rows in table["thermal"].items():
        for ambient, (junction, skin, time) in rows.items():
            air = float(ambient.removeprefix("amb")) + CELSIUS
            settled = steady_state(GLASSES, float(load), air)
            assert isinstance(settled, SteadyState)
            hot, warm = (one - CELSIUS for one in settled.temperatures)
            assert hot == pytest.approx(junction, abs=0.006)
            assert warm == pytest.approx(skin, abs=0.006)
            found = time_to_limit(GLASSES, float(load), LIMIT, air)
            if time is None:
                assert found is None
            else:
                assert found == pytest.approx(time, rel=0.02, abs=3.5)


def test_about_470_seconds_at_two_watts():
    assert time_to_limit(GLASSES, 2.0, LIMIT, AMBIENT) == pytest.approx(472.08, abs=0.01)
    dry = replace(FACTS, leakage=1e-12)
    assert time_to_limit(wearable(dry), 2.0, LIMIT, AMBIENT) > 500.0  # leakage is a part of it


@pytest.mark.parametrize("load", [1.6, 2.0, 3.0])
def test_at_that_time_the_skin_is_at_the_limit_and_never_before(load):
    time = time_to_limit(GLASSES, load, LIMIT, AMBIENT)
    course = heat_course(GLASSES, [(time, load)], AMBIENT)
    assert course.temperature("skin", time) == pytest.approx(LIMIT, abs=1e-9)
    assert all(course.temperature("skin", time * i / 100.0) < LIMIT for i in range(100))


def test_a_load_at_the_budget_never_reaches_the_limit_and_one_above_does():
    load = heat_budget(GLASSES, LIMIT, AMBIENT).load
    assert time_to_limit(GLASSES, load * (1.0 - 1e-6), LIMIT, AMBIENT) is None
    assert time_to_limit(GLASSES, load * (1.0 + 1e-6), LIMIT, AMBIENT) > 3000.0


def test_air_as_hot_as_the_limit_leaves_nothing():
    found = heat_budget(GLASSES, LIMIT, LIMIT + 1.0)
    assert found.heat == 0.0
    assert found.load < 0.0
    assert time_to_limit(GLASSES, 0.0, LIMIT, LIMIT + 1.0) == 0.0


def test_a_limit_beyond_the_runaway_is_bound_by_the_runaway():
    body = ThermalBody(
        ThermalNetwork((Node("chip", 2.0, 0.05),)), "chip", "chip", Leakage(0.2, 0.04, AMBIENT)
    )
    found = heat_budget(body, 500.0, AMBIENT)
    assert found.bound == "runaway"
    assert isinstance(steady_state(body, found.load - 1e-6, AMBIENT), SteadyState)
    assert not isinstance(steady_state(body, found.load + 1e-6, AMBIENT), SteadyState)


def test_a_runaway_reaches_any_limit():
    body = ThermalBody(
        ThermalNetwork((Node("chip", 2.0, 0.05),)), "chip", "chip", Leakage(0.2, 0.04, AMBIENT)
    )
    over = heat_budget(body, 500.0, AMBIENT).load + 0.5
    assert time_to_limit(body, over, 500.0, AMBIENT) > time_to_limit(body, over, 350.0, AMBIENT)


@settings(max_examples=40, deadline=None)
@given(bodies(), st.floats(2.0, 25.0), st.floats(1.0, 40.0))
def test_the_first_crossing_is_the_first(body, level, rise):
    load = rise / body.own_resistance
    limit = AMBIENT + level * body.watched_resistance / body.own_resistance
    time = time_to_limit(body, load, limit, AMBIENT)
    if time is None:
        settled = steady_state(body, load, AMBIENT)
        assert settled.temperatures[body.network.place(body.watched)] <= limit + 1e-9
        return
    course = heat_course(body, [(time, load)], AMBIENT)
    seen = [course.temperature(body.watched, time * i / 60.0) for i in range(60)]
    assert max(seen) < limit + 1e-8
    assert course.temperature(body.watched, course.end) == pytest.approx(limit, abs=1e-7)


@settings(max_examples=60, deadline=None)
@given(bodies(leaking=False), st.data())
def test_crossings_are_found_where_a_temperature_turns(body, data):
    """From any start a node may rise over a level and fall again within one stretch."""
    start = [AMBIENT + data.draw(st.floats(-30.0, 30.0)) for _ in body.network.nodes]
    load = data.draw(st.floats(0.0, 10.0)) / body.own_resistance
    node = body.network.place(body.watched)
    stretch = heat_course(body, [(body.fastest, load)], AMBIENT, start).stretches[0]
    seen = [stretch.temperature(node, stretch.span * i / 400.0) for i in range(401)]
    level = data.draw(st.floats(min(seen) - 0.1, max(seen) + 0.1))
    for search, sign in ((first_reached, 1.0), (first_below, -1.0)):
        over = [i for i, t in enumerate(seen) if sign * (t - level) >= 0.0]
        found = search(stretch, node, level)
        if found is None:
            assert not over
            continue
        assert not over or found <= stretch.span * over[0] / 400.0 + 1e-9
        if found > 0.0:
            assert stretch.temperature(node, found) == pytest.approx(level, abs=1e-8)


def test_a_level_that_is_just_touched_within_a_stretch_is_found():
    """A cold skin on a hot junction: it rises to its peak and falls, in one stretch."""
    body = ThermalBody(ladder((("junction", 1.5, 12.0), ("skin", 28.0, 12.0))), "junction", "skin")
    stretch = replace(
        heat_course(body, [(16.0, 0.0)], AMBIENT, [400.0, AMBIENT]).stretches[0], span=4000.0
    )
    seen = [stretch.temperature(1, 0.01 * i) for i in range(20000)]
    peak = max(seen)
    assert first_reached(stretch, 1, peak - 1e-9) == pytest.approx(0.01 * seen.index(peak), abs=0.2)
    assert first_reached(stretch, 1, peak + 1e-6) is None


@pytest.mark.parametrize(("limit", "ambient"), [(-1.0, AMBIENT), (316.0, -5.0)])
def test_what_is_no_temperature_is_refused(limit, ambient):
    with pytest.raises(DomainError, match="above absolute zero"):
        heat_budget(GLASSES, limit, ambient)
    with pytest.raises(DomainError, match="above absolute zero"):
        time_to_limit(GLASSES, 1.0, limit, ambient)
