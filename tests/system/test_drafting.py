"""Speculative decoding asked by names: the draft runs as the target does, where it does not say otherwise."""

from __future__ import annotations

import pytest

from ironlaw.base.errors import DomainError, UnknownNameError
from ironlaw.system.diagnosis import diagnose
from ironlaw.system.drafting import drafting, fixed, speculated
from ironlaw.system.question import scenario

ASK = {"tp": 8, "batch": 4, "context": 2048}


def test_the_draft_runs_as_the_target_does():
    found = speculated(
        "llama-3-70b", "h100-sxm", drafting("llama-3-8b", 0.7, 3), **ASK, fusion="none", dtype="fp8"
    )
    asked = {**ASK, "context": 2049, "fusion": "none", "dtype": "fp8"}
    alone = diagnose(scenario("llama-3-8b", "h100-sxm", **asked))
    assert float(found.draft.step) == float(alone.step)
    assert found.draft_len == 3


def test_a_draft_may_stand_on_fewer_chips():
    one = speculated("llama-3-70b", "h100-sxm", drafting("llama-3-8b", 0.7, 3, tp=1), **ASK)
    eight = speculated("llama-3-70b", "h100-sxm", drafting("llama-3-8b", 0.7, 3), **ASK)
    assert one.draft.scenario.request.tensor_parallel == 1
    assert float(one.draft.step) > float(eight.draft.step)
    assert float(one.footprint) > float(eight.footprint)


def test_n_grams_take_no_time():
    found = speculated("llama-3-70b", "h100-sxm", drafting("ngram", (0.5, 0.3), 2), **ASK)
    assert found.draft is None
    assert found.tokens_per_round == pytest.approx(1.65)


def test_a_head_of_the_target_is_cheaper_than_any_model():
    small = speculated("llama-3-70b", "h100-sxm", drafting("llama-3-8b", 0.8, 4), **ASK)
    head = speculated("llama-3-70b", "h100-sxm", drafting("mtp", 0.8, 4), **ASK)
    assert float(head.draft_time) < float(small.draft_time) / 3.0
    assert float(head.footprint) < float(small.footprint)
    assert head.draft.scenario.decoder.n_layers == 1
    assert any("published without layers" in note for note in head.notes)


def test_deepseeks_head_has_its_experts_and_says_how_many_it_has():
    ask = {"tp": 8, "batch": 16, "context": 4096}
    one = speculated("deepseek-v3", "h200-sxm", drafting("mtp", 0.85, 1), **ask)
    assert one.draft.scenario.decoder.expert_layers == 1
    assert one.draft.scenario.weights is one.plain.scenario.weights
    assert not any("predict further tokens" in note for note in one.notes)
    assert 1.2 < float(one.speedup) < 1.85
    two = speculated("deepseek-v3", "h200-sxm", drafting("mtp", (0.85, 0.7), 2), **ask)
    assert any("the last one runs again" in note for note in two.notes)


def test_a_head_stays_with_its_target():
    with pytest.raises(DomainError, match="draft_tp = 2 is outside 8"):
        speculated("llama-3-70b", "h100-sxm", drafting("mtp", 0.8, 4, tp=2), **ASK)
    with pytest.raises(DomainError, match="ngram does not"):
        drafting("ngram", 0.8, 4, tp=2)
    with pytest.raises(DomainError, match="the decoders"):
        speculated("resnet-50", "h100-sxm", drafting("mtp", 0.8, 4), batch=8)


def test_the_head_of_a_pipeline_is_on_its_last_stage():
    ask = {"tp": 2, "pp": 4, "batch": 4, "context": 1024}
    found = speculated("llama-3-70b", "h100-sxm", drafting("mtp", 0.8, 2), **ask)
    assert found.draft.scenario.request.pipeline_parallel == 1


def test_a_tree_says_where_it_guesses():
    guessed = speculated("llama-3-70b", "h100-sxm", drafting("mtp", 0.6, tree=(3, 1)), **ASK)
    assert any("upper bound" in note for note in guessed.notes)
    ranks = drafting("mtp", ((0.6, 0.15, 0.05), 0.6), tree=(3, 1))
    known = speculated("llama-3-70b", "h100-sxm", ranks, **ASK)
    assert not any("upper bound" in note for note in known.notes)
    assert known.tokens_per_round < guessed.tokens_per_round
    assert float(known.round_time) == float(guessed.round_time)


def test_the_best_length_is_chosen_and_can_be_fixed():
    draft = drafting("llama-3-8b", 0.8, "best")
    best = speculated("llama-3-70b", "h100-sxm", draft, **ASK)
    assert len(best.tried) == 16
    again = speculated("llama-3-70b", "h100-sxm", fixed(draft, best), **ASK)
    assert again.tried == ()
    assert float(again.speedup) == float(best.speedup) == max(float(x.speedup) for x in best.tried)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"draft_len": 0}, "draft_len = 0"),
        ({"draft_len": "longest"}, "draft_len = 'longest' is outside the whole numbers and 'best'"),
        ({}, "draft_len = None"),
        ({"tree": (2, 0)}, "draft_tree = 0"),
        ({"tree": (2, 1), "draft_len": 3}, "draft_len = 3 is outside 2, the depth of the tree"),
        ({"tree": (2, 1), "draft_len": "best"}, "draft_len = 'best' is outside 2"),
    ],
)
def test_a_draft_has_one_length(options, message):
    with pytest.raises(DomainError, match=message):
        drafting("llama-3-8b", 0.5, **options)


def test_an_unknown_draft_is_offered_its_like():
    with pytest.raises(UnknownNameError, match="llama-3-8b"):
        speculated("llama-3-70b", "h100-sxm", drafting("llama-3-8", 0.5, 2), **ASK)


def test_a_draft_of_nothing_is_refused():
    with pytest.raises(DomainError, match="draft_len"):
        drafting("llama-3-8b", 0.5, 0)
