"""`ironlaw measure`: the report, the table, the machine file."""

from __future__ import annotations

import json
import sys
from dataclasses import replace

import pytest
from typer.testing import CliRunner

from ironlaw.base.errors import DomainError, MissingPackageError
from ironlaw.faces import measure as module
from ironlaw.faces.cli import app
from ironlaw.faces.measure import chosen_backend, measure, sees_gpu, session
from ironlaw.registry.chips import load_chip
from ironlaw.system.probe.crew import ProcessCrew, usable_cores
from ironlaw.system.probe.plan import plan_of
from ironlaw.system.probe.tasks import Task
from system.probe.machines import GEMM, MEMORY, KnownCrew


def run(*arguments):
    return CliRunner().invoke(app, ["measure", *arguments])


@pytest.fixture
def known(monkeypatch):
    """The command with a machine of known rates in place of this one."""

    class Known(KnownCrew):
        def __init__(self, backend, threads, rooms):
            super().__init__(backend=backend)
            assert rooms
            assert threads >= 1

        def __enter__(self):
            return self

        def __exit__(self, *error):
            return None

    monkeypatch.setattr(module, "ProcessCrew", Known)


def test_a_report_in_si_units(known):
    answer = json.loads(run("--json", "--kernels", "--quick", "--backend", "numpy").output)
    assert answer["peaks"]["fp32"]["value"] == pytest.approx(GEMM["float32"])
    facts = {fact["name"]: fact for fact in answer["facts"]}
    assert facts["memory.bandwidth"]["value"] == pytest.approx(MEMORY, rel=1e-5)
    assert {fact["kind"] for fact in facts.values()} == {"measured"}
    first = answer["kernels"][0]
    assert first["error"] == pytest.approx(first["predicted_s"] / first["measured_s"] - 1.0)
    errors = sorted(abs(row["error"]) for row in answer["kernels"])
    assert answer["median_error"] == errors[len(errors) // 2]
    assert len(errors) == 9
    assert answer["conditions"]["cores"] == usable_cores()
    assert answer["sweep"][0]["read"] > 0.0


def test_the_file_is_one_that_on_reads(known, tmp_path):
    file = tmp_path / "mine.toml"
    done = run("--out", str(file), "--title", "My desk", "--backend", "numpy")
    assert done.exit_code == 0, done.output
    assert load_chip(str(file)).title == "My desk"
    assert "machine file written" in done.output
    report = CliRunner().invoke(app, ["diagnose", "llama-3-8b", "--on", str(file)])
    assert report.exit_code == 0, report.output


def test_the_table_shows_predicted_beside_measured(known):
    shown = run("--kernels", "--backend", "numpy").output
    for said in ("main memory", "caches 1", "peak fp32", "attention, flash", "median error"):
        assert said in shown
    assert ("workers" in shown) == (usable_cores() > 1)


def test_without_kernels_no_operator_is_shown(known):
    answer = json.loads(run("--json", "--quick", "--backend", "numpy").output)
    assert answer["kernels"] == []
    assert "median_error" not in answer


def test_a_disturbed_session_says_so():
    plan = replace(plan_of("numpy", 1, 1, quick=True), budget=0.0)
    crew = KnownCrew(disturbances=tuple(1.0 + 0.13 * i for i in range(97)), stolen=0.5)
    said = " ".join(session(crew, plan, threads=1).warnings)
    assert "more than a tenth" in said
    assert "50% of the time" in said
    assert session(KnownCrew(), plan, threads=1).warnings == ()


def test_a_gpu_goes_through_the_same_session():
    """A stand-in for the crew: nothing here has seen a GPU."""

    class Gpu(KnownCrew):
        def describe(self):
            return {"torch": "2.9", "gpu": "Fake GPU", "gpu_memory": "8000000000", "cuda": "12.8"}

    plan = plan_of("cuda", 1, 1, kernels=True)
    assert (plan.rates, plan.spread) == ((), {})
    report = session(Gpu(backend="cuda"), plan, threads=1)
    assert report.chip.title == "Fake GPU"
    assert report.chip.capacity == 8e9
    assert {dtype.value for dtype in report.chip.peaks} == {"fp32", "fp16", "bf16"}
    launches = sum(terms.latency for terms in report.kernels[-1].prediction.terms)
    running = sum(terms.overlapped for terms in report.kernels[-1].prediction.terms)
    assert report.kernels[-1].prediction.time == max(launches, running)


def test_what_cannot_be_asked_is_refused_before_anything_runs(tmp_path):
    for arguments, said in (
        (["--out", str(tmp_path / "x.txt")], "out"),
        (["--backend", "abacus"], "backend"),
        (["--backend", "numpy", "--threads", "4096"], "threads"),
    ):
        error = run(*arguments).exception
        assert isinstance(error, DomainError)
        assert error.field == said
    with pytest.raises(DomainError, match="threads"):
        measure("numpy", threads=0)


def test_a_missing_toolkit_is_named(monkeypatch):
    monkeypatch.setattr(module, "find_spec", lambda _: None)
    with pytest.raises(MissingPackageError, match=r"ironlaw\[measure\]"):
        chosen_backend("auto")
    with pytest.raises(MissingPackageError, match=r"ironlaw\[torch\]"):
        chosen_backend("cuda")


def test_auto_takes_the_gpu_where_there_is_one(monkeypatch):
    class Cuda:
        there = True

        @classmethod
        def is_available(cls):
            return cls.there

    class Torch:
        cuda = Cuda

    monkeypatch.setitem(sys.modules, "torch", Torch)
    monkeypatch.setattr(module, "find_spec", lambda _: object())
    assert sees_gpu()
    assert chosen_backend("auto") == "cuda"
    Cuda.there = False
    assert chosen_backend("auto") == "numpy"


def test_this_machine_is_measured():
    """The real thing on a small plan: sets of a few mebibytes, two rounds and a bit."""
    plan = plan_of("numpy", 1, 1, quick=True)
    small = replace(
        plan,
        sizes=(2**20, 2**21, 2**22),
        formats={"fp32": (Task("gemm", "float32", 64),)},
        slow={},
        operators=(Task("operator", "gemm", 8),),
        budget=0.0,
        window=2e-4,
    )
    with ProcessCrew("numpy", 1, small.rooms()) as crew:
        report = session(crew, small, threads=1)
    assert 1e8 < report.chip.bandwidth < 1e13
    assert 1e7 < report.found.peaks["fp32"].value < 1e14
    assert report.found.python_call.time < report.found.toolkit_call.time
    assert [row.operator.name for row in report.kernels] == ["gemm"]
    assert report.under.processor in report.chip.title
