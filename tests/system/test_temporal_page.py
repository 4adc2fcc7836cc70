"""The table of docs/temporal.md is what the engine says."""

from __future__ import annotations

from pathlib import Path

import pytest

from ironlaw.explore.detector_search import gain
from ironlaw.system.detector_loop import Setting, assumed, loop_at

PAGE = Path(__file__).parents[2] / "docs" / "temporal.md"
SETTINGS = {
    "as measured": {},
    "drafts, 2 frames in a batch": {"frames": 2, "drafted": True},
    "drafts, 4 frames in a batch": {"frames": 4, "drafted": True},
    "one detector for the highway, one for the rest": {"experts": 2},
    "three detectors": {"experts": 3},
    "2:4": {"sparsity": "2:4"},
    "single weights, 80 % left out": {"sparsity": "unstructured:0.8"},
    "int8": {"dtype": "int8"},
    "int8 and 2:4": {"dtype": "int8", "sparsity": "2:4"},
    "int8 and three detectors": {"dtype": "int8", "experts": 3},
    "int8, 2:4 and three detectors": {"dtype": "int8", "sparsity": "2:4", "experts": 3},
}


def rows():
    lines = PAGE.read_text(encoding="utf-8").splitlines()
    cells = [
        [cell.strip() for cell in line.strip("|").split("|")] for line in lines if "× |" in line
    ]
    return {name: (float(times[:-1]), float(worst[:-3])) for name, times, worst in cells}


@pytest.mark.parametrize("name", SETTINGS)
def test_a_row_is_what_the_engine_says(name):
    found = loop_at(Setting(**SETTINGS[name]), assumed())
    times, worst = rows()[name]
    assert times == pytest.approx(gain(found, loop_at(Setting(), assumed())), abs=0.005)
    assert worst == pytest.approx(1e3 * found.worst.latency, abs=0.006 if worst < 20.0 else 0.06)


def test_no_row_is_without_its_setting():
    assert set(rows()) == set(SETTINGS)
