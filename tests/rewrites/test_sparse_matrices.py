"""Sparse matrices: fewer bytes and FLOPs of weights, and nothing else."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ironlaw.registry.dtypes import Dtype
from ironlaw.rewrites.precision import quantise_activations, quantise_weights
from ironlaw.rewrites.sparse_matrices import Pruning, Units, prune, skipped_flops
from ironlaw.rewrites.sparsity import Kind, Sparsity, sparsity_named, stored_ratio
from ironlaw.system.network_question import load_network
from ironlaw.system.question import load_decoder
from ironlaw.workload.decoder import decoder_blocks
from ironlaw.workload.graph import OpKind, Role
from ironlaw.workload.network import network_blocks
from ironlaw.workload.spec import Phase, Request

TILE = (128, 64)


def decoder(model="llama-3-8b", batch=4.0):
    request = Request(phase=Phase.DECODE, batch=batch, context_len=1024.0)
    return decoder_blocks(load_decoder(model), request)


LAYER = decoder()[1].graph
EXPERTS = decoder("mixtral-8x7b")[1].graph
PILLARS = network_blocks(load_network("pointpillars"), 1.0)[0].graph

GRAPHS = {"layer": LAYER, "experts": EXPERTS, "pillars": PILLARS}


def pruning(sparsity, work=0.5, rate=1.67, dtype=Dtype.BF16):
    sparsity = sparsity_named(sparsity)
    return Pruning(sparsity, (Units(dtype, work, rate),), TILE)


def weights(graph):
    return {name: t.size for name, t in graph.tensors.items() if t.role is Role.WEIGHT}


def others(graph):
    return {name: t.size for name, t in graph.tensors.items() if t.role is not Role.WEIGHT}


shares = st.floats(0.001, 0.999)
kinds = st.sampled_from(["2:4", "unstructured", "block"])


@st.composite
def sparsities(draw):
    kind, share = draw(kinds), draw(shares)
    if kind == "2:4":
        return sparsity_named(kind)
    block = (draw(st.integers(1, 256)), draw(st.integers(1, 256))) if kind == "block" else None
    return Sparsity(kind=Kind(kind), share=share, block=block)


@settings(max_examples=30)
@given(sparsities(), shares, st.sampled_from(sorted(GRAPHS)))
def test_activations_and_all_other_work_stay_and_weights_do_not_grow(sparsity, work, which):
    graph = GRAPHS[which]
    after = prune(graph, pruning(sparsity, work, 1.0 / work))
    assert others(after) == others(graph)
    assert after.outputs == graph.outputs
    assert list(after.operators) == list(graph.operators)
    for name, size in weights(after).items():
        assert size <= weights(graph)[name]
    for name, operator in after.operators.items():
        before = graph.operators[name]
        assert operator.writes == before.writes
        assert operator.flops <= before.flops
        if operator.kind not in (OpKind.GEMM, OpKind.EXPERTS, OpKind.CONVOLUTION):
            assert operator == before


@pytest.mark.parametrize("graph", GRAPHS.values(), ids=GRAPHS)
def test_a_share_of_nothing_changes_nothing(graph):
    for name in ("unstructured:0", "block:0@64x64"):
        assert prune(graph, pruning(name)) is graph
    assert prune(graph, None) is graph


def test_every_matrix_of_a_layer_keeps_its_share():
    after = prune(LAYER, pruning("2:4"))
    for name in ("q_proj", "o_proj", "gate_proj", "up_proj", "down_proj"):
        old, new = LAYER.operators[name], after.operators[name]
        assert new.reads[f"{name}.weight"] == 0.5625 * old.reads[f"{name}.weight"]
        assert after.tensors[f"{name}.weight"].size == new.reads[f"{name}.weight"]
        assert new.flops == 0.5 * old.flops
        assert new.shape.sparse.rate == 1.67


@pytest.mark.parametrize("block", [0, -1], ids=["embedding", "head"])
def test_embedding_and_head_stay_dense(block):
    graph = decoder()[block].graph
    assert weights(prune(graph, pruning("2:4"))) == weights(graph)


def test_a_router_stays_dense_and_its_experts_do_not():
    after = prune(EXPERTS, pruning("2:4"))
    assert after.operators["router"] == EXPERTS.operators["router"]
    ratio = after.tensors["experts.weight"].size / EXPERTS.tensors["experts.weight"].size
    assert ratio == 0.5625
    assert after.operators["experts"].shape.weight_size == 0.5625 * 2.0


def test_the_metadata_of_quantised_weights_weigh_more():
    eight = quantise_activations(quantise_weights(LAYER, Dtype.INT8))
    after = prune(eight, pruning("2:4", dtype=Dtype.INT8))
    ratio = after.tensors["up_proj.weight"].size / eight.tensors["up_proj.weight"].size
    assert ratio == 0.625 == stored_ratio(sparsity_named("2:4"), Dtype.INT8)


def test_depthwise_and_narrow_convolutions_stay_dense():
    mobile = network_blocks(load_network("mobilenet-v2"), 1.0)
    sparse = [
        (operator.shape, prune(b.graph, pruning("2:4")).operators[name].shape.sparse)
        for b in mobile
        for name, operator in b.graph.operators.items()
        if operator.kind is OpKind.CONVOLUTION
    ]
    for shape, left in sparse:
        fits = shape.groups == 1 and shape.in_channels % 4 == 0
        assert (left is not None) is fits
    assert {left is None for _, left in sparse} == {True, False}


@pytest.mark.parametrize("graph", GRAPHS.values(), ids=GRAPHS)
def test_skipped_flops_are_what_is_missing(graph):
    after = prune(graph, pruning("block:0.5@128x64", 0.25, 4.0))
    before = sum(op.flops for op in graph.operators.values())
    now = sum(op.flops for op in after.operators.values())
    assert sum(skipped_flops(after)) == pytest.approx(before - now, rel=1e-9)
    assert skipped_flops(graph) == []


def test_a_predictor_and_the_union_of_neurons():
    sparsity = sparsity_named("contextual:0.9")
    after = prune(LAYER, pruning(sparsity))
    active = 1.0 - 0.9**4  # four sequences, a token each
    for name in ("gate_proj", "up_proj", "down_proj"):
        old, new = LAYER.operators[name], after.operators[name]
        assert new.flops == pytest.approx(active * old.flops)
        assert new.reads[f"{name}.weight"] == pytest.approx(active * old.reads[f"{name}.weight"])
        assert after.tensors[f"{name}.weight"] == LAYER.tensors[f"{name}.weight"]
    assert after.operators["up_proj"].shape.n == pytest.approx(active * 14336.0)
    assert after.operators["down_proj"].shape.k == pytest.approx(active * 14336.0)
    names = list(after.operators)
    assert names.index("predictor_in") < names.index("predictor_out") < names.index("gate_proj")
    waist = 334.0  # 1000 of 12288, of 4096, rounded up
    assert after.operators["predictor_in"].flops == 2.0 * 4.0 * waist * 4096.0
    assert after.operators["predictor_out"].flops == 2.0 * 4.0 * waist * 14336.0
    missing = sum(skipped_flops(after))
    feed_forward = 3.0 * 2.0 * 4.0 * 4096.0 * 14336.0
    assert missing == pytest.approx((1.0 - active) * feed_forward)


def test_activations_of_contextual_sparsity_stay():
    after = prune(LAYER, pruning("contextual:0.9"))
    added = {"predictor_waist", "active_neurons"}
    assert {n: s for n, s in others(after).items() if n not in added} == others(LAYER)


def test_a_predictor_reads_what_is_not_quantised():
    eight = quantise_activations(quantise_weights(LAYER, Dtype.FP8))
    after = prune(eight, pruning("contextual:0.9"))
    assert next(iter(after.operators["predictor_in"].reads)) == "x_mid_normed"
    assert next(iter(after.operators["up_proj"].reads)) == "x_mid_normed.quantised"
