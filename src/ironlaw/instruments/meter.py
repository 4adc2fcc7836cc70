"""Meter: one power on a logarithmic scale, of what it is made, and what it must stay under."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ironlaw.base.equation import Equation, Symbol, Term
from ironlaw.base.plain import plain_fields
from ironlaw.instruments.scale import decade, percent, with_prefix

if TYPE_CHECKING:
    from ironlaw.system.hearable.power import DutyPower, Reach


@dataclass(frozen=True, slots=True)
class MeterPart:
    """A part of the power [W]."""

    id: str
    label: str
    value: float


@dataclass(frozen=True, slots=True)
class MeterLine:
    """A line across the scale [W]."""

    label: str
    value: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Meter:
    """A power on a logarithmic scale [W].

    Attributes:
        title: What it shows.
        value: The power; the parts add up to it.
        min: Lower end of the scale.
        max: Upper end.
        parts: Of what it is made.
        floor: What no duty cycle goes below.
        target: What it must stay under.
        note: Whether it does, in words.
        peek: Its equation.
    """

    title: str
    value: float
    min: float
    max: float
    parts: tuple[MeterPart, ...]
    floor: MeterLine | None
    target: MeterLine | None
    note: str
    peek: Equation

    def to_dict(self) -> dict[str, object]:
        """The meter as plain data."""
        shown = plain_fields(self)
        return {**shown, "unit": "W", "peek": self.peek.to_dict()}


def duty_meter(title: str, power: DutyPower, reach: Reach, active: float) -> Meter:
    """The power of a chip that wakes for each frame.

    Args:
        title: What it shows.
        power: Its busy share and its floor.
        reach: Whether any duty cycle stays under the target.
        active: Power while it is busy, P_active [W].
    """
    low, _ = decade(min(reach.target, power.floor) / 10.0)
    _, high = decade(max(power.total, active, reach.target))
    return Meter(
        title=title,
        value=power.total,
        min=low,
        max=high,
        parts=(
            MeterPart("busy", f"busy {percent(power.duty)} of the time", power.busy),
            MeterPart("floor", "asleep", power.floor),
        ),
        floor=MeterLine("sleep floor", power.floor),
        target=MeterLine(with_prefix(reach.target, "W"), reach.target),
        note=reach_words(power, reach),
        peek=duty_equation(power, active),
    )


def reach_words(power: DutyPower, reach: Reach) -> str:
    """Whether a power stays under its target, and if not, whether any duty cycle would.

    Args:
        power: The power.
        reach: The target and what the floor leaves of it.
    """
    target = with_prefix(reach.target, "W")
    if not reach.feasible:
        return (
            f"Asleep, the chip draws {with_prefix(reach.floor, 'W')}: {with_prefix(reach.over, 'W')} more than "
            f"{target}. No duty cycle of it stays under {target}."
        )
    if power.total <= reach.target:
        return f"Under {target}."
    return (
        f"Over {target} by {with_prefix(power.total - reach.target, 'W')}. It would hold if the chip were busy "
        f"{percent(reach.duty)} of the time."
    )


def duty_equation(power: DutyPower, active: float) -> Equation:
    """Power as a share of the active power on a sleep floor.

    Args:
        power: The power.
        active: Power while the chip is busy, P_active [W].
    """
    busy = Term(
        "product",
        (
            Symbol("d", "share of the time that is busy", power.duty, ""),
            Symbol("P", "power while busy", active, "W", "active"),
        ),
    )
    return Equation(
        title="Power of frames",
        left=Symbol("P", "power", None, "W"),
        right=Term("sum", (busy, Symbol("P", "power while asleep", power.floor, "W", "sleep"))),
        source="ironlaw dossier, §6",
    )
