"""Fused attention: prefill in blocks of 128 queries with the softmax unit, decode split over the cache."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, TypeVar

from ironlaw.base.number import ceil, clip, everywhere, is_scalar, maximum, minimum, where
from ironlaw.cost.iron_law import TimeTerms, blended_terms
from ironlaw.cost.memory_path import blended, seconds_per_byte

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ironlaw.base.number import Number
    from ironlaw.registry.constants import DecodeConstants, PrefillConstants, ReferenceRates
    from ironlaw.workload.graph import AttentionShape

_Width = TypeVar("_Width")
_EXPONENTIALS = 16.0  # exponentials of an SM in a cycle
_BF16 = 2.0  # bytes of Q and of the output
_AMPERE = 80  # its compute capability
_ADA_AND_HOPPER = (89, 90)
_USUAL_GROUP = 8.0  # query heads to a key-value head that a unit of work takes on at a time
_PACKED_ROWS = 64.0  # rows of the smallest tile of the tensor cores
_WIDEST_GROUP = 16.0  # query heads to a key-value head beyond which the fallback kernel runs


def prefill_traffic(shape: AttentionShape) -> tuple[Number, Number]:
    """Bytes of Q, K, V and output, and bytes of the rotary embedding and cache append that precede [B].

    Args:
        shape: Batch, prompt length, heads and formats.

    Returns:
        Both in bytes.
    """
    tokens, d = shape.batch * shape.query_len, shape.d_head
    heads, kv_heads = shape.n_heads, shape.n_kv_heads
    cache = 2.0 * kv_heads * shape.cache_dtype.size
    io = tokens * d * (4.0 * heads + cache)
    append = tokens * d * (_BF16 * (heads + 2.0 * kv_heads) + _BF16 * heads + cache)
    return io, append


def prefill_terms(
    shape: AttentionShape,
    *,
    constants: PrefillConstants,
    rates: ReferenceRates,
    peak: float,
    hit: Number = 0.0,
    appends: bool = True,
) -> TimeTerms:
    r"""Time terms of attention over a prompt, one layer; without a causal mask each block sees all keys.

    $$ t = t_0 + cq \cdot D_{append} \beta + tc \cdot n / n_{SM} + \max(\beta D_{io}, T_{blocks}) $$

    A pair of query and key costs 4·d_h / (ef · R_peak) on the tensor cores plus ex / (16 · n_SM · clock) for its
    exponential; the two add up. Queries come in blocks, keys in columns, and a window is computed with some slack.

    Args:
        shape: Batch, prompt length, heads.
        constants: Fitted constants of chip and formats.
        rates: The rates that they multiply.
        peak: R_peak of the arithmetic that runs [FLOP/s].
        hit: Share of the traffic that is found in the level-2 cache; 0 in a step.
        appends: Whether rotary embedding and cache append run with it, as in the measured kernel.

    Returns:
        The terms [s].

    Source:
        model form of the calibration, fitted to aiconfigurator.
    """
    n_sm = float(rates.n_sm)
    beta = seconds_per_byte(rates.bandwidth, constants.eb, constants.l2x, hit)
    io, append = prefill_traffic(shape)
    ef, block_time = nearest_width(constants.widths, shape.d_head)
    pair = 4.0 * shape.d_head / (ef * peak)
    pair = pair + constants.ex / (_EXPONENTIALS * n_sm * rates.clock)
    blocks, extent, reach = _prefill_blocks(shape, constants)
    total = blocks * constants.rows * extent * pair
    longest = constants.rows * reach * pair * n_sm
    tail = constants.lp * longest * (1.0 - 1.0 / maximum(blocks / n_sm, 1.0))
    compute, memory = maximum(longest, total + tail), beta * io
    added = blended(compute, memory, constants.p) - maximum(compute, memory)
    return blended_terms(
        compute,
        memory,
        added,
        serial=constants.cq * append * beta if appends else 0.0,
        latency=constants.t0 + block_time * blocks / n_sm,
    )


def _prefill_blocks(
    shape: AttentionShape, constants: PrefillConstants
) -> tuple[Number, Number, Number]:
    """Thread blocks, keys that one takes in on average, and keys of the longest."""
    length, rows, columns = shape.query_len, constants.rows, constants.columns
    blocks = shape.batch * shape.n_heads * ceil(length / rows)
    if not shape.causal:
        every = maximum(shape.context_len, columns)
        return blocks, every, every
    whole = maximum(ceil(length / columns) * columns, columns)
    extent = where(length <= rows, whole, maximum((length + rows) / 2.0, columns))
    reach = maximum(length, columns)
    if is_scalar(shape.window) and shape.window == 0.0:
        return blocks, extent, reach
    seen = where(shape.window > 0.0, shape.window + constants.slack, math.inf)
    return blocks, minimum(seen, extent), minimum(seen, reach)


def nearest_width(widths: Mapping[int, _Width], d_head: float) -> _Width:
    """The constants of the head width that is nearest to the one asked for, in ratio.

    Args:
        widths: Constants by head width.
        d_head: Head width.
    """
    known = widths.get(int(d_head))
    if known is not None and int(d_head) == d_head:
        return known
    return widths[min(widths, key=lambda width: max(width / d_head, d_head / width))]


def falls_back(shape: AttentionShape, compute_capability: int) -> bool:
    """Whether the slow kernel runs: more than 16 query heads to a key-value head, or none shared on Ada and Hopper.

    Args:
        shape: Heads.
        compute_capability: 80 for Ampere, 89 Ada, 90 Hopper, 100 Blackwell.
    """
    group = shape.n_heads / shape.n_kv_heads
    return (everywhere(group > _WIDEST_GROUP) and compute_capability > _AMPERE) or (
        everywhere(group == 1.0) and compute_capability in _ADA_AND_HOPPER
    )


def verification_time(shape: AttentionShape, *, constants: PrefillConstants, peak: float) -> Number:
    r"""Time of the tensor cores where each sequence brings several tokens to its cache, one layer.

    $$ T_c = B H_{kv} \lceil G q / m \rceil m \cdot S \cdot 4 d_h / (ef \cdot R_{peak}) $$

    The G query heads of a key-value head and the q tokens of a sequence are packed into tiles of m rows, so that the
    cache is read once, as the measured kernels do for one token.

    Args:
        shape: Batch, new tokens, context and heads.
        constants: Fitted constants of the prefill kernel of chip and format: the rate that its tiles reach.
        peak: R_peak of the arithmetic that runs [FLOP/s].

    Returns:
        T_c [s].

    Source:
        model form of the calibration; no measured row has several tokens: the form is borrowed from prefill.
    """
    ef, _ = nearest_width(constants.widths, shape.d_head)
    rows = shape.query_len * (shape.n_heads / shape.n_kv_heads)
    packed = ceil(rows / _PACKED_ROWS) * _PACKED_ROWS
    pairs = shape.batch * shape.n_kv_heads * packed * shape.context_len
    return pairs * (4.0 * shape.d_head / (ef * peak))


def decode_terms(
    shape: AttentionShape,
    *,
    constants: DecodeConstants,
    rates: ReferenceRates,
    launch: float | None = None,
    hit: Number = 0.0,
    appends: bool = True,
) -> TimeTerms:
    r"""Time terms of attention of a sequence's new tokens over its cache, one layer; the traffic alone.

    $$ t = t_0 + tr [s > 1] + (tc \cdot u + tp (s - 1) u) / n_{SM}
         + \Vert \beta (KV + QO), KV / (u s) \lceil u s / n_{SM} \rceil n_{SM} / (bs \cdot BW) \Vert_p $$

    with u = B · H_kv units of work, each split s ways. The fallback kernel has a unit for each query head and reads the
    cache once for each of them.

    Args:
        shape: Batch, context, heads and cache format.
        constants: Fitted constants of chip and cache format.
        rates: The rates that they multiply.
        launch: Fixed time to use instead of the micro-benchmark's t0, inside a captured graph [s].
        hit: Share of the traffic that is found in the level-2 cache; 0 in a step.
        appends: Whether rotary embedding and cache append run with it, as in the measured kernel.

    Returns:
        The terms [s].

    Source:
        model form of the calibration, fitted to aiconfigurator.
    """
    n_sm, bandwidth = float(rates.n_sm), rates.bandwidth
    beta = seconds_per_byte(bandwidth, constants.eb, constants.l2x, hit)
    cache = decode_cache_traffic(shape)
    small = decode_small_traffic(shape) if appends else _query_traffic(shape)
    fallback = falls_back(shape, rates.compute_capability)
    width = constants.fallback if fallback else nearest_width(constants.widths, shape.d_head)
    units = shape.batch * (shape.n_heads if fallback else shape.n_kv_heads)
    group = shape.n_heads / shape.n_kv_heads
    read = cache * group if fallback else cache
    grown = 1.0 if fallback else 1.0 + constants.cg * maximum(group / _USUAL_GROUP - 1.0, 0.0)
    most = maximum(ceil(shape.context_len / constants.ch), 1.0)
    split = clip(ceil(constants.cs * n_sm / units), 1.0, most)
    pieces = units * split
    memory = beta * (cache + small)
    if fallback:
        memory = maximum(memory, read / (constants.l2x * bandwidth))
    drawn = read / pieces * ceil(pieces / n_sm) * n_sm / (width.bs * bandwidth)
    work = width.tc * grown * units
    further = (width.tc if fallback else constants.tp) * (pieces - units)
    return TimeTerms(
        memory=blended(memory, grown * drawn, constants.p),
        latency=(width.t0 if launch is None else launch)
        + where(split > 1.0, constants.tr, 0.0)
        + (work + further) / n_sm,
    )


def decode_cache_traffic(shape: AttentionShape) -> Number:
    """Bytes of keys and values that a decode kernel reads, of a window no more than that [B].

    Args:
        shape: Batch, context, heads and cache format.
    """
    seen = shape.context_len
    if not (is_scalar(shape.window) and shape.window == 0.0):
        seen = where(shape.window > 0.0, minimum(seen, shape.window), seen)
    return 2.0 * shape.batch * shape.n_kv_heads * seen * shape.d_head * shape.cache_dtype.size


def decode_small_traffic(shape: AttentionShape) -> Number:
    """Bytes of queries, new keys and values and the output of a decode kernel [B].

    Args:
        shape: Batch and heads.
    """
    tokens, d, heads = shape.batch * shape.query_len, shape.d_head, shape.n_heads
    return tokens * (2.0 * heads + 2.0 * shape.n_kv_heads) * d * _BF16 + 2.0 * tokens * heads * d


def _query_traffic(shape: AttentionShape) -> Number:
    """Bytes of queries and output alone [B]."""
    return 2.0 * shape.batch * shape.query_len * shape.n_heads * shape.d_head * _BF16
