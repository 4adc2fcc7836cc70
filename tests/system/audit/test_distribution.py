"""Figures of latencies, and which frames stand out."""

from __future__ import annotations

import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ironlaw.base.errors import DomainError
from ironlaw.system.audit.distribution import distribution, outliers, quantile

MS = 1_000_000


def noisy(n, seed=0):
    drawn = random.Random(seed)  # noqa: S311 - seeded, for tests
    return [int(5 * MS * (1 + abs(drawn.gauss(0, 0.05)))) for _ in range(n)]


@given(st.lists(st.integers(1, 10**10), min_size=1, max_size=60), st.floats(0, 1))
def test_quantiles_are_numpys(values, share):
    ordered = sorted(map(float, values))
    assert quantile(ordered, share) == pytest.approx(np.quantile(ordered, share), rel=1e-9)


def test_figures():
    figures = distribution([5 * MS] * 298 + [50 * MS, 60 * MS], deadline=0.01)
    assert (figures.n_frames, figures.misses) == (300, 2)
    assert figures.median == pytest.approx(5e-3)
    assert figures.maximum == pytest.approx(60e-3)
    low, high = figures.miss_bounds
    assert low < 2 / 300 < high
    assert distribution([5 * MS]).miss_bounds is None


@given(st.lists(st.integers(1, 10**9), min_size=1, max_size=80), st.integers(2, 1000))
def test_a_slower_clock_scales_every_figure(latencies, factor):
    one, many = distribution(latencies), distribution([factor * time for time in latencies])
    for name in ("median", "p99", "p999", "maximum"):
        assert getattr(many, name) == pytest.approx(factor * getattr(one, name), rel=1e-9)
    assert outliers(latencies).frames == outliers([factor * time for time in latencies]).frames


def test_a_spike_among_noise_stands_out_and_noise_does_not():
    latencies = noisy(300)
    assert outliers(latencies).frames == ()
    latencies[77] = 12 * MS
    assert outliers(latencies).frames == (77,)


def test_the_deadline_decides_where_there_is_one():
    latencies = noisy(300)
    latencies[7] = 9 * MS
    found = outliers(latencies, deadline=8.5e-3)
    assert found.frames == (7,)
    assert found.threshold == pytest.approx(8.5e6)


def test_few_frames_are_said():
    found = outliers([5 * MS, 5 * MS, 5 * MS, 9 * MS, 5 * MS, 5 * MS])
    assert found.frames == (3,)
    assert "6 frames are too few" in found.remarks[0]


@pytest.mark.parametrize("share", [0.35, 0.52, 0.6])
def test_a_mixture_is_found_and_said(share):
    latencies, drawn = noisy(300), random.Random(4)  # noqa: S311 - seeded, for tests
    bad = drawn.sample(range(300), int(share * 300))
    for frame in bad:
        latencies[frame] = int(drawn.uniform(20, 300) * MS)
    found = outliers(latencies)
    assert set(bad) == set(found.frames)
    said = " ".join(found.remarks)
    assert "two kinds of frames" in said
    assert ("mixture" in said) is (share > 0.5)  # from there on the median is lost


@pytest.mark.parametrize("deadline", [0.0, -1.0, float("inf"), float("nan")])
def test_a_deadline_is_positive(deadline):
    with pytest.raises(DomainError, match="deadline"):
        distribution([MS], deadline)


def test_without_frames_there_is_nothing():
    with pytest.raises(DomainError, match="latencies"):
        distribution([])
    with pytest.raises(DomainError, match="latencies"):
        outliers([])
