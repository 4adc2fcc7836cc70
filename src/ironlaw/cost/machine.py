"""A chip as the cost functions see it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
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
    """

    chip: Chip
    calibration: Calibration | None
    ranks: int = 1
    captured: bool = True
