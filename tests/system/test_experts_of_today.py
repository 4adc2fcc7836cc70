"""DeepSeek-V3 and gpt-oss-120b from their configuration alone, on Hopper and Blackwell."""

from __future__ import annotations

import pytest

from ironlaw.system.diagnosis import diagnose
from ironlaw.system.expert_facts import expert_facts
from ironlaw.system.question import scenario

CHIPS = ("h200-sxm", "b200-sxm")


def answer(model, chip, **ask):
    return diagnose(scenario(model, chip, **{"context": 4096, **ask}))


@pytest.mark.parametrize("chip", CHIPS)
@pytest.mark.parametrize("batch", [1, 64])
@pytest.mark.parametrize("layout", [{"tp": 8}, {"tp": 8, "ep": 8}, {"ep": 8}])
@pytest.mark.parametrize("model", ["deepseek-v3", "gpt-oss-120b"])
def test_a_node_holds_both_and_makes_a_token_in_milliseconds(model, layout, batch, chip):
    found = answer(model, chip, batch=batch, **layout)
    assert found.spare > 0.0
    moved = found.traffic / found.scenario.chip.bandwidth
    assert moved <= found.step < 0.06
    facts = expert_facts(found)
    assert facts.read <= facts.resident
    assert facts.imbalance == 1.0 or layout.get("ep") == 8


@pytest.mark.parametrize("chip", CHIPS)
def test_one_chip_holds_the_smaller_and_not_the_larger(chip):
    assert answer("gpt-oss-120b", chip).spare > 0.0
    over = answer("deepseek-v3", chip)
    # 671 · 10^9 parameters, most of them in fp8
    assert over.spare == pytest.approx(over.scenario.chip.capacity - 674e9, abs=4e9)


@pytest.mark.parametrize("chip", CHIPS)
@pytest.mark.parametrize("ask", [{"batch": 16, "tp": 8}, {"batch": 128, "ep": 8}])
def test_latent_attention_reads_one_vector_a_token_and_layer(chip, ask):
    found = answer("deepseek-v3", chip, **ask)
    read = sum(
        launch.launches * launch.cost.kernel.reads["latent_cache"]
        for launch in found.launches
        if "latent_cache" in launch.cost.kernel.reads
    )
    # 61 layers, 512 + 64 elements of two bytes; no head splits it, and 16 sequences are on each chip
    assert read == 61 * 16 * 4096 * (512 + 64) * 2
    assert found.footprint.cache == read


@pytest.mark.parametrize("model", ["deepseek-v3", "gpt-oss-120b"])
def test_blackwell_is_faster_where_bytes_bind(model):
    hopper, blackwell = (answer(model, chip, batch=64, tp=8).step for chip in CHIPS)
    assert blackwell < hopper
