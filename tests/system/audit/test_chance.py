"""Exact bounds of a share, held against SciPy."""

from __future__ import annotations

import math

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy import special, stats

from ironlaw.base.errors import DomainError
from ironlaw.system.audit.chance import at_least, beta_share, log_gamma, share_bounds


@given(st.floats(1e-3, 1e6))
def test_log_gamma_is_scipys(value):
    assert log_gamma(value) == pytest.approx(special.gammaln(value), rel=1e-12, abs=1e-12)


@given(st.floats(0.0, 1.0), st.floats(0.5, 5000.0), st.floats(0.5, 5000.0))
def test_the_incomplete_beta_function_is_scipys(value, first, second):
    assume(value == 1.0 or value < 1.0 - 1e-9)  # SciPy is off there: see the closed form below
    assert beta_share(value, first, second) == pytest.approx(
        special.betainc(first, second, value), abs=1e-9
    )


@given(st.floats(0.0, 1e-6))
def test_the_incomplete_beta_function_holds_close_to_one(rest):
    value = 1.0 - rest
    exact = 1.0 - 2.0 / math.pi * math.asin(math.sqrt(1.0 - value))
    assert beta_share(value, 0.5, 0.5) == pytest.approx(exact, abs=1e-14)


@pytest.mark.parametrize(
    ("count", "total"),
    [(0, 1), (1, 1), (0, 300), (3, 300), (299, 300), (500, 1000), (17, 1_000_000)],
)
@pytest.mark.parametrize("confidence", [0.9, 0.95, 0.99])
def test_clopper_pearson_is_scipys(count, total, confidence):
    exact = stats.binomtest(count, total).proportion_ci(confidence, method="exact")
    assert share_bounds(count, total, confidence) == pytest.approx(
        (exact.low, exact.high), rel=1e-6
    )


@given(st.integers(1, 400), st.data())
def test_the_interval_holds_what_was_seen(total, data):
    count = data.draw(st.integers(0, total))
    low, high = share_bounds(count, total)
    assert low <= count / total <= high
    assert high - low > 0.0


def test_no_miss_is_the_rule_of_three():
    assert share_bounds(0, 3000)[1] == pytest.approx(3.69 / 3000, rel=1e-2)  # −ln 0.025: two-sided


def test_at_least_is_the_binomial_tail():
    assert at_least(3, 10, 0.2) == pytest.approx(stats.binom.sf(2, 10, 0.2), rel=1e-10)
    assert at_least(0, 10, 0.2) == 1.0


@pytest.mark.parametrize(
    ("count", "total", "confidence", "said"),
    [
        (1, 0, 0.95, "total = 0"),
        (-1, 5, 0.95, "count = -1"),
        (6, 5, 0.95, "0 to 5"),
        (1, 5, 1.0, "confidence = 1.0"),
    ],
)
def test_what_is_no_count_is_refused(count, total, confidence, said):
    with pytest.raises(DomainError, match=said):
        share_bounds(count, total, confidence)
