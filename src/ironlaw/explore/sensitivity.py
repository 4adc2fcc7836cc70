"""What would change the answer: the same step on a chip with more of one thing."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ironlaw.base.number import summed
from ironlaw.registry.calibration import scaled_calibration
from ironlaw.registry.chips import scaled_chip
from ironlaw.system.diagnosis import Scenario, diagnose

if TYPE_CHECKING:
    from ironlaw.system.diagnosis import Diagnosis


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One thing made better, and what the step comes to then.

    Attributes:
        name: What was changed.
        factor: By how much.
        step: Time of the step with it [s].
        speedup: Time of the step without over with it.
    """

    name: str
    factor: float
    step: float
    speedup: float


def scaled_scenario(scenario: Scenario, *, peak: float = 1.0, bandwidth: float = 1.0) -> Scenario:
    """The same question on a chip with another peak rate and another bandwidth.

    Args:
        scenario: The question.
        peak: Factor on R_peak.
        bandwidth: Factor on BW_mem.

    Raises:
        DomainError: if a factor is not positive.
    """
    calibration = scenario.calibration
    if calibration is not None:
        calibration = scaled_calibration(calibration, peak=peak, bandwidth=bandwidth)
    chip = scaled_chip(scenario.chip, peak=peak, bandwidth=bandwidth)
    return replace(scenario, chip=chip, calibration=calibration)


def sensitivity(diagnosis: Diagnosis, factor: float = 2.0) -> tuple[Change, ...]:
    """What the step would gain from more arithmetic, more bandwidth, and no waiting for launches.

    Args:
        diagnosis: The step as it is.
        factor: By how much to raise peak rate and bandwidth.

    Returns:
        Changes, the best first.
    """
    scenario, now = diagnosis.scenario, float(diagnosis.step)
    peak = diagnose(scaled_scenario(scenario, peak=factor))
    bandwidth = diagnose(scaled_scenario(scenario, bandwidth=factor))
    changes = [
        Change(name=name, factor=factor, step=float(after.step), speedup=now / float(after.step))
        for name, after in (("R_peak", peak), ("BW_mem", bandwidth))
    ]
    latency = summed(float(x.cost.terms.latency) * x.launches for x in diagnosis.launches)
    left = now - latency - float(diagnosis.exposed_dispatch)
    changes.append(Change(name="no launch cost", factor=1.0, step=left, speedup=now / left))
    return tuple(sorted(changes, key=lambda change: change.step))
