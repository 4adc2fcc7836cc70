"""Mobile Nomad, Part 3: the workbench, a step of the translator with what drafts, chooses or is pruned."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, cast

from ironlaw.base.equation import Equation, Symbol, Term
from ironlaw.base.plain import plain_fields
from ironlaw.instruments.assumptions import assumption_of
from ironlaw.instruments.energy_roofline import energy_roofline
from ironlaw.instruments.gauges import Gauge, gauges
from ironlaw.instruments.math_peek import (
    layer_equation,
    mbu_equation,
    ridge_equation,
    step_equation,
)
from ironlaw.instruments.scale import significant, with_prefix
from ironlaw.instruments.step_roofline import roofline_picture
from ironlaw.lab.challenge import challenge_view
from ironlaw.lab.tracks.mobile_algorithm import controls, most_experts, point_words, step_view
from ironlaw.lab.tracks.mobile_algorithm_pictures import (
    comparison,
    curve_picture,
    joules_picture,
    optimizations,
    round_picture,
)
from ironlaw.lab.tracks.mobile_algorithm_proof import challenge
from ironlaw.lab.tracks.mobile_glasses import (
    assumption_table,
    budget_at,
    celsius,
    facts_at,
    operating_points,
    sheet,
    ten_minutes,
)
from ironlaw.lab.tracks.mobile_heat import Load, energies, layer_words
from ironlaw.lab.tracks.mobile_heat_bench import named, table, unranged
from ironlaw.lab.tracks.mobile_words import (
    TRANSLATOR,
    Words,
    draft_title,
    drafts,
    words_at,
)
from ironlaw.system.table import bound_of, step_terms, sum_of_terms

if TYPE_CHECKING:
    from ironlaw.instruments.step_roofline import View
    from ironlaw.instruments.thermal_trace import ThermalTrace
    from ironlaw.lab.part import Content, Knobs, Standing
    from ironlaw.system.thermal.budget import HeatBudget


def bench(standing: Standing) -> Content:
    """The workbench where a learner stands.

    Args:
        standing: Where they stand.
    """
    found, knobs = words_at(standing), standing.knobs
    layer = str(knobs["layer"])
    view, begun = step_view(found.now.verify), step_view(found.plain.plain)
    budget = budget_at(knobs)
    load = _load(found, view, budget)
    return {
        "kind": "roofline",
        "claim": claim(found, view, layer),
        "configuration": configuration(found, knobs),
        "roofline": named(
            roofline_picture(view, begun, layer=layer, profiler=False, other=None)
        ).to_dict(),
        "energy": named(energy_roofline(view, begun, layer=layer)).to_dict(),
        "thermal": thermal(found, knobs, budget).to_dict(),
        "joules": joules_picture(found),
        "optimizations": optimizations(found),
        "round": round_picture(found),
        "curve": curve_picture(found, str(knobs["curve"])),
        "comparison": comparison(found).to_dict(),
        "assumptions": assumed(knobs),
        "law": unranged(view),
        "gauges": [gauge.to_dict() for gauge in word_gauges(found, budget)],
        "peeks": [equation.to_dict() for equation in equations(found, view, layer)],
        "kernels": table(load).to_dict(),
        "infeasible": infeasible(found),
        "controls": [control.to_dict(knobs[control.id]) for control in controls()],
        "challenge": challenge_view(challenge(), standing),
    }


def _load(found: Words, view: View, budget: HeatBudget) -> Load:
    """A step as what runs, for the table of its kernels."""
    rate = found.phrases * found.now.rounds
    return Load(
        job=TRANSLATOR,
        view=view,
        asked=rate,
        rate=rate,
        energy=energies(view),
        beside=found.glasses.beside,
        budget=budget,
    )


def claim(found: Words, view: View, layer: str) -> str:
    """Where the layer sits, and what a word costs, in a sentence.

    Args:
        found: What the knobs come to.
        view: The step that is looked at.
        layer: The layer that is looked at.
    """
    bound = bound_of(sum_of_terms(row.terms for row in view.layer(layer)))
    where = {
        "memory": "sits on the slope: its weights are read for every step",
        "compute": "sits under the plateau",
    }.get(bound, "is too small to fill the chip")
    name = layer_words(layer)
    words = (
        f"a word costs {with_prefix(found.joules, 'J')}, {significant(found.gain)} words for the joules of one"
        if found.point.changes
        else f"a word costs {with_prefix(found.joules, 'J')}"
    )
    return f"{name[0].upper()}{name[1:]} {where}; {words}."


def configuration(found: Words, knobs: Knobs) -> str:
    """What runs where, in a line.

    Args:
        found: What the knobs come to.
        knobs: Where they stand.
    """
    step = len(found.now.acceptance) + 1
    words = "1 word" if step == 1 else f"{step} words"
    return (
        f"{found.chip.short_title}, translator, {point_words(found.point)}; a step of {words}, nothing fused; "
        f"{significant(found.phrases)} phrases a second, air of {celsius(float(knobs['ambient']))}"
    )


def infeasible(found: Words) -> str | None:
    """What does not fit; None where all does.

    Args:
        found: What the knobs come to.
    """
    if found.over <= 0.0:
        return None
    return (
        f"This does not fit: {with_prefix(found.footprint, 'B')} of {with_prefix(found.chip.capacity, 'B')}. They "
        f"hold {most_experts(found)} such experts."
    )


def word_gauges(found: Words, budget: HeatBudget) -> tuple[Gauge, ...]:
    """Joules of a word, operations of a word, memory, power.

    Args:
        found: What the knobs come to.
        budget: What the skin bears for good.
    """
    bears = budget.load
    share = found.power / bears if bears > 0.0 else found.power / budget.leakage
    known = {gauge.id: gauge for gauge in gauges(found.now.verify, None)}
    room = found.chip.capacity
    return (
        Gauge(
            id="joules",
            label="Joules a word",
            value=found.joules / found.plain_joules,
            note=f"{with_prefix(found.joules, 'J')} of the {with_prefix(found.plain_joules, 'J')} that it took",
            tone="warn" if found.joules > found.plain_joules else "plain",
        ),
        Gauge(
            id="work",
            label="Operations a word",
            value=found.work,
            note=f"of the {with_prefix(found.plain.per_sample.flops / found.plain.rounds, 'FLOP')} that it took",
        ),
        Gauge(
            id="memory",
            label="Memory",
            value=found.footprint / room,
            note=f"{with_prefix(found.footprint, 'B')} of {with_prefix(room, 'B')}, the other networks with it",
            tone="bad" if found.over > 0.0 else "plain",
        ),
        Gauge(
            id="power",
            label="Power",
            value=share,
            note=f"{with_prefix(found.power, 'W')} of {with_prefix(max(bears, 0.0), 'W')} that the skin bears; "
            f"{with_prefix(found.watts, 'W')} of it the translator",
            tone="bad" if share > 1.0 or bears <= 0.0 else "plain",
        ),
        replace(
            known["mbu_raw"], note=f"of {with_prefix(found.chip.bandwidth, 'B/s')}, in the step"
        ),
    )


def thermal(found: Words, knobs: Knobs, budget: HeatBudget) -> ThermalTrace:
    """Ten minutes of the glasses, all that Part 2 left and the translator as it stands.

    Args:
        found: What the knobs come to.
        knobs: Where they stand.
        budget: What the skin bears for good.
    """
    frames = found.glasses
    known = facts_at(knobs).rates

    def power(fps: float) -> float:
        return found.power + (fps - frames.fps) * frames.passes[0].total

    steps = operating_points(frames.fps, known, power, budget.load)
    air = celsius(float(knobs["ambient"]))
    return ten_minutes(knobs, steps, f"Ten minutes of the glasses in air of {air}", governor=True)


def assumed(knobs: Knobs) -> Content:
    """What decides the answer and nobody has measured: the drafts, and the device.

    Args:
        knobs: Where they stand.
    """
    content = assumption_table({**knobs, "peak_scale": 1.0})
    rows: list[object] = []
    for name in drafts():
        fact = sheet().fact(f"draft.{name}.acceptance")
        stands = str(knobs["draft"]) == name
        row = assumption_of(
            fact,
            sheet(),
            f"accepted of {draft_title(name)}",
            now=float(knobs["alpha"]) if stands else None,
        )
        rows.append(plain_fields(replace(row, id=f"alpha.{name}")))
    return {**content, "rows": [*rows, *cast("list[object]", content["rows"])]}


def equations(found: Words, view: View, layer: str) -> tuple[Equation, ...]:
    """The equations behind the instruments.

    Args:
        found: What the knobs come to.
        view: The step that is looked at.
        layer: The layer that is looked at.
    """
    now = found.now
    once = now.per_sample.joules - now.rounds * now.per_token.joules
    made = Symbol("n", "words that a round makes", now.tokens_per_round, "")
    a_round = Symbol("E", "a round: draft and check", now.round.joules, "J", "round")
    share = Term(
        "fraction",
        (
            Symbol("E", "what runs once a phrase", once, "J", "once"),
            Symbol("n", "words of a phrase", float(now.rounds), "", "phrase"),
        ),
    )
    word = Equation(
        title="Joules of a word",
        left=Symbol("E", "joules of a word", None, "J", "word"),
        right=Term("sum", (Term("fraction", (a_round, made)), share)),
        source="Leviathan et al. 2023, in joules; steps diagnosed, operations and bytes at the energy of each",
    )
    gain = Equation(
        title="Words for the joules of one",
        left=Symbol("g", "words for the joules of one as it was", None, ""),
        right=Term(
            "fraction",
            (
                Symbol("E", "a word as it was", found.plain_joules, "J", "before"),
                Symbol("E", "a word as it stands", found.joules, "J", "word"),
            ),
        ),
        source="both in the same format, on the same device",
    )
    return (
        word,
        gain,
        step_equation(step_terms(view.rows)),
        layer_equation(view.layer(layer)),
        ridge_equation(view.diagnosis),
        mbu_equation(view.diagnosis, useful=False),
    )
