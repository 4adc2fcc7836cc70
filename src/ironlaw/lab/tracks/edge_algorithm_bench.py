"""Edge Guardian, Part 3: what the workbench shows of the loop at some knobs."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

from ironlaw.base.equation import Equation, Symbol, Term
from ironlaw.explore.sensitivity import scaled_scenario
from ironlaw.instruments.assumptions import assumption_of, assumptions
from ironlaw.instruments.comparison import Comparison, ComparisonRow, change_words
from ironlaw.instruments.gauges import Gauge
from ironlaw.instruments.kernel_table import kernel_table
from ironlaw.instruments.law import LawBar, LawTerm
from ironlaw.instruments.math_peek import layer_equation, ridge_equation
from ironlaw.instruments.scale import percent, significant, with_prefix
from ironlaw.instruments.step_roofline import View, roofline_picture
from ironlaw.lab.tracks.edge_algorithm import (
    ASSUMED,
    TARGET,
    Left,
    assumed_at,
    controls,
    factor,
    left_by_part_2,
    loop,
    lost,
    machine_words,
    reference,
    sheet,
)
from ironlaw.lab.tracks.edge_algorithm_batches import curve, latency_equation, round_of
from ironlaw.system.cache_traffic import cache_traffic
from ironlaw.system.detector import Detector, compute_reach, detector_scenario
from ironlaw.system.detector_loop import SCENES
from ironlaw.system.diagnosis import LaunchMode, diagnose
from ironlaw.system.table import kernel_rows

if TYPE_CHECKING:
    from ironlaw.lab.part import Content, Knobs, Standing
    from ironlaw.system.detector_loop import Loop
    from ironlaw.system.jitter.board import Deployment

_ONCE = 1.0
_COLUMNS = ("as Part 2 left it", "at these knobs")


def bench(standing: Standing) -> Content:
    """The workbench where a learner stands, but for the challenge and the waterfall.

    Args:
        standing: Where they stand.
    """
    knobs, left = standing.knobs, left_by_part_2(standing)
    found, before = loop(knobs, left.build), reference(knobs, left.build)
    now, first = view_of_detector(found), view_of_detector(before)
    layer, profiler = str(knobs["layer"]), bool(knobs["profiler"])
    picture = roofline_picture(now, first, layer=layer, profiler=profiler, other=None)
    return {
        "kind": "roofline",
        "claim": claim(found, factor(knobs, left.build)),
        "configuration": configuration(found, left),
        "roofline": replace(picture, source=_source(found)).to_dict(),
        "law": law(found).to_dict(),
        "gauges": [gauge.to_dict() for gauge in gauges(found, before)],
        "peeks": [
            equation.to_dict()
            for equation in (
                latency_equation(found),
                throughput_equation(found),
                layer_equation(now.layer(layer)),
                ridge_equation(now.diagnosis),
            )
        ],
        "kernels": kernel_table(now.rows).to_dict(),
        "controls": [control.to_dict(knobs[control.id]) for control in controls()],
        "infeasible": _infeasible(knobs, found),
        "round": round_of(found).to_dict() if found.setting.drafted else None,
        "curve": curve(found).to_dict(),
        "comparison": None
        if found.setting == before.setting
        else comparison(before, found).to_dict(),
        "assumptions": _assumptions(knobs),
    }


def claim(found: Loop, gained: float) -> str:
    """What the loop comes to, in a sentence.

    Args:
        found: The loop.
        gained: Frames a second over those that Part 2 left.
    """
    frames = f"{significant(gained)}× the frames a second"
    if found.late > 0.0:
        deadline = with_prefix(found.deadline, "s")
        return f"{frames}, and the worst frame is {with_prefix(found.late, 's')} past {deadline}."
    return (
        f"{frames}; the worst frame is verified after {with_prefix(found.worst.latency, 's')} of "
        f"{with_prefix(found.deadline, 's')}."
    )


def configuration(found: Loop, left: Left) -> str:
    """The loop in a line.

    Args:
        found: The loop.
        left: What Part 2 left.
    """
    title = sheet().texts["title"]
    return f"{title}, {with_prefix(found.usual.rate, 'Hz')}, {machine_words(found)}; {left.words}"


def widest(found: Loop) -> Detector:
    """The widest detector of a loop: the one that the picture shows.

    Args:
        found: The loop.
    """
    setting, given = found.setting, found.assumed
    every = setting.experts < len(SCENES)
    width = 1.0 if every else max(given.narrow, given.city)
    return Detector(width, setting.frames, setting.dtype, setting.sparsity, given.int8_reach)


def view_of_detector(found: Loop) -> View:
    """The kernels of its widest detector: where the data sheet lets them be, and the time that the pipeline takes.

    Args:
        found: The loop.
    """
    return _view(widest(found), found.setting.build)


@lru_cache(maxsize=256)
def _view(detector: Detector, build: Deployment) -> View:
    question = replace(detector_scenario(detector, build.fused), launch=LaunchMode.GRAPH)
    reach = sheet().number("engine.bandwidth_reach")
    slow = scaled_scenario(question, peak=compute_reach(detector), bandwidth=reach)
    printed = diagnose(question)
    pairs = zip(kernel_rows(printed), kernel_rows(diagnose(slow)), strict=True)
    rows = tuple(
        replace(row, time=real.time, terms=real.terms, bound=real.bound, share=real.share)
        for row, real in pairs
    )
    return View(printed, rows, cache_traffic(printed))


def _source(found: Loop) -> str:
    """What the measured view rests on."""
    detector = widest(found)
    arithmetic, memory = compute_reach(detector), sheet().number("engine.bandwidth_reach")
    took = with_prefix(sheet().number("stage.backbone"), "s")
    scope = "" if found.setting.experts == 1 else "the widest of the detectors; "
    return (
        f"{scope}held to the {took} that were measured of the network in fp16: {percent(arithmetic)} of the "
        f"arithmetic, {percent(memory)} of the bandwidth"
    )


def law(found: Loop) -> LawBar:
    """The verified latency as its parts.

    Args:
        found: The loop.
    """
    batch, gate = found.usual, found.experts.gate if found.experts.gated else 0.0
    launch = batch.network - gate - found.compute - found.memory
    parts = (
        ("wait", "waiting for the batch", batch.waiting),
        ("draft", "drafting", batch.draft),
        ("compute", "arithmetic of the detector", found.compute),
        ("memory", "memory of the detector", found.memory),
        ("launch", "launches", launch),
        ("gate", "gate", gate),
        ("other", "voxels and boxes", batch.before + batch.after),
    )
    terms = tuple(LawTerm(*part) for part in parts if part[2] > 0.0)
    return LawBar(
        batch.latency,
        batch.latency,
        found.worst.latency,
        terms,
        rests_on="usual and worst frame",
    )


def gauges(found: Loop, before: Loop) -> tuple[Gauge, ...]:
    """What is used of the deadline, of the demand, of the memory and of the board.

    Args:
        found: The loop.
        before: What Part 2 left.
    """
    worst, usual = found.worst.latency / found.deadline, found.usual.latency / found.deadline
    gained = found.usual.throughput / before.usual.throughput
    memory, rho = found.held.total / found.room, found.usual.utilization
    rates = (
        f"{significant(found.usual.throughput)} of {significant(before.usual.throughput)} frames/s"
    )
    deadline = with_prefix(found.deadline, "s")
    return (
        Gauge(
            id="throughput", label=f"Demand of {TARGET:g}× the frames", value=gained / TARGET,
            note=f"{significant(gained)}×: {rates}", tone="warn" if gained < TARGET else "plain",
        ),
        Gauge(
            id="worst", label="Deadline used by the worst frame", value=worst,
            note=f"{with_prefix(found.worst.latency, 's')} of {deadline}",
            tone="bad" if worst > _ONCE else "plain",
        ),
        Gauge(
            id="frame", label="Deadline used by the usual frame", value=usual,
            note=f"{with_prefix(found.usual.latency, 's')} of {deadline}",
            tone="bad" if usual > _ONCE else "plain",
        ),
        Gauge(
            id="memory", label="Memory", value=memory,
            note=f"{with_prefix(found.held.total, 'B')} of {with_prefix(found.room, 'B')}",
            tone="bad" if memory > _ONCE else "plain",
        ),
        Gauge(
            id="board", label="Board at work", value=rho,
            note=f"at {with_prefix(found.usual.rate, 'Hz')} of the sensor",
            tone="bad" if rho > _ONCE else "plain",
        ),
    )  # fmt: skip


def throughput_equation(found: Loop) -> Equation:
    """Frames a second that the board could verify.

    Args:
        found: The loop.
    """
    frames = Symbol("n", "frames of a batch", float(found.usual.frames))
    busy = Symbol("T", "work of the board on a batch", found.usual.busy, "s", "busy")
    return Equation(
        title="Frames a second",
        left=Symbol("X", "frames that the board could verify", None, "1/s"),
        right=Term("fraction", (frames, busy)),
        source="one thing after the other; the mean over scenes and mistakes of the gate",
    )


def _infeasible(knobs: Knobs, found: Loop) -> str | None:
    """Why a setting cannot drive at all; None if it can."""
    if found.over > 0.0:
        return f"This does not fit: {with_prefix(found.over, 'B')} over the memory of the process."
    if found.behind:
        return f"The board falls behind: {percent(found.usual.utilization)} of its time would be needed."
    gone = lost(knobs)
    return None if gone is None else f"{gone}."


def comparison(before: Loop, now: Loop, columns: tuple[str, str] = _COLUMNS) -> Comparison:
    """Two loops side by side.

    Args:
        before: The first.
        now: The second.
        columns: What they are.
    """
    pairs: tuple[tuple[str, str, float, float, str], ...] = (
        (
            "frames",
            "verified by the board",
            before.usual.throughput,
            now.usual.throughput,
            "frames/s",
        ),
        ("usual", "usual frame, verified after", before.usual.latency, now.usual.latency, "s"),
        ("worst", "worst frame, verified after", before.worst.latency, now.worst.latency, "s"),
        ("scene", "slowest scene, a pass", before.experts.largest, now.experts.largest, "s"),
        ("total", "weights kept", before.held.weights, now.held.weights, "B"),
        ("footprint", "memory held", before.held.total, now.held.total, "B"),
        ("work", "work for a verified frame", before.flops, now.flops, "FLOP"),
    )
    rows = tuple(
        ComparisonRow(
            id=name,
            label=label,
            cells=(with_prefix(first, unit), with_prefix(second, unit)),
            change=change_words(first, second),
        )
        for name, label, first, second, unit in pairs
    )
    return Comparison(
        title="What the setting changes",
        columns=(("left", columns[0]), ("now", columns[1])),
        rows=rows,
        note="Times and bytes are computed; whether the boxes are as good is not: that takes a drive.",
    )


def _assumptions(knobs: Knobs) -> Content:
    """What nobody has measured, with the knobs that change it."""
    facts, given = sheet(), assumed_at(knobs)._asdict()
    turned = [
        replace(
            assumption_of(
                facts.fact(path), facts, label, knob=name, now=float(given[name])
            ),
            id=name,
        )
        for name, (path, label, _) in ASSUMED.items()
    ]  # fmt: skip
    fixed = (
        ("tracker.time", "tracker, a frame"),
        ("tracker.work", "tracker, work for a frame"),
        ("gate.time", "gate, a batch"),
        *((f"scene.{name}.share", f"frames of the drive: {name}") for name in SCENES),
        ("prune.unstructured", "single weights that can be left out"),
        ("prune.block", "blocks of weights that can be left out"),
    )
    shown = [
        replace(assumption_of(facts.fact(path), facts, label), id=path) for path, label in fixed
    ]
    return assumptions([*turned, *shown])
