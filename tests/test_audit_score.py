"""The auditor against the jitter generator; the count over 200 seeds is `tools/audit_score.py`."""

from __future__ import annotations

from audit_score import judge

SEEDS, FRAMES = 18, 120


def test_the_exact_event_is_found_in_the_generators_cases():
    outcomes = [judge(seed, FRAMES) for seed in range(SEEDS)]
    assert len({one.cause for one in outcomes}) == 6
    wrong = [one for one in outcomes if not (one.event and one.kind and one.level)]
    assert len(wrong) <= 0.05 * SEEDS, wrong
