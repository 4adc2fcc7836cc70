"""What docs/hearable.md says is what the engine finds."""

from __future__ import annotations

from pathlib import Path

import pytest

from ironlaw.explore.hearable_reach import longest_frame
from ironlaw.lab.hearable_bench import kilobytes_to_move, limits
from ironlaw.lab.tracks import (
    tiny_algorithm,
    tiny_algorithm_mission,
    tiny_algorithm_reveal,
    tiny_fusion,
)
from ironlaw.system.hearable.enhancer import detector, enhancer
from ironlaw.system.hearable.frame import PACKED, frame
from ironlaw.system.hearable.machine import machine
from ironlaw.system.hearable.power import reach
from ironlaw.system.hearable.pruning import Pruned, kept

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


def test_the_gate_of_the_page():
    plain = tiny_algorithm.before(tiny_algorithm.optimum_left())
    gated = tiny_algorithm_reveal.gated()
    more = gated.work_per_accepted / gated.frame.flops
    assert f"late: {gated.worst * 1e3:.2f} ms" in PAGE
    assert f"takes {more:.2f} times its work" in PAGE
    assert f"{plain.power.total * 1e3:.1f} to {gated.power.total * 1e3:.1f} mW" in " ".join(
        PAGE.split()
    )
    assert f"{detector().weights:,} weights" in PAGE


def test_the_format_of_the_page():
    knobs = tiny_algorithm.turn(
        tiny_algorithm.start(), {"dtype": "int16", "size": 0.75, "kept": "all"}
    )
    left = tiny_algorithm.optimum_left()
    plain, gated = (
        tiny_algorithm.plan_at({**knobs, "gate": gate}, left).power.total for gate in (False, True)
    )
    assert f"draws {plain * 1e3:.1f} mW, and {gated * 1e3:.1f} mW with the detector" in PAGE
    rates = [machine(name).flop_rate for name in ("esp32-int16", "esp32")]
    assert round(rates[0] / rates[1]) == 7


def test_the_chips_of_the_page():
    for row in tiny_algorithm_mission.chips_table().rows:
        assert f"| {row.label} | {' | '.join(row.cells)} |" in PAGE
    longest = longest_frame(machine("esp32-s3"), tiny_algorithm_mission.demand())
    assert f"{longest * 1e6:.0f} µs of work" in PAGE


def test_the_zeros_of_the_page():
    across = kept(148, 148, Pruned(zeros=0.5, block=32, by_row=True), 32, 1)
    assert f"{across.share * 100.0:.0f} % of the lines are left" in PAGE


@pytest.mark.parametrize(("hidden", "late"), [(96, False), (112, True)])
def test_the_largest_size_from_psram(hidden, late):
    assert (at(hidden).time > limits().deadline) is late
