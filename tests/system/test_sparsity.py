"""A step with sparse matrices: where it gains, by how much, and where it does nothing."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ironlaw.base.errors import DomainError
from ironlaw.cost.kernel import Evidence
from ironlaw.registry.chips import chip_names, load_chip
from ironlaw.registry.dtypes import Dtype
from ironlaw.registry.networks import network_names
from ironlaw.registry.sparsity import sparsity_sheet, two_four_range
from ironlaw.system.diagnosis import diagnose
from ironlaw.system.pruning import crossing_share, pruning_of
from ironlaw.system.question import load_decoder, scenario
from ironlaw.system.sparsity import sparsified, sparsify
from refresh_sparsity import LAYERS, gemm_cost

MOST_BY_BYTES = 1.0 / 0.5625
LLAMA = "llama-3-8b"


@lru_cache(maxsize=128)
def found(model=LLAMA, chip="h100-sxm", **ask):
    return sparsified(model, chip, **ask)


@pytest.mark.parametrize("layer", LAYERS)
def test_the_layers_of_the_paper_on_its_chip(layer):
    _, columns, depth = LAYERS[layer]
    dense, sparse = (
        float(gemm_cost("a100-80gb-sxm", (2048.0, columns, depth), s).terms.total)
        for s in (None, "2:4")
    )
    low, high = two_four_range(Dtype.BF16)
    assert low <= dense / sparse <= high
    published = sparsity_sheet().number(f"two_four.{layer}")
    assert dense / sparse == pytest.approx(published, rel=0.09)


@given(st.sampled_from([1.0, 4.0, 16.0]), st.integers(8, 64), st.integers(8, 64))
@settings(max_examples=20, deadline=None)
def test_a_gemm_that_memory_binds_gains_by_its_bytes_at_most(rows, columns, depth):
    dense, sparse = (
        gemm_cost("h100-sxm", (rows, 128.0 * columns, 128.0 * depth), s).terms
        for s in (None, "2:4")
    )
    assert 1.0 <= float(dense.total) / float(sparse.total) <= MOST_BY_BYTES


@pytest.mark.parametrize("chip", ["h100-sxm", "a100-80gb-sxm"])
@pytest.mark.parametrize("ask", [{}, {"batch": 64}, {"phase": "prefill"}], ids=str)
def test_a_whole_model_gains_less_than_its_matrices(chip, ask):
    step = found(chip=chip, sparsity="2:4", **ask)
    assert 1.0 < float(step.speedup) < MOST_BY_BYTES
    assert float(step.speedup_low) <= float(step.speedup) <= float(step.speedup_high)
    assert float(step.weights_ratio) < 0.63


def test_only_arithmetic_reads_the_range_of_the_kernels():
    decode, prefill = found(sparsity="2:4"), found(sparsity="2:4", phase="prefill")
    assert decode.speedup_low == pytest.approx(float(decode.speedup_high), rel=1e-3)
    assert float(prefill.speedup_high) > 1.1 * float(prefill.speedup_low)
    assert (decode.bound, prefill.bound) == ("memory", "compute")


def test_a_batch_spends_the_gain_on_the_cache():
    gains = [float(found(sparsity="2:4", batch=b).speedup) for b in (1, 16, 64, 256)]
    assert gains == sorted(gains, reverse=True)
    assert gains[-1] < 1.1


def test_half_of_the_values_give_no_time_on_tensor_cores():
    step = found(sparsity="unstructured:0.5", phase="prefill")
    assert step.speedup == pytest.approx(1.0, abs=1e-3)
    assert step.flops_ratio == 1.0
    assert float(step.weights_ratio) < 0.65


def test_the_vector_units_win_above_nine_tenths():
    for chip in ("a100-80gb-sxm", "h100-sxm"):
        crossing = crossing_share(load_chip(chip), Dtype.BF16)
        assert 0.9 < crossing < 0.95
        below, above = (
            found(chip=chip, sparsity=f"unstructured:{share}", phase="prefill")
            for share in (crossing - 0.01, crossing + 0.02)
        )
        assert below.speedup == pytest.approx(1.0, abs=1e-3)
        assert float(above.speedup) > 1.05
        assert float(above.flops_ratio) < 0.2


def test_where_no_matrix_units_are_every_zero_is_skipped():
    chip = load_chip("raspberry-pi-5")
    assert crossing_share(chip, Dtype.FP32) == 0.0


def test_at_the_crossing_both_units_are_equal():
    chip = load_chip("a100-80gb-sxm")
    crossing = crossing_share(chip, Dtype.BF16)
    pruning = pruning_of(
        f"unstructured:{crossing + 1e-9}", load_decoder(LLAMA), chip, (Dtype.BF16,)
    )
    assert pruning.units[0].rate == pytest.approx(1.0, rel=1e-6)


def test_blocks_of_tiles_skip_and_others_hardly_do():
    aligned, smaller, shifted = (
        float(found(sparsity=f"block:0.5@{block}", phase="prefill").speedup)
        for block in ("128x128", "64x64", "96x96")
    )
    assert aligned > smaller > shifted > 1.0
    assert found(sparsity="block:0.5@16x16", phase="prefill").speedup == pytest.approx(
        1.0, abs=1e-3
    )


def test_a_tile_of_ones_own_decides_what_is_aligned():
    narrow = sparsified(
        LLAMA, "h100-sxm", phase="prefill", tile="128x64", sparsity="block:0.5@64x64"
    )
    wide = sparsified(LLAMA, "h100-sxm", phase="prefill", tile="64x256", sparsity="block:0.5@64x64")
    assert narrow.flops_ratio < wide.flops_ratio


def test_contextual_sparsity_halves_the_time_of_one_sequence_and_no_batch():
    published = sparsity_sheet().number("predictor.speedup")
    gains = [float(found(sparsity="contextual:0.9", batch=b).speedup) for b in (1, 4, 16, 64)]
    assert gains[0] == pytest.approx(published, rel=0.1)
    assert gains == sorted(gains, reverse=True)
    assert gains[-1] < 1.0  # the predictor is all that is left
    assert float(found(sparsity="contextual:0.9").weights_ratio) > 1.0


def test_a_prompt_needs_every_neuron():
    assert float(found(sparsity="contextual:0.9", phase="prefill").speedup) < 1.0


@pytest.mark.parametrize("dtype", ["int8", "fp16"])
def test_the_detector_of_the_car(dtype):
    step = found("pointpillars", "jetson-agx-orin", dtype=dtype, sparsity="2:4")
    assert 1.1 < float(step.speedup) < 1.67
    assert float(step.traffic_ratio) > 0.97  # activations are what it moves
    assert float(step.joules_ratio) < 1.0


@pytest.mark.parametrize(
    ("chip", "ask", "said"),
    [
        ("v100-sxm2", {}, "no sparse units"),
        ("t4", {}, "no sparse units"),
        ("raspberry-pi-5", {}, "no sparse units"),
        ("h100-sxm", {"dtype": "fp8-block"}, "compute in tf32, fp16, bf16, fp8, int8"),
    ],
)
def test_two_of_four_needs_sparse_units(chip, ask, said):
    with pytest.raises(DomainError, match=said):
        scenario(LLAMA, chip, sparsity="2:4", **ask)


@pytest.mark.parametrize("model", ["resnet-50", "mixtral-8x22b"])
def test_contextual_sparsity_needs_dense_feed_forward_networks(model):
    with pytest.raises(DomainError, match=f"what {model} has"):
        scenario(model, "h100-sxm", sparsity="contextual:0.9")


def test_no_sparsity_is_no_comparison():
    with pytest.raises(DomainError, match="leaves something out"):
        sparsify(scenario(LLAMA, "h100-sxm"))


@pytest.mark.parametrize("model", [LLAMA, "pointpillars"])
def test_a_share_of_nothing_is_the_dense_step(model):
    dense, none = (
        diagnose(scenario(model, "h100-sxm", **ask)) for ask in ({}, {"sparsity": "block:0@64x64"})
    )
    assert (none.step, none.flops, none.traffic) == (dense.step, dense.flops, dense.traffic)
    assert none.scenario.notes == dense.scenario.notes


def test_experts_are_sparse_too():
    step = found("mixtral-8x22b", sparsity="2:4", tp=8)
    assert float(step.weights_ratio) == pytest.approx(0.5625, abs=0.01)
    assert float(step.speedup) > 1.1


def test_a_sparse_kernel_borrows_the_form_of_the_dense_one():
    cost = gemm_cost("h100-sxm", (256.0, 4096.0, 4096.0), "2:4")
    assert cost.evidence is Evidence.BORROWED
    dense = gemm_cost("h100-sxm", (256.0, 4096.0, 4096.0), None)
    assert dense.evidence is Evidence.MEASURED
    assert float(cost.ideal.compute) == pytest.approx(float(dense.ideal.compute) / 1.67)


def test_what_is_skipped_is_not_asked_of_the_model():
    step = found(sparsity="2:4", phase="prefill")
    missing = float(step.dense.model_flops - step.sparse.model_flops)
    assert missing == pytest.approx(float(step.dense.flops - step.sparse.flops), rel=1e-6)
    assert float(step.sparse.mfu) < 1.0


def test_a_set_of_ones_own_is_sparse_too():
    asked = scenario(LLAMA, "h100-sxm", sparsity="2:4", fusions=())
    level = scenario(LLAMA, "h100-sxm", sparsity="2:4", fusion="none")
    own, same = diagnose(asked), diagnose(replace(level, launch=asked.launch))
    assert own.model_flops == pytest.approx(float(same.model_flops), rel=1e-9)
    assert own.footprint.weights == same.footprint.weights


@pytest.mark.parametrize("sparsity", ["2:4", "contextual:0.9", "unstructured:0.95"])
def test_a_sweep_has_the_digits_of_its_points(sparsity):
    np = pytest.importorskip("numpy")
    batches = np.array([1.0, 8.0, 64.0])
    many = diagnose(scenario(LLAMA, "h100-sxm", batch=batches, sparsity=sparsity)).step
    each = [
        float(diagnose(scenario(LLAMA, "h100-sxm", batch=b, sparsity=sparsity)).step)
        for b in batches
    ]
    assert list(many) == each


def test_notes_say_what_is_assumed():
    for sparsity, said in (
        ("2:4", "1.54 to 1.79"),
        ("unstructured:0.5", "93.2%"),
        ("unstructured:0.95", "vector units"),
        ("block:0.5@64x64", "25.00% of the tiles"),
        ("contextual:0.9", "a predictor"),
    ):
        notes = " ".join(scenario(LLAMA, "h100-sxm", sparsity=sparsity).notes)
        assert said in notes
        assert "accuracy is not modelled" in notes


def test_a_recurrent_network_says_that_it_stays_dense():
    notes = " ".join(scenario("tinylstm", "h100-sxm", sparsity="unstructured:0.5").notes)
    assert "recurrent layers stay dense" in notes


def test_only_formats_that_a_step_has_are_said():
    notes = " ".join(scenario(LLAMA, "h100-sxm", dtype="fp8", sparsity="2:4").notes)
    assert "1.22 times as fast" in notes
    wide = scenario(LLAMA, "h100-sxm", dtype="fp8", activations="bf16", sparsity="2:4")
    assert "1.22/1.67 times as fast" in " ".join(wide.notes)
    assert float(diagnose(wide).step) > 0.0
    assert float(found("gpt-oss-120b", tp=8, sparsity="2:4").weights_ratio) > 0.5625


@pytest.mark.parametrize("chip", chip_names())
def test_every_chip_answers_or_says_why_not(chip):
    for sparsity in ("unstructured:0.5", "unstructured:0.95", "block:0.5@128x64", "contextual:0.9"):
        step = sparsified("llama-3-8b", chip, sparsity=sparsity, context=256)
        assert 0.5 < float(step.speedup) < 20.0
        assert float(step.traffic_ratio) < 1.0
    if load_chip(chip).sparse_peaks:
        assert float(sparsified("llama-3-8b", chip, sparsity="2:4", context=256).speedup) > 1.0
    else:
        with pytest.raises(DomainError, match="no sparse units"):
            scenario("llama-3-8b", chip, sparsity="2:4", context=256)


@pytest.mark.parametrize("network", network_names())
@pytest.mark.parametrize("chip", ["jetson-agx-orin", "h100-sxm", "t4", "raspberry-pi-5"])
def test_every_network_answers(network, chip):
    for sparsity in ("unstructured:0.5", "block:0.5@128x64"):
        step = sparsified(network, chip, sparsity=sparsity)
        assert 0.99 < float(step.speedup) < 3.0
        assert float(step.weights_ratio) <= 1.0
