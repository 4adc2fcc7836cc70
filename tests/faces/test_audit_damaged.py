"""The audit of damaged traces: an answer that says what was lost, or a refusal; never a crash."""

from __future__ import annotations

import gzip
import json

import pytest

import ironlaw
from ironlaw.base.errors import ModelError
from staged_traces import staged


@pytest.fixture(scope="module")
def written():
    return staged(3, "cudaFree", frames=40)[0].recorder.kineto()


def changed(written, change):
    data = json.loads(written)
    for place, event in enumerate(data["traceEvents"]):
        change(place, event)
    return json.dumps(data)


def backwards(_, event):
    if event["cat"] == "kernel":
        event["ts"] -= 400.0  # before its launch


def negative(place, event):
    if place % 7 == 0:
        event["dur"] = -event["dur"]


def shared(place, event):
    if "correlation" in event["args"]:
        event["args"]["correlation"] = place % 5


def spread(place, event):
    if event["cat"] == "cpu_op":
        event["tid"] = place


def still(_, event):
    event["dur"] = 0


def endless(place, event):
    if event["name"] == "cudaLaunchKernel" and place % 50 == 0:
        event["dur"] = 1e9


def nameless(place, event):
    if place % 3 == 0:
        event["name"] = ""


CHANGES = [backwards, negative, shared, spread, still, endless, nameless]


def audited(path):
    """The report, whose parts still add up; or None where the trace is refused."""
    try:
        report = ironlaw.audit(path, deadline="1ms")
    except ModelError:
        return None
    json.dumps(report.to_dict(detail=True), allow_nan=False)
    for spike in report.spikes:
        assert sum(segment.time for segment in spike.seen.segments) == spike.latency
    return report


@pytest.mark.parametrize("change", CHANGES)
def test_what_cannot_be_true_is_survived(change, written, tmp_path):
    path = tmp_path / "trace.json"
    path.write_text(changed(written, change))
    report = audited(path)
    if report is not None:
        assert "</html>" in report.html


@pytest.mark.parametrize("share", [0.02, 0.3, 0.7, 0.99])
def test_a_file_that_breaks_off_is_audited_up_to_there(share, written, tmp_path):
    packed = gzip.compress(written.encode())
    path = tmp_path / "trace.json.gz"
    path.write_bytes(packed[: int(share * len(packed))])
    report = audited(path)
    if report is not None:
        assert any(remark.startswith("lost in reading") for remark in report.remarks)
    assert share < 0.5 or report is not None


def test_every_event_twice_changes_no_verdict(written, tmp_path):
    data = json.loads(written)
    data["traceEvents"] *= 2
    path, once = tmp_path / "twice.json", tmp_path / "once.json"
    path.write_text(json.dumps(data))
    once.write_text(written)
    twice, before = ironlaw.audit(path), ironlaw.audit(once)
    assert {s.frame: s.verdict.cause for s in twice.spikes} == {
        s.frame: s.verdict.cause for s in before.spikes
    }
