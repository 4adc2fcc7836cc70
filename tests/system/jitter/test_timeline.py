"""Kernels under changing bandwidth, worked by hand."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ironlaw.system.jitter.pipeline import Work
from ironlaw.system.jitter.timeline import Burst, Clocks, Timeline

BOUND_BY_MEMORY = Work(0.0, 1e-3)
BOUND_BY_ARITHMETIC = Work(1e-3, 0.4e-3)


def test_half_the_work_at_half_the_bandwidth_takes_as_long_again():
    burst = Burst(500_000, 10_000_000, 0.5)
    assert Timeline(Clocks(), (burst,)).end(0, BOUND_BY_MEMORY) == 1_500_000


def test_a_burst_that_ends_gives_the_bandwidth_back():
    burst = Burst(0, 1_000_000, 0.75)
    assert Timeline(Clocks(), (burst,)).end(0, BOUND_BY_MEMORY) == 1_750_000


def test_arithmetic_does_not_see_bandwidth_until_it_is_short():
    for share, end in ((0.5, 1_000_000), (0.6, 1_000_000), (0.8, 2_000_000)):
        timeline = Timeline(Clocks(), (Burst(0, 1 << 40, share),))
        assert timeline.end(0, BOUND_BY_ARITHMETIC) == pytest.approx(end, abs=1)


def test_clocks_stretch_what_they_clock():
    assert Timeline(Clocks(2.0, 1.0), ()).end(5, BOUND_BY_ARITHMETIC) == 2_000_005
    assert Timeline(Clocks(2.0, 1.0), ()).end(5, BOUND_BY_MEMORY) == 1_000_005
    assert Timeline(Clocks(1.0, 1.5), ()).end(5, BOUND_BY_MEMORY) == 1_500_005


def test_bursts_add_up():
    both = (Burst(0, 100, 0.25), Burst(50, 200, 0.5))
    free = [Timeline(Clocks(), both).free(moment) for moment in (0, 49, 50, 99, 100, 199, 200)]
    assert free == [0.75, 0.75, 0.25, 0.25, 0.5, 0.5, 1.0]


@given(st.lists(st.tuples(st.integers(0, 10**6), st.integers(1, 10**6)), max_size=3))
def test_no_burst_makes_a_kernel_faster(spans):
    bursts = tuple(Burst(start, start + length, 0.25) for start, length in spans)
    end = Timeline(Clocks(), bursts).end(0, BOUND_BY_MEMORY)
    assert end >= 1_000_000 - 1
    assert end <= 4_000_000 + 1
