"""The levels of fusion on every family of decoders."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from families import (
    FAMILIES,
    GATED_SHARE,
    LATENT,
    LLAMA,
    MIXTURE,
    PLACED,
    PLAIN,
    QWEN,
    SINKS,
    WINDOWED,
)
from ironlaw.registry.dtypes import Dtype
from ironlaw.rewrites.attention import (
    fuse_attention,
    fuse_softmax,
    kept_fraction,
    skip_masked,
    static_cache,
)
from ironlaw.rewrites.fusion import (
    fuse_all_reduce_norms,
    fuse_head_norms,
    fuse_norms,
    fuse_residual_norms,
    fuse_rope,
    fuse_routing,
    fuse_swiglu,
    fuse_swiglu_epilogue,
    merge_projections,
)
from ironlaw.rewrites.levels import FusionLevel, at_level
from ironlaw.rewrites.precision import quantise_cache, quantise_weights
from ironlaw.workload.decoder import decoder_blocks
from ironlaw.workload.graph import Role
from ironlaw.workload.kernels import kernels
from ironlaw.workload.spec import Phase, Request

LAW = settings(deadline=None, derandomize=True, max_examples=40)
PARTIAL = (
    static_cache, merge_projections, fuse_norms, fuse_residual_norms, fuse_rope, fuse_softmax,
    fuse_swiglu, fuse_routing,
)  # fmt: skip
FULL = (
    static_cache, skip_masked, merge_projections, fuse_norms, fuse_residual_norms,
    fuse_all_reduce_norms, fuse_head_norms, fuse_attention, fuse_swiglu_epilogue, fuse_routing,
)  # fmt: skip


def eager(spec, phase=Phase.DECODE, batch=4.0, context=2048.0, **layout):
    return decoder_blocks(spec, Request(phase=phase, batch=batch, context_len=context, **layout))


def total(blocks, what: str) -> float:
    return sum(getattr(k, what) * block.count for block in blocks for k in kernels(block.graph))


def names(spec, level, block=1, **asked) -> list[str]:
    return [kernel.name for kernel in kernels(at_level(eager(spec, **asked), level)[block].graph)]


def test_kernels_of_a_full_layer_by_hand():
    full = FusionLevel.FULL
    dense = ["qkv_proj", "rope_append", "flash_attention", "o_proj", "residual_mlp_norm",
             "gate_up_swiglu", "down_proj", "residual_next_norm"]  # fmt: skip
    assert sorted(names(LLAMA, full)) == sorted(dense)
    assert sorted(names(QWEN, full)) == sorted(dense)  # the norms of heads run with the rotation
    assert len(names(WINDOWED, full)) == 8 + 2  # what attention and network add is normalised
    assert names(PLAIN, full)[-3:] == ["up_activation", "down_proj", "residual_next_norm"]
    assert names(MIXTURE, full)[-4:] == ["router", "route", "experts", "residual_next_norm"]
    assert len(names(SINKS, full)) == 9


def test_kernels_of_a_full_latent_layer_by_hand():
    head = ["qkv_down_proj", "query_norm", "q_up_proj", "latent_norm"]
    tail = ["o_proj", "residual_mlp_norm"]
    absorbed = ["absorb_queries", "rope_append", "flash_attention", "expand_values"]
    dense = ["gate_up_swiglu", "down_proj", "residual_next_norm"]
    expert = ["router", "route", "experts", "add_shared", *dense]
    full, prefill = FusionLevel.FULL, Phase.PREFILL
    assert sorted(names(LATENT, full)) == sorted([*head, *absorbed, *tail, *dense])
    assert sorted(names(LATENT, full, 2)) == sorted([*head, *absorbed, *tail, *expert])
    expanded = ["kv_up_proj", "rope_append", "flash_attention"]
    found = names(LATENT, full, phase=prefill)
    assert sorted(found) == sorted([*head, *expanded, *tail, *dense])


@pytest.mark.parametrize(
    ("spec", "block", "layout", "count"),
    [
        (LLAMA, 1, {}, 48),
        (LLAMA, 1, {"tensor_parallel": 2}, 50),
        (WINDOWED, 1, {}, 48 + 2 * 8 + 2 * 8),  # norms of Q, K, and of what each block adds
        (PLAIN, 1, {}, 48 - 2 + 2),  # no gate: one matrix and one product fewer; norms with biases
        (PLACED, 1, {}, 48 - 2 + 2 - 2 - 10),  # nothing to expand, nothing to rotate
        (MIXTURE, 1, {}, 48 - 5 + 4),  # five operators give way to router, softmax, choice, experts
        (MIXTURE, 1, {"expert_parallel": 2}, 48 - 5 + 4 + 2),
        (SINKS, 1, {}, 48 - 5 + 4 + 1),
        (GATED_SHARE, 1, {}, 48 - 2 + 4 + 3),  # nothing to expand; gate, scale and sum of the share
    ],
)
def test_kernels_of_an_eager_layer_by_hand(spec, block, layout, count):
    assert len(names(spec, FusionLevel.NONE, block, **layout)) == count


@pytest.mark.parametrize("spec", FAMILIES, ids=lambda spec: spec.name)
@pytest.mark.parametrize("phase", list(Phase))
@pytest.mark.parametrize("tp", [1, 2])
def test_more_fusion_means_fewer_kernels_that_move_less(spec, phase, tp):
    blocks = eager(spec, phase, tensor_parallel=tp)
    levels = [at_level(blocks, level) for level in FusionLevel]
    launches = [sum(len(b.graph.groups) * b.count for b in blocks) for blocks in levels]
    moved = [total(blocks, "traffic") for blocks in levels]
    assert launches[2] < launches[1] < launches[0]
    assert moved[2] <= moved[1] <= moved[0]


@pytest.mark.parametrize("spec", FAMILIES, ids=lambda spec: spec.name)
@pytest.mark.parametrize("level", list(FusionLevel))
def test_a_decode_step_does_the_same_work_at_each_level(spec, level):
    assert total(at_level(eager(spec), level), "flops") == total(eager(spec), "flops")


@pytest.mark.parametrize(
    ("level", "rewrites"), [(FusionLevel.PARTIAL, PARTIAL), (FusionLevel.FULL, FULL)]
)
@given(data=st.data())
@LAW
def test_the_order_of_the_rewrites_does_not_matter(level, rewrites, data):
    spec = data.draw(st.sampled_from(FAMILIES))
    phase = data.draw(st.sampled_from(list(Phase)))
    tp = data.draw(st.sampled_from([1, 2]))
    order = data.draw(st.permutations(rewrites))
    expected = at_level(eager(spec, phase, 2.0, 512.0, tensor_parallel=tp), level)
    for plain, wanted in zip(
        eager(spec, phase, 2.0, 512.0, tensor_parallel=tp), expected, strict=True
    ):
        graph = plain.graph
        for rewrite in order:
            graph = rewrite(graph)
        assert {frozenset(g.members) for g in graph.groups} == {
            frozenset(g.members) for g in wanted.graph.groups
        }


def attention_traffic(spec, level, **asked) -> float:
    """Bytes of cache, copies of it and scores that cross a border."""
    moved = 0.0
    for block in at_level(eager(spec, **asked), level):
        roles = {name: tensor.role for name, tensor in block.graph.tensors.items()}
        for kernel in kernels(block.graph):
            for sizes in (kernel.reads, kernel.writes):
                for name, size in sizes.items():
                    if roles[name] in (Role.KV_CACHE, Role.KV_COPY, Role.SCORES):
                        moved += size * block.count
    return moved


@given(st.sampled_from(FAMILIES), st.integers(1, 64), st.integers(2, 32_768))
@LAW
def test_fused_attention_never_moves_more_of_the_cache(spec, batch, context):
    asked = {"batch": float(batch), "context": float(context)}
    moved = [attention_traffic(spec, level, **asked) for level in FusionLevel]
    assert moved[2] <= moved[1] <= moved[0]


@pytest.mark.parametrize("spec", [LLAMA, QWEN, MIXTURE, SINKS], ids=lambda spec: spec.name)
def test_fused_attention_reads_the_cache_once_instead_of_once_a_query_head(spec):
    group = spec.n_heads / spec.n_kv_heads
    graphs = [
        at_level(eager(spec, context=8192.0), level)[1].graph
        for level in (FusionLevel.PARTIAL, FusionLevel.FULL)
    ]
    apart, fused = ({k.name: k for k in kernels(graph)} for graph in graphs)
    cached = graphs[1].tensors["k_cache"].size
    assert fused["flash_attention"].reads["k_cache"] == cached
    assert apart["scores"].reads["k_expanded"] == group * cached


def test_latents_enter_the_fused_kernel_once():
    fused = next(
        kernel
        for kernel in kernels(at_level(eager(LATENT), FusionLevel.FULL)[1].graph)
        if kernel.name == "flash_attention"
    )
    assert fused.reads["latent_cache"] == 4 * 2048 * 576 * 2


@pytest.mark.parametrize("spec", FAMILIES, ids=lambda spec: spec.name)
@pytest.mark.parametrize("dtype", [Dtype.FP8, Dtype.INT8, Dtype.INT4, Dtype.MXFP4, Dtype.NVFP4])
def test_weights_of_layers_scale_with_their_format(spec, dtype):
    kept = ("embedding", "lm_head", "router", "shared_gate")
    for block in eager(spec):
        graph = quantise_weights(block.graph, dtype)
        for name, tensor in block.graph.tensors.items():
            owner = name.removesuffix(".weight")
            shape = getattr(block.graph.operators.get(owner), "shape", None)
            narrow = name.endswith(".weight") and shape is not None and owner not in kept
            factor = dtype.size / 2 if narrow else 1.0
            assert graph.tensors[name].size == tensor.size * factor, name
        assert [op.flops for op in graph.operators.values()] == [
            op.flops for op in block.graph.operators.values()
        ]


@pytest.mark.parametrize("spec", FAMILIES, ids=lambda spec: spec.name)
def test_a_quantised_cache_is_half_as_large(spec):
    for block in eager(spec):
        graph = quantise_cache(block.graph, Dtype.FP8)
        for name, tensor in block.graph.tensors.items():
            factor = 0.5 if tensor.role is Role.KV_CACHE else 1.0
            assert graph.tensors[name].size == tensor.size * factor


def test_new_rows_alone_are_appended_to_a_static_cache():
    graph = static_cache(eager(LATENT)[1].graph)
    assert graph.operators["cache_latent"].writes == {"latent_cache": 4 * 576 * 2}
    windowed = static_cache(eager(WINDOWED)[2].graph)
    assert windowed.operators["cache_k"].writes == {"k_cache": 4 * 16 * 128 * 2}


@pytest.mark.parametrize(("context", "kept"), [(512.0, 513 / 1024), (4096.0, None)])
def test_blocks_outside_the_window_are_skipped(context, kept):
    graph = eager(WINDOWED, Phase.PREFILL, 1.0, context)[2].graph
    share = kept_fraction(graph.operators["scores"].shape)
    inside = sum(min(1024, i) for i in range(1, int(context) + 1))
    assert share == pytest.approx(inside / context**2, rel=1e-12)
    assert kept is None or share == pytest.approx(kept, rel=1e-12)
