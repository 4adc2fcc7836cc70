"""The histogram of latencies: one late frame is seen beside thousands, and no frame is lost between bins."""

from __future__ import annotations

from itertools import pairwise

import pytest

from ironlaw.instruments.frame_series import bins_of

USUAL = [0.0078 + 1e-6 * (index % 101) for index in range(2000)]


def test_every_frame_is_in_one_bin_and_bins_touch():
    bins = bins_of([*USUAL, 0.0455, 0.05])
    assert sum(one.count for one in bins) == 2002
    assert all(one.high == other.low for one, other in pairwise(bins))
    assert bins[0].low == min(USUAL)
    assert bins[-1].high == 0.05


def test_the_body_takes_more_than_a_tenth_of_the_bins_however_late_the_latest():
    bins = bins_of([*USUAL, 0.5])
    assert len([one for one in bins if one.count > 0 and one.high < 0.009]) >= 6


def test_bins_past_the_body_stand_in_one_ratio():
    bins = bins_of([*USUAL, 0.5])[30:]
    ratios = [one.high / one.low for one in bins]
    assert ratios == pytest.approx([ratios[0]] * len(ratios))


def test_latencies_of_one_kind_have_bins_of_one_width():
    bins = bins_of([0.01 + 1e-4 * index for index in range(21)])
    widths = [one.high - one.low for one in bins]
    assert widths == pytest.approx([widths[0]] * len(widths))


def test_frames_that_all_took_the_same_are_one_bin():
    assert [(one.low, one.count) for one in bins_of([0.01] * 5)] == [(0.01, 5)]


def test_one_late_frame_beside_ones_that_all_took_the_same_is_alone():
    bins = [one for one in bins_of([0.01] * 5 + [0.05]) if one.count]
    assert [one.count for one in bins] == [5, 1]
