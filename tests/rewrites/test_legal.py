"""Legal fusions: what they are, that any set of them obeys the law, and that the levels are sets of them."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ironlaw.registry.models import model_names
from ironlaw.rewrites.joint import on_chip_need
from ironlaw.rewrites.legal import (
    FusionKind,
    fusions_named,
    joined,
    legal_fusions,
    saving,
    separated,
    with_fusions,
)
from ironlaw.rewrites.levels import FusionLevel, at_level
from ironlaw.system.fusion_set import eager_step
from ironlaw.system.question import scenario
from ironlaw.workload.builder import Builder
from ironlaw.workload.graph import GemmShape, GraphError, OpKind, Role
from ironlaw.workload.kernels import kernels
from random_graphs import graphs

LAW = settings(deadline=None, derandomize=True, max_examples=80)


def traffic(graph):
    return sum(kernel.traffic for kernel in kernels(graph))


def fused_or_none(graph, chosen):
    """The graph under a set, None where its operators cannot run together and the refusal says so."""
    try:
        return with_fusions(graph, chosen)
    except GraphError as refused:
        if "cannot be one kernel" in str(refused) or "need each other" in str(refused):
            return None
        raise


def cut(graph):
    return {frozenset(group.members) for group in graph.groups}


@LAW
@given(graphs(), st.data())
def test_any_set_of_legal_fusions_obeys_the_law_or_is_refused(graph, data):
    fusions = legal_fusions(graph)
    chosen = data.draw(st.lists(st.sampled_from(fusions), unique=True) if fusions else st.just([]))
    fused = fused_or_none(graph, chosen)
    if fused is None:
        return
    apart = separated(graph)
    assert traffic(fused) <= traffic(apart)
    assert sum(k.flops for k in kernels(fused)) == sum(k.flops for k in kernels(apart))
    assert fused.operators == graph.operators
    shuffled = data.draw(st.permutations(chosen))
    assert with_fusions(graph, shuffled).groups == fused.groups
    assert with_fusions(fused, chosen).groups == fused.groups
    assert with_fusions(graph, [*chosen, *chosen]).groups == fused.groups


@LAW
@given(graphs(), st.data())
def test_what_another_kernel_reads_or_is_an_output_is_still_written(graph, data):
    fusions = legal_fusions(graph)
    chosen = data.draw(st.lists(st.sampled_from(fusions), unique=True) if fusions else st.just([]))
    fused = fused_or_none(graph, chosen)
    if fused is None:
        return
    written = {name for kernel in kernels(fused) for name in kernel.writes}
    home = {name: group.name for group in fused.groups for name in group.members}
    for operator in graph.operators.values():
        for tensor in operator.writes:
            readers = [op.name for op in graph.operators.values() if tensor in op.reads]
            outside = any(home[name] != home[operator.name] for name in readers)
            assert (tensor in written) == (outside or tensor in graph.outputs)


@LAW
@given(graphs())
def test_each_legal_fusion_alone_saves_what_it_says_and_never_costs_bytes(graph):
    for fusion in legal_fusions(graph):
        spared = saving(graph, fusion)
        fused = with_fusions(graph, (fusion,))
        assert spared.traffic == pytest.approx(traffic(separated(graph)) - traffic(fused))
        assert spared.traffic >= 0.0
        assert spared.kernels == len(graph.operators) - len(fused.groups)


@pytest.mark.parametrize("phase", ["decode", "prefill"])
@pytest.mark.parametrize("model", model_names())
def test_partial_and_full_are_sets_of_legal_fusions(model, phase):
    eager = eager_step(scenario(model, "h100-sxm", phase=phase, context=2048))
    for level in (FusionLevel.PARTIAL, FusionLevel.FULL):
        for block, at in zip(eager, at_level(eager, level), strict=True):
            groups = [frozenset(group.members) for group in at.graph.groups]
            chosen = [
                fusion
                for fusion in legal_fusions(block.graph)
                if any(set(fusion.members) <= group for group in groups)
            ]
            assert cut(with_fusions(block.graph, chosen)) == set(groups)


def layer(phase="decode"):
    asked = scenario("llama-3-70b", "h100-sxm", tp=8, batch=32, context=4096, phase=phase)
    return next(block.graph for block in eager_step(asked) if block.name == "layer")


def test_the_decoder_layer_has_the_fusions_that_an_engineer_knows():
    by_name = {fusion.name: fusion for fusion in legal_fusions(layer())}
    assert by_name["attention"].kind is FusionKind.ATTENTION
    assert by_name["q_proj+k_proj+v_proj"].kind is FusionKind.SIBLINGS
    assert by_name["gate_proj+silu"].kind is FusionKind.EPILOGUE
    assert by_name["mlp_norm"].kind is FusionKind.STEPS
    assert by_name["attention_all_reduce+attention_residual"].kind is FusionKind.COLLECTIVE
    assert "o_proj+attention_all_reduce" not in by_name


def test_linear_and_relu_move_fewer_bytes_and_do_the_same_work():
    make = Builder()
    for name, size in (("x", 100.0), ("y", 400.0), ("z", 400.0)):
        make.tensor(name, size)
    make.tensor("linear.weight", 50.0, Role.WEIGHT)
    reads = {"x": 100.0, "linear.weight": 50.0}
    make.operator("linear", OpKind.GEMM, "l", reads, {"y": 400.0}, 9e3, GemmShape(1.0, 1.0, 1.0))
    make.operator("relu", OpKind.POINTWISE, "l", {"y": 400.0}, {"z": 400.0}, 200.0)
    graph = make.graph(["z"])
    (fusion,) = legal_fusions(graph)
    spared = saving(graph, fusion)
    assert (spared.traffic, spared.kernels) == (800.0, 1)
    (kernel,) = kernels(with_fusions(graph, [fusion]))
    assert kernel.flops == 9200.0
    assert kernel.traffic == 550.0


def test_a_softmax_over_whole_rows_is_no_epilogue_of_the_scores():
    graph = layer("prefill")
    scores = fusions_named(graph, ["scores.scale…cast"])[0]
    members = {"scores", *scores.members}
    assert members not in [set(fusion.members) for fusion in legal_fusions(graph)]


def test_a_norm_needs_a_row_on_the_chip():
    graph = layer()
    norm = fusions_named(graph, ["mlp_norm"])[0]
    row = 8192.0 * 4.0
    assert on_chip_need(graph, norm.members) == row
    assert norm in legal_fusions(graph, on_chip=row)
    assert norm not in legal_fusions(graph, on_chip=row - 1.0)
    with pytest.raises(GraphError, match="does not fit on the chip"):
        with_fusions(graph, [norm], on_chip=row - 1.0)


def test_two_kernels_that_need_each_other_are_refused():
    make = Builder()
    for name in ("x", "a", "b", "c", "d"):
        make.tensor(name, 8.0)
    steps = (("p.1", "x", "a"), ("q.1", "a", "b"), ("q.2", "x", "c"), ("p.2", "c", "d"))
    for name, read, written in steps:
        make.operator(name, OpKind.POINTWISE, "l", {read: 8.0}, {written: 8.0}, 1.0)
    graph = make.graph(["b", "d"])
    fusions = [
        type(legal)(legal.name, legal.kind, pair)
        for legal in legal_fusions(graph)[:1]
        for pair in (("p.1", "p.2"), ("q.1", "q.2"))
    ]
    with pytest.raises(GraphError, match="need each other"):
        with_fusions(graph, fusions)


def test_an_unknown_fusion_is_refused_with_those_that_there_are():
    with pytest.raises(GraphError, match="q_proj\\+k_proj\\+v_proj"):
        fusions_named(layer(), ["no-such"])


def test_sizes_may_be_arrays():
    numpy = pytest.importorskip("numpy")
    batches = numpy.array([1.0, 32.0])
    asked = scenario("llama-3-70b", "h100-sxm", tp=8, batch=batches, context=4096)
    many = next(block.graph for block in eager_step(asked) if block.name == "layer")
    fusions = legal_fusions(many)
    assert [f.name for f in fusions] == [f.name for f in legal_fusions(layer())]
    one = with_fusions(layer(), legal_fusions(layer()))
    both = with_fusions(many, fusions)
    for wide, single in zip(kernels(both), kernels(one), strict=True):
        assert numpy.broadcast_to(wide.traffic, 2)[1] == single.traffic


def test_every_subset_of_a_small_graph_is_one_cut_whatever_the_order():
    graph = layer()
    fusions = fusions_named(graph, ["rope_q", "rope_q+rope_k", "rope_k+cache_k"])
    cuts = {
        tuple(sorted(joined(graph, order))) for order in itertools.permutations(fusions)
    }  # fmt: skip
    assert len(cuts) == 1
