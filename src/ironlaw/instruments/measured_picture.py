"""Measured tables as a picture: predicted against measured times, or measured times against the roofline."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from ironlaw.explore.measured.check import Checked
    from ironlaw.explore.measured.columns import Family
    from ironlaw.explore.measured.score import Scored


_EDGE = 0.1  # a roofline this part of the shortest time and one below it look alike


class Dot(NamedTuple):
    """A row of a table.

    Attributes:
        x: Its time along the abscissa [s].
        y: Its time along the ordinate [s].
        good: Whether it is where it should be.
    """

    x: float
    y: float
    good: bool


@dataclass(frozen=True, slots=True)
class Panel:
    """The rows of one table.

    Attributes:
        family: What was measured.
        dots: A dot for each row.
        band: Where the rows should be, as the least and the largest ordinate over the abscissa; None for no band.
        median: Median of the absolute error, None where the picture is not about errors.
        p90: Its ninetieth percentile.
        share: Share of the rows that are where they should be.
    """

    family: Family
    dots: tuple[Dot, ...]
    band: tuple[float, float] | None
    median: float | None
    p90: float | None
    share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasuredPicture:
    """Times against times, on logarithmic axes that are the same in both directions.

    Attributes:
        title: What is shown.
        x_label: The abscissa.
        y_label: The ordinate.
        diagonal: What it means to stand on the diagonal.
        good: What the dots are that are where they should be.
        bad: What the others are.
        band: What the band is; empty where there is none.
        panels: One for each table.
    """

    title: str
    x_label: str
    y_label: str
    diagonal: str
    good: str
    bad: str
    band: str
    panels: tuple[Panel, ...]


def prediction_picture(families: Iterable[Scored]) -> MeasuredPicture:
    """Predicted against measured times, a panel for each family.

    Args:
        families: The tables, judged.
    """
    return MeasuredPicture(
        title="Predicted against measured",
        x_label="measured",
        y_label="predicted",
        diagonal="the engine is right",
        good="measured inside the 80 % interval",
        bad="outside",
        band="the usual 80 % interval",
        panels=tuple(_prediction_panel(scored) for scored in families),
    )


def _prediction_panel(scored: Scored) -> Panel:
    points, overall = scored.points, scored.overall
    dots = tuple(Dot(p.measured, p.predicted, p.is_covered) for p in points)
    # low = low end / predicted, so a measured time inside has its prediction between measured / high and measured / low
    low = _middle(point.predicted / point.high for point in points)
    high = _middle(point.predicted / point.low for point in points)
    return Panel(
        scored.family, dots, (low, high), overall.median_ape, overall.p90_ape, overall.coverage80
    )


def _middle(values: Iterable[float]) -> float:
    ordered = sorted(values)
    return ordered[len(ordered) // 2]


def limit_picture(checked: Checked) -> MeasuredPicture:
    """Measured times against the datasheet roofline, the flagged rows apart.

    Rooflines far below every measured time say nothing; their rows stand at the left edge.

    Args:
        checked: A table, checked, with at least one row that could be read.
    """
    flagged: Collection[int] = {finding.line for finding in checked.flagged}
    edge = _EDGE * min(point.measured for point in checked.points)
    dots = tuple(
        Dot(max(point.naive, edge), point.measured, line not in flagged)
        for line, point in zip(checked.lines, checked.points, strict=True)
    )
    share = len([1 for dot in dots if dot.good]) / len(dots)
    return MeasuredPicture(
        title="Measured against the datasheet roofline",
        x_label="roofline: work over peak, bytes over bandwidth, message over link",
        y_label="measured",
        diagonal="as fast as the datasheet",
        good="could be true",
        bad="flagged",
        band="",
        panels=(Panel(checked.family, dots, None, None, None, share),),
    )
