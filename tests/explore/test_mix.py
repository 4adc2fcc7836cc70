"""Mixing fronts: exact against every combination."""

from __future__ import annotations

from itertools import pairwise, product

from hypothesis import given
from hypothesis import strategies as st

from ironlaw.explore.mix import Point, front, least_loss, mixed

SIZES = st.integers(0, 20).map(float)
FRONT = st.lists(
    st.builds(lambda a, b: Point(a, b, ((a, b),)), SIZES, SIZES), min_size=1, max_size=6
)
FRONTS = st.lists(FRONT, min_size=1, max_size=3)


def combinations(fronts):
    for points in product(*fronts):
        yield sum(p.loss for p in points), sum(p.cost for p in points)


@given(FRONTS, st.integers(0, 60).map(float))
def test_no_combination_within_the_budget_loses_less(fronts, budget):
    found = least_loss(mixed(fronts), budget)
    losses = [loss for loss, cost in combinations(fronts) if cost <= budget]
    assert (found is None) == (not losses)
    if found is not None:
        assert found.loss == min(losses)
        assert found.cost <= budget


@given(FRONTS)
def test_a_point_names_the_choices_that_it_comes_from(fronts):
    for point in mixed(fronts):
        assert len(point.choices) == len(fronts)
        assert sum(loss for loss, _ in point.choices) == point.loss
        assert sum(cost for _, cost in point.choices) == point.cost


@given(FRONT)
def test_a_front_loses_more_where_it_costs_less(points):
    found = front(points)
    assert all(a.loss < b.loss and a.cost > b.cost for a, b in pairwise(found))
    assert all(any(p.loss <= q.loss and p.cost <= q.cost for p in found) for q in points)
