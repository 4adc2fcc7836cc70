"""The diagnosis: the crisis, sums, sweeps, dispatch, and what never happens."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ironlaw.cost.family import Family
from ironlaw.cost.kernel import Evidence
from ironlaw.registry.dtypes import Dtype
from ironlaw.rewrites.levels import FusionLevel
from ironlaw.system.diagnosis import diagnose, dispatch_time
from ironlaw.system.question import scenario
from ironlaw.system.table import kernel_rows, step_terms
from silicon_names import CALIBRATED

LAW = settings(deadline=None, derandomize=True, max_examples=60)
PHASES = ("prefill", "decode")
FUSIONS = tuple(level.value for level in FusionLevel)


def answer(model="llama-3-70b", chip="h100-sxm", **asked):
    return diagnose(scenario(model, chip, **asked))


CRISIS = answer(batch=16, context=8192, tp=8, fusion="partial")
BASELINE = answer(chip="a100-80gb-sxm", batch=16, context=8192, tp=8, fusion="full")


def test_the_crisis_is_computed():
    assert CRISIS.step == pytest.approx(41.7e-3, rel=0.15)
    assert CRISIS.cache_share == pytest.approx(0.77, abs=0.05)
    assert CRISIS.mbu_raw == pytest.approx(0.75, abs=0.05)
    assert CRISIS.mbu_useful == pytest.approx(0.15, abs=0.02)


def test_the_old_node_serves_twice_as_much():
    assert BASELINE.step == pytest.approx(21.2e-3, rel=0.15)
    ratio = CRISIS.tokens_per_second / BASELINE.tokens_per_second
    assert ratio == pytest.approx(0.508, rel=0.15)


def test_flash_attention_resolves_it():
    fused = answer(batch=32, context=4096, tp=8, fusion="full")
    assert fused.step == pytest.approx(12.2e-3, rel=0.15)
    assert fused.n_kernels == 645


@pytest.mark.parametrize("model", ["llama-3-70b", "llama-3-8b"])
@pytest.mark.parametrize("fusion", FUSIONS)
@pytest.mark.parametrize("phase", PHASES)
@pytest.mark.parametrize("tp", [1, 2, 4, 8])
@pytest.mark.parametrize("batch", [1, 16, 64])
def test_the_kernel_table_adds_up(model, fusion, phase, tp, batch):
    found = answer(model, batch=batch, context=2048, tp=tp, phase=phase, fusion=fusion)
    rows = kernel_rows(found)
    assert sum(row.time for row in rows) == pytest.approx(float(found.step), rel=1e-12)
    assert sum(row.share for row in rows) == pytest.approx(1.0, rel=1e-12)
    assert sum(row.flops for row in rows) == pytest.approx(float(found.flops), rel=1e-12)
    assert sum(row.traffic for row in rows) == pytest.approx(float(found.traffic), rel=1e-12)
    for row in rows:
        assert float(row.terms.total) == pytest.approx(row.time, rel=1e-12), row.name
    assert sum(row.count for row in rows) == found.n_kernels
    parts = step_terms(rows)
    split = parts.memory + parts.compute + parts.link + parts.launch + parts.dispatch
    assert split == pytest.approx(float(found.step), rel=1e-12)


@given(
    st.sampled_from(CALIBRATED),
    st.sampled_from(["llama-3-70b", "llama-3-8b"]),
    st.sampled_from(PHASES),
    st.sampled_from(FUSIONS),
    st.sampled_from([1, 2, 4, 8]),
    st.tuples(st.integers(1, 4096), st.integers(1, 131_072)),
    st.sampled_from([("bf16", "bf16"), ("fp8", "bf16"), ("fp8", "fp8"), ("nvfp4", "fp8")]),
)
@settings(LAW, max_examples=150)
def test_utilisations_are_fractions(chip, model, phase, fusion, tp, sizes, formats):
    batch, context = sizes
    dtype, kv_dtype = formats
    found = answer(
        model,
        chip,
        phase=phase,
        fusion=fusion,
        tp=tp,
        batch=batch,
        context=context,
        dtype=dtype,
        kv_dtype=kv_dtype,
    )
    assert 0.0 < found.mfu <= 1.0
    assert 0.0 < found.mbu_raw <= 1.0
    assert 0.0 < found.mbu_useful <= found.mbu_raw
    assert 0.0 < found.cache_share < 1.0


@given(
    st.sampled_from(CALIBRATED),
    st.sampled_from(PHASES),
    st.sampled_from(FUSIONS),
    st.lists(st.tuples(st.integers(1, 512), st.integers(1, 8192)), min_size=1, max_size=5),
)
@settings(LAW, max_examples=30)
def test_a_sweep_equals_its_scalars(chip, phase, fusion, sizes):
    batches, contexts = (np.array(values, dtype=float) for values in zip(*sizes, strict=True))
    asked = {"chip": chip, "tp": 8, "phase": phase, "fusion": fusion}
    swept = answer(batch=batches, context=contexts, **asked)
    alone = [answer(batch=float(b), context=float(c), **asked) for b, c in sizes]
    for name in (
        "step",
        "mfu",
        "mbu_raw",
        "mbu_useful",
        "traffic",
        "flops",
        "cache_share",
        "tokens_per_second",
        "spare",
    ):
        assert getattr(swept, name).tolist() == [float(getattr(one, name)) for one in alone], name
    totals = np.broadcast_to(swept.footprint.total, len(sizes)).tolist()
    assert totals == [float(one.footprint.total) for one in alone]


def test_a_sweep_is_a_grid():
    batches, contexts = np.array([[1.0], [16.0]]), np.array([[512.0, 1024.0, 8192.0]])
    swept = answer(batch=batches, context=contexts, tp=8)
    assert swept.step.shape == (2, 3)
    assert swept.step[1, 2] == answer(batch=16, context=8192, tp=8).step


def test_whole_numbers_and_floats_are_the_same_question():
    whole = answer(batch=np.array([64, 256]), context=np.array([8192, 8192]), tp=8, phase="prefill")
    assert whole.step.tolist() == [
        answer(batch=float(b), context=8192.0, tp=8, phase="prefill").step for b in (64, 256)
    ]


def test_eager_python_cannot_keep_one_sequence_busy():
    found = answer(batch=1, context=4096, tp=8, fusion="none")
    # 4013 launches of 6 us take longer than their kernels
    assert found.n_kernels == 4013
    assert found.step == pytest.approx(4013 * 6e-6)
    assert found.exposed_dispatch == pytest.approx(found.step - found.kernel_time)
    assert found.exposed_dispatch > 0.0
    rows = kernel_rows(found)
    assert (rows[-1].layer, rows[-1].count) == ("dispatch", 0)
    assert sum(row.time for row in rows) == pytest.approx(found.step, rel=1e-12)
    assert step_terms(rows).dispatch == found.exposed_dispatch


@pytest.mark.parametrize("fusion", FUSIONS)
def test_a_captured_graph_waits_for_no_host(fusion):
    found = answer(batch=1, context=128, tp=8, fusion=fusion, launch="graph")
    assert found.exposed_dispatch == 0.0
    assert dispatch_time(found.scenario.chip, found.scenario.launch) == 0.0


@given(st.sampled_from(FUSIONS), st.integers(1, 64), st.sampled_from(PHASES))
@settings(LAW, max_examples=20)
def test_a_host_never_makes_a_step_faster(fusion, batch, phase):
    steps = [
        float(
            answer(
                "llama-3-8b", batch=batch, context=256, phase=phase, fusion=fusion, launch=m
            ).step
        )
        for m in ("graph", "stream", "eager")
    ]
    kernels = answer(
        "llama-3-8b", batch=batch, context=256, phase=phase, fusion=fusion, launch="stream"
    )
    assert steps[1] >= float(kernels.kernel_time)
    assert steps[2] >= steps[1]


def test_useful_traffic_is_weights_and_cache_once():
    found = answer(batch=16, context=8192, tp=1, fusion="full")
    # all parameters but the embedding table, of which 16 rows are read; 327,680 B a cached token
    weights = 2 * (70_553_706_496 - 128_256 * 8192) + 16 * 8192 * 2
    assert found.useful_traffic == weights + 327_680 * 16 * 8192


@pytest.mark.parametrize("phase", PHASES)
@pytest.mark.parametrize("fusion", FUSIONS)
def test_fewer_bytes_a_weight_are_never_slower_in_a_small_decode(fusion, phase):
    full, block = (
        answer(batch=16, context=4096, tp=8, phase=phase, fusion=fusion, dtype=d)
        for d in ("bf16", "fp8-block")
    )
    quantise = [x.traffic for x in block.launches if x.cost.family is Family.QUANTISE]
    assert quantise  # of long prompts it moves more than narrow weights save
    assert block.traffic - sum(quantise) < full.traffic
    assert block.footprint.weights < full.footprint.weights
    if phase == "decode":
        assert block.traffic < full.traffic
        assert block.step < full.step


def test_peak_follows_the_format_of_the_weights():
    assert answer(dtype="fp8").peak == 1978.9e12
    assert answer(dtype="bf16").peak == 989.4e12


@pytest.mark.parametrize("fusion", FUSIONS)
def test_attention_alone_touches_the_cache(fusion):
    found = answer(batch=4, context=512, tp=8, fusion=fusion)
    touching = {
        x.cost.kernel.border.layer for x in found.launches if x.cost.kernel.border.touches_cache
    }
    assert "attention" in touching
    assert not touching & {"qkv", "feed-forward up", "feed-forward down", "lm head", "norm"}


def test_without_a_calibration_nothing_claims_to_be_measured():
    bare = diagnose(replace(CRISIS.scenario, calibration=None))
    families = {launch.cost.family.value: launch.cost.evidence for launch in bare.launches}
    assert families["GEMM"] is Evidence.ROOFLINE
    assert families["collective"] is Evidence.ROOFLINE
    assert bare.step < CRISIS.step


def test_weights_in_a_format_without_measurements_are_said_to_be():
    known = CRISIS.scenario.calibration
    partial = replace(known, gemm={Dtype.BF16: known.gemm[Dtype.BF16]})
    found = diagnose(replace(CRISIS.scenario, weights=Dtype.FP8, calibration=partial))
    quantised = [x for x in found.launches if x.cost.kernel.name == "down_proj"]
    assert [launch.cost.evidence for launch in quantised] == [Evidence.ROOFLINE]
