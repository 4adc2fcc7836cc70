"""The histogram of latencies: one late frame is seen beside thousands, and no frame is lost between bins."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ironlaw.instruments.frame_series import bins_of, frames_picture, series_of
from ironlaw.system.audit.distribution import distribution

TIMES = st.lists(st.floats(1e-4, 1.0), min_size=1, max_size=700)
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


@given(TIMES)
def test_each_bin_counts_what_lies_in_it(times):
    bins = bins_of(times)
    assert sum(one.count for one in bins) == len(times)
    assert (bins[0].low, bins[-1].high) == (min(times), max(times))
    assert all(a.high == b.low for a, b in pairwise(bins))
    last = bins[-1]
    for one in bins:
        inside = [t for t in times if one.low <= t < one.high or (one is last and t == one.high)]
        assert one.count == len(inside)


@given(TIMES, st.data())
def test_every_frame_is_in_one_span_and_those_that_stand_out_alone(times, data):
    frames = st.sampled_from(range(len(times)))
    spikes = data.draw(st.lists(frames, unique=True, max_size=5))
    spans = series_of(times, spikes)
    assert [f for s in spans for f in range(s.first, s.last + 1)] == list(range(len(times)))
    assert all((spike, spike) in [(s.first, s.last) for s in spans] for spike in spikes)
    for span in spans:
        inside = times[span.first : span.last + 1]
        assert (span.low, span.high) == (min(inside), max(inside))


def test_figures_are_those_of_the_distribution():
    times = [5_000_000] * 299 + [50_000_000]
    figures = distribution(times, deadline=0.01)
    shown = frames_picture("a title", [t * 1e-9 for t in times], figures, [299], 299).to_dict()
    assert (shown["misses"], shown["miss_ratio"]) == (1, 1 / 300)
    assert (shown["miss_low"], shown["miss_high"]) == figures.miss_bounds
    assert shown["spikes"] == [{"frame": 299, "latency": 0.05}]
    assert shown["tail_note"] == figures.tail.words
