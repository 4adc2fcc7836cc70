"""Predicted beside measured, for the lab's operators on the machine that was measured."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ironlaw.system.probe.predict import predict
from ironlaw.system.probe.readings import median
from ironlaw.system.probe.suite import suite

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ironlaw.registry.chips import Chip
    from ironlaw.system.probe.operators import Operator
    from ironlaw.system.probe.predict import Prediction
    from ironlaw.system.probe.readings import Reading
    from ironlaw.system.probe.session import Measured


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """An operator as it was predicted and as it was.

    Attributes:
        operator: The operator.
        prediction: What the engine says of it.
        reading: What it took.
    """

    operator: Operator
    prediction: Prediction
    reading: Reading

    @property
    def error(self) -> float:
        """Predicted over measured time, less one."""
        return self.prediction.time / self.reading.time - 1.0


def compared(found: Measured, chip: Chip) -> tuple[Compared, ...]:
    """The operators that a session timed, each beside its prediction.

    Args:
        found: The session.
        chip: The machine, read back from its file.
    """
    return tuple(
        Compared(
            operator=operator,
            prediction=predict(operator, chip, found.workers, queued=found.backend == "cuda"),
            reading=found.operators[operator.name],
        )
        for operator in suite()
        if operator.name in found.operators
    )


def median_error(rows: Sequence[Compared]) -> float:
    """The middle one of the absolute errors.

    Args:
        rows: One operator at least.
    """
    return median([abs(row.error) for row in rows])
