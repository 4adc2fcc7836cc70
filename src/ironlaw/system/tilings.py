"""How the GEMMs of a step are cut: the tile, split and waves that its times were found with."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ironlaw.cost.gemm_plan import GemmPlan, gemm_plan
from ironlaw.cost.tiling import LEAST_SPLIT_K

if TYPE_CHECKING:
    from ironlaw.system.diagnosis import Diagnosis


class PlannedGemm(NamedTuple):
    """A GEMM of the step with its plan.

    Attributes:
        name: The kernel.
        block: The block of the step that it is a part of.
        launches: How often it runs in the step.
        plan: Its tile, split and waves.
    """

    name: str
    block: str
    launches: int
    plan: GemmPlan

    @property
    def time(self) -> float:
        """Time of all launches [s]."""
        return self.plan.time * self.launches


def plans(diagnosis: Diagnosis) -> tuple[PlannedGemm, ...]:
    """The plan of every GEMM kernel of a step that has one, in order.

    Args:
        diagnosis: A diagnosis of single numbers, not of a sweep.

    Returns:
        The plans; none where the times are the roofline's.
    """
    found: list[PlannedGemm] = []
    for cost, launches, block in diagnosis.launches:
        plan = gemm_plan(cost, diagnosis.machine)
        if plan is not None:
            found.append(PlannedGemm(cost.kernel.name, block, launches, plan))
    return tuple(found)


def tiling_notes(diagnosis: Diagnosis) -> tuple[str, ...]:
    """What of the tile and split that were asked for could not be had.

    Args:
        diagnosis: A diagnosis of single numbers, not of a sweep.
    """
    asked = diagnosis.scenario.tiling
    if asked is None:
        return ()
    planned = plans(diagnosis)
    if not planned:
        return (
            "no GEMM of the step was measured on this chip: its times do not read tile and split-K",
        )
    kept: dict[int, list[str]] = {}
    for name, _, _, plan in planned:
        split = None if plan.tiling is None else plan.tiling.split
        if split is not None and asked.split is not None and split < asked.split:
            kept.setdefault(split, []).append(name)
    return tuple(
        f"split-K {asked.split} leaves {', '.join(dict.fromkeys(names))} less than {LEAST_SPLIT_K:.0f} of K to a part: "
        f"split-K {split} is kept there"
        for split, names in kept.items()
    )
