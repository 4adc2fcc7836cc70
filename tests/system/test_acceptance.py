"""What becomes of drafted tokens: chains, trees, and what is refused."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ironlaw.base.errors import DomainError
from ironlaw.system.acceptance import (
    LONGEST,
    MOST_NODES,
    acceptances,
    branches,
    formula_speedup,
    independent,
    level_widths,
    tokens_per_round,
    tree_nodes,
)

probability = st.floats(0.0, 1.0)
trees = st.lists(st.integers(1, 3), min_size=1, max_size=5)
no_probability = st.one_of(
    st.floats(max_value=-1e-9),
    st.floats(min_value=1.0 + 1e-9),
    st.just(math.nan),
    st.booleans(),
    st.text(max_size=3),
    st.none(),
)


@given(st.floats(0.0, 0.999), st.integers(1, LONGEST))
def test_the_finite_sum_is_the_closed_form(alpha, length):
    closed = (1.0 - alpha ** (length + 1)) / (1.0 - alpha)
    assert tokens_per_round(acceptances(alpha, length)) == pytest.approx(closed, rel=1e-9)


@given(st.lists(probability, min_size=1, max_size=8))
def test_a_round_makes_between_one_token_and_all_of_them(alphas):
    made = tokens_per_round(acceptances(alphas, len(alphas)))
    assert 1.0 <= made <= len(alphas) + 1.0


@pytest.mark.parametrize("length", range(1, LONGEST + 1))
def test_tokens_that_are_always_right_are_all_made(length):
    assert tokens_per_round(acceptances(1.0, length)) == length + 1.0
    assert tokens_per_round(acceptances(0.0, length)) == 1.0


def test_tokens_per_round_are_leviathans():
    assert tokens_per_round(acceptances(0.8, 5)) == pytest.approx(3.68928, rel=1e-12)


def test_a_list_of_positions_is_no_constant():
    falling = tokens_per_round(acceptances((0.9, 0.6, 0.3), 3))
    assert falling == pytest.approx(1.0 + 0.9 + 0.54 + 0.162)
    assert falling != pytest.approx(tokens_per_round(acceptances(0.6, 3)))


def test_a_tree_grows_as_its_branches_say():
    assert level_widths((4, 2, 1)) == (4, 8, 8)
    assert tree_nodes((4, 2, 1)) == 20


@given(trees)
def test_a_tree_has_the_tokens_that_a_walk_counts(tree):
    def count(depth):
        return 0 if depth == len(tree) else tree[depth] * (1 + count(depth + 1))

    assert tree_nodes(branches(tree)) == count(0)


@given(probability, trees)
def test_a_tree_of_ones_is_a_chain(alpha, tree):
    ones = [1] * len(tree)
    assert acceptances(alpha, len(ones), ones) == acceptances(alpha, len(ones))


@given(probability, trees, st.integers(0, 4))
def test_a_further_candidate_never_makes_fewer_tokens(alpha, tree, depth):
    wider = [count + (place == depth) for place, count in enumerate(tree)]
    made = [tokens_per_round(acceptances(alpha, len(t), t)) for t in (tree, wider)]
    assert made[0] <= made[1] <= len(tree) + 1.0


def test_independent_candidates_miss_together():
    assert acceptances(0.6, 2, (3, 1)) == pytest.approx((1.0 - 0.4**3, 0.6))


def test_candidates_by_rank_add_up():
    """Every path of the tree by itself: a node counts as often as all tokens on its way are right."""
    ranks, tree = ((0.6, 0.2, 0.1), (0.5, 0.3)), (3, 2)
    paths = sum(first * (1.0 + sum(ranks[1])) for first in ranks[0])
    made = tokens_per_round(acceptances(ranks, 2, tree))
    assert made == pytest.approx(1.0 + paths)


def test_ranks_beyond_the_tree_are_not_used():
    assert acceptances(((0.6, 0.2, 0.1),), 1, (2,)) == pytest.approx((0.8,))


def test_only_a_guess_at_candidates_is_said_to_be_one():
    assert independent(0.8, (2, 1))
    assert not independent(0.8, (1, 1))
    assert not independent(((0.6, 0.2), 0.5), (2, 1))
    assert not independent(0.8, None)


@given(no_probability)
def test_acceptance_is_a_probability(alpha):
    with pytest.raises(DomainError, match="acceptance"):
        acceptances((alpha,), 1)


@given(no_probability)
def test_so_is_that_of_a_candidate(alpha):
    with pytest.raises(DomainError, match="acceptance"):
        acceptances(((0.0, alpha),), 1, (2,))


@pytest.mark.parametrize("alpha", ["0.5", None, True, math.nan, {0.5}])
def test_one_for_all_is_a_probability_too(alpha):
    with pytest.raises(DomainError, match="acceptance"):
        acceptances(alpha, 2)


@pytest.mark.parametrize("length", [0, -1, LONGEST + 1, 1.5, True, math.nan, "4", None])
def test_a_draft_has_tokens(length):
    with pytest.raises(DomainError, match="draft_len"):
        acceptances(0.5, length)


@given(st.lists(probability, max_size=6), st.integers(1, 6))
def test_a_list_has_one_for_each_token(alphas, length):
    if len(alphas) == length:
        assert len(acceptances(alphas, length)) == length
        return
    with pytest.raises(DomainError, match=f"lists of {length}"):
        acceptances(alphas, length)


def test_candidates_are_not_right_more_often_than_always():
    with pytest.raises(DomainError, match="add up to 1"):
        acceptances(((0.7, 0.4),), 1, (2,))
    with pytest.raises(DomainError, match="lists of 3, one a candidate"):
        acceptances(((0.7, 0.2),), 1, (3,))


@pytest.mark.parametrize(
    "tree",
    [(0,), (4, 0, 1), (-1,), (2.5,), (True,), (), (1,) * (LONGEST + 1), "4,2", 4, (math.nan,)],
)
def test_a_tree_has_children(tree):
    with pytest.raises(DomainError, match="draft_tree"):
        branches(tree)


def test_a_tree_is_checked_in_one_step():
    assert tree_nodes(branches((MOST_NODES,))) == MOST_NODES
    with pytest.raises(DomainError, match=f"it has {MOST_NODES + 1}"):
        branches((MOST_NODES + 1,))


def test_the_formula_is_leviathans():
    assert formula_speedup((0.8,) * 4, draft_cost=0.0) == tokens_per_round((0.8,) * 4)
    assert formula_speedup((1.0,) * 4, draft_cost=1.0) == 1.0
    assert formula_speedup((0.5,), draft_cost=0.1, verify=2.0) == pytest.approx(1.5 / 2.1)


@pytest.mark.parametrize("cost", [-0.1, math.nan, math.inf, True])
def test_a_draft_costs_something_or_nothing(cost):
    with pytest.raises(DomainError, match="draft_cost"):
        formula_speedup((0.5,), draft_cost=cost)


def test_a_check_takes_time():
    with pytest.raises(DomainError, match="verify"):
        formula_speedup((0.5,), draft_cost=0.1, verify=0.0)
