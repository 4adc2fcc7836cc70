"""Points of a sweep: what is known of each, as columns and one by one."""

from __future__ import annotations

from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, cast

from ironlaw.base.errors import UnknownNameError
from ironlaw.system.diagnosis import Scenario, diagnose
from ironlaw.system.table import BOUNDS, step_parts

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import numpy as np
    from numpy.typing import NDArray

    from ironlaw.base.number import Number
    from ironlaw.system.diagnosis import Diagnosis

    Floats = NDArray[np.float64]
    Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Column:
    """A quantity of every point.

    Attributes:
        of: The quantity of a diagnosis, in SI units.
        sign: 1 where more is better, −1 where less is.
    """

    of: Callable[[Diagnosis], Number]
    sign: float


def _cost(diagnosis: Diagnosis) -> Number:
    """Rent of the chips for one token [USD]; NaN where no price is recorded."""
    asked = diagnosis.scenario
    price = asked.chip.price
    rent = float("nan") if price is None else price * asked.request.tensor_parallel
    return rent / diagnosis.tokens_per_second


_COLUMNS: dict[str, Column] = {
    "batch": Column(lambda d: d.scenario.request.batch, 1.0),
    "context": Column(lambda d: d.scenario.request.context_len, 1.0),
    "step": Column(lambda d: d.step, -1.0),
    "tokens_per_second": Column(lambda d: d.tokens_per_second, 1.0),
    "tokens_per_second_per_chip": Column(
        lambda d: d.tokens_per_second / d.scenario.request.tensor_parallel, 1.0
    ),
    "mfu": Column(lambda d: d.mfu, 1.0),
    "mbu_raw": Column(lambda d: d.mbu_raw, 1.0),
    "footprint": Column(lambda d: d.footprint.total, -1.0),
    "spare": Column(lambda d: d.spare, 1.0),
    "cost_per_token": Column(_cost, -1.0),
}
COLUMNS: Mapping[str, Column] = MappingProxyType(_COLUMNS)
"""Every column: s, 1/s, fractions, B, USD."""


def column_named(name: str) -> Column:
    """A column by its name.

    Raises:
        UnknownNameError: offering the nearest names.
    """
    if name not in COLUMNS:
        raise UnknownNameError("column", name, COLUMNS)
    return COLUMNS[name]


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Chunk:
    """Points of one scenario, which differ in batch and context only.

    Attributes:
        case: The scenario, at some single batch and context.
        diagnosis: The answer; its arrays have the shapes of what they depend on.
        shape: The shape that they are broadcast to.
    """

    case: Scenario
    diagnosis: Diagnosis
    shape: tuple[int, ...]

    @property
    def size(self) -> int:
        """Points."""
        count = 1
        for length in self.shape:
            count *= length
        return count

    @property
    def feasible(self) -> Flags:
        """Whether each point fits the chip's memory."""
        return self.column("spare") >= 0.0

    @property
    def bound(self) -> NDArray[np.intp]:
        """What each point waits for most, as a place in `ironlaw.system.table.BOUNDS`."""
        import numpy as np  # noqa: PLC0415 - only when an array is there (style rule 3)

        largest, *others = step_parts(self.diagnosis)
        found: NDArray[np.intp] = np.zeros(self.shape, dtype=np.intp)
        for place, part in enumerate(others, 1):
            found = np.where(part > largest, place, found)
            largest = np.maximum(part, largest)
        return found.ravel()

    def column(self, name: str) -> Floats:
        """A quantity of every point, in SI units.

        Args:
            name: A name of `COLUMNS`.

        Raises:
            UnknownNameError: offering the nearest names.
        """
        import numpy as np  # noqa: PLC0415 - only when an array is there (style rule 3)

        values = column_named(name).of(self.diagnosis)
        return np.broadcast_to(cast("Floats", values), self.shape).ravel()

    def point(self, place: int) -> Point:
        """One of the points.

        Args:
            place: Which, from 0.
        """
        return point_at(self.case, *(self.column(name)[place] for name in ("batch", "context")))


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Point:
    """One point, asked again by itself: the digits are those of its place in the columns.

    Attributes:
        scenario: The question.
        values: Every column, by name [SI].
        feasible: Whether it fits the chip's memory.
        bound: What it waits for most.
    """

    scenario: Scenario
    values: Mapping[str, float]
    feasible: bool
    bound: str


def point_at(case: Scenario, batch: float, context: float) -> Point:
    """A scenario at another batch and context.

    Args:
        case: The scenario.
        batch: Sequences, B.
        context: Tokens, S.
    """
    request = replace(case.request, batch=float(batch), context_len=float(context))
    answer = diagnose(replace(case, request=request))
    parts = [float(part) for part in step_parts(answer)]
    return Point(
        scenario=answer.scenario,
        values={name: float(column.of(answer)) for name, column in COLUMNS.items()},
        feasible=float(answer.spare) >= 0.0,
        bound=BOUNDS[parts.index(max(parts))],
    )
