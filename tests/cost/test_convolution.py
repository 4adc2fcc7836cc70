"""Convolutions: the implicit GEMM, and the vector units for depthwise ones."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ironlaw.cost.convolution import convolution_terms, vector_terms
from ironlaw.cost.family import Family
from ironlaw.cost.gemm import gemm_terms
from ironlaw.registry.calibration import load_calibration, step_constants
from ironlaw.registry.chips import load_chip
from ironlaw.registry.dtypes import Dtype
from ironlaw.system.diagnosis import diagnose
from ironlaw.system.question import scenario
from ironlaw.system.table import kernel_rows
from ironlaw.workload.shapes import ConvolutionShape

CALIBRATION = load_calibration("h100-sxm")
CONSTANTS = CALIBRATION.gemm[Dtype.BF16]
RATES = (
    CALIBRATION.reference.peaks[Dtype.BF16],
    CALIBRATION.reference.bandwidth,
    CALIBRATION.reference.n_sm,
)
SHAPE = ConvolutionShape(
    batch=8.0, in_channels=64, out_channels=128, groups=1, taps=9, in_positions=784, out_positions=196
)  # fmt: skip
TRAFFIC = (8e5, 1.5e5, 4e5)


def terms(shape, flops=None):
    work = shape.flops if flops is None else flops
    return convolution_terms(shape, work, traffic=TRAFFIC, constants=CONSTANTS, rates=RATES)


def test_the_gemm_of_a_convolution():
    assert (SHAPE.m, SHAPE.n, SHAPE.k) == (8 * 196, 128, 576)
    assert SHAPE.flops == 2 * 8 * 196 * 128 * 576
    assert terms(SHAPE) == gemm_terms(
        8 * 196.0, 128.0, 576.0, traffic=TRAFFIC, constants=CONSTANTS, rates=RATES
    )


def test_the_gemm_of_a_transposed_convolution_has_a_row_for_each_input_position():
    shape = replace(SHAPE, transposed=True)
    assert (shape.m, shape.n, shape.k) == (8 * 784, 128 * 9, 64)


def test_groups_divide_the_work():
    grouped = replace(SHAPE, groups=4)
    assert grouped.flops == SHAPE.flops / 4
    assert grouped.weights == SHAPE.weights / 4
    assert not grouped.depthwise
    assert replace(SHAPE, groups=64).depthwise
    assert terms(grouped).compute < terms(SHAPE).compute


def test_a_sweep_equals_its_scalars():
    batches = np.array([1.0, 7.0, 300.0])
    swept = terms(replace(SHAPE, batch=batches)).total
    scalars = [terms(replace(SHAPE, batch=batch)).total for batch in batches.tolist()]
    assert list(swept) == scalars


@given(st.floats(1e6, 1e12), st.floats(1e3, 1e10), st.floats(1e-3, 1e3))
def test_the_vector_form_is_homogeneous_in_time(flops, traffic, k):
    step = step_constants()
    one = vector_terms(flops, traffic, flop_rate=1e12, bandwidth=1e11, step=step)
    slow = vector_terms(flops, traffic, flop_rate=1e12 / k, bandwidth=1e11 / k, step=step)
    assert slow.overlapped == pytest.approx(k * one.overlapped)
    assert slow.latency == one.latency


def test_a_depthwise_convolution_reaches_the_share_of_the_bandwidth_of_small_operators():
    network = diagnose(scenario("mobilenet-v2", "h100-sxm", batch=64, fusion="none"))
    row = next(row for row in kernel_rows(network) if "depthwise" in row.name)
    bandwidth = step_constants().small_efficiency * load_chip("h100-sxm").bandwidth
    assert row.terms.memory == pytest.approx(row.traffic / bandwidth)


@pytest.mark.parametrize("chip", ["h100-sxm", "b200-sxm", "l40s"])
def test_activations_that_lie_in_a_format_are_not_quantised(chip):
    """The GEMM of a narrow format was measured with the pass that quantises its activations; a network's lie in it."""
    steps = {
        dtype: float(diagnose(scenario("resnet-50", chip, batch=64, dtype=dtype)).step)
        for dtype in ("bf16", "fp8")
    }
    assert steps["fp8"] < steps["bf16"]
    found = diagnose(scenario("resnet-50", chip, batch=64, dtype="fp8"))
    convolutions = [x for x in found.launches if x.cost.family is Family.CONVOLUTION]
    assert convolutions
    assert all(x.cost.terms.serial == 0.0 for x in convolutions)
