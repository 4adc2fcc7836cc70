"""Many traces: directories, a process each, a Dask cluster; one that fails takes no other with it."""

from __future__ import annotations

import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from ironlaw.base.errors import DomainError, MissingPackageError
from ironlaw.faces import audit_many
from ironlaw.faces.audit_many import HERE, Wanted, answers, traces_in
from staged_traces import staged

BAD = "b/torn.json"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Four traces in two folders, one of them no trace, beside what is none by its name."""
    folder = tmp_path_factory.mktemp("ranks")
    (folder / "b").mkdir()
    for name, seed, fault in (
        ("a.json", 3, "kernel"),
        ("c.json", 4, "gap"),
        ("b/d.json", 5, "kernel"),
    ):
        (folder / name).write_text(staged(seed, fault, frames=40)[0].recorder.kineto())
    (folder / BAD).write_text('{"neither": 1}')
    (folder / "notes.txt").write_text("no trace")
    (folder / ".hidden.json").write_text("no trace")
    return folder


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "ironlaw", "audit", *arguments]
    return subprocess.run(
        command, cwd=folder, capture_output=True, text=True, timeout=120, check=False
    )


@pytest.fixture(scope="module")
def by_processes(folder):
    return run(folder, ".", "--json", "--deadline", "10ms")


def test_a_directory_stands_for_its_traces(folder):
    found = traces_in([folder / "c.json", folder])
    assert [str(path.relative_to(folder)) for path in found] == [
        *("c.json", "a.json", "b/d.json", BAD, "c.json"),
    ]


def test_a_directory_without_traces_is_refused(tmp_path):
    (tmp_path / "notes.txt").write_text("no trace")
    with pytest.raises(DomainError, match=r"trace = .* files that end in \.json, \.gz"):
        traces_in([tmp_path])


def test_what_fails_is_said_and_the_others_are_answered(by_processes):
    assert by_processes.returncode == 2
    told = json.loads(by_processes.stdout)["traces"]
    assert [one["trace"] for one in told] == ["a.json", "b/d.json", BAD, "c.json"]
    assert ["error" in one for one in told] == [False, False, True, False]
    assert by_processes.stderr.count("ironlaw: ") == 1
    assert f"{BAD}: holds no traceEvents" in by_processes.stderr


def test_a_directory_of_one_is_still_a_list(folder, tmp_path):
    (tmp_path / "a.json").write_bytes((folder / "a.json").read_bytes())
    assert len(json.loads(run(tmp_path, ".", "--json").stdout)["traces"]) == 1


def test_a_cluster_on_this_machine_says_the_same(folder, by_processes):
    pytest.importorskip("distributed")
    done = run(folder, "--cluster", ".", "--json", "--deadline", "10ms")
    assert (done.returncode, done.stdout) == (2, by_processes.stdout)
    assert done.stderr == by_processes.stderr


def test_a_cluster_elsewhere_is_handed_paths_that_it_can_find(folder, by_processes, monkeypatch):
    distributed = pytest.importorskip("distributed")
    cluster = distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, host="127.0.0.1", dashboard_address="127.0.0.1:0"
    )
    told = []
    with cluster:
        monkeypatch.chdir(folder)
        found = answers(
            traces_in([Path()]),
            Wanted(deadline=0.01, data=True),
            cluster.scheduler_address,
            lambda *done: told.append(done),
        )
    expected = json.loads(by_processes.stdout)["traces"]
    assert [one.path for one in found] == [one["trace"] for one in expected]
    for one, other in zip(found, expected, strict=True):
        assert one.data == ({k: v for k, v in other.items() if k != "trace"} if one.data else None)
    assert "holds no traceEvents" in found[2].error
    assert told == [("traces", done, 4) for done in (1, 2, 3, 4)]


@pytest.mark.parametrize("address", ["tcp://127.0.0.1:1", "nowhere at all"])
def test_an_address_without_a_scheduler_is_said(folder, address):
    pytest.importorskip("distributed")
    done = run(folder, "a.json", f"--cluster={address}")
    assert done.returncode == 2
    assert f"cluster = '{address}'" in done.stderr
    assert "tcp://host:8786" in done.stderr
    assert "Traceback" not in done.stderr


def test_without_dask_the_extra_is_named(folder, monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(MissingPackageError, match=r"pip install 'ironlaw\[cluster\]'"):
        answers([folder / "a.json"], Wanted(), HERE, lambda *_: None)


def test_a_worker_that_dies_costs_its_own_trace(folder, monkeypatch):
    honest = audit_many.answered

    def exhausted(path, wanted):
        if path.name == "a.json":
            raise MemoryError
        return honest(path, wanted)

    monkeypatch.setattr(audit_many, "answered", exhausted)
    monkeypatch.setattr(audit_many, "_processes", ThreadPoolExecutor)
    found = answers(
        [folder / "a.json", folder / "c.json"], Wanted(data=True), None, lambda *_: None
    )
    assert "a.json: its worker failed: MemoryError" in found[0].error
    assert found[1].error is None
    assert found[1].data["frames"] == 40
