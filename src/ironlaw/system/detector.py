"""A pass of the car's detector: its batch, format, sparsity and width, at the rates that its pipeline reaches."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple, cast

from ironlaw.base.number import summed
from ironlaw.registry.networks import load_network_card
from ironlaw.registry.pipelines import pipeline_sheet
from ironlaw.system.diagnosis import diagnose
from ironlaw.system.jitter.draws import MOST
from ironlaw.system.jitter.pipeline import PIPELINE, KernelPlan, Work, kernel_plans
from ironlaw.system.jitter.scene import plain_scene
from ironlaw.system.jitter.simulate import deployed, plain_frame
from ironlaw.system.jitter.timeline import NANOSECOND
from ironlaw.system.question import scenario
from ironlaw.workload.narrow import narrowed_table
from ironlaw.workload.network_file import network_from_table

if TYPE_CHECKING:
    from ironlaw.system.diagnosis import Scenario
    from ironlaw.system.jitter.board import Deployment
    from ironlaw.system.question import Ask
    from ironlaw.workload.network import Network

FORMATS = ("fp16", "int8")
"""Formats in which the detector can run."""
_DIAGNOSED = 2  # frames of the longest batch that is diagnosed


class Detector(NamedTuple):
    """What runs in a pass.

    Attributes:
        width: Share of the channels of each layer.
        frames: Frames of the batch.
        dtype: Format of weights and activations.
        sparsity: Pattern of its weights, as `sparsity_named` takes it; None for none.
        int8_reach: Fraction of the int8 peak that is reached, over the fraction of the fp16 peak.
    """

    width: float = 1.0
    frames: int = 1
    dtype: str = "fp16"
    sparsity: str | None = None
    int8_reach: float = 1.0


class Stages(NamedTuple):
    """Times of the stages of a frame [s]."""

    voxelization: float
    network: float
    postprocess: float


class Pass(NamedTuple):
    """A pass of a detector.

    Attributes:
        usual: Its stages without noise; the network's over the whole batch.
        worst: The same with the usual noise at its most: every clock of the frame, the camera's share of the memory all
            along, and the longest interrupt.
        weights: Bytes of its weights [B].
        activations: Bytes that its kernels need at once [B].
        compute: Time in kernels bound by arithmetic, without noise [s].
        memory: Time in kernels bound by memory, without noise [s].
        flops: Work for each frame [FLOP].
    """

    usual: Stages
    worst: Stages
    compute: float
    memory: float
    weights: float
    activations: float
    flops: float


@lru_cache(maxsize=8)
def narrowed(width: float) -> Network:
    """The detector with a share of its channels.

    Args:
        width: The share, of each layer but the last.

    Example:
        >>> narrowed(0.5).total_params < 0.3 * narrowed(1.0).total_params
        True
    """
    card = load_network_card(pipeline_sheet(PIPELINE).texts["network"])
    return network_from_table(card.name, card.title, narrowed_table(card.graph, width))


def detector_scenario(detector: Detector, fused: str | tuple[str, ...]) -> Scenario:
    """The question of a pass, at the rates of the data sheet.

    Args:
        detector: What runs.
        fused: Level of fusion, or the names of a set.

    Raises:
        DomainError: for a batch, format, sparsity, width or fusion that is not there.
    """
    asked: dict[str, object] = {"batch": detector.frames, "dtype": detector.dtype}
    if detector.sparsity is not None:
        asked["sparsity"] = detector.sparsity
    if isinstance(fused, str):
        asked["fusion"] = fused
    chip = pipeline_sheet(PIPELINE).texts["chip"]
    question = scenario(narrowed(detector.width), chip, **cast("Ask", asked))
    return question if isinstance(fused, str) else replace(question, fusions=fused)


def compute_reach(detector: Detector) -> float:
    """Fraction of R_peak that the kernels bound by arithmetic reach.

    The fraction in fp16 is what holds the network to its measured time; that in int8 is assumed beside it.

    Args:
        detector: What runs.
    """
    found = deployed().factors.compute_reach
    return found if detector.dtype == "fp16" else found * detector.int8_reach


@lru_cache(maxsize=1024)
def detector_pass(detector: Detector, build: Deployment) -> Pass:
    """Time, memory and work of a pass.

    Args:
        detector: What runs.
        build: How the pipeline around it is built.

    Raises:
        DomainError: as `detector_scenario`.

    Example:
        >>> from ironlaw.system.jitter.board import Deployment
        >>> round(detector_pass(Detector(), Deployment()).usual.network, 5)
        0.00609
    """
    found, reach = _sizes(detector._replace(int8_reach=1.0), build.fused), compute_reach(detector)
    plans = tuple(plan._replace(work=_reached(plan.work, reach)) for plan in found.plans)
    usual, worst = _stages(plans, build)
    works = [plan.work for plan in plans]
    return Pass(
        usual=usual,
        worst=worst,
        compute=summed(one.compute for one in works if one.compute >= one.memory),
        memory=summed(one.memory for one in works if one.compute < one.memory),
        weights=found.weights,
        activations=found.activations,
        flops=found.flops / detector.frames,
    )


class _Sizes(NamedTuple):
    """What a pass asks of the board: its kernels at the printed rate, its memory [B] and its work [FLOP]."""

    plans: tuple[KernelPlan, ...]
    weights: float
    activations: float
    flops: float


def _reached(work: Work, reach: float) -> Work:
    """A kernel at the fraction of the peak that is reached."""
    return work._replace(compute=work.compute / reach)


@lru_cache(maxsize=512)
def _sizes(detector: Detector, fused: str | tuple[str, ...]) -> _Sizes:
    """The sizes of a pass. All of them are straight lines over the batch, so that two batches give every longer one."""
    if detector.frames > _DIAGNOSED:
        one, two = (_sizes(detector._replace(frames=n), fused) for n in (1, _DIAGNOSED))
        return _longer(one, two, detector.frames - 1)
    answer = diagnose(detector_scenario(detector, fused))
    return _Sizes(
        plans=kernel_plans(answer, 1.0),
        weights=float(answer.footprint.weights),
        activations=float(answer.footprint.activations),
        flops=float(answer.model_flops),
    )


def _longer(one: _Sizes, two: _Sizes, more: int) -> _Sizes:
    """A batch of one and so many more frames."""

    def line(first: float, second: float) -> float:
        return first + more * (second - first)

    plans: list[KernelPlan] = []
    for first, second in zip(one.plans, two.plans, strict=True):
        work = Work(
            line(first.work.compute, second.work.compute),
            line(first.work.memory, second.work.memory),
            first.work.fixed,
        )
        flops, traffic = line(first.flops, second.flops), line(first.traffic, second.traffic)
        plans.append(first._replace(work=work, flops=flops, traffic=traffic))
    return _Sizes(
        tuple(plans),
        one.weights,
        line(one.activations, two.activations),
        line(one.flops, two.flops),
    )


def _stages(plans: tuple[KernelPlan, ...], build: Deployment) -> tuple[Stages, Stages]:
    """The frame as it usually goes, and with the usual noise at its most."""
    pipeline = replace(deployed(), kernels=plans)
    number, scene = pipeline.number, plain_scene(pipeline)
    noisy = replace(
        scene, shared=1.0 + number("noise.frame") * MOST, interrupt=number("noise.interrupt")
    )
    left = 1.0 - number("noise.camera_share")
    frames = (
        plain_frame(pipeline, scene, deployment=build),
        plain_frame(pipeline, noisy, free=left, deployment=build),
    )
    usual, worst = (Stages(*(time / NANOSECOND for time in frame.stages)) for frame in frames)
    return usual, worst
