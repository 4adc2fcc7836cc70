"""`ironlaw jitter`: a trace on disk, and the truth only when asked for."""

from __future__ import annotations

import gzip
import json

import pytest
from typer.testing import CliRunner

from ironlaw.faces.cli import app
from ironlaw.system.jitter.truth import case


def run(*arguments):
    return CliRunner().invoke(app, ["jitter", *arguments])


def answer(*arguments):
    return json.loads(run(*arguments, "--json").output)


def test_a_trace_is_written_and_its_truth_kept_back(tmp_path):
    out = tmp_path / "trace.json.gz"
    told = answer("--seed", "7", "--frames", "80", "--out", str(out))
    assert "truth" not in told
    assert told["frames"] == 80
    events = json.loads(gzip.decompress(out.read_bytes()))["traceEvents"]
    assert len([e for e in events if e["ph"] not in "Me" and e["cat"] != "Trace"]) == told["events"]
    assert told["max_s"] > 0.01 > told["median_s"]
    assert told["stages_s"]["backbone"] == pytest.approx(6.09e-3, rel=0.01)
    assert told["network_FLOP"] == pytest.approx(69.1e9, rel=0.01)


def test_the_truth_is_told_when_asked_for():
    truth, expected = answer("--seed", "7", "--frames", "80", "--truth")["truth"], case(7, 80)
    assert truth["cause"] == expected.cause.value
    assert truth["events"] == list(expected.events)
    assert truth["excess_s"] == expected.excess
    assert len(truth["possible"]) == 6


def test_without_its_cause_every_frame_is_in_time():
    assert answer("--seed", "7", "--frames", "80")["deadline_misses"] == 1
    assert answer("--seed", "7", "--frames", "80", "--without-cause")["deadline_misses"] == 0


def test_one_line_for_people(tmp_path):
    shown = run("--seed", "7", "--frames", "80", "--out", str(tmp_path / "t.json")).output
    assert "80 frames: median 7.8" in shown
    assert "1 past the deadline of 10.0 ms" in shown


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--frames", "5"), "frames = 5 is outside whole numbers from 60 to 20000"),
        (("--frames", "60000"), "frames = 60000 is outside whole numbers from 60 to 20000"),
        (
            ("--frames", "60", "--out", "/no/such/folder/t.json"),
            "out = '/no/such/folder/t.json' is outside the files that can be written: "
            "No such file or directory",
        ),
        (("--pool", "x"), "pool = 'x' is outside caching, static"),
    ],
)
def test_bad_input_is_named(arguments, message):
    assert str(run("--seed", "1", *arguments).exception) == message
