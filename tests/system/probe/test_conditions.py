"""The conditions of a measurement."""

from __future__ import annotations

import re

from ironlaw.system.probe.conditions import conditions, memory_size, processor_name


def test_the_processor_is_named_as_the_system_names_it(tmp_path):
    cpuinfo = tmp_path / "cpuinfo"
    cpuinfo.write_text("processor : 0\nmodel name\t: Some Chip 9000\n", encoding="utf-8")
    assert processor_name(cpuinfo) == "Some Chip 9000"


def test_a_system_without_the_file_still_says_something(tmp_path):
    assert processor_name(tmp_path / "none") != ""


def test_a_gpu_brings_its_name_and_memory():
    found = conditions(2, {"torch": "2.6", "gpu": "Some GPU", "gpu_memory": "1024"})
    assert (found.processor, found.memory) == ("Some GPU", 1024.0)


def test_the_line_says_what_matters():
    found = conditions(2, {"numpy": "2.0"})
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", found.date)
    for said in ("2 cores", "numpy 2.0", "Python", "governor", "load before"):
        assert said in found.text
    assert memory_size() is None or memory_size() > 1e8
