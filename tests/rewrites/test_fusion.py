"""Fusion changes the cut and nothing else: FLOPs stay, traffic never rises."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ironlaw.rewrites.attention import fuse_softmax, static_cache
from ironlaw.rewrites.fusion import (
    fuse,
    fuse_all_reduce_norms,
    fuse_norms,
    fuse_residual_norms,
    fuse_rope,
    fuse_swiglu,
    fuse_swiglu_epilogue,
    merge_gemms,
    merge_projections,
)
from ironlaw.system.question import load_decoder
from ironlaw.workload.decoder import decoder_blocks
from ironlaw.workload.graph import GraphError, Operator, OpKind, Role, Tensor, separate
from ironlaw.workload.kernels import kernels
from ironlaw.workload.spec import Phase, Request

LAW = settings(deadline=None, derandomize=True, max_examples=60)
SPEC = load_decoder("llama-3-70b")
ROWS = 32 * 8192 * 2  # bytes of the residual stream at batch 32


def layer(phase=Phase.DECODE, batch=32.0, context=4096.0, tp=8):
    asked = Request(phase=phase, batch=batch, context_len=context, tensor_parallel=tp)
    return decoder_blocks(SPEC, asked)[1].graph


GRAPHS = {
    "decode": layer(),
    "alone": layer(tp=1),
    "prefill": layer(Phase.PREFILL, 2.0, 1024.0, 4),
    "static cache": static_cache(layer()),
}


def traffic(graph) -> float:
    return sum(kernel.traffic for kernel in kernels(graph))


def flops(graph) -> float:
    return sum(kernel.flops for kernel in kernels(graph))


def kernel_named(graph, name):
    return next(kernel for kernel in kernels(graph) if kernel.name == name)


def assert_law(before, after):
    assert after.operators == before.operators
    assert after.tensors == before.tensors
    assert sorted(m for group in after.groups for m in group.members) == sorted(before.operators)
    assert flops(after) == flops(before)
    assert traffic(after) <= traffic(before)


def fused_where_possible(graph, name, members):
    """The fused graph, or the graph as it was where the fusion is refused."""
    try:
        return fuse(graph, name, members)
    except GraphError:
        return graph


@given(st.sampled_from(sorted(GRAPHS)), st.data())
@LAW
def test_runs_of_kernels_obey_the_law(name, data):
    graph = GRAPHS[name]
    for number in range(data.draw(st.integers(1, 5), label="fusions")):
        first = data.draw(st.integers(0, len(graph.groups) - 2), label="first")
        length = data.draw(st.integers(2, 8), label="length")
        run = [m for group in graph.groups[first : first + length] for m in group.members]
        after = fuse(graph, f"fused {number}", run)
        assert_law(graph, after)
        assert len(after.groups) < len(graph.groups)
        graph = after


@given(st.sampled_from(sorted(GRAPHS)), st.data())
@LAW
def test_scattered_operators_obey_the_law_or_are_refused(name, data):
    graph = GRAPHS[name]
    chosen = st.lists(st.sampled_from(list(graph.operators)), min_size=2, max_size=5, unique=True)
    for number in range(3):
        after = fused_where_possible(graph, f"fused {number}", data.draw(chosen, label="members"))
        assert_law(graph, after)
        graph = after


@given(st.sampled_from(sorted(GRAPHS)), st.integers(0, 40), st.integers(2, 8))
@LAW
def test_fusing_twice_is_fusing_once(name, first, length):
    graph = GRAPHS[name]
    run = list(graph.operators)[first : first + length]
    once = fuse(graph, "fused", run)
    assert fuse(once, "fused", run).groups == once.groups


@st.composite
def pointwise_graphs(draw):
    """A random graph of pointwise operators, each reading what came before it."""
    count = draw(st.integers(2, 8))
    names = ["in"]
    tensors = [Tensor("in", float(draw(st.integers(1, 1000))))]
    operators = []
    for index in range(count):
        read = draw(st.lists(st.sampled_from(names), min_size=1, max_size=3, unique=True))
        made = Tensor(f"t{index}", float(draw(st.integers(1, 1000))))
        sizes = {t.name: t.size for t in tensors}
        reads = {name: sizes[name] for name in read}
        writes = {made.name: made.size}
        work = float(draw(st.integers(0, 99)))
        operators.append(Operator(f"op{index}", OpKind.POINTWISE, "layer", reads, writes, work))
        tensors.append(made)
        names.append(made.name)
    outputs = draw(st.lists(st.sampled_from(names[1:]), min_size=1, unique=True))
    return separate(operators, tensors, outputs)


def must_run_between(graph, pair) -> bool:
    """Whether an operator outside the pair needs one of it and is needed by the other."""
    first, second = pair
    maker = {name: op.name for op in graph.operators.values() for name in op.writes}
    needs: dict[str, set[str]] = {}
    for name, operator in graph.operators.items():
        direct = {maker[t] for t in operator.reads if t in maker}
        needs[name] = direct.union(*(needs[one] for one in direct))
    return any(first in needs[n] and n in needs[second] for n in graph.operators if n not in pair)


@given(pointwise_graphs(), st.data())
@LAW
def test_random_graphs_obey_the_law_or_are_refused(graph, data):
    pair = sorted(
        data.draw(st.lists(st.sampled_from(sorted(graph.operators)), min_size=2, max_size=2)),
    )
    if pair[0] != pair[1] and must_run_between(graph, pair):
        with pytest.raises(GraphError, match="which is made in between"):
            fuse(graph, "fused", pair)
        return
    after = fused_where_possible(graph, "fused", pair)
    assert_law(graph, after)
    inside = set(pair) if len(after.groups) < len(graph.groups) else set()
    for name in inside:
        (made,) = graph.operators[name].writes
        readers = {op.name for op in graph.operators.values() if made in op.reads}
        written = made in kernel_named(after, "fused").writes
        assert written == (bool(readers - inside) or made in graph.outputs)


def test_a_bystander_between_two_operators_does_not_stop_their_fusion():
    # left and right read what make made; they can run as one kernel with make, left after it
    sizes = ("in", "mid", "left", "right")
    point = OpKind.POINTWISE
    graph = separate(
        [
            Operator("make", point, "layer", {"in": 8.0}, {"mid": 8.0}),
            Operator("bystander", point, "layer", {"mid": 8.0}, {"left": 8.0}),
            Operator("use", point, "layer", {"mid": 8.0}, {"right": 8.0}),
        ],
        [Tensor(name, 8.0) for name in sizes],
        ["left", "right"],
    )
    after = fuse(graph, "fused", ("make", "use"))
    assert traffic(after) == traffic(graph) - 8.0  # `mid` is read from memory once less


def test_nothing_to_fuse_changes_nothing():
    graph = GRAPHS["decode"]
    assert fuse(graph, "fused", ("no_such_operator",)) is graph


def test_a_kernel_that_has_to_run_in_between_is_named():
    with pytest.raises(GraphError, match="attention_all_reduce needs o, which is made in between"):
        fuse(GRAPHS["decode"], "fused", ("transpose", "attention_all_reduce"))


def test_merged_projections_read_the_activations_once():
    merged = merge_projections(GRAPHS["decode"])
    columns = (8 + 1 + 1) * 128  # heads of a chip
    weights = columns * 8192 * 2
    assert kernel_named(merged, "qkv_proj").traffic == ROWS + weights + 32 * columns * 2
    assert {"qkv_proj", "gate_up_proj"} <= {group.name for group in merged.groups}


def test_gemms_of_different_activations_are_not_merged():
    with pytest.raises(GraphError, match="q_proj, o_proj do not read the same activations"):
        merge_gemms(GRAPHS["decode"], "wide", ("q_proj", "o_proj"))


def test_only_gemms_are_merged():
    with pytest.raises(GraphError, match="silu is not a GEMM"):
        merge_gemms(GRAPHS["decode"], "wide", ("q_proj", "silu"))


@pytest.mark.parametrize(
    ("rewrite", "name", "moved"),
    [
        (fuse_norms, "mlp_norm", 2 * ROWS + 2 * 8192),  # in, out, weight
        (fuse_residual_norms, "residual_mlp_norm", 4 * ROWS + 2 * 8192),  # two in, two out
        (fuse_all_reduce_norms, "all_reduce_mlp_norm", 4 * ROWS + 2 * 8192),
        (fuse_swiglu, "swiglu", 3 * 32 * 3584 * 2),  # gate and up in, one out; 28672 / 8 columns
        # activations and both weights in, one product out
        (fuse_swiglu_epilogue, "gate_up_swiglu", ROWS + 2 * 3584 * 8192 * 2 + 32 * 3584 * 2),
        # Q and K in and rotated, V in, new rows of both caches out; RoPE of K is the cache's row
        (lambda g: fuse_rope(static_cache(g)), "rope_append", 32 * 128 * 2 * (8 + 8 + 4)),
        # one read of the scores in bf16 and one write: 4 of the 8 bytes; matmul and PV have the others
        (fuse_softmax, "softmax", 4 * 32 * 8 * 4096),
    ],
    ids=["norm", "residual", "all-reduce", "swiglu", "epilogue", "rope", "softmax"],
)
def test_fused_kernels_move_what_crosses_their_border(rewrite, name, moved):
    before = GRAPHS["decode"]
    if rewrite is fuse_all_reduce_norms:
        before = fuse_residual_norms(before)
    assert kernel_named(rewrite(before), name).traffic == moved


def test_partially_fused_scores_move_8_bytes_each():
    graph = fuse_softmax(GRAPHS["decode"])
    moved = sum(
        size
        for kernel in kernels(graph)
        for name, size in (*kernel.reads.items(), *kernel.writes.items())
        if graph.tensors[name].role is Role.SCORES
    )
    assert moved == 8 * 32 * 8 * 4096


@pytest.mark.parametrize("name", sorted(GRAPHS))
@pytest.mark.parametrize(
    "rewrite",
    [
        merge_projections,
        fuse_norms,
        fuse_residual_norms,
        fuse_all_reduce_norms,
        fuse_rope,
        fuse_softmax,
        fuse_swiglu,
        fuse_swiglu_epilogue,
    ],
)
def test_each_fusion_obeys_the_law_and_is_idempotent(rewrite, name):
    once = rewrite(GRAPHS[name])
    assert_law(GRAPHS[name], once)
    assert rewrite(once).groups == once.groups
