"""Calibration: constants fitted to measured kernels, with the rates that they multiply.

The constants belong to the model forms of `cost`; here they are facts. A set of constants only makes sense beside the
rates that were used in its fit, so those are kept with it under `reference`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache

from ironlaw.base.errors import FactError
from ironlaw.base.number import require_positive
from ironlaw.registry.constants import (
    CollectiveConstants,
    DecodeConstants,
    DecodeWidth,
    ExpertConstants,
    GemmConstants,
    PrefillConstants,
    PrefillWidth,
    ReferenceRates,
    Span,
    StepConstants,
)
from ironlaw.registry.dtypes import Dtype
from ironlaw.registry.facts import FactSheet, data_folder, read_sheet


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Calibration:
    """Every fitted constant of one chip.

    Attributes:
        chip: The chip that the constants were fitted on.
        reference: The rates that they multiply.
        gemm: By format of the weights.
        prefill: By format of the queries and of the cache.
        decode: By format of the cache.
        experts: By format of the weights and by implementation.
        all_reduce: By implementation.
        all_gather: By implementation.
        all_to_all: By implementation.
        reduce_scatter: By implementation.
        source: What was measured, in words.
        sheet: Every constant with its source.
        lent_to: The chip that borrows the constants, where that is another one; its rates stand in `reference`.
    """

    chip: str
    reference: ReferenceRates
    gemm: dict[Dtype, GemmConstants]
    prefill: dict[tuple[Dtype, Dtype], PrefillConstants]
    decode: dict[Dtype, DecodeConstants]
    experts: dict[tuple[Dtype, str], ExpertConstants]
    all_reduce: dict[str, CollectiveConstants]
    all_gather: dict[str, CollectiveConstants]
    all_to_all: dict[str, CollectiveConstants]
    reduce_scatter: dict[str, CollectiveConstants]
    source: str
    sheet: FactSheet
    lent_to: str | None = None


def scaled_calibration(
    calibration: Calibration, *, peak: float = 1.0, bandwidth: float = 1.0
) -> Calibration:
    """The same constants on a chip with another peak rate and another memory bandwidth.

    Level 2 scales along: the forms give its speed as a multiple of the memory bandwidth.

    Args:
        calibration: The fitted constants.
        peak: Factor on every R_peak.
        bandwidth: Factor on BW_mem.
    """
    require_positive("peak", peak)
    require_positive("bandwidth", bandwidth)
    old = calibration.reference
    reference = replace(
        old,
        peaks={dtype: rate * peak for dtype, rate in old.peaks.items()},
        bandwidth=old.bandwidth * bandwidth,
    )
    return replace(calibration, reference=reference)


@lru_cache(maxsize=1)
def calibrated_chips() -> tuple[str, ...]:
    """The chips that kernels were measured on, by name."""
    entries = data_folder().joinpath("calibration").iterdir()
    names = (e.name.removesuffix(".toml") for e in entries if e.name.endswith(".toml"))
    return tuple(sorted(name for name in names if name != "step"))


@lru_cache(maxsize=1)
def step_constants() -> StepConstants:
    """The constants of the composition of kernels to a step."""
    text = data_folder().joinpath("calibration", "step.toml").read_text(encoding="utf-8")
    sheet = read_sheet("step", text)
    return StepConstants(
        small_launch=sheet.number("small_launch"),
        small_efficiency=sheet.number("small_efficiency"),
        attention_launch=sheet.number("attention_launch"),
        small_span=Span(sheet.number("small_low"), sheet.number("small_high")),
    )


@lru_cache(maxsize=64)
def load_calibration(chip: str) -> Calibration | None:
    """The fitted constants of a chip, or None where nothing was measured on it.

    Args:
        chip: Kebab-case name.

    Example:
        >>> load_calibration("h100-sxm").gemm[Dtype.BF16].ef
        0.8117
    """
    file = data_folder().joinpath("calibration", f"{chip}.toml")
    if not file.is_file():
        return None
    sheet = read_sheet(f"calibration {chip}", file.read_text(encoding="utf-8"))
    return Calibration(
        chip=chip,
        reference=_reference(sheet),
        gemm={
            _dtype(sheet, name): GemmConstants(**_constants(sheet, f"gemm.{name}"))
            for name in sheet.children("gemm")
        },
        prefill={
            _dtype_pair(sheet, name): _prefill(sheet, f"prefill.{name}")
            for name in sheet.children("prefill")
        },
        decode={
            _dtype(sheet, name): _decode(sheet, f"decode.{name}")
            for name in sheet.children("decode")
        },
        experts={
            (_dtype(sheet, name), kernel): ExpertConstants(
                **_constants(sheet, f"experts.{name}.{kernel}")
            )
            for name in sheet.children("experts")
            for kernel in sheet.children(f"experts.{name}")
        },
        all_reduce=_collective(sheet, "all_reduce"),
        all_gather=_collective(sheet, "all_gather"),
        all_to_all=_collective(sheet, "all_to_all"),
        reduce_scatter=_collective(sheet, "reduce_scatter"),
        source=sheet.texts["measured"],
        sheet=sheet,
    )


def _reference(sheet: FactSheet) -> ReferenceRates:
    return ReferenceRates(
        peaks={
            _dtype(sheet, name): sheet.number(f"reference.peak.{name}")
            for name in sheet.children("reference.peak")
        },
        bandwidth=sheet.number("reference.bandwidth"),
        l2_capacity=sheet.number("reference.l2_capacity"),
        n_sm=int(sheet.number("reference.n_sm")),
        clock=sheet.number("reference.clock"),
        compute_capability=int(sheet.number("reference.compute_capability")),
        link_bandwidth=sheet.number("reference.link_bandwidth"),
    )


def _collective(sheet: FactSheet, path: str) -> dict[str, CollectiveConstants]:
    return {
        name: CollectiveConstants(**_constants(sheet, f"{path}.{name}"))
        for name in sheet.children(path)
    }


def _constants(sheet: FactSheet, path: str, tables: tuple[str, ...] = ()) -> dict[str, float]:
    """The numbers that stand under a path; what stands in a table of its own is left to the caller."""
    names = [name for name in sheet.children(path) if name not in tables]
    return {name: sheet.number(f"{path}.{name}") for name in names}


def _prefill(sheet: FactSheet, path: str) -> PrefillConstants:
    widths = {
        int(width): PrefillWidth(**_constants(sheet, f"{path}.width.{width}"))
        for width in sheet.children(f"{path}.width")
    }
    return PrefillConstants(**_constants(sheet, path, ("width",)), widths=widths)


def _decode(sheet: FactSheet, path: str) -> DecodeConstants:
    widths = {
        int(width): DecodeWidth(**_constants(sheet, f"{path}.width.{width}"))
        for width in sheet.children(f"{path}.width")
    }
    fallback = DecodeWidth(**_constants(sheet, f"{path}.fallback"))
    own = _constants(sheet, path, ("width", "fallback"))
    return DecodeConstants(**own, widths=widths, fallback=fallback)


def _dtype(sheet: FactSheet, name: str) -> Dtype:
    for dtype in Dtype:
        if dtype.value == name:
            return dtype
    raise FactError(f"{sheet.name}.{name}", "is not a known number format")


def _dtype_pair(sheet: FactSheet, name: str) -> tuple[Dtype, Dtype]:
    arithmetic, _, cache = name.partition("_")
    return _dtype(sheet, arithmetic), _dtype(sheet, cache)
