"""What the rates, formats and constants behind an answer take for granted, said aloud."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ironlaw.base.number import everywhere
from ironlaw.cost.calibrated import gemm_constants
from ironlaw.cost.family import vector_arithmetic
from ironlaw.registry.chips import load_chip, rate_evidence
from ironlaw.registry.dtypes import Dtype

if TYPE_CHECKING:
    from ironlaw.base.number import Number
    from ironlaw.registry.calibration import Calibration
    from ironlaw.registry.chips import Chip
    from ironlaw.workload.spec import DecoderSpec


def arithmetic_notes(spec: DecoderSpec, chip: Chip, weights: Dtype) -> tuple[str, ...]:
    """What the arithmetic takes for granted.

    Args:
        spec: The model.
        chip: The chip.
        weights: Format of the layers' matrices.
    """
    return (*_format_note(spec, weights), *_rate_note(chip, weights), *vector_note(chip))


def _format_note(spec: DecoderSpec, weights: Dtype) -> tuple[str, ...]:
    if spec.dtype is Dtype.BF16 or spec.quantised is not None:
        return ()
    return (f"{spec.name} is published in {spec.dtype.value}: it is run in {weights.value}",)


def _rate_note(chip: Chip, weights: Dtype) -> tuple[str, ...]:
    kind = rate_evidence(chip, chip.runs(weights))
    how = {"assumption": "are assumptions", "recalled": "are recalled, not read in a datasheet"}
    return (f"the rates of {chip.name} {how[kind]}",) if kind in how else ()


def vector_note(chip: Chip) -> tuple[str, ...]:
    """That pointwise arithmetic is taken at another rate, where the chip names none of fp32.

    Args:
        chip: The chip.
    """
    if Dtype.FP32 in chip.peaks:
        return ()
    slowest = vector_arithmetic(chip).value
    return (f"{chip.name} names no fp32 rate: pointwise arithmetic is taken at that of {slowest}",)


def context_note(spec: DecoderSpec, context: Number) -> tuple[str, ...]:
    """That a context is longer than the model was trained for.

    Args:
        spec: The model.
        context: Cached tokens or prompt.
    """
    if everywhere(context <= spec.max_context_len):
        return ()
    return (f"context is beyond the {spec.max_context_len} positions of {spec.name}",)


def calibration_note(
    chip: Chip, calibration: Calibration | None, weights: Dtype
) -> tuple[str, ...]:
    """What the times rest on where the chip or the format was not measured.

    Args:
        chip: The chip.
        calibration: Its constants, or a relative's; None where there are none.
        weights: Format of the layers' matrices.
    """
    if calibration is None and rate_evidence(chip, chip.runs(weights)) == "measured":
        return (
            f"the rates of {chip.name} were measured, its kernels not: times are the roofline's",
        )
    if calibration is None:
        return (f"nothing was measured on {chip.name}: times are the roofline's",)
    notes: tuple[str, ...] = ()
    if calibration.lent_to is not None:
        lender = load_chip(calibration.chip).short_title
        notes = (f"nothing was measured on {chip.name}: it borrows the constants of {lender}",)
    if weights not in calibration.gemm:
        runs = chip.runs(weights)
        lends = gemm_constants(calibration, weights, runs) is not None
        known = (
            f"borrowed from {runs.value}" if runs in calibration.gemm else "the nearest format's"
        )
        known = known if lends else "the roofline's"
        notes += (f"no {weights.value} GEMM was measured on {chip.name}: its time is {known}",)
    return notes
