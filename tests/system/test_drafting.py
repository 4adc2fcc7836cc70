"""Speculative decoding asked by names: the draft runs as the target does, where it does not say otherwise."""

from __future__ import annotations

import pytest

from ironlaw.base.errors import DomainError, UnknownNameError
from ironlaw.system.diagnosis import diagnose
from ironlaw.system.drafting import drafting, speculated
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


def test_an_unknown_draft_is_offered_its_like():
    with pytest.raises(UnknownNameError, match="llama-3-8b"):
        speculated("llama-3-70b", "h100-sxm", drafting("llama-3-8", 0.5, 2), **ASK)


def test_a_draft_of_nothing_is_refused():
    with pytest.raises(DomainError, match="draft_len"):
        drafting("llama-3-8b", 0.5, 0)
