"""A model with experts beside a dense one, over the batch."""

from __future__ import annotations

import itertools

import pytest

from ironlaw.base.errors import DomainError
from ironlaw.explore.experts import crossings, expert_pair, speedups_over_dense

BATCHES = (1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048)
ASK = {"tp": 8, "context": 1024}


def curve(model, **ask):
    return speedups_over_dense(model, "llama-3-70b", "h100-sxm", BATCHES, **{**ASK, **ask})


@pytest.mark.parametrize("fitted", [True, False])
def test_mixtral_is_a_v_that_stays_below_its_limit(fitted):
    points = curve("mixtral-8x22b", fitted=fitted)
    speedups = [point.speedup for point in points]
    bottom = speedups.index(min(speedups))
    assert 0 < bottom < len(speedups) - 1
    assert all(a > b for a, b in itertools.pairwise(speedups[: bottom + 1]))
    assert all(a < b for a, b in itertools.pairwise(speedups[bottom:]))
    assert speedups[0] > 1.0 > speedups[bottom]
    limit = expert_pair("mixtral-8x22b", "llama-3-70b", "h100-sxm", **ASK).flops_limit
    assert max(speedups) < limit < 2.0


def test_the_limits_of_mixtral_are_those_of_flops_and_bytes():
    pair = expert_pair("mixtral-8x22b", "llama-3-70b", "h100-sxm", **ASK)
    assert pair.flops_limit == pytest.approx(1.784338896020539, rel=1e-3)
    assert pair.bytes_limit == pytest.approx(1.784338896020539, rel=1e-3)
    assert pair.weights / pair.dense_weights == pytest.approx(pair.total / pair.dense, rel=1e-2)


def test_scout_loses_in_the_middle_and_comes_back():
    points = {point.batch: point for point in curve("llama-4-scout")}
    assert points[1].speedup > points[64].speedup < points[2048].speedup
    assert points[64].after < 1.0
    assert not points[2048].dense_feasible
    assert points[2048].feasible


def test_a_second_stream_is_what_brings_twice_the_speed_at_one_token():
    """The issue's figure for the 109B-A17B class: twice at one token, again near 1,500 and beyond, none between."""
    points = {point.batch: point for point in curve("llama-4-scout")}
    assert points[1].speedup > 2.0 > points[1].after
    assert points[2048].speedup > 1.99
    assert max(points[batch].speedup for batch in (4, 16, 64, 256, 512, 1024)) < 2.0
    assert all(point.after <= point.speedup for point in points.values())
    assert all(point.after == point.speedup for point in curve("mixtral-8x22b"))


def test_the_roofline_alone_promises_two_at_both_ends():
    points = {point.batch: point.speedup for point in curve("llama-4-scout", fitted=False)}
    assert points[1] > 2.0 > points[4]
    assert points[64] < 1.0
    assert points[2048] > 2.0


def test_a_batch_is_the_step_that_is_diagnosed():
    from ironlaw.system.diagnosis import diagnose
    from ironlaw.system.question import scenario

    point = curve("llama-4-scout")[3]
    one, other = (
        diagnose(scenario(name, "h100-sxm", batch=8, **ASK))
        for name in ("llama-4-scout", "llama-3-70b")
    )
    assert (point.step, point.dense_step) == (one.step, other.step)
    assert point.speedup == other.step / one.step


def test_only_the_model_with_experts_is_routed():
    even, uneven = curve("mixtral-8x22b"), curve("mixtral-8x22b", routing="power-law:1")
    assert [p.dense_step for p in even] == [p.dense_step for p in uneven]
    assert uneven[3].touched < even[3].touched


def test_a_twin_is_a_model_with_experts():
    ask = {"experts": 8, "top_k": 1, "d_expert": 28_672}
    points = speedups_over_dense("llama-3-70b", "llama-3-70b", "h100-sxm", (1, 64), **ASK, **ask)
    assert points[0].speedup < 1.0  # its one expert is the dense network, and routing is not free
    assert points[1].speedup < points[0].speedup


def test_prefill_approaches_the_ratio_of_active_parameters():
    points = speedups_over_dense(
        "llama-4-scout", "llama-3-70b", "h100-sxm", (1, 8, 64), phase="prefill", **ASK
    )
    limit = expert_pair("llama-4-scout", "llama-3-70b", "h100-sxm", **ASK).flops_limit
    assert points[0].speedup < points[1].speedup < limit
    assert points[2].speedup > 2.0


def test_wrong_pairs_are_refused():
    with pytest.raises(
        DomainError, match="model = 'llama-3-8b' is outside the decoders with experts"
    ):
        speedups_over_dense("llama-3-8b", "llama-3-70b", "h100-sxm", (1,))
    with pytest.raises(DomainError, match="dense = 'mixtral-8x7b' is outside the decoders without"):
        speedups_over_dense("mixtral-8x22b", "mixtral-8x7b", "h100-sxm", (1,), tp=8)


def test_crossings_of_a_curve_that_stays():
    assert crossings(curve("mixtral-8x22b")) == ()
    assert len(crossings(curve("mixtral-8x22b"), 1.0)) == 2
