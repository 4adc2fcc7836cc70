"""Residuals: how far measured kernels were from the forms, on shapes that the constants had not seen."""

from __future__ import annotations

from functools import lru_cache
from typing import Literal

from ironlaw.base.errors import FactError
from ironlaw.registry.constants import Span
from ironlaw.registry.facts import FactSheet, data_folder, read_sheet

MeasuredFamily = Literal["gemm", "prefill", "decode", "experts", "collective"]

_WHOLE = "all"  # the span of a cell whatever binds


_GENERAL = "general"  # the file of what stands in for a chip that was not measured


@lru_cache(maxsize=64)
def residual_sheet(chip: str = _GENERAL) -> FactSheet | None:
    """Every residual of a chip with its source, None where nothing was measured on it.

    Args:
        chip: Kebab-case name; "general" for what is borrowed, and for the roofline.
    """
    file = data_folder().joinpath("residuals", f"{chip}.toml")
    return (
        read_sheet(f"residuals {chip}", file.read_text(encoding="utf-8"))
        if file.is_file()
        else None
    )


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
    path = f"{family}.{cell}"
    return _span(f"{path}.{regime}", chip) or _span(f"{path}.{_WHOLE}", chip)


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
    found = own or _span("roofline.every")
    if found is None:
        raise FactError("residuals general.roofline.every", "is missing")
    return found


def _span(path: str, chip: str = _GENERAL) -> Span | None:
    sheet = residual_sheet(chip)
    if sheet is None or f"{path}.low" not in sheet.facts:
        return None
    return Span(sheet.number(f"{path}.low"), sheet.number(f"{path}.high"))
