"""Speculation in time: what a batch waits, what it costs, and at which rates of the sensor it could hold."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from ironlaw.base.errors import DomainError
from ironlaw.system.speculation import acceptances, tokens_per_round
from ironlaw.system.temporal import (
    Batch,
    depth_chances,
    drafts_kept,
    rates_that_hold,
    waiting_time,
)

TIMES = st.floats(1e-5, 0.1)
RATES = st.floats(1.0, 1000.0)
FRAMES = st.integers(1, 8)
SHARES = st.floats(0.0, 1.0)


@st.composite
def batches(draw, frames=FRAMES):
    return Batch(
        frames=draw(frames),
        rate=draw(RATES),
        before=draw(TIMES),
        network=draw(TIMES),
        after=draw(TIMES),
        draft=draw(TIMES),
    )


def test_by_hand():
    found = Batch(frames=4, rate=100.0, before=1e-3, network=20e-3, after=2e-3, draft=0.5e-3)
    assert found.waiting == pytest.approx(30e-3)
    assert found.check == pytest.approx(23.5e-3)
    assert found.latency == pytest.approx(53.5e-3)
    assert found.busy == pytest.approx(34e-3)
    assert found.throughput == pytest.approx(4 / 34e-3)
    assert found.utilization == pytest.approx(0.85)
    assert found.exposure == pytest.approx(53e-3)
    assert found.lag == 5


@given(batches(st.just(1)))
def test_a_batch_of_one_waits_for_nothing(found):
    assert found.waiting == 0.0
    assert found.latency == found.check
    assert found.exposure == 0.0


@given(FRAMES, RATES)
def test_the_first_frame_waits_for_all_others(frames, rate):
    period = 1.0 / rate
    assert waiting_time(frames, rate) == pytest.approx((frames - 1) * period, abs=1e-12)


@given(batches(), st.floats(1.1, 10.0))
def test_scaling_the_unit_of_time_scales_every_time(found, times):
    slower = Batch(
        frames=found.frames,
        rate=found.rate / times,
        before=found.before * times,
        network=found.network * times,
        after=found.after * times,
        draft=found.draft * times,
    )
    assert slower.latency == pytest.approx(found.latency * times)
    assert slower.busy == pytest.approx(found.busy * times)
    assert slower.utilization == pytest.approx(found.utilization)


@given(batches(), st.floats(1e-4, 0.5))
def test_the_rates_that_hold_are_those_and_no_others(found, deadline):
    low, high = rates_that_hold(found, deadline)

    def meets(rate):
        fields = ("frames", "before", "network", "after", "draft")
        at = Batch(rate=rate, **{name: getattr(found, name) for name in fields})
        return at.latency <= deadline and at.utilization <= 1.0

    rate = found.rate
    assume(abs(rate - low) > 1e-6 * rate and abs(rate - high) > 1e-6 * rate)
    assert meets(rate) == (low <= rate <= high)


@given(batches(st.integers(2, 8)))
def test_a_deadline_of_the_period_refuses_every_batch(found):
    """What the car has: a frame a period, and a period to verify it in."""
    assert found.latency > 1.0 / found.rate


@given(SHARES, FRAMES)
def test_kept_drafts_are_the_tokens_of_a_round_without_the_targets_own(alpha, frames):
    assert drafts_kept(alpha, frames) == pytest.approx(
        tokens_per_round(acceptances(alpha, frames)) - 1.0
    )
    chances = depth_chances(alpha, frames)
    assert list(chances) == sorted(chances, reverse=True)
    assert 0.0 <= drafts_kept(alpha, frames) <= frames


def test_every_draft_holds_or_none():
    assert drafts_kept(1.0, 5) == 5.0
    assert drafts_kept(0.0, 5) == 0.0


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"frames": 0}, "frames = 0"),
        ({"rate": 0.0}, "rate = 0.0"),
        ({"network": -1.0}, "network = -1.0"),
        ({"after": -1e-3}, "after = -0.001"),
        ({"draft": float("nan")}, "draft = nan"),
    ],
)
def test_what_is_no_batch_is_refused(change, message):
    fields = {
        "frames": 2,
        "rate": 100.0,
        "before": 0.0,
        "network": 0.01,
        "after": 0.0,
        "draft": 0.0,
    }
    with pytest.raises(DomainError, match=message):
        Batch(**(fields | change))


def test_what_is_no_probability_is_refused():
    with pytest.raises(DomainError, match=r"acceptance = 1\.5"):
        drafts_kept(1.5, 2)
    with pytest.raises(DomainError, match="frames = 0"):
        drafts_kept(0.5, 0)
    one = Batch(frames=1, rate=1.0, before=0.0, network=0.1, after=0.0)
    with pytest.raises(DomainError, match="deadline"):
        rates_that_hold(one, 0.0)
