"""Served time per output token against measured runs whose shapes are left out of the fit."""

from __future__ import annotations

import pytest

from ironlaw.registry.serving import framework_time, served_span
from served_time import fitted, measured_runs, quantile


@pytest.fixture(scope="module")
def runs(shared):
    path = shared / "silicon" / "e2e.csv"
    if not path.is_file():
        pytest.skip(f"no {path}: the measurements are not here")
    found = measured_runs(path)
    assert len(found) > 500
    return found


@pytest.fixture(scope="module")
def left_out(runs):
    return [run for run in runs if run.left_out]


def test_the_error_is_within_what_was_promised(left_out):
    assert len(left_out) > 100
    errors = [run.error(float(run.answer.tpot)) for run in left_out]
    assert quantile(errors, 0.5) <= 0.09
    assert quantile(errors, 0.9) <= 0.23


def test_the_datasheet_alone_is_many_times_further_off(left_out):
    naive = quantile([run.error(float(run.answer.naive)) for run in left_out], 0.5)
    assert naive > 4.0 * quantile([run.error(float(run.answer.tpot)) for run in left_out], 0.5)


def test_the_interval_holds_four_fifths(left_out):
    held = 0
    for run in left_out:
        span = served_span(run.backend)
        held += span.low <= run.measured / float(run.answer.tpot) <= span.high
    assert 0.75 <= held / len(left_out) <= 0.85


def test_the_constant_is_the_fitted_one(runs):
    fit = fitted([run for run in runs if not run.left_out])
    stale = "run python tools/served_time.py ../shared/silicon --write"
    assert framework_time() == pytest.approx(fit, abs=0.05e-3), stale
