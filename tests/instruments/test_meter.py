"""The meter adds up, names its floor, and says whether any duty cycle would do."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ironlaw.instruments.meter import duty_meter, reach_words
from ironlaw.system.hearable.power import duty_power, reach

POWERS = st.floats(1e-6, 10.0)


def shown(time=0.0134, active=0.16, sleep=0.00264, target=0.001):
    power = duty_power(time, 0.016, active, sleep)
    return duty_meter("power", power, reach(target, active, sleep), active).to_dict()


def test_the_meter_is_what_the_page_reads():
    meter = shown()
    assert set(meter) == {
        "title", "unit", "value", "min", "max", "parts", "floor", "target", "note", "peek",
    }  # fmt: skip
    assert meter["floor"] == {"label": "sleep floor", "value": 0.00264}
    assert meter["target"] == {"label": "1 mW", "value": 0.001}
    assert meter["parts"][0]["label"] == "busy 84 % of the time"


@given(POWERS, POWERS, POWERS, st.floats(1e-4, 1.0))
def test_parts_and_equation_add_up_to_the_value_inside_the_scale(active, sleep, target, time):
    meter = shown(time, active, sleep, target)
    assert sum(part["value"] for part in meter["parts"]) == pytest.approx(meter["value"])
    assert meter["peek"]["value"] == pytest.approx(meter["value"])
    for value in (meter["value"], target, sleep):
        assert meter["min"] <= value <= meter["max"] * (1.0 + 1e-12)


def test_the_note_says_what_the_floor_leaves():
    assert "1.64 mW more than 1 mW" in shown()["note"]
    assert shown(0.0001, 0.0025, 4e-6)["note"] == "Under 1 mW."
    power = duty_power(0.012, 0.016, 0.0025, 4e-6)
    words = reach_words(power, reach(0.001, 0.0025, 4e-6))
    assert "Over 1 mW by 879 µW" in words
    assert "40 % of the time" in words
