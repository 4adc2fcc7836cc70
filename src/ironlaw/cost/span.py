"""The error that a kernel's time carries: the range in which silicon was seen around the form."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ironlaw.cost.calibrated import expert_implementations
from ironlaw.cost.family import Family, arithmetic_of, attention_of, experts_of
from ironlaw.cost.iron_law import regime_of
from ironlaw.cost.kernel import Evidence
from ironlaw.registry.calibration import step_constants
from ironlaw.registry.constants import Span
from ironlaw.registry.residuals import borrowed_span, measured_span, roofline_span
from ironlaw.workload.graph import OpKind

if TYPE_CHECKING:
    from ironlaw.cost.kernel import KernelCost
    from ironlaw.cost.machine import Machine
    from ironlaw.registry.calibration import Calibration
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
    family = _family_of(cost)
    if machine.calibration is None or cost.evidence is Evidence.ROOFLINE:
        return roofline_span(family)
    if cost.evidence is not Evidence.MEASURED or family is None:
        return step_constants().small_span
    if machine.calibration.lent_to is not None:
        return borrowed_span(family)
    found = _own_span(cost, machine.calibration, machine)
    return roofline_span(family) if found is None else found


def _own_span(cost: KernelCost, calibration: Calibration, machine: Machine) -> Span | None:
    kernel, chip, regime = cost.kernel, calibration.chip, regime_of(cost.terms).value
    if cost.family is Family.COLLECTIVE:
        name = next(n for kind, n in _COLLECTIVES.items() if kind in kernel.border.kinds)
        return _widest([f"{name}.nccl", f"{name}.trtllm_custom"], "collective", chip, regime)
    if cost.family is Family.ATTENTION:
        shape = attention_of(kernel)
        cache = shape.cache_dtype.value
        if shape.decode:
            return measured_span("decode", chip, cache, regime)
        return measured_span("prefill", chip, f"bf16_{cache}", regime)
    if cost.family is Family.EXPERTS:
        experts = experts_of(kernel)
        names = expert_implementations(calibration, experts, arithmetic_of(kernel, machine))
        cells = [f"{experts.dtype.value}.{name}" for name in names]
        return _widest(cells, "experts", chip, regime)
    return measured_span("gemm", chip, arithmetic_of(kernel, machine).value, regime)


def _widest(cells: list[str], family: MeasuredFamily, chip: str, regime: str) -> Span | None:
    """The range that holds those of all cells that were measured."""
    found = [span for cell in cells if (span := measured_span(family, chip, cell, regime))]
    if not found:
        return None
    return Span(min(span.low for span in found), max(span.high for span in found))


def _family_of(cost: KernelCost) -> MeasuredFamily | None:
    """The family that a kernel was measured in; attention has one for the prompt and one for the step."""
    if cost.family is Family.ATTENTION:
        return "decode" if attention_of(cost.kernel).decode else "prefill"
    return _MEASURED.get(cost.family)


_MEASURED: dict[Family, MeasuredFamily] = {
    Family.GEMM: "gemm",
    Family.QUANTISE: "gemm",
    Family.EXPERTS: "experts",
    Family.COLLECTIVE: "collective",
}

_COLLECTIVES = {
    OpKind.ALL_REDUCE: "all_reduce",
    OpKind.ALL_GATHER: "all_gather",
    OpKind.ALL_TO_ALL: "all_to_all",
    OpKind.REDUCE_SCATTER: "reduce_scatter",
    OpKind.SEND: "all_to_all",
}
