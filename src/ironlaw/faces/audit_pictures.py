"""Pictures of an audit as SVG: frames in time, and how their latencies are distributed.

Every picture takes its colours from the page's style, so that one drawing serves light and dark.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import log2
from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element, SubElement

from ironlaw.faces.svg_parts import shape
from ironlaw.instruments.scale import with_prefix
from ironlaw.system.audit.distribution import NANOSECOND
from ironlaw.system.audit.tail import Pareto, survival

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ironlaw.system.audit.verdict import Audit

_LEFT, _RIGHT, _TOP, _FOOT = 62.0, 14.0, 16.0, 34.0
_BINS = {True: 72, False: 36}
_TICKS = (1.0, 2.0, 5.0)
_DOT = 3.4
_NARROW = 600.0
_MOST_TICKS = 5


@dataclass(frozen=True, slots=True)
class Plane:
    """Where two quantities land on a drawing."""

    width: float
    height: float
    x_low: float
    x_high: float
    y_high: float

    def x(self, value: float) -> float:
        """Across [px]."""
        span = max(self.x_high - self.x_low, 1e-12)
        return _LEFT + (value - self.x_low) / span * (self.width - _LEFT - _RIGHT)

    def y(self, value: float) -> float:
        """Down [px]."""
        return self.height - _FOOT - value / self.y_high * (self.height - _TOP - _FOOT)


def canvas(width: float, height: float, title: str) -> Element:
    """An empty drawing.

    Args:
        width: [px]
        height: [px]
        title: What a screen reader says.
    """
    attributes = {"viewBox": f"0 0 {width:g} {height:g}", "role": "img", "aria-label": title}
    return Element("svg", {"xmlns": "http://www.w3.org/2000/svg", **attributes})


def words(parent: Element, x: float, y: float, content: str, **style: str) -> None:
    """A line of text; `anchor` is where its point is, `kind` its class.

    Args:
        parent: Where it is added.
        x: [px]
        y: [px]
        content: The text.
        style: Anchor and kind.
    """
    written = {"x": f"{x:.1f}", "y": f"{y:.1f}", "text-anchor": style.get("anchor", "start")}
    SubElement(parent, "text", {**written, "class": style.get("kind", "")}).text = content


def ticks(high: float) -> list[float]:
    """Round values from zero to a largest one.

    Args:
        high: The largest.

    Example:
        >>> ticks(0.05)
        [0.0, 0.01, 0.02, 0.03, 0.04, 0.05]
    """
    decade = float(f"1e{int(f'{high:e}'.split('e')[1]) - 1}")
    steps = [tick * factor for factor in (decade, 10.0 * decade) for tick in _TICKS]
    step = next((one for one in steps if high / one <= _MOST_TICKS + 0.01), steps[-1])
    return [float(f"{i * step:.6g}") for i in range(int(high / step + 1e-9) + 1)]


def timeline(audit: Audit, width: float, height: float) -> Element:
    """The latency of every frame in time, the spikes as dots, with deadline and threshold.

    Args:
        audit: The audit.
        width: [px]
        height: [px]
    """
    latencies = [value * NANOSECOND for value in audit.frames.latencies]
    root = canvas(width, height, f"Latency of {len(latencies)} frames in the order of the trace")
    deadline = audit.distribution.deadline
    top = 1.06 * max(*latencies, deadline or 0.0)
    plane = Plane(width, height, 0.0, max(float(len(latencies) - 1), 1.0), top)
    _grid(root, plane)
    _line(root, plane, latencies)
    limit = audit.outliers.threshold * NANOSECOND
    if deadline is None:
        _level(root, plane, limit, "threshold", "mark")
    else:
        _level(root, plane, deadline, "deadline", "deadline")
    for spike in audit.spikes:
        x, y = plane.x(float(spike.frame)), plane.y(spike.latency * NANOSECOND)
        dot = shape(root, "circle", cx=x, cy=y, r=_DOT, **{"class": "spike"})
        said = with_prefix(spike.latency * NANOSECOND, "s")
        SubElement(dot, "title").text = f"frame {spike.frame}: {said}, {spike.verdict.culprit}"
    foot = height - 8.0
    words(root, _LEFT, foot, "frame 0")
    words(root, width - _RIGHT, foot, f"frame {len(latencies) - 1:,}", anchor="end")
    return root


def _grid(root: Element, plane: Plane) -> None:
    for tick in ticks(plane.y_high):
        y = plane.y(tick)
        line = {"class": "grid"}
        shape(root, "line", x1=_LEFT, x2=plane.width - _RIGHT, y1=y, y2=y, **line)
        words(root, _LEFT - 8.0, y + 4.0, with_prefix(tick, "s", 2), anchor="end")


def _line(root: Element, plane: Plane, latencies: Sequence[float]) -> None:
    """All latencies; where several share a pixel, the lowest and the highest of them."""
    columns: dict[int, tuple[float, float]] = {}
    for place, value in enumerate(latencies):
        column = int(plane.x(float(place)))
        low, high = columns.get(column, (value, value))
        columns[column] = (min(low, value), max(high, value))
    points = [
        f"{column},{plane.y(value):.1f}"
        for column, ends in sorted(columns.items())
        for value in dict.fromkeys(ends)
    ]
    shape(root, "polyline", points=" ".join(points), **{"class": "calmline"})


def _level(root: Element, plane: Plane, value: float, name: str, kind: str) -> None:
    y = plane.y(value)
    shape(root, "line", x1=_LEFT, x2=plane.width - _RIGHT, y1=y, y2=y, **{"class": kind})
    label = f"{name} {with_prefix(value, 's')}"
    style = "alarm" if kind == "deadline" else ""
    words(root, plane.width - _RIGHT, y - 5.0, label, anchor="end", kind=style)


def histogram(audit: Audit, width: float, height: float) -> Element:
    """How many frames took how long, counts on a logarithmic scale, with the tail where one is fitted.

    Args:
        audit: The audit.
        width: [px]
        height: [px]
    """
    latencies = [value * NANOSECOND for value in audit.frames.latencies]
    root = canvas(width, height, f"Distribution of {len(latencies)} latencies")
    low, high = min(latencies), max(latencies)
    high = max(high, audit.distribution.deadline or 0.0)
    bins = _BINS[width > _NARROW]
    step = max(high - low, 1e-9) / bins
    counts = [0] * (bins + 1)
    for value in latencies:
        counts[min(int((value - low) / step), bins)] += 1
    plane = Plane(width, height, low, low + (bins + 1) * step, 1.08 * _rise(max(counts)))
    for count in (1, 10, 100, 1000, 10_000, 100_000):
        if count <= max(counts):
            y = plane.y(_rise(count))
            shape(root, "line", x1=_LEFT, x2=width - _RIGHT, y1=y, y2=y, **{"class": "grid"})
            words(root, _LEFT - 8.0, y + 4.0, f"{count:,}", anchor="end")
    limit = audit.outliers.threshold * NANOSECOND
    for place, count in enumerate(counts):
        if count:
            left, right = plane.x(low + place * step), plane.x(low + (place + 1) * step)
            y = plane.y(_rise(count))
            kind = "spike" if low + (place + 0.5) * step > limit else "calm"
            box = {"width": max(right - left - 1.0, 0.8), "height": height - _FOOT - y}
            shape(root, "rect", x=left, y=y, **box, **{"class": kind})
    _marks(root, plane, audit)
    _tail(root, plane, audit, step)
    return root


def _rise(count: float) -> float:
    """Height of a count: one frame is visible, none is nothing."""
    return log2(1.0 + count)


def _marks(root: Element, plane: Plane, audit: Audit) -> None:
    figures = audit.distribution
    marks = [("median", figures.median, "mark"), ("p99", figures.p99, "mark")]
    if figures.deadline is not None:
        marks.append(("deadline", figures.deadline, "deadline"))
    taken: list[float] = []
    for name, value, kind in sorted(marks, key=lambda mark: mark[1]):
        x = plane.x(value)
        row = len([other for other in taken if abs(other - x) < 74.0])  # noqa: PLR2004 - the width of a label
        taken.append(x)
        shape(root, "line", x1=x, x2=x, y1=_TOP, y2=plane.height - _FOOT, **{"class": kind})
        side = "end" if x > plane.width - 80.0 else "start"
        style = "alarm" if kind == "deadline" else ""
        words(
            root,
            x + (4.0 if side == "start" else -4.0),
            _TOP + 10.0 + 14.0 * row,
            name,
            anchor=side,
            kind=style,
        )
    for tick in ticks(plane.x_high):
        if tick >= plane.x_low:
            words(
                root, plane.x(tick), plane.height - 12.0, with_prefix(tick, "s", 2), anchor="middle"
            )


def _tail(root: Element, plane: Plane, audit: Audit, step: float) -> None:
    """What the fitted tail expects in each bin above its threshold."""
    tail = audit.distribution.tail
    if tail.threshold is None or tail.shape is None or tail.scale is None:
        return
    fit = Pareto(shape=tail.shape, scale=tail.scale, log_likelihood=0.0)
    points: list[str] = []
    value = tail.threshold
    while value < plane.x_high:
        inside = survival(fit, value - tail.threshold) - survival(
            fit, value + step - tail.threshold
        )
        y = plane.y(_rise(tail.exceedances * max(inside, 0.0)))
        points.append(f"{plane.x(value + step / 2.0):.1f},{y:.1f}")
        value += step
    shape(root, "polyline", points=" ".join(points), **{"class": "tailline"})
