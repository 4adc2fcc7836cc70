"""How long the frames of a loop take: their distribution, and their run in time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ironlaw.base.plain import plain_fields
from ironlaw.base.power import power

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ironlaw.system.audit.distribution import Distribution

_BINS = 60
_SPANS = 300
_FINE = 6.0  # distances between the quartiles over the median: half of the bins lie below


@dataclass(frozen=True, slots=True)
class Bin:
    """Frames between two latencies [s]."""

    low: float
    high: float
    count: int


@dataclass(frozen=True, slots=True)
class Span:
    """Frames that follow each other, with the least and the most that one of them took [s]."""

    first: int
    last: int
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class LateFrame:
    """A frame that stands out, and what it took [s]."""

    frame: int
    latency: float


@dataclass(frozen=True, slots=True, kw_only=True)
class TailPicture:
    """A generalised Pareto distribution over a threshold [s], fitted to so many points."""

    threshold: float
    shape: float
    scale: float
    points: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FramesPicture:
    """The distribution of latencies and their run in time; all times [s].

    Attributes:
        title: It in a sentence.
        unit: Of all times.
        n: Number of frames.
        deadline: What a frame may take; None if nothing was said.
        median: Of all frames.
        p99: Latency that one frame in a hundred exceeds.
        p999: And one in a thousand.
        max: The largest that was seen; no bound on what may come.
        misses: Frames over the deadline.
        miss_ratio: Their share.
        miss_low: Lower end of the share's Clopper-Pearson interval at 95 %.
        miss_high: Its upper end.
        tail: What was fitted to the largest latencies; None where they bear nothing.
        tail_note: What it rests on, or why there is none.
        bins: The histogram.
        series: The latencies in time; frames that stand out are spans of their own.
        spikes: The frames that stand out.
        selected: The frame that is looked at.
    """

    title: str
    unit: str
    n: int
    deadline: float | None
    median: float
    p99: float
    p999: float
    max: float
    misses: int
    miss_ratio: float
    miss_low: float | None
    miss_high: float | None
    tail: TailPicture | None
    tail_note: str
    bins: tuple[Bin, ...]
    series: tuple[Span, ...]
    spikes: tuple[LateFrame, ...]
    selected: int | None

    def to_dict(self) -> dict[str, object]:
        """The picture as plain data."""
        return plain_fields(self)


def frames_picture(
    title: str,
    latencies: Sequence[float],
    figures: Distribution,
    spikes: Sequence[int],
    selected: int | None,
) -> FramesPicture:
    """The picture of some latencies.

    Args:
        title: It in a sentence.
        latencies: One a frame, in order [s].
        figures: Their distribution.
        spikes: Frames that stand out.
        selected: The frame that is looked at.
    """
    low, high = (None, None) if figures.miss_bounds is None else figures.miss_bounds
    return FramesPicture(
        title=title,
        unit="s",
        n=figures.n_frames,
        deadline=figures.deadline,
        median=figures.median,
        p99=figures.p99,
        p999=figures.p999,
        max=figures.maximum,
        misses=figures.misses,
        miss_ratio=figures.misses / figures.n_frames,
        miss_low=low,
        miss_high=high,
        tail=_tail(figures),
        tail_note=figures.tail.words,
        bins=bins_of(latencies),
        series=series_of(latencies, spikes),
        spikes=tuple(LateFrame(frame, latencies[frame]) for frame in spikes),
        selected=selected,
    )


def _tail(figures: Distribution) -> TailPicture | None:
    tail = figures.tail
    if not tail.fitted or tail.threshold is None or tail.shape is None or tail.scale is None:
        return None
    return TailPicture(
        threshold=tail.threshold,
        shape=tail.shape,
        scale=tail.scale,
        points=tail.exceedances,
        text=tail.words,
    )


def bins_of(latencies: Sequence[float]) -> tuple[Bin, ...]:
    """The histogram: half of the bins share the body of the distribution evenly, half the rest in equal ratios.

    The body ends six distances between the quartiles over the median.

    Args:
        latencies: At least one [s].

    Example:
        >>> sum(one.count for one in bins_of([0.008, 0.0081, 0.05]))
        3
    """
    ordered = sorted(latencies)
    least, most = ordered[0], ordered[-1]
    low, middle, high = (ordered[len(ordered) * part // 4] for part in (1, 2, 3))
    knee = min(middle + _FINE * (high - low), most)
    edges = _edges(least, knee, _BINS // 2)
    if most > knee:
        edges += _ratios(knee, most, _BINS // 2)[1:]
    counts = [0] * (len(edges) - 1)
    place = 0
    for value in ordered:
        while place < len(counts) - 1 and value >= edges[place + 1]:
            place += 1
        counts[place] += 1
    pairs = zip(edges, edges[1:], counts, strict=False)
    return tuple(Bin(low, high, count) for low, high, count in pairs)


def _edges(low: float, high: float, count: int) -> list[float]:
    if high <= low:
        return [low, low]
    return [*(low + (high - low) * index / count for index in range(count)), high]


def _ratios(low: float, high: float, count: int) -> list[float]:
    step = float(power(high / low, 1.0 / count)) if low > 0.0 else 0.0
    if step <= 1.0:
        return _edges(low, high, count)
    edges = [low]
    for _ in range(count - 1):
        edges.append(edges[-1] * step)
    return [*edges, high]


def series_of(latencies: Sequence[float], spikes: Sequence[int]) -> tuple[Span, ...]:
    """The latencies in time, in a few hundred spans; a frame that stands out is a span of its own.

    Args:
        latencies: One a frame, in order [s].
        spikes: Frames that stand out.

    Example:
        >>> [(span.first, span.last) for span in series_of([1.0] * 4, [2])]
        [(0, 0), (1, 1), (2, 2), (3, 3)]
    """
    width = max(-(-len(latencies) // _SPANS), 1)
    alone = set(spikes)
    found: list[Span] = []
    begun: list[int] = []
    for frame in range(len(latencies)):
        if begun and (frame in alone or len(begun) == width):
            found.append(_span(latencies, begun))
            begun = []
        if frame in alone:
            found.append(_span(latencies, [frame]))
        else:
            begun.append(frame)
    if begun:
        found.append(_span(latencies, begun))
    return tuple(found)


def _span(latencies: Sequence[float], frames: list[int]) -> Span:
    times = [latencies[frame] for frame in frames]
    return Span(frames[0], frames[-1], min(times), max(times))
