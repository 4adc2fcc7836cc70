"""Mobile Nomad, Part 1: the workbench, its roofs in time and in joules, the heat of ten minutes, the gauges."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ironlaw.base.equation import Equation, Symbol, Term
from ironlaw.base.number import summed
from ironlaw.instruments.energy_roofline import energy_roofline
from ironlaw.instruments.gauges import Gauge, gauges
from ironlaw.instruments.joules import Spent, joule_waterfall
from ironlaw.instruments.kernel_table import Column, Table, kernel_table
from ironlaw.instruments.law import law_bar
from ironlaw.instruments.math_peek import (
    layer_equation,
    mbu_equation,
    mfu_equation,
    ridge_equation,
    step_equation,
)
from ironlaw.instruments.scale import percent, significant, with_prefix
from ironlaw.instruments.step_roofline import roofline_picture
from ironlaw.instruments.waterfall import Fall
from ironlaw.lab.tracks.mobile_glasses import (
    assumption_table,
    celsius,
    printed,
    ten_minutes,
    title_of,
)
from ironlaw.lab.tracks.mobile_heat import (
    controls,
    layer_words,
    limit_at,
    load_at,
    pass_of,
    points,
    rate_words,
)
from ironlaw.system.interval import step_interval
from ironlaw.system.table import bound_of, step_terms, sum_of_terms

if TYPE_CHECKING:
    from ironlaw.instruments.roofline import RooflinePicture
    from ironlaw.instruments.step_roofline import View
    from ironlaw.instruments.thermal_trace import ThermalTrace
    from ironlaw.lab.part import Content, Knobs
    from ironlaw.lab.tracks.mobile_heat import Load


def bench(knobs: Knobs) -> Content:
    """The workbench at some knobs.

    Args:
        knobs: Where they stand.
    """
    load = load_at(knobs)
    view, layer, profiler = load.view, str(knobs["layer"]), bool(knobs["profiler"])
    begun = pass_of(load.job, printed())
    trace = thermal(load, knobs)
    return {
        "kind": "roofline",
        "claim": claim(load, layer, knobs),
        "configuration": configuration(load, knobs),
        "roofline": named(
            roofline_picture(view, begun, layer=layer, profiler=profiler, other=None)
        ).to_dict(),
        "energy": named(energy_roofline(view, begun, layer=layer)).to_dict(),
        "thermal": trace.to_dict(),
        "joules": joules(load),
        "assumptions": assumption_table(knobs),
        "law": unranged(view),
        "gauges": [gauge.to_dict() for gauge in load_gauges(load, knobs)],
        "peeks": [equation.to_dict() for equation in equations(load, layer)],
        "kernels": table(load).to_dict(),
        "infeasible": late(load),
        "controls": [control.to_dict(knobs[control.id]) for control in controls()],
    }


def named(picture: RooflinePicture) -> RooflinePicture:
    """A roofline whose dots are called as people call their layers.

    Args:
        picture: The roofline.
    """
    dots = tuple(replace(dot, label=layer_words(dot.layer)) for dot in picture.dots)
    red = picture.selected
    return replace(
        picture,
        dots=dots,
        selected=None if red is None else replace(red, label=layer_words(red.id)),
    )


def unranged(view: View) -> Content:
    """The Iron Law bar without a range: residuals of other chips say nothing of a device that nobody has measured.

    Args:
        view: The pass.
    """
    bar = law_bar(view.rows, step_interval(view.diagnosis)).to_dict()
    return {name: bar[name] for name in ("total", "terms")}


def thermal(load: Load, knobs: Knobs) -> ThermalTrace:
    """Ten minutes of what runs.

    Args:
        load: What runs.
        knobs: Where the knobs stand.
    """
    title = f"Ten minutes of the {title_of(load.job)} in air of {celsius(float(knobs['ambient']))}"
    return ten_minutes(knobs, points(load, knobs), title, governor=bool(knobs["governor"]))


def claim(load: Load, layer: str, knobs: Knobs) -> str:
    """What binds the layer, and what the skin says to it, in a sentence.

    Args:
        load: What runs.
        layer: The layer that is looked at.
        knobs: Where the knobs stand.
    """
    name, bound = (
        layer_words(layer),
        bound_of(sum_of_terms(r.terms for r in load.view.layer(layer))),
    )
    binds = {
        "memory": "sits on the slope: bandwidth binds its time",
        "compute": "sits under the plateau: arithmetic binds its time",
    }.get(bound, "is too small to fill the chip")
    name = name[0].upper() + name[1:]
    return f"{name} {binds}; {_worn(load, knobs)}"


def _worn(load: Load, knobs: Knobs) -> str:
    """Whether the temple stays cool, in words."""
    bears, draws = load.budget.load, load.power
    drawn = f"{rate_words(load.job, load.rate)} draw {with_prefix(draws, 'W')}"
    limit = celsius(limit_at(knobs))
    if draws <= bears:
        return f"{drawn}, of the {with_prefix(max(bears, 0.0), 'W')} that a skin at {limit} bears."
    if bears <= 0.0:
        return f"{drawn}, and in this air the skin passes {limit} with nothing to do."
    return f"{drawn}, {significant(draws / bears, 2)} times what a skin at {limit} bears."


def configuration(load: Load, knobs: Knobs) -> str:
    """What runs where, in a line.

    Args:
        load: What runs.
        knobs: Where the knobs stand.
    """
    scale = float(knobs["bandwidth_scale"])
    memory = "" if scale == 1.0 else f", {significant(scale)} × its memory bandwidth"
    governor = "on" if knobs["governor"] else "off"
    scenario = load.view.diagnosis.scenario
    return (
        f"{scenario.chip.short_title}{memory}, {scenario.spec.title} in {scenario.weights.value}, nothing fused, "
        f"{rate_words(load.job, load.asked)}, air of {celsius(float(knobs['ambient']))}, governor {governor}"
    )


def late(load: Load) -> str | None:
    """What does not come out in time; None where all of it does.

    Args:
        load: What runs.
    """
    if load.rate >= load.asked:
        return None
    step = with_prefix(float(load.view.diagnosis.step), "s")
    return (
        f"Too slow: one pass takes {step}, so {significant(load.rate)} of {significant(load.asked)} a second come out, "
        "and the heat is that of those."
    )


def load_gauges(load: Load, knobs: Knobs) -> tuple[Gauge, ...]:
    """Power and frame time, each of what it may be, and both utilisations.

    Args:
        load: What runs.
        knobs: Where the knobs stand.
    """
    diagnosis = load.view.diagnosis
    step, period = float(diagnosis.step), 1.0 / load.asked
    bears = load.budget.load
    share = load.power / bears if bears > 0.0 else load.power / load.budget.leakage
    of = f"of {with_prefix(bears, 'W')} that the skin bears in air of {celsius(float(knobs['ambient']))}"
    known = {gauge.id: gauge for gauge in gauges(diagnosis, None)}
    return (
        Gauge(
            id="power",
            label="Power",
            value=share,
            note=f"{with_prefix(load.power, 'W')} {of}"
            if bears > 0.0
            else "nothing is left for work",
            tone="bad" if share > 1.0 or bears <= 0.0 else "plain",
        ),
        Gauge(
            id="frame",
            label="Frame time",
            value=step / period,
            note=f"{with_prefix(step, 's')} of {with_prefix(period, 's')}",
            tone="bad" if step > period else "plain",
        ),
        known["mfu"],
        replace(
            known["mbu_raw"], note=f"of {with_prefix(diagnosis.scenario.chip.bandwidth, 'B/s')}"
        ),
    )


def joules(load: Load) -> Content:
    """The energy of a pass, less what its bytes cost layer by layer: what is left is arithmetic.

    Args:
        load: What runs.
    """
    moving: dict[str, float] = {}
    for row, (_, moved) in zip(load.view.rows, load.energy, strict=False):
        moving[row.layer] = moving.get(row.layer, 0.0) + moved
    falls = tuple(
        Fall(id=layer, label=f"bytes of {layer_words(layer)}", change=-moved)
        for layer, moved in moving.items()
        if moved > 0.0
    )
    flops = summed(row.flops for row in load.view.rows)
    kernels = load.view.diagnosis.n_kernels
    return joule_waterfall(
        f"{with_prefix(load.joules, 'J')} a pass: {percent(load.moved / load.joules)} of it moves bytes",
        ("a pass", Spent(load.joules, flops, kernels)),
        falls,
        ("arithmetic alone", Spent(load.arithmetic, flops, kernels)),
        "No operation goes away: what would be left if no byte had to move.",
    )


def table(load: Load) -> Table:
    """The kernels with their joules.

    Args:
        load: What runs.
    """
    plain = kernel_table(load.view.rows)
    spent = [compute + moved for compute, moved in load.energy]
    spent += [0.0] * (len(plain.rows) - len(spent))
    rows = tuple({**row, "energy": joule} for row, joule in zip(plain.rows, spent, strict=True))
    return Table((*plain.columns, Column("energy", "energy", "J")), rows)


def equations(load: Load, layer: str) -> tuple[Equation, ...]:
    """The equations behind the instruments.

    Args:
        load: What runs.
        layer: The layer that is looked at.
    """
    diagnosis = load.view.diagnosis
    spent = (
        Symbol("E", "arithmetic", load.arithmetic, "J", "ops"),
        Symbol("E", "bytes moved", load.moved, "J", "move"),
    )
    energy = Term("sum", spent)
    rate = Symbol("f", "passes a second", load.rate, "1/s")
    watts = Term("product", (energy, rate))
    beside = Symbol("P", "power beside the work", load.beside, "W", "idle")
    return (
        Equation(
            title="Power",
            left=Symbol("P", "power", None, "W"),
            right=Term("sum", (watts, beside)),
            source="operations and bytes at the energy of each",
        ),
        Equation(
            title="Share of the joules that moves bytes",
            left=Symbol("s", "share", None, "", "move"),
            right=Term("fraction", (spent[1], energy)),
            source="operations and bytes at the energy of each",
        ),
        step_equation(step_terms(load.view.rows)),
        layer_equation(load.view.layer(layer)),
        ridge_equation(diagnosis),
        mfu_equation(diagnosis),
        mbu_equation(diagnosis, useful=False),
    )
