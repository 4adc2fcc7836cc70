"""A cache that is rewritten whole exists twice while its layer runs."""

from __future__ import annotations

from dataclasses import replace

from ironlaw.rewrites.attention import static_cache
from ironlaw.system.memory import footprint
from ironlaw.system.question import load_decoder
from ironlaw.workload.decoder import decoder_blocks
from ironlaw.workload.kernels import kernels
from ironlaw.workload.spec import Phase, Request


def test_concatenation_needs_room_for_a_second_cache_of_a_layer():
    # heads that share nothing: there are no copies, and scores are small beside the cache
    spec = replace(load_decoder("llama-3-8b"), n_kv_heads=32)
    request = Request(phase=Phase.DECODE, batch=64.0, context_len=4096.0)
    layer = next(b for b in decoder_blocks(spec, request) if b.name == "layer")
    static = replace(layer, graph=static_cache(layer.graph))
    joined, appended = (footprint([(b, kernels(b.graph))]) for b in (layer, static))
    # keys (or values) of one layer: 64 sequences, 4,096 tokens, 32 heads of 128, two bytes
    second = 64 * 4096 * 32 * 128 * 2
    assert joined.cache == appended.cache == 32 * 2 * second
    assert second <= joined.activations < 1.1 * second
    assert appended.activations < 0.1 * second
