"""What the engine predicts for a measured row, under the conditions of the benchmark that measured it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from ironlaw.cost.benchmark import decode_benchmark, gemm_benchmark, prefill_benchmark
from ironlaw.cost.collective import all_gather_volume, all_reduce_volume, collective_terms
from ironlaw.explore.measured.work import DTYPES, attention_shape, gemm_shape
from ironlaw.registry.calibration import load_calibration, step_constants
from ironlaw.registry.chips import load_chip
from ironlaw.registry.residuals import measured_span, roofline_span

if TYPE_CHECKING:
    from collections.abc import Callable

    from ironlaw.cost.iron_law import TimeTerms
    from ironlaw.explore.measured.columns import Family
    from ironlaw.explore.measured.tables import Row
    from ironlaw.registry.calibration import Calibration, Span
    from ironlaw.registry.chips import Chip


@dataclass(frozen=True, slots=True, eq=False)
class Target:
    """The chip that a row was measured on.

    Attributes:
        chip: Its printed facts.
        calibration: The constants that answer for it; None where nothing was measured.
    """

    chip: Chip
    calibration: Calibration | None


class Prediction(NamedTuple):
    """The engine's answer to a row.

    Attributes:
        time: The predicted time [s].
        span: The range of measured over predicted that holds 80 %.
        basis: The chip whose constants answer; empty where only the datasheet roofline does.
    """

    time: float
    span: Span
    basis: str


@lru_cache(maxsize=256)
def target(name: str) -> Target:
    """A chip of the registry with the constants that answer for it.

    Args:
        name: Kebab-case name.
    """
    return Target(load_chip(name), load_calibration(name))


def is_covered(family: Family) -> bool:
    """Whether the engine has a form for a table."""
    return family in _PREDICT


def predict(family: Family, row: Row, on: Target, naive: float) -> Prediction:
    """The engine's answer to a row; where nothing was measured, the roofline with a launch.

    Args:
        family: The table that the row stands in.
        row: The row.
        on: The chip that it was measured on.
        naive: Its datasheet roofline [s].
    """
    found = None if on.calibration is None else _PREDICT[family](row, on.calibration)
    if found is None or on.calibration is None:
        return Prediction(naive + step_constants().small_launch, roofline_span(), "")
    terms, span = found
    basis = on.calibration.chip
    return Prediction(float(terms.total), roofline_span() if span is None else span, basis)


def _gemm(row: Row, fit: Calibration) -> tuple[TimeTerms, Span | None] | None:
    shape = gemm_shape(row)
    constants = fit.gemm.get(shape.dtype)
    if constants is None or shape.dtype not in fit.reference.peaks:
        return None
    terms = gemm_benchmark(shape, constants=constants, rates=fit.reference)
    return terms, measured_span("gemm", fit.chip, shape.dtype.value)


def _prefill(row: Row, fit: Calibration) -> tuple[TimeTerms, Span | None] | None:
    shape = attention_shape(row, "seq", decode=False)
    query, arithmetic = DTYPES[row.words["q_dtype"]], DTYPES[row.words["math_dtype"]]
    constants = fit.prefill.get((query, shape.cache_dtype))
    peak = fit.reference.peaks.get(arithmetic)
    if constants is None or peak is None:
        return None
    terms = prefill_benchmark(shape, constants=constants, rates=fit.reference, peak=peak)
    cell = f"{query.value}_{shape.cache_dtype.value}"
    return terms, measured_span("prefill", fit.chip, cell)


def _decode(row: Row, fit: Calibration) -> tuple[TimeTerms, Span | None] | None:
    shape = attention_shape(row, "kv_len", decode=True)
    constants = fit.decode.get(shape.cache_dtype)
    if constants is None:
        return None
    terms = decode_benchmark(shape, constants=constants, rates=fit.reference)
    return terms, measured_span("decode", fit.chip, shape.cache_dtype.value)


def _collective(row: Row, fit: Calibration) -> tuple[TimeTerms, Span | None] | None:
    reduces = row.words["collective"] == "all_reduce"
    known = fit.all_reduce if reduces else fit.all_gather
    constants = known.get(row.words["impl"])
    if constants is None:
        return None
    ranks, size = int(row.numbers["n_gpus"]), row.numbers["bytes"]
    volume = (all_reduce_volume if reduces else all_gather_volume)(size, ranks)
    link = fit.reference.link_bandwidth
    terms = collective_terms(volume, ranks, constants=constants, link_bandwidth=link)
    cell = "all-reduce" if reduces else "all-gather"
    return terms, measured_span("collective", fit.chip, cell)


_PREDICT: dict[Family, Callable[[Row, Calibration], tuple[TimeTerms, Span | None] | None]] = {
    "gemm": _gemm,
    "attention_prefill": _prefill,
    "attention_decode": _decode,
    "allreduce": _collective,
}
