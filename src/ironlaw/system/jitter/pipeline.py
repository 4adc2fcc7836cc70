"""The kernels of the pipeline: terms of the cost model, held to the measured time of their stage."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

from ironlaw.base.errors import DomainError
from ironlaw.base.number import ceil
from ironlaw.registry.chips import load_chip
from ironlaw.registry.pipelines import pipeline_sheet
from ironlaw.rewrites.levels import FusionLevel
from ironlaw.system.diagnosis import diagnose
from ironlaw.system.jitter.causes import Stage
from ironlaw.system.question import scenario
from ironlaw.workload.shapes import ConvolutionShape

if TYPE_CHECKING:
    from ironlaw.registry.chips import Chip
    from ironlaw.registry.facts import FactSheet
    from ironlaw.system.diagnosis import Diagnosis
    from ironlaw.workload.kernels import Kernel

PIPELINE = "pointpillars"
_LEVELS = tuple(level.value for level in FusionLevel)
_TILE = 128  # rows and columns of a thread block's tile
_THREADS = 256


class Work(NamedTuple):
    """What a kernel does, as time at full clocks and with the memory to itself.

    Attributes:
        compute: Arithmetic [s].
        memory: Traffic at the bandwidth that is reached [s].
        fixed: Time that neither clock of arithmetic nor of memory changes [s].
    """

    compute: float
    memory: float
    fixed: float = 0.0

    def time(self, gpu: float = 1.0, memory: float = 1.0) -> float:
        """Duration where arithmetic takes `gpu` and traffic `memory` times as long [s].

        Args:
            gpu: Full over actual clock of the GPU.
            memory: Full over available bandwidth.
        """
        return max(self.compute * gpu, self.memory * memory) + self.fixed

    def times(self, factor: float) -> Work:
        """The same work, more or less of it.

        Args:
            factor: How much of it.
        """
        return Work(self.compute * factor, self.memory * factor, self.fixed)


class KernelPlan(NamedTuple):
    """A kernel of the network.

    Attributes:
        name: As the cost model names it.
        work: Its duration's parts.
        flops: Arithmetic [FLOP].
        traffic: Bytes that cross its border [B].
        grid: Thread blocks.
    """

    name: str
    work: Work
    flops: float
    traffic: float
    grid: tuple[int, int, int]


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Factors:
    """What the kernels of each stage are multiplied with, so that its time is the measured one.

    Attributes:
        voxelization: All kernels of the stage [s].
        compute_reach: Fraction of R_peak that kernels bound by arithmetic reach.
        postprocess: All kernels and host work of the stage [s].
    """

    voxelization: float
    compute_reach: float
    postprocess: float


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Pipeline:
    """The pipeline on its chip.

    Attributes:
        sheet: Every fact about it.
        chip: The chip.
        kernels: Of the network, in order.
        factors: How the stages were held to their measured time.
    """

    sheet: FactSheet
    chip: Chip
    kernels: tuple[KernelPlan, ...]
    factors: Factors

    def number(self, path: str) -> float:
        """A fact of the pipeline, in SI units.

        Args:
            path: Its table and name.
        """
        return self.sheet.number(path)

    @property
    def dispatch(self) -> float:
        """Host time of one launch [s].

        Raises:
            DomainError: if none is recorded of the chip.
        """
        if self.chip.stream_dispatch is None:
            raise DomainError("chip", self.chip.name, "chips with a recorded launch time")
        return self.chip.stream_dispatch

    def target(self, stage: Stage) -> float:
        """The measured time of a stage [s].

        Args:
            stage: One of the three.
        """
        return self.number(f"stage.{stage.value}")

    @property
    def median(self) -> float:
        """The measured time of a frame [s]."""
        stages = (Stage.VOXELIZATION, Stage.BACKBONE, Stage.POSTPROCESS)
        first, second, third = (self.target(stage) for stage in stages)
        return first + second + third


def network_kernels(fused: str | tuple[str, ...], compute_reach: float) -> tuple[KernelPlan, ...]:
    """The kernels of the network at a level of fusion or under a set of one's own.

    Args:
        fused: "none", "partial", "full", or names that `ironlaw fusions` lists.
        compute_reach: Fraction of R_peak that is reached.

    Raises:
        DomainError: for a level or a fusion that is not there.
    """
    sheet = pipeline_sheet(PIPELINE)
    model, chip = sheet.texts["network"], sheet.texts["chip"]
    if isinstance(fused, str):
        if fused not in _LEVELS:
            raise DomainError("fused", fused, f"{', '.join(_LEVELS)}, or names of fusions")
        answer = diagnose(scenario(model, chip, fusion=fused))
    else:
        answer = diagnose(replace(scenario(model, chip), fusions=fused))
    return kernel_plans(answer, compute_reach)


def kernel_plans(answer: Diagnosis, compute_reach: float) -> tuple[KernelPlan, ...]:
    """The kernels of a pass of the network at the rates that the pipeline reaches.

    Args:
        answer: The pass, as the cost model has it.
        compute_reach: Fraction of R_peak that is reached.
    """
    bandwidth_reach = pipeline_sheet(PIPELINE).number("engine.bandwidth_reach")
    plans: list[KernelPlan] = []
    for cost, count, _ in answer.launches:
        ideal = cost.ideal
        work = Work(
            float(ideal.compute) / compute_reach,
            float(ideal.memory) / bandwidth_reach,
            float(cost.terms.latency),
        )
        plan = KernelPlan(
            cost.kernel.name,
            work,
            float(cost.kernel.flops),
            float(cost.kernel.traffic),
            _grid(cost.kernel),
        )
        plans.extend([plan] * count)
    return tuple(plans)


def _grid(kernel: Kernel) -> tuple[int, int, int]:
    """Thread blocks: tiles of a convolution's output, or threads for sixteen bytes each."""
    for operator in kernel.parts.operators:
        if isinstance(operator.shape, ConvolutionShape):
            m, n = float(operator.shape.m), float(operator.shape.n)
            return int(ceil(m / _TILE)), int(ceil(n / _TILE)), 1
    return int(ceil(float(kernel.traffic) / (16.0 * _THREADS))), 1, 1


def bare_pipeline(fused: str | tuple[str, ...], factors: Factors) -> Pipeline:
    """The pipeline under given factors.

    Args:
        fused: Level of fusion, or a set.
        factors: How its stages are held to their time.
    """
    sheet = pipeline_sheet(PIPELINE)
    return Pipeline(
        sheet=sheet,
        chip=load_chip(sheet.texts["chip"]),
        kernels=network_kernels(fused, factors.compute_reach),
        factors=factors,
    )
