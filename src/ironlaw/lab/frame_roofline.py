"""The kernels of a frame on the roofline, each with its ghost of the median frame: who stretches alone, and who not."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

from ironlaw.base.number import summed
from ironlaw.instruments.roofline import Axis, Dot, RooflinePicture, chip_roofs, in_words, ridge
from ironlaw.instruments.step_roofline import rate_axis
from ironlaw.registry.dtypes import Dtype

if TYPE_CHECKING:
    from ironlaw.system.jitter.pipeline import KernelPlan, Pipeline

_DTYPE = Dtype.FP16


class Ran(NamedTuple):
    """What ran in a frame.

    Attributes:
        times: Time of each kernel, by name [s].
        size: Rows of its grid over the usual ones.
    """

    times: Mapping[str, float]
    size: float


def frame_roofline(pipeline: Pipeline, frame: Ran, median: Ran) -> RooflinePicture:
    """The kernels of the network in a frame.

    Args:
        pipeline: The pipeline, for what each kernel does.
        frame: The frame that is looked at.
        median: The frame whose dots are the ghosts.
    """
    chip = pipeline.chip
    plans = {plan.name: plan for plan in pipeline.kernels}
    total = summed(frame.times.get(name, 0.0) for name in plans)
    dots = [_dot(plan, frame, median, total) for plan in plans.values() if plan.name in frame.times]
    return RooflinePicture(
        title=f"Kernels of the frame under the roof of {chip.short_title}",
        x=Axis("arithmetic intensity", "FLOP/B", 0.1, 1e4),
        y=rate_axis(chip, dtype_peak=chip.peak(_DTYPE)),
        roofs=chip_roofs(chip, _DTYPE),
        ridges=(ridge(chip, _DTYPE),),
        dots=tuple(dots),
        selected=None,
        profiler=True,
        source="as the trace recorded them; ghosts: the median frame. Work and bytes are the network's own",
    )


def _dot(plan: KernelPlan, frame: Ran, median: Ran, total: float) -> Dot:
    time = frame.times[plan.name]
    flops, traffic = plan.flops * frame.size, plan.traffic * frame.size
    usual = median.times.get(plan.name)
    return Dot(
        id=plan.name,
        label=in_words(plan.name),
        layer=plan.name.partition(".")[0],
        intensity=plan.flops / plan.traffic,
        flop_rate=flops / time,
        share=time / total,
        time=time,
        count=1,
        traffic=traffic,
        flops=flops,
        bound="memory" if plan.work.memory > plan.work.compute else "compute",
        member=False,
        ghost_rate=None if usual is None else plan.flops * median.size / usual,
    )
