"""The interval around a step: errors of a family add up, errors of different families do not know each other."""

from __future__ import annotations

from math import sqrt
from typing import TYPE_CHECKING, NamedTuple

from ironlaw.base.number import summed
from ironlaw.cost.span import span_of

if TYPE_CHECKING:
    from ironlaw.system.diagnosis import Diagnosis


class Interval(NamedTuple):
    """A range of times [s]."""

    low: float
    high: float


def step_interval(diagnosis: Diagnosis) -> Interval:
    r"""The range in which the step is expected, from the residuals of each kernel family on measured silicon.

    $$ T \pm \sqrt{\sum_{family} (\sum_{kernel} t \cdot \delta)^2} $$

    Kernels of a family are wrong together: their deviations add up and are not divided by a root of their number. The
    time that the host leaves the chip waiting is taken as it is. What kernels do to each other in a step is not in the
    residuals, which were measured one kernel at a time.

    Args:
        diagnosis: A diagnosis of single numbers.

    Returns:
        An interval around the step [s]; 80 % of the measured kernels lie within theirs.
    """
    down: dict[str, float] = {}
    up: dict[str, float] = {}
    for launches in diagnosis.launches:
        time, family = float(launches.time), launches.cost.family.value
        span = span_of(launches.cost, diagnosis.machine)
        down[family] = down.get(family, 0.0) + time * max(1.0 - span.low, 0.0)
        up[family] = up.get(family, 0.0) + time * max(span.high - 1.0, 0.0)
    step = float(diagnosis.step)
    return Interval(step - _together(down), step + _together(up))


def _together(deviations: dict[str, float]) -> float:
    return sqrt(summed(deviation * deviation for deviation in deviations.values()))
