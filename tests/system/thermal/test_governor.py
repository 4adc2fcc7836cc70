"""The governor: it holds the skin, it does not chatter, and it says where it cannot."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from heat_networks import AMBIENT, bodies
from ironlaw.base.errors import DomainError
from ironlaw.registry.chips import load_chip
from ironlaw.registry.thermal import thermal_facts
from ironlaw.system.thermal.body import ThermalBody, wearable
from ironlaw.system.thermal.budget import heat_budget, time_to_limit
from ironlaw.system.thermal.course import heat_course
from ironlaw.system.thermal.governor import Governor, OperatingPoint, governed, points_of
from ironlaw.system.thermal.network import ladder
from ironlaw.system.thermal.steady import SteadyState, steady_state

FACTS = thermal_facts(load_chip("ar-glasses"))
GLASSES = wearable(FACTS)
KEEPER = Governor(FACTS.skin_limit, FACTS.hysteresis)


def hottest(found, samples=10):
    """The highest temperature of the watched node that is seen."""
    node = found.course.body.network.place(found.course.body.watched)
    return max(
        part.temperature(node, part.span * i / samples)
        for part in found.course.stretches
        for i in range(samples + 1)
    )


def test_two_watts_on_the_glasses():
    """The skin is at 43 °C when a governor first acts; from then on the rate is what the skin sustains."""
    found = governed(GLASSES, points_of(2.0, FACTS.rates), KEEPER, AMBIENT, 3600.0)
    time = time_to_limit(GLASSES, 2.0, KEEPER.limit, AMBIENT)
    assert found.spans[0].end == pytest.approx(time, abs=1e-6)
    assert [span.point.rate for span in found.spans[:4]] == [60.0, 30.0, 45.0, 30.0]
    assert found.held
    budget = heat_budget(GLASSES, KEEPER.limit, AMBIENT).load
    assert 0.95 * budget < 2.0 * found.sustained_rate / 60.0 < budget
    assert found.mean_rate > found.sustained_rate  # the first minutes are free


def test_the_mean_rate_in_the_long_run_is_the_sustained_one():
    points = points_of(2.0, FACTS.rates)
    short = governed(GLASSES, points, KEEPER, AMBIENT, 600.0)
    long = governed(GLASSES, points, KEEPER, AMBIENT, 40_000.0)
    assert long.mean_rate == pytest.approx(short.sustained_rate, rel=5e-3)


def test_work_that_the_skin_bears_is_left_alone():
    found = governed(GLASSES, points_of(1.4, FACTS.rates), KEEPER, AMBIENT, 600.0)
    assert [(span.start, span.end, span.point.rate) for span in found.spans] == [(0.0, 600.0, 60.0)]
    assert found.sustained_rate == 60.0
    assert found.held


def test_where_the_slowest_point_is_too_much_the_governor_says_so():
    found = governed(GLASSES, points_of(4.4, FACTS.rates), KEEPER, AMBIENT, 600.0)
    assert not found.held
    assert found.sustained_rate is None
    assert found.spans[-1].point.rate == 30.0
    assert hottest(found) > KEEPER.limit + KEEPER.hysteresis


def test_one_point_is_a_chip_without_a_governor():
    found = governed(GLASSES, (OperatingPoint(60.0, 2.0),), KEEPER, AMBIENT, 900.0)
    alone = heat_course(GLASSES, [(900.0, 2.0)], AMBIENT)
    assert found.course.temperatures(900.0) == pytest.approx(alone.temperatures(900.0), abs=1e-8)
    assert not found.held


def test_the_second_event_is_where_fine_search_finds_it():
    found = governed(GLASSES, points_of(2.0, FACTS.rates), KEEPER, AMBIENT, 1200.0)
    first, second = found.spans[0].end, found.spans[1].end
    course = heat_course(GLASSES, [(first, 2.0), (second - first, 1.0)], AMBIENT)
    assert course.temperature("skin", second) == pytest.approx(KEEPER.limit - 1.0, abs=1e-8)
    assert course.temperature("skin", second - 0.5) > KEEPER.limit - 1.0


def test_a_body_with_much_heat_inside_is_slowed_before_the_limit():
    """A heavy hot core behind a light skin: at the limit it would be too late."""
    body = ThermalBody(ladder((("core", 40.0, 2.0), ("skin", 30.0, 2.0))), "core", "skin")
    points = (OperatingPoint(60.0, 60.0), OperatingPoint(1.0, 0.5))
    keeper = Governor(AMBIENT + 10.0, 0.5)
    late = heat_course(body, [(time_to_limit(body, 60.0, keeper.limit, AMBIENT), 60.0)], AMBIENT)
    then = heat_course(body, [(300.0, 0.5)], AMBIENT, late.temperatures(late.end))
    assert max(then.temperature("skin", float(i)) for i in range(300)) > keeper.limit + 2.0
    found = governed(body, points, keeper, AMBIENT, 2000.0)
    assert found.held
    assert hottest(found) <= keeper.limit + keeper.hysteresis + 1e-6
    assert hottest(found) > keeper.limit + 0.9 * keeper.hysteresis  # and not sooner than it must
    assert found.spans[0].end < late.end


def test_a_hot_start_is_not_held():
    start = [400.0, 330.0]
    found = governed(GLASSES, points_of(2.0, FACTS.rates), KEEPER, AMBIENT, 600.0, start)
    assert not found.held
    assert found.spans[0].point.rate == 30.0


@st.composite
def tasks(draw):
    """A body and points of which the lowest can be borne."""
    body = draw(bodies(leaking=draw(st.booleans()), most=4))
    share = body.watched_resistance / body.own_resistance
    keeper = Governor(
        AMBIENT + draw(st.floats(5.0, 25.0)) * share, draw(st.floats(0.5, 2.0)) * share
    )
    budget = heat_budget(body, keeper.limit, AMBIENT)
    assume(budget.load > 0.0)
    loads = [draw(st.floats(0.05, 0.8)) * budget.load]
    for _ in range(draw(st.integers(1, 3))):
        loads.append(loads[-1] * draw(st.floats(1.1, 3.0)))
    points = [OperatingPoint(10.0 * (i + 1), load) for i, load in enumerate(loads)]
    return body, tuple(reversed(points)), keeper


@settings(max_examples=30, deadline=None)
@given(tasks())
def test_the_skin_never_passes_its_limit_by_more_than_the_hysteresis(task):
    body, points, keeper = task
    found = governed(body, points, keeper, AMBIENT, 3.0 * body.slowest)
    assert found.held
    assert not found.course.runs_away
    assert hottest(found) <= keeper.limit + keeper.hysteresis + 1e-7


@settings(max_examples=30, deadline=None)
@given(tasks())
def test_the_governor_does_not_chatter(task):
    """The watched node travels the whole hysteresis between two changes, from the second on."""
    body, points, keeper = task
    found = governed(body, points, keeper, AMBIENT, 3.0 * body.slowest)
    assert found.spans[0].point == points[0]
    turns = [found.course.temperature(body.watched, span.end) for span in found.spans[:-1]]
    floor = keeper.limit - keeper.hysteresis
    for first, second in pairwise(found.spans):
        slower = second.point.load < first.point.load
        turned = found.course.temperature(body.watched, first.end)
        if slower:
            assert turned <= keeper.limit + 1e-7
        else:
            assert turned == pytest.approx(floor, abs=1e-7)
    for first, second, third in zip(found.spans, found.spans[1:], found.spans[2:], strict=False):
        assert (second.point.load < first.point.load) != (third.point.load < second.point.load)
    spans = [span.end - span.start for span in found.spans[1:-1]]
    assert all(span > 1e-4 * body.fastest for span in spans)
    assert len(turns) < 5000


@settings(max_examples=30, deadline=None)
@given(tasks())
def test_the_sustained_load_is_within_the_budget(task):
    body, points, keeper = task
    found = governed(body, points, keeper, AMBIENT, body.slowest)
    mean = found.sustained_rate
    assert points[-1].rate <= mean <= points[0].rate
    settled = steady_state(body, points[0].load, AMBIENT)
    node = body.network.place(body.watched)
    if isinstance(settled, SteadyState) and settled.temperatures[node] <= keeper.limit:
        assert mean == points[0].rate


@pytest.mark.parametrize(
    ("points", "message"),
    [
        ((), r"points = \[\] .* at least one"),
        ((OperatingPoint(30.0, 1.0), OperatingPoint(60.0, 0.5)), "each is slower"),
        ((OperatingPoint(60.0, 1.0), OperatingPoint(30.0, 1.0)), "60/s at 1 W, 30/s at 1 W"),
        ((OperatingPoint(60.0, -1.0),), r"point\.load = -1\.0"),
    ],
)
def test_points_that_do_not_fall_are_refused(points, message):
    with pytest.raises(DomainError, match=message):
        governed(GLASSES, points, KEEPER, AMBIENT, 600.0)


@pytest.mark.parametrize(
    ("limit", "hysteresis", "message"),
    [(0.0, 1.0, r"limit = 0\.0"), (316.0, 0.0, r"hysteresis = 0\.0")],
)
def test_a_governor_that_would_chatter_is_refused(limit, hysteresis, message):
    with pytest.raises(DomainError, match=message):
        Governor(limit, hysteresis)


def test_a_hysteresis_of_nothing_much_is_refused_rather_than_simulated_forever():
    with pytest.raises(DomainError, match="change fewer than 10000 times"):
        governed(GLASSES, points_of(2.0, FACTS.rates), Governor(316.15, 1e-6), AMBIENT, 1e5)
