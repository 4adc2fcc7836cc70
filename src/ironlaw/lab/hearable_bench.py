"""What both parts of a hearable show of a frame: its instruments, the cache map, the meter, and what is assumed."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from ironlaw.instruments.assumptions import Assumption, assumption_of, assumptions
from ironlaw.instruments.cache_map import cache_map, thinned
from ironlaw.instruments.hearable_panel import (
    frame_equations,
    frame_gauges,
    frame_law,
    frame_table,
)
from ironlaw.instruments.hearable_roofline import (
    hearable_roofline,
    layer_words,
    matrix_words,
    pieces_of,
)
from ironlaw.instruments.meter import duty_meter
from ironlaw.instruments.scale import significant, with_prefix
from ironlaw.lab.knobs import Choice, Control, Slider, Toggle
from ironlaw.registry.hearables import hearable_sheet
from ironlaw.system.cache.geometry import Policy, policy_named
from ironlaw.system.cache.simulate import simulate
from ironlaw.system.hearable.enhancer import enhancer
from ironlaw.system.hearable.frame import Frame, frame, matrices_of, shape_of
from ironlaw.system.hearable.machine import Machine, Place, changed, machine
from ironlaw.system.hearable.power import DutyPower, Reach, duty_power, reach

if TYPE_CHECKING:
    from ironlaw.lab.part import Content, Knobs

SRAM = "sram:"
"""How the knobs begin that move a matrix to SRAM."""
_RATES = (15e6, 18e6, 20e6, 22e6, 25e6, 28e6, 31e6)  # B/s
_ALL_CORES = 2.0


class Limits(NamedTuple):
    """What a frame may take [s], how often one comes [s], and what the hearable may draw [W]."""

    deadline: float
    hop: float
    power: float


@lru_cache(maxsize=1)
def limits() -> Limits:
    """The limits of the hearable."""
    sheet = hearable_sheet()
    return Limits(*(sheet.number(f"frame.{name}") for name in ("deadline", "hop", "power")))


def matrix_names() -> tuple[str, ...]:
    """The matrices of the enhancer, in the order of a frame."""
    return tuple(matrix.name for matrix in enhancer(1).matrices)


def layer_names() -> tuple[str, ...]:
    """Its layers."""
    return tuple(dict.fromkeys(matrix.layer for matrix in enhancer(1).matrices))


def place_toggles(start: frozenset[str] = frozenset()) -> tuple[Toggle, ...]:
    """A toggle for each matrix that may move to SRAM.

    Args:
        start: Those that are there at first.
    """
    return tuple(
        Toggle(id=SRAM + name, label=layer_words(name), value=name in start, group="place")
        for name in matrix_names()
    )


def in_sram(knobs: Knobs) -> frozenset[str]:
    """The matrices that the knobs put into SRAM."""
    return frozenset(
        name.removeprefix(SRAM) for name, on in knobs.items() if name.startswith(SRAM) and on
    )


def size_slider(start: float, stops: tuple[float, ...]) -> Slider:
    """The slider of the hidden size.

    Args:
        start: Where it stands at first.
        stops: Its stops.
    """
    return Slider(
        id="hidden", label="Hidden size H", value=start, stops=stops,
        shown=tuple(f"{stop:g}" for stop in stops), group="load",
    )  # fmt: skip


def assumption_controls() -> tuple[Control, ...]:
    """The knobs that change what nobody has measured; they begin where the registry has them."""
    rate = machine("esp32").rate(Place.PSRAM)
    policies = tuple((policy.value, policy.label, None) for policy in Policy)
    return (
        Slider(
            id="psram_rate", label="PSRAM, lines a second", value=rate, stops=_RATES,
            shown=tuple(f"{significant(stop / 1e6)} MB/s" for stop in _RATES), group="assumption",
        ),
        Slider(
            id="cores", label="Cores that share the arithmetic", value=_ALL_CORES,
            stops=(1.0, _ALL_CORES), shown=("1", "2"), group="assumption",
        ),
        Choice(
            id="policy", label="Which line of a set gives way", value=Policy.LRU.value,
            options=policies, group="assumption",
        ),
    )  # fmt: skip


def machine_at(found: Machine, knobs: Knobs) -> Machine:
    """A machine at what the knobs assume, and at their factors where there are some.

    Args:
        found: The machine as the registry has it.
        knobs: Where they stand.
    """
    return changed(
        found,
        peak=float(knobs.get("peak_scale", 1.0)),
        bandwidth=float(knobs.get("bandwidth_scale", 1.0)),
        psram=float(knobs["psram_rate"]),
        cores=int(float(knobs["cores"])),
        policy=policy_named(str(knobs["policy"])),
    )


def as_registered(knobs: Knobs) -> bool:
    """Whether every assumption stands where the registry has it."""
    return all(knobs[control.id] == control.value for control in assumption_controls())


def power_of(found: Frame) -> DutyPower:
    """Power of frames that come once a hop."""
    return duty_power(found.time, limits().hop, found.active, found.machine.sleep)


def reach_of(found: Frame) -> Reach:
    """What the floor of its chip leaves of the power that the hearable may draw."""
    return reach(limits().power, found.active, found.machine.sleep)


def instruments(now: Frame, start: Frame, *, layer: str, profiler: bool) -> Content:
    """Roofline, Iron Law bar, gauges, equations and table of a frame.

    Args:
        now: The frame.
        start: The frame at the knobs' start values.
        layer: The layer of the red dot.
        profiler: Whether what was measured is drawn, or what the data sheets print.
    """
    deadline = limits().deadline
    return {
        "roofline": hearable_roofline(now, start, layer=layer, profiler=profiler).to_dict(),
        "law": frame_law(now, slowest(now)).to_dict(),
        "gauges": [gauge.to_dict() for gauge in frame_gauges(now, deadline)],
        "peeks": [equation.to_dict() for equation in frame_equations(now, deadline)],
        "kernels": frame_table(now).to_dict(),
    }


def slowest(now: Frame) -> float:
    """The frame at the least rate of PSRAM that is planned with; as it is where none is known [s].

    Args:
        now: The frame.
    """
    sheet = now.machine.chip.sheet
    if sheet.optional("detail.psram_least") is None:
        return now.time
    share = sheet.number("detail.psram_least") / sheet.number("detail.psram_sustained")
    slow = changed(
        now.machine, psram=now.machine.rate(Place.PSRAM) * share / now.machine.bandwidth_scale
    )
    return frame(now.enhancer, now.layout, slow).time


def map_of(now: Frame, layer: str) -> Content | None:
    """The cache map of a layer, the lines that hold only zeros left out; None where none of it passes the cache.

    Args:
        now: The frame.
        layer: The layer, or `frame`.
    """
    cache = now.machine.cache
    pieces = [piece for piece in pieces_of(now, layer) if piece.place is not Place.SRAM]
    if cache is None or not pieces:
        return None
    matrices = tuple(
        matrices_of(shape_of(p.matrix), now.layout.walk, matrix_words(p.matrix.name))
        for p in pieces
    )
    found = cache_map(matrices, cache, simulate(matrices, cache))
    if now.layout.pruned is not None:
        found = thinned(found, [p.kept for p in pieces for _ in range(p.matrix.gates)])
    return found.to_dict()


def meter_of(now: Frame) -> Content:
    """The power meter of a frame.

    Args:
        now: The frame.
    """
    chip = now.machine.chip.short_title
    return duty_meter(f"Power of the {chip}", power_of(now), reach_of(now), now.active).to_dict()


def assumptions_of(knobs: Knobs, runs_on: Machine, shown: Frame) -> Content:
    """What decides the answer and nobody has measured, with the knobs that change it.

    Args:
        knobs: Where they stand.
        runs_on: The machine as the registry has it.
        shown: A frame that the learner knows the time of.
    """
    return assumptions(assumed_rows(knobs, runs_on, shown))


def assumed_rows(knobs: Knobs, runs_on: Machine, shown: Frame) -> tuple[Assumption, ...]:
    """The same, row by row.

    Args:
        knobs: Where they stand.
        runs_on: The machine as the registry has it.
        shown: A frame that the learner knows the time of.
    """
    sheet, paths = runs_on.chip.sheet, runs_on.paths
    ways = runs_on.cache.ways if runs_on.cache else 1
    return (
        assumption_of(
            sheet.fact(paths["psram"]), sheet, "rate at which PSRAM gives lines",
            knob="psram_rate", now=float(knobs["psram_rate"]),
        ),
        Assumption(
            id="cores", label="cores that share the arithmetic", value=float(knobs["cores"]), unit="",
            why="rates are measured on one core; that the other brings as much is assumed",
            source=sheet.source(sheet.fact(paths["arithmetic"]).source).title,
            knob="cores", changed=float(knobs["cores"]) != float(runs_on.cores),
        ),
        Assumption(
            id="policy", label="ways of a set; which gives way is not documented",
            value=float(ways), unit="", why="LRU is assumed: the manual names lines, sets and ways",
            source=sheet.source(sheet.fact("detail.cache_ways").source).title,
            knob="policy", changed=knobs["policy"] != Policy.LRU.value,
        ),
        Assumption(
            id="overlap", label=f"a frame of {with_prefix(shown.time, 's')}, if fetches and arithmetic took turns",
            value=float(shown.terms.serial_total), unit="s",
            why="that lines come while others are used is assumed; a core that waits for each would add both up",
            source=sheet.source("ironlaw-dossier").title,
        ),
        assumption_of(sheet.fact(paths["sram"]), sheet, "rate at which SRAM gives weights"),
        assumption_of(sheet.fact(paths["active"]), sheet, "power while busy"),
    )  # fmt: skip


def kilobytes_to_move(found: Frame) -> float:
    r"""Bytes that have to move from home to SRAM until the arithmetic takes as long as the weights [B].

    $$ X = (T_m - T_c) / (1 / BW_{home} - 1 / BW_{SRAM}) $$

    Args:
        found: A frame whose weights are at home.
    """
    rates = found.machine.rates
    gain = 1.0 / rates[found.machine.home] - 1.0 / rates[Place.SRAM]
    return max(found.memory - found.compute, 0.0) / gain


def looks(layer: str, *, profiler: bool) -> list[Content]:
    """The controls that only look, where they stand.

    Args:
        layer: The layer that is looked at.
        profiler: Whether Profiler Mode is on.
    """
    picker, mode = look_controls()
    return [picker.to_dict(layer), mode.to_dict(profiler)]


def look_controls() -> tuple[Choice, Toggle]:
    """The layer that is looked at, and Profiler Mode."""
    names = ("frame", *layer_names())
    options = tuple((name, layer_words(name), None) for name in names)
    return (
        Choice(id="layer", label="Layer", value="lstm1", options=options, group="look"),
        Toggle(id="profiler", label="Profiler Mode", value=True, group="look"),
    )
