"""The loop: frames of the pipeline one after the other, each at the newest scan of the sensor."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING

from ironlaw.base.errors import DomainError
from ironlaw.base.number import summed
from ironlaw.registry.pipelines import pipeline_sheet
from ironlaw.system.jitter.board import Board, Deployment
from ironlaw.system.jitter.case import drawn_case
from ironlaw.system.jitter.causes import DECOYS, Cause, Stage
from ironlaw.system.jitter.frame import run_frame
from ironlaw.system.jitter.pipeline import PIPELINE, Factors, Pipeline, bare_pipeline
from ironlaw.system.jitter.scene import plain_scene, scene_of
from ironlaw.system.jitter.timeline import NANOSECOND, Burst, Clocks, Timeline, nanoseconds

if TYPE_CHECKING:
    from ironlaw.system.jitter.case import Case
    from ironlaw.system.jitter.events import Event, Frame
    from ironlaw.system.jitter.scene import Scene

_HALVINGS = 40
_SLOWEST = 20.0  # times the time at the peak rate, that kernels bound by arithmetic may take
_FOREVER = 1 << 62
STAGES = (Stage.VOXELIZATION, Stage.BACKBONE, Stage.POSTPROCESS)
"""The stages in their order."""


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Run:
    """A simulated trace.

    Attributes:
        case: What happened in it.
        deployment: How the pipeline was built.
        without: What was taken away from the case; None for nothing.
        frames: In order.
        events: In the order in which they were recorded; their times are not sorted.
    """

    case: Case
    deployment: Deployment
    without: str | None
    frames: tuple[Frame, ...]
    events: tuple[Event, ...]

    def of(self, frame: int) -> tuple[Event, ...]:
        """The events of one frame.

        Args:
            frame: Its number.
        """
        first = bisect_left(self.events, frame, key=lambda event: event.frame)
        last = bisect_left(self.events, frame + 1, key=lambda event: event.frame)
        return self.events[first:last]


def simulate(
    seed: int,
    frames: int = 2000,
    *,
    without: Cause | str | None = None,
    pool: str = "caching",
    graph_launch: bool = False,
    fused: str | tuple[str, ...] = "full",
) -> Run:
    """Simulate the case of a seed.

    The same seed draws the same scenes and noise whatever else is chosen (common random numbers): without its cause,
    all frames but the slow ones take exactly the time that they took with it.

    Args:
        seed: Of the case.
        frames: Length of the trace.
        without: A cause that is taken away if the case has it, or the name of a decoy.
        pool: "caching" or "static" memory.
        graph_launch: Whether voxels, network and decoding are one captured graph.
        fused: Level of fusion of the network, or the names of a set.

    Raises:
        DomainError: for a choice that is not there.

    Example:
        >>> len(simulate(7, 60).frames)
        60
    """
    case = drawn_case(seed, frames)
    removed = without.value if isinstance(without, Cause) else without
    known = (*(cause.value for cause in Cause), *DECOYS)
    if removed is not None and removed not in known:
        raise DomainError("without", removed, ", ".join(known))
    deployment = Deployment(pool=pool, graph_launch=graph_launch, fused=fused)
    return simulated(case, deployment, removed)


def simulated(case: Case, deployment: Deployment, without: str | None = None) -> Run:
    """Simulate a case.

    Args:
        case: What happens.
        deployment: How the pipeline is built.
        without: What is taken away: the name of a cause or a decoy.
    """
    pipeline = deployed(deployment.fused)
    left = tuple(decoy for decoy in case.decoys if decoy.name != without)
    suffered, cured = replace(case, decoys=left), without == case.cause.value
    board = Board(pipeline, deployment, suffered, cured=cured)
    period = nanoseconds(1.0 / pipeline.number("loop.rate"))
    machine, tick, skipped = board.machine, period, 0
    frames: list[Frame] = []
    for index in range(case.frames):
        machine.now = max(machine.now, tick)
        scene = scene_of(pipeline, suffered, index, cured=cured)
        frames.append(run_frame(board, index, scene, skipped))
        newest = machine.now // period * period
        skipped = max((newest - tick) // period - 1, 0)
        tick = newest if newest > tick else tick + period
        machine.step()
    return Run(
        case=case,
        deployment=deployment,
        without=without,
        frames=tuple(frames),
        events=tuple(machine.events),
    )


@lru_cache(maxsize=16)
def deployed(fused: str | tuple[str, ...] = "full") -> Pipeline:
    """The pipeline whose fully fused form takes the measured time in each stage.

    The network's kernels keep their terms of the cost model: one fraction of the peak rate, the same for all, is found
    so that the stage takes its measured time. The kernels of the other stages share what its launches leave.

    Args:
        fused: Level of fusion of the network, or the names of a set.
    """
    return bare_pipeline(fused, _factors())


@lru_cache(maxsize=1)
def _factors() -> Factors:
    """Halve the interval of each factor until its stage takes the measured time."""
    low = [0.0, 1.0, 0.0]
    sheet = pipeline_sheet(PIPELINE)
    targets = [nanoseconds(sheet.number(f"stage.{stage.value}")) for stage in STAGES]
    high = [targets[0] / NANOSECOND, _SLOWEST, targets[2] / NANOSECOND]
    for _ in range(_HALVINGS):
        middle = [(a + b) / 2.0 for a, b in zip(low, high, strict=True)]
        taken = plain_frame(bare_pipeline("full", _as_factors(middle))).stages
        for index in range(3):
            if taken[index] < targets[index]:
                low[index] = middle[index]
            else:
                high[index] = middle[index]
    return _as_factors(high)


def _as_factors(values: list[float]) -> Factors:
    return Factors(voxelization=values[0], compute_reach=1.0 / values[1], postprocess=values[2])


def plain_frame(
    pipeline: Pipeline,
    scene: Scene | None = None,
    clocks: Clocks | None = None,
    free: float = 1.0,
    deployment: Deployment | None = None,
) -> Frame:
    """A frame without noise or case.

    Args:
        pipeline: The pipeline.
        scene: What it is given; the usual scene if None.
        clocks: How much slower they are; the full ones if None.
        free: Fraction of the bandwidth that other engines leave.
        deployment: How it is built; as it is deployed if None.
    """
    board = Board(pipeline, Deployment() if deployment is None else deployment, None, cured=False)
    taken = () if free == 1.0 else (Burst(0, _FOREVER, 1.0 - free),)
    board.usual = Timeline(Clocks() if clocks is None else clocks, taken)
    return run_frame(board, 0, plain_scene(pipeline) if scene is None else scene)


@dataclass(frozen=True, slots=True, kw_only=True)
class Latencies:
    """How long the frames of a trace took.

    Attributes:
        median: Of all frames [s].
        stages: Median of each stage [s].
        p99: Latency that one frame in a hundred exceeds [s].
        most: The largest that was seen; no bound on what may come [s].
        slowest: The frame of it.
        deadline: Of the loop [s].
        misses: Frames that took longer.
        skipped: Scans that were dropped.
    """

    median: float
    stages: tuple[float, ...]
    p99: float
    most: float
    slowest: int
    deadline: float
    misses: int
    skipped: int


def latencies(run: Run) -> Latencies:
    """The latencies of a trace.

    Args:
        run: What was simulated.
    """
    times = sorted(frame.latency for frame in run.frames)
    slowest = max(run.frames, key=lambda frame: frame.latency)
    deadline = pipeline_sheet(PIPELINE).number("loop.deadline")
    return Latencies(
        median=_median(times),
        stages=tuple(
            _median([frame.stages[index] / NANOSECOND for frame in run.frames])
            for index in range(3)
        ),
        p99=times[len(times) * 99 // 100],
        most=slowest.latency,
        slowest=slowest.number,
        deadline=deadline,
        misses=len([time for time in times if time > deadline]),
        skipped=int(summed(frame.skipped for frame in run.frames)),
    )


def _median(values: list[float]) -> float:
    return sorted(values)[len(values) // 2]


def network_flops(run: Run) -> float:
    """Arithmetic of the network in one frame, whatever is fused, without the padding of a larger grid [FLOP].

    Args:
        run: What was simulated.
    """
    return summed(kernel.flops for kernel in deployed(run.deployment.fused).kernels)
