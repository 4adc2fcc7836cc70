"""Diagnoses of every family: they run, they add up, they keep physics."""

from __future__ import annotations

import itertools
import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from families import FAMILIES, FINE, LATENT, LLAMA, MIXTURE, PUBLISHED, WINDOWED
from ironlaw.cost.family import Family
from ironlaw.cost.kernel import Evidence
from ironlaw.registry.calibration import load_calibration
from ironlaw.registry.chips import load_chip
from ironlaw.registry.dtypes import Dtype
from ironlaw.registry.models import model_names
from ironlaw.rewrites.levels import FusionLevel
from ironlaw.system.cache_traffic import cache_traffic
from ironlaw.system.diagnosis import LaunchMode, Scenario, diagnose
from ironlaw.system.interval import step_interval
from ironlaw.system.question import scenario
from ironlaw.system.table import kernel_rows
from ironlaw.workload.hottest import hottest_rows
from ironlaw.workload.router import EVEN, Law
from ironlaw.workload.spec import Phase, Request

LAW = settings(deadline=None, derandomize=True, max_examples=40)


def answer(spec, level=FusionLevel.FULL, chip="h100-sxm", weights=Dtype.BF16, **asked):
    request = {"phase": Phase.DECODE, "batch": 8.0, "context_len": 4096.0} | asked
    return diagnose(
        Scenario(
            spec=spec,
            chip=load_chip(chip),
            calibration=load_calibration(chip),
            request=Request(**request),
            level=level,
            launch=LaunchMode.GRAPH,
            weights=weights,
        )
    )


@pytest.mark.parametrize("phase", list(Phase))
@pytest.mark.parametrize("level", list(FusionLevel))
@pytest.mark.parametrize("spec", FAMILIES, ids=lambda spec: spec.name)
def test_every_family_is_diagnosed_at_every_level(spec, level, phase):
    for layout in ({}, {"tensor_parallel": 2}, {"pipeline_parallel": 2}):
        found = answer(spec, level, phase=phase, **layout)
        low, high = step_interval(found)
        assert 0.0 < low <= found.step <= high < math.inf
        assert 0.0 < found.mfu <= 1.0
        assert 0.0 < found.mbu_useful <= 1.0
        assert 0.0 < found.mbu_raw <= 1.0
        rows = kernel_rows(found)
        assert sum(row.time for row in rows) == pytest.approx(found.step, rel=1e-9)


@pytest.mark.parametrize("phase", [phase.value for phase in Phase])
@pytest.mark.parametrize("level", [level.value for level in FusionLevel])
@pytest.mark.parametrize("model", model_names())
def test_every_model_is_diagnosed_at_every_level(model, level, phase):
    found = diagnose(scenario(model, "h100-sxm", fusion=level, phase=phase, tp=2, batch=4))
    assert 0.0 < found.mfu <= 1.0
    assert 0.0 < found.mbu_useful <= 1.0
    assert found.useful_traffic <= found.traffic
    least = found.scenario.decoder.total_params * found.scenario.weights.size
    assert 2 * found.footprint.weights >= least
    assert (
        5 * found.scenario.decoder.n_layers
        < found.n_kernels
        < 200 * found.scenario.decoder.n_layers
    )


def test_experts_alone_are_kept_as_they_are_published():
    published = scenario("gpt-oss-120b", "h100-sxm")
    assert (published.weights, published.experts_only) == (Dtype.MXFP4, True)
    found, all_narrow = (
        diagnose(published),
        diagnose(scenario("gpt-oss-120b", "h100-sxm", dtype="mxfp4")),
    )
    experts = 36 * 128 * 3 * 2880 * 2880
    assert found.footprint.weights == pytest.approx(
        experts * 0.53125 + (116_829_156_672 - experts) * 2, rel=1e-9
    )
    assert all_narrow.footprint.weights < found.footprint.weights
    assert any("published with its experts in mxfp4" in note for note in published.notes)


@pytest.mark.parametrize("spec", FAMILIES, ids=lambda spec: spec.name)
def test_what_must_move_moves(spec):
    for phase in Phase:
        found = answer(spec, phase=phase)
        assert found.useful_traffic <= found.traffic
        assert found.model_flops <= found.flops * (1 + 1e-12)


@pytest.mark.parametrize("spec", FAMILIES, ids=lambda spec: spec.name)
def test_memory_holds_every_weight(spec):
    memory = answer(spec).footprint
    assert memory.weights == pytest.approx(2 * PUBLISHED[spec.name], rel=1e-12)


def test_a_step_reads_the_experts_that_it_asks_for():
    one, many = answer(MIXTURE, batch=1.0), answer(MIXTURE, batch=512.0)
    expert = 3 * 4096 * 14_336 * 2 * 32
    unread = one.footprint.weights - (one.useful_traffic - one.footprint.cache)
    assert unread == pytest.approx(6 * expert + 32_000 * 4096 * 2, rel=1e-3)
    assert many.useful_traffic - many.footprint.cache < many.footprint.weights
    assert one.footprint.weights == many.footprint.weights


@pytest.mark.parametrize("chip", ["h100-sxm", "b200-sxm"])
def test_a_large_batch_of_a_small_model_does_not_beat_the_tensor_cores(chip):
    found = answer(LLAMA, chip=chip, batch=4096.0, context_len=64.0)
    assert 0.3 < found.mfu <= 1.0


@given(
    st.sampled_from(FAMILIES),
    st.sampled_from(list(Phase)),
    st.integers(1, 4096),
    st.integers(1, 32_768),
)
@LAW
def test_no_family_beats_the_datasheet(spec, phase, batch, context):
    found = answer(spec, phase=phase, batch=float(batch), context_len=float(context))
    assert found.mfu <= 1.0
    assert found.mbu_raw <= 1.0


@given(st.sampled_from(FAMILIES), st.integers(1, 512), st.integers(2, 16_384))
@LAW
def test_a_longer_context_or_a_larger_batch_never_moves_less(spec, batch, context):
    asked = {"batch": float(batch), "context_len": float(context)}
    base = answer(spec, **asked)
    longer = answer(spec, **asked | {"context_len": context + 1.0})
    wider = answer(spec, **asked | {"batch": batch + 1.0})
    for more in (longer, wider):
        assert more.traffic >= base.traffic
        assert more.footprint.total >= base.footprint.total


@pytest.mark.parametrize("spec", FAMILIES, ids=lambda spec: spec.name)
def test_a_sweep_equals_its_scalars(spec):
    batches, contexts = np.array([1.0, 16.0, 300.0]), np.array([100.0, 9000.0, 777.0])
    for phase in Phase:
        swept = answer(spec, phase=phase, batch=batches, context_len=contexts)
        for place in range(3):
            asked = {"batch": float(batches[place]), "context_len": float(contexts[place])}
            alone = answer(spec, phase=phase, **asked)
            for name in ("step", "traffic", "flops", "useful_traffic", "model_flops", "mfu"):
                assert np.broadcast_to(getattr(swept, name), 3)[place] == getattr(alone, name), name


def test_latent_attention_says_that_it_is_borrowed():
    for phase in Phase:
        found = answer(LATENT, phase=phase, tensor_parallel=8)
        costs = [entry.cost for entry in found.launches if entry.cost.family is Family.LATENT]
        assert costs
        assert {cost.evidence for cost in costs} == {Evidence.BORROWED}


def test_latent_attention_reads_its_cache_at_memory_speed_not_on_the_fallback():
    found = answer(LATENT, batch=64.0, context_len=8192.0, tensor_parallel=8)
    cost = next(e.cost for e in found.launches if e.cost.kernel.name == "flash_attention")
    assert cost.terms.total < 2.0 * cost.ideal.overlapped + 5e-6


def test_the_cache_is_read_once_where_attention_is_fused():
    for spec in FAMILIES:
        assert cache_traffic(answer(spec)).amplification == pytest.approx(1.0, rel=1e-9), spec.name


def test_a_window_makes_a_long_context_quicker():
    full = replace(WINDOWED, windowed_layers=0)
    for phase in Phase:
        asked = {"phase": phase, "context_len": 65_536.0, "batch": 2.0}
        assert answer(WINDOWED, **asked).step < answer(full, **asked).step
        assert answer(WINDOWED, **asked).footprint.cache < answer(full, **asked).footprint.cache


def test_experts_on_one_chip_each_do_all_the_work_between_them():
    whole = answer(FINE, batch=64.0)
    for layout in ({"expert_parallel": 8}, {"expert_parallel": 8, "tensor_parallel": 8}):
        part = answer(FINE, batch=64.0, **layout)
        work = [
            sum(e.flops for e in found.launches if e.cost.family is Family.EXPERTS)
            for found in (whole, part)
        ]
        fullest = hottest_rows(Law(EVEN, 128, 8, 8), 64.0) / 64.0  # over the mean of 64 rows
        assert work[1] * 8 == pytest.approx(fullest * work[0], rel=1e-12)
        assert part.model_flops * 8 == pytest.approx(whole.model_flops, rel=1e-12)


def test_an_exchange_of_tokens_takes_the_links():
    found = answer(FINE, batch=64.0, expert_parallel=8)
    moved = [e for e in found.launches if e.cost.kernel.name in ("dispatch", "combine")]
    assert [entry.launches for entry in moved] == [48, 48]
    rows = hottest_rows(Law(EVEN, 128, 8, 8), 64.0)  # more than the 8 · 8 that it sends
    volume = 7 / 8 * rows * 2048 * 2  # seven eighths come from elsewhere
    for entry in moved:
        assert entry.cost.ideal.link == pytest.approx(volume / 450e9, rel=1e-12)
        assert entry.cost.terms.link >= entry.cost.ideal.link


def test_stages_hold_their_layers_and_pass_every_token_on():
    whole, split = answer(LLAMA), answer(LLAMA, pipeline_parallel=4)
    tables = 128_256 * 4096 * 2
    layers = whole.footprint.weights - 2 * tables - 4096 * 2  # and the first norm
    assert split.footprint.weights == layers / 4 + tables
    assert split.footprint.cache == whole.footprint.cache / 4
    assert split.useful_traffic == pytest.approx(whole.useful_traffic, rel=1e-12)
    sends = [e for e in split.launches if e.cost.kernel.name == "send"]
    assert [entry.launches for entry in sends] == [3]
    assert split.step == pytest.approx(whole.step + float(sends[0].time), rel=1e-9)


@pytest.mark.parametrize("dtype", [Dtype.INT4, Dtype.MXFP4])
def test_narrow_weights_are_computed_in_bf16_where_there_is_nothing_narrower(dtype):
    wide, narrow = answer(MIXTURE), answer(MIXTURE, weights=dtype)
    assert narrow.peak == wide.peak
    assert narrow.footprint.weights < 0.35 * wide.footprint.weights
    assert narrow.step < wide.step
    gemms = [e.cost for e in narrow.launches if e.cost.kernel.name in ("qkv_proj", "lm_head")]
    assert [cost.evidence for cost in gemms] == [Evidence.BORROWED, Evidence.MEASURED]


@pytest.mark.parametrize(
    ("chip", "dtype"),
    [*itertools.product(("h100-sxm", "b200-sxm"), (Dtype.INT8, Dtype.INT4, Dtype.MXFP4))],
)
def test_a_format_that_borrows_has_an_interval_around_its_time(chip, dtype):
    found = answer(MIXTURE, chip=chip, weights=dtype)
    borrowed = [row for row in kernel_rows(found) if row.name in ("qkv_proj", "experts")]
    assert len(borrowed) == 2
    for row in borrowed:
        assert row.evidence is Evidence.BORROWED
        assert 0.5 < row.span.low < 1.0 < row.span.high < 2.0, row.name


def test_experts_in_blocks_borrow_from_plain_fp8_where_only_that_was_measured():
    found = answer(MIXTURE, chip="l40s", weights=Dtype.FP8_BLOCK)
    experts = next(e.cost for e in found.launches if e.cost.family is Family.EXPERTS)
    plain = answer(MIXTURE, chip="l40s", weights=Dtype.FP8)
    lent = next(e.cost for e in plain.launches if e.cost.family is Family.EXPERTS)
    assert (experts.evidence, lent.evidence) == (Evidence.BORROWED, Evidence.MEASURED)
    assert experts.terms.total == lent.terms.total
