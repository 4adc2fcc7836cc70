"""A shared expert beside the routed ones: a bound."""

from __future__ import annotations

import pytest

from ironlaw.system.diagnosis import diagnose
from ironlaw.system.question import scenario
from ironlaw.system.two_streams import overlapped_by_streams


def answer(model, **ask):
    return diagnose(scenario(model, "h100-sxm", **{"tp": 8, "context": 1024, **ask}))


@pytest.mark.parametrize("model", ["llama-3-8b", "mixtral-8x7b", "qwen3-30b-a3b"])
def test_without_shared_experts_nothing_is_saved(model):
    assert overlapped_by_streams(answer(model, tp=2)) == 0.0


def test_at_one_token_the_shared_expert_hides_in_the_latency_of_the_routed_ones():
    found = answer("llama-4-scout")
    shared = sum(
        float(launch.time)
        for launch in found.launches
        if launch.cost.kernel.name in ("gate_up_swiglu", "down_proj")
    )
    assert overlapped_by_streams(found) == pytest.approx(shared, rel=1e-12)


@pytest.mark.parametrize("fusion", ["none", "partial", "full"])
@pytest.mark.parametrize("batch", [1, 16, 256, 4096])
def test_no_more_is_saved_than_the_shorter_stream_and_what_both_move(fusion, batch):
    found = answer("llama-4-scout", batch=batch, fusion=fusion)
    saved = float(overlapped_by_streams(found))
    shared = sum(
        float(launch.time)
        for launch in found.launches
        if launch.cost.kernel.border.layer.startswith(("feed-forward", "activation"))
    )
    assert 0.0 < saved <= shared * (1 + 1e-12)
    assert found.kernel_time - saved >= found.traffic / found.scenario.chip.bandwidth
