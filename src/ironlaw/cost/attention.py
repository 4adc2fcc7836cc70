"""Fused attention: prefill in blocks of 128 queries with the softmax unit, decode split over the cache."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ironlaw.base.number import ceil, clip, maximum, minimum, where
from ironlaw.cost.iron_law import TimeTerms
from ironlaw.cost.memory_path import seconds_per_byte

if TYPE_CHECKING:
    from ironlaw.base.number import Number
    from ironlaw.registry.calibration import DecodeConstants, PrefillConstants, ReferenceRates
    from ironlaw.workload.graph import AttentionShape

_BLOCK = 128.0  # query rows of a thread block
_EXPONENTIALS = 16.0  # exponentials of an SM in a cycle
_BF16 = 2.0  # bytes of Q and of the output
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
    exponential; the two add up.

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
        model form of the calibration, fitted to aiconfigurator; reproduces its reference predictions.
    """
    length, n_sm = shape.query_len, float(rates.n_sm)
    beta = seconds_per_byte(rates.bandwidth, constants.eb, constants.l2x, hit)
    io, append = prefill_traffic(shape)
    pair = 4.0 * shape.d_head / (constants.ef * peak)
    pair = pair + constants.ex / (_EXPONENTIALS * n_sm * rates.clock)
    blocks = shape.batch * shape.n_heads * ceil(length / _BLOCK)
    extent, reach = minimum((length + _BLOCK) / 2.0, length), length
    if not shape.causal:
        extent = reach = maximum(length, shape.context_len)
    if shape.window:
        reach = minimum(minimum(shape.window, length) + _BLOCK, length)
        extent = minimum(minimum(shape.window, length) + _BLOCK, extent)
    total = blocks * _BLOCK * maximum(extent, _BLOCK) * pair
    longest = _BLOCK * maximum(reach, _BLOCK) * pair * n_sm
    tail = constants.lp * longest * (1.0 - 1.0 / maximum(blocks / n_sm, 1.0))
    return TimeTerms(
        compute=maximum(longest, total + tail),
        memory=beta * io,
        serial=constants.cq * append * beta if appends else 0.0,
        latency=constants.t0 + constants.tc * blocks / n_sm,
    )


@dataclass(frozen=True, slots=True, eq=False)
class _DecodeWork:
    """Work of a decode kernel: units that run in parallel and the cache bytes that they read."""

    units: Number
    read: Number
    fallback: bool


def falls_back(shape: AttentionShape, compute_capability: int) -> bool:
    """Whether the slow kernel runs: more than 16 query heads to a key-value head, or none shared on Ada and Hopper.

    Args:
        shape: Heads.
        compute_capability: 80 for Ampere, 89 Ada, 90 Hopper, 100 Blackwell.
    """
    group = shape.n_heads / shape.n_kv_heads
    return (group > _WIDEST_GROUP and compute_capability > 80) or (  # noqa: PLR2004 - named in the docstring
        group == 1.0 and compute_capability in (89, 90)
    )


def decode_terms(
    shape: AttentionShape,
    *,
    constants: DecodeConstants,
    rates: ReferenceRates,
    launch: float | None = None,
    hit: Number = 0.0,
    appends: bool = True,
) -> TimeTerms:
    r"""Time terms of attention of one new token for each sequence over its cache, one layer.

    $$ t = t_0 + tr [s > 1] + tc \cdot u s / n_{SM}
         + \max(\beta (KV + QO), KV / (u s) \lceil u s / n_{SM} \rceil n_{SM} / (bs \cdot BW)) $$

    with u = B · H_kv units of work, each split s ways.

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
        model form of the calibration, fitted to aiconfigurator; reproduces its reference predictions.
    """
    n_sm, bandwidth = float(rates.n_sm), rates.bandwidth
    batch, context, d = shape.batch, shape.context_len, shape.d_head
    beta = seconds_per_byte(bandwidth, constants.eb, constants.l2x, hit)
    attended = minimum(shape.window, context) if shape.window else context
    cache = 2.0 * batch * shape.n_kv_heads * attended * d * shape.cache_dtype.size
    small = decode_small_traffic(shape) if appends else _query_traffic(shape)
    work = _decode_work(shape, cache, rates.compute_capability)
    split = clip(ceil(n_sm / work.units), 1.0, maximum(ceil(context / constants.ch), 1.0))
    pieces = work.units * split
    memory = beta * (cache + small)
    if work.fallback:
        memory = maximum(memory, work.read / (constants.l2x * bandwidth))
    spread = work.read / pieces * ceil(pieces / n_sm) * n_sm / (constants.bs * bandwidth)
    block = constants.tm if work.fallback else constants.tc
    return TimeTerms(
        memory=maximum(memory, spread),
        latency=(constants.t0 if launch is None else launch)
        + where(split > 1.0, constants.tr, 0.0)
        + block * pieces / n_sm,
    )


def decode_small_traffic(shape: AttentionShape) -> Number:
    """Bytes of queries, new keys and values and the output of a decode kernel [B].

    Args:
        shape: Batch and heads.
    """
    batch, d, heads = shape.batch, shape.d_head, shape.n_heads
    return batch * (2.0 * heads + 2.0 * shape.n_kv_heads) * d * _BF16 + 2.0 * batch * heads * d


def _query_traffic(shape: AttentionShape) -> Number:
    """Bytes of queries and output alone [B]."""
    return 2.0 * shape.batch * shape.n_heads * shape.d_head * _BF16


def _decode_work(shape: AttentionShape, cache: Number, compute_capability: int) -> _DecodeWork:
    if not falls_back(shape, compute_capability):
        return _DecodeWork(shape.batch * shape.n_kv_heads, cache, fallback=False)
    read = cache * (shape.n_heads / shape.n_kv_heads)
    return _DecodeWork(shape.batch * shape.n_heads, read, fallback=True)
