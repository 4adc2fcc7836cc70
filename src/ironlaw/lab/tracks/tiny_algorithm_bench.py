"""Tiny Pioneer, Part 3: the workbench, live: roofline, power over its floor, lines over sparsity, and the challenge."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ironlaw.instruments.assumptions import assumption_of, assumptions
from ironlaw.instruments.hearable_panel import frame_equations
from ironlaw.instruments.hearable_plan import (
    experts_comparison,
    lines_curve,
    plan_gauges,
    plan_law,
    plan_meter,
    power_equation,
    work_equation,
)
from ironlaw.instruments.scale import percent, significant, with_prefix
from ironlaw.lab.challenge import challenge_view
from ironlaw.lab.hearable_bench import (
    assumed_rows,
    instruments,
    limits,
    map_of,
    slowest,
)
from ironlaw.lab.tracks import tiny_algorithm_challenge, tiny_fusion
from ironlaw.lab.tracks.tiny_algorithm import (
    ESP32,
    before,
    controls,
    half_power,
    left_by,
    left_words,
    network_words,
    plan_at,
)
from ironlaw.lab.tracks.tiny_algorithm_mission import picture
from ironlaw.registry.hearables import hearable_sheet

if TYPE_CHECKING:
    from ironlaw.lab.part import Content, Knobs, Standing
    from ironlaw.system.hearable.plan import Plan

_HEARD = (
    ("gate", "speech", "share of the frames that hold speech"),
    ("gate", "miss", "speech that the detector sleeps through"),
    ("gate", "false_alarm", "pauses in which it wakes the network"),
    ("experts", "changes", "changes of the scene in a minute"),
)


def bench_at(standing: Standing) -> Content:
    """The workbench where a learner stands.

    Args:
        standing: Where they stand.
    """
    knobs, left = standing.knobs, left_by(standing)
    now, first = plan_at(knobs, left), before(left)
    layer, profiler = str(knobs["layer"]), bool(knobs["profiler"])
    shown = instruments(now.frame, first.frame, layer=layer, profiler=profiler)
    gauges = plan_gauges(now, limits().deadline, half_power(left))
    extra = [one for one in (power_equation(now), work_equation(now)) if one is not None]
    return {
        "kind": "roofline",
        "claim": claim(now),
        "configuration": f"{network_words(now)}; layout of {left_words(left)}",
        **shown,
        "law": plan_law(now, slowest(now.frame)).to_dict(),
        "gauges": [gauge.to_dict() for gauge in gauges],
        "peeks": [
            one.to_dict() for one in (*extra, *frame_equations(now.frame, limits().deadline))
        ],
        "controls": [control.to_dict(knobs[control.id]) for control in controls()],
        "infeasible": infeasible(now),
        "cache": map_of(now.frame, layer),
        "curve": lines_curve(now).to_dict(),
        "meter": plan_meter(now, limits().power).to_dict(),
        "comparison": compared(first, now),
        "optimizations": picture(knobs, left).to_dict(),
        "assumptions": assumed_of(knobs, now),
        "challenge": challenge_view(tiny_algorithm_challenge.challenge(), standing),
    }


def compared(first: Plan, now: Plan) -> Content | None:
    """Flash against SRAM against traffic; None while there is one network of the same size.

    Args:
        first: The network as Part 2 left it.
        now: How networks are run.
    """
    if now.count == 1 and now.frame.enhancer.hidden == first.frame.enhancer.hidden:
        return None
    return experts_comparison(first, now).to_dict()


def claim(now: Plan) -> str:
    """What the knobs come to, in a sentence."""
    power, floor = now.power.total, now.power.floor
    took = with_prefix(now.worst, "s")
    late = now.worst - limits().deadline
    when = f"{with_prefix(late, 's')} too late" if late > 0.0 else f"in {took}"
    said = f"{with_prefix(power, 'W')}, {percent(floor / power)} of it asleep; the longest frame {when}."
    if now.gate is None:
        return said
    more = significant(now.work_per_accepted / now.frame.flops)
    return (
        f"{said} The network runs in {percent(now.awake)} of the hops; each enhanced frame of speech takes {more}× its "
        "work."
    )


def infeasible(now: Plan) -> str | None:
    """What does not fit, and by how much; None if all does."""
    chip = now.frame.machine.chip.short_title
    if now.sram_over > 0.0:
        return f"This does not fit: {with_prefix(now.sram_over, 'B')} over the SRAM of the {chip}."
    if now.stored_over > 0.0:
        over, many = with_prefix(now.stored_over, "B"), now.count
        return f"This does not fit: {many} networks are {over} over the memory that keeps them."
    return None


def assumed_of(knobs: Knobs, now: Plan) -> Content:
    """What decides the answer and nobody has measured: wearer, detector, and the chip at hand.

    Args:
        knobs: Where they stand.
        now: How the network is run.
    """
    sheet = hearable_sheet()
    heard = [
        assumption_of(
            sheet.fact(f"{table}.{name}"), sheet, label, knob=name, now=float(knobs[name])
        )
        for table, name, label in _HEARD
    ]
    runs = now.frame.machine
    if knobs["chip"] == ESP32:
        registered = tiny_fusion.machine_of(now.frame.layout.walk.dtype)
        return assumptions((*heard, *assumed_rows(knobs, registered, now.frame)))
    facts, paths = runs.chip.sheet, runs.paths
    named = (
        (paths["arithmetic"], "rate of the arithmetic"),
        (paths[runs.home.value], "rate at which the weights come"),
        (paths["active"], "power while busy"),
        ("power.idle", "power while asleep"),
    )
    rest = [assumption_of(facts.fact(path), facts, label) for path, label in named]
    return assumptions((*heard, *rest))
