"""Thermal trace: how warm junction and skin get, at which operating points, and what the skin sustains."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from ironlaw.base.equation import Equation, Symbol, Term
from ironlaw.base.plain import plain_fields
from ironlaw.instruments.scale import significant, with_prefix
from ironlaw.system.thermal.budget import HeatBudget, heat_budget, time_to_limit
from ironlaw.system.thermal.governor import Governed, Governor, OperatingPoint, governed

if TYPE_CHECKING:
    from ironlaw.system.thermal.body import ThermalBody

ZERO_CELSIUS = 273.15
"""0 °C [K]."""
_POINTS = 300  # of a line, at the most
_EVEN = 150  # of them evenly spaced; the others stand where the operating point changes


@dataclass(frozen=True, slots=True, kw_only=True)
class ThermalQuestion:
    """What is asked of a body.

    Attributes:
        points: Operating points, the fastest first: what is asked for.
        ambient: Temperature of the air, T_amb [K].
        limit: Highest temperature of the skin [K].
        hysteresis: How far the skin has to cool before the governor allows for more [K].
        span: How long to look [s].
        governor: Whether one acts; otherwise the first point is kept.
    """

    points: tuple[OperatingPoint, ...]
    ambient: float
    limit: float
    hysteresis: float
    span: float = 600.0
    governor: bool = True


@dataclass(frozen=True, eq=False)
class ThermalAnswer:
    """What the engine says to a question; everything that a trace shows is read from it.

    Attributes:
        body: The body.
        question: What is asked.
    """

    body: ThermalBody
    question: ThermalQuestion

    @cached_property
    def governed(self) -> Governed:
        """Temperatures and operating points."""
        asked = self.question
        points = asked.points if asked.governor else asked.points[:1]
        keeper = Governor(asked.limit, asked.hysteresis)
        return governed(self.body, points, keeper, asked.ambient, asked.span)

    @cached_property
    def budget(self) -> HeatBudget:
        """What the skin carries away for good."""
        return heat_budget(self.body, self.question.limit, self.question.ambient)

    @cached_property
    def time_to_limit(self) -> float | None:
        """When the skin reaches its limit at the first operating point; None if never [s]."""
        asked = self.question
        return time_to_limit(self.body, asked.points[0].load, asked.limit, asked.ambient)


@dataclass(frozen=True, slots=True, kw_only=True)
class ThermalSeries:
    """One line: times [s] and temperatures [K]."""

    id: str
    label: str
    points: tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ThermalLevel:
    """A time at one operating point.

    Attributes:
        start: When it begins [s].
        end: When it ends [s].
        label: "60 FPS".
        power: Power of the work, without leakage [W].
        rate: Frames a second [1/s].
        held_back: Whether it is below what was asked for.
    """

    start: float
    end: float
    label: str
    power: float
    rate: float
    held_back: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ThermalTrace:
    """Temperatures in time, as docs/protocol.md describes them.

    Attributes:
        title: It in a sentence.
        span: Length of the trace; shorter than asked where the chip runs away [s].
        ambient: T_amb [K].
        limit: Highest temperature of the skin [K].
        hysteresis: Of the governor [K].
        series: The skin first.
        levels: Operating points in time.
        sustained_power: Heat that the skin carries away for good, leakage with it [W].
        time_to_limit: When the skin reaches its limit at the first point; None if never [s].
        sustained_rate: Mean rate for good; None where the limit is not kept [1/s].
        note: What follows from it.
        peek: How the sustained power comes about.
    """

    title: str
    span: float
    ambient: float
    limit: float
    hysteresis: float
    series: tuple[ThermalSeries, ...]
    levels: tuple[ThermalLevel, ...]
    sustained_power: float
    time_to_limit: float | None
    sustained_rate: float | None
    note: str
    peek: Equation

    def to_dict(self) -> dict[str, object]:
        """The trace as plain data."""
        return {**plain_fields(self), "peek": self.peek.to_dict()}


def thermal_trace(
    body: ThermalBody, question: ThermalQuestion, *, title: str = "Skin and junction over time"
) -> ThermalTrace:
    """The trace of a body.

    Args:
        body: The body.
        question: What is asked of it.
        title: It in a sentence.

    Raises:
        DomainError: for what the governor or the budget refuses.
    """
    return trace_of(ThermalAnswer(body, question), title)


def trace_of(answer: ThermalAnswer, title: str) -> ThermalTrace:
    """The trace of an answer.

    Args:
        answer: The answer.
        title: It in a sentence.
    """
    found, asked = answer.governed, answer.question
    first = asked.points[0]
    levels = tuple(
        ThermalLevel(
            start=span.start,
            end=span.end,
            label=rate_label(span.point.rate),
            power=span.point.load,
            rate=span.point.rate,
            held_back=span.point != first,
        )
        for span in found.spans
    )
    return ThermalTrace(
        title=title,
        span=found.course.end,
        ambient=asked.ambient,
        limit=asked.limit,
        hysteresis=asked.hysteresis,
        series=_series(answer),
        levels=levels,
        sustained_power=answer.budget.heat,
        time_to_limit=answer.time_to_limit,
        sustained_rate=found.sustained_rate,
        note=" ".join(sentences(answer)),
        peek=sustained_equation(answer),
    )


def _series(answer: ThermalAnswer) -> tuple[ThermalSeries, ...]:
    """The skin, then the other nodes."""
    body, course = answer.body, answer.governed.course
    times = sample_times(course.end, [span.start for span in answer.governed.spans])
    rows = [course.temperatures(time) for time in times]
    names = [node.name for node in body.network.nodes]
    order = sorted(range(len(names)), key=lambda i: names[i] != body.watched)
    return tuple(
        ThermalSeries(
            id=names[i],
            label=names[i],
            points=tuple((time, row[i]) for time, row in zip(times, rows, strict=True)),
        )
        for i in order
    )


def sample_times(end: float, events: list[float]) -> list[float]:
    """Times of a line: evenly spaced, and every event while there is room for it.

    Args:
        end: The last time [s].
        events: Times that a line bends at [s].

    Example:
        >>> len(sample_times(600.0, [0.0, 470.0]))
        152
    """
    even = [end * i / _EVEN for i in range(_EVEN + 1)]
    return sorted({*even, *events[: _POINTS - len(even)]})


def sentences(answer: ThermalAnswer) -> tuple[str, ...]:
    """What follows from an answer, one sentence each.

    Args:
        answer: The answer.
    """
    return (_budget_words(answer), _limit_words(answer), *_governor_words(answer))


def _budget_words(answer: ThermalAnswer) -> str:
    budget, asked = answer.budget, answer.question
    air, limit = celsius(asked.ambient), celsius(asked.limit)
    if asked.ambient >= asked.limit:
        return f"Air of {air} is no cooler than the skin may be: no heat leaves at {limit}."
    if budget.load <= 0.0:
        return (
            f"At {air} of air nothing is left for work: leakage alone brings the skin to {limit}."
        )
    if budget.bound == "runaway":
        return (
            f"Above {with_prefix(budget.load, 'W')} of work the chip heats itself without end, "
            f"before the skin is at {limit}."
        )
    return (
        f"At {air} of air a skin of {limit} carries {with_prefix(budget.heat, 'W')} away: "
        f"{with_prefix(budget.load, 'W')} for work beside {with_prefix(budget.leakage, 'W')} of leakage."
    )


def _limit_words(answer: ThermalAnswer) -> str:
    time, load = answer.time_to_limit, answer.question.points[0].load
    if time is None:
        return f"At {with_prefix(load, 'W')} of work the skin never reaches its limit."
    if time == 0.0:
        return "The skin is at its limit from the start."
    return f"At {with_prefix(load, 'W')} of work the skin is at its limit after {duration(time)}."


def _governor_words(answer: ThermalAnswer) -> tuple[str, ...]:
    found, asked = answer.governed, answer.question
    if found.course.runs_away:
        return (f"The chip runs away after {duration(found.course.end)}.",)
    if not asked.governor:
        return ()
    slowest = rate_label(asked.points[-1].rate)
    if found.sustained_rate is None:
        return (f"Even {slowest} is too much for the skin: no governor keeps it within its limit.",)
    if found.sustained_rate == asked.points[0].rate:
        return ("The governor has nothing to do.",)
    wanted = rate_label(asked.points[0].rate)
    return (f"The governor leaves {rate_label(found.sustained_rate)} of {wanted} for good.",)


def rate_label(rate: float) -> str:
    """A frame rate in words.

    Args:
        rate: Frames a second [1/s].

    Example:
        >>> rate_label(41.43)
        '41.4 FPS'
    """
    return f"{significant(rate)} FPS"


def celsius(temperature: float) -> str:
    """A temperature in words.

    Args:
        temperature: T [K].

    Example:
        >>> celsius(316.15)
        '43 °C'
    """
    return f"{significant(round(temperature - ZERO_CELSIUS, 2), 3)} °C"


def duration(time: float) -> str:
    """A time of seconds to days in words.

    Args:
        time: The time [s].

    Example:
        >>> duration(472.08)
        '472 s'
        >>> duration(3600.0)
        '60 min'
    """
    minute, many = 60.0, 600.0
    return f"{significant(time)} s" if time < many else f"{significant(time / minute)} min"


def sustained_equation(answer: ThermalAnswer) -> Equation:
    """How the sustained power comes about: ΔT = R·P, or the runaway before it.

    Args:
        answer: The answer.
    """
    budget, asked = answer.budget, answer.question
    left = Symbol("P", "power that is sustained, leakage with it", None, "W", "sust")
    if budget.bound == "runaway" or budget.heat == 0.0:
        load = Symbol("P", "work", budget.heat - budget.leakage, "W", "load")
        leak = Symbol("P", "leakage", budget.leakage, "W", "leak")
        return Equation(
            title="Sustained power",
            left=left,
            right=Term("sum", (load, leak)),
            source="the largest load with a steady state: k·P_leak·R_ja = 1",
        )
    rise = Term(
        "difference",
        (
            Symbol("T", f"limit of the {answer.body.watched}", asked.limit, "K", "limit"),
            Symbol("T", "air", asked.ambient, "K", "amb"),
        ),
    )
    resistance = Symbol("R", "thermal resistance to the air", answer.body.watched_resistance, "K/W")
    return Equation(
        title="Sustained power",
        left=left,
        right=Term("fraction", (rise, resistance)),
        source="Fourier's law in the steady state, ΔT = R_th·P",
    )
