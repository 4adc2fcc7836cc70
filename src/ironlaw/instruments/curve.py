"""Lines over one quantity, with what they must stay under and where one stands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from ironlaw.base.errors import DomainError
from ironlaw.base.plain import plain_fields

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True, slots=True, kw_only=True)
class CurveAxis:
    """One axis, in the units used inside; a logarithmic one has no 0."""

    label: str
    unit: str
    min: float
    max: float
    scale: Literal["linear", "log"] = "linear"


@dataclass(frozen=True, slots=True, kw_only=True)
class CurveSeries:
    """One line: its points from left to right.

    Attributes:
        id: Its name.
        label: It in words.
        points: Where it passes.
        sparse: Whether nothing is known between the points: they stand alone, without a line.
    """

    id: str
    label: str
    points: tuple[tuple[float, float], ...]
    sparse: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CurveLimit:
    """A height to stay under."""

    label: str
    y: float


@dataclass(frozen=True, slots=True, kw_only=True)
class CurveMark:
    """A place that is pointed at."""

    label: str
    x: float
    y: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """Lines over one quantity.

    Attributes:
        title: It in a sentence.
        x: What the lines stand over.
        y: What they show.
        series: The lines.
        limits: Heights to stay under.
        marks: Places that are pointed at.
        note: What follows from it.
    """

    title: str
    x: CurveAxis
    y: CurveAxis
    series: tuple[CurveSeries, ...]
    limits: tuple[CurveLimit, ...] = ()
    marks: tuple[CurveMark, ...] = ()
    note: str = ""

    def to_dict(self) -> dict[str, object]:
        """The curve as plain data."""
        return plain_fields(self)


def axis_over(
    label: str,
    unit: str,
    values: Iterable[float],
    *,
    least: float | None = None,
    scale: Literal["linear", "log"] = "linear",
) -> CurveAxis:
    """An axis that holds some values.

    Args:
        label: What it shows.
        unit: Of its values.
        values: What it has to hold, one or more.
        least: Where it begins; at the smallest value if None.
        scale: How it is divided.

    Raises:
        DomainError: for a logarithmic axis that begins at 0 or below.

    Example:
        >>> axis_over("frame time", "s", [0.2, 0.5], least=0.0)
        CurveAxis(label='frame time', unit='s', min=0.0, max=0.5, scale='linear')
    """
    held = tuple(values)
    first = min(held) if least is None else least
    if scale == "log" and first <= 0.0:
        raise DomainError(label, first, "numbers above 0 on a logarithmic axis")
    return CurveAxis(label=label, unit=unit, min=first, max=max(held), scale=scale)
