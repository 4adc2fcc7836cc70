"""What a body can carry away: the power that a limit allows for, and how long a larger one is borne."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from ironlaw.system.thermal.body import require_load, require_temperature
from ironlaw.system.thermal.course import starting_state, stretches
from ironlaw.system.thermal.crossing import first_reached
from ironlaw.system.thermal.steady import (
    SteadyState,
    largest_load,
    steady_state,
    turning_temperature,
)
from ironlaw.system.thermal.stretch import direction

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ironlaw.system.thermal.body import ThermalBody
    from ironlaw.system.thermal.stretch import Stretch


@dataclass(frozen=True, slots=True, kw_only=True)
class HeatBudget:
    """What may be turned into heat for good.

    Attributes:
        heat: All of it, leakage with it: (T_limit − T_amb) / R of the watched node; zero where the air is as hot [W].
        leakage: What leaks of it at the temperature of the heated node then [W].
        load: What is left for work; below zero where leakage alone passes the limit [W].
        bound: What ends it: the limit of the watched node, or the runaway that comes first.
    """

    heat: float
    leakage: float
    load: float
    bound: Literal["limit", "runaway"]


def heat_budget(body: ThermalBody, limit: float, ambient: float) -> HeatBudget:
    """The power that a body sustains under a limit.

    Args:
        body: The body.
        limit: Highest temperature of the watched node [K].
        ambient: Temperature of the air, T_amb [K].

    Raises:
        DomainError: for what is no temperature.

    Source:
        ΔT = R_th·P, Fourier's law for the steady state.
    """
    require_temperature("limit", limit)
    require_temperature("ambient", ambient)
    heat = max((limit - ambient) / body.watched_resistance, 0.0)
    junction = ambient + body.own_resistance * heat
    if junction > turning_temperature(body):
        most = largest_load(body, ambient)
        leak = 1.0 / (body.growth * body.own_resistance)
        return HeatBudget(heat=max(most + leak, 0.0), leakage=leak, load=most, bound="runaway")
    leak = body.leaks(junction)
    return HeatBudget(heat=heat, leakage=leak, load=heat - leak, bound="limit")


def time_to_limit(
    body: ThermalBody,
    load: float,
    limit: float,
    ambient: float,
    start: Sequence[float] | None = None,
) -> float | None:
    """When the watched node reaches a limit under a constant load; None where it never does [s].

    Args:
        body: The body.
        load: Power of the work, without leakage [W].
        limit: Of the watched node [K].
        ambient: T_amb [K].
        start: Temperatures of the nodes to begin with; the ambient if None [K].

    Raises:
        DomainError: for a load below zero, or what is no temperature.
    """
    require_temperature("limit", limit)
    require_load("load", load)
    state = starting_state(body, ambient, start)
    settled = steady_state(body, load, ambient)
    node = body.network.place(body.watched)
    rests = settled.temperatures[node] if isinstance(settled, SteadyState) else math.inf
    return first_time(stretches(body, state, load, ambient, 0.0), body, limit, rests)


def first_time(
    parts: Iterable[Stretch], body: ThermalBody, level: float, rests: float
) -> float | None:
    """When the watched node is first at a level; None where it never is [s].

    Args:
        parts: Stretches under one load that follow each other without end.
        body: The body.
        level: The temperature [K].
        rests: Where the watched node settles under that load; infinite where it runs away [K].
    """
    node = body.network.place(body.watched)
    for stretch in parts:
        after = first_reached(stretch, node, level)
        if after is not None:
            return stretch.start + after
        going = direction(stretch)
        if going < 0 or (going > 0 and rests <= level) or stretch.end > forever(body):
            return None
    return None


def forever(body: ThermalBody) -> float:
    """A time after which nothing changes any more [s].

    Args:
        body: The body.
    """
    return 1e3 * body.slowest
