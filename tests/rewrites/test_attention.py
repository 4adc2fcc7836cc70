"""Static cache, causal skipping and FlashAttention: what each takes away."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ironlaw.rewrites.attention import (
    flash_attention,
    fuse_attention,
    kept_fraction,
    skip_masked,
    static_cache,
)
from ironlaw.rewrites.fusion import fuse_rope
from ironlaw.system.question import load_decoder
from ironlaw.workload.decoder import decoder_blocks
from ironlaw.workload.graph import AttentionShape
from ironlaw.workload.kernels import kernels
from ironlaw.workload.spec import Phase, Request

LAW = settings(deadline=None, derandomize=True, max_examples=40)
SPEC = load_decoder("llama-3-70b")


def layer(phase=Phase.DECODE, batch=32.0, context=4096.0, tp=8, spec=SPEC):
    asked = Request(phase=phase, batch=batch, context_len=context, tensor_parallel=tp)
    return decoder_blocks(spec, asked)[1].graph


def traffic_of(graph, *names: str) -> float:
    return sum(kernel.traffic for kernel in kernels(graph) if kernel.name in names)


def test_a_static_cache_appends_rows_alone():
    graph = static_cache(layer())
    rows = 32 * 1 * 128 * 2  # B · H_kv/t · d_h · 2 B
    assert traffic_of(graph, "cache_k", "cache_v") == 2 * 2 * rows
    assert "k_past" not in graph.tensors


def test_a_static_cache_changes_no_flops_and_is_idempotent():
    once = static_cache(layer())
    assert [op.flops for op in once.operators.values()] == [
        op.flops for op in layer().operators.values()
    ]
    twice = static_cache(once)
    assert [k.traffic for k in kernels(twice)] == [k.traffic for k in kernels(once)]


def test_graphs_without_attention_pass_through():
    head = decoder_blocks(SPEC, Request(phase=Phase.DECODE, batch=1.0, context_len=8.0))[2].graph
    for rewrite in (static_cache, skip_masked, flash_attention):
        assert rewrite(head) is head


def test_flash_decoding_reads_the_cache_once():
    graph = flash_attention(static_cache(layer()))
    cache = 2 * 32 * 4096 * 1 * 128 * 2
    queries = 32 * 8 * 128 * 2
    assert traffic_of(graph, "flash_attention") == cache + 2 * queries  # and Q in, output out


@given(
    st.sampled_from([1, 2, 4, 8, 16]),
    st.sampled_from([64, 128, 256]),
    st.integers(1, 64),
    st.integers(2, 16_384),
)
@LAW
def test_flash_decoding_lowers_reads_of_keys_and_values_by_the_group(group, d_head, batch, context):
    spec = replace(SPEC, n_kv_heads=64 // group, d_head=d_head)
    eager = static_cache(layer(batch=float(batch), context=float(context), tp=1, spec=spec))
    flash = flash_attention(eager)
    read = {
        name: size
        for kernel in kernels(eager)
        if kernel.name in ("scores", "values")
        for name, size in kernel.reads.items()
        if name in ("k_expanded", "v_expanded", "k_cache", "v_cache")
    }
    fused = next(kernel for kernel in kernels(flash) if kernel.name == "flash_attention")
    cache = fused.reads["k_cache"] + fused.reads["v_cache"]
    assert sum(read.values()) == group * cache
    moved_eager, moved_flash = (sum(k.traffic for k in kernels(g)) for g in (eager, flash))
    assert moved_flash < moved_eager


@pytest.mark.parametrize("context", [1, 2, 128, 1000, 8192])
def test_prefill_skips_exactly_what_the_mask_would_erase(context):
    eager = layer(Phase.PREFILL, 2.0, float(context))
    flash = flash_attention(eager)
    kept = Fraction(context + 1, 2 * context)  # S·(S+1)/2 of S² pairs
    for name in ("scores", "values"):
        before, after = eager.operators[name].flops, flash.operators[name].flops
        assert after == pytest.approx(float(before * kept), rel=1e-15)


def test_decode_has_nothing_to_skip():
    eager, skipped = layer(), skip_masked(layer())
    for name, operator in eager.operators.items():
        assert skipped.operators[name].flops == operator.flops


def test_masked_blocks_are_skipped_only_once():
    once = skip_masked(layer(Phase.PREFILL, 1.0, 1024.0))
    assert skip_masked(once).operators["scores"].flops == once.operators["scores"].flops


@pytest.mark.parametrize(
    ("new", "context", "kept"),
    [
        (4, 4, 10 / 16),  # 1 + 2 + 3 + 4 of 16 pairs
        (2, 4, 7 / 8),  # 3 + 4 of 8 pairs
        (1, 4, 1.0),
    ],
)
def test_kept_pairs_by_hand(new, context, kept):
    shape = AttentionShape(
        decode=False,
        batch=1.0,
        query_len=float(new),
        context_len=float(context),
        n_heads=8.0,
        n_kv_heads=1.0,
        d_head=128.0,
        causal=True,
    )
    assert kept_fraction(shape) == kept
    assert kept_fraction(replace(shape, causal=False)) == 1.0


@pytest.mark.parametrize("phase", list(Phase))
def test_flash_and_append_together_still_write_the_cache(phase):
    graph = fuse_attention(fuse_rope(static_cache(layer(phase, 2.0, 256.0))))
    written = {name for kernel in kernels(graph) for name in kernel.writes}
    assert {"k_cache", "v_cache"} <= written
    assert not {"scores", "k_expanded", "probabilities"} & written
