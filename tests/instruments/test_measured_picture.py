"""Pictures of measured tables: what the dots, the band and the shares say."""

from __future__ import annotations

import pytest

from ironlaw.explore.measured.check import Checked, Finding
from ironlaw.explore.measured.judge import Point
from ironlaw.explore.measured.score import scored
from ironlaw.instruments.measured_picture import Dot, limit_picture, prediction_picture


def point(measured, predicted, naive=1e-6):
    return Point("x|y", (), measured, predicted, naive, 0.8 * predicted, 1.25 * predicted)


def test_a_row_stands_at_its_measured_and_its_predicted_time():
    (panel,) = prediction_picture([scored("gemm", [point(1e-3, 1e-3), point(1e-3, 5e-3)])]).panels
    assert panel.dots == (Dot(1e-3, 1e-3, good=True), Dot(1e-3, 5e-3, good=False))
    assert (panel.share, panel.median) == (0.5, pytest.approx(2.0))


def test_the_band_holds_the_predictions_whose_interval_holds_the_measured_time():
    (panel,) = prediction_picture([scored("gemm", [point(1.0, 1.0)])]).panels
    low, high = panel.band
    assert (low, high) == (pytest.approx(1 / 1.25), pytest.approx(1 / 0.8))
    for ratio in (0.79, 0.81, 1.24, 1.26):
        assert (low <= ratio <= high) is point(1.0, ratio).is_covered


def test_flagged_rows_stand_apart_from_the_roofline():
    checked = Checked(
        file="gemm.csv", family="gemm", rows=2,
        flagged=(Finding(3, "faster than the compute peak", "x", 1e-6, 2.0),),
        unchecked=(), notes=(), lines=(2, 3), points=(point(2e-6, 1.0), point(5e-7, 1.0)),
    )  # fmt: skip
    (panel,) = limit_picture(checked).panels
    assert panel.dots == (Dot(1e-6, 2e-6, good=True), Dot(1e-6, 5e-7, good=False))
    assert (panel.band, panel.median, panel.share) == (None, None, 0.5)
