"""Courses: against fine steps, in their balance of energy, in their order."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from heat_networks import AMBIENT, bodies, fine_steps
from ironlaw.base.errors import DomainError
from ironlaw.registry.chips import load_chip
from ironlaw.registry.thermal import thermal_facts
from ironlaw.system.thermal.body import Leakage, ThermalBody, wearable
from ironlaw.system.thermal.course import heat_course
from ironlaw.system.thermal.network import Node, ThermalNetwork, ladder
from ironlaw.system.thermal.steady import SteadyState, steady_state

GLASSES = wearable(thermal_facts(load_chip("ar-glasses")))
_POINTS, _WEIGHTS = np.polynomial.legendre.leggauss(12)


@st.composite
def loads(draw, body):
    """Phases of about the body's own times, with loads that heat it by some tens of kelvin."""
    span = st.floats(0.2, 3.0).map(lambda share: share * body.slowest)
    load = st.floats(0.0, 40.0).map(lambda rise: rise / body.own_resistance)
    return draw(st.lists(st.tuples(span, load), min_size=1, max_size=3))


@settings(max_examples=25, deadline=None)
@given(st.data())
def test_a_linear_network_is_that_of_fine_steps(data):
    body = data.draw(bodies(leaking=False))
    phases = data.draw(loads(body))
    start = [AMBIENT + data.draw(st.floats(-10.0, 30.0)) for _ in body.network.nodes]
    course = heat_course(body, phases, AMBIENT, start)
    rises = np.array(course.temperatures(course.end)) - AMBIENT
    wanted = fine_steps(body, phases, AMBIENT, start) - AMBIENT
    assert np.allclose(rises, wanted, rtol=1e-6, atol=1e-6 * np.abs(start).max() / 100.0)
    assert course.error_bound == 0.0


@settings(max_examples=15, deadline=None)
@given(st.data())
def test_a_leaking_network_is_that_of_fine_steps(data):
    body = data.draw(bodies())
    phases = data.draw(loads(body))
    course = heat_course(body, phases, AMBIENT)
    if course.runs_away:
        return
    rises = np.array(course.temperatures(course.end)) - AMBIENT
    wanted = fine_steps(body, phases, AMBIENT) - AMBIENT
    assert np.allclose(rises, wanted, rtol=1e-6, atol=1e-9)


@pytest.mark.parametrize("time", [1.0, 16.0, 100.0, 600.0])
def test_the_wearable_with_leakage_is_exact_to_its_bound(time):
    course = heat_course(GLASSES, [(600.0, 2.0)], AMBIENT)
    wanted = fine_steps(GLASSES, [(time, 2.0)], AMBIENT, step=0.002)
    assert 0.0 < course.error_bound < 1e-9
    assert np.allclose(course.temperatures(time), wanted, rtol=0.0, atol=1e-9)


def test_a_stiff_network_costs_no_more_steps():
    """A millijoule beside a hundred joules: the modes are exact, only the leakage has steps."""
    body = ThermalBody(
        ladder((("die", 1e-3, 5.0), ("skin", 100.0, 10.0))),
        "die",
        "skin",
        Leakage(0.1, 0.02, AMBIENT),
    )
    course = heat_course(body, [(4000.0, 1.0)], AMBIENT)
    assert len(course.stretches) < 60
    assert course.error_bound < 1e-9


def integral(function, stretch):
    """Over a stretch, by Gauss and Legendre's rule on pieces."""
    edges = np.linspace(0.0, stretch.span, 9)
    return sum(
        (high - low) / 2.0 * weight * function(low + (high - low) * (1.0 + point) / 2.0)
        for low, high in pairwise(edges)
        for point, weight in zip(_POINTS, _WEIGHTS, strict=True)
    )


@settings(max_examples=12, deadline=None)
@given(st.data())
def test_heat_in_is_what_is_stored_and_what_is_lost(data):
    body = data.draw(bodies(leaking=data.draw(st.booleans()), most=3))
    course = heat_course(body, data.draw(loads(body)), AMBIENT)
    if course.runs_away:
        return
    place = body.network.place(body.heated)
    came = lost = 0.0
    for stretch in course.stretches:
        came += integral(
            lambda t, one=stretch: one.load + body.leaks(one.temperature(place, t)), stretch
        )
        for i, node in enumerate(body.network.nodes):
            lost += node.to_ambient * integral(
                lambda t, i=i, one=stretch: one.temperature(i, t) - AMBIENT, stretch
            )
    ends = zip(body.network.nodes, course.temperatures(course.end), strict=True)
    stored = sum(node.heat_capacity * (temperature - AMBIENT) for node, temperature in ends)
    assert stored + lost == pytest.approx(came, rel=1e-8, abs=1e-9)


@settings(max_examples=30, deadline=None)
@given(st.data())
def test_more_load_and_warmer_air_are_hotter_at_every_time(data):
    body = data.draw(bodies(most=4))
    load = data.draw(st.floats(0.0, 20.0)) / body.own_resistance
    more = load * data.draw(st.floats(1.0, 1.5))
    warmer = AMBIENT + data.draw(st.floats(0.0, 3.0))
    span = 2.0 * body.slowest
    courses = [
        heat_course(body, [(span, load)], AMBIENT),
        heat_course(body, [(span, more)], AMBIENT),
        heat_course(body, [(span, more)], warmer),
    ]
    if any(course.runs_away for course in courses):
        return
    for share in (0.01, 0.1, 0.5, 1.0):
        cool, hot, hottest = (course.temperatures(share * span) for course in courses)
        assert all(a <= b + 1e-8 for a, b in zip(cool, hot, strict=True))
        assert all(a <= b + 1e-8 for a, b in zip(hot, hottest, strict=True))


@settings(max_examples=30, deadline=None)
@given(bodies(), st.floats(0.0, 15.0))
def test_a_long_course_ends_in_the_steady_state(body, rise):
    load = rise / body.own_resistance
    settled = steady_state(body, load, AMBIENT)
    if not isinstance(settled, SteadyState) or settled.gain > 0.8:
        return
    course = heat_course(body, [(200.0 * body.slowest, load)], AMBIENT)
    assert course.temperatures(course.end) == pytest.approx(settled.temperatures, abs=1e-8)


def test_a_second_scaled_scales_the_course():
    """Capacities twice as large make everything twice as slow."""
    nodes = GLASSES.network.nodes
    slow = ThermalBody(
        ThermalNetwork(
            tuple(Node(n.name, 2.0 * n.heat_capacity, n.to_ambient) for n in nodes),
            GLASSES.network.bridges,
        ),
        "junction",
        "skin",
        GLASSES.leakage,
    )
    usual = heat_course(GLASSES, [(300.0, 2.0)], AMBIENT)
    twice = heat_course(slow, [(600.0, 2.0)], AMBIENT)
    assert twice.temperatures(600.0) == pytest.approx(usual.temperatures(300.0), abs=1e-9)


def test_phases_that_are_split_are_the_same_course():
    whole = heat_course(GLASSES, [(300.0, 2.0), (300.0, 0.5)], AMBIENT)
    split = heat_course(GLASSES, [(100.0, 2.0), (200.0, 2.0), (300.0, 0.5)], AMBIENT)
    for time in (0.0, 99.0, 100.0, 250.0, 300.0, 450.0, 600.0):
        assert split.temperatures(time) == pytest.approx(whole.temperatures(time), abs=2e-9)
    assert whole.temperature("skin", 0.0) == AMBIENT


@pytest.mark.parametrize(
    ("phases", "start", "message"),
    [
        ([], None, r"phases = \[\]"),
        ([(0.0, 1.0)], None, r"span = 0\.0"),
        ([(10.0, -1.0)], None, r"load = -1\.0"),
        ([(10.0, 1.0)], [300.0], "one temperature for each of 2 nodes"),
        ([(10.0, 1.0)], [300.0, -1.0], r"start = -1\.0"),
    ],
)
def test_bad_input_is_refused(phases, start, message):
    with pytest.raises(DomainError, match=message):
        heat_course(GLASSES, phases, AMBIENT, start)


@pytest.mark.parametrize("time", [-1.0, 10.5])
def test_a_time_outside_the_course_is_refused(time):
    course = heat_course(GLASSES, [(10.0, 1.0)], AMBIENT)
    with pytest.raises(DomainError, match="from 0 to 10 s"):
        course.temperatures(time)
