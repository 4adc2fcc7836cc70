"""A row in a format that was not measured is answered as a step would answer it: with borrowed constants."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ironlaw.cost.calibrated import gemm_constants
from ironlaw.explore.measured.predict import predict, target
from ironlaw.explore.measured.tables import Row
from ironlaw.registry.calibration import step_constants
from ironlaw.registry.dtypes import Dtype

NAIVE = 1e-5


def gemm_row(dtype, chip="h100_sxm"):
    sizes = {"m": 256.0, "n": 8192.0, "k": 8192.0}
    return Row(2, chip, "x", sizes, {"dtype": dtype}, 1e-5)


@pytest.mark.parametrize(("dtype", "lender"), [("int8", Dtype.FP8), ("int4", Dtype.BF16)])
def test_an_unmeasured_format_borrows_as_in_a_step(dtype, lender):
    on = target("h100-sxm")
    assert Dtype(dtype) not in on.calibration.gemm
    borrowed = gemm_constants(on.calibration, Dtype(dtype), on.chip.runs(Dtype(dtype)))
    assert borrowed is on.calibration.gemm[lender]
    found = predict("gemm", gemm_row(dtype), on, NAIVE)
    assert found.basis == f"h100-sxm in {lender.value}"
    assert found.span == step_constants().small_span
    assert found.time != NAIVE + step_constants().small_launch


def test_a_measured_format_has_its_own_range():
    found = predict("gemm", gemm_row("fp8"), target("h100-sxm"), NAIVE)
    assert found.span != step_constants().small_span


def test_without_any_constants_the_roofline_answers():
    on = target("h100-sxm")
    bare = replace(on, calibration=replace(on.calibration, gemm={}))
    found = predict("gemm", gemm_row("int8"), bare, NAIVE)
    assert (found.basis, found.time) == ("", NAIVE + step_constants().small_launch)
