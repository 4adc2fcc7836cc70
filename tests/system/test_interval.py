"""The interval around a step."""

from __future__ import annotations

from math import hypot
from pathlib import Path

import pytest

from ironlaw.cost.iron_law import regime_of
from ironlaw.registry.facts import data_folder
from ironlaw.registry.residuals import measured_span, roofline_span
from ironlaw.system.diagnosis import diagnose
from ironlaw.system.interval import step_interval
from ironlaw.system.question import scenario
from ironlaw.system.table import kernel_rows

REGIMES = ("launch", "memory", "compute")


def answer(chip="h100-sxm", **asked):
    return diagnose(scenario("llama-3-8b", chip, **asked))


@pytest.mark.parametrize("chip", ["h100-sxm", "h200-sxm", "a100-80gb-sxm", "l40s", "b200-sxm"])
@pytest.mark.parametrize("phase", ["prefill", "decode"])
@pytest.mark.parametrize("fusion", ["none", "partial", "full"])
def test_an_interval_holds_the_prediction(chip, phase, fusion):
    diagnosis = answer(chip, phase=phase, fusion=fusion, tp=2, batch=4, context=1024)
    interval = step_interval(diagnosis)
    assert 0.0 < interval.low < diagnosis.step < interval.high
    for row in kernel_rows(diagnosis):
        assert min(row.span.low, 1.0) <= 1.0 <= max(row.span.high, 1.0)


def test_errors_of_a_family_add_up_and_families_do_not_know_each_other():
    diagnosis = answer(batch=8)
    up: dict[str, float] = {}
    for row in kernel_rows(diagnosis):
        up[row.family] = up.get(row.family, 0.0) + row.time * (row.span.high - 1.0)
    assert len(up) == 3  # GEMMs, attention, small operators
    expected = float(diagnosis.step) + hypot(*up.values())
    assert step_interval(diagnosis).high == pytest.approx(expected, rel=1e-12)
    # sixty-four GEMMs are as uncertain as one: not divided by a root of their number
    gemms = [row for row in kernel_rows(diagnosis) if row.family == "GEMM" and row.count > 1]
    spans = [measured_span("gemm", "h100-sxm", "bf16", regime) for regime in REGIMES]
    assert all(row.span in spans for row in gemms)


def test_what_nobody_measured_is_less_certain(tmp_path: Path):
    text = data_folder().joinpath("chips", "h100-sxm.toml").read_text()
    path = tmp_path / "unmeasured.toml"
    path.write_text(text)
    alone = tmp_path / "alone.toml"
    alone.write_text(text.replace('architecture = "hopper"', 'architecture = "abacus"'))
    answers = (answer(), answer(str(path)), answer(str(alone)))
    widths = [(step_interval(d).high - step_interval(d).low) / float(d.step) for d in answers]
    assert widths[0] < widths[1] < 0.5 * widths[2]  # own, borrowed, none
    assert roofline_span().low > 1.0  # nothing beats the roofline


def test_formats_and_collectives_carry_their_own_residuals():
    rows = {row.name: row for row in kernel_rows(answer(tp=2, dtype="fp8", kv_dtype="fp8"))}
    for name, family, cell in (
        ("down_proj", "gemm", "fp8"),
        ("lm_head", "gemm", "bf16"),
        ("flash_attention", "decode", "fp8"),
    ):
        regime = regime_of(rows[name].terms).value
        assert rows[name].span == measured_span(family, "h100-sxm", cell, regime), name
    for name, cell in (("all_reduce_mlp_norm", "all_reduce"), ("logits_all_gather", "all_gather")):
        span = rows[name].span
        own = measured_span("collective", "h100-sxm", f"{cell}.nccl")
        assert span.low <= own.high
        assert span.high >= own.low
        assert span.low < 1.0 < span.high


@pytest.mark.parametrize(("phase", "family"), [("prefill", "prefill"), ("decode", "decode")])
def test_attention_that_nobody_measured_has_the_roofline_range_of_its_own_phase(phase, family):
    rows = kernel_rows(answer("mi300x", phase=phase, context=4096))
    attention = next(row for row in rows if row.family == "fused attention")
    assert attention.span == roofline_span(family)
    assert roofline_span("prefill") != roofline_span("decode")
