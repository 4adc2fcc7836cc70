"""Recurrent cells: weights read again at each step, or kept on the chip."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from ironlaw.cost.recurrence import recurrence_terms
from ironlaw.registry.calibration import step_constants
from ironlaw.registry.chips import load_chip, scaled_chip
from ironlaw.registry.dtypes import Dtype
from ironlaw.workload.shapes import RecurrentShape

CHIP, STEP = load_chip("h100-sxm"), step_constants()
SHAPE = RecurrentShape(steps=100.0, batch=4.0, d_input=128, d_hidden=256, gates=4)


def with_last_level(capacity):
    levels = [replace(level, capacity=capacity) for level in CHIP.levels[:-1]]
    return replace(CHIP, levels=(*levels, CHIP.levels[-1]))


def terms(shape, chip=CHIP):
    weights = (shape.state_weights + shape.input_weights) * shape.dtype.size
    return recurrence_terms(shape, shape.flops, weights, chip=chip, step=STEP)


def test_work_by_hand():
    assert SHAPE.flops == 2 * 100 * 4 * 4 * 256 * (128 + 256)
    assert SHAPE.state_weights == 4 * 256 * 256


def test_weights_that_fit_are_read_from_memory_once():
    weights = SHAPE.state_weights + SHAPE.input_weights
    once = weights * 2.0 / (STEP.small_efficiency * CHIP.bandwidth)
    again = 99 * SHAPE.state_weights * 2.0 / CHIP.l2_bandwidth
    assert terms(SHAPE).memory == pytest.approx(max(once, again))


def test_weights_that_do_not_fit_are_read_at_every_step():
    tiny = with_last_level(SHAPE.state_weights * 2.0 - 1.0)
    weights = SHAPE.input_weights + 100 * SHAPE.state_weights
    expected = weights * 2.0 / (STEP.small_efficiency * CHIP.bandwidth)
    assert terms(SHAPE, tiny).memory == pytest.approx(expected)
    assert terms(SHAPE, tiny).memory > terms(SHAPE).memory


def test_one_step_reads_its_weights_once_wherever_they_are():
    one = replace(SHAPE, steps=1.0)
    tiny = with_last_level(1.0)
    assert terms(one, tiny) == terms(one)


def test_steps_wait_for_each_other():
    assert terms(SHAPE).latency == pytest.approx(100 * STEP.small_launch)


def test_a_sweep_equals_its_scalars():
    steps = np.array([1.0, 10.0, 1000.0])
    swept = terms(replace(SHAPE, steps=steps)).total
    assert list(swept) == [terms(replace(SHAPE, steps=s)).total for s in steps.tolist()]


def test_twice_the_chip_takes_half_the_time():
    faster = scaled_chip(CHIP, peak=2.0, bandwidth=2.0)
    assert terms(SHAPE, faster).overlapped == pytest.approx(terms(SHAPE).overlapped / 2.0)


def test_int8_moves_half_the_bytes():
    narrow = replace(SHAPE, dtype=Dtype.INT8)
    assert terms(narrow).memory == pytest.approx(terms(SHAPE).memory / 2.0)
