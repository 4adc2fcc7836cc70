"""Mobile Nomad: the glasses as both parts take them, and the assumptions about them, each a knob."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from ironlaw.instruments.assumptions import Assumption, assumption_of, assumptions
from ironlaw.instruments.scale import significant, with_prefix
from ironlaw.instruments.thermal_trace import ZERO_CELSIUS, ThermalQuestion, thermal_trace
from ironlaw.lab.knobs import Choice, Control, Slider
from ironlaw.registry.chips import load_chip, scaled_chip
from ironlaw.registry.dtypes import Dtype
from ironlaw.registry.pipelines import pipeline_sheet
from ironlaw.registry.thermal import thermal_facts
from ironlaw.system.thermal.body import wearable
from ironlaw.system.thermal.budget import heat_budget
from ironlaw.system.thermal.governor import OperatingPoint

if TYPE_CHECKING:
    from collections.abc import Callable

    from ironlaw.instruments.thermal_trace import ThermalTrace
    from ironlaw.lab.messages import Knob
    from ironlaw.lab.part import Content, Knobs
    from ironlaw.registry.chips import Chip
    from ironlaw.registry.facts import Fact, FactSheet
    from ironlaw.registry.thermal import ThermalFacts
    from ironlaw.system.thermal.body import ThermalBody
    from ironlaw.system.thermal.budget import HeatBudget

PIPELINE = "ar-translation"
JOBS = ("filter", "ocr", "translator")
MILD, WARM = ZERO_CELSIUS + 25.0, ZERO_CELSIUS + 35.0
"""The air of a room and of a summer's day [K]."""
AMBIENTS = tuple(ZERO_CELSIUS + degrees for degrees in (15.0, 20.0, 25.0, 30.0, 35.0, 40.0))
MINUTES = 600.0
"""Ten minutes [s]."""
_FACTORS = (0.5, 0.75, 1.0, 1.25, 1.5, 2.0)
_IDLE = (0.0, 0.05, 0.1, 0.15, 0.3)
_HALVINGS = 3
SCALES = (0.25, 0.5, 1.0, 2.0, 4.0, 8.0, 16.0)


class Guess(NamedTuple):
    """A fact that nobody has measured, and the knob that changes it."""

    knob: str
    path: str
    label: str
    symbol: tuple[str, str]


_GUESSES = (
    Guess("r_js", "thermal.junction_to_skin", "junction to skin", ("R", "js")),
    Guess("r_sa", "thermal.skin_to_ambient", "skin to air", ("R", "sa")),
    Guess("c_j", "thermal.junction_capacity", "heat that the chip takes up", ("C", "j")),
    Guess("c_s", "thermal.skin_capacity", "heat that the temple takes up", ("C", "s")),
    Guess("leakage", "thermal.leakage", "leakage at 25 °C", ("P", "leak")),
    Guess("e_mem", "memory.energy", "a byte of the memory", ("e", "d")),
    Guess("e_sram", "level.sram.energy", "a byte of the SRAM", ("e", "s")),
    Guess("e_fp16", "energy.fp16", "an fp16 operation", ("e", "16")),
    Guess("e_int8", "energy.int8", "an int8 operation", ("e", "8")),
)


@lru_cache(maxsize=1)
def sheet() -> FactSheet:
    """What runs on the glasses, and how often."""
    return pipeline_sheet(PIPELINE)


def network_of(job: str) -> str:
    """The network of a job."""
    return sheet().texts[f"job.{job}.network"]


def title_of(job: str) -> str:
    """A job in words."""
    return sheet().texts[f"job.{job}.title"]


def cadence(job: str) -> float:
    """How often a job runs [1/s]."""
    return sheet().number(f"job.{job}.rate")


@lru_cache(maxsize=1)
def printed() -> Chip:
    """The chip as the registry has it."""
    return load_chip(sheet().texts["chip"])


def celsius(kelvin: float) -> str:
    """A temperature in words.

    Example:
        >>> celsius(316.15)
        '43 °C'
    """
    return f"{significant(kelvin - ZERO_CELSIUS)} °C"


@lru_cache(maxsize=1)
def ambient_control() -> Slider:
    """The air around the glasses."""
    return Slider(
        id="ambient", label="Air", value=MILD, stops=AMBIENTS,
        shown=tuple(celsius(stop) for stop in AMBIENTS), symbol=("T", "air"), group="load",
    )  # fmt: skip


def scale_control(name: str, label: str, symbol: tuple[str, str], value: float) -> Slider:
    """A factor on a rate of the chip.

    Args:
        name: Of the knob.
        label: In words.
        symbol: Of the rate.
        value: Where it stands at first.
    """
    shown = tuple(significant(scale, 2) for scale in SCALES)
    return Slider(
        id=name, label=label, value=value, stops=SCALES, shown=shown, symbol=symbol, group="machine"
    )


@lru_cache(maxsize=1)
def assumption_controls() -> tuple[Control, ...]:
    """A knob for each number that nobody has measured."""
    facts = printed().sheet
    sliders = [_slider(guess, facts.fact(guess.path)) for guess in _GUESSES]
    idle = Slider(
        id="idle", label="power beside the work", value=_IDLE[0], stops=_IDLE,
        shown=tuple(with_prefix(stop, "W") for stop in _IDLE), symbol=("P", "idle"),
        group="assumption",
    )  # fmt: skip
    return (*sliders, idle)


def _slider(guess: Guess, fact: Fact) -> Slider:
    stops = tuple(fact.value * factor for factor in _FACTORS)
    return Slider(
        id=guess.knob, label=guess.label, value=fact.value, stops=stops,
        shown=tuple(with_prefix(stop, fact.unit) for stop in stops), symbol=guess.symbol,
        group="assumption",
    )  # fmt: skip


def chip_at(knobs: Knobs) -> Chip:
    """The chip under the assumptions of some knobs, its rates scaled.

    Args:
        knobs: Where the knobs stand.
    """
    return _chip(tuple(_number(knobs, name) for name in _CHIP_KNOBS))


_CHIP_KNOBS = ("peak_scale", "bandwidth_scale", "e_mem", "e_sram", "e_fp16", "e_int8", "idle")


def _number(knobs: Knobs, name: str) -> float:
    return float(knobs[name])


@lru_cache(maxsize=64)
def _chip(values: tuple[float, ...]) -> Chip:
    peak, bandwidth, memory, sram, wide, narrow, idle = values
    chip = scaled_chip(printed(), peak=peak, bandwidth=bandwidth)
    energies = {"memory": memory, "sram": sram}
    levels = tuple(replace(level, energy=energies[level.id]) for level in chip.levels)
    flops = {**chip.flop_energy, Dtype.FP16: wide, Dtype.INT8: narrow}
    return replace(chip, levels=levels, flop_energy=flops, idle_power=idle)


def body_at(knobs: Knobs) -> ThermalBody:
    """The way of the heat under the assumptions of some knobs.

    Args:
        knobs: Where the knobs stand.
    """
    return wearable(facts_at(knobs))


def facts_at(knobs: Knobs) -> ThermalFacts:
    """The thermal facts under the assumptions of some knobs.

    Args:
        knobs: Where the knobs stand.
    """
    return replace(
        thermal_facts(printed()),
        junction_to_skin=_number(knobs, "r_js"),
        skin_to_ambient=_number(knobs, "r_sa"),
        junction_capacity=_number(knobs, "c_j"),
        skin_capacity=_number(knobs, "c_s"),
        leakage=_number(knobs, "leakage"),
    )


def budget_at(knobs: Knobs, ambient: float | None = None) -> HeatBudget:
    """What the skin bears for good.

    Args:
        knobs: Where the knobs stand.
        ambient: Temperature of the air; that of the knobs where none is given [K].
    """
    air = _number(knobs, "ambient") if ambient is None else ambient
    return heat_budget(body_at(knobs), facts_at(knobs).skin_limit, air)


def operating_points(
    rate: float, known: tuple[float, ...], power: Callable[[float], float], bears: float
) -> tuple[OperatingPoint, ...]:
    """What a governor can choose from: the rate that is asked for, the lower ones that it knows, and halves of them.

    The lowest that it knows may still be too hot to be borne; then it halves that until one is not.

    Args:
        rate: That is asked for [1/s].
        known: Rates that the governor knows [1/s].
        power: What a rate draws [W].
        bears: What the skin bears for good [W].
    """
    rates = [rate, *(lower for lower in known if lower < rate)]
    for _ in range(_HALVINGS):
        if power(rates[-1]) <= bears:
            break
        rates.append(0.5 * rates[-1])
    return tuple(OperatingPoint(one, power(one)) for one in rates)


def ten_minutes(
    knobs: Knobs, points: tuple[OperatingPoint, ...], title: str, *, governor: bool
) -> ThermalTrace:
    """Ten minutes on the head.

    Args:
        knobs: Where the knobs stand.
        points: What the governor can choose from, the rate that is asked for first.
        title: Of the picture.
        governor: Whether there is one.
    """
    return _trace(facts_at(knobs), points, _number(knobs, "ambient"), title, governor)


@lru_cache(maxsize=64)
def _trace(
    facts: ThermalFacts,
    points: tuple[OperatingPoint, ...],
    air: float,
    title: str,
    governor: bool,  # noqa: FBT001
) -> ThermalTrace:
    question = ThermalQuestion(
        points=points,
        ambient=air,
        limit=facts.skin_limit,
        hysteresis=facts.hysteresis,
        span=MINUTES,
        governor=governor,
    )
    return thermal_trace(wearable(facts), question, title=title)


def assumption_table(knobs: Knobs) -> Content:
    """What decides the answer and nobody has measured, each with its knob.

    Args:
        knobs: Where the knobs stand.
    """
    facts = printed().sheet
    rows = [_row(facts.fact(g.path), g.label, g.knob, _number(knobs, g.knob)) for g in _GUESSES]
    chip = chip_at(knobs)
    memory = facts.fact("memory.bandwidth")
    rates = [
        replace(
            _row(memory, "memory bandwidth", "bandwidth_scale", chip.bandwidth),
            why=(
                f"{memory.kind}: the glasses would have {with_prefix(memory.value, 'B/s')}, {memory.where}; the "
                "prototype has what every frame takes in time with nothing fused."
            ),
        ),
        _row(facts.fact("peak.fp16"), "fp16 arithmetic", "peak_scale", chip.peak(Dtype.FP16)),
    ]
    idle = facts.fact("power.idle")
    beside = replace(
        _row(idle, "power beside the work", "idle", _number(knobs, "idle")),
        why=(
            f"{idle.kind}: {idle.where}. The chip would draw {with_prefix(idle.value, 'W')} with nothing to do; camera "
            "and display are known to nobody here. The budget is counted without them until you turn this."
        ),
        changed=_number(knobs, "idle") != _IDLE[0],
    )
    jobs = [
        assumption_of(sheet().fact(f"job.{job}.rate"), sheet(), f"{title_of(job)}, how often")
        for job in JOBS[1:]
    ]
    named = [replace(row, id=f"rate.{job}") for row, job in zip(jobs, JOBS[1:], strict=True)]
    return assumptions((*rates, *rows, beside, *named))


def _row(fact: Fact, label: str, knob: str, now: float) -> Assumption:
    return replace(assumption_of(fact, printed().sheet, label, knob=knob, now=now), id=knob)


def in_words(controls: tuple[Control, ...], knobs: Knobs) -> str:
    """Where the knobs stand, in a line; assumptions only where they were changed.

    Args:
        controls: What can be turned.
        knobs: Where they stand.
    """
    said = [
        _in_words(control, knobs[control.id])
        for control in controls
        if control.group != "assumption" or knobs[control.id] != control.value
    ]
    return " · ".join(said)


def _in_words(control: Control, value: Knob) -> str:
    if isinstance(control, Slider):
        return f"{control.label} {control.shown[control.stops.index(float(value))]}"
    if isinstance(control, Choice):
        return f"{control.label} {next(text for name, text, _ in control.options if name == value)}"
    return f"{control.label} {'on' if value else 'off'}"
