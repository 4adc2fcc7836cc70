"""Footprint against traffic of a step with experts."""

from __future__ import annotations

import pytest

from ironlaw.system.diagnosis import diagnose
from ironlaw.system.energy import step_energy
from ironlaw.system.expert_facts import expert_facts
from ironlaw.system.question import scenario


def facts(model="mixtral-8x22b", **ask):
    return expert_facts(diagnose(scenario(model, "h100-sxm", **{"tp": 8, "context": 1024, **ask})))


def test_a_dense_model_and_a_network_have_none():
    assert facts("llama-3-8b") is None
    assert expert_facts(diagnose(scenario("resnet-50", "h100-sxm"))) is None


def test_a_token_reads_the_active_parameters_and_a_crowd_all_of_them():
    one, crowd = facts(batch=1), facts(batch=1024)
    assert (one.distinct, one.touched) == (2.0, 0.25)
    assert crowd.touched == pytest.approx(1.0, rel=1e-9)
    # all but the embedding table is read; the router is on every chip
    embedding, router = 32_000 * 6144 * 2, 56 * 6144 * 8 * 2
    chip = (2 * one.active_params - embedding - router) / 8 + router
    assert one.read == pytest.approx(chip, rel=1e-3)
    assert crowd.read == pytest.approx(crowd.resident - embedding / 8, rel=2e-2)
    assert one.resident == crowd.resident


def test_read_never_exceeds_resident():
    for batch in (1, 3, 17, 300):
        found = facts(batch=batch)
        assert found.read <= found.resident


def test_imbalance_is_one_where_experts_are_not_spread():
    assert facts().imbalance == 1.0
    spread = facts("qwen3-30b-a3b", tp=1, ep=8, batch=64)
    skewed = facts("qwen3-30b-a3b", tp=1, ep=8, batch=64, routing="power-law:1")
    assert 1.0 < spread.imbalance < skewed.imbalance < 8.0
    assert skewed.touched < spread.touched
    assert skewed.largest > spread.largest > 1.0


@pytest.mark.parametrize("routing", ["uniform", "power-law:1"])
def test_joules_of_experts_are_those_of_all_chips_and_not_of_the_fullest(routing):
    ask = {"batch": 64, "context": 1024, "routing": routing}
    alone, spread = (
        diagnose(scenario("qwen3-30b-a3b", "h100-sxm", **ask, **layout))
        for layout in ({}, {"ep": 8})
    )
    joules = []
    for found, chips in ((alone, 1), (spread, 8)):
        place = [x.cost.kernel.name for x in found.launches].index("experts")
        joules.append(float(step_energy(found).kernels[place].compute) * chips)
    assert joules[1] == pytest.approx(joules[0], rel=1e-9)
