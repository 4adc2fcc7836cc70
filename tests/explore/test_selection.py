"""The best point and the front, against looking at every point."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ironlaw.base.errors import DomainError, UnknownNameError
from ironlaw.explore.points import COLUMNS, point_at
from ironlaw.explore.selection import undominated
from ironlaw.explore.sweep import sweep

LAW = settings(deadline=None, derandomize=True, max_examples=100)
MANY = sweep(
    "llama-3-70b",
    ("h100-sxm", "a100-80gb-sxm"),
    batch=(1, 4, 16, 64, 256),
    context=(512, 4096, 32768),
    tp=(2, 8),
    dtype=("bf16", "fp8"),
    chunk=8,
)


@pytest.fixture(scope="module")
def every():
    """Every point that fits, one by one."""
    points = [
        point_at(case, batch, context)
        for case in MANY.cases
        for batch in MANY.batch
        for context in MANY.context
    ]
    return [point for point in points if point.feasible]


def test_some_points_fit_and_some_do_not(every):
    assert 0 < len(every) < MANY.n_points


@pytest.mark.parametrize("objective", sorted(COLUMNS))
def test_the_best_is_the_best_of_all(every, objective):
    values = [point.values[objective] for point in every]
    expected = max(values) if COLUMNS[objective].sign > 0.0 else min(values)
    assert MANY.best(objective).values[objective] == expected


def test_the_best_keeps_to_the_ranges(every):
    within = {"step": (0.0, 0.02), "context": (4096, 32768)}
    found = MANY.best("tokens_per_second", within)
    allowed = [p for p in every if p.values["step"] <= 0.02 and p.values["context"] >= 4096]
    assert found.values["tokens_per_second"] == max(
        point.values["tokens_per_second"] for point in allowed
    )
    unbound = MANY.best("tokens_per_second")
    assert unbound.values["tokens_per_second"] > found.values["tokens_per_second"]


def test_where_nothing_is_in_range_there_is_no_best():
    assert MANY.best("mfu", {"step": (0.0, 1e-9)}) is None
    assert MANY.pareto(within={"step": (0.0, 1e-9)}) == ()


def dominated(point, others, x, y):
    """Whether another point is at least as good in both columns and better in one."""
    signs = {name: COLUMNS[name].sign for name in (x, y)}
    here = [signs[name] * point.values[name] for name in (x, y)]
    for other in others:
        there = [signs[name] * other.values[name] for name in (x, y)]
        if all(b >= a for a, b in zip(here, there, strict=True)) and there != here:
            return True
    return False


@pytest.mark.parametrize(
    ("x", "y"),
    [("step", "tokens_per_second_per_chip"), ("cost_per_token", "step"), ("mfu", "spare")],
)
def test_the_front_is_what_nothing_beats(every, x, y):
    found = {(p.values[x], p.values[y]) for p in MANY.pareto(x, y)}
    assert found == {(p.values[x], p.values[y]) for p in every if not dominated(p, every, x, y)}
    assert 1 < len(found) < len(every)


def test_the_front_begins_with_the_best_x():
    front = MANY.pareto()
    assert front[0].values["step"] == MANY.best("step").values["step"]
    last = "tokens_per_second_per_chip"
    assert front[-1].values[last] == MANY.best(last).values[last]
    steps = [point.values["step"] for point in front]
    assert steps == sorted(steps)


@given(
    st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), max_size=12),
    st.integers(0, 12),
)
@LAW
def test_a_front_of_fronts_is_the_front(rows, cut):
    table = np.array(rows, dtype=float).reshape(-1, 2)
    whole = undominated(table)
    parts = [undominated(table[:cut]), undominated(table[cut:])]
    assert np.array_equal(undominated(np.concatenate(parts)), whole)
    expected = {
        (x, y) for x, y in rows if not any(a >= x and b >= y and (a, b) != (x, y) for a, b in rows)
    }
    assert {tuple(row) for row in whole.tolist()} == expected


def test_points_without_a_value_are_on_no_front():
    table = np.array([[np.nan, 9.0], [1.0, 1.0], [9.0, np.nan]])
    assert undominated(table).tolist() == [[1.0, 1.0]]


@pytest.mark.parametrize("name", ["speed", "tokens_per_s"])
def test_unknown_columns_are_refused(name):
    with pytest.raises(UnknownNameError, match=f"no column is named '{name}'"):
        MANY.best(name)
    with pytest.raises(UnknownNameError, match=f"no column is named '{name}'"):
        MANY.pareto("step", name)
    with pytest.raises(UnknownNameError, match=f"no column is named '{name}'"):
        MANY.best("mfu", {name: (0.0, 1.0)})


def test_an_empty_range_is_refused():
    with pytest.raises(DomainError, match=r"within\.step = \(2\.0, 1\.0\) is outside ranges"):
        MANY.best("mfu", {"step": (2.0, 1.0)})
