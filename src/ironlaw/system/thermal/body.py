"""A body that a chip heats: its network, where the heat comes in, where it is felt, and what leaks."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from ironlaw.base.errors import DomainError
from ironlaw.base.number import require_positive
from ironlaw.base.power import exponential
from ironlaw.system.thermal.network import ladder

if TYPE_CHECKING:
    from ironlaw.registry.thermal import ThermalFacts
    from ironlaw.system.thermal.network import ThermalNetwork

JUNCTION, SKIN = "junction", "skin"
"""The nodes of a wearable: where the heat is made, and what touches the wearer."""


@dataclass(frozen=True, slots=True)
class Leakage:
    r"""Power that transistors lose without switching; it grows with their temperature.

    $$ P_{leak} = P_0 e^{k (T_j - T_0)} $$

    Attributes:
        power: At the reference temperature, P_0 [W].
        growth: Its relative growth for each kelvin, k [1/K].
        reference: The temperature of P_0, T_0 [K].

    Raises:
        DomainError: for a value that is not above zero.
    """

    power: float
    growth: float
    reference: float

    def __post_init__(self) -> None:
        """Refuse a leakage that is none."""
        require_positive("leakage", self.power)
        require_positive("leakage_growth", self.growth)
        require_positive("leakage_temperature", self.reference)

    def at(self, temperature: float) -> float:
        """P_leak at a junction temperature; infinite where the law has no number for it [W].

        Args:
            temperature: Of the junction, T_j [K].

        Example:
            >>> Leakage(0.05, 0.012, 298.15).at(298.15)
            0.05
        """
        return self.power * exponential(self.growth * (temperature - self.reference))


@dataclass(frozen=True, eq=False)
class ThermalBody:
    """A network with a chip in it.

    Attributes:
        network: The heat capacities and conductances.
        heated: Node that the chip's power goes into, and whose temperature its leakage follows.
        watched: Node whose temperature is limited.
        leakage: What leaks; None where nothing does.

    Raises:
        DomainError: for a node that the network does not have.
    """

    network: ThermalNetwork
    heated: str
    watched: str
    leakage: Leakage | None = None

    def __post_init__(self) -> None:
        """Refuse nodes that are not there."""
        self.network.place(self.heated)
        self.network.place(self.watched)

    @cached_property
    def source(self) -> tuple[float, ...]:
        """How strongly the chip's power drives each mode: S_ji of the heated node [K/J^(1/2)]."""
        return self.network.modes.shapes[self.network.place(self.heated)]

    @cached_property
    def own_resistance(self) -> float:
        """Rise of the heated node for each watt in it, R_ja [K/W]."""
        return self.network.resistance(self.heated, self.heated)

    @cached_property
    def watched_resistance(self) -> float:
        """Rise of the watched node for each watt in the heated one [K/W]."""
        return self.network.resistance(self.watched, self.heated)

    @property
    def growth(self) -> float:
        """Relative growth of the leakage for each kelvin, k; zero where nothing leaks [1/K]."""
        return 0.0 if self.leakage is None else self.leakage.growth

    def leaks(self, temperature: float) -> float:
        """P_leak at a temperature of the heated node [W]."""
        return 0.0 if self.leakage is None else self.leakage.at(temperature)

    @property
    def slowest(self) -> float:
        """The longest time constant, 1/λ_min [s]."""
        return 1.0 / self.network.modes.rates[0]

    @property
    def fastest(self) -> float:
        """The shortest time constant, 1/λ_max [s]."""
        return 1.0 / self.network.modes.rates[-1]


def wearable(facts: ThermalFacts) -> ThermalBody:
    """The body of a wearable: junction, skin, ambient.

    Args:
        facts: Of its chip.
    """
    inner = (JUNCTION, facts.junction_capacity, facts.junction_to_skin)
    outer = (SKIN, facts.skin_capacity, facts.skin_to_ambient)
    leakage = Leakage(facts.leakage, facts.leakage_growth, facts.leakage_temperature)
    return ThermalBody(ladder((inner, outer)), JUNCTION, SKIN, leakage)


def require_temperature(name: str, value: float) -> None:
    """Refuse a temperature that is none.

    Args:
        name: Of the parameter.
        value: The temperature [K].

    Raises:
        DomainError: if it is not above absolute zero and finite.
    """
    if not (value > 0.0 and math.isfinite(value)):
        raise DomainError(name, value, "the temperatures above absolute zero, in kelvin")


def require_load(name: str, value: float) -> None:
    """Refuse a power that is below zero or not finite.

    Args:
        name: Of the parameter.
        value: The power [W].

    Raises:
        DomainError: if it is.
    """
    if not (value >= 0.0 and math.isfinite(value)):
        raise DomainError(name, value, "[0, ∞) W")
