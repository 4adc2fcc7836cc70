"""`ironlaw audit` and its Python door, run as a user runs them."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

import ironlaw
from ironlaw.base.errors import DomainError
from staged_traces import Recorder, staged

KEYS = {"frames", "median_s", "p99_s", "max_s", "deadline_misses", "spikes"}
SPIKE = {
    *("frame", "latency_s", "excess_s", "cause", "culprit", "stage", "evidence", "explained"),
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("traces")


@pytest.fixture(scope="module")
def staged_frames(folder):
    pipeline, at, layer = staged(3, "kernel", frames=80)
    (folder / "kernel.json").write_text(pipeline.recorder.kineto())
    (folder / "gap.json").write_text(staged(4, "gap", frames=80)[0].recorder.kineto())
    return at, layer


@pytest.fixture(scope="module")
def trace(folder, staged_frames) -> Path:
    return folder / "kernel.json"


def run(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "ironlaw", "audit", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


def test_json_is_the_contract_and_nothing_else(trace, staged_frames):
    done = run(trace, "--json", "--deadline", "10ms")
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    assert set(answer) == KEYS
    assert all(set(spike) == SPIKE for spike in answer["spikes"])
    frames, layer = staged_frames
    assert sorted(spike["frame"] for spike in answer["spikes"]) == frames
    assert {spike["culprit"] for spike in answer["spikes"]} == {layer}
    assert {spike["cause"] for spike in answer["spikes"]} == {"kernel_slow"}
    assert answer["deadline_misses"] == len(frames)
    excesses = [spike["excess_s"] for spike in answer["spikes"]]
    assert excesses == sorted(excesses, reverse=True)
    assert answer == ironlaw.audit(trace, deadline="10ms").to_dict()
    assert answer["median_s"] < 0.01 < answer["max_s"]


def test_without_a_deadline_no_misses_are_counted(trace):
    assert ironlaw.audit(trace).to_dict()["deadline_misses"] is None


def test_detail_adds_segments_that_add_up(trace):
    answer = json.loads(run(trace, "--json", "--detail").stdout)
    assert set(answer) > KEYS
    for spike in answer["spikes"]:
        assert sum(one["time_s"] for one in spike["segments"]) == pytest.approx(spike["latency_s"])
        assert spike["suspects"][0]["culprit"] == spike["culprit"]
    assert not answer["tail"]["fitted"]
    assert "80 frames" in answer["tail"]["words"]


def test_the_terminal_says_verdict_figures_spikes_and_findings(trace, staged_frames):
    done = run(trace, "--deadline", "10ms", "--top", "2")
    assert done.returncode == 0, done.stderr
    frames, layer = staged_frames
    assert f"{len(frames)} spikes in 80 frames" in done.stdout
    assert f"kernel slow, {layer}" in done.stdout
    assert "misses of 10.0 ms" in done.stdout
    assert "and 2 more spikes" in done.stdout
    assert "throttling alone cannot make frame" in done.stdout


def test_what_to_record_next_is_said(folder, staged_frames):
    assert "record_python_gc_info" in run(folder / "gap.json").stdout


def test_several_traces_are_answered_one_by_one(trace, folder):
    done = run(trace, folder / "gap.json", folder / "missing.json", "--json")
    assert done.returncode == 2
    answers = json.loads(done.stdout)["traces"]
    assert [Path(one["trace"]).name for one in answers] == [
        "kernel.json",
        "gap.json",
        "missing.json",
    ]
    assert set(answers[0]) == {*KEYS, "trace"}
    assert "cannot be opened" in answers[2]["error"]
    assert "missing.json" in done.stderr


def test_a_trace_without_frames_gets_advice(folder):
    recorder = Recorder()
    recorder.add("cpu_op", "aten::add", ("1", "1"), 0, 10)
    (folder / "once.json").write_text(recorder.kineto())
    done = run(folder / "once.json")
    assert done.returncode == 2
    assert "annotate each frame with record_function" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("deadline", ["10", "0ms", "-3ms", "ten", "5GB", "inf"])
def test_a_deadline_is_a_time(trace, deadline):
    done = run(trace, f"--deadline={deadline}")
    assert done.returncode == 2
    assert "deadline" in done.stderr
    assert "10ms" in done.stderr


def test_python_takes_seconds_or_text(trace):
    assert (
        ironlaw.audit(trace, deadline=0.01).to_dict()
        == ironlaw.audit(trace, deadline="10 ms").to_dict()
    )
    with pytest.raises(DomainError, match="deadline"):
        ironlaw.audit(trace, deadline=-1.0)


def test_progress_is_told(trace):
    told = []
    ironlaw.audit(trace, progress=lambda what, done, total: told.append((what, done, total)))
    assert told[-1] == ("audit", 4, 4)
