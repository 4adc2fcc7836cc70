"""Tiny Pioneer, Part 2: the workbench: knobs and plan as they stand, instruments as the last run left them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ironlaw.instruments.gauges import Gauge
from ironlaw.instruments.hearable_panel import frame_gauges, sram_gauge, sram_words
from ironlaw.instruments.hearable_roofline import layer_words
from ironlaw.instruments.saw_tooth import saw_tooth
from ironlaw.instruments.scale import percent, significant, with_prefix
from ironlaw.instruments.waterfall import Fall, Waterfall
from ironlaw.lab.fusion_bench import standing_view, undoing
from ironlaw.lab.hearable_bench import (
    SRAM,
    assumptions_of,
    in_sram,
    instruments,
    limits,
    looks,
    map_of,
    meter_of,
)
from ironlaw.lab.tracks.tiny_fusion import (
    RUNS,
    SIZES,
    counted,
    found,
    frame_at,
    in_words_at,
    knobs_of_bench,
    layout_at,
    value_of,
)
from ironlaw.system.cache.layout import WORD, GateOrder, Walk
from ironlaw.system.fusion_board import Moved
from ironlaw.system.hearable.enhancer import enhancer
from ironlaw.system.hearable.frame import Frame, Layout, frame, stored_bytes

if TYPE_CHECKING:
    from ironlaw.lab.part import Content, Knobs, Standing
    from ironlaw.lab.runs import Run

_SMALLEST, _LARGEST = 32, 256  # hidden sizes of the saw-tooth


def bench_at(standing: Standing) -> Content:
    """The workbench where a learner stands.

    Args:
        standing: Where they stand.
    """
    knobs, machine = standing.knobs, found().machine
    last = standing.runs[-1] if standing.runs else None
    return {
        **standing_view(knobs_of_bench(), counted(), standing),
        "claim": opening() if last is None else _claim(last),
        "configuration": f"{machine.chip.short_title}, {in_words_at(knobs)}",
        "graph": None,
        "plan": plan(knobs),
        "result": None if last is None else _result(last, knobs),
        "failure": None if last is None else failure(standing, last),
        "assumptions": assumptions_of(knobs, machine, found()),
    }


def opening() -> str:
    """What to do before the first run."""
    return (
        f"Choose H, how the weights lie, and what SRAM keeps; then press Run. The instruments answer {RUNS} times. "
        f"Find the largest network under {with_prefix(limits().deadline, 's', 2)}."
    )


def plan(knobs: Knobs) -> Content:
    """What may be kept in SRAM: structure only.

    Args:
        knobs: Where they stand.
    """
    layout, kept = layout_at(knobs), in_sram(knobs)
    network = enhancer(int(float(knobs["hidden"])))
    return {
        "title": "What SRAM keeps",
        "columns": [{"id": "sram", "label": "in SRAM"}],
        "rows": [
            {
                "id": matrix.name,
                "label": layer_words(matrix.name),
                "group": network.title.split(",")[0],
                "detail": with_prefix(stored_bytes(matrix, layout.walk), "B"),
                "cells": [
                    {
                        "column": "sram",
                        "knob": SRAM + matrix.name,
                        "on": matrix.name in kept,
                        "free": True,
                        "why": None,
                    }
                ],
            }
            for matrix in network.matrices
        ],
    }


def _claim(run: Run) -> str:
    out = run.outcome
    if out.time is None:
        return f"Run {run.number} did not start: {with_prefix(out.over, 'B')} over the SRAM."
    if out.value is None:
        return f"Run {run.number}: {with_prefix(out.time, 's')} a frame, {with_prefix(out.over, 's')} too late."
    hidden = frame_at(run.knobs).enhancer.hidden
    return f"Run {run.number}: H = {hidden} in {with_prefix(out.time, 's')}, MFU of the budget {percent(out.value)}."


def _result(run: Run, knobs: Knobs) -> Content:
    """The instruments of a run; layer and Profiler Mode look at it as they stand now."""
    now = frame_at(run.knobs)
    empty: Content = {
        "waterfall": None,
        "roofline": None,
        "law": None,
        "peeks": [],
        "kernels": None,
    }
    if run.outcome.failure == "sram":
        gauge = sram_gauge(now.sram_used, now.machine.sram)
        return {**empty, "gauges": [gauge.to_dict()], "looks": []}
    layer, profiler = str(knobs["layer"]), bool(knobs["profiler"])
    shown = instruments(now, as_found(now), layer=layer, profiler=profiler)
    return {
        **shown,
        "gauges": [gauge.to_dict() for gauge in _gauges(now)],
        "waterfall": waterfall(now, run.number).to_dict(),
        "looks": looks(layer, profiler=profiler),
        "cache": map_of(now, layer),
        "curve": _curve(now),
        "meter": meter_of(now),
    }


def _gauges(now: Frame) -> tuple[Gauge, ...]:
    """The gauges of a frame, with the MFU that the runs are about."""
    chip = now.machine.chip
    budget = Gauge(
        id="budget",
        label="MFU of the budget",
        value=value_of(now),
        note=f"of {with_prefix(max(chip.peaks.values()), 'FLOP/s')} for {with_prefix(limits().deadline, 's', 2)}",
    )
    return (*frame_gauges(now, limits().deadline), budget)


def as_found(now: Frame) -> Frame:
    """The same network as it was found: gates walked in step, nothing padded, nothing in SRAM, fused."""
    walk = Walk(order=GateOrder.INTERLEAVED, dtype=now.layout.walk.dtype, load_width=WORD)
    return frame(now.enhancer, Layout(walk=walk, fused=True), now.machine)


def _steps(now: Frame) -> list[tuple[str, str, Layout]]:
    """What a design does to the layout that was found, one change after the other."""
    walk, layout = now.layout.walk, as_found(now).layout
    changes = (
        ("load_width", f"loads of {walk.load_width} B", {"load_width": walk.load_width}),
        ("row_multiple", "rows padded", {"row_multiple": walk.row_multiple}),
        ("order", "gate after gate", {"order": walk.order}),
        ("gate_pad", f"a pad of {walk.gate_pad} B a gate", {"gate_pad": walk.gate_pad}),
    )
    found: list[tuple[str, str, Layout]] = []
    for name, label, change in changes:
        layout = replace(
            layout, walk=replace(layout.walk, **change), fused=layout.fused and now.layout.fused
        )
        found.append((name, label, layout))
    for name in (m.name for m in now.enhancer.matrices if m.name in now.layout.sram):
        layout = replace(layout, sram=layout.sram | {name})
        found.append((name, f"{layer_words(name)} in SRAM", layout))
    return found


def waterfall(now: Frame, number: int) -> Waterfall:
    """The Data Traffic Waterfall of a run: bytes that cross the chip's border.

    Args:
        now: Its frame.
        number: Of the run.
    """
    first = as_found(now)
    falls, before = list[Fall](), first.outside
    for name, label, layout in _steps(now):
        after = frame(now.enhancer, layout, now.machine).outside
        if after != before:
            falls.append(Fall(id=name, label=label, change=after - before))
        before = after
    gone = 1.0 - now.outside / first.outside
    said = f"{percent(gone)} of the bytes are gone" if gone > 0.0 else "no byte is gone"
    return Waterfall(
        title=f"{with_prefix(now.outside, 'B')} from outside a frame: {said}",
        before=("as it was found", _moved(first)),
        falls=tuple(falls),
        after=(f"run {number}", _moved(now)),
        note="The multiply-adds stay the same to the last one: a layout moves fewer bytes and does the same work.",
    )


def _moved(one: Frame) -> Moved:
    return Moved(one.outside, one.enhancer.flops, one.calls)


def _curve(now: Frame) -> Content | None:
    """The saw-tooth of the rows at hand, the layout simulated at every stop of the slider."""
    cache = now.machine.cache
    if cache is None:
        return None
    stops = tuple(int(size) for size in SIZES)
    sizes = tuple(range(_SMALLEST, _LARGEST + 1))
    return saw_tooth(now.layout.walk, cache, now.enhancer.hidden, sizes, stops).to_dict()


def failure(standing: Standing, run: Run) -> Content | None:
    """How the last run failed, by how much, and the way back; None if it worked.

    Args:
        standing: Where the learner stands.
        run: The last run.
    """
    out = run.outcome
    if out.failure is None:
        return None
    now = frame_at(run.knobs)
    return {
        "kind": out.failure,
        "over": out.over,
        "unit": out.unit,
        "text": _sram_text(now) if out.failure == "sram" else _late_text(now),
        "undo": undoing(knobs_of_bench(), standing),
    }


def _sram_text(now: Frame) -> str:
    return (
        f"Over the SRAM: the frame needs {with_prefix(now.sram_used, 'B')} and the chip has "
        f"{sram_words(now.machine.sram)}, so it is {with_prefix(now.sram_over, 'B')} over: "
        f"{with_prefix(now.sram_used - now.vectors, 'B')} of weights, {with_prefix(now.vectors, 'B')} of states and "
        "activations. Nothing ran, and the run counts."
    )


def _late_text(now: Frame) -> str:
    deadline = limits().deadline
    late = now.time - deadline
    text = (
        f"Deadline missed: a frame takes {with_prefix(now.time, 's')} of {with_prefix(deadline, 's', 2)}, so it is "
        f"{with_prefix(late, 's')} late. "
    )
    if now.again > 0.1 * now.outside:
        ratio = significant(now.outside / (now.outside - now.again))
        return (
            f"{text}Lines drive each other out of the cache: {ratio} bytes are fetched for each byte of weights. The "
            "run counts."
        )
    if now.bound == "memory":
        return f"{text}The weights take {with_prefix(now.memory, 's')} to come. The run counts."
    return f"{text}The arithmetic alone takes {with_prefix(now.compute, 's')}. The run counts."
