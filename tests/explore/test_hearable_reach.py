"""Which chip stays under a power within a deadline: the bound, and the search against every design by hand."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ironlaw.base.errors import DomainError
from ironlaw.explore.hearable_reach import Demand, largest_within, longest_frame, meets
from ironlaw.explore.hearable_search import Designs
from ironlaw.system.cache.layout import GateOrder, Walk
from ironlaw.system.hearable.enhancer import enhancer
from ironlaw.system.hearable.frame import PACKED, frame
from ironlaw.system.hearable.gate import Gate
from ironlaw.system.hearable.machine import machine
from ironlaw.system.hearable.plan import plan

DEMAND = Demand(deadline=10e-3, hop=16e-3, power=1e-3)
GATE = Gate(speech=0.3853, miss=0.02, false_alarm=0.1)
FUSED = replace(PACKED, walk=Walk(order=GateOrder.INTERLEAVED), fused=True)


def designs(name, sizes=(32, 48, 64, 96, 128, 148, 152, 160, 256)):
    return Designs(sizes=sizes, layouts=(PACKED, FUSED), machine=lambda _: machine(name))


@pytest.mark.parametrize("gate", [None, GATE])
@pytest.mark.parametrize("name", ["esp32", "esp32-s3"])
def test_no_design_of_an_esp32_draws_less_than_a_milliwatt(name, gate):
    assert largest_within(designs(name, tuple(range(1, 64))), DEMAND, gate) is None
    if name == "esp32":
        assert longest_frame(machine(name), DEMAND, gate) < 0.0
        assert machine(name).sleep > DEMAND.power


@pytest.mark.parametrize(
    ("name", "gate", "hidden"),
    [
        ("nrf52840", None, 32),
        ("nrf52840", GATE, 64),
        ("apollo4-plus", None, 152),
        ("gap9", None, 256),
    ],
)
def test_the_largest_of_other_chips(name, gate, hidden):
    found = largest_within(designs(name), DEMAND, gate)
    assert found is not None
    assert found.frame.enhancer.hidden == hidden
    assert meets(found, DEMAND)
    larger = min((h for h in designs(name).sizes if h > hidden), default=None)
    if larger is not None:
        one = plan(frame(enhancer(larger), FUSED, machine(name)), DEMAND.hop, gate)
        assert not meets(one, DEMAND)


@pytest.mark.parametrize("gate", [None, GATE])
@pytest.mark.parametrize("name", ["nrf52840", "stm32h743", "apollo4-plus", "gap9"])
def test_the_longest_frame_is_a_bound(name, gate):
    bound = longest_frame(machine(name), DEMAND, gate)
    for size in designs(name).sizes:
        run = plan(frame(enhancer(size), PACKED, machine(name)), DEMAND.hop, gate)
        assert (run.frame.time <= bound * (1.0 + 1e-12)) or not meets(run, DEMAND)


def test_a_demand_is_above_zero():
    with pytest.raises(DomainError, match="hop"):
        longest_frame(machine("esp32"), Demand(10e-3, 0.0, 1e-3))
