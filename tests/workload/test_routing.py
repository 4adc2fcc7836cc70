"""Routing as the benchmarks draw it: every token has its experts, and nothing is drawn twice."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ironlaw.base.errors import DomainError
from ironlaw.workload.routing import (
    balanced_counts,
    hottest_rank,
    measured_draws,
    power_law_counts,
    routed,
)

LAW = settings(deadline=None, derandomize=True, max_examples=80)


@st.composite
def sizes(draw):
    experts = draw(st.sampled_from([4, 8, 16, 60, 128]))
    return draw(st.integers(1, 3000)), experts, draw(st.integers(1, min(experts, 8)))


@given(sizes())
@LAW
def test_balanced_routing_gives_every_token_its_experts(given_sizes):
    tokens, experts, top_k = given_sizes
    counts = balanced_counts(*given_sizes)
    assert (len(counts), sum(counts)) == (experts, tokens * top_k)


@given(sizes())
@LAW
def test_many_balanced_tokens_are_even(given_sizes):
    tokens, experts, top_k = given_sizes
    counts = balanced_counts(tokens * experts, experts, top_k)
    assert set(counts) == {tokens * top_k}


def test_few_tokens_spread_over_the_experts():
    # stride 4: token 0 takes 0 and 4, token 1 takes ⌊4/2⌋ = 2 and 6
    assert balanced_counts(2, 8, 2) == (1, 0, 1, 0, 1, 0, 1, 0)


@given(sizes(), st.sampled_from([1.01, 1.2, 2.0]), st.integers(0, 3))
@LAW
def test_a_power_law_gives_every_token_its_experts_and_none_twice(given_sizes, exponent, draw):
    tokens, _, top_k = given_sizes
    counts = power_law_counts(*given_sizes, exponent, draw)
    assert sum(counts) == tokens * top_k
    assert max(counts) <= tokens
    assert counts == power_law_counts(*given_sizes, exponent, draw)


def test_a_power_law_is_uneven():
    assert max(power_law_counts(4096, 128, 8, 1.2)) > 3 * 4096 * 8 / 128


def test_the_hottest_rank_has_most_rows():
    assert hottest_rank((1, 2, 9, 0, 3, 3), 3) == (9, 0)


def test_draws_of_balanced_routing_are_one():
    assert measured_draws(3, 4, 2, 0.0, 2) == [(2, 1)]
    assert len(measured_draws(3, 4, 2, 1.2, 2)) == 3


def test_routed_is_the_mean_of_the_draws():
    found = routed([(17, 0), (1, 2)], (16,))
    assert (found.rows, found.active_experts, found.largest_count) == (10.0, 1.5, 9.5)
    assert found.tiles == (2.0,)


@pytest.mark.parametrize(
    ("bad", "field"), [((0, 8, 2), "tokens"), ((4, 8, 9), "top_k"), ((4, 8, 0), "top_k")]
)
def test_impossible_routings_are_refused(bad, field):
    with pytest.raises(DomainError, match=field):
        balanced_counts(*bad)


def test_a_flat_power_law_is_refused():
    with pytest.raises(DomainError, match="exponent"):
        power_law_counts(4, 8, 2, 1.0)
