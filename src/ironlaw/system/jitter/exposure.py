"""How a build of the pipeline takes each cause: which late frames it removes, and which it leaves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ironlaw.base.number import require_count
from ironlaw.system.jitter.board import Board, Deployment
from ironlaw.system.jitter.case import LEAST_FRAMES, drawn_case
from ironlaw.system.jitter.causes import Cause
from ironlaw.system.jitter.frame import run_frame
from ironlaw.system.jitter.scene import scene_of
from ironlaw.system.jitter.simulate import deployed

if TYPE_CHECKING:
    from ironlaw.system.jitter.case import Case
    from ironlaw.system.jitter.events import Event

_START = 10_000_000  # [ns]


@dataclass(frozen=True, slots=True, kw_only=True)
class Exposure:
    """What one cause does to a build.

    Attributes:
        cause: The cause.
        draws: How often it was drawn.
        late: In how many of them the frame misses the deadline.
        worst: The longest frame [s].
        added: The most that the cause adds to a frame of this build [s].
    """

    cause: Cause
    draws: int
    late: int
    worst: float
    added: float

    @property
    def removed(self) -> bool:
        """Whether no draw misses the deadline."""
        return self.late == 0


def alone(
    drawn: Case, *, cured: bool, deployment: Deployment | None = None
) -> tuple[float, tuple[Event, ...]]:
    """Latency and events of the slow frame of a case by itself [s].

    Args:
        drawn: The case.
        cured: Whether its cause is taken away.
        deployment: How the pipeline is built; as it is deployed if None.
    """
    build = Deployment() if deployment is None else deployment
    pipeline = deployed(build.fused)
    board = Board(pipeline, build, drawn, cured=cured)
    board.machine.now = _START
    frame = run_frame(board, drawn.frame, scene_of(pipeline, drawn, drawn.frame, cured=cured))
    return frame.latency, tuple(board.machine.events)


def exposures(deployment: Deployment, seed: int = 0, draws: int = 12) -> tuple[Exposure, ...]:
    """Let a build suffer every cause, each drawn several times.

    Args:
        deployment: The build.
        seed: Of the first draw; the next ones follow it.
        draws: How many of each cause.

    Returns:
        One for each cause; a build whose frames are late anyway removes none.

    Raises:
        DomainError: if the number of draws is no count.

    Example:
        >>> static = exposures(Deployment(pool="static"))
        >>> [one.cause.value for one in static if one.removed]
        ['alloc_flush']
    """
    require_count("draws", draws)
    return tuple(_exposure(deployment, cause, seed, draws) for cause in Cause)


def _exposure(deployment: Deployment, cause: Cause, seed: int, draws: int) -> Exposure:
    deadline = deployed().number("loop.deadline")
    taken: list[float] = []
    added: list[float] = []
    for number in range(seed, seed + draws):
        drawn = drawn_case(number, LEAST_FRAMES, cause)
        latency, _ = alone(drawn, cured=False, deployment=deployment)
        usual, _ = alone(drawn, cured=True, deployment=deployment)
        taken.append(latency)
        added.append(latency - usual)
    late = len([time for time in taken if time > deadline])
    return Exposure(cause=cause, draws=draws, late=late, worst=max(taken), added=max(added))
