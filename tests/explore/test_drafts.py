"""Drafts over batches and lengths: points that are rounds, kept once they were asked."""

from __future__ import annotations

import pytest

from ironlaw.base.errors import DomainError
from ironlaw.explore import drafts
from ironlaw.explore.drafts import first_loss, speedups_over_batch, speedups_over_length
from ironlaw.system.drafting import drafting, speculated

NODE = {"tp": 8, "context": 1024}
QUESTION = ("llama-3-70b", "h100-sxm")
DRAFT = drafting("llama-3-8b", 0.8, 4)
BATCHES = (1, 2, 4, 8, 16, 32, 64, 128, 256, 512)


def test_a_point_is_a_round():
    points = speedups_over_batch(*QUESTION, DRAFT, (1, 64), **NODE)
    for point in points:
        found = speculated(*QUESTION, DRAFT, batch=point.batch, **NODE)
        assert point.speedup == float(found.speedup)
        assert point.joules_ratio == float(found.joules.ratio)
        assert point.feasible == (float(found.spare) >= 0.0)


def test_it_pays_alone_and_loses_from_some_batch_on():
    points = speedups_over_batch(*QUESTION, DRAFT, BATCHES, **NODE)
    lost = first_loss(points)
    assert lost == 256
    assert all(point.speedup > 1.0 for point in points if point.batch < lost)
    assert first_loss(points[:4]) is None
    assert first_loss(points[-1:]) == 512


def test_asking_again_asks_nobody(monkeypatch):
    points = speedups_over_batch(*QUESTION, DRAFT, BATCHES, **NODE)
    monkeypatch.setattr(drafts, "speculated", None)
    assert speedups_over_batch(*QUESTION, DRAFT, BATCHES, **NODE) == points


def test_each_batch_takes_the_length_that_is_best_for_it():
    best = drafting("llama-3-8b", 0.8, "best")
    points = speedups_over_batch(*QUESTION, best, (1, 64, 256), **NODE)
    lengths = [point.draft_len for point in points]
    assert lengths == sorted(lengths, reverse=True)
    assert lengths[0] > lengths[-1]
    curve = speedups_over_length(*QUESTION, best, **NODE, batch=64)
    assert [point.draft_len for point in curve] == list(range(1, 17))
    assert max(point.speedup for point in curve) == points[1].speedup


def test_a_draft_of_one_length_has_no_curve():
    with pytest.raises(DomainError, match="draft_len"):
        speedups_over_length(*QUESTION, DRAFT, **NODE)
