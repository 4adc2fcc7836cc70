"""Experts: how many a batch asks for, what they read, and where they live."""

from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from families import FINE, GATED_SHARE, LATENT, MIXTURE, SINKS
from ironlaw.base.errors import DomainError
from ironlaw.workload.decoder import decoder_blocks
from ironlaw.workload.experts import distinct_experts, largest_expert_count
from ironlaw.workload.hottest import hottest_active, hottest_rows
from ironlaw.workload.router import EVEN, Law, Routing
from ironlaw.workload.spec import Phase, Request

LAW = settings(deadline=None, derandomize=True, max_examples=80)


def layer(spec, phase=Phase.DECODE, batch=8.0, context=1024.0, **layout):
    asked = Request(phase=phase, batch=batch, context_len=context, **layout)
    found = decoder_blocks(spec, asked)
    return next(block.graph for block in found if "expert layer" in block.name)


@pytest.mark.parametrize(
    ("n_experts", "top_k", "tokens", "distinct"),
    [(8, 2, 8, 7.199), (128, 8, 32, 111.77), (8, 2, 1, 2.0), (16, 16, 5, 16.0), (4, 1, 0, 0.0)],
)
def test_distinct_experts_of_a_batch(n_experts, top_k, tokens, distinct):
    found = distinct_experts(float(n_experts), float(top_k), float(tokens))
    assert found == pytest.approx(distinct, rel=1e-4)


def test_distinct_experts_are_the_mean_over_every_choice():
    sets = list(itertools.combinations(range(5), 2))
    mean = sum(len(set(a) | set(b)) for a in sets for b in sets) / len(sets) ** 2
    assert distinct_experts(5.0, 2.0, 2.0) == pytest.approx(mean, rel=1e-12)


@given(st.integers(1, 512), st.data(), st.integers(1, 100_000))
@LAW
def test_more_tokens_ask_for_more_experts_and_never_for_more_than_there_are(n, data, tokens):
    k = data.draw(st.integers(1, n))
    one, two = (distinct_experts(float(n), float(k), float(t)) for t in (tokens, tokens + 1))
    assert k * (1 - 1e-12) <= one <= two <= n


def test_a_token_cannot_choose_more_than_there_are():
    with pytest.raises(DomainError, match=r"top_k = 9\.0 is outside 1 to the 8 experts"):
        distinct_experts(8.0, 9.0, 4.0)


@pytest.mark.parametrize(("n", "k", "tokens"), [(8, 2, 64), (128, 8, 512), (256, 8, 4096)])
def test_the_most_wanted_expert_is_where_draws_put_it(n, k, tokens):
    rng = np.random.default_rng(7)
    peaks = []
    for _ in range(20):
        chosen = np.argsort(rng.random((tokens, n)), axis=1)[:, :k]
        peaks.append(np.bincount(chosen.ravel(), minlength=n).max())
    mean = sum(peaks) / len(peaks)
    assert largest_expert_count(float(n), float(k), float(tokens)) == pytest.approx(mean, rel=0.15)


@given(st.integers(1, 256), st.data(), st.integers(1, 100_000))
@LAW
def test_the_most_wanted_expert_has_its_share_and_at_most_all_tokens(n, data, tokens):
    k = data.draw(st.integers(1, n))
    found = largest_expert_count(float(n), float(k), float(tokens))
    assert max(tokens * k / n, 1.0) <= found <= max(tokens, 1.0)


def test_a_sweep_of_tokens_equals_its_scalars():
    tokens = np.array([1.0, 2.0, 17.0, 4096.0, 1e6])
    for form in (distinct_experts, largest_expert_count):
        swept = form(128.0, 8.0, tokens)
        assert [form(128.0, 8.0, float(t)) for t in tokens] == list(swept)


def test_experts_by_hand():
    found = layer(MIXTURE).operators["experts"]
    one = 3 * 4096 * 14_336
    assert found.flops == 8 * 2 * 2 * one  # 8 tokens, 2 experts each
    assert found.reads["experts.weight"] == pytest.approx(7.19909 * one * 2, rel=1e-5)
    assert layer(MIXTURE).tensors["experts.weight"].size == 8 * one * 2
    assert found.shape.rows == 16.0
    assert found.shape.local_experts == found.shape.n_experts == 8.0


@given(st.sampled_from([MIXTURE, FINE, SINKS, LATENT]), st.integers(1, 4096))
@LAW
def test_traffic_of_experts_grows_to_that_of_all(spec, batch):
    graphs = [layer(spec, batch=float(b)) for b in (batch, batch + 1)]
    one, two = (graph.operators["experts"].reads["experts.weight"] for graph in graphs)
    assert one <= two <= graphs[0].tensors["experts.weight"].size


def test_a_prompt_reads_every_expert():
    graph = layer(FINE, phase=Phase.PREFILL)
    whole = graph.tensors["experts.weight"].size
    assert graph.operators["experts"].reads["experts.weight"] == pytest.approx(whole, rel=1e-12)


def test_tensor_parallel_chips_hold_a_slice_of_every_expert():
    shape = layer(MIXTURE, tensor_parallel=4).operators["experts"].shape
    assert (shape.d_expert, shape.local_experts, shape.rows) == (14_336 / 4, 8.0, 16.0)


def test_experts_of_the_chips_that_share_the_attention_need_no_exchange():
    graph = layer(FINE, tensor_parallel=8, expert_parallel=8)
    shape = graph.operators["experts"].shape
    assert (shape.d_expert, shape.local_experts) == (768.0, 16.0)
    law = Law(EVEN, 128, 8, 8)
    assert shape.rows == hottest_rows(law, 8.0) > 8.0 * 8 / 8
    assert shape.active_experts == hottest_active(law, 8.0)
    assert shape.active_experts * 8 > distinct_experts(128.0, 8.0, 8.0)
    assert "dispatch" not in graph.operators
    assert graph.operators["mlp_all_reduce"].reads == {"routed": 8 * 2048 * 2}


def test_experts_of_chips_that_read_their_own_sequences_exchange_tokens():
    graph = layer(FINE, batch=16.0, expert_parallel=8)
    assert graph.operators["q_proj"].shape.m == 2.0  # 16 sequences on 8 chips
    row = 2048 * 2
    hot = hottest_rows(Law(EVEN, 128, 8, 8), 16.0)
    assert hot > 16 * 8 / 8
    assert graph.operators["dispatch"].reads == {"x_mid_normed": 2 * 8 * row}  # its own sequences
    assert graph.operators["dispatch"].writes == {"dispatched": hot * row}
    assert graph.operators["combine"].reads["expert_rows"] == hot * row
    assert graph.operators["experts"].shape.rows == hot
    assert graph.operators["experts"].shape.tokens == 16.0
    assert "mlp_all_reduce" not in graph.operators


@pytest.mark.parametrize("layout", [{"tensor_parallel": 4}, {"expert_parallel": 4},
                                    {"tensor_parallel": 4, "expert_parallel": 4}])  # fmt: skip
@pytest.mark.parametrize("spec", [MIXTURE, FINE, SINKS, LATENT], ids=lambda spec: spec.name)
def test_chips_share_experts_without_loss(spec, layout):
    alone, shared = layer(spec), layer(spec, **layout)
    work = alone.operators["experts"].flops
    weight = alone.tensors["experts.weight"].size
    slack = 1e-2 if spec.mlp_bias else 1e-12  # every slice of an expert adds its bias
    uneven = 1.0
    if "expert_parallel" in layout:
        chosen = spec.experts
        law = Law(EVEN, chosen.n_experts, chosen.top_k, 4)
        uneven = hottest_rows(law, 8.0) / (8.0 * chosen.top_k / 4)
        assert 1.0 < uneven < 4.0
    found = shared.operators["experts"].flops * 4 / uneven
    assert found == pytest.approx(work, rel=slack)
    assert shared.tensors["experts.weight"].size * 4 == weight


def test_the_shared_expert_is_an_ordinary_network():
    graph = layer(LATENT)
    assert graph.operators["gate_proj"].shape.n == 2048.0
    assert graph.operators["add_shared"].reads == {"routed": 8 * 7168 * 2, "down": 8 * 7168 * 2}
    gated = layer(GATED_SHARE)
    assert gated.operators["shared_gate"].shape.n == 1.0
    assert "shared" in gated.operators["add_shared"].reads


def test_a_router_scores_every_expert_and_keeps_k():
    graph = layer(SINKS)
    assert graph.operators["router"].shape.n == 128.0
    assert graph.operators["router"].reads["router.bias"] == 128 * 2
    assert graph.operators["route.top_k"].writes == {"routing": 8 * 4 * 8}


def test_layers_without_experts_stay_dense():
    counts = {block.name: block.count for block in decoder_blocks(
        LATENT, Request(phase=Phase.DECODE, batch=1.0, context_len=16.0))}  # fmt: skip
    assert counts == {"embedding": 1, "layer": 3, "expert layer": 58, "head": 1}


def test_two_matrices_without_a_gate():
    graph = layer(replace(MIXTURE, gated=False))
    assert graph.tensors["experts.weight"].size == 8 * 2 * 4096 * 14_336 * 2


def test_an_uneven_routing_reaches_the_shape_and_the_weights_that_are_read():
    chosen = replace(MIXTURE.experts, routing=Routing(exponent=1.0))
    even, uneven = (
        layer(spec).operators["experts"] for spec in (MIXTURE, replace(MIXTURE, experts=chosen))
    )
    assert uneven.shape.law == Law(Routing(exponent=1.0), 8, 2)
    assert uneven.shape.active_experts < even.shape.active_experts
    assert uneven.shape.largest_count > even.shape.largest_count
    ratio = uneven.shape.active_experts / even.shape.active_experts
    assert uneven.reads["experts.weight"] == pytest.approx(
        ratio * even.reads["experts.weight"], rel=1e-12
    )
    assert (uneven.flops, uneven.shape.rows) == (even.flops, even.shape.rows)
