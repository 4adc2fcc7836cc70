"""Calibration: constants for each chip, as they were fitted."""

from __future__ import annotations

import pytest

from ironlaw.base.errors import DomainError
from ironlaw.registry.calibration import load_calibration, scaled_calibration, step_constants
from ironlaw.registry.chips import load_chip
from ironlaw.registry.dtypes import Dtype
from silicon_names import CALIBRATED


@pytest.mark.parametrize("chip", CALIBRATED)
def test_every_chip_has_its_constants(chip):
    known = load_calibration(chip)
    assert Dtype.BF16 in known.gemm
    assert (Dtype.BF16, Dtype.BF16) in known.prefill
    assert Dtype.BF16 in known.decode
    if known.reference.link_bandwidth:
        kinds = (known.all_reduce, known.all_gather, known.all_to_all, known.reduce_scatter)
        assert all(kinds)
    assert set(known.gemm) <= set(known.reference.peaks)
    assert known.source


@pytest.mark.parametrize("chip", CALIBRATED)
def test_nothing_is_quantised_in_bf16(chip):
    assert load_calibration(chip).gemm[Dtype.BF16].cq == 0.0


@pytest.mark.parametrize("chip", CALIBRATED)
def test_constants_are_in_their_physical_range(chip):
    known = load_calibration(chip)
    for constants in (*known.gemm.values(), *known.experts.values()):
        assert 0.0 < constants.ef <= 1.0
        assert 0.0 < constants.eb <= 1.0
        assert 0.0 < constants.t0 < 1e-3
    for attention in (*known.prefill.values(), *known.decode.values()):
        assert 0.0 < attention.eb <= 1.0
        assert attention.widths


@pytest.mark.parametrize("chip", CALIBRATED)
def test_constants_are_facts_with_a_source(chip):
    known = load_calibration(chip)
    fact = known.sheet.fact("gemm.bf16.ef")
    assert (fact.kind, fact.source) == ("fitted", "aiconfigurator")


@pytest.mark.parametrize("chip", CALIBRATED)
def test_reference_rates_are_near_the_printed_ones(chip):
    known, printed = load_calibration(chip).reference, load_chip(chip)
    assert known.bandwidth == pytest.approx(printed.bandwidth, rel=0.05)
    assert known.link_bandwidth in (printed.link_bandwidth, 0.0)  # 0 where no link was measured
    for dtype, rate in known.peaks.items():
        if chip == "arc-pro-b60" and dtype is not Dtype.BF16:
            continue  # the tables' description says twice the bf16 rate, its sheet says the same rate
        assert rate == pytest.approx(printed.peaks[dtype], rel=0.01), dtype
    assert known.n_sm == printed.n_sm


def test_an_unmeasured_chip_has_none():
    assert load_calibration("abacus") is None


def test_constants_of_a_step():
    # model_forms.md: three launches of 2 us at 0.8 of the bandwidth; attention starts in 3 us
    step = step_constants()
    assert (step.small_launch, step.small_efficiency) == (2e-6, 0.8)
    assert step.attention_launch == 3e-6


def test_scaling_scales_rates_and_no_constant():
    old = load_calibration("h100-sxm")
    new = scaled_calibration(old, peak=2.0, bandwidth=4.0)
    assert new.reference.bandwidth == 4.0 * old.reference.bandwidth
    assert new.reference.peaks[Dtype.FP8] == 2.0 * old.reference.peaks[Dtype.FP8]
    assert new.gemm == old.gemm
    with pytest.raises(DomainError, match="peak = 0"):
        scaled_calibration(old, peak=0.0)
