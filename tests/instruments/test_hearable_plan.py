"""A gated, pruned hearable in instruments: parts add up, lines fall as blocks grow, what is skipped is left out."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest

from ironlaw.instruments.cache_map import cache_map, thinned
from ironlaw.instruments.hearable_plan import (
    experts_comparison,
    lines_curve,
    plan_gauges,
    plan_law,
    plan_meter,
    power_equation,
    work_equation,
)
from ironlaw.system.cache.layout import recurrent_matrices
from ironlaw.system.cache.simulate import simulate
from ironlaw.system.hearable.enhancer import enhancer
from ironlaw.system.hearable.frame import PACKED, frame
from ironlaw.system.hearable.gate import Gate
from ironlaw.system.hearable.machine import machine
from ironlaw.system.hearable.plan import Experts, plan
from ironlaw.system.hearable.pruning import Pruned

HOP, DEADLINE = 16e-3, 10e-3
GATE = Gate(speech=0.4, miss=0.02, false_alarm=0.1)


def run(name="esp32", hidden=96, gate=None, experts=None, pruned=None, sram=()):
    layout = replace(PACKED, pruned=pruned, sram=frozenset(sram))
    return plan(frame(enhancer(hidden), layout, machine(name)), HOP, gate, experts)


@pytest.mark.parametrize("gate", [None, GATE])
@pytest.mark.parametrize("name", ["esp32", "esp32-s3", "apollo4-plus", "gap9"])
def test_the_parts_add_up(name, gate):
    found = run(name, gate=gate)
    law = plan_law(found, found.frame.time)
    assert sum(term.time for term in law.terms) == pytest.approx(found.worst)
    assert (law.total, law.low, law.high) == pytest.approx((found.worst,) * 3)
    meter = plan_meter(found, 1e-3)
    assert sum(part.value for part in meter.parts) == pytest.approx(meter.value)
    assert meter.value == pytest.approx(found.power.total)
    assert power_equation(found).to_dict()["value"] == pytest.approx(found.power.total)


def test_the_work_for_a_frame_of_speech_is_explained():
    found = run(gate=GATE)
    equation = work_equation(found)
    assert equation is not None
    assert equation.to_dict()["value"] == pytest.approx(found.work_per_accepted)
    assert work_equation(run()) is None


def test_a_chip_that_fetches_nothing_has_no_bus_to_show():
    names = [
        [gauge.id for gauge in plan_gauges(run(chip), DEADLINE, 0.05)] for chip in ("esp32", "gap9")
    ]
    assert names == [["frame", "mbu_raw", "mfu", "sram", "half"], ["frame", "mfu", "sram", "half"]]


def test_lines_fall_with_zeros_and_with_blocks():
    curve = lines_curve(run(pruned=Pruned(zeros=0.5, block=16)))
    heights = [[y for _, y in series.points] for series in curve.series]
    for line in heights:
        assert line == sorted(line, reverse=True)
    for smaller, larger in pairwise(heights):
        assert all(a >= b for a, b in zip(smaller, larger, strict=True))
    assert curve.marks[0].y == pytest.approx(0.75)
    assert "blocks of 16 B" in curve.note


def test_lines_that_are_skipped_leave_the_map():
    layout, cache = PACKED.walk, machine("esp32").cache
    matrices = recurrent_matrices(96, layout)
    full = cache_map(matrices, cache, simulate(matrices, cache))
    half = thinned(full, [0.5] * len(full.rows))
    assert half.misses == pytest.approx(full.misses / 2, abs=len(full.rows))
    assert half.distinct == full.distinct
    assert half.hits + half.misses == half.accesses
    assert half.traffic_ratio == half.misses / half.distinct
    assert "50 % of the lines hold only zeros" in half.note
    whole = thinned(full, [1.0] * len(full.rows))
    assert replace(whole, note=full.note) == full


def test_a_change_of_the_scene_is_told_in_hops():
    every = tuple(matrix.name for matrix in enhancer(96).matrices)
    experts = Experts(count=4, changes=0.0)
    note = experts_comparison(run(), run(experts=experts, sram=every)).note
    assert "of 1 hop," in note
    late = run(hidden=256, experts=experts, sram=every[:2])
    assert "no time" in experts_comparison(run(), late).note
