"""Bytes on their way from memory, some of them from the level-2 cache."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ironlaw.base.errors import DomainError
from ironlaw.cost.memory_path import blended, seconds_per_byte, warm_fraction

LAW = settings(deadline=None, derandomize=True, max_examples=50)


@pytest.mark.parametrize(
    ("footprint", "hit"),
    [(0.0, 1.0), (40e6, 1 / 2), (80e6, 1 / 17), (20e6, 16 / 17)],  # 1 / (1 + (M / 40 MB)^4)
)
def test_warm_fractions_by_hand(footprint, hit):
    assert warm_fraction(footprint, 50e6) == pytest.approx(hit, rel=1e-14)


@given(st.floats(0.0, 1e12), st.floats(0.0, 1e12))
@LAW
def test_larger_buffers_are_colder(one, other):
    small, large = sorted((one, other))
    assert 0.0 <= warm_fraction(large, 50e6) <= warm_fraction(small, 50e6) <= 1.0


def test_a_level_2_cache_has_a_size():
    with pytest.raises(DomainError, match=r"l2_capacity = 0.0 is outside \(0, ∞\)"):
        warm_fraction(1.0, 0.0)


def test_seconds_of_a_byte_by_hand():
    # 1 TB/s reached to 80 %, level 2 at twice the memory: 1.25 ps cold, 0.5 ps warm
    assert seconds_per_byte(1e12, 0.8, 2.0) == 1.25e-12
    assert seconds_per_byte(1e12, 0.8, 2.0, 1.0) == 0.5e-12
    assert seconds_per_byte(1e12, 0.8, 2.0, 0.5) == pytest.approx(0.875e-12, rel=1e-15)


def test_a_sweep_equals_its_scalars():
    footprints = np.array([1e6, 5e7, 3e9])
    alone = [seconds_per_byte(1e12, 0.8, 2.0, warm_fraction(float(f), 5e7)) for f in footprints]
    assert seconds_per_byte(1e12, 0.8, 2.0, warm_fraction(footprints, 5e7)).tolist() == alone


def test_overlap_is_between_the_maximum_and_the_sum():
    assert blended(3.0, 4.0, math.inf) == 4.0
    assert blended(3.0, 4.0, 4.0) == pytest.approx((3**4 + 4**4) ** 0.25)
    assert blended(0.0, 4.0, 4.0) == 4.0
    assert blended(0.0, 0.0, 4.0) == 0.0


def test_only_two_norms_overlap():
    with pytest.raises(DomainError, match=r"exponent = 2\.0"):
        blended(1.0, 1.0, 2.0)
