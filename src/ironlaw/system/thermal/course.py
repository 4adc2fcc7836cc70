"""The course of a body's temperatures under loads that follow each other."""

from __future__ import annotations

import math
from bisect import bisect_right
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ironlaw.base.errors import DomainError
from ironlaw.base.number import require_positive, summed
from ironlaw.base.power import exponential
from ironlaw.system.thermal.body import require_load, require_temperature
from ironlaw.system.thermal.eigen import dot
from ironlaw.system.thermal.leaking import leaking_step
from ironlaw.system.thermal.stretch import Stretch

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ironlaw.system.thermal.body import ThermalBody

TOLERANCE = 1e-9
"""What the leakage may put a temperature off by; more where it is most of the heat: `Course.error_bound` [K]."""
_SHARE = 0.5  # of the tolerance that a step may use up; the rest is for the gain of the leakage
_EASY = 512.0  # a defect this much smaller allows for twice the step: degree 8 gains 2^9
_SHORTEST = 1e-6  # a step this short against the fastest mode is a runaway
_ROUNDING = 2e-11  # of the leakage: what its polynomial loses to rounding, at most


@dataclass(frozen=True, slots=True, eq=False)
class Course:
    """Temperatures in time.

    Attributes:
        stretches: One after the other.
        runs_away: Whether it ends because the chip heats itself without end.
    """

    stretches: tuple[Stretch, ...]
    runs_away: bool = False

    @property
    def body(self) -> ThermalBody:
        """What is heated."""
        return self.stretches[0].body

    @property
    def ambient(self) -> float:
        """T_amb [K]."""
        return self.stretches[0].ambient

    @property
    def end(self) -> float:
        """When it ends [s]."""
        return self.stretches[-1].end

    def stretch_at(self, time: float) -> Stretch:
        """The stretch that a time lies in; of two that meet there, the later one.

        Args:
            time: From 0 to the end [s].

        Raises:
            DomainError: for a time outside.
        """
        if not 0.0 <= time <= self.end:
            raise DomainError("time", time, f"the course, from 0 to {self.end:g} s")
        place = bisect_right(self.stretches, time, key=lambda one: one.start)
        return self.stretches[max(place - 1, 0)]

    def temperatures(self, time: float) -> tuple[float, ...]:
        """Temperatures of all nodes at a time, in the order of the network [K].

        Args:
            time: From 0 to the end [s].
        """
        stretch = self.stretch_at(time)
        return stretch.temperatures(time - stretch.start)

    def temperature(self, node: str, time: float) -> float:
        """Temperature of a node at a time [K].

        Args:
            node: Its name.
            time: From 0 to the end [s].
        """
        return self.temperatures(time)[self.body.network.place(node)]

    @property
    def error_bound(self) -> float:
        """By how much the leakage may have put any temperature of the heated node off; zero without leakage [K].

        Infinite where the chip runs away: there no error stays small.
        """
        defect = max(one.defect for one in self.stretches)
        if defect == 0.0:
            return 0.0
        most = max(
            one.power(after) - one.load for one in self.stretches for after in (0.0, one.span)
        )
        modes = self.body.network.modes
        parts = zip(self.body.source, modes.rates, strict=True)
        rise = summed(s * s * (1.0 - exponential(-rate * self.end)) / rate for s, rate in parts)
        gain = self.body.growth * most * rise
        return rise * defect / (1.0 - gain) if gain < 1.0 else math.inf


def heat_course(
    body: ThermalBody,
    phases: Sequence[tuple[float, float]],
    ambient: float,
    start: Sequence[float] | None = None,
) -> Course:
    """The course under loads that follow each other; exact without leakage, and to `TOLERANCE` with it.

    Args:
        body: The body.
        phases: Of each its length [s] and its load, without leakage [W].
        ambient: Temperature of the air, T_amb [K].
        start: Temperatures of the nodes to begin with; the ambient if None [K].

    Raises:
        DomainError: for no phases, a length that is not above zero, a load below zero, or what is no temperature.
    """
    if not phases:
        raise DomainError("phases", list(phases), "at least one phase")
    for span, load in phases:
        require_positive("span", span)
        require_load("load", load)
    state, time = starting_state(body, ambient, start), 0.0
    found: list[Stretch] = []
    for span, load in phases:
        end = time + span
        for stretch in stretches(body, state, load, ambient, time):
            found.append(stretch if stretch.end < end else stretch.until(end - stretch.start))
            if stretch.end >= end:
                break
        time, state = end, found[-1].last
        if found[-1].end < end:
            return Course(tuple(found), runs_away=True)
    return Course(tuple(found))


def starting_state(
    body: ThermalBody, ambient: float, start: Sequence[float] | None
) -> tuple[float, ...]:
    """Temperatures as modes: z_i = Σ_a S_ai C_a θ_a [J^(1/2)].

    Args:
        body: The body.
        ambient: T_amb [K].
        start: Temperatures of the nodes; the ambient if None [K].

    Raises:
        DomainError: for what is no temperature, or not one for each node.
    """
    require_temperature("ambient", ambient)
    nodes, shapes = body.network.nodes, body.network.modes.shapes
    if start is None:
        return (0.0,) * len(nodes)
    if len(start) != len(nodes):
        raise DomainError("start", list(start), f"one temperature for each of {len(nodes)} nodes")
    for one in start:
        require_temperature("start", one)
    heats = [node.heat_capacity * (t - ambient) for node, t in zip(nodes, start, strict=True)]
    return tuple(dot([row[i] for row in shapes], heats) for i in range(len(nodes)))


def stretches(
    body: ThermalBody, state: tuple[float, ...], load: float, ambient: float, time: float
) -> Iterator[Stretch]:
    """Stretches under one load that follow each other without end; they stop only at a runaway.

    Args:
        body: The body.
        state: Modes to begin with, z_i [J^(1/2)].
        load: Power of the work, without leakage [W].
        ambient: T_amb [K].
        time: When the first begins [s].
    """
    leakage = body.leakage
    step = _power_of_two(body.fastest)
    shortest = _SHORTEST * step
    allowed = least = _SHARE * TOLERANCE / body.own_resistance
    while True:
        if leakage is None:
            found: Stretch | None = Stretch(
                body=body, ambient=ambient, start=time, span=step, load=load,
                state=state, heat=(load,),
            )  # fmt: skip
            defect = 0.0
        else:
            found = leaking_step(body, leakage, state, load, ambient, step)
            defect = math.inf if found is None else found.defect
            if found is not None:
                allowed = max(least, _ROUNDING * (found.heat[0] - load))
        if found is None or defect > allowed:
            step *= 0.5
            if step < shortest or time + step == time:
                return
            continue
        yield replace(found, start=time)
        time, state = time + step, found.last
        if defect * _EASY < allowed:
            step *= 2.0


def _power_of_two(value: float) -> float:
    """The largest power of two not above a positive number."""
    return math.ldexp(0.5, math.frexp(value)[1])
