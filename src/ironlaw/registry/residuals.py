"""Residuals: how far measured kernels were from the forms, on shapes that the constants had not seen."""

from __future__ import annotations

from functools import lru_cache
from typing import Literal

from ironlaw.registry.constants import Span
from ironlaw.registry.facts import FactSheet, data_folder, read_sheet

MeasuredFamily = Literal["gemm", "prefill", "decode", "experts", "collective"]

_WHOLE = "all"  # the span of a cell whatever binds


@lru_cache(maxsize=1)
def residual_sheet() -> FactSheet:
    """Every residual with its source."""
    text = data_folder().joinpath("residuals.toml").read_text(encoding="utf-8")
    return read_sheet("residuals", text)


@lru_cache(maxsize=4096)
def measured_span(
    family: MeasuredFamily, chip: str, cell: str, regime: str = _WHOLE
) -> Span | None:
    """The range of measured over predicted time of a family on a chip.

    Args:
        family: Kernel family.
        chip: The chip that was measured.
        cell: Format, implementation, collective: "bf16", "bf16_fp8", "bf16.cutlass", "all_reduce.nccl".
        regime: What binds: "launch", "memory", "compute" or "link"; where too few rows are bound by it, or if left out,
            the range of the whole cell.

    Returns:
        The range that holds 80 % of the rows, or None where nothing was measured.

    Example:
        >>> span = measured_span("gemm", "h100-sxm", "bf16", "memory")
        >>> span is not None and span.low < 1.0 < span.high
        True
    """
    path = f"{family}.{chip}.{cell}"
    return _span(f"{path}.{regime}") or _span(f"{path}.{_WHOLE}")


@lru_cache(maxsize=64)
def borrowed_span(family: MeasuredFamily) -> Span:
    """The same where the constants are those of the nearest measured chip of the architecture.

    Args:
        family: Kernel family.

    Example:
        >>> own, borrowed = measured_span("gemm", "h100-sxm", "bf16"), borrowed_span("gemm")
        >>> own is not None and borrowed.high > own.high
        True
    """
    return _span(f"borrowed.{family}") or roofline_span()


@lru_cache(maxsize=64)
def roofline_span(family: MeasuredFamily | None = None) -> Span:
    """The same of the datasheet roofline with a launch: what is known where nothing was measured.

    Args:
        family: Kernel family; over all of them if None.
    """
    own = None if family is None else _span(f"roofline.{family}")
    sheet = residual_sheet()
    return own or Span(sheet.number("roofline.every.low"), sheet.number("roofline.every.high"))


def _span(path: str) -> Span | None:
    sheet = residual_sheet()
    if f"{path}.low" not in sheet.facts:
        return None
    return Span(sheet.number(f"{path}.low"), sheet.number(f"{path}.high"))
