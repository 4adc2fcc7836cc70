"""Quantities in words."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ironlaw.instruments.scale import decade, grouped, percent, significant, with_prefix

LAW = settings(deadline=None, derandomize=True, max_examples=100)
PREFIXES = {"P": 1e15, "T": 1e12, "G": 1e9, "M": 1e6, "k": 1e3, "": 1.0, "m": 1e-3, "µ": 1e-6}
PREFIXES |= {"n": 1e-9}


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (3.35e12, "B/s", "3.35 TB/s"),
        (989.4e12, "FLOP/s", "989 TFLOP/s"),
        (999.4e9, "B/s", "999 GB/s"),
        (999.6e9, "B/s", "1 TB/s"),  # rounds up into the next prefix
        (80e9, "B", "80 GB"),
        (0.0417, "s", "41.7 ms"),
        (2.5e-6, "s", "2.50 µs"),
        (4e-13, "s", "0.400 ps"),
        (4e-16, "s", "0.000400 ps"),
        (0.0, "s", "0 s"),
        (-12.3e9, "B", "-12.3 GB"),
        (1.0, "s", "1.00 s"),
    ],
)
def test_prefixes(value, unit, text):
    assert with_prefix(value, unit) == text


@given(st.floats(1e-9, 1e17))
@LAW
def test_a_shown_quantity_is_within_half_a_digit(value):
    number, unit = with_prefix(value, "B").split()
    assert "e" not in number
    shown = float(number) * PREFIXES[unit.removesuffix("B")]
    assert shown == pytest.approx(value, rel=0.5e-2 + 1e-9)
    if 1e-9 <= value < 0.9995e18:
        assert float(number) < 1000.0


@pytest.mark.parametrize(
    ("value", "digits", "text"),
    [
        (989.4, 3, "989"),
        (0.01234, 3, "0.0123"),
        (17.125, 3, "17.1"),
        (2.0, 3, "2"),
        (9.996, 3, "10"),
        (0.35, 2, "0.35"),
        (100.0, 2, "100"),
        (-0.5, 3, "-0.5"),
        (0.0, 3, "0"),
    ],
)
def test_significant_digits(value, digits, text):
    assert significant(value, digits) == text


@pytest.mark.parametrize(("value", "text"), [(8192, "8,192"), (741.6, "742"), (1e6, "1,000,000")])
def test_thousands_apart(value, text):
    assert grouped(value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.7512, "75 %"),
        (0.00743, "0.74 %"),
        (0.0996, "10 %"),
        (1.0, "100 %"),
        (0.0, "0 %"),
        (0.051, "5.1 %"),
    ],
)
def test_percentages(value, text):
    assert percent(value) == text


@pytest.mark.parametrize("exponent", range(-12, 19))
def test_decades_hold_their_numbers(exponent):
    power = float(f"1e{exponent}")
    above = float(f"1e{exponent + 1}")
    assert decade(power) == (power, power)
    assert decade(math.nextafter(power, math.inf)) == (power, above)
    assert decade(math.nextafter(above, 0.0)) == (power, above)
