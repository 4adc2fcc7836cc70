"""GEMM: tiles in waves, K split where that is faster, overlapped with its traffic."""

from __future__ import annotations

import math
from dataclasses import replace
from functools import lru_cache
from math import sqrt
from typing import TYPE_CHECKING, TypeAlias

from ironlaw.base.number import Number, anywhere, is_scalar, maximum, where
from ironlaw.cost.iron_law import TimeTerms, blended_terms
from ironlaw.cost.memory_path import blended, seconds_per_byte
from ironlaw.cost.tiling import TILES, Tiling

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ironlaw.registry.constants import GemmConstants

_HEIGHTS = tuple(sorted({float(rows) for rows, _ in TILES}))
_LEAST_TILE_K = 32.0  # a tile's loop runs at least this far
_WIDEST_INTENSITY = 128.0 * 256.0 / (128.0 + 256.0)  # intensity of the largest tile [FLOP/B]
_NOT_ALLOWED = 1e9  # time of a tile that no library would choose [s]
QUANTISE_BYTES = 5.0
"""Read bf16 twice (largest magnitude, scaling), write one byte [B an element]."""

Candidate: TypeAlias = tuple[int, Number, Number, Number, float]
"""Which height the tile has, columns of tiles times split, time of a tile, latency, results written again."""

_ANY = Tiling()

Given: TypeAlias = tuple[Number, Number, Number, Number]
"""Rows, time of the traffic, factor by which power slows the arithmetic, time of writing the result."""

Parts: TypeAlias = tuple[Number, Number, Number, Number]
"""Compute, memory, what their norm adds to the longer of them, latency [s]."""


def gemm_terms(
    m: Number,
    n: Number,
    k: Number,
    *,
    traffic: tuple[Number, Number, Number],
    constants: GemmConstants,
    rates: tuple[float, float, int],
    hit: Number = 0.0,
) -> TimeTerms:
    r"""Time terms of C[m, n] = A[m, k] · W[n, k]ᵀ.

    $$ t = t_0 + \min_{tile, s} \Vert waves \cdot t_{tile}, \beta (A + W) + \beta_w cw \cdot C \Vert_p
         + tk \cdot K / s + (ts + cr \cdot s \cdot \beta_w cw \cdot C) [s > 1] + tw (1 - 1/tiles) $$

    A tile computes K / s + kp deep: kp is what its pipeline takes to fill and drain. Of what tiles / SMs lacks to
    whole waves, the share wf is waited for. β_w is the time of a written byte: level 2 helps it wl times as much
    as a read one. Quantised formats add the pass that quantises the activations, cq · 5 · m · k · β. A large GEMM
    draws the power that lowers the clock: its compute takes 1 + th · O / (O + f0) times as long. A single row has
    a kernel of its own, t_0 + (β (A + W) + β_w cw · C) / bg + tg · K, where that is faster.

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
        model form of the calibration, fitted to aiconfigurator.
    """
    peak, _, n_sm = rates
    if isinstance(n, (float, int)) and isinstance(k, (float, int)):
        choices = candidates(n, k, constants, peak, n_sm)
    else:
        choices = tuple(_candidates(n, k, constants, peak, n_sm, _ANY))
    return _tiled_terms((m, n, k), traffic, constants, rates, hit, choices)


def forced_gemm_terms(
    m: Number,
    n: Number,
    k: Number,
    *,
    traffic: tuple[Number, Number, Number],
    constants: GemmConstants,
    rates: tuple[float, float, int],
    tiling: Tiling,
) -> TimeTerms:
    """Time terms of a GEMM whose tile or split is chosen, and not the fastest; a single row has no other kernel.

    Args:
        m: Rows (tokens).
        n: Columns.
        k: Reduced dimension.
        traffic: Bytes of activations read, of weights read, and written [B].
        constants: Fitted constants of chip and format.
        rates: The rates that they multiply: R_peak [FLOP/s], BW_mem [B/s], SMs.
        tiling: The choice; a split that leaves too little of k becomes the largest that does not.

    Returns:
        The terms [s], in the shape of m.
    """
    tiled = replace(constants, tg=math.inf)
    peak, _, n_sm = rates
    choices = tuple(_candidates(n, k, tiled, peak, n_sm, tiling))
    return _tiled_terms((m, n, k), traffic, tiled, rates, 0.0, choices)


def _tiled_terms(
    shape: tuple[Number, Number, Number],
    traffic: tuple[Number, Number, Number],
    constants: GemmConstants,
    rates: tuple[float, float, int],
    hit: Number,
    choices: tuple[Candidate, ...],
) -> TimeTerms:
    """The terms of the fastest of some choices."""
    m, n, k = shape
    _, bandwidth, n_sm = rates
    beta = seconds_per_byte(bandwidth, constants.eb, constants.l2x, hit)
    activations, weights, written = traffic
    rewritten = constants.cw * written
    rewritten *= seconds_per_byte(bandwidth, constants.eb, constants.l2x, hit * constants.wl)
    memory = beta * (activations + weights) + rewritten
    work = 2.0 * m * n * k
    slowed = 1.0 + constants.th * work / (work + constants.f0)
    search = _fastest if is_scalar(work) and is_scalar(memory) else _fastest_of_each
    tiled = search((m, memory, slowed, rewritten), choices, float(n_sm), constants)
    quantise = constants.cq * QUANTISE_BYTES * m * k * beta
    if constants.tg < math.inf:
        tiled = _or_single_row(tiled, m, memory / constants.bg, constants.tg * k)
    compute, memory, added, latency = tiled
    latency = constants.t0 + latency
    return blended_terms(compute, memory, added, serial=quantise, latency=latency)


@lru_cache(maxsize=4096)
def candidates(
    n: float, k: float, constants: GemmConstants, peak: float, n_sm: int
) -> tuple[Candidate, ...]:
    """Every tile and split that a library could choose for n and k, with what does not depend on m."""
    return tuple(_candidates(n, k, constants, peak, n_sm, _ANY))


def _candidates(
    n: Number, k: Number, constants: GemmConstants, peak: float, n_sm: int, tiling: Tiling
) -> Iterator[Candidate]:
    for rows, columns in tiling.tiles:
        intensity = rows * columns / (rows + columns)
        reached = intensity * (1.0 + constants.a0 / _WIDEST_INTENSITY) / (intensity + constants.a0)
        rate, height = constants.ef * peak / n_sm * reached, _HEIGHTS.index(rows)
        for split in tiling.splits:
            allowed = tiling.allows(split, k)
            if not anywhere(allowed):
                continue
            depth = maximum(k / split, _LEAST_TILE_K) + constants.kp
            tile_time, latency = 2.0 * rows * columns * depth / rate, constants.tk * k / split
            tile_time = where(allowed, tile_time, _NOT_ALLOWED)
            again = 0.0
            if split > 1:
                latency, again = latency + constants.ts, constants.cr * split
            yield height, -(-n // columns) * split, tile_time, latency, again


def _fastest(
    given: Given, choices: tuple[Candidate, ...], n_sm: float, constants: GemmConstants
) -> Parts:
    """Compute, memory, what the norm adds, and latency of the candidate with the least time."""
    m, memory, slowed, rewritten = given
    launch, perfect = constants.tw, constants.p == math.inf
    whole, partly = constants.wf, 1.0 - constants.wf
    rows_of = [-(-m // height) for height in _HEIGHTS]
    best: Number = math.inf
    found: Parts = (math.inf, memory, 0.0, 0.0)
    for height, columns, tile_time, latency, again in choices:
        left = best - latency
        if memory >= left or tile_time >= left:
            continue  # no wave is shorter than one tile, and no GEMM than its traffic
        tiles = rows_of[height] * columns
        compute = tile_time * slowed
        if tiles > n_sm:
            compute *= whole * -(-tiles // n_sm) + partly * (tiles / n_sm)
        longer, shorter = (compute, memory) if compute >= memory else (memory, compute)
        if longer >= left:
            continue  # the norm is never below the maximum
        late = latency + again * rewritten + launch * (1.0 - 1.0 / tiles)
        overlapped = longer
        if not perfect:  # the norm of `blended`, written out: this loop is the engine's hottest
            ratio = shorter / longer if longer else 0.0
            square = ratio * ratio
            overlapped = longer * sqrt(sqrt(1.0 + square * square))
        if overlapped + late < best:
            best = overlapped + late
            found = (compute, memory, overlapped - longer, late)
    return found


def _fastest_of_each(
    given: Given, choices: tuple[Candidate, ...], n_sm: float, constants: GemmConstants
) -> Parts:
    """The same for each element of arrays."""
    m, memory, slowed, rewritten = given
    whole, partly = constants.wf, 1.0 - constants.wf
    rows_of = [-(-m // height) for height in _HEIGHTS]
    best: Number = math.inf
    found: Parts = (math.inf, memory, 0.0, 0.0)
    for height, columns, tile_time, latency, again in choices:
        tiles = rows_of[height] * columns
        waves = whole * -(-tiles // n_sm) + partly * (tiles / n_sm)
        compute = tile_time * slowed * where(tiles > n_sm, waves, 1.0)
        late = latency + again * rewritten + constants.tw * (1.0 - 1.0 / tiles)
        overlapped = blended(compute, memory, constants.p)
        added = overlapped - maximum(compute, memory)
        better = overlapped + late < best
        best = where(better, overlapped + late, best)
        found = _picked(better, (compute, memory, added, late), found)
    return found


def _or_single_row(tiled: Parts, m: Number, memory: Number, latency: Number) -> Parts:
    """The parts of the kernel for a single row, where there is one row and it is faster."""
    compute, moved, serial, late = tiled
    single = (m == 1.0) & (memory + latency < maximum(compute, moved) + serial + late)
    return _picked(single, (0.0, memory, 0.0, latency), tiled)


def _picked(condition: object, parts: Parts, otherwise: Parts) -> Parts:
    """The parts where the condition holds and the others elsewhere."""
    compute, memory, serial, latency = otherwise
    return (
        where(condition, parts[0], compute),
        where(condition, parts[1], memory),
        where(condition, parts[2], serial),
        where(condition, parts[3], latency),
    )


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
