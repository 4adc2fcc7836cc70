"""A trace of any size: the shortest events go first, and what went is said."""

from __future__ import annotations

import json

import pytest

from ironlaw.system.trace import thin
from ironlaw.system.trace.read import read
from trace_files import KERNEL, OP, put, whole


@pytest.fixture(autouse=True, params=["standard library", "numpy"])
def few_rows(request, monkeypatch):
    if request.param == "numpy":
        monkeypatch.setattr("ironlaw.system.trace.arrange.FEW", 0)
    monkeypatch.setattr(thin, "MOST_ROWS", 2000)
    monkeypatch.setattr("ironlaw.system.trace.blocks.BLOCK", 32_768)


def test_the_longest_events_stay(tmp_path):
    ops = [
        {**OP, "ts": 100 * n, "dur": 1 + n % 50, "args": {"External id": n}} for n in range(9000)
    ]
    slow = {**KERNEL, "ts": 450_000, "dur": 5000}
    frame = {**OP, "cat": "user_annotation", "name": "frame", "ts": 1, "dur": 0.5}
    trace = read(put(tmp_path / "many.json", whole([*ops[:4500], slow, frame, *ops[4500:]])))
    names = [trace.text(row) for row in range(len(trace))]
    assert 500 < len(trace) <= 3000
    assert names.count("sgemm") == names.count("frame") == 1
    (said,) = trace.lost
    assert said.startswith(f"{9002 - len(trace)} events shorter than")
    shortest = min(duration for duration in trace.duration if duration != 500)
    assert shortest >= 10_000


def test_what_went_and_what_stayed_is_all_there_was(tmp_path):
    ops = [
        {**OP, "ts": 100 * n, "dur": 1 + n % 50, "args": {"External id": n}} for n in range(9000)
    ]
    trace = read(put(tmp_path / "many.json", whole(ops)))
    dropped = float(trace.lost[0].split("together ")[1].split(" s")[0])
    kept = 1e-9 * sum(trace.duration)
    assert dropped + kept == pytest.approx(1e-6 * sum(1 + n % 50 for n in range(9000)), rel=0.01)


def test_begins_find_their_ends_after_rows_went(tmp_path):
    events = [{"ph": "B", "name": "long", "ts": 0}]
    for n in range(6000):
        events.append({"ph": "B", "name": "short", "ts": 10 * n + 1})
        events.append({"ph": "E", "ts": 10 * n + 2 + n % 7})
    events.append({"ph": "E", "ts": 70_000})
    same = {"pid": 1, "tid": 1}
    trace = read(put(tmp_path / "edges.json", json.dumps([{**same, **one} for one in events])))
    longest = [row for row in range(len(trace)) if trace.text(row) == "long"]
    assert [trace.duration[row] for row in longest] == [70_000_000]
    assert len(trace) < 4000
    assert len(trace.lost) == 1
    assert max(d for d in trace.duration if d < 1_000_000) == 7000


def test_annotations_go_too_where_there_is_nothing_else(tmp_path):
    frames = [
        {**OP, "cat": "user_annotation", "ts": 100 * n, "dur": 1 + n % 50, "args": {}}
        for n in range(9000)
    ]
    trace = read(put(tmp_path / "frames.json", whole(frames)))
    assert 100 < len(trace) <= 3000
    assert max(trace.duration) == 50_000
    assert trace.lost[0].startswith(f"{9000 - len(trace)} events shorter than")
