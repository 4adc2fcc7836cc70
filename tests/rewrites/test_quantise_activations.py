"""Quantise operators stand once before what reads them, and take no time that was not in the GEMM before."""

from __future__ import annotations

import random
from dataclasses import replace

import numpy as np
import pytest

from ironlaw.base.errors import DomainError
from ironlaw.cost.benchmark import gemm_benchmark
from ironlaw.cost.family import Family
from ironlaw.registry.calibration import load_calibration
from ironlaw.registry.dtypes import Dtype
from ironlaw.rewrites.precision import quantise_activations, quantise_cache, quantise_weights
from ironlaw.system.diagnosis import diagnose
from ironlaw.system.formats import Activations
from ironlaw.system.question import load_decoder, scenario
from ironlaw.workload.decoder import decoder_blocks
from ironlaw.workload.graph import GemmShape
from ironlaw.workload.kernels import kernels
from ironlaw.workload.spec import Phase, Request

SPEC = load_decoder("llama-3-70b")
RNG = random.Random(4)  # noqa: S311 - sizes of tests
SIZES = [(float(RNG.randint(1, 300)), float(RNG.randint(1, 20000))) for _ in range(6)]


def layer(batch: float = 4.0, context: float = 1024.0):
    request = Request(phase=Phase.DECODE, batch=batch, context_len=context, tensor_parallel=8)
    return decoder_blocks(SPEC, request)[1].graph


def ask(chip="b200-sxm", **more):
    return scenario("llama-3-70b", chip, **{"tp": 8, "dtype": "fp8", **more})


@pytest.mark.parametrize(("dtype", "each"), [(Dtype.FP8, 2), (Dtype.NVFP4, 1), (Dtype.INT4, 0)])
def test_each_tensor_is_quantised_once(dtype, each):
    graph = quantise_activations(quantise_weights(layer(), dtype))
    added = [name for name in graph.operators if name not in layer().operators]
    assert len(added) == 4 * each  # what q, k, v read; o; gate and up; down
    assert len(set(added)) == len(added)


@pytest.mark.parametrize(("batch", "context"), SIZES)
@pytest.mark.parametrize("dtype", [Dtype.FP8, Dtype.FP8_BLOCK, Dtype.NVFP4])
def test_gemms_read_less_and_do_the_same(batch, context, dtype):
    before = quantise_weights(layer(batch, context), dtype)
    after = quantise_activations(before)
    for name, old in before.operators.items():
        new = after.operators[name]
        assert new.flops == old.flops
        assert sum(new.reads.values()) <= sum(old.reads.values())
        assert new.writes == old.writes
    for name in ("q_proj", "k_proj", "v_proj"):
        assert next(iter(after.operators[name].reads)) == "x_normed.quantised"


def test_a_second_time_changes_nothing():
    once = quantise_activations(quantise_weights(layer(), Dtype.FP8))
    assert quantise_activations(once) is once
    plain = layer()
    assert quantise_activations(plain) is plain


def test_cache_before_or_after_is_the_same():
    narrow = quantise_weights(layer(), Dtype.FP8)
    one = kernels(quantise_cache(quantise_activations(narrow), Dtype.FP8))
    other = kernels(quantise_activations(quantise_cache(narrow, Dtype.FP8)))
    assert [(k.name, k.flops, k.traffic) for k in one] == [
        (k.name, k.flops, k.traffic) for k in other
    ]


@pytest.mark.parametrize("dtype", ["fp8", "fp8-block", "nvfp4"])
@pytest.mark.parametrize("launch", ["graph", "eager"])
@pytest.mark.parametrize("phase", ["decode", "prefill"])
def test_apart_or_inside_the_fused_step_takes_the_same(dtype, launch, phase):
    asked = ask(dtype=dtype, launch=launch, phase=phase, batch=7, context=1500)
    inside = diagnose(replace(asked, activations=Activations.INSIDE))
    apart = diagnose(asked)
    assert apart.n_kernels > inside.n_kernels
    assert apart.kernel_time == pytest.approx(inside.kernel_time, rel=1e-12)


def test_eager_projections_share_one_pass():
    asked = ask(fusion="none", batch=8)
    inside = diagnose(replace(asked, activations=Activations.INSIDE))
    assert diagnose(asked).kernel_time < inside.kernel_time


def test_arrays_answer_as_numbers_do():
    batches = np.array([1.0, 16.0, 700.0])
    together = diagnose(ask(batch=batches)).kernel_time
    for batch, time in zip(batches, together, strict=True):
        assert diagnose(ask(batch=float(batch))).kernel_time == pytest.approx(time, rel=1e-12)


def test_the_kernel_table_shows_them():
    launches = diagnose(ask()).launches
    shown = [x for x in launches if x.cost.family is Family.QUANTISE]
    assert [x.cost.kernel.name.rpartition(".")[2] for x in shown] == ["amax", "quantise"] * 4
    for entry in shown:
        assert entry.cost.terms.total >= entry.cost.ideal.memory > 0.0


def test_weights_that_are_widened_quantise_nothing():
    wide = diagnose(ask(activations="bf16", phase="prefill"))
    assert not [x for x in wide.launches if x.cost.family is Family.QUANTISE]
    assert wide.peak == wide.scenario.chip.peak(Dtype.BF16)
    narrow = diagnose(ask(phase="prefill"))
    assert wide.kernel_time > narrow.kernel_time  # compute-bound: fp8 units are faster
    assert wide.footprint.weights == narrow.footprint.weights


def test_unknown_activations_are_refused():
    with pytest.raises(DomainError, match=r"activations.*auto, bf16"):
        ask(activations="fp8")


@pytest.mark.parametrize(("chip", "ratio"), [("b200-sxm", 0.49), ("h100-sxm", 0.74)])
def test_dynamic_fp8_is_slower_than_bf16_for_decode(chip, ratio):
    """Median of bf16 over fp8 time of weights of 4 to 40 million elements and at most 16 rows."""
    found = []
    known = load_calibration(chip)
    for m in (1.0, 4.0, 16.0):
        for n, k in ((1280.0, 8192.0), (4096.0, 4096.0), (2048.0, 2048.0), (8192.0, 3584.0)):
            times = [
                gemm_benchmark(
                    GemmShape(m, n, k, dtype),
                    constants=known.gemm[dtype],
                    rates=known.reference,
                ).total
                for dtype in (Dtype.BF16, Dtype.FP8)
            ]
            found.append(times[0] / times[1])
    assert np.median(found) == pytest.approx(ratio, abs=0.1)


@pytest.mark.parametrize("chip", ["b200-sxm", "h100-sxm"])
def test_an_eager_decode_step_shows_it(chip):
    asked = {"fusion": "none", "batch": 8, "context": 1024}
    fp8 = diagnose(ask(chip, **asked))
    bf16 = diagnose(ask(chip, dtype="bf16", **asked))
    assert fp8.step > bf16.step
    times = []
    for answer in (fp8, bf16):
        wanted = ("attended.amax", "attended.quantise", "o_proj")
        found = [x.time for x in answer.launches if x.cost.kernel.name in wanted]
        times.append((len(found), sum(found)))
    assert [count for count, _ in times] == [3, 1]
    assert times[0][1] > 1.2 * times[1][1]


def test_nvfp4_is_not_four_times_bf16():
    known = load_calibration("b200-sxm")
    for m, n, k in ((8192.0, 8192.0, 8192.0), (4096.0, 16384.0, 8192.0)):
        bf16, nvfp4 = (
            gemm_benchmark(
                GemmShape(m, n, k, dtype), constants=known.gemm[dtype], rates=known.reference
            ).total
            for dtype in (Dtype.BF16, Dtype.NVFP4)
        )
        assert 2.4 <= bf16 / nvfp4 <= 2.8


@pytest.mark.parametrize(("chip", "dtype"), [("a100-80gb-sxm", "fp8"), ("h100-sxm", "nvfp4")])
def test_a_format_that_the_chip_lacks_is_replaced_aloud(chip, dtype):
    asked = ask(chip, dtype=dtype)
    assert any(dtype in note for note in asked.notes)
    assert not [x for x in diagnose(asked).launches if x.cost.family is Family.QUANTISE]
