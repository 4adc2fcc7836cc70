r"""The steady state with leakage, and whether there is one.

The heated node settles where its rise equals R_ja times all the heat in it:

$$ \theta_j = R_{ja} (P + P_{leak}(T_{amb} + \theta_j)) $$

The right side is convex in θ_j, so it meets the left side twice, once, or never. The lower meeting is stable, because
there k·P_leak·R_ja < 1: a kelvin more leaks less than it takes to hold that kelvin. The upper one is not: from there on
the chip heats itself. Where they never meet there is no steady state at all: thermal runaway.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ironlaw.base.power import logarithm
from ironlaw.system.thermal.body import require_load, require_temperature

if TYPE_CHECKING:
    from ironlaw.system.thermal.body import ThermalBody

_STEPS = 200  # Newton's method takes about six; close to the runaway it gains a bit a step
_EXACT = 1e-15  # relative step at which it stands


@dataclass(frozen=True, slots=True, eq=False)
class SteadyState:
    """Where the body settles.

    Attributes:
        temperatures: Of each node, in the order of the network [K].
        leakage: P_leak there [W].
        gain: k·P_leak·R_ja, the share of a further kelvin that leakage brings back; stable below 1.
    """

    temperatures: tuple[float, ...]
    leakage: float
    gain: float


@dataclass(frozen=True, slots=True)
class Runaway:
    """There is no steady state: the chip heats itself without end.

    Attributes:
        largest_load: The load up to which there is one; below zero where even an idle chip runs away [W].
    """

    largest_load: float


def steady_state(body: ThermalBody, load: float, ambient: float) -> SteadyState | Runaway:
    """Where a body settles under a constant load, or that it does not.

    Newton's method starts below the stable solution, where the function is convex and falls, and so climbs to it and
    never over it.

    Args:
        body: The body.
        load: Power of the work, without leakage, P [W].
        ambient: Temperature of the air, T_amb [K].

    Raises:
        DomainError: for a load below zero, or an ambient that is no temperature.
    """
    require_load("load", load)
    require_temperature("ambient", ambient)
    most = largest_load(body, ambient)
    if load > most:
        return Runaway(most)
    resistance, growth = body.own_resistance, body.growth
    rise = resistance * load
    for _ in range(_STEPS):
        leak = body.leaks(ambient + rise)
        slope = 1.0 - growth * resistance * leak
        missing = resistance * (load + leak) - rise
        if slope <= 0.0 or missing <= _EXACT * rise:
            break
        rise += missing / slope
    leak = body.leaks(ambient + rise)
    heat = load + leak
    names = (node.name for node in body.network.nodes)
    warmed = (body.network.resistance(name, body.heated) for name in names)
    temperatures = tuple(ambient + one * heat for one in warmed)
    return SteadyState(temperatures, leak, growth * resistance * leak)


def largest_load(body: ThermalBody, ambient: float) -> float:
    r"""The largest load for which there is a steady state; below zero where even an idle chip runs away [W].

    There the two meetings are one, k·P_leak·R_ja = 1:

    $$ P_{max} = \frac{T_c - T_{amb}}{R_{ja}} - \frac{1}{k R_{ja}}, T_c = T_0 + \frac{1}{k} \ln\frac{1}{k R_{ja} P_0} $$

    Args:
        body: The body.
        ambient: T_amb [K].
    """
    leakage = body.leakage
    if leakage is None:
        return math.inf
    turning = turning_temperature(body)
    resistance = body.own_resistance
    return (turning - ambient - 1.0 / leakage.growth) / resistance


def turning_temperature(body: ThermalBody) -> float:
    """The temperature of the heated node at which k·P_leak·R_ja = 1: hotter, it cannot stand [K].

    Args:
        body: The body.
    """
    leakage = body.leakage
    if leakage is None:
        return math.inf
    gain = leakage.growth * body.own_resistance * leakage.power
    return leakage.reference - logarithm(gain) / leakage.growth
