"""GEMM: tiles in waves, K split where that is faster, overlapped with its traffic."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from ironlaw.base.number import is_scalar, maximum, where
from ironlaw.cost.iron_law import TimeTerms
from ironlaw.cost.memory_path import seconds_per_byte

if TYPE_CHECKING:
    from ironlaw.base.number import Number
    from ironlaw.registry.calibration import GemmConstants

TILES = (
    (128, 256), (256, 128), (128, 128), (64, 256), (64, 128), (128, 64),
    (64, 64), (64, 32), (32, 64), (16, 64), (16, 128),
)  # fmt: skip
SPLITS = (1, 2, 4, 8, 16)
_LEAST_SPLIT_K = 256.0  # a split keeps at least this much of K
_LEAST_TILE_K = 32.0  # a tile's loop runs at least this far
_WIDEST_INTENSITY = 128.0 * 256.0 / (128.0 + 256.0)  # intensity of the largest tile [FLOP/B]
_QUANTISE_BYTES = 5.0  # read bf16 twice (amax, scale), write one byte [B an element]

Candidate = tuple[
    float, float, float, float
]  # tile rows, columns of tiles · split, tile time, latency


def gemm_terms(
    m: Number,
    n: float,
    k: float,
    *,
    traffic: tuple[Number, Number, Number],
    constants: GemmConstants,
    rates: tuple[float, float, int],
    hit: Number = 0.0,
) -> TimeTerms:
    r"""Time terms of C[m, n] = A[m, k] · W[n, k]ᵀ.

    $$ t = t_0 + \min_{tile, s} \max(waves \cdot O_{tile} / R, \beta (A + W + cw \cdot C))
         + tk \cdot K / s + ts [s > 1] $$

    and, for quantised formats, the pass that quantises the activations, cq · 5 · m · k · β.

    Args:
        m: Rows (tokens).
        n: Columns.
        k: Reduced dimension.
        traffic: Bytes of activations read, of weights read, and written [B].
        constants: Fitted constants of chip and format.
        rates: The rates that they multiply: R_peak [FLOP/s], BW_mem [B/s], SMs.
        hit: Share of the traffic that is found in the level-2 cache; 0 in a step.

    Returns:
        The terms [s], in the shape of m.

    Source:
        model form of the calibration, fitted to aiconfigurator; reproduces its reference predictions.
    """
    peak, bandwidth, n_sm = rates
    beta = seconds_per_byte(bandwidth, constants.eb, constants.l2x, hit)
    activations, weights, written = traffic
    memory = beta * (activations + weights + constants.cw * written)
    compute, latency = _fastest(m, memory, candidates(n, k, constants, peak, n_sm), float(n_sm))
    return TimeTerms(
        compute=compute,
        memory=memory,
        serial=constants.cq * _QUANTISE_BYTES * m * k * beta,
        latency=constants.t0 + latency,
    )


@lru_cache(maxsize=4096)
def candidates(
    n: float, k: float, constants: GemmConstants, peak: float, n_sm: int
) -> tuple[Candidate, ...]:
    """Every tile and split that a library could choose for n and k, with what does not depend on m."""
    found: list[Candidate] = []
    for rows, columns in TILES:
        intensity = rows * columns / (rows + columns)
        reached = intensity * (1.0 + constants.a0 / _WIDEST_INTENSITY) / (intensity + constants.a0)
        rate = constants.ef * peak / n_sm * reached
        for split in SPLITS:
            if split > 1 and k / split < _LEAST_SPLIT_K:
                continue
            depth = max(k / split, _LEAST_TILE_K)
            tile_time = 2.0 * rows * columns * depth / rate
            latency = constants.tk * k / split + (constants.ts if split > 1 else 0.0)
            found.append((float(rows), -(-n // columns) * split, tile_time, latency))
    return tuple(found)


def _fastest(
    m: Number, memory: Number, choices: tuple[Candidate, ...], n_sm: float
) -> tuple[Number, Number]:
    """Compute time and latency of the candidate with the least time for m rows."""
    rows, columns, tile_time, latency = choices[0]
    best_compute = -(-(-(-m // rows) * columns) // n_sm) * tile_time
    best_latency: Number = latency
    best = maximum(best_compute, memory) + latency
    scalar = is_scalar(best)
    for rows, columns, tile_time, latency in choices[1:]:
        compute = -(-(-(-m // rows) * columns) // n_sm) * tile_time
        if scalar:
            total = (compute if compute >= memory else memory) + latency
            if total < best:
                best, best_compute, best_latency = total, compute, latency
        else:
            total = maximum(compute, memory) + latency
            better = total < best
            best = where(better, total, best)
            best_compute = where(better, compute, best_compute)
            best_latency = where(better, latency, best_latency)
    return best_compute, best_latency


def batched_gemm_terms(
    flops: Number,
    traffic: tuple[Number, Number],
    *,
    constants: GemmConstants,
    rates: tuple[float, float, int],
) -> TimeTerms:
    r"""Time terms of many small GEMMs in one launch, such as eager attention scores.

    $$ t = t_0 + \max(O / (ef \cdot R_{peak}), \beta (D_{read} + cw \cdot D_{written})) $$

    No measured batched GEMM is at hand: the constants of the plain GEMM are borrowed without its tiles.

    Args:
        flops: Work of all of them [FLOP].
        traffic: Bytes read and bytes written [B].
        constants: Fitted constants of chip and format.
        rates: The rates that they multiply: R_peak [FLOP/s], BW_mem [B/s], SMs.

    Returns:
        The terms [s].
    """
    peak, bandwidth, _ = rates
    beta = seconds_per_byte(bandwidth, constants.eb, constants.l2x)
    read, written = traffic
    return TimeTerms(
        compute=flops / (constants.ef * peak),
        memory=beta * (read + constants.cw * written),
        latency=constants.t0,
    )
