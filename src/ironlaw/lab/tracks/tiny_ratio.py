"""Tiny Pioneer, Part 1: the memory-math ratio. Its knobs, its bench, its story; every number is computed when shown."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from ironlaw.instruments.curve import Curve, CurveLimit, CurveMark, CurveSeries, axis_over
from ironlaw.instruments.hearable_panel import bound_words, sram_words
from ironlaw.instruments.hearable_roofline import layer_words, matrix_words
from ironlaw.instruments.scale import grouped, percent, significant, with_prefix
from ironlaw.lab.hearable_bench import (
    assumption_controls,
    assumptions_of,
    in_sram,
    instruments,
    limits,
    look_controls,
    machine_at,
    map_of,
    matrix_names,
    meter_of,
    place_toggles,
    power_of,
    size_slider,
)
from ironlaw.lab.knobs import Slider, shown_value, start_values
from ironlaw.lab.tracks import tiny_ratio_texts as texts
from ironlaw.system.cache.layout import Walk
from ironlaw.system.hearable.enhancer import enhancer
from ironlaw.system.hearable.frame import Frame, Layout, frame
from ironlaw.system.hearable.machine import Machine, machine

if TYPE_CHECKING:
    from ironlaw.lab.knobs import Control
    from ironlaw.lab.messages import Knob
    from ironlaw.lab.part import Content, Knobs

MACHINE = "esp32"
HIDDEN = 128
SIZES = (64.0, 80.0, 96.0, 112.0, 128.0, 144.0, 160.0, 192.0, 256.0)
_SCALES = (0.25, 0.35, 0.5, 0.7, 1.0, 1.4, 2.0, 2.8, 4.0)
_DRAWN = tuple(range(32, 257, 16))  # hidden sizes of the curve
_TOP = 0.05  # upper end of the curve [s]


def runs_on() -> Machine:
    """The chip of the track, as the registry has it."""
    return machine(MACHINE)


def machines() -> str:
    """The chip and the network, in a line."""
    found = runs_on()
    return f"{found.chip.short_title} with {found.chip.memory} · int8 LSTM speech enhancer"


def north_star() -> str:
    """What the track is about, in a line."""
    deadline, power = with_prefix(limits().deadline, "s", 2), with_prefix(limits().power, "W")
    return f"Neural isolation in less than {deadline}, under {power}"


@lru_cache(maxsize=1)
def controls() -> tuple[Control, ...]:
    """The knobs of the workbench."""
    shown = tuple(significant(scale, 2) for scale in _SCALES)
    return (
        *look_controls(),
        Slider(
            id="peak_scale", label="R_peak ×", value=1.0, stops=_SCALES, shown=shown,
            symbol=("R", "peak"), group="machine",
        ),
        Slider(
            id="bandwidth_scale", label="BW_mem ×", value=1.0, stops=_SCALES, shown=shown,
            symbol=("BW", "mem"), group="machine",
        ),
        size_slider(float(HIDDEN), SIZES),
        *place_toggles(),
        *assumption_controls(),
    )  # fmt: skip


def frame_at(knobs: Knobs) -> Frame:
    """The frame at some knobs: packed, gate after gate."""
    layout = Layout(walk=Walk(), sram=in_sram(knobs))
    return frame(enhancer(int(float(knobs["hidden"]))), layout, machine_at(runs_on(), knobs))


@lru_cache(maxsize=1)
def crisis() -> Frame:
    """The frame before anyone turns a knob."""
    return frame_at(start_values(controls()))


def bench(knobs: Knobs) -> Content:
    """The workbench at some knobs."""
    now, layer = frame_at(knobs), str(knobs["layer"])
    over = now.sram_over
    return {
        "kind": "roofline",
        "claim": bound_words(now),
        "configuration": configuration(now),
        **instruments(now, crisis(), layer=layer, profiler=bool(knobs["profiler"])),
        "controls": [control.to_dict(knobs[control.id]) for control in controls()],
        "infeasible": f"This does not fit: {with_prefix(over, 'B')} over the SRAM of the chip."
        if over > 0.0
        else None,
        "cache": map_of(now, layer),
        "curve": curve(now).to_dict(),
        "meter": meter_of(now),
        "assumptions": assumptions_of(knobs, runs_on(), now),
    }


def configuration(found: Frame) -> str:
    """A frame in a line."""
    held = found.sram_used - found.vectors
    kept = f"{with_prefix(held, 'B')} of weights in SRAM" if held else "all weights in PSRAM"
    return (
        f"{found.machine.chip.short_title}, {found.enhancer.title.split(',')[0]} at H = {found.enhancer.hidden}, "
        f"{grouped(found.enhancer.weights)} {found.layout.walk.dtype.value} weights, {kept}"
    )


def curve(found: Frame) -> Curve:
    """Fetches and arithmetic over the hidden size, at the knobs as they stand.

    Args:
        found: The frame at hand.
    """
    frames = [frame(enhancer(size), found.layout, found.machine) for size in _DRAWN]
    hidden = float(found.enhancer.hidden)
    lines = (
        ("memory", "weights on their way", [one.memory for one in frames]),
        ("compute", "arithmetic", [one.compute for one in frames]),
    )
    deadline = limits().deadline
    return Curve(
        title="Weights and arithmetic over the hidden size",
        x=axis_over("hidden size H", "", [float(size) for size in _DRAWN]),
        y=axis_over("time in a frame", "s", [_TOP], least=0.0),
        series=tuple(
            CurveSeries(
                id=name,
                label=label,
                points=tuple(
                    (float(size), time)
                    for size, time in zip(_DRAWN, times, strict=True)
                    if time <= _TOP
                ),
            )
            for name, label, times in lines
        ),
        limits=(CurveLimit(label=with_prefix(deadline, "s", 2), y=deadline),),
        marks=(CurveMark(label="here", x=hidden, y=found.time),) if found.time <= _TOP else (),
        note=_curve_note(found),
    )


def largest_in_time(found: Frame) -> int | None:
    """The largest hidden size of the slider that meets the deadline, laid out as a frame is.

    Args:
        found: The frame whose layout and machine are taken.
    """
    fitting = [
        int(size)
        for size in SIZES
        if frame(enhancer(int(size)), found.layout, found.machine).time <= limits().deadline
    ]
    return max(fitting, default=None)


def _curve_note(found: Frame) -> str:
    most = largest_in_time(found)
    deadline = with_prefix(limits().deadline, "s", 2)
    if most is None:
        return f"No hidden size of the slider meets {deadline}."
    return f"At these knobs H = {most} is the largest of the slider under {deadline}."


def says() -> str:
    """The hardware lead in a sentence."""
    found = crisis()
    return (
        f"The enhancer at H = {found.enhancer.hidden} takes {with_prefix(found.time, 's')} of a budget of "
        f"{with_prefix(limits().deadline, 's', 2)}, and for {percent(found.waiting)} of it the arithmetic waits."
    )


def story() -> Content:
    """The letter that opens the mission."""
    found, power = crisis(), power_of(crisis())
    least, target = found.machine.sram, limits().power
    figures = (
        ("a frame takes", found.time, "s", f"it may take {with_prefix(limits().deadline, 's', 2)}"),
        ("the hearable draws", power.total, "W", f"it should draw {with_prefix(target, 'W')}"),
        ("the weights are", float(found.enhancer.weights), "B", f"the SRAM is {sram_words(least)}"),
    )  # fmt: skip
    return {
        "heading": "The arithmetic waits for its weights",
        "from": "Hardware lead",
        "paragraphs": texts.letter(says(), found, limits()),
        "figures": [_figure(*one) for one in figures],
    }


def _figure(label: str, value: float, unit: str, detail: str) -> Content:
    number, prefixed = with_prefix(value, unit).split()
    return {"label": label, "value": number, "unit": prefixed, "detail": detail}


def in_words(knobs: Knobs) -> str:
    """Where the knobs stand, in a line."""
    kept = ", ".join(matrix_words(name) for name in matrix_names() if name in in_sram(knobs))
    said = [f"H {float(knobs['hidden']):g}", f"in SRAM: {kept or 'nothing'}"]
    said += [
        f"{control.label} {shown_value(control, knobs[control.id])}"
        for control in controls()
        if control.group in ("machine", "assumption") and knobs[control.id] != control.value
    ]
    mode = "on" if knobs["profiler"] else "off"
    return " · ".join([*said, f"layer {layer_words(str(knobs['layer']))}", f"Profiler Mode {mode}"])


def reset(knobs: Knobs) -> dict[str, Knob]:
    """Machine, load, places and assumptions as the crisis has them; what is looked at stays."""
    kept = {name: knobs[name] for name in ("layer", "profiler")}
    return {**start_values(controls()), **kept}
