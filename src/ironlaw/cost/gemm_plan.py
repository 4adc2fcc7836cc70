"""Which tile and split a GEMM takes, and how its tiles fill the chip: the very choice that its time was found with."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ironlaw.base.number import summed
from ironlaw.cost.calibrated import calibrated_terms
from ironlaw.cost.family import Family, arithmetic_of, gemms_of
from ironlaw.cost.tiling import Tiling

if TYPE_CHECKING:
    from ironlaw.cost.kernel import KernelCost
    from ironlaw.cost.machine import Machine


@dataclass(frozen=True, slots=True, kw_only=True)
class Waves:
    """Tiles of a GEMM in waves, one tile to an SM.

    Attributes:
        tiles: Tiles, those of each part of K counted.
        n_sm: SMs.
    """

    tiles: int
    n_sm: int

    @property
    def count(self) -> int:
        """Waves, the last of them perhaps not full."""
        return -(-self.tiles // self.n_sm)

    @property
    def last_occupancy(self) -> float:
        """Share of the SMs that have a tile in the last wave."""
        return (self.tiles - (self.count - 1) * self.n_sm) / self.n_sm


@dataclass(frozen=True, slots=True, kw_only=True)
class GemmPlan:
    """How a GEMM is cut.

    Attributes:
        tiling: Its tile and split; None for the kernel of a single row, which has no tiles.
        waves: Its tiles on the SMs; None likewise.
        depth: Length of its inner product, K.
        time: Time of one launch [s].
    """

    tiling: Tiling | None
    waves: Waves | None
    depth: float
    time: float


def gemm_plan(cost: KernelCost, machine: Machine) -> GemmPlan | None:
    """The tile and split that the time of a GEMM was found with, the first in the order of the search of equal ones.

    They are what the fitted form finds fastest: no measurement at hand says which tile or split a library took.

    Args:
        cost: The cost of a kernel, of single numbers.
        machine: The chip that it was found on.

    Returns:
        The plan; None where the kernel is no GEMM, or its time is the roofline's.
    """
    kernel, calibration = cost.kernel, machine.calibration
    if cost.family is not Family.GEMM or calibration is None:
        return None
    dtype = arithmetic_of(kernel, machine)
    chosen = calibrated_terms(kernel, cost.family, dtype, machine)
    if chosen is None:
        return None
    shapes, time = gemms_of(kernel), float(cost.terms.total)
    depth, rows = float(kernel.size(shapes[0].k)), float(kernel.size(shapes[0].m))
    columns = float(summed(kernel.size(shape.n) for shape in shapes))
    for tiling in _tilings(machine.tiling or Tiling(), depth):
        forced = replace(machine, tiling=tiling)
        if calibrated_terms(kernel, cost.family, dtype, forced) == chosen:
            tiles = _tiles(rows, columns, tiling)
            waves = Waves(tiles=tiles, n_sm=calibration.reference.n_sm)
            return GemmPlan(tiling=tiling, waves=waves, depth=depth, time=time)
    return GemmPlan(tiling=None, waves=None, depth=depth, time=time)


def _tilings(asked: Tiling, depth: float) -> list[Tiling]:
    """Every tiling that the question leaves open, in the order of the search."""
    return [
        Tiling(rows=rows, columns=columns, split=split)
        for rows, columns in asked.tiles
        for split in asked.splits
        if asked.allows(split, depth)
    ]


def _tiles(rows: float, columns: float, tiling: Tiling) -> int:
    """Tiles of the result, once for each part of K."""
    if tiling.tile is None or tiling.split is None:
        return 0
    high, wide = tiling.tile
    return int(-(-rows // high) * -(-columns // wide)) * tiling.split
