"""Readings on a disturbed machine."""

from __future__ import annotations

import pytest

from ironlaw.base.errors import DomainError
from ironlaw.system.probe.readings import calls_for, median, reading_of


def test_the_median_of_both_counts():
    assert median([5.0, 1.0, 3.0]) == 3.0
    assert median([5.0, 1.0, 3.0, 100.0]) == 4.0
    with pytest.raises(DomainError, match="values"):
        median([])


def test_the_least_disturbed_round_is_the_reading():
    reading = reading_of([2.0, 1.0, 1.02, 9.0, 3.0, 1.01, 5.0, 4.0])
    assert reading.time == 1.0
    assert reading.spread == pytest.approx(0.02)  # a quarter of eight rounds, beside the best
    assert reading.is_steady
    assert reading.rounds == 8


def test_a_single_lucky_round_is_not_steady():
    assert not reading_of([1.0, 2.0, 2.0, 2.0]).is_steady


def test_one_round_is_its_own_reading():
    assert reading_of([0.5]).spread == 0.0


@pytest.mark.parametrize("rounds", [[], [0.0, 1.0], [-1.0]])
def test_times_that_no_clock_gives_are_refused(rounds):
    with pytest.raises(DomainError, match="rounds"):
        reading_of(rounds)


@pytest.mark.parametrize("call", [1e-7, 3e-5, 0.5])
def test_calls_fill_a_window_and_no_more_than_they_must(call):
    asked = []

    def timed(calls):
        asked.append(calls)
        return calls * call

    calls = calls_for(timed, 0.01)
    assert calls * call >= 0.01
    assert calls == 1 or calls * call < 0.02
    assert len(asked) < 12


def test_a_clock_that_stands_still_at_first_ends_too():
    assert calls_for(lambda calls: 0.0 if calls < 8 else calls * 1e-3, 0.01) >= 8
