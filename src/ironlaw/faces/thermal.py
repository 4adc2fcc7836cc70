"""How warm a device gets, in the Python API."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, TypedDict, Unpack

from ironlaw.base.errors import DomainError, FactError
from ironlaw.base.number import require_positive
from ironlaw.instruments.thermal_trace import (
    ThermalAnswer,
    ThermalQuestion,
    ThermalTrace,
    sentences,
    trace_of,
)
from ironlaw.registry.chips import Chip, load_chip
from ironlaw.registry.thermal import ThermalFacts, thermal_facts
from ironlaw.system.thermal.body import wearable
from ironlaw.system.thermal.governor import OperatingPoint, points_of
from ironlaw.system.thermal.steady import SteadyState, largest_load, steady_state

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from ironlaw.registry.facts import Fact

AMBIENT = 298.15
"""The air where nothing is said: 25 °C [K]."""
_COLDEST, _HOTTEST = 200.0, 1000.0  # a temperature outside is one in other units
_DOUBTFUL = ("recalled", "assumption")
_GROUPS = ("thermal", "operating_point")


class ThermalAsk(TypedDict, total=False):
    """What may be asked beside the power; what is left out has its usual value.

    Attributes:
        ambient: Temperature of the air; 25 °C [K].
        limit: Highest temperature of the skin; that of the chip's file [K].
        duty: Share of the time at work, in turns that are short against the time constants; 1.
        span: How long to look; 600 [s].
        governor: Whether one slows the work at the limit; False.
        points: Operating points of the governor, (frames a second, power [W]), the fastest first; those of the chip's
            file at the same energy a frame.
        hysteresis: How far the skin has to cool before the governor allows for more; that of the chip's file [K].
    """

    ambient: float
    limit: float | None
    duty: float
    span: float
    governor: bool
    points: Sequence[tuple[float, float]] | None
    hysteresis: float | None


@dataclass(frozen=True, eq=False, kw_only=True)
class ThermalReport:
    """How warm a device gets, in SI units; temperatures in kelvin.

    Attributes:
        chip: The chip in it.
        facts: Its thermal facts.
        power: Power of the work while it runs, without leakage [W].
        duty: Share of the time at work.
        answer: The engine's answer.
    """

    chip: Chip
    facts: ThermalFacts
    power: float
    duty: float
    answer: ThermalAnswer

    @property
    def sustained_power(self) -> float:
        """Heat that the skin carries away for good, leakage with it [W]."""
        return self.answer.budget.heat

    @property
    def sustained_load(self) -> float:
        """What of it is left for work [W]."""
        return self.answer.budget.load

    @property
    def time_to_limit(self) -> float | None:
        """When the skin reaches its limit without a governor; None if never [s]."""
        return self.answer.time_to_limit

    @property
    def sustained_rate(self) -> float | None:
        """Frames a second for good; None where the limit is not kept [1/s]."""
        return self.answer.governed.sustained_rate

    @cached_property
    def steady(self) -> SteadyState | None:
        """Where it settles without a governor; None where it runs away."""
        asked = self.answer.question
        found = steady_state(self.answer.body, asked.points[0].load, asked.ambient)
        return found if isinstance(found, SteadyState) else None

    @cached_property
    def trace(self) -> ThermalTrace:
        """Temperatures and operating points over time."""
        return trace_of(self.answer, f"Skin and junction of {self.chip.title}")

    @property
    def assumptions(self) -> tuple[Fact, ...]:
        """The facts that decide the answer and that nobody has measured."""
        facts = self.chip.sheet.facts.items()
        named = (fact for path, fact in facts if path.split(".")[0] in _GROUPS)
        return tuple(fact for fact in named if fact.kind in _DOUBTFUL)

    @property
    def notes(self) -> tuple[str, ...]:
        """What follows from it, one sentence each."""
        return sentences(self.answer)

    def to_dict(self) -> dict[str, object]:
        """The report as plain data: the JSON of `ironlaw thermal`, in SI units."""
        return report_data(self)

    def text(self) -> str:
        """The report for a terminal, with its picture."""
        from ironlaw.faces.thermal_text import report_text

        return report_text(self)

    def plot(self, path: str | Path) -> None:
        """Write the picture as an SVG file.

        Args:
            path: Where to.

        Raises:
            DomainError: if the path does not end in ".svg".
        """
        from ironlaw.faces.thermal_svg import write_thermal

        write_thermal(self, path)

    def __repr__(self) -> str:
        """What follows from it."""
        return " ".join(self.notes)


def thermal(chip: str, *, power: float, **ask: Unpack[ThermalAsk]) -> ThermalReport:
    """How warm a device gets under a power, how long until its skin is at its limit, and what it sustains.

    Args:
        chip: Chip in the registry ("ar-glasses"), or path of a TOML file with a table `thermal`.
        power: Power of the work while it runs, without leakage, which comes on top [W].
        **ask: ambient, limit, duty, span, governor, points, hysteresis: see `ThermalAsk`.

    Raises:
        UnknownNameError: for a chip that is not there.
        FactError: for a chip without a thermal fact, naming it.
        DomainError: for a value outside its range, naming it.

    Example:
        >>> report = thermal("ar-glasses", power=2.0)
        >>> round(report.sustained_power, 2), round(report.time_to_limit)
        (1.5, 472)
    """
    found = load_chip(chip)
    facts = thermal_facts(found)
    duty = ask.get("duty", 1.0)
    if not 0.0 < duty <= 1.0:
        raise DomainError("duty", duty, "(0, 1]")
    require_positive("power", power)
    limit, hysteresis = ask.get("limit"), ask.get("hysteresis")
    question = ThermalQuestion(
        points=_points(found, facts, power, ask),
        ambient=ask.get("ambient", AMBIENT),
        limit=facts.skin_limit if limit is None else limit,
        hysteresis=facts.hysteresis if hysteresis is None else hysteresis,
        span=ask.get("span", 600.0),
        governor=ask.get("governor", False),
    )
    for name, value in (("ambient", question.ambient), ("limit", question.limit)):
        if not _COLDEST <= value <= _HOTTEST:
            raise DomainError(name, value, f"{_COLDEST:g} to {_HOTTEST:g} K; 25 °C is 298.15 K")
    return ThermalReport(
        chip=found,
        facts=facts,
        power=power,
        duty=duty,
        answer=ThermalAnswer(wearable(facts), question),
    )


def _points(
    chip: Chip, facts: ThermalFacts, power: float, ask: ThermalAsk
) -> tuple[OperatingPoint, ...]:
    """What may run: one's own points, or those of the chip at the same energy a frame."""
    duty, own = ask.get("duty", 1.0), ask.get("points")
    if own is not None:
        if not own or own[0][1] != power:
            domain = f"points that begin at the power of the work, {power:g} W"
            raise DomainError("points", list(own), domain)
        return tuple(OperatingPoint(rate, load * duty) for rate, load in own)
    if not facts.rates:
        if ask.get("governor", False):
            path = f"{chip.name}.operating_point.NAME.rate"
            raise FactError(path, "the fact is missing: a quantity in Hz above zero for each point")
        return (OperatingPoint(0.0, power * duty),)
    return points_of(power * duty, facts.rates)


def report_data(report: ThermalReport) -> dict[str, object]:
    """The report as plain data.

    Args:
        report: A report.
    """
    answer, trace = report.answer, report.trace
    asked, budget, found = answer.question, answer.budget, answer.governed
    bound = found.course.error_bound
    return {
        "chip": report.chip.name,
        "power_W": report.power,
        "duty": report.duty,
        "load_W": asked.points[0].load,
        "ambient_K": asked.ambient,
        "limit_K": asked.limit,
        "hysteresis_K": asked.hysteresis,
        "governor": asked.governor,
        "span_s": found.course.end,
        "sustained_power_W": budget.heat,
        "sustained_load_W": budget.load,
        "sustained_leakage_W": budget.leakage,
        "sustained_bound": budget.bound,
        "time_to_limit_s": answer.time_to_limit,
        "steady": _steady_data(report),
        "largest_load_W": largest_load(answer.body, asked.ambient),
        "runs_away": found.course.runs_away,
        "held": found.held,
        "sustained_rate_per_s": found.sustained_rate,
        "mean_rate_per_s": found.mean_rate,
        "levels": [
            {
                "start_s": level.start,
                "end_s": level.end,
                "rate_per_s": level.rate,
                "load_W": level.power,
                "held_back": level.held_back,
            }
            for level in trace.levels
        ],
        "series": _series_data(trace),
        "error_bound_K": bound if math.isfinite(bound) else None,
        "assumptions": [fact.to_dict() for fact in report.assumptions],
        "notes": list(report.notes),
    }


def _steady_data(report: ThermalReport) -> dict[str, float] | None:
    steady = report.steady
    if steady is None:
        return None
    nodes = report.answer.body.network.nodes
    found = zip(nodes, steady.temperatures, strict=True)
    temperatures = {f"{node.name}_K": temperature for node, temperature in found}
    return {**temperatures, "leakage_W": steady.leakage, "gain": steady.gain}


def _series_data(trace: ThermalTrace) -> dict[str, list[float]]:
    """Times and temperatures, a column each."""
    times = [time for time, _ in trace.series[0].points]
    lines = {f"{line.id}_K": [value for _, value in line.points] for line in trace.series}
    return {"time_s": times, **lines}
