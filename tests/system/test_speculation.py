"""Speculative decoding: the finite sum, the diagnosed check, and when it loses."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ironlaw.base.errors import DomainError
from ironlaw.system.diagnosis import diagnose
from ironlaw.system.question import scenario
from ironlaw.system.speculation import (
    LONGEST,
    acceptances,
    best_length,
    speculate,
    tokens_per_round,
)

probability = st.floats(0.0, 1.0)


def pair(batch=1, context=1024, acceptance=0.8, length=4, **ask):
    ask = {"tp": 8, "batch": batch, "context": context, **ask}
    target = scenario("llama-3-70b", "h100-sxm", **ask)
    draft = scenario("llama-3-8b", "h100-sxm", **ask)
    return speculate(target, draft, acceptances(acceptance, length))


@given(st.floats(0.0, 0.999), st.integers(1, LONGEST))
def test_the_finite_sum_is_the_closed_form(alpha, length):
    closed = (1.0 - alpha ** (length + 1)) / (1.0 - alpha)
    assert tokens_per_round(acceptances(alpha, length)) == pytest.approx(closed, rel=1e-9)


@given(st.lists(probability, min_size=1, max_size=8))
def test_a_round_makes_between_one_token_and_all_of_them(alphas):
    made = tokens_per_round(acceptances(alphas, len(alphas)))
    assert 1.0 <= made <= len(alphas) + 1.0


def test_tokens_per_round_are_leviathans():
    assert tokens_per_round(acceptances(0.8, 5)) == pytest.approx(3.689, rel=1e-3)
    assert tokens_per_round(acceptances(1.0, 7)) == 8.0
    assert tokens_per_round(acceptances(0.0, 7)) == 1.0


def test_a_list_of_positions_is_no_constant():
    falling = tokens_per_round(acceptances((0.9, 0.6, 0.3), 3))
    assert falling == pytest.approx(1.0 + 0.9 + 0.54 + 0.162)
    assert falling != pytest.approx(tokens_per_round(acceptances(0.6, 3)))


@pytest.mark.parametrize(
    ("batch", "context", "low", "high"),
    [(1, 1024, 1.7, 1.95), (256, 1024, 0.7, 1.0), (256, 8192, 1.0, 1.15), (512, 1024, 0.0, 0.9)],
)
def test_it_pays_alone_and_loses_in_a_crowd(batch, context, low, high):
    assert low < float(pair(batch, context).speedup) < high


@given(st.floats(0.0, 0.99), st.sampled_from([1, 2, 4, 7]), st.sampled_from([1, 64]))
def test_work_for_each_token_always_rises(alpha, length, batch):
    assert float(pair(batch, acceptance=alpha, length=length).flops_ratio) > 1.0


def test_work_for_each_token_is_the_papers():
    """(1 - a)(g c + g + 1) / (1 - a^(g+1)) with c the work of the draft over that of the target."""
    found = pair()
    ratio = float(found.draft.model_flops / found.plain.model_flops)
    paper = 0.2 * (4 * ratio + 5) / (1.0 - 0.8**5)
    assert float(found.flops_ratio) == pytest.approx(paper, rel=2e-3)
    assert float(found.flops_ratio) == pytest.approx(1.62, abs=0.01)


def test_fewer_bytes_are_the_gain():
    found = pair()
    assert float(found.traffic_ratio) < 0.5
    assert float(found.flops_ratio) > 1.0


def test_the_check_is_a_step_of_its_own_size():
    found = pair(batch=16)
    plain, verify = found.plain, found.verify
    assert verify.scenario.request.drafted == 4
    assert float(verify.scenario.request.tokens) == 5 * 16
    heads = {
        name: next(
            x for x in step.launches if x.block == "head" and "lm_head" in x.cost.kernel.name
        )
        for name, step in (("plain", plain), ("verify", verify))
    }
    assert float(heads["verify"].flops) == pytest.approx(5.0 * float(heads["plain"].flops))
    assert float(verify.flops) > 4.9 * float(plain.flops)
    assert float(verify.traffic) < 1.1 * float(plain.traffic)


def test_the_cost_of_the_check_grows_with_the_batch():
    slower = [float(pair(b).verify.step / pair(b).plain.step) for b in (1, 16, 64, 256)]
    assert slower == sorted(slower)
    assert slower[0] < 1.1
    assert slower[-1] > 2.0


def test_a_check_touches_more_experts():
    ask = {"tp": 8, "batch": 1, "context": 1024}
    target = scenario("mixtral-8x22b", "h100-sxm", **ask)
    draft = scenario("mistral-7b", "h100-sxm", **ask)
    found = speculate(target, draft, acceptances(0.8, 4))
    dense = pair()
    grown = float(found.verify.traffic / found.plain.traffic)
    assert grown > 1.8
    assert float(dense.verify.traffic / dense.plain.traffic) < 1.2
    assert float(found.speedup) < float(dense.speedup)


def test_the_draft_lives_beside_the_target():
    found = pair()
    draft = found.draft.footprint
    assert float(found.footprint) == pytest.approx(
        float(found.verify.footprint.total + draft.weights + draft.cache)
    )
    assert float(found.spare) < float(found.plain.spare)


def test_an_n_gram_draft_costs_no_time():
    target = scenario("llama-3-70b", "h100-sxm", tp=8, batch=1, context=1024)
    found = speculate(target, None, acceptances(0.5, 4))
    assert found.draft_time == 0.0
    assert float(found.speedup) == pytest.approx(
        tokens_per_round((0.5,) * 4) * float(found.plain.step / found.verify.step)
    )
    assert "n-gram" in found.notes[0]


def test_accepting_nothing_only_costs():
    assert float(pair(acceptance=0.0).speedup) < 1.0


def test_the_best_length_is_the_best_of_all():
    ask = {"tp": 8, "batch": 8, "context": 1024}
    target, draft = (scenario(m, "h100-sxm", **ask) for m in ("llama-3-70b", "llama-3-8b"))
    best = best_length(target, draft, 0.7, longest=8)
    every = [float(speculate(target, draft, acceptances(0.7, n)).speedup) for n in range(1, 9)]
    assert float(best.speedup) == max(every)
    assert best.draft_len == every.index(max(every)) + 1


def test_better_drafts_want_longer_ones():
    ask = {"tp": 8, "batch": 1, "context": 1024}
    target, draft = (scenario(m, "h100-sxm", **ask) for m in ("llama-3-70b", "llama-3-8b"))
    lengths = [best_length(target, draft, alpha).draft_len for alpha in (0.3, 0.6, 0.9)]
    assert lengths == sorted(set(lengths))


def test_nothing_drafted_is_the_plain_step():
    plain = scenario("llama-3-8b", "a100-80gb-sxm", batch=4, context=512)
    same = replace(plain, request=replace(plain.request, drafted=0))
    assert diagnose(plain).step == diagnose(same).step


def test_a_larger_draft_is_allowed_and_said():
    ask = {"tp": 8, "batch": 1, "context": 1024}
    target, draft = (scenario(m, "h100-sxm", **ask) for m in ("llama-3-8b", "llama-3-70b"))
    found = speculate(target, draft, acceptances(0.9, 3))
    assert float(found.speedup) < 1.0
    assert any("no smaller than its target" in note for note in found.notes)


@pytest.mark.parametrize("alpha", [-0.1, 1.1, float("nan"), True])
def test_acceptance_is_a_probability(alpha):
    with pytest.raises(DomainError, match="acceptance"):
        acceptances((alpha,), 1)


@pytest.mark.parametrize("length", [0, -1, LONGEST + 1])
def test_a_draft_has_tokens(length):
    with pytest.raises(DomainError, match="draft_len"):
        acceptances(0.5, length)


def test_a_list_has_one_for_each_token():
    with pytest.raises(DomainError, match="lists of 3"):
        acceptances((0.5, 0.4), 3)


def test_prompts_are_not_drafted():
    target = scenario("llama-3-8b", "h100-sxm", phase="prefill")
    with pytest.raises(DomainError, match="phase"):
        speculate(target, None, (0.5,))


def test_networks_have_no_tokens():
    with pytest.raises(DomainError, match="model"):
        speculate(scenario("resnet-50", "h100-sxm"), None, (0.5,))


def test_the_draft_stands_on_the_same_chip():
    target = scenario("llama-3-70b", "h100-sxm", tp=8)
    with pytest.raises(DomainError, match="draft"):
        speculate(target, scenario("llama-3-8b", "a100-80gb-sxm"), (0.5,))
