"""Latent attention: one vector a token is the cache of all heads."""

from __future__ import annotations

from dataclasses import replace

import pytest

from families import LATENT
from ironlaw.workload.decoder import decoder_blocks
from ironlaw.workload.graph import OpKind, Role
from ironlaw.workload.spec import Phase, Request


def layer(spec=LATENT, phase=Phase.DECODE, batch=4.0, context=1024.0, tp=1):
    asked = Request(phase=phase, batch=batch, context_len=context, tensor_parallel=tp)
    return decoder_blocks(spec, asked)[1].graph


def cache(graph) -> float:
    caches = [t for t in graph.tensors.values() if t.role is Role.KV_CACHE and "past" not in t.name]
    return sum(tensor.size for tensor in caches)


@pytest.mark.parametrize("phase", list(Phase))
@pytest.mark.parametrize("tp", [1, 8])
def test_the_cache_of_a_token_is_one_latent_on_every_chip(phase, tp):
    step = Request(phase=phase, batch=4.0, context_len=1024.0, tensor_parallel=tp)
    total = sum(cache(block.graph) * block.count for block in decoder_blocks(LATENT, step))
    assert total == 61 * 576 * 2 * 4 * 1024


def test_a_new_token_reads_the_latents_once_for_all_heads():
    graph = layer()
    whole = 4 * 1024 * 576 * 2
    assert graph.operators["scores"].reads["latent_cache"] == whole
    assert graph.operators["values"].reads["latent_cache"] == 4 * 1024 * 512 * 2
    shape = graph.operators["scores"].shape
    assert (shape.n_heads, shape.n_kv_heads, shape.d_head, shape.d_value) == (128, 1, 576, 512)
    assert shape.is_latent
    assert not [name for name in graph.operators if name.startswith(("expand_k", "expand_v."))]


def test_absorbed_flops_by_hand():
    operators = layer().operators
    assert operators["absorb_queries"].flops == 2 * 4 * 128 * 128 * 512
    assert operators["scores"].flops == 2 * 4 * 128 * 1024 * 576
    assert operators["values"].flops == 2 * 4 * 128 * 1024 * 512
    assert operators["expand_values"].flops == 2 * 4 * 128 * 512 * 128
    assert operators["absorb_queries"].kind is OpKind.BATCHED_GEMM


def test_a_prompt_is_read_with_the_heads_expanded():
    operators = layer(phase=Phase.PREFILL, batch=1.0).operators
    assert operators["kv_up_proj"].flops == 2 * 1024 * 128 * (128 + 128) * 512
    assert operators["scores"].flops == 2 * 128 * 1024 * 1024 * 192
    assert operators["values"].flops == 2 * 128 * 1024 * 1024 * 128
    assert operators["scores"].shape.n_kv_heads == 128.0


def test_compressing_matrices_are_on_every_chip_and_heads_are_split():
    alone, shared = layer(), layer(tp=8)
    for name, factor in (("q_down_proj", 1), ("kv_down_proj", 1), ("q_up_proj", 8), ("o_proj", 8)):
        weight = f"{name}.weight"
        assert shared.tensors[weight].size * factor == alone.tensors[weight].size


def test_queries_are_not_compressed_where_the_model_does_not():
    plain = replace(LATENT, latent=replace(LATENT.latent, query_rank=0))
    operators = layer(plain).operators
    assert operators["q_proj"].shape.n == 128 * 192
    assert not {"q_down_proj", "query_norm.mean"} & set(operators)


def test_heads_need_not_divide_a_key_value_head():
    assert layer(replace(LATENT, n_kv_heads=1), tp=8).operators["scores"].shape.n_heads == 16.0
