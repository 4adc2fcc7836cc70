"""A chip as the cost functions see it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ironlaw.cost.tiling import Tiling
    from ironlaw.registry.calibration import Calibration
    from ironlaw.registry.chips import Chip


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Machine:
    """A chip as the cost functions see it.

    Attributes:
        chip: What the vendor printed.
        calibration: What was fitted to measurements on it; None where there is none.
        ranks: Chips that share each layer.
        captured: Whether the kernels run from a captured graph.
        tiling: The tile and split of every GEMM, where they are not the library's choice.
    """

    chip: Chip
    calibration: Calibration | None
    ranks: int = 1
    captured: bool = True
    tiling: Tiling | None = None
