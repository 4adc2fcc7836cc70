"""The evidence of a case is in its trace, and no other cause has all of its evidence there."""

from __future__ import annotations

import pytest

from ironlaw.base.errors import DomainError
from ironlaw.system.jitter.causes import EVIDENCE, Cause
from ironlaw.system.jitter.truth import REQUIRED, case
from ironlaw.system.jitter.witness import idle_time, shown, sight
from jitter_cases import FRAMES, run, seeds


@pytest.mark.parametrize("seed", range(60))
def test_the_evidence_is_in_the_trace_and_accuses_no_other(seed):
    truth = case(seed, FRAMES)
    held = set(shown(run(seed), truth.frame))
    assert set(truth.evidence) <= held
    innocent = [cause for cause in Cause if cause is not truth.cause]
    assert [cause for cause in innocent if set(REQUIRED[cause]) <= held] == []


def test_every_statement_is_needed_by_some_case():
    used = {name for seed in range(60) for name in case(seed, FRAMES).evidence}
    assert used == set(EVIDENCE)


@pytest.mark.parametrize("cause", Cause)
def test_without_the_cause_its_evidence_is_gone(cause):
    seed = seeds(cause)[0]
    truth = case(seed, FRAMES)
    left = set(shown(run(seed, without=cause), truth.frame))
    assert not set(REQUIRED[cause]) <= left


def test_a_usual_frame_beside_the_usual_ones():
    seen = sight(run(7), 5)
    assert abs(seen.excess) < 0.3e6
    assert all(abs(ratio - 1.0) < 0.1 for ratio in seen.ratio.values())
    assert idle_time(seen.events) < 0.3e6


def test_a_frame_that_is_not_there_is_refused():
    with pytest.raises(DomainError, match=f"frame = {FRAMES} is outside 0 to {FRAMES - 1}"):
        shown(run(7), FRAMES)
