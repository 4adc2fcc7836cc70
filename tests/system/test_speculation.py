"""Speculative decoding: the finite sum, the diagnosed check, and when it loses."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ironlaw.base.errors import DomainError
from ironlaw.registry.chips import chip_names
from ironlaw.system.acceptance import acceptances, formula_speedup, tokens_per_round
from ironlaw.system.diagnosis import diagnose
from ironlaw.system.energy import step_energy
from ironlaw.system.question import scenario
from ironlaw.system.speculation import best_length, speculate


def pair(batch=1, context=1024, acceptance=0.8, length=4, **ask):
    ask = {"tp": 8, "batch": batch, "context": context, **ask}
    target = scenario("llama-3-70b", "h100-sxm", **ask)
    draft = scenario("llama-3-8b", "h100-sxm", **ask)
    return speculate(target, draft, acceptances(acceptance, length))


@pytest.mark.parametrize(
    ("batch", "context", "low", "high"),
    [(1, 1024, 1.7, 1.95), (256, 1024, 0.7, 1.0), (256, 8192, 1.0, 1.15), (512, 1024, 0.0, 0.9)],
)
def test_it_pays_alone_and_loses_in_a_crowd(batch, context, low, high):
    assert low < float(pair(batch, context).speedup) < high


PAIRS = (
    ("llama-3-70b", "llama-3-8b"),
    ("llama-3-8b", None),
    ("mixtral-8x22b", "mistral-7b"),
    ("qwen3-32b", "qwen3-8b"),
    ("llama-3-8b", "llama-3-70b"),
)


@settings(deadline=None, max_examples=60)  # a length that is new has its plan written down first
@given(
    st.floats(0.0, 1.0, exclude_max=True).filter(lambda alpha: alpha < 1.0 - 1e-6),
    st.integers(1, 12),
    st.sampled_from(PAIRS),
    st.sampled_from([1, 7, 64, 1024]),
    st.sampled_from([128, 8192]),
)
def test_work_for_each_token_always_rises(alpha, length, models, batch, context):
    ask = {"tp": 8, "batch": batch, "context": context}
    target, draft = (m if m is None else scenario(m, "h100-sxm", **ask) for m in models)
    found = speculate(target, draft, acceptances(alpha, length))
    assert float(found.flops_ratio) > 1.0


@settings(deadline=None, max_examples=60)
@given(st.floats(0.0, 1.0), st.lists(st.integers(1, 3), min_size=1, max_size=4))
def test_work_for_each_token_of_a_tree_rises_too(alpha, tree):
    target = scenario("llama-3-8b", "h100-sxm", batch=8, context=512)
    found = speculate(target, None, acceptances(alpha, len(tree), tree), tree)
    assert float(found.flops_ratio) > 1.0 - 1e-9
    assert found.nodes == 1 or alpha == 1.0 or float(found.flops_ratio) > 1.0


@pytest.mark.parametrize("batch", [1, 64, 512])
def test_the_speedup_is_the_formula_of_its_own_times(batch):
    found = pair(batch=batch)
    cost = float(found.draft.step / found.plain.step)
    verify = float(found.verify.step / found.plain.step)
    by_formula = formula_speedup(found.acceptance, draft_cost=cost, verify=verify)
    assert float(found.speedup) == pytest.approx(by_formula, rel=1e-12)


@pytest.mark.parametrize(
    ("alpha", "length", "work", "speed"),
    [
        (0.6, 2, 1.53, 1.96),
        (0.7, 3, 1.58, 2.53),
        (0.8, 2, 1.23, 2.44),
        (0.8, 5, 1.63, 3.69),
        (0.9, 2, 1.11, 2.71),
        (0.9, 10, 1.60, 6.86),
    ],
)
def test_a_draft_without_cost_is_leviathans_first_table(alpha, length, work, speed):
    """Its table 1: work and speed where the draft costs nothing and the check no more than a step."""
    target = scenario("llama-3-8b", "h100-sxm", batch=1, context=32)
    found = speculate(target, None, acceptances(alpha, length))
    assert found.tokens_per_round == pytest.approx(speed, abs=0.005)
    assert float(found.flops_ratio) == pytest.approx(work, abs=0.006)


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
    assert [float(one.speedup) for one in best.tried] == every


def test_the_best_of_a_list_is_the_best_of_its_beginnings():
    target = scenario("llama-3-70b", "h100-sxm", tp=8, batch=64, context=1024)
    alphas = (0.9, 0.8, 0.1, 0.1)
    best = best_length(target, None, alphas)
    every = [float(speculate(target, None, alphas[:n]).speedup) for n in range(1, 5)]
    assert float(best.speedup) == max(every)
    assert best.acceptance == alphas[: best.draft_len]
    assert best.draft_len < 4


def test_each_batch_has_a_best_length_of_its_own():
    target = scenario("llama-3-8b", "h100-sxm", batch=np.array([1.0, 8.0]), context=64)
    with pytest.raises(DomainError, match="best length of its own"):
        best_length(target, None, 0.5)


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


def test_prompts_are_not_drafted():
    target = scenario("llama-3-8b", "h100-sxm", phase="prefill")
    with pytest.raises(DomainError, match="phase"):
        speculate(target, None, (0.5,))


def test_a_tree_of_ones_is_a_row():
    ask = {"tp": 8, "batch": 4, "context": 1024}
    target, draft = (scenario(m, "h100-sxm", **ask) for m in ("llama-3-70b", "llama-3-8b"))
    row = speculate(target, draft, acceptances(0.7, 5))
    tree = speculate(target, draft, acceptances(0.7, 5), (1,) * 5)
    assert float(tree.round_time) == float(row.round_time)
    assert tree.nodes == row.nodes == 5


def test_a_tree_is_drafted_level_by_level():
    ask = {"tp": 8, "batch": 4, "context": 1000}
    target, draft = (scenario(m, "h100-sxm", **ask) for m in ("llama-3-70b", "llama-3-8b"))
    found = speculate(target, draft, acceptances(0.7, 4, (1, 4, 2, 1)), (1, 4, 2, 1))
    requests = [steps.step.scenario.request for steps in found.draft_steps]
    assert [1 + asked.drafted for asked in requests] == [1, 4, 8]
    assert [steps.runs for steps in found.draft_steps] == [2, 1, 1]
    assert [float(asked.context_len) for asked in requests] == [1000.0, 1005.0, 1013.0]
    checked = found.verify.scenario.request
    assert checked.drafted == 1 + 4 + 8 + 8
    assert float(checked.context_len) == 1021.0


def test_a_tree_is_checked_in_one_step_whose_cost_grows_with_the_batch():
    tree = (4, 2, 1)

    def gain(batch):
        target = scenario("llama-3-70b", "h100-sxm", tp=8, batch=batch, context=1024)
        chain = speculate(target, None, acceptances(0.6, 3))
        return float(
            speculate(target, None, acceptances(0.6, 3, tree), tree).speedup / chain.speedup
        )

    assert gain(1) > 1.1
    assert gain(64) < 0.6


def test_a_tree_has_the_depth_of_its_acceptances():
    target = scenario("llama-3-8b", "h100-sxm")
    with pytest.raises(DomainError, match="lists of 3, one a depth"):
        speculate(target, None, (0.5, 0.5), (2, 1, 1))


def test_a_sweep_is_its_scalars():
    batches = [1.0, 16.0, 256.0]
    swept = pair(batch=np.array(batches))
    alone = [pair(batch=batch) for batch in batches]
    for quantity in ("speedup", "flops_ratio", "traffic_ratio", "footprint", "round_time"):
        found = [float(getattr(one, quantity)) for one in alone]
        assert getattr(swept, quantity) == pytest.approx(found, rel=1e-12)
    assert swept.joules.ratio == pytest.approx([float(one.joules.ratio) for one in alone])


def test_joules_of_a_token_are_those_of_its_round():
    found = pair(batch=16)
    round_joules = step_energy(found.verify).total + 4 * step_energy(found.draft).total
    assert float(found.joules.drafted) == pytest.approx(
        float(round_joules) / (16 * found.tokens_per_round)
    )
    assert float(found.joules.plain) == pytest.approx(float(step_energy(found.plain).per_output))


def test_joules_fall_alone_and_rise_in_a_crowd():
    assert float(pair(1).joules.ratio) < 0.6
    assert float(pair(512).joules.ratio) > 1.1


def test_chips_that_do_not_draft_idle():
    ask = {"tp": 8, "batch": 1, "context": 1024}
    target = scenario("llama-3-70b", "h100-sxm", **ask)
    draft = scenario("llama-3-8b", "h100-sxm", **{**ask, "tp": 1})
    found = speculate(target, draft, acceptances(0.8, 4))
    busy = step_energy(found.verify).total + 4 * step_energy(found.draft).total
    idle = 7 * target.chip.idle_power * found.draft_time
    assert float(found.joules.drafted * found.tokens_per_round) == pytest.approx(float(busy + idle))


def test_without_energy_facts_there_is_a_reason():
    chip = next(c for c in chip_names() if isinstance(_tiny(c).joules, str))
    assert _tiny(chip).joules


def _tiny(chip):
    return speculate(scenario("llama-3-8b", chip, batch=1, context=64), None, (0.5,))


def test_a_draft_on_one_chip_works_for_all():
    """Work is that of the node, however the draft is spread."""
    ask = {"tp": 8, "batch": 1, "context": 1024}
    target = scenario("llama-3-70b", "h100-sxm", **ask)
    ratios = [
        float(
            speculate(
                target, scenario("llama-3-8b", "h100-sxm", **{**ask, "tp": tp}), (0.8,) * 4
            ).flops_ratio
        )
        for tp in (1, 8)
    ]
    assert ratios[0] == pytest.approx(ratios[1], rel=1e-9)


def test_where_chips_read_their_own_sequences_so_do_their_drafts():
    ask = {"ep": 8, "batch": 64, "context": 1024}
    target = scenario("mixtral-8x22b", "h100-sxm", **ask)
    draft = scenario("mistral-7b", "h100-sxm", batch=64, context=1024)
    found = speculate(target, draft, (0.8,) * 4)
    steps = found.draft_steps[0]
    assert (steps.replicas, float(steps.step.scenario.request.batch)) == (8, 8.0)
    drafted, plain = 4 * 8 * steps.step.model_flops, 8 * found.plain.model_flops
    whole = (drafted + 8 * found.verify.model_flops) / found.tokens_per_round
    assert float(found.flops_ratio) == pytest.approx(float(whole / plain))


def test_networks_have_no_tokens():
    with pytest.raises(DomainError, match="model"):
        speculate(scenario("resnet-50", "h100-sxm"), None, (0.5,))


def test_the_draft_stands_on_the_same_chip():
    target = scenario("llama-3-70b", "h100-sxm", tp=8)
    with pytest.raises(DomainError, match="draft"):
        speculate(target, scenario("llama-3-8b", "a100-80gb-sxm"), (0.5,))
