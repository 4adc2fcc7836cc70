"""What a measured row asks of a chip: operations, bytes and messages, and the least time that they can take."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from ironlaw.base.errors import DomainError
from ironlaw.base.number import ceil, maximum, summed
from ironlaw.base.power import exp2, log2
from ironlaw.cost.attention import prefill_traffic
from ironlaw.cost.benchmark import decode_traffic, gemm_traffic
from ironlaw.cost.collective import all_gather_volume, all_reduce_volume
from ironlaw.cost.moe import HEIGHTS
from ironlaw.explore.measured.columns import Kind, routing_exponent
from ironlaw.registry.dtypes import Dtype
from ironlaw.workload.graph import AttentionShape, ExpertShape, GemmShape
from ironlaw.workload.routing import measured_draws, routed

if TYPE_CHECKING:
    from collections.abc import Callable

    from ironlaw.explore.measured.columns import Family
    from ironlaw.explore.measured.tables import Row
    from ironlaw.registry.chips import Chip
    from ironlaw.workload.routing import Routed

DTYPES = {
    "bfloat16": Dtype.BF16,
    "half": Dtype.FP16,
    "fp8": Dtype.FP8,
    "fp8_block": Dtype.FP8_BLOCK,
    "nvfp4": Dtype.NVFP4,
    "int8": Dtype.INT8,
    "int4": Dtype.INT4,
}
"""The number formats by the names that tables give them."""

_ROUNDED = 0.97  # a printed rate may be passed by so much
_RECALLED = 0.75  # and one from memory by so much
_NEVER = -1000.0  # logarithm of a chance that is as good as none
_BF16 = 2.0  # bytes of an element of activations


class Work(NamedTuple):
    """What a row asks of one chip.

    Attributes:
        flops: Operations [FLOP].
        traffic: Bytes that are expected to be read or written once [B].
        least_traffic: Bytes that have to be, whatever the routing of tokens to experts [B].
        message: Bytes that each chip sends, as the usual algorithm does [B].
        least_message: Bytes that each chip sends at least, where the switch reduces [B].
        arithmetic: The format that the operations run in.
    """

    flops: float = 0.0
    traffic: float = 0.0
    least_traffic: float = 0.0
    message: float = 0.0
    least_message: float = 0.0
    arithmetic: Dtype = Dtype.BF16


class Limit(NamedTuple):
    """A physical limit on a row.

    Attributes:
        name: What it is: "compute peak", "memory bandwidth", "level-2 bandwidth" or "link bandwidth".
        time: The least time that it allows [s].
        slack: The part of that time from which on a row is believed; printed rates are rounded, and a rate that is
            only recalled may be off by more.
        rate: The rate behind it, with its unit.
    """

    name: str
    time: float
    slack: float
    rate: str


def gemm_shape(row: Row) -> GemmShape:
    """The GEMM of a row."""
    numbers = row.numbers
    return GemmShape(numbers["m"], numbers["n"], numbers["k"], DTYPES[row.words["dtype"]])


def attention_shape(row: Row, length: str, *, decode: bool) -> AttentionShape:
    """The attention of a row.

    Args:
        row: A row of either attention table.
        length: The column of the context length.
        decode: Whether each sequence brings one token.
    """
    numbers = row.numbers
    context = numbers[length]
    return AttentionShape(
        decode=decode,
        batch=numbers["batch"],
        query_len=1.0 if decode else context,
        context_len=context,
        n_heads=numbers["heads_q"],
        n_kv_heads=numbers["heads_kv"],
        d_head=numbers["head_dim"],
        causal=True,
        cache_dtype=DTYPES[row.words["kv_dtype"]],
        window=numbers["window"],
    )


def has_work(family: Family) -> bool:
    """Whether the work of a table's rows is known."""
    return family in _WORK


def expert_row(row: Row) -> tuple[ExpertShape, tuple[float, ...]]:
    """The experts of a row on the measured rank, and their row tiles by height.

    Args:
        row: A row of the table of experts.
    """
    numbers = row.numbers
    found = _routed(
        int(numbers["tokens"]),
        int(numbers["experts"]),
        int(numbers["topk"]),
        row.words["distribution"],
        int(numbers["ep"]),
    )
    shape = ExpertShape(
        tokens=numbers["tokens"],
        d_model=numbers["hidden"],
        d_expert=numbers["inter"] / numbers["tp"],
        n_experts=numbers["experts"],
        local_experts=numbers["experts"] / numbers["ep"],
        top_k=numbers["topk"],
        gated=bool(numbers["gated"]),
        rows=found.rows,
        active_experts=found.active_experts,
        largest_count=found.largest_count,
        dtype=DTYPES[row.words["dtype"]],
    )
    return shape, found.tiles


@lru_cache(maxsize=16384)
def _routed(tokens: int, n_experts: int, top_k: int, distribution: str, ranks: int) -> Routed:
    exponent = routing_exponent(distribution)
    if exponent is None:
        raise DomainError("distribution", distribution, Kind.ROUTING.value)
    return routed(measured_draws(tokens, n_experts, top_k, exponent, ranks), HEIGHTS)


def work_of(family: Family, row: Row) -> Work:
    """What a row asks of one chip.

    Args:
        family: The table that the row stands in.
        row: The row.
    """
    return _WORK[family](row)


def roofline(work: Work, chip: Chip) -> float:
    """The naive datasheet roofline of a row, without any launch [s].

    Args:
        work: What the row asks for.
        chip: The chip that it was measured on.
    """
    peak = chip.peaks[chip.runs(work.arithmetic)]
    time = max(work.flops / peak, work.traffic / chip.bandwidth)
    if work.message and chip.link_bandwidth is not None:
        return max(time, work.message / chip.link_bandwidth)
    return time


def limits(work: Work, chip: Chip) -> tuple[Limit, ...]:
    """The limits that no honest measurement of a row beats.

    A benchmark that replays its buffers may find as much of them in level 2 as level 2 holds; only the rest has to
    come from memory, and all of it has to pass level 2. A switch that reduces lets each chip send its message once.

    Args:
        work: What the row asks for.
        chip: The chip that it was measured on.
    """
    peak = chip.peaks[chip.runs(work.arithmetic)]
    kept = chip.l2_capacity or 0.0
    memory = max(work.least_traffic - kept, 0.0) / chip.bandwidth
    found = [
        Limit("compute peak", work.flops / peak, _ROUNDED, f"{peak:.4g} FLOP/s"),
        Limit("memory bandwidth", memory, _ROUNDED, f"{chip.bandwidth:.4g} B/s"),
    ]
    level_2, link = chip.l2_bandwidth, chip.link_bandwidth
    if level_2 is not None:
        time, slack = work.least_traffic / level_2, _level_2_slack(chip)
        found.append(Limit("level-2 bandwidth", time, slack, f"{level_2:.4g} B/s"))
    if work.least_message and link is not None:
        time = work.least_message / link
        found.append(Limit("link bandwidth", time, _ROUNDED, f"{link:.4g} B/s"))
    return tuple(found)


@lru_cache(maxsize=256)
def _level_2_slack(chip: Chip) -> float:
    facts = chip.sheet.facts
    path = next(path for path in facts if path.endswith("l2.bandwidth"))
    return _RECALLED if facts[path].kind in ("recalled", "assumption") else _ROUNDED


def _gemm(row: Row) -> Work:
    shape = gemm_shape(row)
    m, n, k = row.numbers["m"], row.numbers["n"], row.numbers["k"]
    traffic = float(summed(gemm_traffic(shape)))
    return Work(2.0 * m * n * k, traffic, traffic, arithmetic=shape.dtype)


def _prefill(row: Row) -> Work:
    shape = attention_shape(row, "seq", decode=False)
    numbers = row.numbers
    moved, _ = prefill_traffic(shape)
    pairs = _causal_pairs(numbers["seq"], numbers["window"]) * numbers["batch"] * numbers["heads_q"]
    arithmetic = DTYPES[row.words["math_dtype"]]
    flops, traffic = 4.0 * pairs * numbers["head_dim"], float(moved)
    return Work(flops, traffic, traffic, arithmetic=arithmetic)


def _causal_pairs(length: float, window: float) -> float:
    """Pairs of a query and a key that it sees; a window of 0 is the whole prompt."""
    reach = min(window, length) if window else length
    return reach * (reach + 1.0) / 2.0 + (length - reach) * reach


def _decode(row: Row) -> Work:
    numbers = row.numbers
    length, window = numbers["kv_len"], numbers["window"]
    reach = min(window, length) if window else length
    shape = replace(attention_shape(row, "kv_len", decode=True), context_len=reach, window=0.0)
    flops = 4.0 * numbers["batch"] * numbers["heads_q"] * reach * numbers["head_dim"]
    traffic = float(decode_traffic(shape))
    return Work(flops, traffic, traffic, arithmetic=shape.cache_dtype)


def _experts(row: Row) -> Work:
    """Routed experts on one rank: its share of the token-expert pairs, and the experts that they hit.

    Balanced routing is known pair by pair. Other draws put the hottest rank on the chip: it has at least its share of
    the pairs, no expert takes a token twice, and the experts hit are expected as if tokens chose evenly.
    """
    numbers = row.numbers
    dtype = DTYPES[row.words["dtype"]]
    experts, tokens, hidden = numbers["experts"], numbers["tokens"], numbers["hidden"]
    matrices = 3.0 if numbers["gated"] else 2.0
    expert = matrices * hidden * numbers["inter"] / numbers["tp"]
    if row.words["distribution"] == "balanced":
        shape, _ = expert_row(row)
        rows, active = float(shape.rows), float(shape.active_experts)
        least = active
    else:
        rows = tokens * numbers["topk"] / numbers["ep"]
        active = experts / numbers["ep"] * (1.0 - _missed(numbers["topk"] / experts, tokens))
        least = min(float(ceil(numbers["topk"] / numbers["ep"])), active)
    moved = 2.0 * min(rows, tokens) * hidden * _BF16
    weights = expert * dtype.size
    traffic, least_traffic = moved + active * weights, moved + least * weights
    return Work(2.0 * rows * expert, traffic, least_traffic, arithmetic=dtype)


@lru_cache(maxsize=4096)
def _missed(share: float, tokens: float) -> float:
    """The chance that no token takes an expert that each takes with this chance, (1 - share)^tokens."""
    if share >= 1.0:
        return 0.0
    return float(exp2(maximum(tokens * log2(1.0 - share), _NEVER)))


def _collective(row: Row) -> Work:
    size, ranks = row.numbers["bytes"], int(row.numbers["n_gpus"])
    if row.words["collective"] == "all_reduce":
        volume = float(all_reduce_volume(size, ranks))
        return Work(message=volume, least_message=min(volume, size))
    volume = float(all_gather_volume(size, ranks))
    return Work(message=volume, least_message=volume)


_WORK: dict[Family, Callable[[Row], Work]] = {
    "gemm": _gemm,
    "attention_prefill": _prefill,
    "attention_decode": _decode,
    "moe": _experts,
    "allreduce": _collective,
}
