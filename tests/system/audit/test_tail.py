"""The tail of latencies, held against SciPy and against distributions that are known."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from ironlaw.system.audit.tail import Pareto, extremal_index, fit_pareto, fit_tail, level, survival


@pytest.mark.parametrize("shape", [-0.4, -0.2, 0.0, 0.3, 0.6])
@pytest.mark.parametrize("seed", range(3))
def test_the_fit_is_scipys(shape, seed):
    drawn = stats.genpareto.rvs(shape, scale=2.0, size=200, random_state=seed)
    ours = fit_pareto(drawn.tolist())
    theirs = stats.genpareto.fit(drawn, floc=0.0)
    likelihood = stats.genpareto.logpdf(drawn, theirs[0], 0.0, theirs[2]).sum()
    assert ours.log_likelihood >= likelihood - 1e-3
    assert (ours.shape, ours.scale) == pytest.approx((theirs[0], theirs[2]), abs=2e-2)


@pytest.mark.parametrize("shape", [-0.3, 0.0, 0.4])
def test_levels_and_survival_are_scipys(shape):
    fit = Pareto(shape=shape, scale=1.5, log_likelihood=0.0)
    assert survival(fit, 2.0) == pytest.approx(stats.genpareto.sf(2.0, shape, 0.0, 1.5), rel=1e-9)
    assert level(fit, 100.0) == pytest.approx(stats.genpareto.isf(0.01, shape, 0.0, 1.5), rel=1e-9)
    assert survival(fit, level(fit, 40.0)) == pytest.approx(1 / 40, rel=1e-9)


def test_a_known_tail_is_found_and_its_level_holds_the_truth():
    rng = np.random.default_rng(5)
    tail = fit_tail((5e-3 + 1e-3 * rng.exponential(size=3000)).tolist())
    assert tail.fitted
    assert tail.exceedances >= 40
    assert tail.shape_bounds[0] <= 0.0 <= tail.shape_bounds[1]
    truth = 5e-3 + 1e-3 * np.log(tail.return_period)
    assert tail.return_bounds[0] <= truth <= tail.return_bounds[1]
    assert tail.extremal_index > 0.8


def test_intervals_of_the_level_hold_the_truth_nearly_always():
    held = 0
    for seed in range(16):
        rng = np.random.default_rng(seed)
        tail = fit_tail((5e-3 + 1e-3 * rng.exponential(size=600)).tolist())
        if tail.fitted:
            truth = 5e-3 + 1e-3 * np.log(tail.return_period)
            held += tail.return_bounds[0] <= truth <= tail.return_bounds[1]
        else:
            held += 1
    assert held >= 13


def test_few_frames_bear_no_tail():
    tail = fit_tail([5e-3 + 1e-5 * i for i in range(100)])
    assert not tail.fitted
    assert "100 frames" in tail.words
    assert tail.return_level is None


def test_a_mixture_bears_no_tail():
    rng = np.random.default_rng(1)
    calm = 5e-3 + 1e-4 * rng.normal(size=900)
    late = 50e-3 + 1e-4 * rng.normal(size=60)
    tail = fit_tail(np.concatenate([calm, late]).tolist())
    assert not tail.fitted
    assert "mixed" in tail.words or "one kind" in tail.words


def test_clusters_are_said():
    rng = np.random.default_rng(2)
    values = np.repeat(5e-3 + 1e-3 * rng.exponential(size=400), 5)
    tail = fit_tail(values.tolist())
    assert extremal_index((values > np.quantile(values, 0.9)).tolist()) < 0.4
    if tail.fitted:
        assert "clusters" in tail.words


def test_the_extremal_index_of_independent_values_is_near_one():
    rng = np.random.default_rng(3)
    assert extremal_index((rng.random(5000) > 0.95).tolist()) > 0.85
    assert extremal_index([False] * 10) == 1.0
