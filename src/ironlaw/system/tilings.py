"""How the GEMMs of a step are cut: the tile, split and waves that its times were found with."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ironlaw.cost.family import Family
from ironlaw.cost.gemm_plan import GemmPlan, gemm_plan
from ironlaw.cost.tiling import LEAST_SPLIT_K

if TYPE_CHECKING:
    from ironlaw.system.diagnosis import Diagnosis


_DEAF = (
    *(Family.EXPERTS, Family.BATCHED_GEMM, Family.LATENT),
    *(Family.CONVOLUTION, Family.RECURRENCE),
)
"""Families of matrices whose forms have tiles of their own, or none."""


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
    return (*_short_of(asked.split, kept), *_deaf(diagnosis, {gemm.name for gemm in planned}))


def _short_of(asked: int | None, kept: dict[int, list[str]]) -> tuple[str, ...]:
    """GEMMs whose K is too short for the split."""
    return tuple(
        f"split-K {asked} leaves {', '.join(dict.fromkeys(names))} less than {LEAST_SPLIT_K:.0f} of K to a part: "
        f"split-K {split} is kept there"
        for split, names in kept.items()
    )


def _deaf(diagnosis: Diagnosis, planned: set[str]) -> tuple[str, ...]:
    """Kernels with matrices whose times do not read tile and split, by what they are."""
    found: dict[str, dict[str, None]] = {}
    for cost, _, _ in diagnosis.launches:
        name = cost.kernel.name
        if cost.family in _DEAF or (cost.family is Family.GEMM and name not in planned):
            what = "roofline" if cost.family is Family.GEMM else cost.family.value
            found.setdefault(what, {})[name] = None
    if not found:
        return ()
    names = " and ".join(f"{', '.join(every)} ({what})" for what, every in found.items())
    return (
        f"tile and split-K reach the GEMMs that were measured: the times of {names} do not read them",
    )
