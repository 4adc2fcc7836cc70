"""Mobile Nomad, Part 2: what a plan comes to on the head: joules, watts, time of the NPU, and what the skin says."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, cast

from ironlaw.base.number import summed
from ironlaw.lab.knobs import Choice
from ironlaw.lab.tracks.mobile_glasses import (
    JOBS,
    body_at,
    budget_at,
    cadence,
    chip_at,
    facts_at,
    network_of,
    operating_points,
    printed,
)
from ironlaw.lab.tracks.mobile_plan import plan_at, planner, rows
from ironlaw.registry.dtypes import Dtype
from ironlaw.system.energy_plan import Plan
from ironlaw.system.network_question import load_network
from ironlaw.system.thermal.budget import time_to_limit
from ironlaw.workload.network import network_flops

if TYPE_CHECKING:
    from collections.abc import Callable

    from ironlaw.lab.part import Knobs
    from ironlaw.registry.chips import Chip
    from ironlaw.system.energy_plan import PlanEnergy
    from ironlaw.system.thermal.budget import HeatBudget
    from ironlaw.system.thermal.governor import OperatingPoint

WHOLE, EACH = "network", "kernel"
"""How work is handed to the NPU: a network in one call, or each kernel in a call of its own."""
NOTHING = Plan(frozenset(), frozenset())


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Worn:
    """A plan on the head.

    Attributes:
        plans: What is done to the layers of each job, in order.
        passes: What a pass of each job comes to.
        rates: How often each runs [1/s].
        kernels: Kernels of a pass of each job.
        calls: Hand-overs to the NPU that a pass of each job takes.
        call: Time of one of them [s].
        beside: Power beside the work [W].
        budget: What the skin bears for good.
        chip: The chip, under any assumptions.
    """

    plans: tuple[Plan, ...]
    passes: tuple[PlanEnergy, ...]
    rates: tuple[float, ...]
    kernels: tuple[int, ...]
    calls: tuple[int, ...]
    call: float
    beside: float
    budget: HeatBudget
    chip: Chip

    @property
    def fps(self) -> float:
        """Frames a second [1/s]."""
        return self.rates[0]

    @property
    def rate(self) -> float:
        """Frames a second that come out: those asked for, or as many as the NPU has time for [1/s]."""
        used = self.per_second(self.working)
        given = tuple(rate * n * self.call for rate, n in zip(self.rates, self.calls, strict=True))
        left = 1.0 - summed(used[1:]) - summed(given[1:])
        return min(self.fps, max(left, 0.0) * self.fps / (used[0] + given[0]))

    @property
    def power(self) -> float:
        """Of all that runs as often as it comes out, leakage aside [W]."""
        return self.power_at(self.rate)

    @property
    def asked_power(self) -> float:
        """Of all that runs if every frame that is asked for came out [W]."""
        return self.power_at(self.fps)

    @property
    def others(self) -> float:
        """Power of all but the filter [W]."""
        return summed(self.per_second(lambda one: one.total)[1:]) + self.beside

    def power_at(self, fps: float) -> float:
        """Power at another frame rate, the other jobs as often as before [W].

        Args:
            fps: Frames a second [1/s].
        """
        return fps * self.passes[0].total + self.others

    @property
    def throttled(self) -> float:
        """Power beyond what the skin bears; below zero where it bears it [W]."""
        return self.power - self.budget.load

    @property
    def bearable(self) -> float:
        """Frames a second that the skin bears for good [1/s]."""
        return max(self.budget.load - self.others, 0.0) / self.passes[0].total

    @property
    def frame(self) -> float:
        """Time of the NPU for a frame and its share of the other jobs [s]."""
        return (summed(self.per_second(self.working)) + self.dispatch) / self.fps

    def working(self, one: PlanEnergy) -> float:
        """Time of a pass without what hands it over [s].

        Args:
            one: The pass.
        """
        return one.time - self.call

    @property
    def dispatch(self) -> float:
        """Time of a second in which work is handed to the NPU [s]."""
        return self.call * self.handed

    @property
    def handed(self) -> float:
        """Calls of a second."""
        return summed(rate * n for rate, n in zip(self.rates, self.calls, strict=True))

    @property
    def dispatch_share(self) -> float:
        """Share of the busy time that goes to handing work over."""
        return self.dispatch / (self.frame * self.fps)

    @property
    def launched(self) -> int:
        """Kernels of a second."""
        return round(summed(r * n for r, n in zip(self.rates, self.kernels, strict=True)))

    @property
    def late(self) -> float:
        """Time of a frame beyond its period; below zero where it is in time [s]."""
        return self.frame - 1.0 / self.fps

    @property
    def holds(self) -> bool:
        """Whether every frame is in time and the skin bears the heat."""
        return self.late <= 0.0 and self.throttled <= 0.0

    @property
    def flops(self) -> float:
        """Work that the models ask for in a second [FLOP/s]."""
        return summed(rate * flops_of(job) for rate, job in zip(self.rates, JOBS, strict=True))

    @property
    def mfu(self) -> float:
        """Work that the models ask for over the printed fp16 rate."""
        return self.flops / printed().peak(Dtype.FP16)

    @property
    def in_fp16(self) -> float:
        """Share of that work which stays in fp16."""
        lost = summed(
            rate * loss(job, plan.narrow)
            for rate, job, plan in zip(self.rates, JOBS, self.plans, strict=True)
        )
        return 1.0 - lost / summed(
            rate * loss(job, None) for rate, job in zip(self.rates, JOBS, strict=True)
        )

    @property
    def memory(self) -> float:
        """Weights of all networks, as the plan stores them [B]."""
        return summed(weights(job, plan.narrow) for job, plan in zip(JOBS, self.plans, strict=True))

    def per_second(self, what: Callable[[PlanEnergy], float]) -> tuple[float, ...]:
        """Some quantity of each job in a second.

        Args:
            what: The quantity of a pass.
        """
        return tuple(rate * what(one) for rate, one in zip(self.rates, self.passes, strict=True))


@lru_cache(maxsize=1)
def launch_control() -> Choice:
    """How work is handed to the NPU."""
    options = (
        (WHOLE, "a call a network", None),
        (EACH, "a call a kernel", None),
    )
    return Choice(id="launch", label="Launch", value=WHOLE, options=options, group="launch")


@lru_cache(maxsize=8)
def flops_of(job: str) -> float:
    """Work that a pass of a job asks for [FLOP].

    Args:
        job: The job.
    """
    return cast("float", network_flops(load_network(network_of(job)), 1.0))


def weights(job: str, narrow: frozenset[str]) -> float:
    """Weights of a job [B].

    Args:
        job: The job.
        narrow: Its layers in int8.
    """
    return summed(
        layer.weights * (0.5 if layer.follows in narrow else 1.0)
        for row in rows()
        if row.job == job
        for layer in row.layers
    )


def loss(job: str, narrow: frozenset[str] | None) -> float:
    """Work of a pass that leaves fp16 [FLOP].

    Args:
        job: The job.
        narrow: Its layers in int8; None for all that may be.
    """
    return summed(losses(job)[name] for name in losses(job) if narrow is None or name in narrow)


@lru_cache(maxsize=8)
def losses(job: str) -> dict[str, float]:
    """Work of each layer that may be int8 [FLOP].

    Args:
        job: The job.
    """
    return {
        layer.name: layer.flops * layer.runs
        for row in rows()
        if row.job == job
        for layer in row.layers
        if layer.may_be_narrow
    }


@lru_cache(maxsize=512)
def pass_of(job: str, chip: Chip, plan: Plan) -> PlanEnergy:
    """What a pass of a job comes to.

    Args:
        job: The job.
        chip: The chip, under any assumptions.
        plan: What is done to its layers.
    """
    return planner(job, chip).energy(plan)


def kernels_of(job: str, one: PlanEnergy) -> int:
    """Kernels of a pass of a job, each as often as it runs.

    Args:
        job: The job.
        one: What the pass comes to.
    """
    runs = {layer.name: layer.runs for row in rows() for layer in row.layers if row.job == job}
    return int(summed(runs[members[0]] for members in one.kernels))


def rates_at(fps: float) -> tuple[float, ...]:
    """How often each job runs: the filter on every frame, the others at their own cadence [1/s].

    Args:
        fps: Frames a second [1/s].
    """
    return (fps, *(cadence(job) for job in JOBS[1:]))


def worn_at(knobs: Knobs) -> Worn:
    """What the knobs come to.

    Args:
        knobs: Where they stand.
    """
    return worn(knobs, tuple(plan_at(job, knobs) for job in JOBS))


def worn(knobs: Knobs, plans: tuple[Plan, ...]) -> Worn:
    """What some plans come to.

    Args:
        knobs: Where the knobs stand; their cells do not matter.
        plans: What is done to the layers of each job, in order.
    """
    chip = chip_at({**knobs, "peak_scale": 1.0})
    passes = tuple(pass_of(job, chip, plan) for job, plan in zip(JOBS, plans, strict=True))
    kernels = tuple(kernels_of(job, one) for job, one in zip(JOBS, passes, strict=True))
    return Worn(
        plans=plans,
        passes=passes,
        kernels=kernels,
        calls=tuple(1 if knobs["launch"] == WHOLE else count for count in kernels),
        rates=rates_at(float(knobs["fps"])),
        call=chip.call_dispatch or 0.0,
        beside=float(knobs["idle"]),
        budget=budget_at(knobs),
        chip=chip,
    )


def heat_time(found: Worn, knobs: Knobs) -> float | None:
    """When the skin is at its limit if nothing holds frames back; None if never [s].

    Args:
        found: What runs.
        knobs: Where the knobs stand.
    """
    facts = facts_at(knobs)
    return time_to_limit(body_at(knobs), found.power, facts.skin_limit, float(knobs["ambient"]))


def points(found: Worn, knobs: Knobs) -> tuple[OperatingPoint, ...]:
    """What a governor can choose from: the frame rate that is asked for, and the lower ones that it knows.

    Args:
        found: What runs.
        knobs: Where the knobs stand.
    """
    known = facts_at(knobs).rates
    return operating_points(found.rate, known, found.power_at, found.budget.load)
