"""What a decoder keeps of a sequence, and which of its parameters a token uses."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from families import FAMILIES, LATENT, LLAMA, MIXTURE, PUBLISHED, SINKS, WINDOWED
from ironlaw.registry.dtypes import Dtype
from ironlaw.workload.spec import Experts

EVERY = pytest.mark.parametrize("spec", FAMILIES, ids=lambda spec: spec.name)


@EVERY
def test_parameters_by_hand_are_the_publishers(spec):
    assert spec.total_params == PUBLISHED[spec.name]


def test_a_latent_cache_is_one_vector_for_all_heads():
    assert LATENT.cache_per_token(Dtype.BF16) == 61 * (512 + 64) * 2
    assert LATENT.cache_per_sequence(1000.0, Dtype.BF16) == 61 * (512 + 64) * 2 * 1000


def test_a_windowed_layer_keeps_its_window():
    token = 2 * 16 * 128 * 2  # of one layer
    assert WINDOWED.cache_per_sequence(500.0, Dtype.BF16) == 62 * token * 500
    assert WINDOWED.cache_per_sequence(5000.0, Dtype.BF16) == token * (10 * 5000 + 52 * 1024)


@EVERY
@given(context=st.integers(1, 200_000))
def test_a_longer_sequence_keeps_more_and_none_more_than_all_its_tokens(spec, context):
    kept = spec.cache_per_sequence(float(context), Dtype.BF16)
    assert 0 < kept <= context * spec.cache_per_token(Dtype.BF16)
    assert spec.cache_per_sequence(float(context + 1), Dtype.BF16) >= kept
    assert spec.cache_per_sequence(float(context), Dtype.FP8) == kept / 2
    if not spec.windowed_layers:
        assert kept == context * spec.cache_per_token(Dtype.BF16)


@EVERY
def test_a_sweep_of_contexts_equals_its_scalars(spec):
    contexts = np.array([1.0, 127.0, 128.0, 4097.0, 100_000.0])
    swept = spec.cache_per_sequence(contexts, Dtype.BF16)
    assert list(swept) == [spec.cache_per_sequence(float(c), Dtype.BF16) for c in contexts]


def test_of_experts_only_those_of_a_token_are_active():
    assert LLAMA.active_params == LLAMA.total_params
    assert MIXTURE.total_params - MIXTURE.active_params == 32 * 6 * 3 * 4096 * 14_336
    all_of_them = replace(MIXTURE, experts=replace(MIXTURE.experts, top_k=8))
    assert all_of_them.active_params == MIXTURE.total_params


def test_shared_experts_are_always_active():
    shared = replace(MIXTURE, experts=replace(MIXTURE.experts, d_shared=100))
    more = 32 * 3 * 4096 * 100
    assert shared.total_params - MIXTURE.total_params == more
    assert shared.active_params - MIXTURE.active_params == more


@pytest.mark.parametrize(
    ("change", "parameters"),
    [
        ({"qkv_bias": True}, 32 * (32 + 16) * 128),
        ({"output_bias": True}, 32 * 4096),
        ({"mlp_bias": True}, 32 * (2 * 14_336 + 4096)),
        ({"qk_norm": True}, 32 * 2 * 128),
        ({"qk_norm": True, "qk_norm_weights": False}, 0),
        ({"norms": 4}, 32 * 2 * 4096),
        ({"norm_bias": True}, 65 * 4096),
        ({"sinks": True}, 32 * 32),
        ({"tied_embeddings": True}, -128_256 * 4096),
        ({"learned_positions": True}, 8192 * 4096),
        ({"gated": False}, -32 * 4096 * 14_336),
        ({"window": 7, "windowed_layers": 3}, 0),
    ],
    ids=str,
)
def test_what_a_trait_adds(change, parameters):
    assert replace(LLAMA, **change).total_params - LLAMA.total_params == parameters


def test_experts_have_biases_where_the_feed_forward_network_has():
    without = replace(SINKS, mlp_bias=False)
    assert SINKS.total_params - without.total_params == 36 * 128 * (2 * 2880 + 2880)


def test_layers_are_dense_or_have_experts():
    mixed = replace(LLAMA, experts=Experts(n_experts=4, top_k=1, d_expert=10, n_layers=20))
    assert (mixed.dense_layers, mixed.expert_layers, LLAMA.expert_layers) == (12, 20, 0)
