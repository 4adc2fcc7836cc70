"""The largest excess on the way through a frame is that of the guilty event, not of what looks guiltier."""

from __future__ import annotations

import pytest

from ironlaw.base.errors import DomainError
from ironlaw.system.jitter.blame import blamed
from ironlaw.system.jitter.causes import Cause
from ironlaw.system.jitter.truth import ALL_KERNELS, case
from jitter_cases import FRAMES, run


@pytest.mark.parametrize("seed", range(48))
def test_the_guilty_event_is_the_one_with_the_largest_excess(seed):
    truth = case(seed, FRAMES)
    first, *_ = blamed(run(seed), truth.frame)
    if truth.events == (ALL_KERNELS,):
        assert truth.cause is Cause.THROTTLE
        assert first.key in truth.decoys  # the longest kernel, which did nothing but stretch
    else:
        assert first.key in truth.events
        assert first.key not in truth.decoys


@pytest.mark.parametrize("seed", range(12))
def test_excesses_add_up_to_that_of_the_frame(seed):
    truth = case(seed, FRAMES)
    positive = sum(one.excess for one in blamed(run(seed), truth.frame) if one.excess > 2e4)
    assert positive * 1e-9 == pytest.approx(truth.excess, rel=0.35)


def test_in_a_usual_frame_nobody_is_to_blame():
    assert max(abs(one.excess) for one in blamed(run(7), 5)) < 0.2e6


def test_a_captured_graph_is_refused():
    with pytest.raises(DomainError, match="graph_launch = True is outside False"):
        blamed(run(7, graph_launch=True), 3)
