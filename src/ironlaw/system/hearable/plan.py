"""A hearable through the day: enhancers that a detector wakes and a scene chooses, and the power that they draw."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from ironlaw.base.errors import DomainError
from ironlaw.base.number import ceil, require_count, require_positive, summed
from ironlaw.system.hearable.enhancer import detector
from ironlaw.system.hearable.frame import PACKED, Layout, frame
from ironlaw.system.hearable.gate import work_per_accepted

if TYPE_CHECKING:
    from ironlaw.system.hearable.frame import Frame
    from ironlaw.system.hearable.gate import Gate
    from ironlaw.system.hearable.machine import Machine


@dataclass(frozen=True, slots=True, kw_only=True)
class Experts:
    """Enhancers for different scenes, one of which is active.

    Attributes:
        count: How many there are, E.
        changes: How often the scene changes [1/s].

    Raises:
        DomainError: naming what is not a whole number above 0, or a rate below 0.
    """

    count: int
    changes: float

    def __post_init__(self) -> None:
        """Refuse what no set of experts is."""
        require_count("count", self.count)
        if not 0.0 <= self.changes < float("inf"):
            raise DomainError("changes", self.changes, "[0, ∞)")


class PowerParts(NamedTuple):
    """What a hearable draws, by what for [W]."""

    detector: float
    enhancer: float
    copies: float
    floor: float

    @property
    def total(self) -> float:
        """All of it [W]."""
        return summed(self)


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Plan:
    """How an enhancer is run.

    Attributes:
        frame: A frame of the active enhancer.
        hop: Time from one frame to the next, T_hop [s].
        gate: What its detector hears; None where the enhancer runs in every hop.
        listening: A frame of the detector; None without a gate.
        experts: The enhancers that there are; None for one.
    """

    frame: Frame
    hop: float
    gate: Gate | None = None
    listening: Frame | None = None
    experts: Experts | None = None

    @property
    def worst(self) -> float:
        """Time of the frame in which everything runs: what a deadline counts [s]."""
        return self.frame.time + (0.0 if self.listening is None else self.listening.time)

    @property
    def awake(self) -> float:
        """Share of the hops in which the enhancer runs."""
        return 1.0 if self.gate is None else self.gate.awake

    @property
    def energies(self) -> PowerParts:
        """Energy of a hop on average, by what for [J]."""
        machine = self.frame.machine
        changes = 0.0 if self.experts is None else self.experts.changes
        listening = self.listening
        return PowerParts(
            detector=0.0 if listening is None else listening.time * listening.active,
            enhancer=self.awake * self.frame.time * self.frame.active,
            copies=changes * self.hop * self.switch * machine.active,
            floor=self.hop * machine.sleep,
        )

    @property
    def duty(self) -> float:
        """Share of the time in which the chip is busy, at most 1."""
        return min(self._busy / self.hop, 1.0)

    @property
    def _busy(self) -> float:
        """Time in a hop in which the chip is busy, on average [s]."""
        changes = 0.0 if self.experts is None else self.experts.changes
        listening = 0.0 if self.listening is None else self.listening.time
        return listening + self.awake * self.frame.time + changes * self.hop * self.switch

    @property
    def power(self) -> PowerParts:
        """Mean power, by what for; a chip that cannot keep up is busy all the time [W]."""
        energies, held = self.energies, max(self._busy, self.hop)
        return PowerParts(
            detector=energies.detector / held,
            enhancer=energies.enhancer / held,
            copies=energies.copies / held,
            floor=self.frame.machine.sleep,
        )

    @property
    def work(self) -> float:
        """Work in a hop on average, O [FLOP]."""
        listening = 0.0 if self.listening is None else self.listening.flops
        return listening + self.awake * self.frame.flops

    @property
    def work_per_accepted(self) -> float:
        """Work for each frame of speech that is enhanced; without a gate that of the enhancer [FLOP]."""
        if self.gate is None or self.listening is None:
            return self.frame.flops
        return work_per_accepted(self.gate, self.listening.flops, self.frame.flops)

    @property
    def count(self) -> int:
        """Enhancers that there are."""
        return 1 if self.experts is None else self.experts.count

    @property
    def weights(self) -> float:
        """Bytes of one enhancer [B]."""
        return summed(piece.stored for piece in self.frame.pieces)

    @property
    def stored(self) -> float:
        """Bytes of all enhancers in the memory that keeps them [B]."""
        return self.count * self.weights

    @property
    def stored_over(self) -> float:
        """Bytes over that memory; below zero where they fit [B]."""
        return self.stored - self.frame.machine.store_capacity

    @property
    def sram_used(self) -> float:
        """SRAM that the frames need, the detector's weights with them [B]."""
        return self.frame.sram_used + (0.0 if self.listening is None else self.listening.sram_used)

    @property
    def sram_over(self) -> float:
        """Bytes over the SRAM of the chip; below zero where they fit [B]."""
        return self.sram_used - self.frame.machine.sram

    @property
    def switch(self) -> float:
        """Time to bring the weights that SRAM keeps of another expert; those outside stay where they are [s]."""
        return self.frame.held / self.frame.machine.store if self.count > 1 else 0.0

    @property
    def switch_hops(self) -> int | None:
        """Hops that a switch takes out of what the frames leave of them; None where they leave nothing."""
        spare = self.hop - self.worst
        return int(ceil(self.switch / spare)) if spare > 0.0 else None


def plan(
    found: Frame, hop: float, gate: Gate | None = None, experts: Experts | None = None
) -> Plan:
    r"""How an enhancer is run: woken by a detector, one of several.

    $$ P = (T_{det} P_{det} + p' T P_{active}) / T_{hop} + r T_{copy} P_{active} + P_{sleep} $$

    Args:
        found: A frame of the enhancer.
        hop: Time from one frame to the next [s].
        gate: What its detector hears; None where it runs in every hop.
        experts: The enhancers that there are; None for one.

    Raises:
        DomainError: if the hop is not positive.

    Source:
        ironlaw-dossier, §6.
    """
    require_positive("hop", hop)
    listening = None if gate is None else listening_frame(found.machine)
    return Plan(frame=found, hop=hop, gate=gate, listening=listening, experts=experts)


@lru_cache(maxsize=64)
def listening_frame(runs_on: Machine) -> Frame:
    """A frame of the detector, whose few weights stay in SRAM.

    Args:
        runs_on: What runs it.
    """
    network = detector()
    kept = frozenset(matrix.name for matrix in network.matrices)
    return frame(network, Layout(walk=PACKED.walk, sram=kept), runs_on)
