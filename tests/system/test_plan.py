"""A plan is the step itself: the same kernels and sizes as the graph of the question, and twins that are alike."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ironlaw.base.errors import DomainError
from ironlaw.cost.kernel import kernel_cost
from ironlaw.cost.machine import Machine
from ironlaw.rewrites.levels import at_level
from ironlaw.rewrites.precision import quantise_activations, quantise_cache, quantise_weights
from ironlaw.system.memory import footprint
from ironlaw.system.plan import work_of
from ironlaw.system.question import scenario
from ironlaw.workload.decoder import decoder_blocks
from ironlaw.workload.kernels import kernels

ASKED = [
    ("llama-3-70b", {"tp": 8}),
    ("mixtral-8x7b", {"tp": 1, "ep": 8}),
    ("deepseek-v3", {"tp": 8}),
    ("gpt-oss-120b", {"tp": 8}),
    ("gemma-3-27b", {"phase": "prefill"}),
    ("llama-3-8b", {"pp": 4, "dtype": "fp8", "kv_dtype": "fp8"}),
]


def question(model, fusion, sizes=(13.0, 3001.0), **asked):
    batch, context = sizes
    return scenario(model, "h100-sxm", fusion=fusion, batch=batch, context=context, **asked)


def written_out(asked):
    """The same step without a plan: from the question to kernels, with numbers all the way."""
    eager = decoder_blocks(asked.spec, asked.request)
    narrow = [
        replace(
            block,
            graph=quantise_cache(
                quantise_activations(
                    quantise_weights(block.graph, asked.weights, experts_only=asked.experts_only)
                ),
                asked.cache,
            ),
        )
        for block in eager
    ]
    return [(block, kernels(block.graph)) for block in at_level(tuple(narrow), asked.level)]


@pytest.mark.parametrize("fusion", ["none", "partial", "full"])
@pytest.mark.parametrize(("model", "more"), ASKED)
def test_a_plan_has_the_kernels_of_the_graph(model, more, fusion):
    asked = question(model, fusion, **more)
    work, cuts = work_of(asked), written_out(asked)
    plain = [kernel for _, cut in cuts for kernel in cut]
    assert [k.name for k in work.kernels] == [k.name for k in plain]
    for planned, kernel in zip(work.kernels, plain, strict=True):
        assert (planned.flops, planned.traffic) == (kernel.flops, kernel.traffic)
        assert (planned.reads, planned.writes) == (kernel.reads, kernel.writes)
    memory = footprint(cuts)
    assert work.footprint.total == memory.total
    assert work.useful_traffic == memory.step_traffic


@pytest.mark.parametrize("fusion", ["none", "partial", "full"])
@pytest.mark.parametrize(("model", "more"), ASKED)
def test_twins_cost_the_same(model, more, fusion):
    asked = question(model, fusion, **more)
    machine = Machine(chip=asked.chip, calibration=asked.calibration, ranks=8)
    work = work_of(asked)
    for number, (kernel, place) in enumerate(zip(work.kernels, work.places, strict=True)):
        assert place.twin <= number
        own, twin = (kernel_cost(k, machine) for k in (kernel, work.kernels[place.twin]))
        assert own[1:] == twin[1:]


def test_norms_of_a_layer_are_twins_and_matrices_of_other_widths_are_not():
    work = work_of(question("llama-3-70b", "none", tp=8))
    twin = {
        k.name: work.kernels[p.twin].name for k, p in zip(work.kernels, work.places, strict=True)
    }
    assert twin["next_norm.square"] == twin["mlp_norm.square"] == "input_norm.square"
    assert twin["v_proj"] == "k_proj"
    assert twin["down_proj"] == "down_proj"


def test_one_plan_serves_every_size():
    sizes = [(1.0, 128.0), (64.0, 8192.0), (1.0, 128.0)]
    works = [work_of(question("llama-3-8b", "full", s)) for s in sizes]
    assert works[0].kernels[0].parts is works[1].kernels[0].parts
    assert works[0].traffic == works[2].traffic < works[1].traffic


@pytest.mark.parametrize("sizes", [(0.0, 128.0), (1.5, 128.0), (1.0, 0.0), (float("nan"), 1.0)])
def test_sizes_are_checked_before_they_are_played(sizes):
    asked = question("llama-3-8b", "full")
    batch, context = sizes
    wrong = replace(asked, request=replace(asked.request, batch=batch, context_len=context))
    with pytest.raises(DomainError, match=r"batch|context"):
        work_of(wrong)
