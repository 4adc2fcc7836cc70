"""The MoE twin of a dense model: what stays, what grows, what it costs."""

from __future__ import annotations

import itertools
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from families import LLAMA, MIXTURE, WINDOWED
from ironlaw.base.errors import DomainError
from ironlaw.rewrites.twin import moe_twin
from ironlaw.workload.decoder import decoder_blocks
from ironlaw.workload.spec import Phase, Request
from ironlaw.workload.work import model_flops

LAW = settings(deadline=None, derandomize=True, max_examples=60)
DENSE = st.sampled_from(
    [LLAMA, WINDOWED, replace(LLAMA, mlp_bias=True), replace(LLAMA, gated=False)]
)


@st.composite
def sizes(draw):
    n = draw(st.integers(1, 64))
    return {
        "n_experts": n,
        "top_k": draw(st.integers(1, n)),
        "d_expert": draw(st.integers(1, 20_000)),
        "d_shared": draw(st.sampled_from([0, 512, 8192])),
    }


@given(DENSE)
@LAW
def test_one_expert_as_wide_as_the_dense_network_is_the_dense_model_and_a_router(spec):
    twin = moe_twin(spec, n_experts=1, top_k=1, d_expert=spec.d_ff)
    router = spec.n_layers * spec.d_model
    assert twin.total_params == twin.active_params == spec.total_params + router
    asked = Request(phase=Phase.DECODE, batch=4.0, context_len=512.0)
    passed = 2.0 * router * 4.0
    assert model_flops(twin, asked) == pytest.approx(model_flops(spec, asked) + passed, rel=1e-12)


@given(DENSE, sizes())
@LAW
def test_active_parameters_never_exceed_all_and_meet_them_where_k_is_all(spec, given_sizes):
    twin = moe_twin(spec, **given_sizes)
    assert twin.active_params <= twin.total_params
    whole = given_sizes["top_k"] == given_sizes["n_experts"]
    assert (twin.active_params == twin.total_params) is whole


@given(DENSE, sizes())
@LAW
def test_flops_follow_the_width_that_a_token_passes(spec, given_sizes):
    asked = Request(phase=Phase.PREFILL, batch=1.0, context_len=256.0)
    twin = moe_twin(spec, **given_sizes)
    matrices = 3 if spec.gated else 2
    width = given_sizes["top_k"] * given_sizes["d_expert"] + given_sizes["d_shared"] - spec.d_ff
    added = spec.n_layers * spec.d_model * (matrices * width + given_sizes["n_experts"])
    more = model_flops(twin, asked) - model_flops(spec, asked)
    assert more == pytest.approx(2.0 * added * 256.0, rel=1e-9, abs=1e3)


@given(DENSE, sizes())
@LAW
def test_attention_head_and_cache_are_untouched(spec, given_sizes):
    asked = Request(phase=Phase.DECODE, batch=2.0, context_len=64.0)
    twin = moe_twin(spec, **given_sizes)
    plain, other = (decoder_blocks(one, asked) for one in (spec, twin))
    for block, same in zip(plain, other, strict=True):
        attention = itertools.takewhile(lambda name: "mlp" not in name, block.graph.operators)
        before = list(attention)
        assert before
        for name in before:
            one, two = block.graph.operators[name], same.graph.operators[name]
            assert (one.reads, one.writes, one.flops) == (two.reads, two.writes, two.flops)
    assert twin.cache_per_token(spec.dtype) == spec.cache_per_token(spec.dtype)


def test_some_layers_may_stay_dense():
    twin = moe_twin(LLAMA, n_experts=8, top_k=2, d_expert=1024, n_layers=10)
    assert (twin.dense_layers, twin.expert_layers, twin.d_ff) == (22, 10, LLAMA.d_ff)


def test_a_twin_by_hand():
    twin = moe_twin(LLAMA, n_experts=8, top_k=2, d_expert=7168, d_shared=1024)
    one, shared = 3 * 4096 * 7168, 3 * 4096 * 1024
    dense = 3 * 4096 * LLAMA.d_ff
    layer = 8 * one + shared + 8 * 4096 - dense
    assert twin.total_params == LLAMA.total_params + 32 * layer
    assert twin.active_params == twin.total_params - 32 * 6 * one
    assert twin.name == "llama-e8-k2-w7168-s1024"


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"top_k": 9}, "top_k = 9 is outside 1 to the 8 experts"),
        ({"top_k": 0}, "top_k = 0 is outside the whole numbers from 1"),
        ({"n_experts": 0}, "experts = 0 is outside the whole numbers from 1"),
        ({"d_expert": 0.5}, "d_expert = 0.5 is outside the whole numbers from 1"),
        ({"d_shared": -1}, "d_shared = -1 is outside the whole numbers from 1"),
        ({"n_layers": 33}, "expert_layers = 33 is outside 1 to the 32 layers"),
    ],
)
def test_twins_that_cannot_be_are_refused(changed, message):
    with pytest.raises(DomainError, match=message):
        moe_twin(LLAMA, **{"n_experts": 8, "top_k": 2, "d_expert": 7168, **changed})


def test_a_model_with_experts_has_no_twin():
    with pytest.raises(
        DomainError, match=r"experts = 4 is outside the dense decoders: .* 8 experts"
    ):
        moe_twin(MIXTURE, n_experts=4, top_k=1, d_expert=512)
