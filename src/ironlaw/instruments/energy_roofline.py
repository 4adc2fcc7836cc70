"""The roofline in joules: operations for a joule over intensity, under an arch, because joules do not overlap."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ironlaw.base.errors import DomainError
from ironlaw.base.number import summed
from ironlaw.cost.energy import flop_energy, lacking
from ironlaw.instruments.roofline import (
    Axis,
    Dot,
    Place,
    RedDot,
    Ridge,
    Roof,
    RooflinePicture,
    in_words,
)
from ironlaw.instruments.scale import decade, percent, significant, with_prefix
from ironlaw.system.energy import step_energy
from ironlaw.system.table import intensity

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ironlaw.instruments.step_roofline import View
    from ironlaw.registry.chips import Chip
    from ironlaw.registry.dtypes import Dtype

_BELOW = 0.05  # of the energy slope at 1 FLOP/B, where the axis begins at the latest
_ABOVE = 8.0


class Consumer(NamedTuple):
    """What consumes joules in a step, all its launches together.

    Attributes:
        name: A kernel, or a network.
        layer: What it belongs to.
        launches: How often it runs.
        flops: Work [FLOP].
        traffic: Bytes of the main memory [B].
        energy: Joules, static ones aside [J].
        time: Time [s].
    """

    name: str
    layer: str
    launches: int
    flops: float
    traffic: float
    energy: float
    time: float


def consumers_of(view: View) -> tuple[Consumer, ...]:
    """The kernels of a step that move bytes, with their joules.

    Args:
        view: The step.

    Raises:
        DomainError: if the chip's file lacks an energy.
    """
    kernels = step_energy(view.diagnosis).kernels
    return tuple(
        Consumer(
            name=row.name,
            layer=row.layer,
            launches=row.count,
            flops=row.flops,
            traffic=row.traffic,
            energy=float(terms.compute + terms.memory),
            time=row.time,
        )
        for row, terms in zip(view.rows, kernels, strict=False)
        if row.traffic > 0.0
    )


def hungriest(view: View) -> str:
    """The layer of a step that takes most joules.

    Args:
        view: The step.

    Raises:
        DomainError: if the chip's file lacks an energy.
    """
    taken: dict[str, float] = {}
    for one in consumers_of(view):
        taken[one.layer] = taken.get(one.layer, 0.0) + one.energy
    return max(taken, key=lambda layer: taken[layer])


def energy_roofline(now: View, start: View, *, layer: str) -> RooflinePicture:
    """The energy roofline of a step.

    Args:
        now: The step at the present knobs.
        start: The step at the knobs' start values: its dot stays as a shadow.
        layer: The selected layer.

    Raises:
        DomainError: if the chip's file lacks an energy.

    Source:
        choi-2013.
    """
    scenario = now.diagnosis.scenario
    chip = scenario.chip
    shadow = [one for one in consumers_of(start) if one.layer == layer]
    return energy_picture(
        consumers_of(now),
        chip,
        chip.runs(scenario.weights),
        layer=layer,
        before=_place(shadow) if shadow else None,
    )


def energy_picture(
    consumers: Iterable[Consumer],
    chip: Chip,
    dtype: Dtype,
    *,
    layer: str | None,
    before: Place | None = None,
) -> RooflinePicture:
    """The energy roofline of what consumes joules.

    Args:
        consumers: What does.
        chip: The chip whose energies make the arch.
        dtype: Number format of the plateau.
        layer: The selected layer; None for none.
        before: Where it was before the knobs were turned.

    Raises:
        DomainError: if the chip's file lacks an energy.
    """
    found = tuple(consumers)
    total = summed(one.energy for one in found)
    roofs = energy_roofs(chip, dtype)
    main = roofs[0]
    balance = main.peak / main.bandwidth
    members = [one for one in found if one.layer == layer]
    slope, _ = decade(_BELOW * main.bandwidth)
    _, top = decade(_ABOVE * main.peak)
    return RooflinePicture(
        title=f"Energy roofline of {chip.short_title} in {dtype.value}",
        x=Axis("arithmetic intensity", "FLOP/B", 0.1, 1e4),
        y=Axis("operations for a joule", "FLOP/J", slope, top),
        roofs=roofs,
        ridges=(Ridge("main", balance, f"balance {significant(balance)} FLOP/B"),),
        dots=tuple(_dot(one, total, main, member=one.layer == layer) for one in found),
        selected=_red_dot(layer, members, total, before) if layer and members else None,
        profiler=False,
        source="energies of operations and of bytes; nothing was measured here",
    )


def energy_roofs(chip: Chip, dtype: Dtype) -> tuple[Roof, ...]:
    """The arch of a chip's main memory, and those of the levels in front of it whose energy is known.

    Args:
        chip: The chip.
        dtype: Number format of the plateau.

    Raises:
        DomainError: if the chip's file lacks an energy.
    """
    reason = lacking(chip)
    if reason is not None:
        raise DomainError("chip", chip.name, f"chips with energy facts: {reason}")
    peak = 1.0 / flop_energy(chip, dtype)
    known = [(level, level.energy) for level in reversed(chip.levels) if level.energy]
    return tuple(
        Roof(
            id="main" if place == 0 else level.id,
            role="main" if place == 0 else "level",
            label=f"{level.name} {with_prefix(energy, 'J/B')}",
            peak_label=f"{with_prefix(peak, 'FLOP/J')} {dtype.value}" if place == 0 else "",
            bandwidth=1.0 / energy,
            peak=peak,
            form="sum",
        )
        for place, (level, energy) in enumerate(known)
    )


def _dot(one: Consumer, total: float, main: Roof, *, member: bool) -> Dot:
    moving = one.traffic / main.bandwidth
    return Dot(
        id=one.name,
        label=in_words(one.name),
        layer=one.layer,
        intensity=intensity(one.flops, one.traffic),
        flop_rate=one.flops / one.energy,
        share=one.energy / total,
        time=one.time,
        count=one.launches,
        traffic=one.traffic,
        flops=one.flops,
        bound="memory" if moving > one.flops / main.peak else "compute",
        member=member,
        energy=one.energy,
    )


def _place(members: list[Consumer]) -> Place:
    flops, traffic, energy = (
        summed(values)
        for values in zip(*((one.flops, one.traffic, one.energy) for one in members), strict=True)
    )
    return Place(intensity(flops, traffic), flops / energy)


def _red_dot(layer: str, members: list[Consumer], total: float, before: Place | None) -> RedDot:
    here, energy = _place(members), summed(one.energy for one in members)
    return RedDot(
        id=layer,
        label=in_words(layer),
        intensity=here.intensity,
        flop_rate=here.flop_rate,
        ghost_rate=None,
        before=before,
        share=energy / total,
        note=f"{with_prefix(energy, 'J')}, {percent(energy / total)} of the joules",
        gap=(),
    )
