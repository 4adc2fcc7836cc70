"""A detector that wakes the network, experts that take turns, and the power that is left of it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ironlaw.base.errors import DomainError
from ironlaw.system.hearable.enhancer import detector, enhancer
from ironlaw.system.hearable.frame import PACKED, frame
from ironlaw.system.hearable.gate import Gate, work_per_accepted
from ironlaw.system.hearable.machine import machine
from ironlaw.system.hearable.plan import Experts, listening_frame, plan
from ironlaw.system.hearable.power import duty_power

HOP = 16e-3
NAMES = ("esp32", "esp32-s3", "nrf52840", "apollo4-plus", "gap9")
SHARES = st.floats(0.0, 0.99)
GATES = st.builds(Gate, speech=st.floats(0.01, 1.0), miss=SHARES, false_alarm=st.floats(0.0, 1.0))


def at(hidden=96, name="esp32", layout=PACKED):
    return frame(enhancer(hidden), layout, machine(name))


def test_the_detector_is_that_of_the_paper():
    assert detector().weights == 42 * 24 + 3 * 24 * (24 + 24) + 24
    assert [matrix.gates for matrix in detector().matrices] == [1, 3, 3, 1]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("hidden", [64, 256])
def test_without_a_gate_it_is_the_power_of_frames(name, hidden):
    one = at(hidden, name)
    expected = duty_power(one.time, HOP, one.active, one.machine.sleep)
    found = plan(one, HOP)
    assert found.power.total == pytest.approx(expected.total, rel=1e-12)
    assert found.duty == expected.duty
    assert (found.worst, found.work, found.work_per_accepted) == (one.time, one.flops, one.flops)
    assert (found.switch, found.power.detector, found.power.copies) == (0.0, 0.0, 0.0)


@given(GATES)
def test_a_frame_of_speech_takes_more_work_than_the_network_alone(gate):
    one = at()
    found = plan(one, HOP, gate)
    assert found.work_per_accepted > one.flops
    assert found.work_per_accepted == pytest.approx(found.work / gate.accepted)


@given(GATES)
def test_the_deadline_counts_the_frame_in_which_both_run(gate):
    one = at()
    found = plan(one, HOP, gate)
    assert found.worst == one.time + listening_frame(one.machine).time > one.time


@given(GATES)
def test_a_gate_draws_the_detector_and_its_share_of_the_network(gate):
    one = at()
    found, plain = plan(one, HOP, gate).power, plan(one, HOP).power
    assert found.enhancer == pytest.approx(gate.awake * plain.enhancer)
    assert found.floor == plain.floor == one.machine.sleep
    assert found.detector == pytest.approx(plan(one, HOP, Gate(speech=1.0)).power.detector)


def test_a_detector_that_never_wakes_it_leaves_the_detector_and_the_floor():
    least = Gate(speech=1e-9)
    one = at()
    listening = listening_frame(one.machine)
    busy = listening.time / HOP * one.machine.active_sram
    assert plan(one, HOP, least).power.total == pytest.approx(busy + one.machine.sleep, rel=1e-6)


@given(GATES, st.floats(0.0, 1.0))
def test_more_false_alarms_never_save(gate, more):
    worse = replace(gate, false_alarm=max(gate.false_alarm, more))
    one = at()
    assert plan(one, HOP, worse).power.total >= plan(one, HOP, gate).power.total
    assert plan(one, HOP, worse).work_per_accepted >= plan(one, HOP, gate).work_per_accepted


def test_work_by_hand():
    gate = Gate(speech=0.5, miss=0.1, false_alarm=0.2)
    assert work_per_accepted(gate, 10.0, 100.0) == pytest.approx((10.0 + 55.0) / 0.45)


def test_a_chip_that_cannot_keep_up_is_busy_all_the_time():
    late = at(256)
    assert late.time > HOP
    found = plan(late, HOP)
    assert found.duty == 1.0
    assert found.power.total == pytest.approx(late.active + late.machine.sleep)
    assert found.switch_hops is None


def in_sram(hidden=96):
    names = frozenset(matrix.name for matrix in enhancer(hidden).matrices)
    return at(hidden, layout=replace(PACKED, sram=names))


@pytest.mark.parametrize("count", [2, 4, 8])
def test_experts_take_flash_and_leave_the_frame_alone(count):
    one = in_sram()
    found = plan(one, HOP, experts=Experts(count=count, changes=1.0 / 60.0))
    assert found.stored == count * one.enhancer.weights
    assert found.sram_used == one.sram_used
    assert found.worst == one.time
    assert found.switch == one.enhancer.weights / one.machine.store
    assert found.power.copies == pytest.approx(found.switch / 60.0 * one.machine.active)
    assert found.switch_hops == -(-found.switch // (HOP - one.time))


def test_one_expert_is_no_expert():
    one = in_sram()
    found = plan(one, HOP, experts=Experts(count=1, changes=10.0))
    assert found.power == plan(one, HOP).power


def test_weights_outside_are_not_copied():
    found = plan(at(), HOP, experts=Experts(count=4, changes=1.0))
    assert found.switch == found.power.copies == 0.0


def test_too_many_experts_do_not_fit_the_flash():
    found = plan(at(256), HOP, experts=Experts(count=8, changes=0.0))
    assert found.stored_over == 8 * 966_656 - 4e6 > 0.0
    assert plan(at(256), HOP).stored_over < 0.0


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        ({"speech": 0.0}, "speech"),
        ({"speech": 1.1}, "speech"),
        ({"speech": float("nan")}, "speech"),
        ({"speech": 0.5, "miss": 1.0}, "miss"),
        ({"speech": 0.5, "false_alarm": -0.1}, "false_alarm"),
    ],
)
def test_what_is_no_gate_is_refused(fields, named):
    with pytest.raises(DomainError, match=named):
        Gate(**fields)


@pytest.mark.parametrize(
    ("fields", "named"),
    [({"count": 0, "changes": 1.0}, "count"), ({"count": 2, "changes": -1.0}, "changes")],
)
def test_what_are_no_experts_is_refused(fields, named):
    with pytest.raises(DomainError, match=named):
        Experts(**fields)


def test_a_hop_is_above_zero():
    with pytest.raises(DomainError, match="hop"):
        plan(at(), 0.0)
