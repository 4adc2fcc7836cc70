"""Logarithms and powers: near the library's, exact where they can be, the same for a scalar and an array."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ironlaw.base.errors import DomainError
from ironlaw.base.power import exp2, exponential, log2, logarithm, power, whole_power

LAW = settings(deadline=None, derandomize=True, max_examples=200)
POSITIVE = st.floats(1e-300, 1e300)
EXPONENTS = st.floats(-1000.0, 1000.0)


@given(POSITIVE)
@LAW
def test_logarithms_agree_with_the_library(value):
    assert log2(value) == pytest.approx(math.log2(value), rel=5e-16, abs=1e-300)


@given(st.floats(0.999, 1.001))
@LAW
def test_logarithms_keep_their_digits_near_one(value):
    assert log2(value) == pytest.approx(math.log2(value), rel=1e-15, abs=0.0)


@given(EXPONENTS)
@LAW
def test_powers_of_two_agree_with_the_library(value):
    assert exp2(value) == pytest.approx(math.exp2(value), rel=5e-16)


@given(st.floats(0.1, 10.0), st.floats(0.0, 8.0))
@LAW
def test_powers_agree_with_the_library(base, exponent):
    assert power(base, exponent) == pytest.approx(math.pow(base, exponent), rel=1e-14)


@pytest.mark.parametrize("exponent", range(-1022, 1023, 73))
def test_whole_powers_of_two_are_exact(exponent):
    assert exp2(float(exponent)) == math.ldexp(1.0, exponent)
    assert log2(math.ldexp(1.0, exponent)) == exponent


def test_whole_powers_are_products():
    assert power(1.1, 3.0) == 1.0 * 1.1 * 1.1 * 1.1
    assert power(7.0, 0.0) == 1.0


@given(st.lists(st.floats(1e-3, 1e3), min_size=1, max_size=8))
@LAW
def test_an_array_has_the_digits_of_its_scalars(values):
    array = np.array(values)
    assert log2(array).tolist() == [log2(value) for value in values]
    assert exp2(array / 2.0).tolist() == [exp2(value / 2.0) for value in values]
    assert power(array, 2.6).tolist() == [power(value, 2.6) for value in values]


# the digits themselves: another C library, another NumPy or Pyodide must find the same
@pytest.mark.parametrize(
    ("found", "digits"),
    [
        (log2(3.0), "0x1.95c01a39fbd69p+0"),
        (exp2(0.3), "0x1.3b2c47bff8329p+0"),
        (power(1.7, 2.6), "0x1.fc99d7b84eddcp+1"),
    ],
)
def test_the_digits_are_these(found, digits):
    assert found.hex() == digits


@pytest.mark.parametrize("value", [0.0, -1.0, math.nan, math.inf, np.array([1.0, 0.0])])
def test_a_logarithm_needs_a_positive_number(value):
    with pytest.raises(DomainError, match=r"value = .* is outside \(0, ∞\)"):
        log2(value)


@pytest.mark.parametrize("value", [1023.0, -1023.0, math.nan, np.array([0.0, 2000.0])])
def test_a_power_of_two_has_to_be_a_normal_number(value):
    with pytest.raises(DomainError, match=r"exponent = .* is outside \(-1023, 1023\)"):
        exp2(value)


@pytest.mark.parametrize("exponent", [-1.0, math.nan, 1023.0])
def test_exponents_out_of_range_are_refused(exponent):
    with pytest.raises(DomainError, match=r"exponent = .* is outside \[0, 1023\)"):
        power(2.0, exponent)


@pytest.mark.parametrize(
    ("base", "exponent", "power"),
    [(0.5, 0.0, 1.0), (0.5, 3.0, 0.125), (0.0, 0.0, 1.0), (0.0, 7.0, 0.0), (1.0, 9.0, 1.0)],
)
def test_whole_powers(base, exponent, power):
    assert whole_power(base, exponent) == power
    assert list(whole_power(base, np.array([exponent, exponent]))) == [power, power]


def test_whole_powers_are_the_same_products_for_scalar_and_array():
    exponents = np.array([0.0, 1.0, 2.0, 3.0, 31.0, 32.0, 4096.0, 123_457.0, 1e9])
    for base in (0.75, 0.9375, 0.96875, 0.999):
        assert [whole_power(base, float(e)) for e in exponents] == list(
            whole_power(base, exponents)
        )


@pytest.mark.parametrize("base", [-0.1, 1.5, math.nan])
def test_whole_powers_of_fractions_only(base):
    with pytest.raises(DomainError, match=r"base = .* is outside \[0, 1\]"):
        whole_power(base, 2.0)


@given(st.floats(-690.0, 690.0))
def test_the_exponential_is_that_of_the_library(value):
    assert exponential(value) == pytest.approx(math.exp(value), rel=1e-15, abs=0.0)


def test_the_exponential_ends_at_zero_and_at_infinity():
    assert exponential(-1e6) == 0.0
    assert exponential(1e6) == math.inf


@given(st.floats(1e-12, 1e12))
def test_the_logarithm_undoes_it(value):
    assert exponential(logarithm(value)) == pytest.approx(value, rel=1e-13)
