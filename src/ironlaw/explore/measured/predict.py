"""What the engine predicts for a measured row, under the conditions of the benchmark that measured it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from ironlaw.cost.benchmark import (
    decode_benchmark,
    experts_benchmark,
    gemm_benchmark,
    prefill_benchmark,
)
from ironlaw.cost.calibrated import gemm_constants
from ironlaw.cost.collective import all_gather_volume, all_reduce_volume, collective_terms
from ironlaw.cost.iron_law import regime_of
from ironlaw.cost.moe import UNGATED
from ironlaw.explore.measured.work import DTYPES, attention_shape, expert_row, gemm_shape
from ironlaw.registry.calibration import step_constants
from ironlaw.registry.chips import load_chip
from ironlaw.registry.relatives import calibration_of
from ironlaw.registry.residuals import borrowed_span, measured_span, roofline_span

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ironlaw.cost.iron_law import TimeTerms
    from ironlaw.explore.measured.columns import Family
    from ironlaw.explore.measured.tables import Row
    from ironlaw.registry.calibration import Calibration
    from ironlaw.registry.chips import Chip
    from ironlaw.registry.constants import CollectiveConstants, ExpertConstants, Span
    from ironlaw.registry.dtypes import Dtype
    from ironlaw.registry.residuals import MeasuredFamily
    from ironlaw.workload.graph import ExpertShape


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
        basis: The chip whose constants answer, with their format where that is another; empty where only the datasheet
            roofline does.
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
    chip = load_chip(name)
    return Target(chip, calibration_of(chip))


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
    calibration = on.calibration
    found = None if calibration is None else _PREDICT[family](row, calibration)
    if found is None or calibration is None:
        span = roofline_span(_MEASURED[family])
        return Prediction(naive + step_constants().small_launch, span, "")
    basis = f"{calibration.chip} in {found.lender}" if found.lender else calibration.chip
    return Prediction(float(found.terms.total), _span(found, calibration), basis)


class _Answer(NamedTuple):
    """The time terms of a row, where its residuals stand, and the format that lent its constants, if another did."""

    terms: TimeTerms
    family: MeasuredFamily
    cell: str
    lender: str = ""


def _span(answer: _Answer, fit: Calibration) -> Span:
    if answer.lender:
        return step_constants().small_span
    if fit.lent_to is not None:
        return borrowed_span(answer.family)
    regime = regime_of(answer.terms).value
    own = measured_span(answer.family, fit.chip, answer.cell, regime)
    return roofline_span(answer.family) if own is None else own


def _gemm(row: Row, fit: Calibration) -> _Answer | None:
    """A format that was not measured borrows the constants of the one that it computes in, as in a step."""
    shape = gemm_shape(row)
    chip = load_chip(fit.lent_to or fit.chip)
    arithmetic = chip.runs(shape.dtype)
    constants = gemm_constants(fit, shape.dtype, arithmetic)
    if constants is None:
        return None
    peak = fit.reference.peaks.get(arithmetic, chip.peak(arithmetic))
    terms = gemm_benchmark(shape, constants=constants, rates=fit.reference, peak=peak)
    lender = next(dtype for dtype, known in fit.gemm.items() if known is constants)
    own = lender is shape.dtype
    return _Answer(terms, "gemm", shape.dtype.value, lender="" if own else lender.value)


def _prefill(row: Row, fit: Calibration) -> _Answer | None:
    shape = attention_shape(row, "seq", decode=False)
    query, arithmetic = DTYPES[row.words["q_dtype"]], DTYPES[row.words["math_dtype"]]
    constants = fit.prefill.get((query, shape.cache_dtype))
    peak = fit.reference.peaks.get(arithmetic)
    if constants is None or peak is None:
        return None
    terms = prefill_benchmark(shape, constants=constants, rates=fit.reference, peak=peak)
    return _Answer(terms, "prefill", f"{query.value}_{shape.cache_dtype.value}")


def _decode(row: Row, fit: Calibration) -> _Answer | None:
    shape = attention_shape(row, "kv_len", decode=True)
    constants = fit.decode.get(shape.cache_dtype)
    if constants is None:
        return None
    terms = decode_benchmark(shape, constants=constants, rates=fit.reference)
    return _Answer(terms, "decode", shape.cache_dtype.value)


def _experts(row: Row, fit: Calibration) -> _Answer | None:
    shape, tiles = expert_row(row)
    found = _implementation(fit.experts, shape, row.words["kernel"])
    if found is None or shape.dtype not in fit.reference.peaks:
        return None
    kernel, constants = found
    terms = experts_benchmark(shape, constants=constants, rates=fit.reference, tiles=tiles)
    return _Answer(terms, "experts", f"{shape.dtype.value}.{kernel}")


def _implementation(
    known: Mapping[tuple[Dtype, str], ExpertConstants], shape: ExpertShape, kernel: str
) -> tuple[str, ExpertConstants] | None:
    """The constants of the kernel of a row, else of another that serves experts of its kind in its format."""
    names = [name for dtype, name in known if dtype is shape.dtype]
    if kernel not in names:
        names.sort(key=lambda name: (name == UNGATED) is shape.gated)
        kernel = names[0] if names else kernel
    return (kernel, known[shape.dtype, kernel]) if names else None


def _collective(row: Row, fit: Calibration) -> _Answer | None:
    name = row.words["collective"]
    known: dict[str, dict[str, CollectiveConstants]] = {
        "all_reduce": fit.all_reduce,
        "all_gather": fit.all_gather,
        "alltoall": fit.all_to_all,
        "reduce_scatter": fit.reduce_scatter,
    }
    constants = known[name].get(row.words["impl"])
    if constants is None or not fit.reference.link_bandwidth:
        return None
    ranks, size = int(row.numbers["n_gpus"]), row.numbers["bytes"]
    volume = (all_reduce_volume if name == "all_reduce" else all_gather_volume)(size, ranks)
    link = fit.reference.link_bandwidth
    terms = collective_terms(volume, ranks, constants=constants, link_bandwidth=link)
    cell = "all_to_all" if name == "alltoall" else name
    return _Answer(terms, "collective", f"{cell}.{row.words['impl']}")


_PREDICT: dict[Family, Callable[[Row, Calibration], _Answer | None]] = {
    "gemm": _gemm,
    "attention_prefill": _prefill,
    "attention_decode": _decode,
    "moe": _experts,
    "allreduce": _collective,
}

_MEASURED: dict[Family, MeasuredFamily] = {
    "gemm": "gemm",
    "attention_prefill": "prefill",
    "attention_decode": "decode",
    "moe": "experts",
    "allreduce": "collective",
}
