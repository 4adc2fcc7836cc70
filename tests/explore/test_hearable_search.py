"""The best design is that of brute force, and none is better."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations, product

import pytest

from ironlaw.explore.hearable_search import Designs, best_design, placements
from ironlaw.registry.dtypes import Dtype
from ironlaw.system.cache.layout import GateOrder, Walk
from ironlaw.system.hearable.enhancer import enhancer
from ironlaw.system.hearable.frame import Layout, frame
from ironlaw.system.hearable.machine import machine

MACHINES = {Dtype.INT8: machine("esp32"), Dtype.INT16: machine("esp32-int16")}
LAYOUTS = tuple(
    Layout(walk=Walk(order=order, gate_pad=pad, dtype=dtype))
    for order, pad, dtype in product(GateOrder, (0, 32), MACHINES)
)
DESIGNS = Designs(sizes=(96, 128, 144, 160), layouts=LAYOUTS, machine=MACHINES.__getitem__)


def brute(designs, deadline):
    found = []
    for size, layout in product(designs.sizes, designs.layouts):
        network = enhancer(size)
        names = [matrix.name for matrix in network.matrices]
        for many in range(len(names) + 1):
            for kept in combinations(names, many):
                laid = replace(layout, sram=frozenset(kept))
                one = frame(network, laid, designs.machine(layout.walk.dtype))
                if one.time <= deadline and one.sram_over <= 0.0:
                    found.append((-size, one.sram_used, one.time))
    return min(found, default=None)


@pytest.mark.parametrize("deadline", [4e-3, 8e-3, 10e-3, 13e-3])
def test_it_is_what_brute_force_finds(deadline):
    best = best_design(DESIGNS, deadline)
    one = best.frame
    assert (-one.enhancer.hidden, one.sram_used, one.time) == brute(DESIGNS, deadline)
    assert best.designs == 4 * 8 * 64


def test_where_nothing_holds_there_is_none():
    assert best_design(DESIGNS, 1e-4) is None is brute(DESIGNS, 1e-4)


def test_placements_are_the_frames_of_their_layouts():
    network, runs_on = enhancer(128), MACHINES[Dtype.INT8]
    found = list(placements(network, LAYOUTS[0], runs_on))
    assert len({one.layout.sram for one in found}) == 64
    for one in found:
        again = frame(network, one.layout, runs_on)
        assert (one.time, one.sram_used, one.outside, one.active) == (
            again.time, again.sram_used, again.outside, again.active,
        )  # fmt: skip
