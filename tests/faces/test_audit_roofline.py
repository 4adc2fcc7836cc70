"""`ironlaw audit --on CHIP`: the operators of a trace under a roof, in the terminal, JSON and the page."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

import ironlaw
from ironlaw.base.errors import UnknownNameError
from ironlaw.registry.chips import load_chip
from ironlaw.registry.dtypes import Dtype

if TYPE_CHECKING:
    from pathlib import Path

CHIP = "v100-sxm2"
ROWS, INNER, COLUMNS = 512, 1024, 256
TIME = 200  # of a product [us]
FRAMES = 20


def product(frame: int, start: float) -> list[dict[str, object]]:
    """A matrix product of a frame, its launch and its kernel."""
    launch = {
        "ph": "X",
        "pid": 1,
        "tid": 1,
        "ts": start + 2,
        "dur": 3,
        "args": {"correlation": frame},
    }
    return [
        {
            "ph": "X", "cat": "cpu_op", "name": "aten::mm", "pid": 1, "tid": 1, "ts": start, "dur": 10,
            "args": {
                "Input Dims": [[ROWS, INNER], [INNER, COLUMNS]],
                "Input type": ["float", "float"],
                "External id": frame,
            },
        },
        {**launch, "cat": "cuda_runtime", "name": "cudaLaunchKernel"},
        {
            "ph": "X", "cat": "kernel", "name": "sgemm", "pid": 0, "tid": 7, "ts": start + 20, "dur": TIME,
            "args": {"correlation": frame, "stream": 7, "device": 0},
        },
    ]  # fmt: skip


@pytest.fixture(scope="module")
def trace(tmp_path_factory) -> Path:
    events: list[dict[str, object]] = []
    for frame in range(FRAMES):
        start = 1_000.0 * (frame + 1)
        step = {"ph": "X", "cat": "user_annotation", "name": f"ProfilerStep#{frame}"}
        events += [
            {**step, "pid": 1, "tid": 1, "ts": start, "dur": 900},
            *product(frame + 1, start + 5),
        ]
    path = tmp_path_factory.mktemp("roofs") / "products.json"
    path.write_text(json.dumps({"schemaVersion": 1, "traceEvents": events}))
    return path


def run(*arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "ironlaw", "audit", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


def test_a_product_stands_where_its_shapes_put_it(trace):
    found = ironlaw.audit(trace, on=CHIP).to_dict()["roofline"]
    (point,) = found["operators"]
    flops = 2.0 * ROWS * INNER * COLUMNS
    traffic = 4.0 * (ROWS * INNER + INNER * COLUMNS + ROWS * COLUMNS)
    chip = load_chip(CHIP)
    roof = max(flops / chip.peak(Dtype.FP32), traffic / chip.bandwidth)
    assert point["name"] == "aten::mm"
    assert point["calls"] == FRAMES
    assert point["flops"] == FRAMES * flops
    assert point["traffic_B"] == FRAMES * traffic
    assert point["time_s"] == pytest.approx(FRAMES * TIME * 1e-6)
    assert point["of_roof"] == pytest.approx(roof / (TIME * 1e-6))
    assert found["derived_share"] == pytest.approx(1.0)
    assert found["on_device"] is True


def test_the_command_says_it_in_every_form(trace, tmp_path):
    page = tmp_path / "report.html"
    shown = run(trace, "--on", CHIP, "--html", page)
    assert shown.returncode == 0, shown.stderr
    assert f"Under the roof of {CHIP}: 100 % of 4.00 ms of device time" in shown.stdout
    assert "aten::mm" in shown.stdout
    assert f"Under the roof of {CHIP}" in page.read_text(encoding="utf-8")
    answer = json.loads(run(trace, "--on", CHIP, "--json").stdout)
    assert answer["roofline"] == ironlaw.audit(trace, on=CHIP).to_dict()["roofline"]
    assert "roofline" not in json.loads(run(trace, "--json").stdout)


def test_a_chip_that_is_not_there_is_named_before_anything_is_read(trace):
    done = run(trace, "--on", "v10")
    assert done.returncode == 2
    assert "v10" in done.stderr
    assert CHIP in done.stderr
    with pytest.raises(UnknownNameError, match=CHIP):
        ironlaw.audit(trace, on="v10")


def test_several_traces_are_audited_each_for_itself(trace, tmp_path):
    broken = tmp_path / "broken.json"
    broken.write_text("no trace")
    done = run(trace, broken, trace, "--on", CHIP, "--json")
    assert done.returncode == 2
    first, second, third = json.loads(done.stdout)["traces"]
    assert first["trace"] == third["trace"] == str(trace)
    assert first["roofline"] == ironlaw.audit(trace, on=CHIP).to_dict()["roofline"]
    assert first == third
    assert "error" in second
