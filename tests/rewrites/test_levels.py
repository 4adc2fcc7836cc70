"""The levels None, Partial and Full: launches, bytes and FLOPs of the dossier."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ironlaw.rewrites.attention import fuse_attention, fuse_softmax, skip_masked, static_cache
from ironlaw.rewrites.fusion import (
    fuse_all_reduce_norms,
    fuse_norms,
    fuse_residual_norms,
    fuse_rope,
    fuse_swiglu,
    fuse_swiglu_epilogue,
    merge_projections,
)
from ironlaw.rewrites.levels import FusionLevel, at_level
from ironlaw.system.question import load_decoder
from ironlaw.workload.decoder import decoder_blocks
from ironlaw.workload.kernels import kernels
from ironlaw.workload.spec import Phase, Request

LAW = settings(deadline=None, derandomize=True, max_examples=40)
SPEC = load_decoder("llama-3-70b")
PARTIAL = (
    static_cache,
    merge_projections,
    fuse_norms,
    fuse_residual_norms,
    fuse_rope,
    fuse_softmax,
    fuse_swiglu,
)
FULL = (
    static_cache,
    skip_masked,
    merge_projections,
    fuse_norms,
    fuse_residual_norms,
    fuse_all_reduce_norms,
    fuse_rope,
    fuse_attention,
    fuse_swiglu_epilogue,
)


def eager(phase=Phase.DECODE, batch=32.0, context=4096.0, tp=8):
    asked = Request(phase=phase, batch=batch, context_len=context, tensor_parallel=tp)
    return decoder_blocks(SPEC, asked)


def total(blocks, what: str) -> float:
    return sum(getattr(k, what) * block.count for block in blocks for k in kernels(block.graph))


def launches(blocks) -> int:
    return sum(len(block.graph.groups) * block.count for block in blocks)


@pytest.mark.parametrize("phase", list(Phase))
@pytest.mark.parametrize(
    ("level", "in_a_layer", "in_a_step"),
    [
        # once: embedding 1, all-reduce 1, first norm 8 or 1, LM head, gather, sampling
        (FusionLevel.NONE, 50, 80 * 50 + 1 + 1 + 8 + 3),
        (FusionLevel.PARTIAL, 15, 80 * 15 + 1 + 1 + 1 + 3),
        (FusionLevel.FULL, 8, 80 * 8 + 1 + 1 + 3),  # = 645; the first norm joins its all-reduce
    ],
)
def test_launches(level, in_a_layer, in_a_step, phase):
    blocks = at_level(eager(phase), level)
    assert len(blocks[1].graph.groups) == in_a_layer
    assert launches(blocks) == in_a_step


@pytest.mark.parametrize(
    ("level", "gigabytes"),
    [(FusionLevel.NONE, 123.7), (FusionLevel.PARTIAL, 110.0), (FusionLevel.FULL, 23.3)],
)
def test_a_decode_step_moves_what_the_dossier_says(level, gigabytes):
    assert total(at_level(eager(), level), "traffic") / 1e9 == pytest.approx(gigabytes, rel=0.01)


@pytest.mark.parametrize("level", list(FusionLevel))
def test_a_decode_step_does_the_same_work_at_each_level(level):
    assert total(at_level(eager(), level), "flops") == pytest.approx(599.99e9, rel=0.002)
    assert total(at_level(eager(), level), "flops") == total(eager(), "flops")


@pytest.mark.parametrize("level", list(FusionLevel))
@pytest.mark.parametrize("phase", list(Phase))
def test_each_operator_is_in_one_kernel(level, phase):
    for before, after in zip(eager(phase), at_level(eager(phase), level), strict=True):
        members = [m for group in after.graph.groups for m in group.members]
        assert sorted(members) == sorted(before.graph.operators)


@given(
    st.sampled_from(list(Phase)),
    st.integers(1, 256),
    st.integers(2, 32_768),
    st.sampled_from([1, 2, 4, 8]),
)
@LAW
def test_more_fusion_never_moves_more(phase, batch, context, tp):
    blocks = eager(phase, float(batch), float(context), tp)
    none, partial, full = (total(at_level(blocks, level), "traffic") for level in FusionLevel)
    assert full <= partial <= none


def cut_of(graph) -> set[frozenset[str]]:
    return {frozenset(group.members) for group in graph.groups}


def rewritten(graph, rewrites):
    for rewrite in rewrites:
        graph = rewrite(graph)
    return graph


@pytest.mark.parametrize(
    ("level", "rewrites"), [(FusionLevel.PARTIAL, PARTIAL), (FusionLevel.FULL, FULL)]
)
@given(data=st.data())
@LAW
def test_the_order_of_the_rewrites_does_not_matter(level, rewrites, data):
    phase = data.draw(st.sampled_from(list(Phase)))
    graph = eager(phase, 2.0, 512.0)[1].graph
    shuffled = rewritten(graph, data.draw(st.permutations(rewrites)))
    expected = at_level(eager(phase, 2.0, 512.0), level)[1].graph
    assert cut_of(shuffled) == cut_of(expected)
    moved, wanted = (sum(k.traffic for k in kernels(g)) for g in (shuffled, expected))
    assert moved == wanted


@pytest.mark.parametrize("phase", list(Phase))
@pytest.mark.parametrize("level", list(FusionLevel))
def test_a_level_applied_twice_is_applied_once(level, phase):
    once = at_level(eager(phase), level)
    twice = at_level(once, level)
    assert total(twice, "traffic") == total(once, "traffic")
    assert total(twice, "flops") == total(once, "flops")


def test_sizes_of_another_question_do_not_leak_through_the_kept_cut():
    small = at_level(eager(batch=1.0, context=16.0), FusionLevel.FULL)
    large = at_level(eager(), FusionLevel.FULL)
    again = at_level(eager(batch=1.0, context=16.0), FusionLevel.FULL)
    assert total(small, "traffic") == total(again, "traffic") < total(large, "traffic")
