"""Which chip keeps a hearable under a power within a deadline, with which network: exact, design by design."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ironlaw.base.number import require_positive
from ironlaw.explore.hearable_search import placements
from ironlaw.system.hearable.enhancer import enhancer
from ironlaw.system.hearable.frame import frame
from ironlaw.system.hearable.machine import Place
from ironlaw.system.hearable.plan import Plan, listening_frame, plan

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ironlaw.explore.hearable_search import Designs
    from ironlaw.system.hearable.enhancer import Enhancer
    from ironlaw.system.hearable.frame import Frame, Layout
    from ironlaw.system.hearable.gate import Gate
    from ironlaw.system.hearable.machine import Machine


class Demand(NamedTuple):
    """What is demanded of a hearable: the frame in which everything runs, how often frames come [s], the power [W]."""

    deadline: float
    hop: float
    power: float


def longest_frame(runs_on: Machine, demand: Demand, gate: Gate | None = None) -> float:
    r"""The longest frame of an enhancer with which a chip can meet a demand; below zero where none can.

    $$ T \le \min(T_{limit} - T_{det}, ((P - P_{sleep}) T_{hop} - T_{det} P_{det}) / (p' P_{active})) $$

    Args:
        runs_on: The chip.
        demand: The demand.
        gate: What its detector hears; None where the enhancer runs in every hop.

    Returns:
        It [s].

    Raises:
        DomainError: if a part of the demand is not positive.

    Source:
        ironlaw-dossier, §6.
    """
    for name, value in zip(demand._fields, demand, strict=True):
        require_positive(name, value)
    energy, time, awake = (demand.power - runs_on.sleep) * demand.hop, demand.deadline, 1.0
    if gate is not None:
        listening = listening_frame(runs_on)
        energy -= listening.time * listening.active
        time -= listening.time
        awake = gate.awake
    return min(time, energy / (awake * min(runs_on.active, runs_on.active_sram)))


def largest_within(designs: Designs, demand: Demand, gate: Gate | None = None) -> Plan | None:
    """The largest network that meets a demand, and of its designs the one that draws least.

    Exact: a design is left out only where its arithmetic alone takes longer than any frame of the chip may.

    Args:
        designs: What may be chosen.
        demand: The demand.
        gate: What the detector hears; None where the enhancer runs in every hop.

    Returns:
        How it is run; None where no design of the chip meets the demand.
    """
    machines = {layout.walk.dtype: designs.machine(layout.walk.dtype) for layout in designs.layouts}
    bounds = {dtype: longest_frame(one, demand, gate) for dtype, one in machines.items()}
    for size in sorted(designs.sizes, reverse=True):
        network = enhancer(size)
        found = [
            run
            for layout in designs.layouts
            if network.flops / machines[layout.walk.dtype].flop_rate <= bounds[layout.walk.dtype]
            for one in _frames(network, layout, machines[layout.walk.dtype])
            if meets(run := plan(one, demand.hop, gate), demand)
        ]
        if found:
            return min(found, key=lambda one: (one.power.total, one.sram_used))
    return None


def _frames(network: Enhancer, layout: Layout, runs_on: Machine) -> Iterator[Frame]:
    """The frames of a layout: every set of matrices in SRAM, where they do not all live there."""
    if runs_on.home is Place.SRAM:
        return iter((frame(network, layout, runs_on),))
    return placements(network, layout, runs_on)


def meets(run: Plan, demand: Demand) -> bool:
    """Whether a hearable meets a demand: in time in its longest frame, under its power on average, in its SRAM.

    Args:
        run: How it is run.
        demand: The demand.
    """
    fits = run.sram_over <= 0.0 and run.stored_over <= 0.0
    return fits and run.worst <= demand.deadline and run.power.total <= demand.power
