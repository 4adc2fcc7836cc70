"""Tiny Pioneer, Part 2: the fusion gain of a cell. Its knobs, what its runs come to, and the exact optimum."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from itertools import product
from typing import TYPE_CHECKING

from ironlaw.explore.hearable_search import BestDesign, Designs, best_design
from ironlaw.instruments.hearable_panel import budget_mfu
from ironlaw.instruments.scale import significant, with_prefix
from ironlaw.lab.fusion_knobs import FusionKnobs
from ironlaw.lab.hearable_bench import (
    as_registered,
    assumption_controls,
    in_sram,
    limits,
    look_controls,
    machine_at,
    place_toggles,
    power_of,
    size_slider,
)
from ironlaw.lab.knobs import Choice, Toggle, start_values, turned
from ironlaw.lab.refusal import RefusedError
from ironlaw.lab.runs import Counted, Figure, Outcome
from ironlaw.registry.dtypes import Dtype, dtype_named
from ironlaw.registry.hearables import hearable_sheet
from ironlaw.system.cache.layout import WORD, GateOrder, Walk, gate_order_named
from ironlaw.system.fusion_board import Board, board_of
from ironlaw.system.hearable.enhancer import enhancer
from ironlaw.system.hearable.frame import Frame, Layout, frame
from ironlaw.system.hearable.machine import machine
from ironlaw.system.question import scenario

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ironlaw.lab.knobs import Control
    from ironlaw.lab.messages import Knob
    from ironlaw.lab.part import Knobs
    from ironlaw.system.hearable.machine import Machine

RUNS = 10
HIDDEN = 128
SIZES = (
    64.0, 80.0, 96.0, 112.0, 120.0, 128.0, 136.0, 140.0, 144.0, 148.0, 152.0, 160.0, 192.0, 256.0,
)  # fmt: skip
MACHINES = {Dtype.INT8: "esp32", Dtype.INT16: "esp32-int16"}
LINE = 32
_ORDERS = {GateOrder.BLOCKED: "gate after gate", GateOrder.INTERLEAVED: "four in step"}
_ROWS = {1: "packed", LINE: f"to {LINE} B"}
_PADS = (0, LINE, 2 * LINE)
_WIDTHS = (1, 2, WORD)
_LAYOUT = ("order", "fused", "row_multiple", "gate_pad", "load_width")
"""The knobs of a layout, as the proposal of the reflection turns them."""


def machine_of(dtype: Dtype) -> Machine:
    """The chip as it runs a format, as the registry has it."""
    return machine(MACHINES[dtype])


@lru_cache(maxsize=1)
def layout_controls() -> tuple[Control, ...]:
    """How the weights lie and are walked; at first as they were found: aligned, fused, and never padded."""
    return (
        _choice("order", "Gates are walked", [(o.value, text) for o, text in _ORDERS.items()],
                GateOrder.INTERLEAVED.value),
        Toggle(id="fused", label="Gates and cell in one kernel", value=True, group="layout"),
        _choice("row_multiple", "Rows", [(f"{n}", text) for n, text in _ROWS.items()], "1"),
        _choice("gate_pad", "Pad after each gate", [(f"{n}", f"{n} B") for n in _PADS], "0"),
        _choice("load_width", "One load", [(f"{n}", f"{n} B") for n in _WIDTHS], f"{WORD}"),
    )  # fmt: skip


def _choice(name: str, label: str, options: list[tuple[str, str]], value: str) -> Choice:
    return Choice(
        id=name, label=label, value=value, group="layout",
        options=tuple((option, text, None) for option, text in options),
    )  # fmt: skip


@lru_cache(maxsize=1)
def controls() -> tuple[Control, ...]:
    """The knobs of the bench but for the matrices in SRAM, which the plan turns."""
    formats = [(dtype.value, dtype.value) for dtype in MACHINES]
    return (
        size_slider(float(HIDDEN), SIZES),
        _choice("dtype", "Weights in", formats, Dtype.INT8.value),
        *layout_controls(),
        *assumption_controls(),
        *look_controls(),
    )


@lru_cache(maxsize=1)
def board() -> Board:
    """The legal fusions of the network as operators, for the layer that the lock asks about."""
    return board_of(scenario(hearable_sheet().texts["frame.network"], found().machine.chip.name))


@lru_cache(maxsize=1)
def knobs_of_bench() -> FusionKnobs:
    """Everything that can be turned; what SRAM keeps stands in the plan."""
    return FusionKnobs(controls=controls(), fusions=place_toggles(), board=lambda _: board())


def start() -> dict[str, Knob]:
    """Where the knobs stand at first."""
    return start_values(knobs_of_bench().all)


def turn(knobs: Knobs, change: Mapping[str, Knob]) -> dict[str, Knob]:
    """The knobs after some of them were turned.

    Raises:
        DomainError: for a knob that does not exist or a value that it cannot take.
        RefusedError: for a fused cell whose gates are walked apart, or loads narrower than a weight.
    """
    values = turned(knobs_of_bench().all, knobs, change)
    order = gate_order_named(str(values["order"]))
    if values["fused"] and order is not GateOrder.INTERLEAVED:
        field = "fused" if "fused" in change else "order"
        why = f"a fused cell needs the gates of a unit together: walk them {_ORDERS[GateOrder.INTERLEAVED]}"
        raise RefusedError(f"knobs.{field}", why)
    width, size = (
        int(str(values["load_width"])),
        int(dtype_named(values["dtype"], tuple(MACHINES)).size),
    )
    if width < size:
        field = "dtype" if "dtype" in change else "load_width"
        raise RefusedError(f"knobs.{field}", f"a weight has {size} B, and one load {width} B")
    return values


def layout_at(knobs: Knobs) -> Layout:
    """The layout at some knobs."""
    walk = Walk(
        order=gate_order_named(str(knobs["order"])),
        row_multiple=int(str(knobs["row_multiple"])),
        gate_pad=int(str(knobs["gate_pad"])),
        dtype=dtype_named(knobs["dtype"], tuple(MACHINES)),
        load_width=int(str(knobs["load_width"])),
    )
    return Layout(walk=walk, fused=bool(knobs["fused"]), sram=in_sram(knobs))


def frame_at(knobs: Knobs) -> Frame:
    """The frame at some knobs."""
    layout = layout_at(knobs)
    runs_on = machine_at(machine_of(layout.walk.dtype), knobs)
    return frame(enhancer(int(float(knobs["hidden"]))), layout, runs_on)


@lru_cache(maxsize=1)
def found() -> Frame:
    """The frame as it is found."""
    return frame_at(start())


def value_of(one: Frame) -> float:
    """MFU of the budget, which the runs are to be best in."""
    return budget_mfu(one, limits().deadline)


def outcome_at(knobs: Knobs) -> Outcome:
    """What comes out of a run at some knobs: what does not fit the SRAM does not start, what is late is no use."""
    one = frame_at(knobs)
    label, calls = in_short(knobs), one.calls
    if one.sram_over > 0.0:
        return Outcome(
            label=label, value=None, time=None, traffic=None, flops=None, kernels=calls,
            memory=one.sram_used, failure="sram", over=one.sram_over, unit="B",
            figures=(_size(one),),
        )  # fmt: skip
    late = one.time - limits().deadline
    return Outcome(
        label=label,
        value=None if late > 0.0 else value_of(one),
        time=one.time,
        traffic=one.outside,
        flops=one.enhancer.flops,
        kernels=calls,
        memory=one.sram_used,
        failure="deadline" if late > 0.0 else None,
        over=max(late, 0.0),
        unit="s",
        figures=(_size(one), Figure("power", power_of(one).total, "W")),
    )


def _size(one: Frame) -> Figure:
    return Figure("H", float(one.enhancer.hidden), "")


def in_short(knobs: Knobs) -> str:
    """The knobs of a run in a few words."""
    return layout_words(layout_at(knobs), int(float(knobs["hidden"])))


def layout_words(layout: Layout, hidden: int) -> str:
    """A design in a few words.

    Args:
        layout: Its layout.
        hidden: Its hidden size.
    """
    walk = layout.walk
    words = [f"H {hidden}", walk.dtype.value, _ORDERS[walk.order]]
    if walk.row_multiple > 1:
        words.append(f"rows {_ROWS.get(walk.row_multiple, walk.row_multiple)}")
    if walk.gate_pad:
        words.append(f"pad {walk.gate_pad} B")
    if walk.load_width != WORD:
        words.append(f"loads of {walk.load_width} B")
    if layout.fused:
        words.append("fused")
    return ", ".join([*words, f"{len(layout.sram)} in SRAM"])


def in_words_at(knobs: Knobs) -> str:
    """Where the knobs stand, in a line."""
    said = in_short(knobs)
    if as_registered(knobs):
        return said
    rate = significant(float(knobs["psram_rate"]) / 1e6)
    return f"{said}, assuming {rate} MB/s, {float(knobs['cores']):g} cores, {knobs['policy']}"


@lru_cache(maxsize=1)
def counted() -> Counted:
    """Ten runs; the score is about those at the assumptions of the registry."""
    return Counted(
        limit=RUNS,
        value="MFU of the budget",
        run=outcome_at,
        scored=lambda run: as_registered(run.knobs),
        missing=(
            f"make a run first that fits the SRAM and meets {with_prefix(limits().deadline, 's', 2)}, at the "
            "assumptions as they were"
        ),
    )


@lru_cache(maxsize=1)
def designs() -> Designs:
    """Every design of the bench."""
    layouts = tuple(
        Layout(
            walk=Walk(order=order, row_multiple=rows, gate_pad=pad, dtype=dtype, load_width=width),
            fused=fused,
        )
        for dtype, order, fused, rows, pad, width in product(
            MACHINES, _ORDERS, (True, False), _ROWS, _PADS, reversed(_WIDTHS)
        )
        if width >= dtype.size and not (fused and order is GateOrder.BLOCKED)
    )
    return Designs(sizes=tuple(int(size) for size in SIZES), layouts=layouts, machine=machine_of)


@lru_cache(maxsize=1)
def optimum() -> BestDesign:
    """The largest network that is in time and fits, with the least SRAM.

    Raises:
        RefusedError: if the registry's facts leave none.
    """
    best = best_design(designs(), limits().deadline)
    if best is None:
        raise RefusedError("ready", "no design of the bench meets the deadline within the SRAM")
    return best


def healed(one: Frame) -> Frame:
    """The same frame with one line of pad after each gate."""
    walk = replace(one.layout.walk, gate_pad=LINE)
    return frame(one.enhancer, replace(one.layout, walk=walk), one.machine)
