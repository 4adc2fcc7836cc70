"""Every setting of the car's loop: which of them hold the deadline, and what the best one verifies."""

from __future__ import annotations

from functools import lru_cache
from itertools import product
from typing import TYPE_CHECKING, NamedTuple

from ironlaw.base.errors import DomainError
from ironlaw.system.detector import FORMATS
from ironlaw.system.detector_loop import (
    MOST_FRAMES,
    SCENES,
    Assumed,
    Loop,
    Setting,
    loop_at,
)
from ironlaw.system.temporal import waiting_time

if TYPE_CHECKING:
    from ironlaw.system.jitter.board import Deployment


class Reached(NamedTuple):
    """What the settings of a build come to.

    Attributes:
        reference: The build with nothing else changed.
        best: Of the settings that hold, the one that verifies the most frames a second; the one that needs less memory
            of two alike. None where none holds.
        settings: How many there are.
        holding: How many hold: they fit, keep up, and their worst frame is on time.
        reaching: How many of those verify so many times the frames of the reference.
    """

    reference: Loop
    best: Loop | None
    settings: int
    holding: int
    reaching: int

    @property
    def factor(self) -> float:
        """Frames a second of the best setting over those of the reference; 0 where none holds."""
        if self.best is None:
            return 0.0
        return gain(self.best, self.reference)


def gain(loop: Loop, reference: Loop) -> float:
    """Frames a second that a loop verifies, over those of another.

    Args:
        loop: A loop.
        reference: What it is compared with.
    """
    return loop.usual.throughput / reference.usual.throughput


@lru_cache(maxsize=32)
def reached(
    build: Deployment, given: Assumed, patterns: tuple[str | None, ...], target: float
) -> Reached:
    """Try every format, pattern of weights, number of experts and length of a batch.

    A batch whose first frame waits as long as the deadline is late whatever the board does, and is not timed.

    Args:
        build: How the pipeline is built.
        given: What is assumed.
        patterns: Patterns of the weights; None is dense.
        target: Times the frames a second of the reference.

    Raises:
        DomainError: for a target that is not positive, or as `loop_at`.

    Example:
        >>> from ironlaw.system.detector_loop import assumed
        >>> from ironlaw.system.jitter.board import Deployment
        >>> found = reached(Deployment(), assumed(), (None,), 2.0)
        >>> found.settings, found.factor > 2.0
        (54, True)
    """
    if not target > 0.0:
        raise DomainError("target", target, "(0, ∞)")
    reference = loop_at(Setting(build=build), given)
    batches = [(1, False), *((frames, True) for frames in range(1, MOST_FRAMES + 1))]
    heads = range(1, len(SCENES) + 1)
    settings = [
        Setting(
            build=build, dtype=dtype, sparsity=sparsity, experts=experts, frames=n, drafted=drafted
        )
        for dtype, sparsity, experts, (n, drafted) in product(FORMATS, patterns, heads, batches)
    ]
    timely = [
        one
        for one in settings
        if waiting_time(one.frames, reference.usual.rate) < reference.deadline
    ]
    holding = [loop for loop in (loop_at(one, given) for one in timely) if loop.holds]
    best = max(holding, key=lambda loop: (loop.usual.throughput, -loop.held.total), default=None)
    enough = [loop for loop in holding if gain(loop, reference) >= target]
    return Reached(reference, best, len(settings), len(holding), len(enough))
