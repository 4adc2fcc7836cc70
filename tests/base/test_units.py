"""Units: read once, GB and GiB apart, a bare prefix refused."""

from __future__ import annotations

import pytest

from ironlaw.base.errors import DomainError
from ironlaw.base.units import parse_quantity, unit_factor


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("3.35 TB/s", 3.35e12, "B/s"),
        ("80 GB", 80e9, "B"),
        ("80GB", 80e9, "B"),
        ("50 MB", 50e6, "B"),
        ("80 GiB", 85_899_345_920.0, "B"),  # 80 · 2^30
        ("1 KiB", 1024.0, "B"),
        ("1 kB", 1000.0, "B"),
        ("989.4 TFLOP/s", 989.4e12, "FLOP/s"),
        ("4 POP/s", 4e15, "FLOP/s"),
        ("1.83 GHz", 1.83e9, "Hz"),
        ("6.5 us", 6.5e-6, "s"),
        ("6.5 µs", 6.5e-6, "s"),
        ("5 pJ", 5e-12, "J"),
        ("700 W", 700.0, "W"),
        ("7.2 USD/h", 0.002, "USD/s"),
        ("50 %", 0.5, "1"),
        ("-3e3 B", -3000.0, "B"),
        ("1_000 B", 1000.0, "B"),
    ],
)
def test_quantities(text, value, unit):
    found, inside = parse_quantity(text)
    assert found == pytest.approx(value, rel=1e-15)
    assert inside == unit


def test_decimal_and_binary_prefixes_differ():
    assert unit_factor("GiB")[1] / unit_factor("GB")[1] == pytest.approx(1.073741824)


@pytest.mark.parametrize(
    "unit", ["G", "Gi", "T", "k", "m", "", "GX", "gb", "gB", "G1", "k%", "TB/h"]
)
def test_what_is_not_a_unit_is_refused(unit):
    with pytest.raises(DomainError, match=f"unit = {unit!r} is outside the units"):
        unit_factor(unit)


@pytest.mark.parametrize("text", ["80 G", "80 Gi"])
def test_a_bare_prefix_is_not_a_unit(text):
    with pytest.raises(DomainError, match="is outside the units"):
        parse_quantity(text)


@pytest.mark.parametrize("text", ["", "GB", "TB/s 3.35", "3,35 TB/s", "1 2 B", "eighty GB"])
def test_what_is_not_a_quantity_is_refused(text):
    with pytest.raises(DomainError, match=r"quantity = .*a number and a unit"):
        parse_quantity(text)


@pytest.mark.parametrize("text", ["11", "81", "3.351"])
def test_a_number_without_a_unit_is_refused(text):
    # and not read as 8 of the unit "1"
    with pytest.raises(DomainError, match="is outside"):
        parse_quantity(text)
