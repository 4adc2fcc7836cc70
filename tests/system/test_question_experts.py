"""Routing and twins, asked in names and numbers."""

from __future__ import annotations

import pytest

from ironlaw.base.errors import DomainError
from ironlaw.system.diagnosis import diagnose
from ironlaw.system.question import scenario

EIGHT = {"tp": 8, "batch": 8, "context": 1024}


def asked(routing, model="mixtral-8x7b", **ask):
    return scenario(model, "h100-sxm", routing=routing, **{**EIGHT, **ask})


def test_uniform_is_what_is_asked_for_by_default():
    one = diagnose(scenario("mixtral-8x7b", "h100-sxm", **EIGHT))
    assert diagnose(asked("uniform")).step == one.step
    assert diagnose(asked((0.125,) * 8)).step == pytest.approx(one.step, rel=1e-12)


def test_skew_reads_less_and_says_so():
    even, uneven = diagnose(asked("uniform")), diagnose(asked("power-law:1.2"))
    assert uneven.traffic < even.traffic
    assert uneven.step < even.step
    assert "experts are drawn by a power law: the r-th most wanted is r^−1.2" in " ".join(
        uneven.scenario.notes
    )
    assert "evenly" not in " ".join(uneven.scenario.notes)


def test_skew_over_chips_that_hold_experts_costs():
    ask = {"tp": 1, "ep": 8, "batch": 512, "model": "qwen3-30b-a3b"}
    even, uneven = (diagnose(asked(name, **ask)) for name in ("uniform", "power-law:1"))
    assert uneven.step > even.step


def test_counts_are_taken_as_they_are():
    counted = asked([8, 4, 2, 1, 1, 0, 0, 0])
    routing = counted.decoder.experts.routing
    assert (routing.counts, sum(routing.shares)) == ((8, 4, 2, 1, 1, 0, 0, 0), 1.0)
    shape = next(
        op.shape
        for launch in diagnose(counted).launches
        if launch.cost.kernel.name == "experts"
        for op in [*launch.cost.kernel.parts.operators]
        if op.name == "experts"
    )
    kernel = next(
        x.cost.kernel for x in diagnose(counted).launches if x.cost.kernel.name == "experts"
    )
    assert kernel.shape(shape).active_experts == 5.0
    assert kernel.shape(shape).largest_count == 8.0


@pytest.mark.parametrize(
    ("routing", "message"),
    [
        ("zipf", 'routing = \'zipf\' is outside "uniform", "power-law:S" with S from 0 to 10'),
        ("power-law:", "S from 0 to 10"),
        ("power-law:-1", "S from 0 to 10"),
        ("power-law:nan", "S from 0 to 10"),
        ("power-law:11", "S from 0 to 10"),
        ((0.5, 0.5), r"routing = '2 numbers' is outside a number for each of the 8 experts"),
        ((1,) * 8, r"a sum of 8' is outside shares that add up to 1, or counts that add up to the 16 rows"),
        ((0.6, 0.4, 0, 0, 0, 0, 0, 0), r"routing = 0\.6 is outside shares up to 1/2"),
        ((9, 7, 0, 0, 0, 0, 0, 0), r"routing = 9\.0 is outside counts up to the 8 tokens"),
        ((2.5, 1.5, 2, 2, 2, 2, 2, 2), "counts that are whole numbers"),
        ((-1, 3, 2, 2, 2, 2, 3, 3), r"routing = -1\.0 is outside numbers from 0"),
        ((float("nan"),) * 8, "numbers from 0"),
        (3.0, "a number for each expert"),
    ],
)  # fmt: skip
def test_routings_that_are_none_are_refused(routing, message):
    with pytest.raises(DomainError, match=message):
        asked(routing)


def test_a_dense_model_has_nothing_to_route():
    with pytest.raises(DomainError, match="the models with experts: llama-3-8b has none"):
        asked("uniform", "llama-3-8b")


def test_a_twin_is_asked_for_whole():
    twin = scenario(
        "llama-3-8b", "h100-sxm", experts=8, top_k=2, d_expert=7168, routing="power-law:1"
    )
    assert twin.decoder.experts.n_experts == 8
    assert twin.decoder.experts.routing.exponent == 1.0
    assert any("nobody has trained it" in note for note in twin.notes)
    for part in ({"experts": 8}, {"top_k": 2}, {"d_shared": 64}, {"experts": 8, "top_k": 2}):
        with pytest.raises(DomainError, match="which name experts, top_k, d_expert"):
            scenario("llama-3-8b", "h100-sxm", **part)


def test_a_twin_has_to_divide():
    with pytest.raises(DomainError, match="tp = 8 is outside the divisors of the 1001 d_expert"):
        scenario("llama-3-8b", "h100-sxm", tp=8, experts=8, top_k=2, d_expert=1001)


def test_a_network_has_no_experts():
    for part in ({"experts": 8}, {"routing": "uniform"}):
        with pytest.raises(DomainError, match="it is one pass over a batch"):
            scenario("resnet-50", "h100-sxm", **part)
