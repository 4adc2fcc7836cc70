"""The error that a kernel's time carries: the range in which silicon was seen around the form."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ironlaw.cost.family import Family, arithmetic_of, attention_shape_of
from ironlaw.cost.kernel import Evidence
from ironlaw.registry.calibration import step_constants
from ironlaw.registry.residuals import measured_span, roofline_span
from ironlaw.workload.graph import OpKind

if TYPE_CHECKING:
    from ironlaw.cost.kernel import KernelCost
    from ironlaw.cost.machine import Machine
    from ironlaw.registry.calibration import Span
    from ironlaw.registry.residuals import MeasuredFamily


def span_of(cost: KernelCost, machine: Machine) -> Span:
    """The range of measured over predicted time that a kernel's family was seen in.

    Small operators and batched GEMMs were not measured alone: their range is an assumption. On a chip where nothing was
    measured the range is that of the datasheet roofline.

    Args:
        cost: A kernel's cost.
        machine: The chip and its calibration.

    Returns:
        The range that holds 80 % of what was measured.
    """
    if machine.calibration is None or cost.evidence is Evidence.ROOFLINE:
        return roofline_span()
    if cost.evidence is not Evidence.MEASURED:
        return step_constants().small_span
    family, cell = _measured(cost, machine)
    found = measured_span(family, machine.calibration.chip, cell)
    return roofline_span() if found is None else found


def _measured(cost: KernelCost, machine: Machine) -> tuple[MeasuredFamily, str]:
    kernel = cost.kernel
    if cost.family is Family.COLLECTIVE:
        gathers = OpKind.ALL_GATHER in kernel.border.kinds
        return "collective", "all-gather" if gathers else "all-reduce"
    if cost.family is Family.ATTENTION:
        cache = attention_shape_of(kernel).cache_dtype.value
        decode = attention_shape_of(kernel).decode
        return ("decode", cache) if decode else ("prefill", f"bf16_{cache}")
    return "gemm", arithmetic_of(kernel, machine).value
