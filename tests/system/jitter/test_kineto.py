"""The written trace: JSON as Kineto writes it, the same bytes for the same seed."""

from __future__ import annotations

import gzip
import json
from math import prod

import pytest

from ironlaw.system.jitter.causes import Cause
from ironlaw.system.jitter.kineto import trace_lines, write_trace
from ironlaw.system.jitter.simulate import simulate
from jitter_cases import run, seeds

CATEGORIES = {
    *("user_annotation", "cpu_op", "cuda_runtime", "cuda_driver", "kernel", "gpu_memcpy"),
    *("Trace", "gpu_memset", "cpu_instant_event", "python_function", "sched", "engine", "clock"),
}


def read(trace, **choices):
    return json.loads("".join(trace_lines(trace, **choices)))


def test_the_same_seed_gives_the_same_bytes(tmp_path):
    for name in ("a.json.gz", "b.json.gz"):
        write_trace(simulate(11, 60), tmp_path / name)
    first, second = ((tmp_path / name).read_bytes() for name in ("a.json.gz", "b.json.gz"))
    assert first == second
    assert first[:2] == b"\x1f\x8b"


def test_a_plain_file_holds_what_the_compressed_one_does(tmp_path):
    trace = simulate(11, 60)
    size = write_trace(trace, tmp_path / "a.json")
    write_trace(trace, tmp_path / "a.json.gz")
    text = (tmp_path / "a.json").read_bytes()
    assert len(text) == size
    assert gzip.decompress((tmp_path / "a.json.gz").read_bytes()) == text


@pytest.mark.parametrize("cause", Cause)
def test_frames_and_rows_are_as_a_profiler_writes_them(cause):
    trace = run(seeds(cause)[0])
    events = read(trace)["traceEvents"]
    steps = [e for e in events if e["name"].startswith("ProfilerStep#")]
    assert [e["name"] for e in steps] == [f"ProfilerStep#{n}" for n in range(len(trace.frames))]
    for step, frame in zip(steps, trace.frames, strict=True):
        assert step["dur"] * 1e-6 == pytest.approx(frame.latency, rel=1e-9)
    assert {e["ph"] for e in events} <= {"M", "X", "i", "C", "b", "e"}
    assert {e["cat"] for e in events if "cat" in e} <= CATEGORIES
    calls = {e["args"]["correlation"] for e in events if e.get("cat") == "cuda_runtime"}
    for event in events:
        if event.get("cat") in ("kernel", "gpu_memcpy", "gpu_memset"):
            assert event["args"]["correlation"] in calls
            assert event["tid"] == event["args"]["stream"]
        if event.get("cat") == "kernel":
            blocks = prod(event["args"]["grid"])
            assert event["args"]["blocks per SM"] == blocks / 16
            assert event["args"]["warps per SM"] >= event["args"]["blocks per SM"]
        if event.get("cat") in ("gpu_memcpy", "gpu_memset"):
            rate = event["args"]["bytes"] / event["dur"] / 1e3
            assert event["args"]["memory bandwidth (GB/s)"] == pytest.approx(rate)


def test_times_keep_their_nanoseconds():
    trace = run(7)
    read_back = read(trace)["traceEvents"]
    events = [e for e in read_back if e["ph"] not in "Me" and e["cat"] != "Trace"]
    for written, event in zip(events, trace.events, strict=True):
        assert round(written["ts"] * 1000) == event.start


def test_what_overlaps_is_written_as_begin_and_end():
    seed = seeds(Cause.CONTENTION)[0]
    events = read(run(seed))["traceEvents"]
    begins = {e["id"]: e["ts"] for e in events if e["ph"] == "b"}
    ends = {e["id"]: e["ts"] for e in events if e["ph"] == "e"}
    shown = [e for e in run(seed).events if e.category == "engine"]
    assert set(begins) == set(ends) >= {e.key for e in shown}
    for event in shown:
        length = ends[event.key] - begins[event.key]
        assert length * 1000 == pytest.approx(event.duration, abs=1)


def test_arrows_join_calls_to_what_they_launch():
    events = read(simulate(3, 60), flows=True)["traceEvents"]
    starts = {e["id"] for e in events if e["ph"] == "s"}
    ends = [e["id"] for e in events if e["ph"] == "f"]
    assert ends
    assert set(ends) <= starts


def test_memory_rises_and_falls_back():
    notes = [e for e in read(run(7))["traceEvents"] if e["name"] == "[memory]"]
    assert notes[-1]["args"]["Total Allocated"] == 0
    assert sum(e["args"]["Bytes"] for e in notes) == 0


def test_a_flush_shows_in_reserved_memory():
    seed = seeds(Cause.ALLOC_FLUSH)[0]
    notes = [e for e in read(run(seed))["traceEvents"] if e["name"] == "[memory]"]
    reserved = [e["args"]["Total Reserved"] for e in notes]
    assert min(reserved) < 0.1 * max(reserved)
