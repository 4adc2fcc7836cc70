r"""A stretch of time over which the heat is a polynomial: every mode is known at every moment, without steps.

$$ z_i(t) = e^{-\lambda_i t} z_i(0) + S_{ji} \sum_q c_q t \left(\frac{t}{h}\right)^q J_q(\lambda_i t) $$

A constant heat is the polynomial of degree 0, and the solution is exact.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from ironlaw.base.number import summed
from ironlaw.base.power import exponential
from ironlaw.system.thermal.eigen import dot
from ironlaw.system.thermal.exponential import moments

if TYPE_CHECKING:
    from ironlaw.system.thermal.body import ThermalBody


@dataclass(frozen=True, eq=False, kw_only=True)
class Stretch:
    """A stretch of time under one load.

    Attributes:
        body: What is heated.
        ambient: T_amb [K].
        start: When it begins [s].
        span: How long it is [s].
        load: Power of the work [W].
        state: z_i at its start, by mode [J^(1/2)].
        heat: c_q: load and leakage as a polynomial in t over `scale` [W].
        scale: h [s].
        defect: By how much the polynomial misses the leakage that its own temperatures have, at most [W].
    """

    body: ThermalBody
    ambient: float
    start: float
    span: float
    load: float
    state: tuple[float, ...]
    heat: tuple[float, ...]
    scale: float = 1.0
    defect: float = 0.0

    @property
    def end(self) -> float:
        """When it ends [s]."""
        return self.start + self.span

    def modes(self, after: float) -> tuple[float, ...]:
        """z_i a time after its start.

        Args:
            after: t [s].
        """
        if after == 0.0:
            return self.state
        parts = self._scaled(after)
        found: list[float] = []
        for rate, source, begun in zip(
            self.body.network.modes.rates, self.body.source, self.state, strict=True
        ):
            kept = exponential(-rate * after)
            gained = dot(parts, moments(rate * after, len(parts) - 1, kept))
            found.append(kept * begun + source * after * gained)
        return tuple(found)

    @cached_property
    def last(self) -> tuple[float, ...]:
        """z_i at its end."""
        return self.modes(self.span)

    def power(self, after: float) -> float:
        """Load and leakage a time after its start [W]."""
        return summed(self._scaled(after))

    def _scaled(self, after: float) -> list[float]:
        """The terms of the polynomial at a time."""
        parts: list[float] = []
        part = 1.0
        for coefficient in self.heat:
            parts.append(coefficient * part)
            part *= after / self.scale
        return parts

    def flows(self, after: float, modes: tuple[float, ...]) -> tuple[float, ...]:
        """dz_i/dt at a time.

        Args:
            after: The time after its start, t [s].
            modes: z_i then.
        """
        heat = self.power(after)
        parts = zip(modes, self.body.network.modes.rates, self.body.source, strict=True)
        return tuple(source * heat - rate * mode for mode, rate, source in parts)

    @cached_property
    def steepest(self) -> float:
        """A bound on how fast the heat changes [W/s]."""
        parts = (q * abs(coefficient) for q, coefficient in enumerate(self.heat))
        return summed(parts) / self.scale

    def temperature(self, node: int, after: float) -> float:
        """Temperature of a node a time after its start [K].

        Args:
            node: Its number.
            after: t [s].
        """
        return self.ambient + dot(self.body.network.modes.shapes[node], self.modes(after))

    def temperatures(self, after: float) -> tuple[float, ...]:
        """Temperatures of all nodes a time after its start [K]."""
        modes = self.modes(after)
        return tuple(self.ambient + dot(row, modes) for row in self.body.network.modes.shapes)

    def later(self, time: float) -> Stretch:
        """The same a time later.

        Args:
            time: By how much [s].
        """
        return replace(self, start=self.start + time)

    def until(self, after: float) -> Stretch:
        """The part of it up to a time after its start.

        Args:
            after: t [s].
        """
        return replace(self, span=after)


def direction(stretch: Stretch, *, end: bool = True) -> int:
    """Where all nodes are going at the end or the start of a stretch: 1 up, −1 down, 0 some up and some down.

    Heat flows from warm to cold and leakage grows with temperature, so that under one load nodes that all rise go on
    rising, and nodes that all fall go on falling.

    Args:
        stretch: The stretch.
        end: At its end, or at its start.
    """
    at_end, at_start = (stretch.span, stretch.last), (0.0, stretch.state)
    flows = stretch.flows(*at_end) if end else stretch.flows(*at_start)
    slopes = [dot(row, flows) for row in stretch.body.network.modes.shapes]
    if all(slope >= 0.0 for slope in slopes):
        return 1
    return -1 if all(slope <= 0.0 for slope in slopes) else 0
