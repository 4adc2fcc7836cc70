"""A stall that the frames before it foretell is a wait for what runs beside; one without notice is not."""

from __future__ import annotations

import random

import pytest

from ironlaw.system.audit.causes import Cause, Evidence
from ironlaw.system.audit.foretold import foreboding
from ironlaw.system.audit.frames import find_frames
from ironlaw.system.audit.timeline import timeline_of
from ironlaw.system.audit.verdict import audit_trace
from ironlaw.system.audit.vocabulary import Kind
from staged_traces import HostNetwork

LATE = (30, 61, 95)
STALL = 40_000_000  # [ns]
HERE = (Kind.GAP, "nms", "nms")


def queued(seed, *, ahead=2, late=LATE, frames=120):
    """A network that takes from a queue of `ahead`, whose filler takes very long over some items.

    Each take lets the filler run for a moment, but not while it is busy with an item: then the queue is emptied, and
    the frame after that waits. With nothing ahead the same stalls come without notice.
    """
    network, drawn = HostNetwork(seed), random.Random(seed)  # noqa: S311 - seeded, for tests
    busy = {place - back for place in late for back in range(1, ahead + 1)}
    for place in range(frames):
        shared = drawn.uniform(300_000, 600_000) if place not in busy else drawn.uniform(0, 90_000)
        network.frame(fault="gap", size=STALL if place in late else int(shared))
    return network.recorder.trace()


@pytest.mark.parametrize("ahead", [1, 2, 3])
@pytest.mark.parametrize("seed", range(3))
def test_a_queue_that_runs_empty_is_a_wait_for_another_thread(seed, ahead):
    audit = audit_trace(queued(seed, ahead=ahead))
    assert [spike.frame for spike in audit.spikes] == list(LATE)
    for spike in audit.spikes:
        assert spike.verdict.cause is Cause.WAIT_OTHER_THREAD
        assert spike.verdict.evidence is Evidence.LOCATED
        assert "the delay began before the frame" in spike.verdict.words.lower()
        assert "profile_all_threads" in spike.verdict.wanted
    assert [finding.frames for finding in audit.findings] == [LATE]


@pytest.mark.parametrize("seed", range(5))
def test_a_stall_without_notice_stays_a_gap(seed):
    audit = audit_trace(queued(seed, ahead=0))
    assert {spike.verdict.cause for spike in audit.spikes} == {Cause.HOST_GAP}


def test_one_stall_proves_nothing():
    audit = audit_trace(queued(0, late=(61,)))
    assert [spike.verdict.cause for spike in audit.spikes] == [Cause.HOST_GAP]


def test_the_depth_of_the_queue_is_seen():
    trace = queued(1, ahead=2)
    frames = find_frames(trace)
    sign = foreboding(timeline_of(trace, frames), LATE, LATE, HERE)
    assert sign.depth == 2
    assert sign.time < 0.3 * sign.usual
    assert sign.chance == pytest.approx(3 * 0.05**3)
    assert "each of the 2 frames" in sign.words


def test_too_few_usual_frames_say_nothing():
    trace = queued(1, late=(30,), frames=36)
    frames = find_frames(trace)
    assert foreboding(timeline_of(trace, frames), (30,), (30,), HERE) is None


def test_stalls_that_follow_each_other_have_no_usual_frames_before_them():
    trace = queued(1)
    frames = find_frames(trace)
    crowd = tuple(place for late in LATE for place in (late - 3, late - 2, late - 1, late))
    assert foreboding(timeline_of(trace, frames), LATE, crowd, HERE) is None
