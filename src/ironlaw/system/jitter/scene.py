"""What a frame is given: its points, its boxes, the size of its grid, and its noise."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ironlaw.system.jitter.case import ROWS, BoxStorm, Case, Flush, NewShape
from ironlaw.system.jitter.causes import Stage
from ironlaw.system.jitter.draws import Draws

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ironlaw.system.jitter.pipeline import Pipeline

_STAGES = (Stage.VOXELIZATION, Stage.BACKBONE, Stage.POSTPROCESS)
_LEAST = 0.5


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Scene:
    """A frame before it is worked on.

    Attributes:
        points: Of the scan.
        boxes: That reach suppression.
        rows: Of the grid.
        host: Noise of the host; None for none.
        stages: Noise of each stage's kernels.
        shared: Factor on all kernels of the frame.
        interrupt: Time that interrupts take of the host [s].
    """

    points: int
    boxes: int
    rows: int = ROWS
    host: Draws | None = None
    stages: Mapping[Stage, Draws]
    shared: float = 1.0
    interrupt: float = 0.0

    def factor(self, stage: Stage, spread: float) -> float:
        """Noise of the next kernel of a stage, as a factor on its time.

        Args:
            stage: Where it runs.
            spread: Standard deviation.
        """
        draws = self.stages.get(stage)
        if draws is None:
            return self.shared
        return self.shared * max(1.0 + spread * draws.bell(), _LEAST)


def plain_scene(pipeline: Pipeline) -> Scene:
    """The usual scene, without noise.

    Args:
        pipeline: The pipeline.
    """
    points, boxes = pipeline.number("points.count"), pipeline.number("boxes.count")
    return Scene(points=int(points), boxes=int(boxes), stages={})


def scene_of(pipeline: Pipeline, case: Case, index: int, *, cured: bool) -> Scene:
    """The scene of a frame: drawn by seed and frame alone, so that it is the same in every re-run.

    Args:
        pipeline: The pipeline.
        case: What happens in the trace.
        index: Of the frame.
        cured: Whether the cause is taken away; the scene that triggers a flush or a new shape stays.
    """
    draws = Draws(case.seed, index, "scene")
    number = pipeline.number
    points = number("points.count") * (1.0 + number("points.spread") * draws.bell())
    boxes = number("boxes.count") * (1.0 + number("boxes.spread") * draws.bell())
    shared = 1.0 + number("noise.frame") * draws.bell()
    struck = draws.share() < number("noise.interrupt_chance")
    interrupt = draws.between(0.2, 1.0) * number("noise.interrupt")
    rows = ROWS
    injection = case.injection
    if isinstance(injection, NewShape) and index in (case.frame, injection.again):
        rows = injection.rows
    if index == case.frame:
        if isinstance(injection, Flush) and injection.stage is Stage.VOXELIZATION:
            points = number("points.count") * injection.growth
        elif isinstance(injection, Flush):
            boxes = number("boxes.count") * injection.growth
        elif isinstance(injection, BoxStorm) and not cured:
            boxes = float(injection.boxes)
    return Scene(
        points=int(points),
        boxes=int(boxes),
        rows=rows,
        host=Draws(case.seed, index, "host"),
        stages={stage: Draws(case.seed, index, stage.value) for stage in _STAGES},
        shared=shared,
        interrupt=interrupt if struck else 0.0,
    )
