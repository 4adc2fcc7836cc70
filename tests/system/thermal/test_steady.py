"""The steady state with leakage, and the runaway."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heat_networks import AMBIENT, bodies, fine_steps
from ironlaw.base.errors import DomainError
from ironlaw.registry.chips import load_chip
from ironlaw.registry.thermal import thermal_facts
from ironlaw.system.thermal.body import Leakage, ThermalBody, wearable
from ironlaw.system.thermal.course import heat_course
from ironlaw.system.thermal.network import Node, ThermalNetwork
from ironlaw.system.thermal.steady import Runaway, SteadyState, largest_load, steady_state

GLASSES = wearable(thermal_facts(load_chip("ar-glasses")))


def test_the_runaway_test_of_the_dossier():
    """About 0.03: no runaway in this class."""
    found = steady_state(GLASSES, 2.0, AMBIENT)
    assert isinstance(found, SteadyState)
    assert found.gain == pytest.approx(0.03, abs=0.005)


@given(bodies(), st.floats(0.0, 1.0), st.floats(280.0, 310.0))
def test_the_heat_that_comes_in_goes_out(body, share, ambient):
    load = max(largest_load(body, ambient), 0.0) * share
    found = steady_state(body, load, ambient)
    if isinstance(found, Runaway):
        assert found.largest_load < 0.0  # even idle
        return
    nodes = zip(body.network.nodes, found.temperatures, strict=True)
    out = sum(node.to_ambient * (temperature - ambient) for node, temperature in nodes)
    assert out == pytest.approx(load + found.leakage, rel=1e-9)
    junction = found.temperatures[body.network.place(body.heated)]
    assert found.leakage == pytest.approx(body.leaks(junction), rel=1e-12)
    assert found.gain <= 1.0 + 1e-6


@given(bodies(), st.floats(0.01, 10.0))
def test_beyond_the_largest_load_there_is_none_and_the_course_runs_away(body, over):
    most = largest_load(body, AMBIENT)
    found = steady_state(body, max(most, 0.0) + over, AMBIENT)
    assert found == Runaway(most)


@pytest.mark.parametrize("over", [1e-2, 3.0])
def test_just_beyond_the_largest_load_the_course_runs_away(over):
    body = ThermalBody(
        ThermalNetwork((Node("chip", 2.0, 0.1),)), "chip", "chip", Leakage(0.2, 0.03, AMBIENT)
    )
    most = largest_load(body, AMBIENT)
    below = heat_course(body, [(20000.0, most * 0.99)], AMBIENT)
    assert not below.runs_away
    above = heat_course(body, [(20000.0, most + over)], AMBIENT)
    assert above.runs_away
    assert above.end < 20000.0


def test_a_network_that_leaks_too_much_has_no_steady_state_even_idle():
    body = ThermalBody(
        ThermalNetwork((Node("chip", 2.0, 0.01),)), "chip", "chip", Leakage(1.0, 0.05, AMBIENT)
    )
    found = steady_state(body, 0.0, AMBIENT)
    assert isinstance(found, Runaway)
    assert found.largest_load < 0.0
    assert fine_steps(body, [(40.0, 0.0)], AMBIENT)[0] > AMBIENT + 30.0


@given(bodies(), st.floats(0.0, 0.9), st.floats(0.0, 0.9))
def test_more_load_is_hotter_everywhere(body, one, other):
    most = max(largest_load(body, AMBIENT), 0.0)
    low, high = sorted((one * most, other * most))
    cool, warm = steady_state(body, low, AMBIENT), steady_state(body, high, AMBIENT)
    if isinstance(cool, SteadyState) and isinstance(warm, SteadyState):
        pairs = zip(cool.temperatures, warm.temperatures, strict=True)
        assert all(first <= second + 1e-9 for first, second in pairs)


@given(bodies(), st.floats(0.0, 0.5), st.floats(0.0, 5.0))
def test_warmer_air_is_hotter_by_more_than_itself(body, share, warmer):
    load = max(largest_load(body, AMBIENT + 5.0), 0.0) * share
    cool, warm = steady_state(body, load, AMBIENT), steady_state(body, load, AMBIENT + warmer)
    if isinstance(cool, SteadyState) and isinstance(warm, SteadyState):
        pairs = zip(cool.temperatures, warm.temperatures, strict=True)
        assert all(second - first >= warmer - 1e-9 for first, second in pairs)


@pytest.mark.parametrize(
    ("load", "ambient", "message"),
    [
        (-1.0, AMBIENT, r"load = -1\.0"),
        (float("nan"), AMBIENT, "load = nan"),
        (1.0, 0.0, r"ambient = 0\.0"),
        (1.0, float("inf"), "ambient = inf"),
    ],
)
def test_bad_input_is_refused(load, ambient, message):
    with pytest.raises(DomainError, match=message):
        steady_state(GLASSES, load, ambient)


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ((0.0, 0.01, 298.0), r"leakage = 0\.0"),
        ((0.1, -0.01, 298.0), r"leakage_growth = -0\.01"),
        ((0.1, 0.01, 0.0), r"leakage_temperature = 0\.0"),
    ],
)
def test_a_leakage_that_is_none_is_refused(values, message):
    with pytest.raises(DomainError, match=message):
        Leakage(*values)


def test_a_body_refuses_a_node_that_is_not_there():
    with pytest.raises(DomainError, match="node = 'screen'"):
        ThermalBody(GLASSES.network, "junction", "screen")
