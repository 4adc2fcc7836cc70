"""A session as a machine file that every command reads."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

import ironlaw
from ironlaw.base.errors import FactError
from ironlaw.registry.calibration import step_constants
from ironlaw.registry.chips import read_chip
from ironlaw.registry.dtypes import Dtype
from ironlaw.system.probe.conditions import Conditions
from ironlaw.system.probe.machine_file import machine_file
from ironlaw.system.probe.plan import plan_of
from ironlaw.system.probe.session import measure
from system.probe.machines import CACHE, GEMM, HELD, MEMORY, KnownCrew

UNDER = Conditions(
    date="2026-11-23",
    processor='A "fast" chip \\ of 2 cores',
    cores=2,
    system="Linux 6",
    python="3.12",
    governor=None,
    load=0.5,
    memory=16e9,
    toolkit={"numpy": "2.0"},
)


@pytest.fixture(scope="module")
def text():
    crew = KnownCrew()
    found = measure(crew, plan_of("numpy", 1, 2), clock=lambda: crew.now)
    return machine_file(found, UNDER, title="My desk", command="ironlaw measure")


def test_the_file_reads_back_as_what_was_measured(text):
    chip = read_chip("desk", text)
    assert chip.title == "My desk"
    assert chip.peaks == pytest.approx({Dtype.FP32: GEMM["float32"]}, rel=1e-5)
    assert chip.bandwidth == pytest.approx(MEMORY, rel=1e-5)
    assert chip.capacity == 16e9
    assert chip.eager_dispatch == pytest.approx(0.5e-6)
    assert [level.capacity for level in chip.levels] == [HELD, 16e9]
    assert chip.levels[0].bandwidth == pytest.approx(CACHE, rel=1e-5)
    assert chip.sheet.number("detail.fp64_peak") == pytest.approx(GEMM["float64"], rel=1e-5)
    assert chip.sheet.number("detail.read_2_workers") == pytest.approx(MEMORY, rel=1e-5)


def test_a_diagnosis_takes_the_measured_rates_as_they_are_and_says_so(text, tmp_path):
    path = tmp_path / "desk.toml"
    path.write_text(text)
    report = ironlaw.diagnose("resnet-50", on=str(path), fusion="none")
    assert not [note for note in report.notes if "nothing was measured" in note]
    assert any("the rates of desk were measured" in note for note in report.notes)
    bandwidth = read_chip("desk", text).bandwidth
    small = [kernel for kernel in report.kernels if kernel.family == "pointwise and copies"]
    assert small
    for kernel in small:
        assert kernel.terms.memory == pytest.approx(kernel.traffic / bandwidth)


def test_a_bandwidth_that_was_only_printed_is_not_reached(text, tmp_path):
    path = tmp_path / "desk.toml"
    printed = re.sub(r"(\[memory\]\nbandwidth = \{)", r'\1 kind = "datasheet",', text)
    path.write_text(printed)
    chip = read_chip("desk", printed)
    report = ironlaw.diagnose("resnet-50", on=str(path), fusion="none")
    assert any("nothing was measured on desk" in note for note in report.notes)
    share = step_constants().small_efficiency
    kernel = next(kernel for kernel in report.kernels if kernel.family == "pointwise and copies")
    assert kernel.terms.memory == pytest.approx(kernel.traffic / (share * chip.bandwidth))


def test_every_value_is_measured_here_and_dated(text):
    sheet = read_chip("desk", text).sheet
    for fact in sheet.facts.values():
        assert (fact.kind, fact.source, fact.date) == ("measured", "this-machine", "2026-11-23")
        assert fact.where
    assert UNDER.processor in sheet.source("this-machine").title
    assert "load before 0.50" in sheet.texts["note"]
    assert "governor not readable" in sheet.texts["note"]


def test_a_workload_is_diagnosed_on_it(text, tmp_path):
    file = tmp_path / "my-machine.toml"
    file.write_text(text, encoding="utf-8")
    report = ironlaw.diagnose("resnet-50", on=str(file), dtype="fp32")
    assert report.step > 0.0
    assert report.diagnosis.scenario.chip.bandwidth == pytest.approx(MEMORY, rel=1e-5)


def test_a_machine_of_unknown_memory_is_refused():
    crew = KnownCrew()
    found = measure(crew, plan_of("numpy", 1, 1), clock=lambda: crew.now)
    with pytest.raises(FactError, match="memory"):
        machine_file(found, replace(UNDER, memory=None), title="x", command="y")
