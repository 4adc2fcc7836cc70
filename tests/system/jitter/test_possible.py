"""Which causes can make the fifty-millisecond frame at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from ironlaw.base.errors import DomainError
from ironlaw.system.jitter.causes import Cause
from ironlaw.system.jitter.possible import lowest_clocks, possibilities
from ironlaw.system.jitter.simulate import deployed


def judged(excess=None):
    return {one.cause: one for one in possibilities(excess)}


def test_throttling_alone_cannot_make_the_frame_of_fifty_milliseconds():
    throttle = judged()[Cause.THROTTLE]
    slowest, clocks = deployed().median, lowest_clocks()
    assert not throttle.possible
    # no kernel takes longer than by the larger of the two factors, and the host does not slow down
    assert throttle.reach < slowest * (max(clocks) - 1.0) < 0.042
    assert throttle.reach > slowest * (min(clocks) - 1.0)
    assert "21.9 ms: 14.1 ms more, of 42.2 ms" in throttle.why


def test_those_that_can_are_four():
    able = {cause for cause, one in judged().items() if one.possible}
    assert able == {Cause.ALLOC_FLUSH, Cause.NEW_SHAPE, Cause.NMS, Cause.HOST_STALL}


def test_a_small_spike_may_be_anything():
    assert all(one.possible for one in possibilities(0.002))


def test_the_judgement_turns_at_its_reach():
    reach = judged()[Cause.CONTENTION].reach
    assert judged(reach)[Cause.CONTENTION].possible
    assert not judged(reach * 1.0001)[Cause.CONTENTION].possible


def test_no_excess_is_refused():
    with pytest.raises(DomainError, match="excess"):
        possibilities(0.0)


def test_the_page_prints_these_bounds():
    page = (Path(__file__).parents[3] / "docs/jitter.md").read_text(encoding="utf-8")
    text, clocks = " ".join(page.split()), lowest_clocks()
    slowest = deployed().median + judged()[Cause.THROTTLE].reach
    contended = deployed().median + judged()[Cause.CONTENTION].reach
    assert f"arithmetic {clocks.gpu:.2f} and memory {clocks.memory:.2f} times slower" in text
    assert f"a frame takes {slowest * 1e3:.1f} ms" in text
    assert f"Contention reaches {contended * 1e3:.1f} ms" in text
