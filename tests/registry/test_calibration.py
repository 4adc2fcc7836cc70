"""Calibration: constants for each chip, as they were fitted."""

from __future__ import annotations

import dataclasses
import json

import pytest

from ironlaw.base.errors import DomainError
from ironlaw.registry.calibration import (
    load_calibration,
    scaled_calibration,
    step_constants,
)
from ironlaw.registry.chips import load_chip
from ironlaw.registry.dtypes import Dtype
from silicon_names import CALIBRATED

GPUS = {
    "a100-80gb-sxm": "a100_sxm",
    "h100-sxm": "h100_sxm",
    "h200-sxm": "h200_sxm",
    "b200-sxm": "b200_sxm",
    "l40s": "l40s",
}


@pytest.mark.parametrize("chip", CALIBRATED)
def test_every_chip_has_its_constants(chip):
    known = load_calibration(chip)
    assert Dtype.BF16 in known.gemm
    assert (Dtype.BF16, Dtype.BF16) in known.prefill
    assert Dtype.BF16 in known.decode
    assert known.all_reduce
    assert known.all_gather
    assert set(known.gemm) <= set(known.reference.peaks)
    assert known.source


@pytest.mark.parametrize("chip", CALIBRATED)
def test_constants_are_the_fitted_ones(chip, shared):
    fitted = json.loads((shared / "silicon" / "constants.json").read_text(encoding="utf-8"))
    known = load_calibration(chip)
    found = dataclasses.asdict(known.gemm[Dtype.BF16])
    for name, value in fitted["gemm"][f"{GPUS[chip]}|bfloat16"].items():
        if name in found:
            assert found[name] == pytest.approx(value, rel=1e-3), name
    assert known.gemm[Dtype.BF16].cq == 0.0  # nothing is quantised in bf16


@pytest.mark.parametrize("chip", CALIBRATED)
def test_constants_are_facts_with_a_source(chip):
    known = load_calibration(chip)
    fact = known.sheet.fact("gemm.bf16.ef")
    assert (fact.kind, fact.source) == ("fitted", "aiconfigurator")


@pytest.mark.parametrize("chip", CALIBRATED)
def test_reference_rates_are_near_the_printed_ones(chip):
    known, printed = load_calibration(chip).reference, load_chip(chip)
    assert known.bandwidth == pytest.approx(printed.bandwidth, rel=0.05)
    assert known.link_bandwidth == printed.link_bandwidth
    for dtype, rate in known.peaks.items():
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
