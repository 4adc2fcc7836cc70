"""The Iron Law: terms, limits and refusals."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ironlaw.base.errors import DomainError
from ironlaw.cost.iron_law import (
    TimeTerms,
    attainable_rate,
    blended_terms,
    compute_time,
    memory_time,
    ridge_point,
    roofline_time,
)

LAW = settings(deadline=None, derandomize=True, max_examples=60)
AMOUNTS = st.floats(1.0, 1e18)
RATES = st.floats(1e6, 1e18)
FACTORS = st.sampled_from([0.125, 0.5, 2.0, 1024.0])  # powers of two: scaling is exact


def test_terms_by_hand():
    terms = TimeTerms(compute=2.0, memory=5.0, link=3.0, serial=1.0, latency=0.5)
    assert terms.overlapped == 5.0
    assert terms.total == 6.5  # 5 + 1 + 0.5
    assert terms.serial_total == 11.5  # 2 + 5 + 3 + 1 + 0.5


def test_terms_default_to_nothing():
    assert TimeTerms().total == 0.0


def test_rates_by_hand():
    assert compute_time(1e12, 312e12) == pytest.approx(3.205128205e-3)  # 1 s / 312
    assert memory_time(2e9, 2e12) == 1e-3
    # 1e12 FLOP at 1e15 FLOP/s is 1 ms, 4e9 B at 2e12 B/s is 2 ms: memory binds
    assert roofline_time(1e12, 4e9, 1e15, 2e12) == 2e-3


@pytest.mark.parametrize(
    ("peak", "bandwidth", "ridge"),
    [(312e12, 2.039e12, 153.0), (989.4e12, 3.35e12, 295.3)],
    ids=["A100", "H100"],
)
def test_ridge_points_of_the_oracles(peak, bandwidth, ridge):
    assert ridge_point(peak, bandwidth) == pytest.approx(ridge, rel=0.005)


@given(AMOUNTS, AMOUNTS, RATES, RATES)
@LAW
def test_the_roofline_is_its_longer_side(flops, traffic, peak, bandwidth):
    time = roofline_time(flops, traffic, peak, bandwidth)
    assert time in (flops / peak, traffic / bandwidth)
    assert time >= flops / peak
    assert time >= traffic / bandwidth


@given(AMOUNTS, AMOUNTS, RATES, RATES, FACTORS)
@LAW
def test_time_scales_with_its_unit(flops, traffic, peak, bandwidth, k):
    # a second k times as long: rates are k times as large, times k times as small
    time = roofline_time(flops, traffic, peak, bandwidth)
    assert roofline_time(flops, traffic, peak * k, bandwidth * k) * k == pytest.approx(time)


@given(AMOUNTS, AMOUNTS, RATES, RATES, FACTORS)
@LAW
def test_work_of_the_same_shape_scales_time(flops, traffic, peak, bandwidth, k):
    time = roofline_time(flops, traffic, peak, bandwidth)
    assert roofline_time(flops * k, traffic * k, peak, bandwidth) == pytest.approx(time * k)


@given(st.floats(1e-6, 1e9), RATES, RATES)
@LAW
def test_the_roof_and_the_time_under_it_agree(intensity, peak, bandwidth):
    rate = attainable_rate(intensity, peak, bandwidth)
    assert rate <= peak
    assert 1.0 / roofline_time(1.0, 1.0 / intensity, peak, bandwidth) == pytest.approx(rate)


def test_slope_and_plateau_meet_at_the_ridge():
    at = ridge_point(1e15, 2e12)
    assert at == 500.0
    assert attainable_rate(at, 1e15, 2e12) == 1e15
    assert attainable_rate(at / 2, 1e15, 2e12) == 0.5e15
    assert attainable_rate(at * 2, 1e15, 2e12) == 1e15
    assert attainable_rate(0.0, 1e15, 2e12) == 0.0


def test_a_sweep_equals_its_scalars():
    flops, traffic = np.array([1e9, 1e12, 3e15]), np.array([1e12, 1e9, 7e12])
    swept = roofline_time(flops, traffic, 312e12, 2.039e12)
    alone = [
        roofline_time(float(f), float(t), 312e12, 2.039e12)
        for f, t in zip(flops, traffic, strict=True)
    ]
    assert swept.tolist() == alone


def test_terms_take_a_sweep():
    terms = TimeTerms(compute=np.array([1.0, 5.0]), memory=3.0, latency=1.0)
    assert terms.total.tolist() == [4.0, 6.0]


@pytest.mark.parametrize("value", [0.0, -1.0, float("nan"), float("inf"), np.array([1.0, -1.0])])
@pytest.mark.parametrize(
    ("formula", "name"),
    [
        (lambda rate: compute_time(1.0, rate), "flop_rate"),
        (lambda rate: memory_time(1.0, rate), "bandwidth"),
        (lambda rate: roofline_time(1.0, 1.0, rate, 1.0), "flop_rate"),
        (lambda rate: roofline_time(1.0, 1.0, 1.0, rate), "bandwidth"),
        (lambda rate: ridge_point(rate, 1.0), "flop_rate"),
        (lambda rate: ridge_point(1.0, rate), "bandwidth"),
    ],
)
def test_rates_have_to_be_positive(formula, name, value):
    with pytest.raises(DomainError, match=rf"{name} = .* is outside \(0, ∞\)"):
        formula(value)


@pytest.mark.parametrize(
    ("compute", "memory", "longer"), [(3.0, 2.0, "compute"), (2.0, 3.0, "memory")]
)
def test_what_an_overlap_lacks_belongs_to_the_longer_of_the_two(compute, memory, longer):
    terms = blended_terms(compute, memory, 0.5, serial=1.0, latency=4.0)
    assert getattr(terms, longer) == 3.5
    assert terms.total == 3.5 + 1.0 + 4.0
    assert (terms.compute > terms.memory) is (compute > memory)
