"""Memory that a build of the pipeline holds: weights and activations of the network, and the pool beside them."""

from __future__ import annotations

from dataclasses import dataclass, replace

from ironlaw.base.number import summed
from ironlaw.registry.pipelines import pipeline_sheet
from ironlaw.system.diagnosis import diagnose
from ironlaw.system.jitter.allocator import size_class
from ironlaw.system.jitter.board import FEATURES, Deployment, mask_size
from ironlaw.system.jitter.pipeline import PIPELINE
from ironlaw.system.question import scenario


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """Bytes that a build holds [B].

    Attributes:
        weights: Of the network.
        activations: The most that its kernels need at once.
        pool: Points, voxels, masks and boxes.
    """

    weights: float
    activations: float
    pool: float

    @property
    def total(self) -> float:
        """All of it."""
        return self.weights + self.activations + self.pool


def held(deployment: Deployment) -> Held:
    """What a build holds: a caching pool rounds each usual request up, a static one has the largest shape.

    Args:
        deployment: The build.

    Example:
        >>> held(Deployment()).pool < held(Deployment(pool="static")).pool
        True
    """
    sheet = pipeline_sheet(PIPELINE)
    question = scenario(sheet.texts["network"], sheet.texts["chip"])
    fused = deployment.fused
    if isinstance(fused, str):
        footprint = diagnose(scenario(*_names(), fusion=fused)).footprint
    else:
        footprint = diagnose(replace(question, fusions=fused)).footprint
    return Held(
        weights=float(footprint.weights),
        activations=float(footprint.activations),
        pool=pool_of(deployment),
    )


def _names() -> tuple[str, str]:
    sheet = pipeline_sheet(PIPELINE)
    return sheet.texts["network"], sheet.texts["chip"]


def pool_of(deployment: Deployment) -> float:
    """Bytes of the pool beside the network: points, voxels, masks and boxes of one frame [B].

    Args:
        deployment: The build.
    """
    number = pipeline_sheet(PIPELINE).number
    boxes = int(number("boxes.count" if deployment.allocates else "boxes.most"))
    requests = [
        int(number("points.count") * number("points.size")),
        FEATURES,
        mask_size(boxes),
        boxes * int(number("boxes.roi_size")),
        boxes * int(number("boxes.box_size")),
    ]
    if deployment.allocates:
        return summed(float(size_class(size)) for size in requests)
    return summed(float(size) for size in requests)
