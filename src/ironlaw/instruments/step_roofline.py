"""The roofline of a step: one diagnosis as the chart that the lab, a report and a notebook show."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ironlaw.cost.kernel import Evidence
from ironlaw.instruments.roofline import (
    Axis,
    Place,
    RooflinePicture,
    chip_roofs,
    kernel_dots,
    red_dot,
    ridge,
)
from ironlaw.instruments.scale import decade, percent
from ironlaw.registry.calibration import step_constants
from ironlaw.registry.chips import rate_evidence
from ironlaw.system.cache_traffic import CacheTraffic, cache_traffic
from ironlaw.system.diagnosis import Diagnosis, Scenario, diagnose
from ironlaw.system.table import KernelRow, kernel_rows

if TYPE_CHECKING:
    from ironlaw.registry.chips import Chip

WHOLE = "step"
"""Selected in place of a layer, all kernels of the step together."""

_VISIBLE_SHARE = 0.001  # kernels with less of the step are left off the chart


@dataclass(frozen=True, slots=True, eq=False)
class View:
    """A diagnosis with its kernel table and the traffic of its cache."""

    diagnosis: Diagnosis
    rows: tuple[KernelRow, ...]
    cache: CacheTraffic

    def layer(self, name: str) -> tuple[KernelRow, ...]:
        """The kernels of a layer, or of the whole step."""
        return tuple(row for row in self.rows if name in (WHOLE, row.layer))


def view_of(scenario: Scenario) -> View:
    """Diagnose a scenario, with its table and the traffic of its cache."""
    diagnosis = diagnose(scenario)
    return View(diagnosis, kernel_rows(diagnosis), cache_traffic(diagnosis))


def layers_of(view: View) -> tuple[str, ...]:
    """The layers of the graph, the longest first."""
    share: dict[str, float] = {}
    for row in view.rows:
        if row.traffic > 0.0:
            share[row.layer] = share.get(row.layer, 0.0) + row.share
    return tuple(sorted(share, key=lambda layer: -share[layer]))


def roofline_picture(
    now: View, start: View, *, layer: str, profiler: bool, other: Chip | None
) -> RooflinePicture:
    """The roofline of a scenario.

    Args:
        now: The scenario at the present knobs.
        start: The scenario at the knobs' start values: its roof and dot stay as shadows.
        layer: The selected layer.
        profiler: Whether Profiler Mode is on.
        other: A chip whose roof is laid beside, or none.
    """
    scenario = now.diagnosis.scenario
    chip = scenario.chip
    dtype = chip.runs(scenario.weights)
    printed = start.diagnosis.scenario.chip
    roofs = chip_roofs(chip, dtype)
    if chip.peaks[dtype] != printed.peaks[dtype] or chip.bandwidth != printed.bandwidth:
        roofs += chip_roofs(printed, dtype, "unscaled")
    if other is not None:
        roofs += chip_roofs(other, dtype, "other")
    dots = kernel_dots(now.rows, chip, layer=layer, profiler=profiler)
    before = red_dot(layer, start.layer(layer), printed, profiler=profiler, before=None)
    moved = Place(before.intensity, before.flop_rate)
    red = red_dot(layer, now.layer(layer), chip, profiler=profiler, before=moved)
    return RooflinePicture(
        title=f"Roofline of {chip.short_title} in {dtype.value}",
        x=Axis("arithmetic intensity", "FLOP/B", 0.1, 1e4),
        y=rate_axis(printed, dtype_peak=printed.peaks[dtype]),
        roofs=roofs,
        ridges=(ridge(chip, dtype),),
        dots=tuple(dot for dot in dots if dot.share >= _VISIBLE_SHARE or dot.member),
        selected=red,
        profiler=profiler,
        source=_source(now, layer),
    )


def rate_axis(chip: Chip, *, dtype_peak: float) -> Axis:
    """An axis that stays put while the knobs turn: from far below the slope's foot to four times the peak."""
    low, _ = decade(chip.bandwidth / 400.0)
    _, high = decade(4.0 * dtype_peak)
    return Axis("performance", "FLOP/s", low, high)


def _source(view: View, layer: str) -> str:
    """What the times of a layer rest on, in words."""
    calibration = view.diagnosis.scenario.calibration
    found = {row.evidence for row in view.layer(layer)}
    if calibration is None or found == {Evidence.ROOFLINE}:
        scenario = view.diagnosis.scenario
        if rate_evidence(scenario.chip, scenario.chip.runs(scenario.weights)) == "measured":
            return "the roofline's own times, at rates that were measured here"
        return "nothing was measured here: the roofline's own times"
    if found == {Evidence.MEASURED}:
        return f"forms fitted to {calibration.source}"
    reached = percent(step_constants().small_efficiency)
    return (
        "no such kernel was measured alone; products borrow the GEMM's form, copies and pointwise kernels reach "
        f"{reached} of the bandwidth"
    )
