import pytest
from hypothesis import given
from hypothesis import strategies as st

from ironlaw.base.errors import DomainError
from ironlaw.registry.chips import load_chip
from ironlaw.registry.dtypes import Dtype
from ironlaw.rewrites.network_experts import NetworkExperts, with_experts
from ironlaw.rewrites.network_weights import with_stored_weights
from ironlaw.system.network_loop import load_loop
from ironlaw.system.network_speculation import speculate_loop
from ironlaw.workload.experts import distinct_experts
from ironlaw.workload.network import network_flops

LOOP = load_loop("translator-60m")
CHIP = load_chip("ar-glasses")
FFN = 6 * 2 * 512 * 2048  # of the decoder


def step_traffic(loop, tokens=1):
    found = speculate_loop(loop, None, (1.0,) * (tokens - 1), CHIP, Dtype.FP16)
    return float(found.verify.traffic)


def of(experts):
    return LOOP.rewritten(lambda network: with_experts(network, experts))


def test_one_expert_without_a_router_is_the_dense_layer():
    same = of(NetworkExperts(1, router=False))
    for tokens in (1, 5):
        assert network_flops(same.step(tokens), 1.0) == network_flops(LOOP.step(tokens), 1.0)
        assert step_traffic(same, tokens) == step_traffic(LOOP, tokens)
    assert same.step(1).total_params == LOOP.step(1).total_params


@given(st.integers(1, 64), st.integers(1, 4), st.sampled_from([0.25, 0.5, 1.0]))
def test_all_are_held_and_those_of_a_token_computed(count, active, width):
    if active > count:
        return
    network = of(NetworkExperts(count, active, width)).step(1)
    router = 6 * 512 * count
    assert network.total_params == LOOP.step(1).total_params + FFN * (count * width - 1) + router
    extra = 2.0 * (FFN * (active * width - 1.0) + router)
    assert network_flops(network, 1.0) - network_flops(LOOP.step(1), 1.0) == pytest.approx(extra)


@pytest.mark.parametrize("tokens", [1, 4, 8])
def test_a_step_reads_the_experts_that_its_tokens_ask_for(tokens):
    plain = step_traffic(LOOP, tokens)
    own = step_traffic(of(NetworkExperts(16, 2, 0.5, router=False)), tokens)
    one = step_traffic(of(NetworkExperts(16, 2, 0.5, by_sample=True, router=False)), tokens)
    read = 0.5 * float(distinct_experts(16.0, 2.0, tokens))
    # k experts of half the width are as wide as the dense layer: only the weights differ
    assert own - plain == pytest.approx(2.0 * FFN * (read - 1.0), abs=1.0)
    assert one == pytest.approx(plain)


def test_what_cannot_be_is_refused():
    for experts, field in (
        (NetworkExperts(4, 5), "top_k = 5"),
        (NetworkExperts(0), "experts = 0"),
        (NetworkExperts(4, 1, 0.0), "width = 0.0"),
    ):
        with pytest.raises(DomainError, match=field):
            with_experts(LOOP.once, experts)
    experts = with_experts(LOOP.step(1), NetworkExperts(4))
    with pytest.raises(DomainError, match="batch"):
        network_flops(experts, 2.0)


def test_fewer_bytes_stored_are_less_traffic_and_the_same_work():
    kept = ("logits",)
    packed = LOOP.rewritten(lambda network: with_stored_weights(network, 0.5, kept))
    assert network_flops(packed.step(1), 1.0) == network_flops(LOOP.step(1), 1.0)
    matrices = FFN + 6 * 512 * 512 * 6  # projections: four of itself, two over the source
    assert step_traffic(LOOP) - step_traffic(packed) == pytest.approx(2.0 * 0.5 * matrices)
    with pytest.raises(DomainError, match="ratio"):
        with_stored_weights(LOOP.once, 0.0)
