"""Power as a share of the active power on a sleep floor, and whether any share is low enough."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ironlaw.base.errors import DomainError
from ironlaw.registry.chips import load_chip
from ironlaw.system.hearable.power import duty_power, reach

POSITIVE = st.floats(1e-6, 1e3)


def test_by_hand():
    power = duty_power(0.004, 0.016, 0.2, 0.01)
    assert power.duty == 0.25
    assert power.total == pytest.approx(0.06)


@given(POSITIVE, POSITIVE, POSITIVE, POSITIVE)
def test_it_is_never_below_its_floor_nor_above_floor_and_active(time, hop, active, sleep):
    power = duty_power(time, hop, active, sleep)
    assert sleep <= power.total <= (active + sleep) * (1.0 + 1e-12)
    assert power.total == pytest.approx(power.busy + power.floor)
    longer = duty_power(2.0 * time, 2.0 * hop, active, sleep)
    assert longer.total == pytest.approx(power.total)
    doubled = duty_power(time, hop, 2.0 * active, 2.0 * sleep)
    assert doubled.total == pytest.approx(2.0 * power.total)


@given(POSITIVE, POSITIVE, POSITIVE)
def test_the_largest_duty_cycle_is_at_the_target(target, active, sleep):
    found = reach(target, active, sleep)
    if found.feasible:
        at = found.duty * active + sleep
        assert at <= target * (1.0 + 1e-9)
        assert found.duty == 1.0 or at == pytest.approx(target)
    else:
        assert found.duty == 0.0
        assert found.over == pytest.approx(sleep - target)


def test_no_esp32_stays_under_a_milliwatt_at_any_duty_cycle():
    chip = load_chip("esp32")
    found = reach(1e-3, 0.16, chip.idle_power)
    assert not found.feasible
    assert found.over == pytest.approx(1.64e-3)
    assert duty_power(1e-9, 16e-3, 0.16, chip.idle_power).total > 1e-3


@pytest.mark.parametrize("name", ["time", "hop", "active", "sleep"])
def test_what_is_not_positive_is_refused_by_name(name):
    values = {"time": 0.01, "hop": 0.016, "active": 0.1, "sleep": 0.001}
    with pytest.raises(DomainError, match=name):
        duty_power(**{**values, name: 0.0})


@pytest.mark.parametrize("name", ["target", "active", "sleep"])
def test_so_is_it_of_the_reach(name):
    values = {"target": 0.01, "active": 0.1, "sleep": 0.001}
    with pytest.raises(DomainError, match=name):
        reach(**{**values, name: -1.0})
