"""Sparsity: what its kernels were seen to reach, and what the indices and predictors that it needs take."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from ironlaw.registry.constants import Span
from ironlaw.registry.dtypes import Dtype
from ironlaw.registry.facts import data_folder, read_sheet

if TYPE_CHECKING:
    from ironlaw.registry.chips import Chip
    from ironlaw.registry.facts import FactSheet

_LAYERS = ("feed_forward_down", "feed_forward_up", "attention")


@lru_cache(maxsize=1)
def sparsity_sheet() -> FactSheet:
    """Every fact about sparsity with its source.

    Example:
        >>> sparsity_sheet().number("two_four.attention")
        1.79
    """
    text = data_folder().joinpath("sparsity.toml").read_text(encoding="utf-8")
    return read_sheet("sparsity", text)


@lru_cache(maxsize=16)
def two_four_speedup(dtype: Dtype) -> float:
    """Time of a dense kernel that arithmetic binds over that of one with 2:4 sparsity: the middle of what was seen.

    Args:
        dtype: Format of the arithmetic; of fp8 there is one figure.

    Example:
        >>> two_four_speedup(Dtype.BF16)
        1.67
    """
    seen = _seen(dtype)
    return seen[len(seen) // 2]


@lru_cache(maxsize=16)
def two_four_range(dtype: Dtype) -> Span:
    """The least and the most of the same that was seen; of fp8, the most of any format.

    Args:
        dtype: Format of the arithmetic.

    Example:
        >>> two_four_range(Dtype.BF16)
        Span(low=1.54, high=1.79)
    """
    return Span(_seen(dtype)[0], _seen(Dtype.BF16)[-1])


def _seen(dtype: Dtype) -> list[float]:
    sheet = sparsity_sheet()
    if f"two_four.{dtype.value}" in sheet.facts:
        return [sheet.number(f"two_four.{dtype.value}")]
    return sorted(sheet.number(f"two_four.{layer}") for layer in _LAYERS)


def sparse_gain(chip: Chip, dtype: Dtype) -> float | None:
    """The sparse peak rate over the dense one in a format; None where the chip has no sparse units for it.

    Args:
        chip: The chip.
        dtype: Format of the arithmetic.

    Example:
        >>> from ironlaw.registry.chips import load_chip
        >>> sparse_gain(load_chip("a100-80gb-sxm"), Dtype.BF16), sparse_gain(load_chip("t4"), Dtype.FP16)
        (2.0, None)
    """
    if dtype not in chip.sparse_peaks or dtype not in chip.peaks:
        return None
    return chip.sparse_peaks[dtype] / chip.peaks[dtype]


@lru_cache(maxsize=1)
def index_bits() -> float:
    """Bits that name the column of a value."""
    return sparsity_sheet().number("index.bits")


@lru_cache(maxsize=1)
def kernel_tile() -> tuple[int, int]:
    """Columns n and depth k of W[n, k] that a GEMM loads and multiplies at a time."""
    sheet = sparsity_sheet()
    return int(sheet.number("tile.columns")), int(sheet.number("tile.depth"))


@lru_cache(maxsize=1)
def predictor_rank() -> float:
    """Width of the predictor's waist as a share of the model's."""
    sheet = sparsity_sheet()
    return sheet.number("predictor.rank") / sheet.number("predictor.d_model")
