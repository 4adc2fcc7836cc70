"""The blame walk: its segments follow each other and add up to the latency of the frame."""

from __future__ import annotations

import itertools

from hypothesis import given, settings
from hypothesis import strategies as st

from ironlaw.system.audit.frames import Frames, find_frames
from ironlaw.system.audit.timeline import timeline_of
from ironlaw.system.audit.vocabulary import Kind
from ironlaw.system.audit.walk import FrameView, walk
from staged_traces import HOST, LOADER, Pipeline, Recorder, staged

CATEGORIES = [
    "cpu_op",
    "user_annotation",
    "python_function",
    "cuda_runtime",
    "kernel",
    "gpu_memcpy",
    "scheduler",
]
NAMES = [
    "aten::relu",
    "cudaStreamSynchronize",
    "cudaMalloc",
    "cudaLaunchKernel",
    "cudaMemcpyAsync",
    "work",
]


def frames_of(*spans, track=0):
    from array import array

    return Frames(
        start=array("q", [a for a, _ in spans]),
        end=array("q", [b for _, b in spans]),
        track=track,
        name="frame",
    )


def walked(trace, frames, place=0):
    view = FrameView(
        timeline=timeline_of(trace, frames), start=frames.start[place], end=frames.end[place]
    )
    return walk(view)


def adds_up(segments, start, end):
    assert segments[0].start == start
    assert segments[-1].end == end
    assert all(a.end == b.start for a, b in itertools.pairwise(segments))
    assert all(segment.time > 0 for segment in segments)
    assert sum(segment.time for segment in segments) == end - start


@given(
    st.lists(
        st.tuples(
            st.sampled_from(CATEGORIES),
            st.sampled_from(NAMES),
            st.sampled_from([HOST, LOADER, ("0", "7"), ("0", "13")]),
            st.integers(0, 2_000_000),
            st.integers(0, 1_500_000),
            st.integers(0, 6),
        ),
        max_size=40,
    )
)
@settings(max_examples=300, deadline=None)
def test_segments_add_up_whatever_the_trace_holds(events):
    recorder = Recorder()
    recorder.add("user_annotation", "frame", HOST, 0, 1)
    for category, name, at, start, time, correlation in events:
        recorder.add(category, name, at, start, time, correlation=correlation)
    trace = recorder.trace()
    frames = frames_of((100_000, 1_700_000), track=[t.thread for t in trace.tracks].index("500"))
    adds_up(walked(trace, frames), 100_000, 1_700_000)


def test_every_frame_of_a_pipeline_adds_up():
    for fault in ("kernel", "gap", "cudaFree", "loader", "copy", "off_core"):
        trace = staged(3, fault, frames=30)[0].recorder.trace()
        frames = find_frames(trace)
        for place in range(len(frames)):
            segments = walked(trace, frames, place)
            adds_up(segments, frames.start[place], frames.end[place])


def kinds(segments):
    return [segment.kind for segment in segments]


def test_the_walk_goes_through_the_device_where_the_host_waits():
    pipeline = Pipeline(2)
    for _ in range(10):
        pipeline.frame()
    trace = pipeline.recorder.trace()
    frames = find_frames(trace)
    segments = walked(trace, frames, 5)
    assert kinds(segments)[0] is Kind.OPERATOR
    assert {Kind.KERNEL, Kind.LAUNCH, Kind.RETURN} <= set(kinds(segments))
    names = [s.name for s in segments if s.kind is Kind.KERNEL]
    assert names.count("nms_iou_kernel") == 8
    assert {s.stage for s in segments if s.kind is Kind.KERNEL} == {"net", "post"}


def test_a_wait_for_another_stream_goes_there():
    recorder = Recorder()
    recorder.add("cuda_runtime", "cudaMemcpyAsync", HOST, 0, 5_000, correlation=1)
    recorder.add("cuda_runtime", "cudaLaunchKernel", HOST, 10_000, 5_000, correlation=2)
    recorder.add("gpu_memcpy", "copy", ("0", "13"), 6_000, 500_000, correlation=1)
    recorder.add("kernel", "work", ("0", "7"), 508_000, 100_000, correlation=2)
    recorder.add("cuda_runtime", "cudaStreamSynchronize", HOST, 20_000, 592_000)
    segments = walked(recorder.trace(), frames_of((0, 612_000)))
    adds_up(segments, 0, 612_000)
    assert kinds(segments) == [
        *(Kind.CALL, Kind.LAUNCH, Kind.COPY, Kind.DEPENDENCY, Kind.KERNEL, Kind.RETURN),
    ]


def test_a_thread_that_just_finished_is_what_was_waited_for():
    recorder = Recorder()
    recorder.add("cpu_op", "aten::add", HOST, 0, 100_000)
    recorder.add("user_annotation", "decode", LOADER, 50_000, 5_000_000)
    recorder.add("cpu_op", "aten::mul", HOST, 5_060_000, 100_000)
    trace = recorder.trace()
    segments = walked(trace, frames_of((0, 5_160_000)))
    adds_up(segments, 0, 5_160_000)
    assert ("decode", "501") in {(s.name, trace.tracks[s.track].thread) for s in segments}


def test_time_off_the_core_is_cut_out():
    recorder = Recorder()
    recorder.add("cpu_op", "aten::add", HOST, 0, 1_000_000)
    recorder.add("scheduler", "off core", HOST, 200_000, 500_000)
    segments = walked(recorder.trace(), frames_of((0, 1_000_000)))
    assert [(s.kind, s.time) for s in segments] == [
        (Kind.OPERATOR, 200_000), (Kind.OFF_CORE, 500_000), (Kind.OPERATOR, 300_000),
    ]  # fmt: skip


def test_no_time_off_the_core_cuts_nothing():
    recorder = Recorder()
    recorder.add("cpu_op", "aten::add", HOST, 0, 1_000_000)
    recorder.add("scheduler", "off core", HOST, 200_000, 0)
    adds_up(walked(recorder.trace(), frames_of((0, 1_000_000))), 0, 1_000_000)


def test_an_event_that_outlives_the_one_it_began_in_stays_open():
    recorder = Recorder()
    recorder.add("python_function", "__enter__", HOST, 0, 10_000)
    recorder.add("user_annotation", "net", HOST, 9_000, 500_000)
    recorder.add("cpu_op", "aten::relu", HOST, 20_000, 400_000)
    segments = walked(recorder.trace(), frames_of((0, 600_000)))
    assert [s.stage for s in segments if s.name == "aten::relu"] == ["net"]


def test_a_device_without_a_host_is_walked():
    recorder = Recorder()
    recorder.add("kernel", "first", ("0", "7"), 0, 400_000)
    recorder.add("kernel", "second", ("0", "7"), 402_000, 200_000)
    segments = walked(recorder.trace(), frames_of((0, 602_000)))
    assert [s.name for s in segments if s.kind is Kind.KERNEL] == ["first", "second"]
    adds_up(segments, 0, 602_000)


def test_a_thread_that_is_handed_work_and_gives_it_back_is_walked():
    recorder = Recorder()
    recorder.add("cpu_op", "aten::add", HOST, 0, 100_000)
    for i in range(20):
        recorder.add("cpu_op", "aten::backward", LOADER, 150_000 + 140_000 * i, 100_000)
    recorder.add("cpu_op", "aten::mul", HOST, 2_930_000, 100_000)
    recorder.add("cpu_op", "aten::mul", HOST, 5_000_000, 100_000)
    segments = walked(recorder.trace(), frames_of((0, 3_030_000)))
    adds_up(segments, 0, 3_030_000)
    assert [s.name for s in segments].count("aten::backward") == 20


def test_a_thread_that_goes_on_working_is_not_what_was_waited_for():
    recorder = Recorder()
    recorder.add("cpu_op", "aten::add", HOST, 0, 100_000)
    for i in range(40):
        recorder.add("cpu_op", "aten::logging", LOADER, 10_000 + 140_000 * i, 100_000)
    recorder.add("cpu_op", "aten::mul", HOST, 2_930_000, 100_000)
    segments = walked(recorder.trace(), frames_of((0, 3_030_000)))
    assert "aten::logging" not in {s.name for s in segments}
