"""Calibration: constants fitted to measured kernels, with the rates that they multiply.

The constants belong to the model forms of `cost`; here they are facts. A set of constants only makes sense beside the
rates that were used in its fit, so those are kept with it under `reference`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import NamedTuple

from ironlaw.base.errors import FactError
from ironlaw.base.number import require_positive
from ironlaw.registry.dtypes import Dtype
from ironlaw.registry.facts import FactSheet, data_folder, read_sheet


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferenceRates:
    """The rates of a chip that its fitted constants multiply."""

    peaks: dict[Dtype, float]
    bandwidth: float
    l2_capacity: float
    n_sm: int
    clock: float
    compute_capability: int
    link_bandwidth: float


@dataclass(frozen=True, slots=True, kw_only=True)
class GemmConstants:
    """Constants of the GEMM form.

    Attributes:
        ef: Fraction of the peak rate that full tiles reach.
        eb: Fraction of the memory bandwidth that is reached.
        t0: Fixed time of a call [s].
        cq: Passes over the activations that dynamic quantisation adds; 0 for bf16.
        l2x: Level-2 bandwidth as a multiple of the memory bandwidth.
        tk: Latency along K [s].
        ts: Cost of splitting K [s].
        cw: Cost of a written byte, in read bytes.
        a0: Tile intensity at which half of the rate is reached [FLOP/B].
    """

    ef: float
    eb: float
    t0: float
    cq: float
    l2x: float
    tk: float
    ts: float
    cw: float
    a0: float


@dataclass(frozen=True, slots=True, kw_only=True)
class PrefillConstants:
    """Constants of the prefill attention form.

    Attributes:
        ef: Fraction of the peak rate that the tensor cores reach.
        eb: Fraction of the memory bandwidth that is reached.
        t0: Fixed time of a call [s].
        cq: Passes over what the rotary embedding and the append move.
        tc: Cost of a thread block [s].
        ex: Cost of an exponential, in sixteenths of an SM-cycle.
        lp: Weight of the longest block's tail.
        l2x: Level-2 bandwidth as a multiple of the memory bandwidth.
    """

    ef: float
    eb: float
    t0: float
    cq: float
    tc: float
    ex: float
    lp: float
    l2x: float


@dataclass(frozen=True, slots=True, kw_only=True)
class DecodeConstants:
    """Constants of the decode attention form.

    Attributes:
        eb: Fraction of the memory bandwidth that is reached.
        t0: Fixed time of a call [s].
        tc: Cost of a thread block on the usual kernel [s].
        tm: Cost of a thread block on the fallback kernel [s].
        l2x: Level-2 bandwidth as a multiple of the memory bandwidth.
        tr: Cost of the split's reduction [s].
        ch: Tokens of a split.
        bs: Bandwidth that all SMs together can draw, as a multiple of the memory bandwidth.
    """

    eb: float
    t0: float
    tc: float
    tm: float
    l2x: float
    tr: float
    ch: float
    bs: float


@dataclass(frozen=True, slots=True, kw_only=True)
class CollectiveConstants:
    """Constants of a collective.

    Attributes:
        e: Fraction of the link bandwidth that two ranks reach on the large-message protocol.
        a: Fixed time of a call [s].
        an: Time for each further rank [s].
        el: Fraction of the link bandwidth on the small-message protocol.
        as_: Extra time of the large-message protocol [s].
        en: Gain in bandwidth for each doubling of the ranks.
    """

    e: float
    a: float
    an: float
    el: float
    as_: float
    en: float


class Span(NamedTuple):
    """A range of measured over predicted time that holds four fifths of what was measured."""

    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class StepConstants:
    """What holds between the kernels of a step and not inside a micro-benchmark.

    Attributes:
        small_launch: Fixed time of a small operator in a step [s].
        small_efficiency: Fraction of the memory bandwidth that a small operator reaches.
        attention_launch: Fixed time of an attention kernel inside a captured graph [s].
        small_span: Range of a small operator's time over the form's.
    """

    small_launch: float
    small_efficiency: float
    attention_launch: float
    small_span: Span


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Calibration:
    """Every fitted constant of one chip.

    Attributes:
        chip: The chip that the constants were fitted on.
        reference: The rates that they multiply.
        gemm: By format of the weights.
        prefill: By format of the arithmetic and of the cache.
        decode: By format of the cache.
        all_reduce: By implementation.
        all_gather: By implementation.
        source: What was measured, in words.
    """

    chip: str
    reference: ReferenceRates
    gemm: dict[Dtype, GemmConstants]
    prefill: dict[tuple[Dtype, Dtype], PrefillConstants]
    decode: dict[Dtype, DecodeConstants]
    all_reduce: dict[str, CollectiveConstants]
    all_gather: dict[str, CollectiveConstants]
    source: str
    sheet: FactSheet


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
        0.7889
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
            _dtype_pair(sheet, name): PrefillConstants(**_constants(sheet, f"prefill.{name}"))
            for name in sheet.children("prefill")
        },
        decode={
            _dtype(sheet, name): DecodeConstants(**_constants(sheet, f"decode.{name}"))
            for name in sheet.children("decode")
        },
        all_reduce=_collective(sheet, "all_reduce"),
        all_gather=_collective(sheet, "all_gather"),
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


def _constants(sheet: FactSheet, path: str) -> dict[str, float]:
    return {name: sheet.number(f"{path}.{name}") for name in sheet.children(path)}


def _dtype(sheet: FactSheet, name: str) -> Dtype:
    for dtype in Dtype:
        if dtype.value == name:
            return dtype
    raise FactError(f"{sheet.name}.{name}", "is not a known number format")


def _dtype_pair(sheet: FactSheet, name: str) -> tuple[Dtype, Dtype]:
    arithmetic, _, cache = name.partition("_")
    return _dtype(sheet, arithmetic), _dtype(sheet, cache)
