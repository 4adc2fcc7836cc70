"""Mobile Nomad, Part 3: the whole mission in watts of the glasses, from Part 1 as it was found to what stands now."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from ironlaw.base.number import summed
from ironlaw.explore.attribution import Attribution, Means, Optimization, attribute
from ironlaw.instruments.comparison import Comparison, ComparisonRow, change_words
from ironlaw.instruments.optimizations import OptimizationWaterfall
from ironlaw.instruments.scale import percent, significant, with_prefix
from ironlaw.lab.defence import in_order, mission_view
from ironlaw.lab.tracks.mobile_algorithm import point_words, start
from ironlaw.lab.tracks.mobile_fusion import start as fusion_start
from ironlaw.lab.tracks.mobile_glasses import (
    JOBS,
    MILD,
    budget_at,
    cadence,
    celsius,
    printed,
)
from ironlaw.lab.tracks.mobile_wear import pass_of
from ironlaw.lab.tracks.mobile_words import (
    TRANSLATOR,
    Left,
    Point,
    chip_of,
    drafter,
    left_by,
    point_of,
    target,
)
from ironlaw.registry.dtypes import Dtype
from ironlaw.system.acceptance import acceptances, tokens_per_round
from ironlaw.system.energy_plan import LayerPlanner, Plan

if TYPE_CHECKING:
    from ironlaw.lab.part import Content, Knobs, Standing
    from ironlaw.registry.chips import Chip
    from ironlaw.workload.network import Network


def chosen(standing: Standing) -> Point:
    """What stands in Part 3: what was proved, or where the knobs stand.

    Args:
        standing: Where the learner stands.
    """
    held = standing.proved
    return point_of(standing.knobs if held is None else held.knobs)


def mission(standing: Standing) -> Attribution:
    """The power of the glasses taken apart, at every frame and the cadence of the pipeline.

    Args:
        standing: Where the learner stands.
    """
    return _mission(left_by(standing).plans, chosen(standing))


@lru_cache(maxsize=16)
def _mission(plans: tuple[Plan, ...], point: Point) -> Attribution:
    chip = chip_of(start())
    fused, narrow = (
        int(summed(len(kind) for kind in kinds))
        for kinds in zip(*((plan.fused, plan.narrow) for plan in plans), strict=True)
    )
    changes = [
        Optimization(id="precision", label=f"{narrow} layers in int8", means=Means.PRECISION),
        Optimization(id="fusion", label=f"{fused} layers fused with the next", means=Means.FUSION),
    ]
    if point.changes:
        words = f"the translator: {point_words(point).partition(', ')[2]}"
        changes.append(Optimization(id="algorithm", label=words, means=Means.ALGORITHM))

    def power(made: frozenset[str]) -> float:
        kept = [
            Plan(
                plan.fused if "fusion" in made else frozenset(),
                plan.narrow if "precision" in made else frozenset(),
            )
            for plan in plans
        ]
        jobs = zip(JOBS[:-1], kept[:-1], strict=True)
        around = summed(cadence(job) * pass_of(job, chip, plan).total for job, plan in jobs)
        known = point if "algorithm" in made else Point()
        return around + cadence(TRANSLATOR) * phrase(known, kept[-1], chip)

    return attribute(changes, power)


@lru_cache(maxsize=64)
def phrase(point: Point, plan: Plan, chip: Chip) -> float:
    """Joules of a phrase under a plan of Part 2 and what Part 3 changes [J].

    Where a layer is new, or may not share its kernel any more, it stands alone.

    Args:
        point: What is done to the translator; the plan has its formats.
        plan: What is fused and narrow.
        chip: The chip.
    """
    dtype = Dtype.INT8 if plan.narrow else Dtype.FP16
    known = target(point._replace(dtype=dtype.value).only(frozenset({"experts", "sparsity"})))
    draft = drafter(point.draft) if point.alpha else None
    alphas = acceptances(point.alpha, point.length) if "draft" in point.changes else ()
    once = _joules(known.once, plan, chip)
    check = _joules(known.step(1 + len(alphas)), plan, chip)
    proposed = 0.0
    if draft is not None and alphas:
        once += _joules(draft.once, plan, chip)
        proposed = len(alphas) * _joules(draft.step(1), plan, chip)
    return once + known.rounds * (proposed + check) / tokens_per_round(alphas)


def _joules(network: Network, plan: Plan, chip: Chip) -> float:
    plans = LayerPlanner(network, chip)
    there = {layer.name: layer for layer in plans.layers}
    narrow = frozenset(name for name in plan.narrow if name in there and there[name].may_be_narrow)
    fused = frozenset[str]()
    for name in sorted(plan.fused & there.keys()):
        wider = fused | {name}
        if plans.obstacle(Plan(wider, narrow)) is None:
            fused = wider
    return plans.energy(Plan(fused, narrow)).total


def exhibit(standing: Standing) -> Content:
    """The exhibit of the defence.

    Args:
        standing: Where the learner stands.
    """
    return mission_view(
        picture(standing, standing.knobs),
        standing.knobs,
        configuration(left_by(standing), chosen(standing)),
        beside(standing).to_dict(),
    )


def waterfall(standing: Standing) -> Content:
    """The waterfall of the whole mission, for the ledger.

    Args:
        standing: Where the learner stands.
    """
    return picture(standing, standing.defended).to_dict()


def picture(standing: Standing, knobs: Knobs) -> OptimizationWaterfall:
    """The waterfall of the whole mission.

    Args:
        standing: Where the learner stands.
        knobs: Where they stand, the order among them.
    """
    left = left_by(standing)
    whose = (
        "Precision and fusion are those of your best run of Part 2."
        if left.own
        else "No run of Part 2 is known that held: precision and fusion are those of the engine's optimum."
    )
    share = share_of_translator(standing)
    return OptimizationWaterfall(
        found=in_order(mission(standing), knobs),
        quantity="power of the glasses",
        unit="W",
        ends=("as Part 1 found it", "as you leave it"),
        note=(
            f"{whose} What stands in Part 3 works on the translator, {percent(share)} of what Part 2 left: twice its "
            "words for a joule cannot spare more than half of that."
        ),
    )


def share_of_translator(standing: Standing) -> float:
    """What the translator draws of all that runs, as Part 2 left it.

    Args:
        standing: Where the learner stands.
    """
    left, chip = left_by(standing), chip_of(start())
    watts = [
        cadence(job) * pass_of(job, chip, plan).total
        for job, plan in zip(JOBS, left.plans, strict=True)
    ]
    return watts[-1] / summed(watts)


def configuration(left: Left, point: Point) -> str:
    """What the watts are of, in a line.

    Args:
        left: What Part 2 left.
        point: What stands in Part 3.
    """
    rates = ", ".join(f"{job} {significant(cadence(job))} a second" for job in JOBS)
    plan = "your best run of Part 2" if left.own else "the optimum of Part 2"
    return f"{printed().short_title}, {rates}; {plan}; translator {point_words(point)}"


def beside(standing: Standing) -> Comparison:
    """The whole, and the phrase that Part 3 worked on.

    Args:
        standing: Where the learner stands.
    """
    left, chip, found = left_by(standing), chip_of(start()), mission(standing)
    plain, now = (phrase(point, left.plans[-1], chip) for point in (Point(), chosen(standing)))
    first = phrase(Point(), Plan(), chip)
    after = found.times[frozenset({"precision", "fusion"})]
    bears = f"{with_prefix(budget_at(fusion_start()).load, 'W')} at {celsius(MILD)}"
    return Comparison(
        title="The whole, and the phrase",
        columns=(("found", "Part 1"), ("left", "Part 2"), ("now", "Part 3")),
        rows=(
            _row("power", f"power of the glasses, of {bears}", "W", (found.before, after, found.after)),
            _row("phrase", "joules of a phrase", "J", (first, plain, now)),
        ),
        note="Every frame asked for, and phrases at the cadence of the pipeline.",
    )  # fmt: skip


def _row(name: str, label: str, unit: str, values: tuple[float, ...]) -> ComparisonRow:
    cells = tuple(with_prefix(value, unit) for value in values)
    return ComparisonRow(
        id=name, label=label, cells=cells, change=change_words(values[0], values[-1])
    )
