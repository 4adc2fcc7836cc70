"""The simulated loop: its stages are the measured ones, time flows one way, and a cause is what makes its spike."""

from __future__ import annotations

from itertools import pairwise
from statistics import median

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ironlaw.base.errors import DomainError
from ironlaw.registry.networks import load_network_card
from ironlaw.system.jitter.case import drawn_case
from ironlaw.system.jitter.causes import DECOYS, Cause
from ironlaw.system.jitter.simulate import deployed, latencies, network_flops, plain_frame, simulate
from ironlaw.system.jitter.truth import case
from jitter_cases import FRAMES, ONE_OF_EACH, run, seeds

LAUNCHED = ("kernel", "gpu_memcpy", "gpu_memset")
CALLS = ("cuda_runtime", "cuda_driver")


def without_jitter(index):
    """Times of a stage in all frames but the slow ones [s]."""
    times = [frame.stages[index] * 1e-9 for seed in range(4) for frame in run(seed).frames]
    return median(times)


@pytest.mark.parametrize(("index", "measured"), [(0, 0.12e-3), (1, 6.09e-3), (2, 1.58e-3)])
def test_stages_take_their_measured_time(index, measured):
    assert without_jitter(index) == pytest.approx(measured, rel=0.01)
    assert plain_frame(deployed()).stages[index] * 1e-9 == pytest.approx(measured, rel=1e-5)


def test_the_network_is_that_of_the_registry():
    flops = network_flops(run(7))
    backbone = sum(k.flops for k in deployed().kernels if not k.name.startswith("points"))
    assert backbone == pytest.approx(68.3e9, rel=0.005)
    published = 2.0 * load_network_card("pointpillars").sheet.number("macs.published")
    assert flops == pytest.approx(published, rel=0.01)
    assert [k.name.partition(".")[0] for k in deployed().kernels][:3] == [
        *("points", "canvas", "block1_0"),
    ]
    # the fraction of the peak rate that the dossier finds for the same kernels
    assert deployed().factors.compute_reach == pytest.approx(0.289, rel=0.03)


def test_the_median_frame_is_in_time():
    seen = latencies(run(seeds(Cause.NMS)[0]))
    assert seen.median == pytest.approx(7.79e-3, rel=0.01)
    assert (seen.misses, seen.deadline) == (1, 0.01)
    assert seen.p99 < 1.05 * seen.median


def test_a_seed_gives_the_same_trace_twice():
    assert simulate(5, 80).events == simulate(5, 80).events
    assert simulate(5, 80).events != simulate(6, 80).events


@pytest.mark.parametrize(("cause", "seed"), ONE_OF_EACH)
def test_without_its_cause_the_spike_is_gone_and_nothing_else(cause, seed):
    truth = case(seed, FRAMES)
    with_it, without = run(seed), run(seed, without=cause)
    slow = range(truth.frame, truth.last + 1)
    assert len(without.frames) == FRAMES
    for before, after in zip(with_it.frames, without.frames, strict=True):
        if before.number in slow:
            assert after.latency < 0.01 < before.latency
        elif cause is Cause.ALLOC_FLUSH:  # an empty pool asks the driver once more, later
            assert 0.0 <= before.latency - after.latency < 0.5e-3
        else:
            assert after.latency == before.latency
    assert with_it.frames[truth.frame].latency == truth.latency


@pytest.mark.parametrize(("cause", "seed"), ONE_OF_EACH)
def test_without_another_cause_nothing_changes(cause, seed):
    other = next(one for one in Cause if one is not cause)
    assert run(seed, without=other).events == run(seed).events


@pytest.mark.parametrize("name", DECOYS)
def test_decoys_are_innocent(name):
    there = [s for s in range(40) if name in {d.name for d in drawn_case(s, FRAMES).decoys}][:4]
    assert there
    for seed in there:
        truth = case(seed, FRAMES)
        before = run(seed).frames[truth.frame].latency
        after = run(seed, without=name).frames[truth.frame].latency
        assert 0.0 <= before - after < 0.05 * truth.excess


def test_every_trace_holds_one_or_two_decoys():
    for seed in range(40):
        assert 1 <= len(drawn_case(seed, FRAMES).decoys) <= 2


@settings(deadline=None, max_examples=8)
@given(st.integers(0, 10_000), st.booleans(), st.sampled_from(["none", "full"]))
def test_time_flows_one_way(seed, graph, fused):
    trace = simulate(seed, 60, graph_launch=graph, fused=fused)
    calls = {e.correlation: e for e in trace.events if e.category in CALLS}
    streams: dict[str, list[tuple[int, int]]] = {}
    for event in trace.events:
        assert event.end >= event.start
        if event.category in LAUNCHED:
            assert event.start > calls[event.correlation].start  # no kernel before its launch
            streams.setdefault(event.track, []).append((event.start, event.end))
    for spans in streams.values():
        assert all(a[1] <= b[0] for a, b in pairwise(spans))
    in_order = [e for e in trace.events if e.category in CALLS]
    assert all(a.end <= b.start for a, b in pairwise(in_order))
    ends = [frame.end for frame in trace.frames]
    assert all(f.start >= end for f, end in zip(trace.frames[1:], ends, strict=False))
    assert all(sum(f.stages) == f.end - f.start for f in trace.frames)


def test_waiting_ends_with_the_work_that_is_waited_for():
    events = run(7).of(3)
    assert {event.frame for event in events} == {3}
    assert len(events) == sum(1 for event in run(7).events if event.frame == 3)
    ends = [e.end for e in events if e.category in LAUNCHED and e.track == "stream 7"]
    waits = [e for e in events if e.name == "cudaStreamSynchronize"]
    assert len(waits) == 4
    for wait in waits:
        assert max(end for end in ends if end <= wait.end) <= wait.end
        assert not [
            e for e in events if e.start < wait.start < wait.end < e.end and e.track == "stream 7"
        ]


def test_a_late_frame_drops_scans_and_the_next_takes_the_newest():
    seed = seeds(Cause.HOST_STALL)[0]
    truth, frames = case(seed, FRAMES), run(seed).frames
    late, following = frames[truth.frame], frames[truth.frame + 1]
    assert following.skipped == int(late.latency / 0.01) - 1
    assert 0 < following.start - late.end < 10_000
    assert latencies(run(seed)).skipped == following.skipped


def test_a_static_pool_removes_the_flush():
    seed = seeds(Cause.ALLOC_FLUSH)[0]
    frame = case(seed, FRAMES).frame
    trace = run(seed, pool="static")
    assert trace.frames[frame].latency < 0.01
    assert "[memory]" not in {event.name for event in trace.events}


@pytest.mark.parametrize("cause", [Cause.ALLOC_FLUSH, Cause.NEW_SHAPE])
def test_a_captured_graph_removes_flush_and_new_shape(cause):
    for seed in seeds(cause):
        assert run(seed, graph_launch=True).frames[case(seed, FRAMES).frame].latency < 0.01


def test_a_captured_graph_leaves_a_stall_only_where_something_is_still_launched():
    for seed in seeds(Cause.HOST_STALL, 8):
        truth = case(seed, FRAMES)
        slow = run(seed, graph_launch=True).frames[truth.frame].latency > 0.01
        after_graph = run(seed).case.injection.before >= 2
        assert slow == (truth.stages[0].value == "postprocess" and after_graph)


def test_fusion_shortens_the_frame_and_its_launches():
    seen = {level: run(7, fused=level) for level in ("none", "partial", "full")}
    times = [latencies(trace).median for trace in seen.values()]
    launches = [
        sum(1 for e in trace.events if e.name == "cudaLaunchKernel" and e.frame == 3)
        for trace in seen.values()
    ]
    assert times == sorted(times, reverse=True)
    assert launches == sorted(launches, reverse=True)
    assert launches[2] == 22 + 3 + 3
    assert times[0] > 0.01  # unfused, every frame is late


def test_a_set_of_fusions_lies_between():
    none, full = (latencies(run(7, fused=level)).median for level in ("none", "full"))
    some = latencies(run(7, fused=("concatenate_in_place",))).median
    assert full < some < none


@pytest.mark.parametrize(
    ("choice", "message"),
    [
        ({"without": "gremlins"}, "without = 'gremlins' is outside alloc_flush"),
        ({"pool": "big"}, "pool = 'big' is outside caching, static"),
        ({"fused": "all"}, "fused = 'all' is outside none, partial, full"),
        ({"frames": 10}, "frames = 10 is outside whole numbers from 60 to 20000"),
    ],
)
def test_what_is_not_there_is_refused(choice, message):
    with pytest.raises(DomainError, match=message):
        simulate(1, **choice)
