"""What docs/hearable.md says is what the engine finds."""

from __future__ import annotations

from pathlib import Path

import pytest

from ironlaw.lab.hearable_bench import kilobytes_to_move, limits
from ironlaw.lab.tracks import tiny_fusion
from ironlaw.system.hearable.enhancer import enhancer
from ironlaw.system.hearable.frame import PACKED, frame
from ironlaw.system.hearable.machine import machine
from ironlaw.system.hearable.power import reach

PAGE = (Path(__file__).resolve().parents[3] / "docs/hearable.md").read_text(encoding="utf-8")


def at(hidden):
    return frame(enhancer(hidden), PACKED, machine("esp32"))


def test_the_numbers_of_the_page():
    floor = reach(limits().power, 0.16, machine("esp32").sleep)
    ridge = at(96).machine.flop_rate / 22e6
    goal = tiny_fusion.optimum().frame
    for said in (
        f"{floor.over * 1e3:.2f} mW",
        f"under a ridge of {ridge:.1f}",
        f"At H = 96, {kilobytes_to_move(at(96)) / 1e3:.0f} kB",
        f"at H = 128, {kilobytes_to_move(at(128)) / 1e3:.0f} kB",
        f"H = {goal.enhancer.hidden} in int8, with {goal.sram_used / 1e3:.0f} kB",
        f"Arithmetic alone takes {goal.compute * 1e3:.2f} ms",
    ):
        assert said in PAGE


@pytest.mark.parametrize(("hidden", "late"), [(96, False), (112, True)])
def test_the_largest_size_from_psram(hidden, late):
    assert (at(hidden).time > limits().deadline) is late
