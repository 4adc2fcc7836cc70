"""What counts as a frame."""

from __future__ import annotations

import pytest

from ironlaw.system.audit.frames import find_frames
from staged_traces import HOST, LOADER, Pipeline, Recorder

MS = 1_000_000


def regular(n, annotate, period=10 * MS):
    recorder = Recorder()
    for i in range(n):
        annotate(recorder, i, i * period)
    return recorder.trace()


def test_profiler_steps_come_first():
    def step(recorder, i, at):
        recorder.add("user_annotation", f"ProfilerStep#{i}", HOST, at, 9 * MS)
        recorder.add("user_annotation", "frame", HOST, at, 8 * MS)

    found = find_frames(regular(5, step))
    assert len(found) == 5
    assert found.name == "ProfilerStep"
    assert found.latencies == [9 * MS] * 5


def test_old_traces_mark_steps_as_operators():
    found = find_frames(
        regular(4, lambda r, i, at: r.add("Operator", f"ProfilerStep#{i}", HOST, at, 9 * MS))
    )
    assert len(found) == 4


def test_the_annotation_that_covers_most_wins():
    pipeline = Pipeline(1)
    for _ in range(20):
        pipeline.frame()
    found = find_frames(pipeline.recorder.trace())
    assert (len(found), found.name) == (20, "frame")


@pytest.mark.parametrize("name", ["frame {}", "batch 7/{}", "Inference #{}"])
def test_numbered_names_are_one_annotation(name):
    found = find_frames(
        regular(12, lambda r, i, at: r.add("user_annotation", name.format(i), HOST, at, 9 * MS))
    )
    assert len(found) == 12


def test_an_annotation_that_overlaps_itself_is_no_frame():
    recorder = Recorder()
    for i in range(20):
        recorder.add("user_annotation", "request", HOST, i * MS, 5 * MS)
        recorder.add("user_annotation", "tick", LOADER, i * MS, MS // 2)
    assert find_frames(recorder.trace()).name == "tick"


def test_an_epoch_around_steps_is_no_frame():
    def step(recorder, i, at):
        recorder.add("user_annotation", "step", HOST, at, 9 * MS)
        if i % 10 == 0:
            recorder.add("user_annotation", "epoch", HOST, at, 100 * MS)

    assert find_frames(regular(100, step)).name == "step"


def ops(recorder, at, *, idle):
    for i, name in enumerate(("aten::conv2d", "aten::relu", "aten::add")):
        recorder.add("cpu_op", name, HOST, at + idle + i * MS, MS - 10_000)


def test_without_annotations_the_event_after_the_longest_idle_time_begins_a_frame():
    found = find_frames(regular(20, lambda r, _, at: ops(r, at, idle=0)))
    assert len(found) == 19
    assert "aten::conv2d" in found.how
    assert "what delays its start is not in it" in found.how
    assert set(found.latencies) == {3 * MS - 10_000}


def test_frames_without_a_pause_go_from_start_to_start():
    found = find_frames(
        regular(20, lambda r, _, at: ops(r, at, idle=50_000), period=3 * MS + 50_000)
    )
    assert "aten::conv2d" in found.how
    assert set(found.latencies) == {3 * MS + 50_000}


def test_a_device_alone_has_frames_too():
    def kernels(recorder, i, at):
        recorder.add("kernel", "first", ("0", "7"), at, 4 * MS)
        recorder.add("kernel", "second", ("0", "7"), at + 4 * MS + 2000, 2 * MS)

    found = find_frames(regular(20, kernels))
    assert len(found) == 19
    assert "first" in found.how


def test_nothing_that_repeats_is_no_frame():
    recorder = Recorder()
    for i in range(30):
        recorder.add("cpu_op", f"aten::op{chr(97 + i)}", HOST, i * i * MS, MS)
    assert len(find_frames(recorder.trace())) == 0
    assert len(find_frames(Recorder().trace())) == 0
