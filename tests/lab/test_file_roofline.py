"""The roofline of a trace of one's own: the frame's operators under its device's roof, the median frame's as ghosts."""

from __future__ import annotations

import json

import pytest

from ironlaw.lab.file_recording import file_recording
from ironlaw.registry.chips import load_chip
from ironlaw.system.trace.read import read
from ironlaw.system.trace.roofline import TraceWork, trace_roofline

STEP = 1_000.0  # [us] from frame to frame
LATE = 20
USUAL, SLOW = 40.0, 700.0  # [us] of the product's kernel
N, K, M = 256, 128, 64


def written(tmp_path, device="Tesla V100-DGXS-32GB", shapes=True):
    events = []
    for frame in range(30):
        at, time = frame * STEP, SLOW if frame == LATE else USUAL
        dims = [[N, K], [K, M]] if shapes else []
        product = {"External id": frame, "Input Dims": dims, "Input type": ["float", "float"]}
        host, stream = {"ph": "X", "pid": 7, "tid": 8}, {"ph": "X", "pid": 0, "tid": 7}
        waits = {"correlation": 1000 + frame}
        events += [
            {**host, "cat": "user_annotation", "name": "step", "ts": at, "dur": time + 60.0},
            {**host, "cat": "cpu_op", "name": "aten::mm", "ts": at + 5.0, "dur": 20.0, "args": product},
            {**host, "cat": "cuda_runtime", "name": "cudaLaunchKernel", "ts": at + 8.0, "dur": 4.0,
             "args": {"correlation": frame + 1}},
            {**stream, "cat": "kernel", "name": "sgemm", "ts": at + 15.0, "dur": time,
             "args": {"correlation": frame + 1, "stream": 7}},
            {**host, "cat": "cuda_runtime", "name": "cudaStreamSynchronize", "ts": at + 30.0,
             "dur": time + 20.0, "args": waits},
        ]  # fmt: skip
    trace = {"deviceProperties": [{"id": 0, "name": device}], "traceEvents": events}
    path = tmp_path / "own.json"
    path.write_text(json.dumps(trace))
    return read(path)


def test_the_late_frame_stands_beside_the_median_one(tmp_path):
    recording = file_recording(written(tmp_path), "own.json")
    assert recording.first_look == LATE
    picture = recording.roofline(LATE, recording.median)
    (dot,) = picture.dots
    flops, traffic = 2.0 * N * K * M, 4.0 * (N * K + K * M + N * M)
    assert (dot.label, dot.count, dot.share) == ("mm", 1, 1.0)
    assert dot.flop_rate == pytest.approx(flops / (SLOW * 1e-6))
    assert dot.ghost_rate == pytest.approx(flops / (USUAL * 1e-6))
    assert dot.intensity == pytest.approx(flops / traffic)
    assert picture.roofs[0].bandwidth == load_chip("v100-sxm2").bandwidth
    assert picture.y.min <= dot.flop_rate <= picture.y.max
    assert "Tesla V100-DGXS-32GB" in picture.source
    assert "100 % of the device's time" in picture.source


def test_a_device_or_shapes_that_are_not_known_give_no_roofline(tmp_path):
    for trace in (written(tmp_path, device="My GPU"), written(tmp_path, shapes=False)):
        recording = file_recording(trace, "own.json")
        assert recording.roofline(LATE, recording.median) is None


def test_spans_add_up_to_the_trace(tmp_path):
    trace, chip = written(tmp_path), load_chip("v100-sxm2")
    work, step = TraceWork(trace), int(STEP * 1000)
    begin = min(trace.start)
    parts = [work.roofline(chip, (begin + at * step, begin + (at + 1) * step)) for at in range(30)]
    whole = trace_roofline(trace, chip)
    assert sum(part.time for part in parts) == pytest.approx(whole.time)
    assert sum(part.points[0].flops for part in parts) == pytest.approx(whole.points[0].flops)
    assert parts[LATE].time == pytest.approx(SLOW * 1e-6)
    assert work.roofline(chip) == whole
