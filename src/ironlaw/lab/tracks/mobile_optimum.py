"""Mobile Nomad, Part 2: the exact best plan, the most frames first and then the most arithmetic left in fp16."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from ironlaw.base.errors import DomainError
from ironlaw.explore.energy_frontier import frontier
from ironlaw.explore.mix import Point, least_loss, mixed
from ironlaw.lab.tracks.mobile_fusion import FRAMES, start
from ironlaw.lab.tracks.mobile_glasses import JOBS, chip_at
from ironlaw.lab.tracks.mobile_plan import planner, whole_fusion
from ironlaw.lab.tracks.mobile_wear import losses, rates_at, worn

if TYPE_CHECKING:
    from ironlaw.lab.messages import Knob
    from ironlaw.lab.tracks.mobile_wear import Worn
    from ironlaw.system.energy_plan import Plan


class Best(NamedTuple):
    """The best plan in some air.

    Attributes:
        found: It, and what it comes to.
        compared: Combinations of plans of the three networks that were compared, over all frame rates.
    """

    found: Worn
    compared: int


@lru_cache(maxsize=4)
def optimum(ambient: float) -> Best:
    """The best plan of the table: none holds more frames a second, and none that holds as many leaves more in fp16.

    Both is exact. Energy and lost arithmetic add up over the networks, so that a front of each is enough; of frame
    rates the highest at which any combination holds is taken.

    Args:
        ambient: Temperature of the air [K].

    Raises:
        DomainError: for air in which no frame rate can be borne.
    """
    knobs: dict[str, Knob] = {**start(), "ambient": ambient}
    fronts = [_front(job) for job in JOBS]
    compared = 0
    for fps in sorted(FRAMES, reverse=True):
        at = {**knobs, "fps": fps}
        scaled = [
            [Point(rate * loss, rate * cost, plans) for loss, cost, plans in points]
            for rate, points in zip(rates_at(fps), fronts, strict=True)
        ]
        points = mixed(scaled)
        compared += len(points)
        some = worn(at, points[0].choices)
        best = least_loss(points, some.budget.load - some.beside)
        if best is not None:
            found = worn(at, best.choices)
            if found.holds:
                return Best(found, compared)
    raise DomainError(
        "ambient", ambient, f"air in which {min(FRAMES):g} frames a second can be borne"
    )


@lru_cache(maxsize=4)
def _front(job: str) -> tuple[Point[Plan], ...]:
    """What the plans of a job lose of its fp16 arithmetic [FLOP] and cost [J], a pass."""
    chip = chip_at({**start(), "peak_scale": 1.0})
    found = frontier(planner(job, chip), losses(job), whole_fusion(job))
    return tuple(Point(loss, energy, (plan,)) for loss, energy, plan in found)
