"""What measured rows ask of a chip, by hand, and the limits that they cannot beat."""

from __future__ import annotations

import pytest

from ironlaw.explore.measured.tables import Row
from ironlaw.explore.measured.work import (
    limits,
    roofline,
    work_of,
)
from ironlaw.registry.chips import load_chip
from ironlaw.registry.dtypes import Dtype
from ironlaw.workload.routing import balanced_counts

H100 = load_chip("h100-sxm")


def row(numbers, **words):
    return Row(
        2, "h100_sxm", "x", {name: float(value) for name, value in numbers.items()}, words, 1e-5
    )


def test_gemm():
    work = work_of("gemm", row({"m": 4, "n": 8, "k": 16}, dtype="fp8"))
    assert work.flops == 2 * 4 * 8 * 16
    assert work.traffic == 4 * 16 + 8 * 16 + 2 * 4 * 8
    assert work.arithmetic is Dtype.FP8


ATTENTION = {"batch": 2, "heads_q": 8, "heads_kv": 2, "head_dim": 64, "window": 0}


@pytest.mark.parametrize(
    ("window", "pairs"), [(0, 1 + 2 + 3 + 4 + 5), (2, 1 + 2 + 2 + 2 + 2), (9, 15), (1, 5)]
)
def test_prefill_counts_the_pairs_that_a_query_sees(window, pairs):
    shape = row(
        ATTENTION | {"seq": 5, "window": window},
        q_dtype="bfloat16", kv_dtype="bfloat16", math_dtype="fp8",
    )  # fmt: skip
    work = work_of("attention_prefill", shape)
    assert work.flops == 4 * 64 * pairs * 2 * 8
    assert work.traffic == 2 * 5 * 64 * (2 * 8 + 2 * 8 + 2 * 2 * 2)
    assert work.arithmetic is Dtype.FP8


def test_decode_reads_the_cache_up_to_its_window():
    whole = work_of("attention_decode", row(ATTENTION | {"kv_len": 1000}, kv_dtype="fp8"))
    near = work_of(
        "attention_decode", row(ATTENTION | {"kv_len": 1000, "window": 100}, kv_dtype="fp8")
    )
    assert whole.flops == 4 * 2 * 8 * 1000 * 64
    assert whole.traffic - near.traffic == 2 * 2 * 2 * 64 * 900
    assert near.flops == whole.flops / 10


@pytest.mark.parametrize("kind", ["all_gather", "reduce_scatter", "alltoall"])
def test_messages(kind):
    shape = {"n_gpus": 4, "bytes": 800}
    reduced = work_of("allreduce", row(shape, collective="all_reduce", impl="nccl", dtype="half"))
    other = work_of("allreduce", row(shape, collective=kind, impl="nccl", dtype="half"))
    assert (reduced.message, reduced.least_message) == (1200.0, 800.0)
    assert (other.message, other.least_message) == (600.0, 600.0)
    assert roofline(other, H100) == 600 / H100.link_bandwidth


def test_balanced_routing_counts_pair_by_pair():
    for tokens, experts, top_k, ranks in [
        (5, 8, 2, 2),
        (3, 16, 2, 4),
        (40, 16, 4, 4),
        (17, 16, 3, 2),
    ]:
        stride = -(-experts // top_k)
        chosen = [
            ((t * stride // tokens if tokens < stride else t) + j * stride) % experts
            for t in range(tokens)
            for j in range(top_k)
        ]
        mine = [expert for expert in chosen if expert < experts / ranks]
        counts = balanced_counts(tokens, experts, top_k)[: experts // ranks]
        assert (sum(counts), sum(n > 0 for n in counts)) == (len(mine), len(set(mine)))


EXPERTS = {
    "tokens": 32,
    "hidden": 512,
    "inter": 256,
    "topk": 2,
    "experts": 8,
    "tp": 2,
    "ep": 2,
    "gated": 1,
}


def test_experts_balanced():
    work = work_of("moe", row(EXPERTS, dtype="bfloat16", kernel="cutlass", distribution="balanced"))
    expert = 3 * 512 * 128
    assert work.flops == 2 * 32 * expert
    assert work.traffic == work.least_traffic == 4 * expert * 2 + 2 * 32 * 512 * 2


def test_experts_drawn_hit_no_more_than_there_are_and_at_least_what_one_token_needs():
    work = work_of(
        "moe", row(EXPERTS, dtype="bfloat16", kernel="cutlass", distribution="power_law_1.2")
    )
    one = 3 * 512 * 128 * 2.0
    moved = 2 * 32 * 512 * 2
    assert work.least_traffic == one + moved
    assert 3.9 * one < work.traffic - moved < 4 * one


def test_a_format_that_the_chip_lacks_runs_in_a_wider_one():
    a100 = load_chip("a100-80gb-sxm")
    work = work_of("gemm", row({"m": 4096, "n": 4096, "k": 4096}, dtype="fp8"))
    assert roofline(work, a100) == work.flops / a100.peak(Dtype.BF16)


def test_what_level_2_holds_need_not_come_from_memory():
    small = work_of("attention_decode", row(ATTENTION | {"kv_len": 1000}, kv_dtype="bfloat16"))
    assert small.traffic < H100.l2_capacity
    by_name = {limit.name: limit.time for limit in limits(small, H100)}
    assert by_name["memory bandwidth"] == 0.0
    assert by_name["level-2 bandwidth"] == small.traffic / H100.l2_bandwidth > 0.0
    assert "link bandwidth" not in by_name
    large = work_of(
        "attention_decode", row(ATTENTION | {"kv_len": 10_000_000}, kv_dtype="bfloat16")
    )
    by_name = {limit.name: limit.time for limit in limits(large, H100)}
    assert by_name["memory bandwidth"] == (large.traffic - H100.l2_capacity) / H100.bandwidth


def test_no_limit_is_above_the_roofline_it_relaxes():
    for family, shape, words in [
        ("gemm", {"m": 4096, "n": 4096, "k": 4096}, {"dtype": "bfloat16"}),
        ("moe", EXPERTS, {"dtype": "fp8", "kernel": "x", "distribution": "power_law_1.01"}),
        ("allreduce", {"n_gpus": 8, "bytes": 1e9}, {"collective": "all_reduce"}),
    ]:
        work = work_of(family, row(shape, **words))
        for limit in limits(work, H100):
            assert limit.time <= roofline(work, H100)
