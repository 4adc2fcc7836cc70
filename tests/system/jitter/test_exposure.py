"""Which causes a build removes."""

from __future__ import annotations

import pytest

from ironlaw.base.errors import DomainError
from ironlaw.system.jitter.board import Deployment
from ironlaw.system.jitter.case import drawn_case
from ironlaw.system.jitter.causes import Cause
from ironlaw.system.jitter.exposure import alone, exposures


def removed(**build):
    return {one.cause for one in exposures(Deployment(**build)) if one.removed}


def test_the_pipeline_as_it_is_deployed_suffers_all():
    assert removed() == set()


def test_each_choice_removes_its_causes():
    assert removed(pool="static") == {Cause.ALLOC_FLUSH}
    assert removed(graph_launch=True) == {Cause.ALLOC_FLUSH, Cause.NEW_SHAPE}


def test_a_captured_graph_halves_the_stalls():
    stalls = {
        graph: next(
            one
            for one in exposures(Deployment(graph_launch=graph), draws=40)
            if one.cause is Cause.HOST_STALL
        )
        for graph in (False, True)
    }
    assert stalls[False].late == 40
    assert 0 < stalls[True].late < 20


def test_what_is_late_anyway_has_nothing_removed():
    eager = exposures(Deployment(fused="none", pool="static"), draws=2)
    assert all(one.late == 2 for one in eager)
    flush = next(one for one in eager if one.cause is Cause.ALLOC_FLUSH)
    assert flush.added == 0.0


@pytest.mark.parametrize("cause", Cause)
def test_a_cause_may_be_asked_for(cause):
    drawn = drawn_case(5, 60, cause)
    assert drawn.cause is cause
    assert (drawn.frame, drawn.capture) == (drawn_case(5, 60).frame, drawn_case(5, 60).capture)


def test_the_frame_by_itself_is_the_frame_in_its_trace():
    drawn = drawn_case(5, 60)
    slow, events = alone(drawn, cured=False)
    assert slow > alone(drawn, cured=True)[0]
    assert {event.frame for event in events} == {drawn.frame}


def test_no_draws_are_refused():
    with pytest.raises(DomainError, match="draws = 0 is outside"):
        exposures(Deployment(), draws=0)
