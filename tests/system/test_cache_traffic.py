"""Amplification of the KV cache: the oracles, and the algebra behind them."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ironlaw.rewrites.attention import flash_attention, static_cache
from ironlaw.system.cache_traffic import cache_traffic
from ironlaw.system.diagnosis import Launches, diagnose
from ironlaw.system.memory import footprint
from ironlaw.system.question import load_decoder, scenario
from ironlaw.workload.decoder import decoder_blocks
from ironlaw.workload.graph import Block
from ironlaw.workload.kernels import kernels
from ironlaw.workload.spec import Phase, Request

LAW = settings(deadline=None, derandomize=True, max_examples=40)
SPEC = load_decoder("llama-3-70b")


def rewritten(rewrite, spec=SPEC, batch=32.0, context=4096.0, tp=8):
    """Cache traffic of a layer under one rewrite alone: what a diagnosis would hold of it."""
    asked = Request(phase=Phase.DECODE, batch=batch, context_len=context, tensor_parallel=tp)
    block = Block("layer", rewrite(decoder_blocks(spec, asked)[1].graph), spec.n_layers)
    cut = kernels(block.graph)
    launches = [Launches(SimpleNamespace(kernel=k), block.count) for k in cut]
    memory = footprint([(block, cut)])
    return cache_traffic(SimpleNamespace(launches=launches, footprint=memory))


@pytest.mark.parametrize(
    ("fusion", "amplification"),
    [
        ("none", 19.375),  # 17.375 and the concatenation's read and write
        ("partial", 17.125),  # 1 + 8 + 8, and 8 of the 24 bytes a score
        ("full", 1.0),
    ],
)
@pytest.mark.parametrize(("batch", "context"), [(32, 4096), (16, 8192), (2, 2048)])
def test_amplification_of_the_levels(fusion, amplification, batch, context):
    found = diagnose(
        scenario("llama-3-70b", "h100-sxm", batch=batch, context=context, tp=8, fusion=fusion)
    )
    assert cache_traffic(found).amplification == pytest.approx(amplification, rel=0.01)


def test_amplification_of_a_static_cache():
    assert rewritten(static_cache).amplification == 17.375  # 1 + 8 + 8 + 24·64/4096
    assert rewritten(lambda graph: graph).amplification == pytest.approx(19.375, rel=1e-3)


@given(
    st.sampled_from([1, 2, 4, 8, 16, 32]),
    st.sampled_from([64, 128, 256]),
    st.integers(1, 64),
    st.integers(1, 16_384),
)
@LAW
def test_amplification_follows_group_and_head_width(group, d_head, batch, context):
    spec = replace(SPEC, n_kv_heads=64 // group, d_head=d_head)
    found = rewritten(static_cache, spec, float(batch), float(context), 1)
    # expansion reads once and writes G copies, attention reads them; a score of 24 B stands
    # beside 4·d_h/G bytes of cache. Without shared heads nothing is expanded.
    copies = 1 + 2 * group if group > 1 else 1
    assert found.amplification == pytest.approx(copies + 6 * group / d_head, rel=1e-12)
    fused = rewritten(
        lambda graph: flash_attention(static_cache(graph)), spec, float(batch), float(context), 1
    )
    assert fused.amplification == 1.0
    assert fused.makers == {}


def test_the_makers_of_the_copies_are_named():
    found = rewritten(static_cache)
    half = 8 * 80 * 32 * 4096 * 128 * 2  # eight copies of K in all layers
    assert found.makers == {"expand_k": half, "expand_v": half}
    assert found.once == 2 * half / 8
    assert found.copied_share == pytest.approx(1 - 1 / 17.375)


def test_one_pass_copies_nothing():
    assert rewritten(lambda g: flash_attention(static_cache(g))).copied_share == 0.0
