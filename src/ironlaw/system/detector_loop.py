"""The car's loop under another algorithm: frames in batches, detectors for scenes, fewer bits, fewer weights."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from ironlaw.base.errors import DomainError
from ironlaw.base.number import summed
from ironlaw.registry.pipelines import pipeline_sheet
from ironlaw.system.detector import Detector, Pass, detector_pass
from ironlaw.system.jitter.board import Deployment
from ironlaw.system.jitter.memory import Held, pool_of
from ironlaw.system.jitter.pipeline import PIPELINE
from ironlaw.system.scene_experts import Expert, Gated
from ironlaw.system.temporal import Batch, Rates, drafts_kept, rates_that_hold

if TYPE_CHECKING:
    from collections.abc import Callable

    from ironlaw.system.detector import Stages

SCENES = ("highway", "city", "parking")
"""Scenes that a detector can be trained for, in the order in which they get one of their own."""
MOST_FRAMES = 8
"""Frames that a batch of the loop may hold."""
_DEPLOYED = Deployment()


class Assumed(NamedTuple):
    """What nobody has measured.

    Attributes:
        acceptance: Probability that the boxes of a drafted frame hold if those of the frame before do.
        gate_error: Probability that the gate picks a wrong expert.
        narrow: Share of the channels of the experts for highway and parking.
        city: Of that for the city.
        int8_reach: Fraction of the int8 peak that is reached, over the fraction of the fp16 peak.
    """

    acceptance: float
    gate_error: float
    narrow: float
    city: float
    int8_reach: float


@lru_cache(maxsize=1)
def assumed() -> Assumed:
    """What is assumed, as the registry has it."""
    number = pipeline_sheet(PIPELINE).number
    return Assumed(
        acceptance=number("tracker.acceptance"),
        gate_error=number("gate.error"),
        narrow=number("scene.highway.width"),
        city=number("scene.city.width"),
        int8_reach=number("engine.int8_reach"),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """How the loop is set.

    Attributes:
        build: How the pipeline is built: what Part 2 of the mission turns.
        dtype: Format of the detector.
        sparsity: Pattern of its weights; None for none.
        frames: Frames that one pass verifies.
        drafted: Whether a tracker drafts them.
        experts: Detectors: 1 for all scenes, 2 with one of the highway's own, 3 with one for each scene.
    """

    build: Deployment = _DEPLOYED
    dtype: str = "fp16"
    sparsity: str | None = None
    frames: int = 1
    drafted: bool = False
    experts: int = 1

    def __post_init__(self) -> None:
        """Refuse a loop that is not there.

        Raises:
            DomainError: naming the field.
        """
        if not 1 <= self.experts <= len(SCENES):
            raise DomainError("experts", self.experts, f"1 to {len(SCENES)}")
        if not 1 <= self.frames <= MOST_FRAMES:
            raise DomainError("frames", self.frames, f"1 to {MOST_FRAMES}")
        if self.frames > 1 and not self.drafted:
            raise DomainError("frames", self.frames, "1: without a tracker no frame can wait")


@dataclass(frozen=True, slots=True, kw_only=True)
class Loop:
    """The loop at a setting.

    Attributes:
        setting: It.
        assumed: What it rests on.
        experts: The detectors, with the times of a pass as it usually goes.
        usual: A batch as it usually goes, over scenes and mistakes of the gate.
        worst: A batch with the usual noise at its most and the gate wrong where that costs most.
        compute: Time of a pass in kernels bound by arithmetic, over scenes and mistakes of the gate [s].
        memory: The same in kernels bound by memory [s].
        deadline: From a scan to its verified boxes [s].
        held: Memory of the build, all experts in it [B].
        room: Memory that it may have [B].
        flops: Work for each verified frame, over scenes and mistakes of the gate [FLOP].
    """

    setting: Setting
    assumed: Assumed
    experts: Gated
    usual: Batch
    worst: Batch
    compute: float
    memory: float
    deadline: float
    held: Held
    room: float
    flops: float

    @property
    def late(self) -> float:
        """Time over the deadline, of the worst frame; below zero where it meets it [s]."""
        return self.worst.latency - self.deadline

    @property
    def over(self) -> float:
        """Bytes over the room; below zero where it fits [B]."""
        return self.held.total - self.room

    @property
    def behind(self) -> bool:
        """Whether the board falls behind the sensor."""
        return self.usual.utilization > 1.0

    @property
    def holds(self) -> bool:
        """Whether it fits, keeps up, and its worst frame is on time."""
        return self.late <= 0.0 and self.over <= 0.0 and not self.behind

    @property
    def rates(self) -> Rates:
        """Rates of the sensor at which the worst frame would be on time and the board keep up [1/s]."""
        low, _ = rates_that_hold(self.worst, self.deadline)
        return Rates(low, self.usual.throughput)

    @property
    def kept(self) -> float:
        """Drafted frames of a batch whose boxes hold, on average."""
        return drafts_kept(self.assumed.acceptance, self.setting.frames)


@lru_cache(maxsize=1024)
def loop_at(setting: Setting, given: Assumed) -> Loop:
    """The loop at a setting.

    Args:
        setting: How it is set.
        given: What is assumed.

    Raises:
        DomainError: as `detector_pass` and `Gated`.

    Example:
        >>> round(loop_at(Setting(), assumed()).usual.latency, 5)
        0.00779
    """
    number = pipeline_sheet(PIPELINE).number
    passes = _passes(setting, given)
    error, time = given.gate_error, number("gate.time")
    usual = _gated(passes, error, time, lambda one: one.usual.network)
    worst = _gated(passes, error, time, lambda one: one.worst.network)
    work = _gated(passes, error, number("gate.work") / setting.frames, lambda one: one.flops)
    first = passes[0].run
    drafts = number("tracker.work") if setting.drafted else 0.0
    return Loop(
        setting=setting,
        assumed=given,
        experts=usual,
        usual=_batch(setting, first.usual, usual.mean),
        worst=_batch(setting, first.worst, worst.worst),
        compute=_gated(passes, error, 0.0, lambda one: one.compute).mean,
        memory=_gated(passes, error, 0.0, lambda one: one.memory).mean,
        deadline=number("loop.deadline"),
        held=Held(
            weights=summed(one.run.weights for one in passes),
            activations=max(one.run.activations for one in passes),
            pool=setting.frames * pool_of(setting.build),
        ),
        room=number("loop.memory"),
        flops=work.mean + drafts,
    )


class _Scene(NamedTuple):
    """A scene, its share of the frames, and the pass of its detector."""

    name: str
    share: float
    run: Pass
    general: bool


def _passes(setting: Setting, given: Assumed) -> tuple[_Scene, ...]:
    """The detectors of a setting: those of their own scenes, and one for the rest."""
    number = pipeline_sheet(PIPELINE).number
    widths = {"highway": given.narrow, "city": given.city, "parking": given.narrow}
    own = SCENES if setting.experts == len(SCENES) else SCENES[: setting.experts - 1]
    found = [_scene(setting, given, name, widths[name]) for name in own]
    rest = summed(number(f"scene.{name}.share") for name in SCENES if name not in own)
    if len(own) < len(SCENES):
        general = _scene(setting, given, "", 1.0)
        found.append(general._replace(name="every scene", share=rest, general=True))
    return tuple(found)


def _scene(setting: Setting, given: Assumed, name: str, width: float) -> _Scene:
    detector = Detector(width, setting.frames, setting.dtype, setting.sparsity, given.int8_reach)
    share = pipeline_sheet(PIPELINE).number(f"scene.{name}.share") if name else 0.0
    return _Scene(name, share, detector_pass(detector, setting.build), general=False)


def _gated(
    passes: tuple[_Scene, ...], error: float, gate: float, of: Callable[[Pass], float]
) -> Gated:
    """The experts behind their gate, by some quantity of their passes: time, or work."""
    experts = tuple(Expert(one.name, one.share, of(one.run), one.general) for one in passes)
    return Gated(experts=experts, gate=gate, error=error)


def _batch(setting: Setting, stages: Stages, network: float) -> Batch:
    """A batch of the loop around a pass."""
    number = pipeline_sheet(PIPELINE).number
    return Batch(
        frames=setting.frames,
        rate=number("loop.rate"),
        before=stages.voxelization,
        network=network,
        after=stages.postprocess,
        draft=number("tracker.time") if setting.drafted else 0.0,
    )
