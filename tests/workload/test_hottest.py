"""The most wanted expert and the fullest chip, held against draws."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ironlaw.workload.hottest import (
    hottest_active,
    hottest_rows,
    largest_count,
    mean_of_largest,
    placements,
    row_tiles,
)
from ironlaw.workload.router import EVEN, Law, Routing, distinct, inclusion

LAW = settings(deadline=None, derandomize=True, max_examples=60)


def drawn(law, tokens, rounds=60):
    """Counts of each expert, batch by batch: of each token the k largest of weighted uniform numbers."""
    rng = np.random.default_rng(3)
    n, k = law.n_experts, law.top_k
    found = []
    for _ in range(rounds):
        chosen = np.argsort(rng.random((tokens, n)), axis=1)[:, :k]
        found.append(np.bincount(chosen.ravel(), minlength=n))
    return found


@pytest.mark.parametrize(("n", "k", "ranks"), [(256, 8, 8), (128, 8, 4), (8, 2, 8), (16, 1, 8)])
@pytest.mark.parametrize("tokens", [4, 64, 512])
def test_the_fullest_chip_is_where_draws_put_it(n, k, ranks, tokens):
    law = Law(EVEN, n, k, ranks)
    rows, active = [], []
    for counts in drawn(law, tokens):
        chips = counts.reshape(ranks, -1)
        hot = chips.sum(axis=1).argmax()
        rows.append(chips[hot].sum())
        active.append((chips[hot] > 0).sum())
    found = hottest_rows(law, float(tokens))
    assert 0.98 * np.mean(rows) <= found <= 1.2 * np.mean(rows)
    assert hottest_active(law, float(tokens)) == pytest.approx(np.mean(active), rel=0.1)


def test_uneven_experts_one_of_a_token_are_where_draws_put_them():
    law = Law(Routing(shares=(0.4, 0.1, 0.1, 0.1, 0.1, 0.1, 0.05, 0.05)), 8, 1, 4)
    rng = np.random.default_rng(5)
    counts = rng.multinomial(100, inclusion(law), size=400)
    fullest = counts.reshape(400, 4, 2).sum(axis=2).max(axis=1).mean()
    assert hottest_rows(law, 100.0) == pytest.approx(fullest, rel=0.05)
    wanted = counts.max(axis=1).mean()
    assert wanted <= largest_count(law, 100.0) <= 1.1 * wanted
    tiles = np.ceil(counts.reshape(400, 4, 2)[:, 0] / 16).sum(axis=1).mean()
    assert row_tiles(law, 100.0, 16) == pytest.approx(tiles, rel=0.1)


@given(st.sampled_from([8, 64, 256]), st.integers(1, 8), st.sampled_from([2, 4, 8]),
       st.floats(0.0, 4.0), st.integers(1, 4000))  # fmt: skip
@LAW
def test_the_fullest_chip_has_at_least_its_share_and_no_more_than_its_experts_can_get(
    n, k, ranks, exponent, tokens
):
    law = Law(Routing(exponent=exponent), n, k, ranks)
    rows = hottest_rows(law, float(tokens))
    assert tokens * k / ranks <= rows <= tokens * min(k, n // ranks)
    active = hottest_active(law, float(tokens))
    assert 0.0 < active <= min(n / ranks, rows) * (1 + 1e-12)


@given(st.floats(0.2, 3.0), st.integers(1, 2000))
@LAW
def test_skew_fills_the_fullest_chip(exponent, tokens):
    even, uneven = (
        hottest_rows(Law(Routing(exponent=s), 64, 2, 8), float(tokens)) for s in (0.0, exponent)
    )
    assert uneven >= even * 0.97  # for few tokens both are bounds, loose by less than a row


def test_many_tokens_leave_an_even_router_balanced():
    assert hottest_rows(Law(EVEN, 64, 2, 8), 1e8) / (1e8 * 2 / 8) == pytest.approx(1.0, rel=1e-3)


def test_one_chip_has_all_rows():
    assert hottest_rows(Law(EVEN, 64, 2), 10.0) == 20.0


def test_counts_are_their_own_answer():
    counts = (1.0, 0.0, 9.0, 2.0, 3.0, 1.0)
    law = Law(Routing(shares=tuple(c / 16 for c in counts), counts=counts), 6, 1, 3)
    assert hottest_rows(law, 16.0) == 11.0
    assert hottest_active(law, 16.0) == 2.0
    assert largest_count(law, 16.0) == 9.0
    assert row_tiles(law, 16.0, 8) == 3.0  # ⌈9/8⌉ + ⌈2/8⌉


def test_given_shares_stay_in_their_order_and_a_power_law_is_placed_without_regard_to_it():
    shares = Law(Routing(shares=(0.5, 0.25, 0.15, 0.1)), 4, 1, 2)
    assert placements(shares) == (((0.5, 0.25), (0.15, 0.1)),)
    law = Law(Routing(exponent=1.0), 8, 2, 4)
    placed = placements(law)
    assert len(set(placed)) > 16
    for chips in placed:
        assert sorted(p for chip in chips for p in chip) == sorted(inclusion(law))


@given(st.lists(st.floats(0.01, 0.9), min_size=2, max_size=8), st.floats(1.0, 1e4))
@LAW
def test_a_bound_is_at_least_the_largest_mean(means, tokens):
    found = mean_of_largest(means, [m * (1 - m) for m in means], tokens)
    assert found >= max(means) * tokens * (1 - 1e-12)


def test_counts_that_are_alike_have_the_extreme_value_of_normal_numbers():
    found = mean_of_largest((0.25,) * 8, (0.1875,) * 8, 400.0)
    assert found == pytest.approx(100.0 + (2 * 75.0 * np.log(8)) ** 0.5, rel=1e-12)


def test_a_sweep_equals_its_scalars():
    tokens = np.array([1.0, 17.0, 4096.0])
    law = Law(Routing(exponent=1.1), 32, 4, 4)
    for form in (hottest_rows, hottest_active, largest_count):
        assert list(form(law, tokens)) == [form(law, float(t)) for t in tokens]
    swept = row_tiles(law, tokens, 32)
    assert list(swept) == [row_tiles(law, float(t), 32) for t in tokens]


def test_tiles_of_an_even_router_are_those_of_the_aggregate():
    law = Law(EVEN, 64, 4)
    active = distinct(law, 200.0)
    spread = (200.0 * 4 + active * 15 / 2) / 16
    assert row_tiles(law, 200.0, 16) == pytest.approx(max(active, spread), rel=1e-12)
