"""Frames of a loop as the audit's workbench takes them, whatever they were recorded by."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ironlaw.instruments.lanes import NANOSECOND, Item
from ironlaw.system.audit.distribution import Distribution, distribution, outliers

if TYPE_CHECKING:
    from ironlaw.instruments.roofline import RooflinePicture
    from ironlaw.lab.part import Content


@dataclass(frozen=True, slots=True)
class Figure:
    """Something that was counted or read of a frame, beside the same of the median frame, in words."""

    label: str
    frame: str
    median: str


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Recording:
    """Frames of a loop.

    Attributes:
        source: Where they come from, as the page is told.
        title: Where they come from, in words.
        latencies: One a frame, in order [ns].
        figures: Their distribution.
        spikes: Frames that stand out.
        rule: By what rule, in words.
        first_look: The frame that is looked at first.
        median: The frame that stands for the usual one.
        rows: Rows of all frames in the order in which they are drawn, in words.
        items: What happened in a frame.
        roofline: The kernels of a frame before those of the median one; None where nothing is known of their work.
        read_off: What was counted or read of a frame and of the median one.
        auditor: What the auditor says of a frame; None where it is not asked, as in a case that is still to be judged.
    """

    source: Content
    title: str
    latencies: tuple[int, ...]
    figures: Distribution
    spikes: tuple[int, ...]
    rule: str
    first_look: int
    median: int
    rows: Mapping[str, str]
    items: Callable[[int], Sequence[Item]]
    roofline: Callable[[int, int], RooflinePicture | None]
    read_off: Callable[[int, int], Sequence[Figure]]
    auditor: Callable[[int], Content | None] | None = None

    @property
    def deadline(self) -> float | None:
        """What a frame may take [s]."""
        return self.figures.deadline

    def seconds(self, frame: int) -> float:
        """How long a frame took [s].

        Args:
            frame: Which.
        """
        return self.latencies[frame] * NANOSECOND


def judged(
    latencies: Sequence[int], deadline: float | None
) -> tuple[Distribution, tuple[int, ...], str, int]:
    """The distribution of latencies, the frames that stand out, by what rule, and the frame nearest the median.

    Args:
        latencies: One a frame, in order [ns].
        deadline: What a frame may take [s]; None if nothing was said.
    """
    figures = distribution(latencies, deadline)
    beyond = outliers(latencies, deadline)
    middle = figures.median / NANOSECOND
    nearest = min(range(len(latencies)), key=lambda frame: (abs(latencies[frame] - middle), frame))
    return figures, beyond.frames, beyond.rule, nearest
