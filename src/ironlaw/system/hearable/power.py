"""Power of a chip that wakes for each frame and sleeps in between: a share of its active power on a sleep floor."""

from __future__ import annotations

from dataclasses import dataclass

from ironlaw.base.number import minimum, require_positive


@dataclass(frozen=True, slots=True, kw_only=True)
class DutyPower:
    """Power of frames that come at a fixed rate.

    Attributes:
        duty: Share of the time in which the chip is busy, at most 1.
        busy: Power of that share, d · P_active [W].
        floor: What it sleeps at [W].
    """

    duty: float
    busy: float
    floor: float

    @property
    def total(self) -> float:
        """P = d · P_active + P_sleep [W]."""
        return self.busy + self.floor


def duty_power(time: float, hop: float, active: float, sleep: float) -> DutyPower:
    r"""Power of a chip that runs one frame a hop and sleeps for the rest of it.

    $$ P = \min(T / T_{hop}, 1) \cdot P_{active} + P_{sleep} $$

    The floor is counted at every moment, also while the chip is busy: at most the floor itself too much.

    Args:
        time: Time of a frame, T [s].
        hop: Time from one frame to the next, T_hop [s].
        active: Power while it is busy, P_active [W].
        sleep: Power while it sleeps, P_sleep [W].

    Raises:
        DomainError: if one of them is not positive.

    Source:
        ironlaw-dossier, §6.

    Example:
        >>> round(duty_power(0.008, 0.016, 0.16, 0.00264).total, 5)
        0.08264
    """
    for name, value in (("time", time), ("hop", hop), ("active", active), ("sleep", sleep)):
        require_positive(name, value)
    duty = float(minimum(time / hop, 1.0))
    return DutyPower(duty=duty, busy=duty * active, floor=sleep)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """Whether a chip can stay under a power at all.

    Attributes:
        target: The power to stay under [W].
        floor: What the chip draws asleep [W].
        duty: The largest share of the time in which it may be busy; 0 where the floor alone is too much.
        over: By how much the floor alone is over the target; 0 where it is not [W].
    """

    target: float
    floor: float
    duty: float
    over: float

    @property
    def feasible(self) -> bool:
        """Whether any duty cycle stays under the target."""
        return self.over == 0.0


def reach(target: float, active: float, sleep: float) -> Reach:
    r"""The largest duty cycle that stays under a power, or by how much the sleep floor alone is over it.

    $$ d_{max} = \min((P_{target} - P_{sleep}) / P_{active}, 1) $$

    Args:
        target: The power to stay under, P_target [W].
        active: Power while the chip is busy, P_active [W].
        sleep: Power while it sleeps, P_sleep [W].

    Raises:
        DomainError: if one of them is not positive.

    Source:
        ironlaw-dossier, §6.

    Example:
        >>> reach(0.001, 0.16, 0.00264).feasible
        False
    """
    for name, value in (("target", target), ("active", active), ("sleep", sleep)):
        require_positive(name, value)
    spare = target - sleep
    if spare < 0.0:
        return Reach(target=target, floor=sleep, duty=0.0, over=0.0 - spare)
    return Reach(target=target, floor=sleep, duty=float(minimum(spare / active, 1.0)), over=0.0)
