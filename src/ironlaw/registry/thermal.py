"""What a chip's file says of heat: the body that it sits in, its leakage, its governor."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ironlaw.registry.chip_facts import THERMAL, positive

if TYPE_CHECKING:
    from ironlaw.registry.chips import Chip


@dataclass(frozen=True, slots=True, kw_only=True)
class ThermalFacts:
    """A wearable: junction, skin, ambient.

    Attributes:
        junction_to_skin: Thermal resistance, R_js [K/W].
        skin_to_ambient: Thermal resistance, R_sa [K/W].
        junction_capacity: Heat capacity of the junction, C_j [J/K].
        skin_capacity: Heat capacity of the skin, C_s [J/K].
        skin_limit: Highest temperature of the skin [K].
        leakage: Leakage at the reference temperature, P_0 [W].
        leakage_growth: Its relative growth for each kelvin, k [1/K].
        leakage_temperature: The reference temperature, T_0 [K].
        hysteresis: How far the skin has to cool before the governor allows for more [K].
        rates: Frame rates of the operating points, the highest first; none where the file has none [Hz].
    """

    junction_to_skin: float
    skin_to_ambient: float
    junction_capacity: float
    skin_capacity: float
    skin_limit: float
    leakage: float
    leakage_growth: float
    leakage_temperature: float
    hysteresis: float
    rates: tuple[float, ...]


def thermal_facts(chip: Chip) -> ThermalFacts:
    """The thermal facts of a chip.

    Args:
        chip: A chip whose file has the table `thermal`.

    Raises:
        FactError: naming the fact that it lacks.

    Example:
        >>> from ironlaw.registry.chips import load_chip
        >>> thermal_facts(load_chip("ar-glasses")).junction_to_skin
        12.0
    """
    sheet = chip.sheet
    values = {name: positive(sheet, f"thermal.{name}", unit) for name, unit in THERMAL.items()}
    points = [f"operating_point.{name}.rate" for name in sheet.children("operating_point")]
    rates = sorted((positive(sheet, path, "Hz") for path in points), reverse=True)
    return ThermalFacts(**values, rates=tuple(rates))
