"""Residuals: how far measured kernels were from the forms that are fitted to them."""

from __future__ import annotations

from functools import lru_cache
from typing import Literal

from ironlaw.registry.calibration import Span
from ironlaw.registry.facts import FactSheet, data_folder, read_sheet

MeasuredFamily = Literal["gemm", "prefill", "decode", "collective"]


@lru_cache(maxsize=1)
def residual_sheet() -> FactSheet:
    """Every residual with its source."""
    text = data_folder().joinpath("residuals.toml").read_text(encoding="utf-8")
    return read_sheet("residuals", text)


@lru_cache(maxsize=256)
def measured_span(family: MeasuredFamily, chip: str, cell: str) -> Span | None:
    """The range of measured over predicted time of a family on a chip.

    Args:
        family: Kernel family.
        chip: The chip that was measured.
        cell: Format, or name of the collective.

    Returns:
        The range that holds 80 % of the rows, or None where nothing was measured.

    Example:
        >>> span = measured_span("gemm", "h100-sxm", "bf16")
        >>> span is not None and span.low < 1.0 < span.high
        True
    """
    path = f"{family}.{chip}.{cell}"
    sheet = residual_sheet()
    if f"{path}.low" not in sheet.facts:
        return None
    return Span(sheet.number(f"{path}.low"), sheet.number(f"{path}.high"))


@lru_cache(maxsize=1)
def roofline_span() -> Span:
    """The same of the datasheet roofline, over all families and chips: what is known where nothing was measured."""
    sheet = residual_sheet()
    return Span(sheet.number("roofline.low"), sheet.number("roofline.high"))
