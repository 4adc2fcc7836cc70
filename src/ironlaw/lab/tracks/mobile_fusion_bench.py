"""Mobile Nomad, Part 2: the workbench, its plan as it stands, and the instruments as the last run left them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ironlaw.base.equation import Equation, Symbol, Term
from ironlaw.base.number import summed
from ironlaw.instruments.gauges import Gauge
from ironlaw.instruments.joules import Spent, joule_waterfall
from ironlaw.instruments.kernel_table import Column, Table
from ironlaw.instruments.scale import percent, significant, with_prefix
from ironlaw.instruments.waterfall import Fall
from ironlaw.lab.fusion_knobs import LOOKS
from ironlaw.lab.runs import last_that_ran
from ironlaw.lab.tracks.mobile_fusion import (
    RUNS,
    controls,
    counted,
    in_short,
    look_control,
    start,
)
from ironlaw.lab.tracks.mobile_glasses import (
    JOBS,
    assumption_table,
    celsius,
    facts_at,
    printed,
    ten_minutes,
    title_of,
)
from ironlaw.lab.tracks.mobile_plan import picture
from ironlaw.lab.tracks.mobile_roofs import energy_view, time_view
from ironlaw.lab.tracks.mobile_wear import NOTHING, heat_time, points, worn, worn_at
from ironlaw.registry.dtypes import Dtype
from ironlaw.system.energy_plan import Plan

if TYPE_CHECKING:
    from ironlaw.lab.part import Content, Knobs, Standing
    from ironlaw.lab.runs import Run
    from ironlaw.lab.tracks.mobile_wear import Worn


def bench(standing: Standing) -> Content:
    """The workbench where a learner stands.

    Args:
        standing: Where they stand.
    """
    knobs = standing.knobs
    last = standing.runs[-1] if standing.runs else None
    return {
        "kind": "fusion",
        "claim": opening() if last is None else claim(last),
        "configuration": configuration(knobs),
        "controls": [c.to_dict(knobs[c.id]) for c in controls() if c.id not in LOOKS],
        "graph": None,
        "plan": picture(knobs),
        "assumptions": assumption_table({**knobs, "peak_scale": 1.0}),
        "runs": counted().table(standing.runs),
        "stale": last is not None and _decides(last.knobs) != _decides(knobs),
        "result": None if last is None else result(last, str(knobs["layer"])),
        "failure": None if last is None else failure(standing, last),
    }


def _decides(knobs: Knobs) -> dict[str, object]:
    """The knobs that a run depends on: the level is only a name of the plan, and looking costs none."""
    return {name: value for name, value in knobs.items() if name not in ("level", *LOOKS)}


def opening() -> str:
    """What to do before the first run."""
    return (
        "Choose what is fused and what is int8, layer by layer, and how many frames are shown; then press Run. There "
        f"are {RUNS} runs. Every frame has to be in time and the skin has to bear the heat for good; leave as much of "
        "the arithmetic in fp16 as you can, because each layer in int8 has to be validated."
    )


def configuration(knobs: Knobs) -> str:
    """What runs where, in a line.

    Args:
        knobs: Where they stand.
    """
    named = ", ".join(title_of(job) for job in JOBS)
    return f"{printed().short_title}, {named}; {in_short(knobs)}"


def claim(run: Run) -> str:
    """What came out of a run, in a sentence.

    Args:
        run: The run.
    """
    found = worn_at(run.knobs)
    said = f"Run {run.number}: {found.fps:g} frames a second draw {with_prefix(found.power, 'W')}"
    if run.outcome.failure == "deadline":
        return f"Run {run.number}: a frame takes {with_prefix(found.frame, 's')}, and is late."
    if run.outcome.failure == "throttle":
        return f"{said}, {with_prefix(found.throttled, 'W')} more than the skin bears."
    return (
        f"{said}, and the skin bears it; {percent(found.in_fp16)} of the arithmetic stays in fp16."
    )


def result(run: Run, job: str) -> Content:
    """The instruments of a run.

    Args:
        run: The run.
        job: The network that the roofs look at.
    """
    found = worn_at(run.knobs)
    begun = worn(run.knobs, tuple(NOTHING for _ in JOBS))
    look = look_control()
    return {
        "waterfall": None,
        "roofline": time_view(found, begun, job),
        "energy": energy_view(found, begun, job),
        "thermal": thermal(found, run.knobs),
        "joules": joules(found, run),
        "law": None,
        "gauges": [gauge.to_dict() for gauge in wear_gauges(found, run.knobs)],
        "peeks": [equation.to_dict() for equation in equations(found)],
        "kernels": table(found).to_dict(),
        "looks": [look.to_dict(job)],
    }


def thermal(found: Worn, knobs: Knobs) -> Content:
    """Ten minutes of a plan on the head, under the governor.

    Args:
        found: The plan.
        knobs: Where the knobs stand.
    """
    air = celsius(float(knobs["ambient"]))
    title = f"Ten minutes at {with_prefix(found.power, 'W')} in air of {air}"
    return ten_minutes(knobs, points(found, knobs), title, governor=True).to_dict()


def joules(found: Worn, run: Run) -> Content:
    """Joules of a second: as it was found, less what each network's fusions and its int8 take off.

    Args:
        found: The plan of the run.
        run: The run.
    """
    begun = worn(run.knobs, tuple(NOTHING for _ in JOBS))
    fused = worn(run.knobs, tuple(Plan(plan.fused, frozenset()) for plan in found.plans))
    energies = [one.per_second(lambda each: each.total) for one in (begun, fused, found)]
    falls = [
        Fall(
            id=f"{job}.{kind}",
            label=f"{title_of(job)}: {words}",
            change=energies[step + 1][place] - energies[step][place],
        )
        for place, job in enumerate(JOBS)
        for step, (kind, words) in enumerate((("fuse", "fused"), ("int8", "in int8")))
    ]
    before, after = (
        Spent(summed(one.per_second(lambda each: each.total)), one.flops, one.launched)
        for one in (begun, found)
    )
    gone = percent(1.0 - after.energy / before.energy)
    return joule_waterfall(
        f"{with_prefix(after.energy, 'J')} a second: {gone} of the joules are gone",
        ("as it was found", before),
        tuple(fall for fall in falls if fall.change != 0.0),
        (f"run {run.number}", after),
        "A fusion does the same operations and moves fewer bytes; int8 does as many, each for fewer joules.",
    )


def wear_gauges(found: Worn, knobs: Knobs) -> tuple[Gauge, ...]:
    """Power and frame time, each of what it may be, the utilisation, and what stays in fp16.

    Args:
        found: The plan.
        knobs: Where the knobs stand.
    """
    bears, period = found.budget.load, 1.0 / found.fps
    air = celsius(float(knobs["ambient"]))
    of = f"of {with_prefix(bears, 'W')} that the skin bears in air of {air}"
    share = found.power / bears if bears > 0.0 else found.power / found.budget.leakage
    return (
        Gauge(
            id="power",
            label="Power",
            value=share,
            note=f"{with_prefix(found.power, 'W')} {of}"
            if bears > 0.0
            else "nothing is left for work",
            tone="bad" if found.throttled > 0.0 else "plain",
        ),
        Gauge(
            id="frame",
            label="Frame time",
            value=found.frame / period,
            note=f"{with_prefix(found.frame, 's')} of {with_prefix(period, 's')}, the other networks' share with it",
            tone="bad" if found.late > 0.0 else "plain",
        ),
        Gauge(
            id="mfu",
            label="MFU",
            value=found.mfu,
            note=f"{with_prefix(found.flops, 'FLOP/s')} of {with_prefix(printed().peak(Dtype.FP16), 'FLOP/s')}",
        ),
        Gauge(
            id="fp16",
            label="Left in fp16",
            value=found.in_fp16,
            note="of the arithmetic; the rest has to be validated in int8",
        ),
    )


def equations(found: Worn) -> tuple[Equation, ...]:
    """Power and budget, with the numbers of the run.

    Args:
        found: The plan.
    """
    parts = tuple(
        Term(
            "product",
            (
                Symbol("E", f"{title_of(job)}, a pass", one.total, "J", job),
                Symbol("f", f"{title_of(job)}, how often", rate, "1/s", job),
            ),
        )
        for job, one, rate in zip(JOBS, found.passes, found.rates, strict=True)
    )
    beside = Symbol("P", "power beside the work", found.beside, "W", "idle")
    budget = found.budget
    return (
        Equation(
            title="Power",
            left=Symbol("P", "power", None, "W"),
            right=Term("sum", (*parts, beside)),
            source="operations and bytes at the energy of each",
        ),
        Equation(
            title="What the skin bears for good",
            left=Symbol("P", "power of the work", None, "W", "max"),
            right=Term(
                "difference",
                (
                    Symbol("P", "carried away at the limit", budget.heat, "W", "skin"),
                    Symbol("P", "leakage then", budget.leakage, "W", "leak"),
                ),
            ),
            source="ΔT = R·P in the steady state",
        ),
    )


_COLUMNS = (
    Column("name", "network", ""),
    Column("rate", "a second", "1/s"),
    Column("compute", "arithmetic", "J"),
    Column("sram", "SRAM", "J"),
    Column("dram", "memory", "J"),
    Column("energy", "a pass", "J"),
    Column("traffic", "traffic", "B"),
    Column("time", "time", "s"),
    Column("power", "power", "W"),
)


def table(found: Worn) -> Table:
    """The networks and what a pass of each comes to.

    Args:
        found: The plan.
    """
    return Table(
        _COLUMNS,
        tuple(
            {
                "name": title_of(job), "rate": rate, "compute": one.compute, "sram": one.sram,
                "dram": one.dram, "energy": one.total, "traffic": one.traffic, "time": one.time,
                "power": rate * one.total,
            }
            for job, one, rate in zip(JOBS, found.passes, found.rates, strict=True)
        ),
    )  # fmt: skip


def failure(standing: Standing, run: Run) -> Content | None:
    """How the last run failed, by how much, and the way back; None if it worked.

    Args:
        standing: Where the learner stands.
        run: The last run.
    """
    kind = run.outcome.failure
    if kind is None:
        return None
    back = last_that_ran(standing.runs)
    knobs = start() if back is None else dict(back.knobs)
    label = "Back to where the knobs began" if back is None else f"Back to run {back.number}"
    found = worn_at(run.knobs)
    return {
        "kind": kind,
        "over": run.outcome.over,
        "unit": "s" if kind == "deadline" else "W",
        "text": _late(found) if kind == "deadline" else _hot(found, run.knobs),
        "undo": {"label": label, "message": {"type": "turn", "knobs": knobs, "settled": True}},
    }


def _late(found: Worn) -> str:
    each = ", ".join(
        f"{title_of(job)} {percent(share)}"
        for job, share in zip(JOBS, found.per_second(found.working), strict=True)
    )
    return (
        "Deadline missed: a frame with its share of the other networks takes the NPU "
        f"{with_prefix(found.frame, 's')}, {with_prefix(found.late, 's')} longer than its period, so "
        f"{significant(found.rate)} of {found.fps:g} a second come out. Asked of every second: {each}. The run counts."
    )


def _hot(found: Worn, knobs: Knobs) -> str:
    after = heat_time(found, knobs)
    when = "at once" if after is None else f"after {significant(after)} s"
    limit = celsius(facts_at(knobs).skin_limit)
    return (
        f"Too hot: {with_prefix(found.power, 'W')} is {with_prefix(found.throttled, 'W')} more than the skin bears. It "
        f"reaches {limit} {when}, and then the governor holds frames back: {significant(found.bearable)} of "
        f"{found.fps:g} a second can be worn for good. The run counts."
    )
