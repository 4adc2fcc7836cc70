"""The cost of a kernel: its family, its bounds, and the roofline where nothing was measured."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ironlaw.cost.collective import collective_terms
from ironlaw.cost.family import Family, family_of, link_volume
from ironlaw.cost.kernel import Evidence, kernel_cost
from ironlaw.cost.machine import Machine
from ironlaw.registry.calibration import load_calibration, scaled_calibration
from ironlaw.registry.chips import load_chip, scaled_chip
from ironlaw.registry.dtypes import Dtype
from ironlaw.rewrites.levels import FusionLevel, at_level
from ironlaw.rewrites.precision import quantise_cache, quantise_weights
from ironlaw.system.question import load_decoder
from ironlaw.workload.decoder import decoder_blocks
from ironlaw.workload.graph import Block
from ironlaw.workload.kernels import kernels
from ironlaw.workload.spec import Phase, Request
from silicon_names import CALIBRATED

LAW = settings(deadline=None, derandomize=True, max_examples=25)
SPEC = load_decoder("llama-3-70b")


def step(level, phase=Phase.DECODE, batch=16.0, context=2048.0, tp=8, dtype=Dtype.BF16):
    asked = Request(phase=phase, batch=batch, context_len=context, tensor_parallel=tp)
    blocks = decoder_blocks(SPEC, asked)
    if dtype is not Dtype.BF16:
        blocks = tuple(
            Block(b.name, quantise_cache(quantise_weights(b.graph, dtype), Dtype.FP8), b.count)
            for b in blocks
        )
    return [k for block in at_level(blocks, level) for k in kernels(block.graph)]


def machine(chip, *, peak=1.0, bandwidth=1.0, ranks=8, calibrated=True, captured=True):
    known = load_calibration(chip) if calibrated else None
    return Machine(
        chip=scaled_chip(load_chip(chip), peak=peak, bandwidth=bandwidth),
        calibration=known and scaled_calibration(known, peak=peak, bandwidth=bandwidth),
        ranks=ranks,
        captured=captured,
    )


def named(found, name):
    return next(kernel for kernel in found if kernel.name == name)


@pytest.mark.parametrize(
    ("level", "name", "family"),
    [
        (FusionLevel.NONE, "q_proj", Family.GEMM),
        (FusionLevel.NONE, "scores", Family.BATCHED_GEMM),
        (FusionLevel.PARTIAL, "values", Family.BATCHED_GEMM),
        (FusionLevel.NONE, "expand_k", Family.SMALL),
        (FusionLevel.NONE, "attention_all_reduce", Family.COLLECTIVE),
        (FusionLevel.NONE, "logits_all_gather", Family.COLLECTIVE),
        (FusionLevel.FULL, "flash_attention", Family.ATTENTION),
        (FusionLevel.FULL, "gate_up_swiglu", Family.GEMM),
        (FusionLevel.FULL, "all_reduce_mlp_norm", Family.COLLECTIVE),
        (FusionLevel.FULL, "rope_append", Family.SMALL),
    ],
)
def test_families(level, name, family):
    assert family_of(named(step(level), name)) is family


@given(
    st.sampled_from(CALIBRATED),
    st.sampled_from(list(FusionLevel)),
    st.sampled_from(list(Phase)),
    st.integers(1, 512),
    st.integers(1, 16_384),
)
@LAW
def test_no_term_beats_the_printed_rates(chip, level, phase, batch, context):
    for calibrated in (True, False):
        there = machine(chip, calibrated=calibrated)
        for kernel in step(level, phase, float(batch), float(context)):
            cost = kernel_cost(kernel, there)
            assert cost.terms.memory >= kernel.traffic / there.chip.bandwidth
            assert cost.terms.compute >= kernel.flops / cost.flop_rate
            volume = link_volume(kernel, 8)
            assert cost.terms.link >= volume / there.chip.link_bandwidth
            assert cost.terms.latency > 0.0
            assert cost.terms.serial >= 0.0


@given(
    st.sampled_from(CALIBRATED),
    st.sampled_from(list(FusionLevel)),
    st.sampled_from(list(Phase)),
    st.tuples(st.integers(1, 512), st.integers(1, 16_384)),
    st.floats(1.0, 10.0),
)
@LAW
def test_more_of_either_rate_never_slows_a_kernel(chip, level, phase, sizes, factor):
    batch, context = sizes
    now, arithmetic, memory = (
        machine(chip),
        machine(chip, peak=factor),
        machine(chip, bandwidth=factor),
    )
    for kernel in step(level, phase, float(batch), float(context)):
        time = kernel_cost(kernel, now).terms.total * (1 + 1e-12)
        assert kernel_cost(kernel, arithmetic).terms.total <= time, kernel.name
        assert kernel_cost(kernel, memory).terms.total <= time, kernel.name


def test_a_small_kernel_by_hand():
    kernel = named(step(FusionLevel.NONE), "expand_k")
    cost = kernel_cost(kernel, machine("h100-sxm"))
    cache = 16 * 2048 * 128 * 2
    assert cost.terms.memory == pytest.approx(9 * cache / (0.8 * 3.35e12))
    assert cost.terms.latency == 2e-6
    assert cost.evidence is Evidence.ASSUMED  # a rule for all chips


def test_without_measurements_the_roofline_stands():
    kernel = named(step(FusionLevel.FULL), "down_proj")
    cost = kernel_cost(kernel, machine("h100-sxm", calibrated=False))
    assert cost.evidence is Evidence.ROOFLINE
    assert cost.terms.memory == kernel.traffic / 3.35e12
    assert cost.terms.compute == kernel.flops / 989.4e12
    assert cost.terms.latency == 2e-6


@pytest.mark.parametrize("level", [FusionLevel.PARTIAL, FusionLevel.FULL])
def test_silicon_is_slower_than_paper(level):
    for kernel in step(level):
        cost = kernel_cost(kernel, machine("h100-sxm"))
        assert cost.terms.total > cost.ideal.overlapped


def test_an_all_reduce_takes_the_faster_implementation():
    kernel = named(step(FusionLevel.NONE), "attention_all_reduce")
    size = 16 * 8192 * 2
    known = load_calibration("h100-sxm").all_reduce
    link = 450e9
    volume = 2 * 7 / 8 * size
    times = [
        collective_terms(volume, 8, constants=c, link_bandwidth=link).total for c in known.values()
    ]
    assert len(times) == 2
    assert times[0] != times[1]
    assert kernel_cost(kernel, machine("h100-sxm")).terms.total == pytest.approx(min(times))


def test_what_is_fused_behind_an_all_reduce_passes_over_memory_after_it():
    kernel = named(step(FusionLevel.FULL), "all_reduce_mlp_norm")
    rows = 16 * 8192 * 2
    # residual in and out, normed out, weight in; the reduced rows themselves are the collective's
    rest = kernel.traffic - 2 * rows
    terms = kernel_cost(kernel, machine("h100-sxm")).terms
    assert terms.serial == pytest.approx(rest / (0.8 * 3.35e12))


@pytest.mark.parametrize("captured", [True, False])
def test_quantising_kernels_launch_for_free_in_a_captured_graph(captured):
    kernel = named(step(FusionLevel.FULL, dtype=Dtype.FP8), "down_proj")
    there = machine("h100-sxm", captured=captured)
    known = there.calibration.gemm
    terms = kernel_cost(kernel, there).terms
    start = known[Dtype.BF16].t0 if captured else known[Dtype.FP8].t0
    assert start <= terms.latency < start + 9e-6  # and the pipeline's latency along K
    assert terms.serial > 0.0


@pytest.mark.parametrize(
    ("chip", "peak"), [("h100-sxm", 1978.9e12), ("b200-sxm", 4500e12), ("l40s", 362.05e12)]
)
def test_an_fp8_cache_computes_in_fp8_where_that_was_measured(chip, peak):
    kernel = named(step(FusionLevel.FULL, dtype=Dtype.FP8), "flash_attention")
    assert kernel_cost(kernel, machine(chip)).flop_rate == peak
