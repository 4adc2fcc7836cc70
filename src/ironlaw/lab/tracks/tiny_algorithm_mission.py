"""Tiny Pioneer, Part 3: the mission taken apart, change by change, and the chips that would reach the milliwatt."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from ironlaw.base.number import summed
from ironlaw.explore.attribution import Attribution, Means, Optimization, attribute
from ironlaw.explore.hearable_reach import Demand, largest_within
from ironlaw.explore.hearable_search import Designs
from ironlaw.instruments.comparison import Comparison, ComparisonRow
from ironlaw.instruments.optimizations import OptimizationWaterfall
from ironlaw.instruments.scale import percent, with_prefix
from ironlaw.lab.defence import in_order
from ironlaw.lab.hearable_bench import limits
from ironlaw.lab.tracks import tiny_fusion, tiny_ratio
from ironlaw.lab.tracks.tiny_algorithm import (
    CHIPS,
    ESP32,
    Left,
    gate_at,
    hidden_at,
    layout_at,
    left_words,
    plan_at,
    registered,
    runs_on,
    start,
)
from ironlaw.system.cache.layout import GateOrder, Walk
from ironlaw.system.hearable.enhancer import enhancer
from ironlaw.system.hearable.frame import PACKED, frame
from ironlaw.system.hearable.gate import Gate
from ironlaw.system.hearable.machine import machine
from ironlaw.system.hearable.plan import Plan, plan

if TYPE_CHECKING:
    from ironlaw.lab.messages import Knob
    from ironlaw.lab.part import Knobs
    from ironlaw.system.hearable.frame import Layout

_LEAST, _MOST, _STEP = 16, 401, 4  # hidden sizes of the search
_LOOKS = ("layer", "profiler", "order")


class Reached(NamedTuple):
    """What a chip can do within the deadline and the power.

    Attributes:
        chip: Its name in the registry.
        plain: The largest network that runs in every hop; None if there is none.
        gated: The largest that a detector wakes; None if there is none.
    """

    chip: str
    plain: Plan | None
    gated: Plan | None


def demand() -> Demand:
    """What the hardware lead demands."""
    return Demand(*limits())


def heard() -> Gate:
    """What the registry assumes of the detector."""
    return Gate(**{name: registered(name) for name in ("speech", "miss", "false_alarm")})


@lru_cache(maxsize=16)
def reached(chip: str) -> Reached:
    """The largest network of a chip within deadline, power and SRAM: every size, layout and set in SRAM is tried.

    Args:
        chip: Its name in the registry.
    """
    found = _designs(chip)
    return Reached(
        chip,
        largest_within(found, demand()),
        largest_within(found, demand(), heard()),
    )


def _designs(chip: str) -> Designs:
    """What may be chosen; without a cache, how the weights lie says only whether the gates are fused."""
    sizes = tuple(range(_LEAST, _MOST, _STEP))
    if chip == ESP32:
        layouts = tiny_fusion.designs().layouts
        return Designs(sizes=sizes, layouts=layouts, machine=tiny_fusion.machine_of)
    fused = replace(PACKED, walk=Walk(order=GateOrder.INTERLEAVED), fused=True)
    return Designs(sizes=sizes, layouts=(PACKED, fused), machine=lambda _: machine(chip))


def chips_table() -> Comparison:
    """The chips of the registry against the milliwatt."""
    rows = [_chip_row(reached(chip)) for chip in CHIPS]
    sizes, limit = f"{_LEAST} to {_MOST - 1}", with_prefix(limits().power, "W")
    return Comparison(
        title=f"The largest network under {limit} within {with_prefix(limits().deadline, 's', 2)}",
        columns=(("floor", "asleep"), ("plain", "in every hop"), ("gated", "woken by the detector")),
        rows=tuple(rows),
        note=(
            f"Every H from {sizes} in steps of {_STEP}, every layout, every set of matrices in SRAM, nothing pruned. "
            "Rates and powers of the chips are data sheets' and assumptions of the registry, none measured here."
        ),
    )  # fmt: skip


def _chip_row(found: Reached) -> ComparisonRow:
    chip = machine(found.chip)
    cells = (with_prefix(chip.sleep, "W"), _reached_words(found.plain), _reached_words(found.gated))
    return ComparisonRow(id=found.chip, label=chip.chip.short_title, cells=cells)


def _reached_words(run: Plan | None) -> str:
    if run is None:
        return "none"
    hidden = run.frame.enhancer.hidden
    return f"H {hidden}: {with_prefix(run.power.total, 'W')} in {with_prefix(run.worst, 's')}"


def energy(run: Plan) -> float:
    """Mean energy of a hop, sleep included; also of what cannot keep up [J].

    Args:
        run: How the network is run.
    """
    return summed(run.energies)


def attribution(knobs: Knobs, left: Left) -> Attribution:
    """What each change of the mission is owed of its energy, at some knobs.

    Args:
        knobs: Where they stand.
        left: What Part 2 left.
    """
    kept = tuple((name, value) for name, value in sorted(knobs.items()) if name not in _LOOKS)
    return _attribution(kept, left)


@lru_cache(maxsize=128)
def _attribution(kept: tuple[tuple[str, Knob], ...], left: Left) -> Attribution:
    knobs = {**start(), **dict(kept)}
    return attribute(changes(knobs, left), lambda made: energy(_partly(knobs, left, made)))


def changes(knobs: Knobs, left: Left) -> list[Optimization]:
    """What the mission changed from the crisis of Part 1, in the order taken.

    Args:
        knobs: Where they stand.
        left: What Part 2 left.
    """
    first, last = tiny_ratio.crisis(), plan_at(knobs, left)
    layout = last.frame.layout
    dtype = layout.walk.dtype
    found: list[tuple[str, str, Means]] = []
    if dtype is not first.layout.walk.dtype:
        found.append(("dtype", f"weights in {dtype.value}", Means.PRECISION))
    if _laid(layout) != _laid(first.layout):
        found.append(("layout", _layout_words(layout), Means.FUSION))
    if layout.sram and knobs["chip"] == ESP32:
        found.append(("sram", f"{len(layout.sram)} matrices in SRAM", Means.FUSION))
    if last.count > 1 or last.frame.enhancer.hidden != left.hidden or not found:
        found.append(("size", _size_words(left.hidden, last), Means.ALGORITHM))
    if last.gate is not None:
        found.append(("gate", f"woken in {percent(last.awake)} of the hops", Means.ALGORITHM))
    if layout.pruned is not None:
        found.append(
            ("zeros", f"{percent(layout.pruned.zeros)} of the weights zero", Means.ALGORITHM)
        )
    if knobs["chip"] != ESP32:
        found.append(("chip", last.frame.machine.chip.short_title, Means.CHIP))
    return [Optimization(id=name, label=label, means=means) for name, label, means in found]


def _laid(layout: Layout) -> tuple[object, ...]:
    walk = layout.walk
    return walk.order, walk.row_multiple, walk.gate_pad, walk.load_width, layout.fused


def _layout_words(layout: Layout) -> str:
    return "gates and cell in one kernel" if layout.fused else "another layout"


def _size_words(first: int, last: Plan) -> str:
    hidden = last.frame.enhancer.hidden
    if last.count > 1:
        return f"{last.count} networks of H {hidden}"
    return f"H {first} as in Part 2" if hidden == first else f"H {hidden} instead of {first}"


def _partly(knobs: Knobs, left: Left, made: frozenset[str]) -> Plan:
    """The network with only some of the changes made; its size begins as Part 2 chose it."""
    layout, whole = tiny_ratio.crisis().layout, plan_at(knobs, left)
    at = {**knobs, "chip": knobs["chip"] if "chip" in made else ESP32}
    goal = layout_at(at, left)
    if "layout" in made:
        walk = replace(goal.walk, dtype=layout.walk.dtype)
        layout = replace(layout, walk=walk, fused=goal.fused)
    if "dtype" in made:
        layout = replace(layout, walk=replace(layout.walk, dtype=goal.walk.dtype))
    layout = replace(
        layout,
        sram=goal.sram if "sram" in made or "chip" in made else frozenset(),
        pruned=goal.pruned if "zeros" in made else None,
    )
    hidden = hidden_at(knobs, left) if "size" in made else left.hidden
    one = frame(enhancer(hidden), layout, runs_on(at, layout.walk.dtype))
    experts = whole.experts if "size" in made else None
    return plan(one, limits().hop, gate_at(knobs) if "gate" in made else None, experts)


def picture(knobs: Knobs, left: Left) -> OptimizationWaterfall:
    """The OptimizationWaterfall of the mission at some knobs.

    Args:
        knobs: Where they stand, the order of the changes among them.
        left: What Part 2 left.
    """
    return OptimizationWaterfall(
        found=in_order(attribution(knobs, left), knobs),
        quantity="mean energy of a hop",
        unit="J",
        ends=(f"H {left.hidden} as Part 1 laid it", "as you leave it"),
        note=(
            f"A hop is {with_prefix(limits().hop, 's', 2)}, and what the chip draws asleep counts. The network is the "
            f"one that Part 2 chose, from the start; how it lies is {left_words(left)}. What the algorithm saves has "
            "a price that nothing here hears: frames that the detector misses, smaller or pruned networks."
        ),
    )  # fmt: skip
