"""Kernels as a micro-benchmark runs them: one buffer replayed, so that part of the traffic is found in level 2.

The forms take the share of warm traffic as an argument; here is what it is in the measured tables. In a step weights
and cache are cold.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ironlaw.base.number import ceil, clip, floor, maximum
from ironlaw.cost.attention import (
    decode_cache_traffic,
    decode_small_traffic,
    decode_terms,
    prefill_terms,
    prefill_traffic,
)
from ironlaw.cost.gemm import gemm_terms
from ironlaw.cost.memory_path import warm_fraction
from ironlaw.cost.moe import ExpertRates, expert_traffic, experts_terms

if TYPE_CHECKING:
    from ironlaw.base.number import Number
    from ironlaw.cost.iron_law import TimeTerms
    from ironlaw.registry.constants import (
        DecodeConstants,
        ExpertConstants,
        GemmConstants,
        PrefillConstants,
        ReferenceRates,
    )
    from ironlaw.workload.graph import AttentionShape, ExpertShape, GemmShape

_COLD_COPIES = 5.0  # weight copies that the GEMM benchmark cycles through at most
_BF16 = 2.0  # bytes of an element of the output


def gemm_benchmark(
    shape: GemmShape,
    *,
    constants: GemmConstants,
    rates: ReferenceRates,
    peak: float | None = None,
) -> TimeTerms:
    """Time terms of a GEMM that is replayed with up to five copies of its weights.

    Args:
        shape: m, n, k and the format; activations are quantised to it.
        constants: Fitted constants of chip and format.
        rates: The rates that they multiply.
        peak: R_peak of the arithmetic that runs, where that is not the format of the shape [FLOP/s].

    Returns:
        The terms [s].
    """
    activations, weights, written = gemm_traffic(shape)
    copies = clip(ceil(rates.l2_capacity / weights), 1.0, _COLD_COPIES)
    hit = warm_fraction(activations + copies * weights + written, rates.l2_capacity)
    terms = gemm_terms(
        shape.m,
        shape.n,
        shape.k,
        traffic=(activations, weights, written),
        constants=constants,
        rates=(rates.peaks[shape.dtype] if peak is None else peak, rates.bandwidth, rates.n_sm),
        hit=hit,
    )
    return _as_read(terms, constants.tick, constants.phase) if constants.tick else terms


def _as_read(terms: TimeTerms, tick: float, phase: float) -> TimeTerms:
    """The terms as the benchmark's clock shows them: their total on the nearest of its readings, one step at least.

    The time between two events of a Blackwell chip grows in steps of 2.048 us, whatever runs between; TensorRT-LLM's
    benchmark divides it by five calls, vLLM's and SGLang's by six.
    """
    total = terms.total
    read = maximum(floor((total - phase) / tick + 0.5), 1.0) * tick + phase
    return terms._replace(latency=terms.latency + (read - total))


def gemm_traffic(shape: GemmShape) -> tuple[Number, Number, Number]:
    """Bytes of activations and weights in the format of a GEMM, and of its output in bf16 [B].

    Args:
        shape: m, n, k and the format.
    """
    m, n, k, size = shape.m, shape.n, shape.k, shape.dtype.size
    return m * k * size, n * k * size, _BF16 * m * n


def prefill_benchmark(
    shape: AttentionShape, *, constants: PrefillConstants, rates: ReferenceRates, peak: float
) -> TimeTerms:
    """Time terms of prefill attention, rotary embedding and append included, replayed on one buffer.

    Args:
        shape: The attention.
        constants: Fitted constants of chip and formats.
        rates: The rates that they multiply.
        peak: R_peak of the arithmetic that runs [FLOP/s].

    Returns:
        The terms [s].
    """
    moved, append = prefill_traffic(shape)
    hit = warm_fraction(moved + append, rates.l2_capacity)
    return prefill_terms(shape, constants=constants, rates=rates, peak=peak, hit=hit)


def decode_benchmark(
    shape: AttentionShape, *, constants: DecodeConstants, rates: ReferenceRates
) -> TimeTerms:
    """Time terms of decode attention, rotary embedding and append included, replayed on one cache.

    Args:
        shape: The attention.
        constants: Fitted constants of chip and cache format.
        rates: The rates that they multiply.

    Returns:
        The terms [s].
    """
    hit = warm_fraction(decode_traffic(shape), rates.l2_capacity)
    return decode_terms(shape, constants=constants, rates=rates, hit=hit)


def decode_traffic(shape: AttentionShape) -> Number:
    """Bytes of cache, queries, new keys and values and output of a decode kernel [B].

    Args:
        shape: The attention.
    """
    return decode_cache_traffic(shape) + decode_small_traffic(shape)


def experts_benchmark(
    shape: ExpertShape,
    *,
    constants: ExpertConstants,
    rates: ReferenceRates,
    tiles: tuple[Number, ...] | None = None,
) -> TimeTerms:
    """Time terms of a layer's experts, replayed on one buffer.

    Args:
        shape: The experts and their rows.
        constants: Fitted constants of chip, format and implementation.
        rates: The rates that they multiply.
        tiles: Row tiles by height; counted from the shape if None.

    Returns:
        The terms [s].
    """
    weights, activations = expert_traffic(shape)
    hit = warm_fraction(weights + activations, rates.l2_capacity)
    known = ExpertRates(rates.peaks[shape.dtype], rates.bandwidth, rates.n_sm)
    return experts_terms(shape, constants=constants, rates=known, hit=hit, tiles=tiles)
