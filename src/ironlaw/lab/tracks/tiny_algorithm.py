"""Tiny Pioneer, Part 3: the algorithm. Its knobs, and how the network of Part 2 is run at them."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from ironlaw.instruments.scale import percent, significant, with_prefix
from ironlaw.lab.defence import ORDER, order_control
from ironlaw.lab.hearable_bench import (
    assumption_controls,
    limits,
    look_controls,
    machine_at,
    matrix_names,
)
from ironlaw.lab.knobs import Choice, Slider, Toggle, shown_value, start_values, turned
from ironlaw.lab.tracks import tiny_fusion
from ironlaw.registry.dtypes import Dtype, dtype_named
from ironlaw.registry.hearables import hearable_sheet
from ironlaw.system.hearable.enhancer import enhancer
from ironlaw.system.hearable.frame import Layout, frame
from ironlaw.system.hearable.gate import Gate
from ironlaw.system.hearable.machine import Machine, machine
from ironlaw.system.hearable.plan import Experts, Plan, plan
from ironlaw.system.hearable.pruning import Pruned

if TYPE_CHECKING:
    from ironlaw.lab.knobs import Control
    from ironlaw.lab.messages import Knob
    from ironlaw.lab.part import Knobs, Standing

ESP32 = "esp32"
CHIPS = (ESP32, "esp32-s3", "nrf52840", "stm32h743", "apollo4-plus", "gap9")
BLOCKS = (1, 4, 8, 16, 32)
ALL, AS_LEFT = "all", "left"
_SIZES = (1.0, 0.95, 0.9, 0.75, 0.5, 0.25)
_SPEECH = (0.1, 0.2, 0.6, 0.8, 1.0)
_MISS = (0.0, 0.02, 0.05, 0.1, 0.2)
_FALSE = (0.0, 0.02, 0.05, 0.1, 0.2, 0.4)
_COUNTS = (1.0, 2.0, 4.0, 8.0, 16.0)
_CHANGES = (0.1, 1.0, 6.0, 60.0, 600.0)
_ZEROS = (0.0, 0.25, 0.5, 0.75, 0.9, 0.95)
_MINUTE = 60.0
_LAYER = "lstm2"  # of which Part 2's optimum leaves the weights outside
_HEARD = ("speech", "miss", "false_alarm", "changes")
"""The knobs that assume something of the wearer and the detector."""


class Left(NamedTuple):
    """What Part 2 left.

    Attributes:
        hidden: Its hidden size, H.
        layout: How its weights lie.
        run: The learner's run that it is; None for the engine's optimum.
    """

    hidden: int
    layout: Layout
    run: int | None


@lru_cache(maxsize=1)
def optimum_left() -> Left:
    """The optimum of Part 2, for who has no run of their own."""
    best = tiny_fusion.optimum().frame
    return Left(best.enhancer.hidden, best.layout, None)


def left_by(standing: Standing) -> Left:
    """What Part 2 left: the best run, or the engine's optimum where no run held.

    Args:
        standing: Where the learner stands, the earlier parts with it.
    """
    earlier = standing.earlier.get(2)
    run = None if earlier is None else tiny_fusion.counted().best(earlier.runs)
    if run is None:
        return optimum_left()
    found = tiny_fusion.frame_at(run.knobs)
    return Left(found.enhancer.hidden, found.layout, run.number)


def left_words(left: Left) -> str:
    """Where a design comes from, in words."""
    return "the engine's optimum of Part 2" if left.run is None else f"run {left.run} of Part 2"


def registered(name: str) -> float:
    """What the registry assumes of wearer and detector, by the knob's id."""
    table = "experts" if name == "changes" else "gate"
    return hearable_sheet().number(f"{table}.{name}")


def _slider(
    name: str, label: str, value: float, stops: tuple[float, ...], *, group: str, shown: str = "%"
) -> Slider:
    held = tuple(sorted({*stops, value}))
    words = tuple(percent(stop) if shown == "%" else significant(stop) for stop in held)
    return Slider(id=name, label=label, value=value, stops=held, shown=words, group=group)


def _draft_controls() -> tuple[Control, ...]:
    labels = (
        ("speech", "Share of speech", _SPEECH),
        ("miss", "Speech that is missed", _MISS),
        ("false_alarm", "Pauses that wake it", _FALSE),
    )
    return (
        Toggle(id="gate", label="Voice detector wakes the network", value=False, group="draft"),
        *(_slider(name, label, registered(name), stops, group="draft") for name, label, stops in labels),
    )  # fmt: skip


def _expert_controls() -> tuple[Control, ...]:
    return (
        _slider("experts", "Networks, one a scene", 1.0, _COUNTS, group="experts", shown=""),
        Slider(
            id="size", label="H of each, of Part 2's", value=1.0, stops=tuple(sorted(_SIZES)),
            shown=tuple(percent(size) for size in sorted(_SIZES)), group="experts",
        ),
        _slider("changes", "Scene changes a minute", registered("changes"), _CHANGES, group="experts", shown=""),
    )  # fmt: skip


def _sparsity_controls() -> tuple[Control, ...]:
    words = [(f"{block}", "single weights" if block == 1 else f"{block} B") for block in BLOCKS]
    cuts = (("line", "with a line", None), ("row", "with a row", None))
    return (
        _slider("zeros", "Weights that are zero", 0.0, _ZEROS, group="sparsity"),
        Choice(
            id="block", label="Zero together", value="1", group="sparsity",
            options=tuple((name, text, None) for name, text in words),
        ),
        Choice(id="cut", label="Blocks begin", value="line", group="sparsity", options=cuts),
    )  # fmt: skip


def _machine_controls() -> tuple[Control, ...]:
    chips = tuple((name, machine(name).chip.short_title, None) for name in CHIPS)
    kept = ((AS_LEFT, "what it kept in Part 2", None), (ALL, "every matrix", None))
    formats = (
        (AS_LEFT, "the format of Part 2", None),
        *((dtype.value, dtype.value, None) for dtype in tiny_fusion.MACHINES),
    )
    return (
        Choice(id="chip", label="Chip", value=ESP32, options=chips, group="machine"),
        Choice(id="kept", label="SRAM keeps", value=AS_LEFT, options=kept, group="machine"),
        Choice(id="dtype", label="Weights in", value=AS_LEFT, options=formats, group="machine"),
    )


@lru_cache(maxsize=1)
def controls() -> tuple[Control, ...]:
    """The knobs of the workbench."""
    layer, mode = look_controls()
    return (
        *_draft_controls(),
        *_expert_controls(),
        *_sparsity_controls(),
        *_machine_controls(),
        *assumption_controls(),
        replace(layer, value=_LAYER),
        mode,
    )


def start() -> dict[str, Knob]:
    """Where the knobs stand at first: as Part 2 left it, and the order of the defence."""
    return start_values((*controls(), order_control()))


def turn(knobs: Knobs, change: Knobs) -> dict[str, Knob]:
    """The knobs after some of them were turned.

    Raises:
        DomainError: for a knob that does not exist or a value that it cannot take.
    """
    return turned((*controls(), order_control()), knobs, change)


def assumed(knobs: Knobs) -> dict[str, Knob]:
    """The knobs with every assumption where the registry has it."""
    first = start()
    names = (*_HEARD, *(control.id for control in assumption_controls()))
    return {**knobs, **{name: first[name] for name in names}}


def runs_on(knobs: Knobs, dtype: Dtype) -> Machine:
    """What runs the network; the assumptions are about the ESP32.

    Args:
        knobs: Where they stand.
        dtype: Format of the weights.
    """
    chip = str(knobs["chip"])
    return machine_at(tiny_fusion.machine_of(dtype), knobs) if chip == ESP32 else machine(chip)


def hidden_at(knobs: Knobs, left: Left) -> int:
    """The hidden size of each network."""
    return max(int(left.hidden * float(knobs["size"])), 1)


def layout_at(knobs: Knobs, left: Left) -> Layout:
    """How the weights lie; on another chip in int8, the format that its rate is known for."""
    layout, zeros = left.layout, float(knobs["zeros"])
    if knobs["chip"] != ESP32:
        layout = replace(layout, walk=replace(layout.walk, dtype=Dtype.INT8))
    elif knobs["dtype"] != AS_LEFT:
        dtype = dtype_named(knobs["dtype"], tuple(tiny_fusion.MACHINES))
        width = max(layout.walk.load_width, int(dtype.size))
        layout = replace(layout, walk=replace(layout.walk, dtype=dtype, load_width=width))
    if knobs["kept"] == ALL:
        layout = replace(layout, sram=frozenset(matrix_names()))
    if not zeros:
        return layout
    block, by_row = int(str(knobs["block"])), knobs["cut"] == "row"
    return replace(layout, pruned=Pruned(zeros=zeros, block=block, by_row=by_row))


def gate_at(knobs: Knobs) -> Gate | None:
    """What the detector hears; None where there is none."""
    if not knobs["gate"]:
        return None
    speech, miss, false_alarm = (float(knobs[name]) for name in ("speech", "miss", "false_alarm"))
    return Gate(speech=speech, miss=miss, false_alarm=false_alarm)


def plan_at(knobs: Knobs, left: Left) -> Plan:
    """How the network is run at some knobs.

    Args:
        knobs: Where they stand.
        left: What Part 2 left.
    """
    layout = layout_at(knobs, left)
    one = frame(enhancer(hidden_at(knobs, left)), layout, runs_on(knobs, layout.walk.dtype))
    experts = Experts(count=int(float(knobs["experts"])), changes=float(knobs["changes"]) / _MINUTE)
    return plan(one, limits().hop, gate_at(knobs), experts)


def before(left: Left) -> Plan:
    """The network as Part 2 left it.

    Args:
        left: What it left.
    """
    return plan_at(start(), left)


def half_power(left: Left) -> float:
    """The power that doubles the life of the battery [W].

    Args:
        left: What Part 2 left.
    """
    return before(left).power.total / 2.0


def in_short(knobs: Knobs) -> str:
    """An operating point in a few words."""
    by_id = {control.id: control for control in controls()}
    words = [shown_value(by_id["chip"], knobs["chip"])]
    size, count = float(knobs["size"]), float(knobs["experts"])
    if count > 1.0:
        words.append(f"{count:g} experts")
    if size < 1.0:
        words.append(f"{percent(size)} of H")
    if knobs["chip"] == ESP32 and knobs["dtype"] != AS_LEFT:
        words.append(str(knobs["dtype"]))
    if knobs["kept"] == ALL:
        words.append("all in SRAM")
    if float(knobs["zeros"]):
        block = shown_value(by_id["block"], knobs["block"])
        words.append(f"{percent(float(knobs['zeros']))} zeros in {block}")
    words.append("gated" if knobs["gate"] else "no gate")
    return ", ".join(words)


def in_words(knobs: Knobs) -> str:
    """Where the knobs stand, in a line; what is assumed otherwise than in the registry is said."""
    first = start()
    by_id = {control.id: control for control in controls()}
    moved = [
        f"{by_id[name].label.lower()} {shown_value(by_id[name], knobs[name])}"
        for name in assumed(knobs)
        if name in by_id
        and name not in ("layer", "profiler")
        and assumed(knobs)[name] != knobs[name]
    ]
    taken = [] if knobs.get(ORDER, first[ORDER]) == first[ORDER] else [f"order {knobs[ORDER]}"]
    said = in_short(knobs)
    return "; ".join([said, *(["assuming " + ", ".join(moved)] if moved else []), *taken])


def network_words(run: Plan) -> str:
    """What is run, in a line."""
    found = run.frame
    hidden, width = found.enhancer.hidden, found.layout.walk.dtype.value
    many = f"{run.count} networks of H = {hidden}" if run.count > 1 else f"H = {hidden}"
    held = (
        f"{with_prefix(found.held, 'B')} of weights in SRAM" if found.held else "no weights in SRAM"
    )
    return f"{found.machine.chip.short_title}, {many}, {width}, {held}"
