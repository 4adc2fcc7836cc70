"""Sums in 16 bits: fewer bytes where they lie in memory, no work saved, nothing where a kernel holds them."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ironlaw.base.errors import DomainError
from ironlaw.registry.dtypes import Dtype
from ironlaw.registry.models import model_names
from ironlaw.rewrites.legal import legal_fusions, with_fusions
from ironlaw.rewrites.precision import accumulate_in, quantise_activations, quantise_cache
from ironlaw.system.diagnosis import diagnose
from ironlaw.system.fusion_set import choices, eager_step
from ironlaw.system.plan import work_of
from ironlaw.system.question import scenario
from ironlaw.workload.builder import Builder
from ironlaw.workload.graph import GraphError, OpKind, regrouped
from ironlaw.workload.kernels import kernels
from random_graphs import mixed_graphs

LAW = settings(deadline=None, derandomize=True, max_examples=150)
HALF = Dtype.BF16


def moved(graph):
    return sum(kernel.traffic for kernel in kernels(graph))


def work(graph):
    return sum(kernel.flops for kernel in kernels(graph))


def cut(graph):
    return {frozenset(group.members) for group in graph.groups}


def cuts(graph, data):
    """The graph under a random set of its legal fusions, or separate where they cannot stand together."""
    fusions = legal_fusions(graph)
    if not fusions:
        return graph
    try:
        return with_fusions(graph, data.draw(st.lists(st.sampled_from(fusions), unique=True)))
    except GraphError:
        return graph


@LAW
@given(mixed_graphs(), st.data())
def test_work_stays_and_traffic_never_rises_under_any_cut(graph, data):
    fused = cuts(graph, data)
    after = accumulate_in(fused, HALF)
    assert work(after) == work(fused)
    assert moved(after) <= moved(fused)
    gone = [op for name, op in graph.operators.items() if name not in after.operators]
    assert all(op.kind is OpKind.COPY and op.flops == 0.0 for op in gone)
    regrouped(after, after.groups)  # each operator once, none before what it needs


@LAW
@given(mixed_graphs(), st.data())
def test_before_or_after_a_fusion_set_is_the_same(graph, data):
    fused = cuts(graph, data)
    one = accumulate_in(fused, HALF)
    narrow = accumulate_in(graph, HALF)
    other = regrouped(narrow, one.groups)
    assert one.operators == narrow.operators
    assert one.tensors == narrow.tensors
    assert [k.traffic for k in kernels(one)] == [k.traffic for k in kernels(other)]


@LAW
@given(mixed_graphs())
def test_a_second_time_changes_nothing_and_fp32_never_does(graph):
    once = accumulate_in(graph, HALF)
    assert accumulate_in(once, HALF) is once
    assert accumulate_in(graph, Dtype.FP32) is graph


@LAW
@given(mixed_graphs())
def test_what_comes_from_outside_or_is_needed_afterwards_keeps_its_bytes(graph):
    after = accumulate_in(graph, HALF)
    made = {name for op in graph.operators.values() for name in op.writes}
    for name in graph.tensors:
        if name in graph.outputs or name not in made or graph.tensors[name].role.persists:
            assert after.tensors[name] == graph.tensors[name]
            assert (name in made) == any(name in op.writes for op in after.operators.values())
        elif name in after.tensors:
            assert not after.tensors[name].wide


def softmax_of(elements, *, wide_output=False):
    make = Builder()
    make.tensor("scores", elements * 2.0)
    make.tensor("wide", elements * 4.0, wide=True)
    make.tensor("probabilities", elements * 2.0)
    reads, writes = {"scores": elements * 2.0}, {"wide": elements * 4.0}
    make.operator("softmax", OpKind.REDUCTION, "l", reads, writes, 5.0 * elements)
    reads, writes = {"wide": elements * 4.0}, {"probabilities": elements * 2.0}
    make.operator("cast", OpKind.COPY, "l", reads, writes)
    return make.graph(["probabilities", "wide"] if wide_output else ["probabilities"])


def test_a_softmax_moves_four_instead_of_twelve_bytes_a_score():
    before = softmax_of(1000.0)
    after = accumulate_in(before, HALF)
    assert [k.traffic for k in kernels(before)] == [6000.0, 6000.0]
    assert [(k.name, k.traffic) for k in kernels(after)] == [("softmax", 4000.0)]
    assert after.operators["softmax"].writes == {"probabilities": 2000.0}


def test_a_wide_output_stays_and_so_does_its_cast():
    graph = softmax_of(1000.0, wide_output=True)
    assert accumulate_in(graph, HALF) is graph


@pytest.mark.parametrize("dtype", [Dtype.FP8, Dtype.INT8, Dtype.NVFP4, Dtype.TF32])
def test_a_format_that_nothing_is_summed_in_is_refused(dtype):
    with pytest.raises(DomainError, match=rf"accumulate = '{dtype.value}'.*fp32, bf16, fp16"):
        accumulate_in(softmax_of(8.0), dtype)


def ask(model="llama-3-70b", chip="h100-sxm", **more):
    return scenario(model, chip, **{"tp": 8, "batch": 32, "context": 4096, **more})


def test_bytes_and_kernels_of_llama_by_hand():
    wide = work_of(ask(fusion="none"))
    narrow = work_of(ask(fusion="none", accumulate="bf16"))
    scores = 32 * 64 / 8 * 4096  # of a layer and chip; softmax and cast move 12 bytes each, then 4
    elements, rows = 32 * 8192, 32  # of a norm: 36 bytes an element, then 14
    row_trips = 6  # written and read by mean, epsilon and root, four bytes and then two
    norms = 2 * 80 + 1
    spared = 80 * scores * 8 + norms * (elements * (36 - 14) + rows * row_trips * 2)
    assert wide.traffic - narrow.traffic == spared
    runs = [sum(place.runs for place in found.places) for found in (wide, narrow)]
    assert runs[0] - runs[1] == 80 + 2 * norms  # a cast of each softmax, two of each norm
    assert wide.flops == narrow.flops
    assert wide.footprint.weights == narrow.footprint.weights


@pytest.mark.parametrize("phase", ["decode", "prefill"])
@pytest.mark.parametrize("model", model_names())
def test_eager_steps_move_less_and_fused_ones_the_same(model, phase):
    for fusion in ("none", "partial", "full"):
        found = [
            work_of(ask(model, tp=1, batch=3, phase=phase, fusion=fusion, accumulate=dtype))
            for dtype in ("fp32", "bf16")
        ]
        assert found[0].flops == found[1].flops
        if fusion == "none":
            assert found[1].traffic < found[0].traffic
            assert len(found[1].kernels) < len(found[0].kernels)
        else:
            assert found[1].traffic == found[0].traffic
            assert [k.name for k in found[1].kernels] == [k.name for k in found[0].kernels]


@pytest.mark.parametrize("model", ["llama-3-70b", "mixtral-8x7b", "deepseek-v3", "gpt-oss-120b"])
def test_formats_are_independent_of_each_other(model):
    for block in eager_step(ask(model, dtype="fp8", tp=1)):
        graph = block.graph
        one = accumulate_in(quantise_cache(quantise_activations(graph), Dtype.FP8), HALF)
        other = quantise_cache(quantise_activations(accumulate_in(graph, HALF)), Dtype.FP8)
        assert one.operators.keys() == other.operators.keys()
        assert moved(one) == moved(other)
        for name, operator in one.operators.items():
            assert operator.reads == other.operators[name].reads
            assert operator.writes == other.operators[name].writes


def test_a_set_of_ones_own_spares_what_still_lies_in_memory():
    names = [c.name for c in choices(ask(accumulate="bf16"))]
    assert "scores.scale…softmax" in names  # the cast is no step any more
    norms = ("input_norm", "mlp_norm", "next_norm")
    wide, narrow = (work_of(ask(accumulate=a, fusions=norms)) for a in ("fp32", "bf16"))
    assert wide.traffic - narrow.traffic == 80 * (32 * 8 * 4096) * 8  # the softmax alone


def test_it_is_no_faster_where_nothing_moves():
    wide, narrow = (diagnose(ask(phase="prefill", batch=1, accumulate=a)) for a in ("fp32", "bf16"))
    assert wide.step == narrow.step
    assert wide.peak == narrow.peak


def test_what_is_lost_and_what_is_not_won_is_said_aloud():
    eager = ask(fusion="none", accumulate="bf16").notes
    assert any("1 part in 256" in note and "numerics" in note for note in eager)
    assert any("sum in fp32 as before" in note and "none is faster" in note for note in eager)
    full = ask(accumulate="bf16").notes
    assert any("change nothing at fusion full" in note for note in full)
    assert not any("numerics" in note for note in full)
    assert ask(accumulate="fp32").notes == ask().notes


def test_the_sixteen_bits_are_those_of_the_activations():
    volta = scenario("llama-3-8b", "v100-sxm2", fusion="none", accumulate="fp16")
    assert volta.accumulate is Dtype.FP16
    assert any("1 part in 2048" in note and "65504" in note for note in volta.notes)
    with pytest.raises(DomainError, match=r"accumulate = 'bf16'.*fp32 and fp16"):
        scenario("llama-3-8b", "v100-sxm2", accumulate="bf16")
    for strange in ("fp16", "fp8", "tf32", 16):
        with pytest.raises(DomainError, match=r"accumulate = .*fp32 and bf16"):
            ask(accumulate=strange)


def test_a_network_sums_in_registers_and_says_so():
    with pytest.raises(DomainError, match=r"accumulate = 'bf16'.*one kernel each"):
        scenario("resnet-50", "h100-sxm", accumulate="bf16")


def test_the_format_is_part_of_the_plan():
    asked = ask(fusion="none")
    narrow = replace(asked, accumulate=Dtype.BF16)
    assert work_of(narrow).traffic < work_of(asked).traffic
    assert work_of(asked).traffic > work_of(narrow).traffic
