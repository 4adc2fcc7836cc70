"""Mobile Nomad, Part 2: the roofs of a plan in time and in joules, a dot for each kernel of a second."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ironlaw.base.number import summed
from ironlaw.instruments.energy_roofline import Consumer, energy_picture
from ironlaw.instruments.roofline import (
    Axis,
    Dot,
    Place,
    RedDot,
    Roof,
    RooflinePicture,
    chip_roofs,
    ridge,
)
from ironlaw.instruments.scale import percent, with_prefix
from ironlaw.instruments.step_roofline import rate_axis
from ironlaw.lab.tracks.mobile_glasses import JOBS, printed, title_of
from ironlaw.lab.tracks.mobile_plan import rows
from ironlaw.registry.dtypes import Dtype
from ironlaw.system.table import intensity

if TYPE_CHECKING:
    from ironlaw.lab.part import Content
    from ironlaw.lab.tracks.mobile_wear import Worn
    from ironlaw.system.energy_plan import LayerEnergy


def kernels_of(found: Worn) -> tuple[Consumer, ...]:
    """The kernels of all networks in a second, each with the least time that the chip's rates allow.

    Args:
        found: The plan.
    """
    made: list[Consumer] = []
    for job, one, plan, rate in zip(JOBS, found.passes, found.plans, found.rates, strict=True):
        layers = {layer.name: layer for row in rows() if row.job == job for layer in row.layers}
        spent = {layer.name: layer for layer in one.layers}
        for members in one.kernels:
            work = [layers[name] for name in members]
            often = rate * work[0].runs
            compute = summed(
                layer.flops / found.chip.peak(_format(layer.follows in plan.narrow))
                for layer in work
            )
            traffic = rate * summed(spent[name].traffic for name in members)
            made.append(
                Consumer(
                    name=f"{job}.{'+'.join(members)}",
                    layer=job,
                    launches=round(often),
                    flops=often * summed(layer.flops for layer in work),
                    traffic=traffic,
                    energy=rate * summed(joules_of(spent[name]) for name in members),
                    time=max(often * compute, traffic / found.chip.bandwidth),
                )
            )
    return tuple(one for one in made if one.traffic > 0.0)


def _format(narrow: bool) -> Dtype:  # noqa: FBT001
    return Dtype.INT8 if narrow else Dtype.FP16


def joules_of(layer: LayerEnergy) -> float:
    """Energy of a layer, static energy aside [J].

    Args:
        layer: The layer.
    """
    return layer.compute + layer.sram + layer.dram


def kernel_words(name: str) -> str:
    """A kernel as people write it: what it begins with, and how many operators share it.

    Args:
        name: Of a kernel, its job in front.
    """
    job, _, inside = name.partition(".")
    first, *others = inside.split("+")
    row = next(r for r in rows() if r.job == job and any(x.name == first for x in r.layers))
    more = f" and {len(others)} more" if others else ""
    return f"{row.label}{more}"


def named(picture: RooflinePicture) -> RooflinePicture:
    """An energy roofline whose dots are called as people call their layers.

    Args:
        picture: The roofline.
    """
    dots = tuple(replace(dot, label=kernel_words(dot.id)) for dot in picture.dots)
    red = picture.selected
    return replace(
        picture,
        dots=dots,
        selected=None if red is None else replace(red, label=title_of(red.id)),
    )


def energy_view(found: Worn, begun: Worn, job: str) -> Content:
    """The energy roofline of a plan.

    Args:
        found: The plan.
        begun: The networks as they were found.
        job: The network that is looked at.
    """
    before = [one for one in kernels_of(begun) if one.layer == job]
    picture = energy_picture(
        kernels_of(found), found.chip, Dtype.FP16, layer=job, before=place_of(before, joules=True)
    )
    return named(picture).to_dict()


def place_of(members: list[Consumer], *, joules: bool) -> Place:
    """Where kernels stand together: their work for a second, or for a joule.

    Args:
        members: The kernels.
        joules: Whether for a joule.
    """
    flops, traffic = summed(one.flops for one in members), summed(one.traffic for one in members)
    spent = summed(one.energy if joules else one.time for one in members)
    return Place(intensity(flops, traffic), flops / spent)


def time_view(found: Worn, begun: Worn, job: str) -> Content:
    """The roofline of a plan: every kernel where the printed rates would let it be.

    Args:
        found: The plan.
        begun: The networks as they were found.
        job: The network that is looked at.
    """
    kernels, chip = kernels_of(found), found.chip
    total = summed(one.time for one in kernels)
    members = [one for one in kernels if one.layer == job]
    share = summed(one.time for one in members) / total
    here = place_of(members, joules=False)
    before = [one for one in kernels_of(begun) if one.layer == job]
    return RooflinePicture(
        title=f"Roofline of {chip.short_title} in fp16 and int8",
        x=Axis("arithmetic intensity", "FLOP/B", 0.1, 1e4),
        y=rate_axis(printed(), dtype_peak=chip.peak(Dtype.INT8)),
        roofs=(*chip_roofs(chip, Dtype.FP16), _narrow_roof(found)),
        ridges=(ridge(chip, Dtype.FP16),),
        dots=tuple(_dot(one, total, job, found) for one in kernels),
        selected=RedDot(
            id=job,
            label=title_of(job),
            intensity=here.intensity,
            flop_rate=here.flop_rate,
            ghost_rate=None,
            before=place_of(before, joules=False),
            share=share,
            note=f"on the roof, where physics would let it be · {percent(share)} of the busy time",
            gap=(),
        ),
        profiler=False,
        source="nothing was measured here: the roofline's own times",
    ).to_dict()


def _narrow_roof(found: Worn) -> Roof:
    peak = found.chip.peak(Dtype.INT8)
    return Roof(
        id="int8",
        role="level",
        label="",
        peak_label=f"{with_prefix(peak, 'FLOP/s')} int8",
        bandwidth=found.chip.bandwidth,
        peak=peak,
    )


def _dot(one: Consumer, total: float, job: str, found: Worn) -> Dot:
    moving = one.traffic / found.chip.bandwidth
    return Dot(
        id=one.name,
        label=kernel_words(one.name),
        layer=one.layer,
        intensity=intensity(one.flops, one.traffic),
        flop_rate=one.flops / one.time,
        share=one.time / total,
        time=one.time,
        count=one.launches,
        traffic=one.traffic,
        flops=one.flops,
        bound="memory" if moving >= one.time else "compute",
        member=one.layer == job,
    )
