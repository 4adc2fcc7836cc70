"""trtexec's files: times of every inference, in the old and the new spelling, and averages."""

from __future__ import annotations

import gzip
import json

import pytest

from ironlaw.system.trace.categories import Category, Phase
from ironlaw.system.trace.columns import TraceError
from ironlaw.system.trace.read import read
from trace_files import put

NEW = {
    "startEnqMs": 1.0,
    "endEnqMs": 1.25,
    "startH2dMs": 1.1,
    "endH2dMs": 1.3,
    "startComputeMs": 1.4,
    "endComputeMs": 9.4,
    "startD2hMs": 9.5,
    "endD2hMs": 9.6,
    "h2dMs": 0.2,
    "computeMs": 8.0,
    "d2hMs": 0.1,
    "latencyMs": 8.300001,
}
OLD = {
    "startEnqMs": 1.0,
    "endEnqMs": 1.25,
    "startInMs": 1.1,
    "endInMs": 1.3,
    "startComputeMs": 1.4,
    "endComputeMs": 9.4,
    "startOutMs": 9.5,
    "endOutMs": 9.6,
    "inMs": 0.2,
    "computeMs": 8.0,
    "outMs": 0.1,
    "latencyMs": 8.300001,
    "endToEndMs": 8.5,
}


def slices(trace):
    return {
        trace.text(row): (trace.start[row], trace.duration[row], trace.category[row])
        for row in range(len(trace))
        if trace.phase[row] == Phase.SLICE
    }


@pytest.mark.parametrize("spelling", [NEW, OLD], ids=["new", "old"])
def test_an_inference_is_a_frame_with_its_exact_latency(spelling, tmp_path):
    trace = read(put(tmp_path / "times.json", json.dumps([spelling])))
    assert trace.format == "trtexec"
    (frame,) = trace.frames
    assert (trace.text(frame), trace.start[frame]) == ("inference", 1_100_000)
    assert trace.duration[frame] == 8_300_001
    assert slices(trace) == {
        "enqueue": (1_000_000, 250_000, Category.RUNTIME),
        "copy to device": (1_100_000, 200_000, Category.COPY),
        "compute": (1_400_000, 8_000_000, Category.KERNEL),
        "copy to host": (9_500_000, 100_000, Category.COPY),
    }


def test_inferences_overlap_and_each_is_a_frame(tmp_path):
    many = [{key: value + 8 * n for key, value in NEW.items()} for n in range(20)]
    for n, one in enumerate(many):
        one["latencyMs"] = 8.3 + n
    trace = read(put(tmp_path / "times.json.gz", gzip.compress(json.dumps(many).encode())))
    assert [trace.duration[row] for row in trace.frames] == [
        8_300_000 + 1_000_000 * n for n in range(20)
    ]
    assert {trace.phase[row] for row in trace.frames} == {Phase.SPAN}


def test_a_latency_that_is_not_written_is_that_of_its_ends(tmp_path):
    bare = {"startComputeMs": 1.5, "endComputeMs": 4}
    trace = read(put(tmp_path / "times.json", json.dumps([bare, {"computeMs": 3}, 5])))
    assert [trace.duration[row] for row in trace.frames] == [2_500_000]
    assert trace.n_bad == 2


def test_a_truncated_file_is_read_up_to_there(tmp_path):
    text = json.dumps([NEW, OLD, NEW])
    trace = read(put(tmp_path / "times.json", text[: len(text) - 30]))
    assert len(trace.frames) == 2
    assert trace.lost == ("the file breaks off before its end",)


@pytest.mark.parametrize(
    "layers",
    [
        [{"count": 100}, {"name": "conv1", "timeMs": 10.0, "averageMs": 0.1, "percentage": 5.0}],
        [{"name": "conv1", "timeMs": 10.0, "averageMs": 0.1, "medianMs": 0.1, "percentage": 5.0}],
    ],
)
def test_averages_are_refused_with_the_reason(layers, tmp_path):
    with pytest.raises(
        TraceError, match=r"never say what one slow inference did: record --exportTimes"
    ):
        read(put(tmp_path / "profile.json", json.dumps(layers)))


def test_damage_without_an_end_is_refused(tmp_path):
    with pytest.raises(TraceError, match="no array of inferences"):
        read(put(tmp_path / "times.json", '[{"latencyMs": '))
